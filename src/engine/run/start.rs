//! Approved → running, if the stored votes prove that it may.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    domain::{
        decision::{Approved, Vote},
        ids::RequestId,
        plan::{Frozen, Step},
        request::{Request, Stage},
        step::StepRun,
    },
    engine::{
        Next, pace,
        run::{Run, scene::Scene},
    },
    ports::store::{StoreError, Turn},
};

impl Run<'_> {
    /// Approved or Scheduled → Running, with its steps and locks. Gives what to do
    /// instead, when it cannot start.
    pub(super) async fn start(&self) -> Result<Option<Next>, StoreError> {
        let store = &self.engine.store;
        let Some(request) = store.request(&self.id).await? else { return Ok(Some(Next::Ended)) };
        if request.is_batch() {
            return Box::pin(self.batch(request)).await.map(Some);
        }
        match request.stage {
            Stage::Running { .. } => return Ok(None),
            Stage::Scheduled { start_at, .. } if start_at > self.now() => {
                return Box::pin(self.ahead(request, start_at)).await.map(Some);
            }
            Stage::Approved { .. } | Stage::Scheduled { .. } => {}
            _ => return self.put_right(request).await.map(Some),
        }
        if store.paused().await? {
            return self.give_back(Some(self.now() + pace::SETTLE)).await.map(Some);
        }
        let (version, now) = (request.version, self.now());
        let Some((frozen, _)) = self.proof(&request).await? else {
            return self.refuse_unproven(request).await.map(Some);
        };
        let mut turn = self.turn();
        let Ok(request) = request.start(now) else { return self.give_back(None).await.map(Some) };
        let plan = frozen.plan();
        turn.steps = plan
            .steps
            .iter()
            .map(|step| (self.id, StepRun { next_at: step.not_before, ..StepRun::new(step.id) }))
            .collect();
        turn.lock = self.resources(&plan.steps);
        turn.facts.push(self.fact(&request, "run.started", json!({ "steps": plan.steps.len() })));
        turn.redraw.push(self.id);
        turn.requests.push((request, Some(version)));
        match store.save(turn).await {
            Ok(_) => Ok(None),
            // Another request about the same person runs; this one follows it.
            Err(StoreError::Locked { .. }) => {
                self.give_back(Some(now + pace::APART)).await.map(Some)
            }
            Err(error) => Err(error),
        }
    }

    /// What these steps touch, for this request alone.
    fn resources(&self, steps: &[Step]) -> Vec<(RequestId, String)> {
        let all: BTreeSet<String> = steps.iter().flat_map(|step| step.change.resources()).collect();
        all.into_iter().map(|resource| (self.id, resource)).collect()
    }

    /// Takes what it gave back while it waited for a later day. False: somebody else has it.
    pub(super) async fn take_again(&self, scene: &Scene) -> Result<bool, StoreError> {
        let steps = &scene.frozen.plan().steps;
        if steps.iter().all(|step| step.not_before.is_none()) {
            return Ok(true);
        }
        match self.engine.store.save(Turn { lock: self.resources(steps), ..self.turn() }).await {
            Ok(_) => Ok(true),
            Err(StoreError::Locked { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The plan with its votes, if these prove that it may run.
    pub(super) async fn proof(
        &self,
        request: &Request,
    ) -> Result<Option<(Frozen, Vec<Vote>)>, StoreError> {
        let store = &self.engine.store;
        let Some(frozen) = store.plan(&self.id, request.revision).await? else { return Ok(None) };
        if Some(frozen.digest()) != request.digest {
            return Ok(None);
        }
        let votes = store.votes(&self.id, request.revision).await?;
        let proof = Approved::check(frozen, &request.requester.id, &votes, &self.engine.votes);
        Ok(proof.map(|proof| (proof.frozen().clone(), votes)))
    }

    /// The row says approved and the votes do not prove it: somebody wrote in the
    /// database. Nothing runs.
    pub(super) async fn refuse_unproven(&self, mut request: Request) -> Result<Next, StoreError> {
        tracing::error!(request.id = %self.id, "A request is marked approved without genuine votes; it was not run");
        let (version, now) = (request.version, self.now());
        request.stage = Stage::Failed { by: Vec::new(), at: now };
        request.due_at = None;
        let mut turn = self.turn();
        turn.facts.push(self.fact(&request, "run.unproven", json!({})));
        turn.redraw.push(self.id);
        turn.unlock.push(self.id);
        turn.release = true;
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await?;
        Ok(Next::Ended)
    }

    /// The row was handed out to be carried out, and the sealed request in it is not
    /// signed: it was taken back this instant, or somebody wrote in the database.
    /// Nothing runs. Writing the row again puts its columns right, so that it is not
    /// handed out for ever.
    pub(super) async fn put_right(&self, request: Request) -> Result<Next, StoreError> {
        let (state, version) = (request.stage.name(), request.version);
        tracing::warn!(request.id = %self.id, state, "A request was due to run and is not signed; it was not run");
        let mut turn = self.turn();
        turn.facts.push(self.fact(&request, "run.refused", json!({ "state": state })));
        turn.redraw.push(self.id);
        turn.release = true;
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await?;
        Ok(Next::Ended)
    }
}
