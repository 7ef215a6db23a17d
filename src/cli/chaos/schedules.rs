//! What must be true of times, however the clocks jumped: nobody decides after the end, and what
//! was asked for an hour begins once, then, and is not forgotten.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    app::House,
    cli::chaos::{
        oracles::{self, Oracles},
        outside::Outside,
        people::Diary,
    },
    domain::{
        ids::{RequestId, StepId},
        plan::Step,
        request::{Request, Stage},
        step::{StepRun, StepState},
    },
    ports::store::Store,
    sim::microsoft::Effect,
};

/// What a step did to the tenant.
type Felt<'a> = BTreeMap<(RequestId, StepId), Vec<&'a Effect>>;

/// Looks at every request; says how many were signed for an hour.
pub async fn check(
    house: &House,
    outside: &Outside,
    diary: &Diary,
    all: &[Request],
    oracles: &mut Oracles,
) -> anyhow::Result<u64> {
    let store: &dyn Store = &*house.store;
    let (calls, effects) = (oracles::calls(store).await?, outside.world.ledger());
    let mut felt = Felt::new();
    for effect in &effects {
        if let Some(call) = calls.get(&effect.client_request_id) {
            felt.entry((call.request, call.step)).or_default().push(effect);
        }
    }
    // Where there are no threads, a later message may answer what an earlier one was asked back:
    // then it is that one's hour. A wrong hour is nobody's.
    let hours: BTreeSet<_> = diary.hours.values().copied().collect();
    let mut scheduled = 0;
    for request in all {
        let Some(plan) = store.plan(&request.id, request.revision).await? else { continue };
        let votes = store.votes(&request.id, request.revision).await?;
        if votes.iter().any(|vote| vote.at >= plan.plan().expires_at) {
            oracles.decided_after_its_end += 1;
            oracles.wrong(format!("{} was decided after its end", request.number));
        }
        let steps = &plan.plan().steps;
        let at_hours = steps.iter().filter(|step| step.not_before.is_some());
        for step in at_hours.filter(|step| !step.not_before.is_some_and(|at| hours.contains(&at))) {
            oracles.scheduled_wrong += 1;
            oracles.wrong(format!(
                "step {} of {} may begin {:?}, for which nobody asked",
                step.id.0, request.number, step.not_before
            ));
        }
        let runs = store.steps(&request.id).await?;
        let is_later = steps.iter().any(|step| step.not_before.is_some());
        scheduled += u64::from(is_later && !runs.is_empty());
        for step in steps.iter().filter(|step| step.not_before.is_some()) {
            let run = runs.iter().find(|run| run.id == step.id);
            one(request, step, run, &felt, oracles);
        }
    }
    Ok(scheduled)
}

/// A step that was signed for an hour.
fn one(
    request: &Request,
    step: &Step,
    run: Option<&StepRun>,
    felt: &Felt<'_>,
    oracles: &mut Oracles,
) {
    let effects = felt.get(&(request.id, step.id)).map_or(&[][..], Vec::as_slice);
    let what = format!("step {} of {}", step.id.0, request.number);
    if effects.iter().any(|effect| step.not_before.is_some_and(|at| effect.at < at)) {
        oracles.scheduled_wrong += 1;
        oracles.wrong(format!("{what} was felt before its time"));
    }
    let times: BTreeSet<&str> = effects.iter().map(|one| one.client_request_id.as_str()).collect();
    if times.len() > 1 {
        oracles.scheduled_twice += 1;
        oracles.wrong(format!("{what} was felt {} times", times.len()));
    }
    let is_over = matches!(
        request.stage,
        Stage::Succeeded { .. } | Stage::PartlyFailed { .. } | Stage::Failed { .. }
    );
    let left = run.is_some_and(|run| matches!(run.state, StepState::Waiting | StepState::Skipped));
    if is_over && left {
        oracles.scheduled_skipped += 1;
        oracles.wrong(format!("{what} was never begun"));
    }
}
