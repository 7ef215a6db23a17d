//! What follows for each step from what was seen. Pure.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        change::{Evidence, MADE, Repeat, Sight},
        ids::StepId,
        plan::{Plan, Step},
        step::{StepRun, StepState},
        trouble::{Reason, Trouble},
    },
    engine::pace,
    ports::hands::Made,
};

/// What a step wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Nothing: it ended, or its time has not come.
    Nothing,
    /// To be looked at.
    Look,
    /// To be looked at while nothing is lost yet: what it finds is kept.
    Keep,
    /// To be begun.
    Begin,
    /// To be skipped: what it needs did not end well, or the run was stopped.
    Skip,
}

/// What a step wants now.
pub fn wants(step: &Step, run: &StepRun, all: &[StepRun], stopped: bool, now: Timestamp) -> Wants {
    if run.state.ended() {
        return Wants::Nothing;
    }
    // What was given for a while ends early when the run is stopped.
    let early = stopped && step.ends;
    let planned = |at: &Timestamp| early && Some(*at) == step.not_before;
    let due = run.next_at.is_none_or(|at| at <= now || planned(&at));
    if run.state != StepState::Waiting {
        return if due { Wants::Look } else { Wants::Nothing };
    }
    let state = |id: &StepId| {
        all.iter().find(|run| run.id == *id).map_or(StepState::Failed, |run| run.state)
    };
    let given = |id: &StepId| matches!(state(id), StepState::Done | StepState::InDoubt);
    let good = |id: &StepId| if step.ends { given(id) } else { state(id).well() };
    if (stopped && !step.ends) || step.needs.iter().any(|id| state(id).ended() && !good(id)) {
        return Wants::Skip;
    }
    let due = due && step.not_before.is_none_or(|at| at <= now || early);
    if step.takes_from.is_some() && run.before.is_none() {
        return if due { Wants::Keep } else { Wants::Nothing };
    }
    let free = step.needs.iter().all(good) && step.after.iter().all(|id| state(id).ended());
    if !free || !due {
        Wants::Nothing
    } else if run.before.is_none() {
        Wants::Look
    } else {
        Wants::Begin
    }
}

/// The step that this one may follow in the same message to the service: the only one it
/// still waits for, of which it needs no good end. Nothing follows a step that is shown by
/// a mark: what follows could move the mark as well. A look at what ends access may be one
/// with the look at what it follows; what takes something away was looked at before.
pub fn follows(steps: &[Step], step: &Step, all: &[StepRun], now: Timestamp) -> Option<StepId> {
    let run = |id: StepId| all.iter().find(|run| run.id == id);
    let open = |id: &&StepId| run(**id).is_none_or(|run| !run.state.ended());
    let well = |id: &StepId| run(*id).is_some_and(|run| run.state.well());
    let own = run(step.id)?;
    let due = own.next_at.is_none_or(|at| at <= now) && step.not_before.is_none_or(|at| at <= now);
    let looked_at = own.before.is_some() || (step.contain && step.takes_from.is_none());
    if own.state != StepState::Waiting || !due || !looked_at || !step.needs.iter().all(well) {
        return None;
    }
    let mut waits_for = step.after.iter().filter(open);
    let (Some(first), None) = (waits_for.next(), waits_for.next()) else { return None };
    let leader = steps.iter().find(|step| step.id == *first)?;
    let shown = leader.change.kind().evidence() == Evidence::State;
    (shown && run(*first)?.state == StepState::Waiting).then_some(*first)
}

/// Does a step that waits need to know how this one ended?
pub fn is_waited_for(steps: &[Step], id: StepId, all: &[StepRun]) -> bool {
    let waits =
        |step: &&Step| all.iter().any(|run| run.id == step.id && run.state == StepState::Waiting);
    let after = |step: &&Step| step.needs.contains(&id) || step.after.contains(&id);
    steps.iter().filter(after).any(|step| waits(&step))
}

/// Would this step want to be looked at, if these that were accepted had ended well?
pub fn is_next(step: &Step, all: &[StepRun], accepted: &[StepId], now: Timestamp) -> bool {
    let ended = |run: &StepRun| {
        let state = if accepted.contains(&run.id) { StepState::Done } else { run.state };
        StepRun { state, ..run.clone() }
    };
    let own = all.iter().find(|run| run.id == step.id);
    // Most steps wait for nothing: they are not copied for.
    let waits = step.needs.iter().chain(&step.after).any(|id| accepted.contains(id));
    own.is_some_and(|own| own.before.is_none() && waits) && {
        let then: Vec<StepRun> = all.iter().map(ended).collect();
        own.is_some_and(|own| wants(step, own, &then, false, now) == Wants::Look)
    }
}

