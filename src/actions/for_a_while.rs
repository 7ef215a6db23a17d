//! What is given for a while: a second step takes it back by itself.
//!
//! Both steps are signed together. The second one runs at its time whoever has left since,
//! or at once when the run is stopped, and only if the first one gave something.

use jiff::{SignedDuration, Timestamp, civil};

use crate::{
    actions::{Asked, local_time},
    domain::{
        change::Change,
        plan::{Draft, Step, Value},
        step::{StepRun, StepState},
        trouble::Reason,
    },
};

/// The longest while; beyond it somebody should look again.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Takes back with this change, at the end of the day or at the time that was said, what the
/// last step of the draft gives. Without a time it is given for good.
///
/// # Errors
/// When the time is none, has passed, or lies more than a year away.
pub fn ends(
    draft: &mut Draft,
    until: Option<&str>,
    asked: &Asked,
    back: impl Into<Change>,
) -> Result<(), Reason> {
    let (Some(until), Some(given)) = (until, draft.steps.last()) else { return Ok(()) };
    let at = end(until, asked)?;
    let (id, names) = (given.id, given.names.clone());
    let turned = |value: &Value| Value::new(&value.what, &*value.after, &*value.before);
    let values = given.values.iter().map(turned).collect();
    let end = draft.step(back, &[], values);
    end.names = names;
    end.ending(&[id], at);
    Ok(())
}

/// The day on which it would end, for what has to be ended by hand.
///
/// # Errors
/// As [`ends`].
pub fn day(until: &str, asked: &Asked) -> Result<civil::Date, Reason> {
    end(until, asked).map(|at| at.to_zoned(asked.zone.clone()).date())
}

fn end(until: &str, asked: &Asked) -> Result<Timestamp, Reason> {
    let at = local_time::instant("until", until, true, &asked.zone)?;
    let wrong =
        |why: &str| Reason::WrongArgument { field: "until".to_owned(), why: why.to_owned() };
    if at <= asked.now {
        return Err(wrong("it lies in the past"));
    }
    if at.duration_since(asked.now) > LONGEST {
        return Err(wrong("it lies more than a year away"));
    }
    Ok(at)
}

/// Something was given, and was not taken back by itself: there is a way back from it.
pub fn lasts(done: &[(&Step, &StepRun)]) -> bool {
    let ended = done.iter().any(|(step, run)| step.ends && run.state.well());
    !ended && done.iter().any(|(_, run)| run.state == StepState::Done)
}
