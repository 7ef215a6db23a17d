//! Which steps go together: what is looked at, what begins, and what follows what in one message.

use jiff::Timestamp;

use crate::{
    domain::{ids::StepId, plan::Step, step::StepState},
    engine::{
        run::{Run, scene::Scene},
        walk::{self, Wants},
    },
};

/// Which steps a pass is about, and how far it goes.
#[derive(Clone, Copy)]
pub(super) struct Pass {
    /// The steps of this sort.
    pub of: fn(&Step) -> bool,
    /// Nothing begins.
    pub paused: bool,
    /// What nothing waits for is read back too.
    pub settle: bool,
}

/// A step that begins, with the one it follows in the same message.
pub(super) type Begin = (StepId, Option<StepId>);

impl Run<'_> {
    /// The steps of this sort that are looked at first now, with those that may follow one of
    /// them in the same message; and those that began before and are read back.
    pub(super) fn looks(
        &self,
        scene: &Scene,
        of: fn(&Step) -> bool,
        now: Timestamp,
    ) -> (Vec<StepId>, Vec<StepId>) {
        let wanting = scene.wanting(of, Wants::Look, now);
        let (mut first, back): (Vec<StepId>, Vec<StepId>) =
            wanting.into_iter().partition(|id| scene.state(*id) == StepState::Waiting);
        let begins = scene.wanting(of, Wants::Begin, now);
        let unseen = scene.steps.iter().filter(|run| run.before.is_none());
        let with = unseen.filter(|run| {
            let leader = || self.leader(scene, run.id, now);
            of(scene.step(run.id))
                && leader().is_some_and(|id| first.contains(&id) || begins.contains(&id))
        });
        let with: Vec<StepId> = with.map(|run| run.id).collect();
        first.extend(with);
        (first, back)
    }

    /// The steps of this sort that may begin now; those that follow one of them come last.
    pub(super) fn begins(
        &self,
        scene: &Scene,
        of: fn(&Step) -> bool,
        now: Timestamp,
    ) -> Vec<Begin> {
        let free = scene.wanting(of, Wants::Begin, now);
        let seen = scene.steps.iter().filter(|run| run.before.is_some());
        let with = seen.filter(|run| of(scene.step(run.id))).filter_map(|run| {
            let leader = self.leader(scene, run.id, now).filter(|id| free.contains(id))?;
            Some((run.id, Some(leader)))
        });
        let with: Vec<Begin> = with.collect();
        free.iter().map(|id| (*id, None)).chain(with).collect()
    }

    /// The step that this one may follow in the same message.
    fn leader(&self, scene: &Scene, id: StepId, now: Timestamp) -> Option<StepId> {
        if scene.request.stopped_by.is_some() {
            return None;
        }
        let leader = walk::follows(&scene.frozen.plan().steps, scene.step(id), &scene.steps, now)?;
        let both = [scene.change(leader), scene.change(id)];
        self.door.hands.may_follow(&both[0], &both[1]).then_some(leader)
    }
}
