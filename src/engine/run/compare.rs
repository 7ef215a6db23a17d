//! What was shown is compared with what is, before anything of it begins.
//!
//! Rights and values are at most [`FRESH`] old: a plan that is signed and begun within that is
//! not compared again. What ends access goes first and is never compared.
//!
//! A part of which something began is not compared any more: what moved may be its own doing.

use std::collections::BTreeSet;

use jiff::SignedDuration;

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
    fn uncompared(&self, now: jiff::Timestamp) -> BTreeSet<u16> {
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
    /// Compares the parts that are to begin now, after what ends access. What moved does not
    /// begin and is asked for anew in the same turn; what cannot be compared now waits.
    pub(super) async fn compare(&self, scene: &mut Scene) -> Result<(), StoreError> {
        if scene.uncompared(self.now()).is_empty() {
            return Ok(());
        }
        self.contain(scene, false).await?;
        let parts = scene.uncompared(self.now());
        if parts.is_empty() {
            return Ok(());
        }
        let moved = self.engine.anew.moved(&scene.request, scene.frozen.plan(), &parts).await;
        let (now, mut turn) = (self.now(), self.turn());
        match moved {
            Ok(moved) => {
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
