//! Buttons on what runs or has run: stop, retry, the ways out of doubt, undo.

use serde_json::json;

use crate::{
    actions,
    desk::{
        Desk,
        aside::unasked,
        press::{note, person},
        restore::took,
    },
    domain::{
        chat::{Inbound, Press, Verb},
        plan::{Frozen, Step},
        proposal::Proposal,
        request::{Origin, Relation, Request},
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    engine::walk,
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

type Weighed = Result<Result<Answer>, StoreError>;

impl Desk {
    /// Whoever asked takes it back.
    pub(super) async fn cancel(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
    ) -> Result<Result<Answer>, StoreError> {
        if request.requester.id != who.user.id {
            return Ok(Err(Reason::NotYours.into()));
        }
        let (id, version, by) = (request.id, request.version, who.user.to_ref());
        let request = match unasked(request).cancel(by.clone(), self.now()) {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        turn.facts.push(self.fact(&request, "request.cancelled", json!({ "by": by })));
        turn.redraw.push(id);
        self.end_rows(turn, &request).await?;
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// No further step starts.
    pub(super) async fn stop(&self, turn: &mut Turn, request: Request, who: &Standing) -> Weighed {
        if let Err(reason) = self.may_steer(&request, who).await? {
            return Ok(Err(reason.into()));
        }
        let (id, version, by) = (request.id, request.version, person(who));
        Ok(request.stop(by.clone(), self.now()).map_err(Into::into).map(|request| {
            turn.facts.push(self.fact(&request, "run.stopped", json!({ "by": by })));
            turn.redraw.push(id);
            turn.requests.push((request, Some(version)));
            Answer { say: None, request: Some(id) }
        }))
    }

    /// Tries again what failed, while the signatures last.
    pub(super) async fn retry(&self, turn: &mut Turn, request: Request, who: &Standing) -> Weighed {
        if let Err(reason) = self.may_steer(&request, who).await? {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        if self.now() >= frozen.plan().expires_at {
            return Ok(Err(Reason::TooLate { number: request.number.to_string() }.into()));
        }
        if request.is_batch() {
            return self.retry_rows(turn, request, who).await;
        }
        let mut steps = self.store.steps(&request.id).await?;
        walk::retry(frozen.plan(), &mut steps);
        Ok(self.again(turn, request, steps, who, "run.retried", json!({})))
    }

    /// A step is in doubt: look again, or take a person's word.
    pub(super) async fn settle(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> Weighed {
        if let Err(reason) = self.may_steer(&request, who).await? {
            return Ok(Err(reason.into()));
        }
        let mut steps = self.store.steps(&request.id).await?;
        if !steps.iter().any(|run| run.state == StepState::InDoubt) {
            let (number, state) =
                (request.number.to_string(), request.stage.name().replace('_', " "));
            return Ok(Err(Reason::AlreadySettled { number, state, by: String::new() }.into()));
        }
        if press.verb == Verb::CheckAgain {
            walk::check_again(&mut steps, self.now());
        } else {
            for run in steps.iter_mut().filter(|run| run.state == StepState::InDoubt) {
                walk::answered(run, press.verb == Verb::Happened, &who.user.name);
            }
        }
        let how = match press.verb {
            Verb::Happened => "happened",
            Verb::DidNot => "did not",
            _ => "check again",
        };
        Ok(self.again(turn, request, steps, who, "doubt.answered", json!({ "answer": how })))
    }

    fn again(
        &self,
        turn: &mut Turn,
        request: Request,
        steps: Vec<StepRun>,
        who: &Standing,
        kind: &str,
        mut told: serde_json::Value,
    ) -> Result<Answer> {
        let (id, version) = (request.id, request.version);
        let request = request.resume(self.now())?;
        told["by"] = json!(person(who));
        turn.facts.push(self.fact(&request, kind, told));
        turn.steps = steps.into_iter().map(|run| (id, run)).collect();
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Answer { say: None, request: Some(id) })
    }

    /// Drafts the inverse of what was done, as a new request of whoever pressed.
    pub(super) async fn undo(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        request: Request,
        who: &Standing,
    ) -> Weighed {
        if let Err(reason) = self.may_steer(&request, who).await? {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let origin = Origin {
            place: inbound.place.clone(),
            by: inbound.from.clone(),
            message: None,
            own_words: true,
            alone: false,
            client: None,
        };
        let number = request.number.to_string();
        // Why nothing was drafted, if so, is said where the button was pressed.
        let drafted = |turn: &Turn| {
            let say = note("undo_asked", &[("number", &number)]);
            let say = (!turn.requests.is_empty()).then_some(say);
            Answer { say, request: None }
        };
        if request.is_batch() {
            let undone = Box::pin(self.undo_rows(turn, origin, &request, who)).await?;
            return Ok(undone.map(|()| drafted(turn)).map_err(Into::into));
        }
        let steps = self.store.steps(&request.id).await?;
        if took(&frozen, &steps) {
            let restored = self.restore(turn, origin, &request, who).await?;
            return Ok(restored.map(|()| drafted(turn)).map_err(Into::into));
        }
        let back = inverse(&frozen, &steps);
        if back.is_empty() {
            let what = "nothing of it can be undone honestly".to_owned();
            return Ok(Err(Reason::NotPossible { what }.into()));
        }
        let mut new = self.new_request(origin, who, back);
        new.parent = Some((request.id, Relation::Undo));
        self.propose(turn, new, None, who, Vec::new()).await?;
        Ok(Ok(drafted(turn)))
    }
}

/// What would undo a finished run: the inverse of each part, last part first.
pub(super) fn inverse(frozen: &Frozen, steps: &[StepRun]) -> Vec<Proposal> {
    let plan = frozen.plan();
    let of_part = |part: usize| -> Vec<(&Step, &StepRun)> {
        let steps_of = plan.steps.iter().filter(|step| usize::from(step.part) == part);
        steps_of
            .filter_map(|step| steps.iter().find(|run| run.id == step.id).map(|run| (step, run)))
            .collect()
    };
    let parts = plan.parts.iter().enumerate().rev();
    parts
        .flat_map(|(at, part)| match actions::entry(&part.action) {
            Some(entry) => entry.inverse(&part.arguments, &of_part(at)),
            None => Vec::new(),
        })
        .collect()
}
