//! Who must sign, in a sentence: sets, counts, stages.
//!
//! Not here: whether they have; the view says who is missing.

use crate::{
    adapters::cards::{CardError, say::Say},
    domain::quorum::{Circle, Needs, Quorum},
};

/// All stages: "first one of it-leads, then one of security".
pub fn quorum(say: &Say<'_>, quorum: &Quorum) -> Result<String, CardError> {
    let mut stages = quorum.stages.iter().map(|stage| needs(say, stage));
    let mut all = stages.next().transpose()?.unwrap_or_default();
    for (at, stage) in stages.enumerate() {
        if at == 0 {
            all = say.line("needs.first", &[("stage", &all)])?;
        }
        all = say.line("needs.then", &[("before", &all), ("stage", &stage?)])?;
    }
    match quorum.at_least {
        0 | 1 => Ok(all),
        people => say.line("needs.people", &[("stages", &all), ("count", &people.to_string())]),
    }
}

/// One stage, or who is missing of it.
pub fn needs(say: &Say<'_>, said: &Needs) -> Result<String, CardError> {
    match said {
        Needs::Signatures { count: 1, from: from @ Circle::Manager { .. } } => circle(say, from),
        Needs::Signatures { count: 1, from } => {
            say.line("needs.one", &[("circle", &circle(say, from)?)])
        }
        Needs::Signatures { count, from } => {
            let (count, circle) = (count.to_string(), circle(say, from)?);
            say.line("needs.more", &[("count", &count), ("circle", &circle)])
        }
        Needs::All(parts) => joined(say, "needs.and", parts.iter().map(|part| inner(say, part))),
        Needs::Any(ways) => joined(say, "needs.or", ways.iter().map(|way| needs(say, way))),
    }
}

/// A part of several that all have to sign: alternatives in it stand in brackets.
fn inner(say: &Say<'_>, part: &Needs) -> Result<String, CardError> {
    let said = needs(say, part)?;
    if matches!(part, Needs::Any(_)) {
        say.line("needs.both_or", &[("ways", &said)])
    } else {
        Ok(said)
    }
}

fn joined(
    say: &Say<'_>,
    key: &str,
    mut parts: impl Iterator<Item = Result<String, CardError>>,
) -> Result<String, CardError> {
    let first = parts.next().transpose()?.unwrap_or_default();
    parts.try_fold(first, |one, other| say.line(key, &[("one", &one), ("other", &other?)]))
}

fn circle(say: &Say<'_>, circle: &Circle) -> Result<String, CardError> {
    match circle {
        Circle::Areas { of } => say.line("needs.areas", &[("of", &say.areas(&of.join(", "))?)]),
        Circle::Set { name } => say.line("needs.set", &[("name", &say.typed(name))]),
        Circle::Manager { who, of } => {
            let (who, whom) = (say.person(who)?, say.typed(&of.name));
            say.line("needs.manager", &[("who", &who), ("whom", &whom)])
        }
    }
}
