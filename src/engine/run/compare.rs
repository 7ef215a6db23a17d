//! What was shown is compared with what is, before anything of it begins.
//!
//! Rights and values are at most [`FRESH`] old: a plan that is signed and begun within that is
//! not compared again. What ends access goes first and is never compared.
//!
//! What was compared is as good as what was shown, for as long.
//!
//! A part of which something began is not compared any more: what moved may be its own doing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        ids::StepId,
        plan::Step,
        step::{StepRun, StepState},
    },
    engine::{
        run::{Run, round::again, scene::Scene},
        walk::{self, Wants},
    },
    ports::store::StoreError,
};

/// What was read so long ago is as good as read now.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

impl Scene {
    /// The parts that are to begin now and were not compared.
    fn uncompared(&self, now: Timestamp) -> BTreeSet<u16> {
        if now.duration_since(self.request.asked_at) <= FRESH {
            return BTreeSet::new();
        }
        let begun = |run: &&StepRun| run.intent_at.is_some() && is_compared(self.step(run.id));
        let begun: BTreeSet<u16> =
            self.steps.iter().filter(begun).map(|run| self.step(run.id).part).collect();
        let wanting = [Wants::Keep, Wants::Look, Wants::Begin].into_iter();
        let wanting = wanting.flat_map(|wants| self.wanting(is_compared, wants, now));
        let wanting = wanting.filter(|id| self.state(*id) == StepState::Waiting);
        wanting.map(|id| self.step(id).part).filter(|part| !begun.contains(part)).collect()
    }
}

/// It neither ends access nor ends by itself what was given.
fn is_compared(step: &Step) -> bool {
    !step.contain && !step.ends
}

impl Run<'_> {
    fn compared(&self) -> MutexGuard<'_, BTreeMap<u16, Timestamp>> {
        self.compared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn uncompared(&self, scene: &Scene) -> BTreeSet<u16> {
        let (now, compared) = (self.now(), self.compared());
        let is_fresh = |at: &Timestamp| now.duration_since(*at) <= FRESH;
        let mut parts = scene.uncompared(now);
        parts.retain(|part| !compared.get(part).is_some_and(is_fresh));
        parts
    }

    /// Compares the parts that are to begin now, after what ends access. What moved does not
    /// begin and is asked for anew in the same turn; what cannot be compared now waits.
    pub(super) async fn compare(&self, scene: &mut Scene) -> Result<(), StoreError> {
        if self.uncompared(scene).is_empty() {
            return Ok(());
        }
        self.contain(scene, false).await?;
        let parts = self.uncompared(scene);
        if parts.is_empty() {
            return Ok(());
        }
        let begun = self.now();
        let moved = self.engine.anew.moved(&scene.request, scene.frozen.plan(), &parts).await;
        let (now, mut turn) = (self.now(), self.turn());
        match moved {
            Ok(moved) => {
                self.compared().extend(parts.iter().map(|part| (*part, begun)));
                let open = |id: &StepId| scene.state(*id) == StepState::Waiting;
                let moved: Vec<_> = moved.into_iter().filter(|(id, _)| open(id)).collect();
                if moved.is_empty() {
                    return Ok(());
                }
                for (id, reason) in moved {
                    walk::moved(scene.run(id), reason);
                }
                let Scene { request, frozen, steps, .. } = &mut *scene;
                self.engine.anew.ask_anew(&mut turn, request, frozen, steps).await?;
            }
            Err(trouble) => {
                let waits = |run: &&StepRun| {
                    let step = scene.step(run.id);
                    run.state == StepState::Waiting
                        && is_compared(step)
                        && parts.contains(&step.part)
                };
                let held: Vec<StepId> =
                    scene.steps.iter().filter(waits).map(|run| run.id).collect();
                for id in held {
                    let step = scene.step(id).clone();
                    walk::saw(&step, scene.run(id), Err(again(&trouble)), now);
                }
            }
        }
        self.write(scene, turn).await
    }
}