/// Takes in what a look found, or that it failed.
pub fn saw(step: &Step, run: &mut StepRun, sight: Result<Sight, Trouble>, now: Timestamp) {
    let sight = match sight {
        Ok(sight) => sight,
        Err(trouble) => return blind(step, run, &trouble, now),
    };
    match run.state {
        StepState::Waiting => first_look(step, run, sight, now),
        StepState::Verifying => read_back(step, run, sight, now),
        StepState::Started => after_a_crash(step, run, sight, now),
        _ => {}
    }
}

fn first_look(step: &Step, run: &mut StepRun, sight: Sight, now: Timestamp) {
    let mut next_at = None;
    let gone = sight == Sight::Missing
        && !step.change.makes_its_object()
        && !step.change.holds(None, &sight);
    if gone {
        fail(run, missing(step));
    } else if step.change.kind().evidence() == Evidence::State && step.change.holds(None, &sight) {
        end(run, StepState::AlreadySo, Evidence::State);
        put_out(run, sight.id());
        run.before = Some(sight.clone());
    } else if let Some(reason) = step.change.effect().moved(&sight) {
        fail(run, reason);
    } else {
        run.before = Some(sight.clone());
        next_at = step.change.effect().mark_moves_from(&sight).filter(|at| {
            // Another clock wrote it: more than its second is never waited for.
            *at > now && at.duration_since(now) <= SignedDuration::from_secs(1)
        });
    }
    run.seen = Some(sight);
    run.next_at = next_at;
}

fn read_back(step: &Step, run: &mut StepRun, sight: Sight, now: Timestamp) {
    let since = run.intent_at.unwrap_or(now);
    if step.change.holds(run.before.as_ref(), &sight) {
        end(run, StepState::Done, step.change.kind().evidence());
        put_out(run, sight.id());
    } else if now >= pace::deadline(step.change.kind(), since) {
        doubt(
            run,
            Reason::NotPossible {
                what: "Microsoft accepted it, and reading it back does not show it yet".to_owned(),
            },
        );
    } else {
        run.next_at = Some(pace::next_look(since, now));
    }
    run.seen = Some(sight);
}

/// A step found started: the call may or may not have been made.
fn after_a_crash(step: &Step, run: &mut StepRun, sight: Sight, now: Timestamp) {
    let since = run.intent_at.unwrap_or(now);
    let kind = step.change.kind();
    if step.change.holds(run.before.as_ref(), &sight) {
        if step.change.hands_over_theirs() {
            // It was made, and the answer that said its value once was lost.
            fail(run, Reason::SecretLost);
        } else {
            end(run, StepState::Done, kind.evidence());
        }
        put_out(run, sight.id());
    } else {
        match kind.repeat() {
            Repeat::NeverBlind => doubt(run, Reason::Unreachable { what: "Microsoft".to_owned() }),
            Repeat::ReadFirst if now < since + pace::SETTLE => {
                run.next_at = Some(pace::next_look(since, now).min(since + pace::SETTLE));
            }
            Repeat::ReadFirst | Repeat::Idempotent if run.attempts >= pace::TRIES_MAX => {
                doubt(run, Reason::Unreachable { what: "Microsoft".to_owned() });
            }
            Repeat::ReadFirst | Repeat::Idempotent => {
                run.state = StepState::Waiting;
                // The first repeat follows at once; a service that goes on failing is spared.
                let again = run.attempts > 1;
                run.next_at = again.then(|| pace::next_try(run.attempts - 1, now));
            }
        }
    }
    run.seen = Some(sight);
}

/// It could not be read now.
fn blind(step: &Step, run: &mut StepRun, trouble: &Trouble, now: Timestamp) {
    let since = run.intent_at.unwrap_or(now);
    match run.state {
        StepState::Waiting => {
            run.attempts += 1;
            match trouble {
                Trouble::Refused(reason) => fail(run, reason.clone()),
                _ if run.attempts >= pace::TRIES_MAX => fail(run, trouble.reason()),
                _ => run.next_at = Some(pace::next_try(run.attempts, now)),
            }
        }
        _ if now >= pace::deadline(step.change.kind(), since) => doubt(run, trouble.reason()),
        _ => run.next_at = Some(pace::next_look(since, now)),
    }
}

/// What somebody had could not be read whole: nothing of it is taken away. Of these steps
/// the first says why in the end, the others are skipped. `for_good`: trying again helps nobody.
pub fn not_kept(runs: Vec<&mut StepRun>, why: &Reason, for_good: bool, now: Timestamp) {
    let mut said = false;
    for run in runs {
        run.attempts += 1;
        if !for_good && run.attempts < pace::TRIES_MAX {
            run.next_at = Some(pace::next_try(run.attempts, now));
        } else if said {
            skip(run);
        } else {
            fail(run, why.clone());
            said = true;
        }
    }
}

