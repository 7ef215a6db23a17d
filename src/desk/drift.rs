//! What moved since a plan was shown, in a way that matters to whoever signed it, and the
//! request that asks for it anew.
//!
//! The same wish is planned once more by what the directory says now, and compared with what
//! was signed ([`drift`]). How it must be signed is weighed anew as well: somebody may have
//! become an administrator since.
//!
//! Not here: what does not begin because of it; the engine sees to that.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures::future::try_join_all;
use serde_json::{Map, Value, json};

use crate::{
    actions::{self, Asked, Planned},
    desk::{Desk, tenants::Desks, weigh::wanted},
    domain::{
        ids::{RequestId, StepId},
        plan::{
            Draft, Frozen, Note, Part, Plan, Step,
            drift::{Moved, drift},
        },
        proposal::Proposal,
        request::{Relation, Request},
        step::StepRun,
        trouble::{Reason, Result, Trouble},
    },
    engine::Anew,
    interpret,
    policy::{self, Parties, Wanted},
    ports::store::{StoreError, Turn},
};

#[async_trait]
impl Anew for Desk {
    async fn moved(
        &self,
        request: &Request,
        plan: &Plan,
        parts: &BTreeSet<u16>,
    ) -> Result<Vec<(StepId, Reason)>> {
        // Times count from when it was asked: what lies behind by now did not then.
        let asked = Asked { now: request.asked_at, ..self.asked(request).await? };
        let each = plan.parts.iter().zip(0_u16..).filter(|(_, at)| parts.contains(at));
        let fresh =
            try_join_all(each.map(|(part, at)| self.planned_anew(part, at, &asked))).await?;
        let fresh: Vec<(u16, Draft)> = fresh.into_iter().flatten().collect();
        let waiting = |part: u16| -> Vec<&Step> {
            plan.steps.iter().filter(|step| step.part == part).collect()
        };
        let mut found: BTreeMap<StepId, Reason> = BTreeMap::new();
        for (part, draft) in &fresh {
            let signed = waiting(*part);
            for Moved { step, what, was, is } in drift(&signed, &plan.left_out, &draft.steps) {
                // What more there is to do concerns the last of what was signed.
                let last = signed.iter().rfind(|step| !step.contain && !step.ends);
                let Some(step) = step.or_else(|| last.map(|step| step.id)) else { continue };
                let reason = Reason::Drifted { value: what, was, is, anew: None };
                found.entry(step).or_insert(reason);
            }
        }
        if let Some(reason) = self.stricter(request, plan, &fresh).await? {
            let held = parts.iter().flat_map(|part| waiting(*part));
            let held = held.filter(|step| !step.contain && !step.ends);
            found.extend(held.map(|step| (step.id, reason.clone())));
        }
        Ok(found.into_iter().collect())
    }

    async fn ask_anew(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        runs: &mut [StepRun],
    ) -> Result<(), StoreError> {
        let plan = frozen.plan();
        let mut notes = Vec::new();
        let mut parts: BTreeSet<u16> = BTreeSet::new();
        let number = request.number.to_string();
        for run in runs.iter() {
            if let Some(Reason::Drifted { value, was, is, anew: None }) = &run.why
                && let Some(step) = plan.step(run.id)
            {
                let fields = [("number", &*number), ("value", value), ("was", was), ("is", is)];
                notes.push(Note::new("moved_since", &fields));
                parts.insert(step.part);
            }
        }
        if parts.is_empty() {
            return Ok(());
        }
        let new = self.once_more(turn, (request, frozen), |at| parts.contains(&at), notes).await?;
        let Some(id) = new else { return Ok(()) };
        for run in runs.iter_mut() {
            if let Some(Reason::Drifted { anew, .. }) = &mut run.why {
                anew.get_or_insert(id);
            }
        }
        Ok(())
    }

    async fn ask_again(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        why: Note,
    ) -> Result<Option<RequestId>, StoreError> {
        self.once_more(turn, (request, frozen), |_| true, vec![why]).await
    }
}

impl Desk {
    /// Asks for these parts once more, as the same person. Times that have come are left out.
    async fn once_more(
        &self,
        turn: &mut Turn,
        (request, frozen): (&Request, &Frozen),
        parts: impl Fn(u16) -> bool + Send,
        notes: Vec<Note>,
    ) -> Result<Option<RequestId>, StoreError> {
        // Whoever asked is asked for: where they left, somebody else has to ask.
        let Ok(Some(who)) = self.standing(&request.requester.id).await else { return Ok(None) };
        let now = self.now();
        let wish = |part: &Part| {
            let entry = actions::entry(&part.action);
            let asked = Proposal {
                action: part.action.clone(),
                arguments: part.arguments.clone(),
                because: part.because.clone(),
            };
            let ahead = entry.is_some_and(|entry| {
                self.when(entry, &asked).is_ok_and(|(_, at)| at.is_some_and(|at| at > now))
            });
            if ahead {
                asked
            } else {
                Proposal { arguments: without_time(&part.arguments), ..asked }
            }
        };
        let wishes = frozen.plan().parts.iter().zip(0_u16..).filter(|(_, at)| parts(*at));
        let wishes: Vec<Proposal> = wishes.map(|(part, _)| wish(part)).collect();
        let mut new = self.new_request(request.origin.clone(), &who, wishes);
        new.parent = Some((request.id, Relation::FollowUp));
        let id = new.id;
        turn.facts.push(self.fact(request, "request.back", json!({ "anew": id })));
        self.propose_noting(turn, new, None, &who, (Vec::new(), notes)).await?;
        Ok(Some(id))
    }

