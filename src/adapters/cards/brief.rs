//! The first screen of a process, on a phone: whom, who asks, when, how risky, what cannot be
//! undone, who is sent a secret. Each on a line that fits one if it can; the steps are below.

use crate::{
    adapters::cards::{CardError, request::Fact, say::Say},
    domain::message::{RequestView, StepView},
};

/// What matters, in few words.
pub(super) fn facts(say: &Say<'_>, view: &RequestView) -> Result<Vec<Fact>, CardError> {
    let risk = view.risk.map(|risk| {
        let name = serde_json::to_value(risk).expect("a risk is plain data");
        say.word(&format!("risk.{}", name.as_str().unwrap_or_default()))
    });
    let lines = [
        ("asked_by", say.typed(view.requester.upn.as_str())),
        ("when", when(say, view)?),
        ("risk", risk.transpose()?.unwrap_or_default()),
        ("no_undo", lasting(say, view)?),
        ("secret_to", recipients(say, &view.steps)),
    ];
    let said = lines.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(label, value)| Ok(Fact { name: say.word(&format!("label.{label}"))?, value }))
        .collect()
}

/// When it begins, and when the last of it does.
fn when(say: &Say<'_>, view: &RequestView) -> Result<String, CardError> {
    let last = view.steps.iter().filter_map(|step| step.not_before).max();
    match (view.start_at, last) {
        (Some(start), Some(last)) if last > start => {
            say.line("line.begins_and_ends", &[("at", &say.when(start)), ("last", &say.when(last))])
        }
        (Some(start), _) => Ok(say.when(start)),
        (None, Some(last)) => say.line("line.at_once_and_later", &[("last", &say.when(last))]),
        (None, None) => say.word("line.at_once"),
    }
}

/// What cannot be undone, each sort once.
fn lasting(say: &Say<'_>, view: &RequestView) -> Result<String, CardError> {
    let mut sorts: Vec<String> = Vec::new();
    let of_steps = view.steps.iter().filter_map(|step| step.cannot_undo.as_deref());
    let of_rows = view.batch.iter().flat_map(|batch| batch.lasting.keys().map(String::as_str));
    for key in of_steps.chain(of_rows) {
        let sort = say.word(&format!("brief.{key}"))?;
        if !sorts.contains(&sort) {
            sorts.push(sort);
        }
    }
    Ok(say.some(sorts)?.join(", "))
}

/// Everybody who is sent a secret, by sign-in name: what tells namesakes apart.
fn recipients(say: &Say<'_>, steps: &[StepView]) -> String {
    let mut all: Vec<String> = Vec::new();
    for who in steps.iter().filter_map(|step| step.secret_to.as_ref()) {
        let who = say.typed(who.upn.as_str());
        if !all.contains(&who) {
            all.push(who);
        }
    }
    all.join(", ")
}
