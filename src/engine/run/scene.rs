//! What is known of the request in one round.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::{
    domain::{
        change::Change,
        decision::Vote,
        ids::StepId,
        plan::{Frozen, Step},
        request::{Request, Stage},
        step::{StepRun, StepState},
    },
    engine::{
        run::Run,
        walk::{self, Wants},
    },
    ports::store::StoreError,
};

/// What is known of the request in this round.
pub(super) struct Scene {
    pub(super) request: Request,
    pub(super) frozen: Frozen,
    pub(super) votes: Vec<Vote>,
    pub(super) steps: Vec<StepRun>,
    pub(super) changed: Vec<StepId>,
}

impl Scene {
    pub(super) fn step(&self, id: StepId) -> &Step {
        self.frozen.plan().step(id).expect("each run belongs to a step of its plan")
    }

    pub(super) fn run(&mut self, id: StepId) -> &mut StepRun {
        if !self.changed.contains(&id) {
            self.changed.push(id);
        }
        self.steps.iter_mut().find(|run| run.id == id).expect("each step has its run")
    }

    pub(super) fn runs(&mut self, ids: &[StepId]) -> Vec<&mut StepRun> {
        for id in ids.iter().filter(|id| !self.changed.contains(id)).copied().collect::<Vec<_>>() {
            self.changed.push(id);
        }
        self.steps.iter_mut().filter(|run| ids.contains(&run.id)).collect()
    }

    pub(super) fn state(&self, id: StepId) -> StepState {
        self.steps.iter().find(|run| run.id == id).map_or(StepState::Waiting, |run| run.state)
    }

    /// The steps of this sort that want this now.
    pub(super) fn wanting(
        &self,
        of: fn(&Step) -> bool,
        wanted: Wants,
        now: Timestamp,
    ) -> Vec<StepId> {
        let stopped = self.request.stopped_by.is_some();
        let wants = |run: &&StepRun| {
            let step = self.step(run.id);
            of(step) && walk::wants(step, run, &self.steps, stopped, now) == wanted
        };
        self.steps.iter().filter(wants).map(|run| run.id).collect()
    }

    /// Is it a row of a batch whose access has not ended yet? Then only that is done now: all
    /// rows are contained before the rest of any.
    pub(super) fn gives_way(&self) -> bool {
        let fresh = |run: &StepRun| {
            run.state == StepState::Waiting && run.before.is_none() && run.attempts == 0
        };
        self.request.is_row()
            && self.request.stopped_by.is_none()
            && self.steps.iter().all(fresh)
            && self.frozen.plan().steps.iter().any(|step| step.contain)
            && self.frozen.plan().steps.iter().any(|step| !step.contain)
    }

    /// It is not known whether this step's call was made, or another step waits to know.
    pub(super) fn holds_back(&self, id: StepId) -> bool {
        let state = self.state(id);
        state == StepState::Started
            || walk::is_waited_for(&self.frozen.plan().steps, id, &self.steps)
    }

    /// The steps of this sort that would be looked at once these ended well.
    pub(super) fn next_after(
        &self,
        of: fn(&Step) -> bool,
        accepted: &[StepId],
        now: Timestamp,
    ) -> Vec<StepId> {
        if self.request.stopped_by.is_some() {
            return Vec::new();
        }
        let waiting = self.steps.iter().filter(|run| run.state == StepState::Waiting);
        let next = waiting.filter(|run| {
            let step = self.step(run.id);
            of(step) && walk::is_next(step, &self.steps, accepted, now)
        });
        next.map(|run| run.id).collect()
    }

    /// The change of a step, with what earlier steps made filled in.
    pub(super) fn change(&self, id: StepId) -> Cow<'_, Change> {
        let change = &self.step(id).change;
        let made = |step: StepId, output: &str| self.run_of(step).outputs.get(output).cloned();
        change.resolved(&made).map_or(Cow::Borrowed(change), Cow::Owned)
    }

    pub(super) fn run_of(&self, id: StepId) -> &StepRun {
        self.steps.iter().find(|run| run.id == id).expect("each step has its run")
    }
}

impl Run<'_> {
    /// Reads the request anew. `None`: it is not to be carried out (any more).
    pub(super) async fn scene(&self) -> Result<Option<Scene>, StoreError> {
        let store = &self.engine.store;
        let Some(request) = store.request(&self.id).await? else { return Ok(None) };
        if !matches!(request.stage, Stage::Running { .. }) {
            return Ok(None);
        }
        let Some((frozen, votes)) = self.proof(&request).await? else {
            self.refuse_unproven(request).await?;
            return Ok(None);
        };
        let steps = store.steps(&self.id).await?;
        Ok(Some(Scene { request, frozen, votes, steps, changed: Vec::new() }))
    }
}