    /// One part planned once more. Nothing where it cannot be: the look before each step finds
    /// out why, and says it there.
    async fn planned_anew(
        &self,
        part: &Part,
        at: u16,
        asked: &Asked,
    ) -> Result<Option<(u16, Draft)>> {
        let Some(entry) = actions::entry(&part.action) else { return Ok(None) };
        let arguments = without_time(&part.arguments);
        match entry.plan(&arguments, self.directory.as_ref(), asked).await {
            Ok(Planned::Changes(draft)) => Ok(Some((at, draft))),
            Ok(Planned::Facts(_)) | Err(Trouble::Refused(_) | Trouble::Unclear { .. }) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Must it be signed more strictly by now, because of the roles that somebody has got or
    /// that it would give?
    async fn stricter(
        &self,
        request: &Request,
        plan: &Plan,
        fresh: &[(u16, Draft)],
    ) -> Result<Option<Reason>> {
        let entries = fresh.iter().flat_map(|(at, draft)| {
            let part = plan.parts.get(usize::from(*at));
            let entry = part.and_then(|part| Some((actions::entry(&part.action)?, part)));
            let own = entry.map(|(entry, part)| Wanted {
                at_least: draft.signatures,
                ..wanted(entry, &part.arguments)
            });
            let pieces = draft
                .made_of
                .iter()
                .filter_map(|piece| Some(wanted(actions::entry(&piece.action)?, &piece.arguments)));
            own.into_iter().chain(pieces)
        });
        let wanted: Vec<Wanted> = entries.collect();
        let subjects = try_join_all(plan.subjects.iter().map(|who| self.subject(who))).await;
        let subjects = match subjects {
            // Whoever is gone has no role, and the look before each step says so.
            Err(Trouble::Refused(_)) => return Ok(None),
            other => other?,
        };
        let requester = match self.user(&request.requester.id).await {
            Err(Trouble::Refused(_)) => return Ok(None),
            other => other?,
        };
        let paths = self.paths(&plan.steps).await?;
        let rules = self.rules();
        let weigh = |subjects: &[policy::SubjectFacts], paths: &[policy::Path]| {
            policy::weigh(&wanted, Parties { requester: &requester, subjects, paths }, &rules)
        };
        let roleless: Vec<policy::SubjectFacts> = subjects
            .iter()
            .map(|one| policy::SubjectFacts { roles: Vec::new(), ..one.clone() })
            .collect();
        let (now, without) = match (weigh(&subjects, &paths), weigh(&roleless, &[])) {
            (Err(reason @ Reason::Protected { .. }), _) => return Ok(Some(reason)),
            (Ok(now), Ok(without)) => (now.rule, without.rule),
            _ => return Ok(None),
        };
        let covered = now == without
            || plan.rule.clone().and(now.clone()) == plan.rule
            || now.and(plan.rule.clone()) == plan.rule;
        let strict = Reason::Drifted {
            value: "strictness".to_owned(),
            was: "=as_usual".to_owned(),
            is: "=more_strictly".to_owned(),
            anew: None,
        };
        Ok((!covered).then_some(strict))
    }
}

#[async_trait]
impl Anew for Desks {
    /// Of a tenant that the settings do not name any more, nothing begins anyway.
    async fn moved(
        &self,
        request: &Request,
        plan: &Plan,
        parts: &BTreeSet<u16>,
    ) -> Result<Vec<(StepId, Reason)>> {
        match self.of(&request.tenant) {
            Some(desk) => desk.moved(request, plan, parts).await,
            None => Ok(Vec::new()),
        }
    }

    async fn ask_anew(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        runs: &mut [StepRun],
    ) -> Result<(), StoreError> {
        match self.of(&request.tenant) {
            Some(desk) => desk.ask_anew(turn, request, frozen, runs).await,
            None => Ok(()),
        }
    }

    async fn ask_again(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        why: Note,
    ) -> Result<Option<RequestId>, StoreError> {
        match self.of(&request.tenant) {
            Some(desk) => desk.ask_again(turn, request, frozen, why).await,
            None => Ok(None),
        }
    }
}

/// The arguments of a part without the time it was to start at, which has come.
fn without_time(arguments: &Map<String, Value>) -> Map<String, Value> {
    let mut arguments = arguments.clone();
    arguments.remove(interpret::AT);
    arguments
}