/// Takes in how a call ended. A call nobody knows the fate of stays started: the
/// next look decides.
pub fn made(step: &Step, run: &mut StepRun, made: Made, now: Timestamp) {
    match made {
        Made::Accepted(output) => {
            put_out(run, output.id.as_deref());
            if step.change.kind().evidence() == Evidence::Answer {
                end(run, StepState::Done, Evidence::Answer);
            } else {
                run.state = StepState::Verifying;
                run.next_at = Some(now);
            }
        }
        Made::Gone => fail(run, missing(step)),
        Made::AlreadySo => end(run, StepState::AlreadySo, Evidence::Answer),
        Made::Refused(reason) => fail(run, reason),
        Made::Busy { .. } if run.attempts >= pace::TRIES_MAX => {
            fail(run, Reason::Unreachable { what: "Microsoft".to_owned() });
        }
        Made::Busy { wait } => {
            let wait = SignedDuration::try_from(wait).unwrap_or(pace::WAIT_MAX).min(pace::WAIT_MAX);
            let wait = wait.max(pace::busy(run.attempts));
            run.state = StepState::Waiting;
            run.next_at = Some(now + wait);
        }
        Made::Unsure { cause } => {
            tracing::warn!(step = step.id.0, change = step.change.kind().as_str(), error = %format!("{cause:#}"), "A call's fate is unknown; reading back");
            run.state = StepState::Started;
            run.next_at = Some(now);
        }
    }
}

/// What was shown of it is not so any more: it does not begin.
pub fn moved(run: &mut StepRun, why: Reason) {
    fail(run, why);
}

/// Skips a step.
pub fn skip(run: &mut StepRun) {
    run.state = StepState::Skipped;
    run.why = None;
    run.next_at = None;
}

/// A person answered for a step in doubt.
pub fn answered(run: &mut StepRun, happened: bool, by: &str) {
    run.state = if happened { StepState::Done } else { StepState::Failed };
    run.said_by = Some(by.to_owned());
    run.evidence = None;
    run.next_at = None;
    if happened {
        run.why = None;
    }
}

/// Tries again what failed and what was skipped because of it. The before value is
/// read anew. What went back for approval stays there, with what needs it.
pub fn retry(plan: &Plan, runs: &mut [StepRun]) {
    retry_steps(&plan.steps, runs);
}

fn retry_steps(steps: &[Step], runs: &mut [StepRun]) {
    let mut back: BTreeSet<StepId> = BTreeSet::new();
    for step in steps {
        let moved = |run: &StepRun| matches!(run.why, Some(Reason::Drifted { .. }));
        let own = runs.iter().any(|run| run.id == step.id && moved(run));
        if own || step.needs.iter().any(|id| back.contains(id)) {
            back.insert(step.id);
        }
    }
    for run in
        runs.iter_mut().filter(|run| matches!(run.state, StepState::Failed | StepState::Skipped))
    {
        if steps.iter().any(|step| step.id == run.id) && !back.contains(&run.id) {
            run.state = StepState::Waiting;
            run.before = None;
            run.why = None;
            run.said_by = None;
            run.next_at = None;
            run.attempts = 0;
            // What is shown of it is compared anew.
            run.intent_at = None;
        }
    }
}

/// Looks again at what is in doubt.
pub fn check_again(runs: &mut [StepRun], now: Timestamp) {
    for run in runs.iter_mut().filter(|run| run.state == StepState::InDoubt) {
        run.state = StepState::Verifying;
        run.intent_at = Some(now);
        run.next_at = Some(now);
        run.why = None;
    }
}

fn end(run: &mut StepRun, state: StepState, evidence: Evidence) {
    run.state = state;
    run.evidence = Some(evidence);
    run.next_at = None;
    run.why = None;
}

fn fail(run: &mut StepRun, why: Reason) {
    run.state = StepState::Failed;
    run.next_at = None;
    run.why = Some(why);
}

fn doubt(run: &mut StepRun, why: Reason) {
    run.state = StepState::InDoubt;
    run.next_at = None;
    run.why = Some(why);
}

fn missing(step: &Step) -> Reason {
    let name = |key: &str| step.names.get(key).cloned().unwrap_or_default();
    step.change.effect().gone(&name)
}

