//! An action walked through without a chat: planned, made step by step, looked at again.

use std::collections::BTreeMap;

use countersign::{
    actions::{Planned, entry},
    domain::{
        change::{Evidence, MADE, Sight},
        ids::StepId,
        message::FactsView,
        plan::{Draft, Step},
        proposal::Proposal,
        secret::Secret,
        step::{StepRun, StepState},
        trouble::{Reason, Trouble},
    },
    ports::{
        clock::Clock as _,
        hands::{Call, Hands as _, Made},
    },
};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use crate::{
    asking,
    room::{PASSWORD, Room},
};

/// How many rounds a walk may take; the second pass needs two.
const ROUNDS_MAX: usize = 4;

/// What came of carrying out a draft.
pub struct Walked {
    pub steps: Vec<(Step, StepRun)>,
    /// Secrets that the service said, in order.
    pub secrets: Vec<Secret>,
}

impl Walked {
    /// How each step ended, in order.
    pub fn states(&self) -> Vec<StepState> {
        self.steps.iter().map(|(_, run)| run.state).collect()
    }

    pub fn all_done(&self) -> bool {
        self.states().iter().all(|state| *state == StepState::Done)
    }

    /// Why steps failed.
    pub fn whys(&self) -> Vec<Reason> {
        self.steps.iter().filter_map(|(_, run)| run.why.clone()).collect()
    }

    /// What would take it back.
    pub fn inverse(&self, action: &str, arguments: &Value) -> Vec<Proposal> {
        let done: Vec<(&Step, &StepRun)> = self.steps.iter().map(|(s, r)| (s, r)).collect();
        entry(action).unwrap().inverse(&map(arguments), &done)
    }
}

fn map(arguments: &Value) -> Map<String, Value> {
    arguments.as_object().cloned().expect("arguments are an object")
}

impl Room {
    async fn plan(&self, action: &str, arguments: &Value) -> Result<Planned, Trouble> {
        asking::planned(self, &asking::asked(self).await, action, arguments.clone()).await
    }

    /// What an action comes to, if it is possible here.
    pub async fn possible(&self, action: &str, arguments: &Value) -> Option<Planned> {
        match self.plan(action, arguments).await {
            Ok(planned) => Some(planned),
            Err(Trouble::Refused(_)) => None,
            Err(other) => panic!("{action} {arguments}: {other:?}"),
        }
    }

    /// The draft of an action.
    pub async fn draft(&self, action: &str, arguments: &Value) -> Draft {
        match self.plan(action, arguments).await {
            Ok(Planned::Changes(draft)) => draft,
            other => panic!("{action}: no changes: {other:?}"),
        }
    }

    /// What an action looked up.
    pub async fn facts(&self, action: &str, arguments: &Value) -> FactsView {
        match self.plan(action, arguments).await {
            Ok(Planned::Facts(facts)) => facts,
            other => panic!("{action}: no facts: {other:?}"),
        }
    }

    /// Why an action is not planned.
    pub async fn not_planned(&self, action: &str, arguments: &Value) -> Reason {
        match self.plan(action, arguments).await {
            Err(Trouble::Refused(reason)) => reason,
            other => panic!("{action}: not refused: {other:?}"),
        }
    }

    /// Carries a draft out as the engine does: looks, makes, looks again; what is busy
    /// comes again in the next round.
    pub async fn walk(&self, draft: &Draft) -> Walked {
        let runs = draft.steps.iter().map(|step| (step.clone(), StepRun::new(step.id)));
        let mut walked = Walked { steps: runs.collect(), secrets: Vec::new() };
        let mut outputs: BTreeMap<StepId, String> = BTreeMap::new();
        for _ in 0..ROUNDS_MAX {
            for at in 0..walked.steps.len() {
                if walked.steps[at].1.state == StepState::Waiting {
                    self.step(&mut walked, at, &mut outputs).await;
                }
            }
        }
        walked
    }

    async fn step(&self, walked: &mut Walked, at: usize, made: &mut BTreeMap<StepId, String>) {
        let step = walked.steps[at].0.clone();
        let state = |id: &StepId| {
            walked.steps.iter().find(|(step, _)| step.id == *id).map(|(_, run)| run.state)
        };
        let open = step.after.iter().chain(&step.needs);
        if open.clone().any(|id| state(id) == Some(StepState::Waiting)) {
            return;
        }
        if step.needs.iter().any(|id| !state(id).is_some_and(StepState::well)) {
            walked.steps[at].1.state = StepState::Skipped;
            return;
        }
        let change = step.change.resolved(&|id, _| made.get(&id).cloned()).expect("it is made");
        let before = match self.microsoft.look(&[&change]).await.remove(0) {
            Ok(sight) => sight,
            Err(trouble) => return failed(&mut walked.steps[at].1, trouble.reason()),
        };
        if before == Sight::Missing && !change.makes_its_object() && !change.holds(None, &before) {
            let name = |key: &str| step.names.get(key).cloned().unwrap_or_default();
            return failed(&mut walked.steps[at].1, change.effect().gone(&name));
        }
        if change.kind().evidence() == Evidence::State && change.holds(None, &before) {
            walked.steps[at].1.state = StepState::AlreadySo;
            return;
        }
        self.clock.pass(SignedDuration::from_secs(2));
        let (password, key) = (Secret::new(PASSWORD), self.clock.uuid().to_string());
        let call = Call { change: &change, key: &key, secret: Some(&password), after: None };
        let answer = self.microsoft.make(&[call]).await.remove(0);
        let run = &mut walked.steps[at].1;
        run.before = Some(before.clone());
        match answer {
            Made::Accepted(output) => {
                walked.secrets.extend(output.secret);
                let after = self.microsoft.look(&[&change]).await.remove(0).unwrap();
                assert!(change.holds(Some(&before), &after), "{change:?}: {before:?} → {after:?}");
                if let Some(id) = output.id.or_else(|| after.id().map(str::to_owned)) {
                    run.outputs.insert(MADE.to_owned(), id.clone());
                    made.insert(step.id, id);
                }
                run.state = StepState::Done;
            }
            Made::AlreadySo => run.state = StepState::AlreadySo,
            Made::Refused(reason) => failed(run, reason),
            Made::Gone => {
                let name = |key: &str| step.names.get(key).cloned().unwrap_or_default();
                failed(run, change.effect().gone(&name));
            }
            // Comes again in the next round.
            Made::Busy { .. } => {}
            Made::Unsure { cause } => panic!("unsure: {cause:#}"),
        }
    }
}

fn failed(run: &mut StepRun, why: Reason) {
    run.state = StepState::Failed;
    run.why = Some(why);
}