/// Keeps the id of what the step made, for the steps after it and for an undo.
fn put_out(run: &mut StepRun, id: Option<&str>) {
    if let Some(id) = id {
        run.outputs.insert(MADE.to_owned(), id.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        change::{AccountChange, PasswordChange},
        ids::{TenantId, UserId},
        plan::Draft,
    };

    /// Block → sign out → a new password, as somebody's leaving has them.
    fn steps() -> Vec<Step> {
        let tenant = TenantId::from(uuid::Uuid::from_u128(1));
        let user: UserId = tenant.object(uuid::Uuid::from_u128(2));
        let mut draft = Draft::default();
        draft.step(AccountChange::DisableSignIn { user: user.clone().into() }, &[], Vec::new());
        draft.step(PasswordChange::RevokeSessions { user: user.clone().into() }, &[], Vec::new());
        draft.step(PasswordChange::DropPassword { user: user.into() }, &[], Vec::new());
        draft.steps[1].after = vec![StepId(1)];
        draft.steps[2].after = vec![StepId(1), StepId(2)];
        draft.steps
    }

    fn runs(states: [StepState; 3]) -> Vec<StepRun> {
        let run = |(id, state)| StepRun { state, ..StepRun::new(StepId(id)) };
        (1..).zip(states).map(run).collect()
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn only_the_revocation_follows_the_block_in_one_message() {
        use StepState::{Done, Failed, Started, Waiting};
        let steps = steps();
        let leader =
            |id: usize, runs: &[StepRun]| follows(&steps, &steps[id - 1], runs, NOW).map(|id| id.0);
        let fresh = runs([Waiting; 3]);
        assert_eq!(leader(1, &fresh), None, "it waits for nothing");
        assert_eq!(leader(2, &fresh), Some(1));
        assert_eq!(leader(3, &fresh), None, "it waits for two");
        let blocked = runs([Done, Waiting, Waiting]);
        assert_eq!(leader(3, &blocked), None, "its mark would hide what the revocation did");
        assert_eq!(leader(2, &runs([Started, Waiting, Waiting])), None, "its fate is unknown");
        assert_eq!(leader(2, &runs([Failed, Waiting, Waiting])), None, "it is free");
        let mut needing = steps.clone();
        needing[1].needs = std::mem::take(&mut needing[1].after);
        assert_eq!(follows(&needing, &needing[1], &fresh, NOW), None, "it needs a good end");
    }

    #[test]
    fn what_went_back_for_approval_is_not_tried_again() {
        use StepState::{Failed, Skipped, Waiting};
        let plan = |needing: bool| {
            let mut steps = steps();
            steps[1].needs = if needing { vec![StepId(1)] } else { Vec::new() };
            steps
        };
        let states = |needing: bool, why: Reason| {
            let mut runs = runs([Failed, Skipped, Failed]);
            runs[0].why = Some(why);
            retry_steps(&plan(needing), &mut runs);
            [runs[0].state, runs[1].state, runs[2].state]
        };
        let (value, was, is) = ("manager".to_owned(), "Ann".to_owned(), "Bo".to_owned());
        let back = Reason::Drifted { value, was, is, anew: None };
        assert_eq!(states(true, back.clone()), [Failed, Skipped, Waiting]);
        assert_eq!(states(false, back), [Failed, Waiting, Waiting]);
        assert_eq!(states(true, Reason::Paused), [Waiting; 3]);
    }

    #[test]
    fn a_mark_that_moved_a_moment_ago_is_given_its_second() {
        let steps = steps();
        let begins_at = |mark: &str| {
            let mut run = StepRun::new(StepId(2));
            let sight = Sight::User {
                enabled: true,
                password_changed_at: None,
                sessions_valid_from: Some(mark.parse().unwrap()),
            };
            saw(&steps[1], &mut run, Ok(sight), "2026-11-20T18:00:04.8Z".parse().unwrap());
            assert!(run.before.is_some());
            run.next_at.map(|at| at.to_string())
        };
        assert_eq!(begins_at("2026-11-20T18:00:04Z").as_deref(), Some("2026-11-20T18:00:05Z"));
        assert_eq!(begins_at("2026-11-20T18:00:03Z"), None, "it moves visibly");
        assert_eq!(begins_at("2026-11-20T18:09:00Z"), None, "nobody waits for a wrong clock");
    }

    #[test]
    fn what_is_next_is_looked_at_while_the_one_before_is_read_back() {
        use StepState::{Verifying, Waiting};
        let steps = steps();
        let runs = runs([Verifying, Verifying, Waiting]);
        let next = |accepted: &[StepId]| is_next(&steps[2], &runs, accepted, NOW);
        assert!(next(&[StepId(1), StepId(2)]));
        assert!(!next(&[StepId(1)]), "the other is not known yet");
        assert!(is_waited_for(&steps, StepId(1), &runs));
        assert!(!is_waited_for(&steps, StepId(3), &runs));
    }
}
