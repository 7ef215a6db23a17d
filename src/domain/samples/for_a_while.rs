//! What was given for a while: nothing is left but its end.

use super::{
    at,
    requests::{button, ends, pending, signed, step},
};
use crate::domain::{
    chat::Verb,
    message::RequestView,
    plan::Value,
    step::StepState::{Done, Waiting},
};

/// John Doe is in a team until the 18th.
pub(super) fn given() -> RequestView {
    let names = [("user", "John Doe"), ("group", "Sales Team")];
    let membership = |from: &str, to: &str| vec![Value::new("membership", from, to)];
    let mut back = step(2, "remove_member", &names, membership("=member", "=not_member"));
    back.not_before = Some(at("2026-12-18T22:59:59Z"));
    back.ends = true;
    let mut view = signed(pending(), "running", "working");
    view.steps = vec![step(1, "add_member", &names, membership("=not_member", "=member")), back];
    view.actions = vec!["add_to_group".to_owned()];
    view.notes.clear();
    ends(&mut view, &[Done, Waiting]);
    view.buttons = vec![button(Verb::EndNow, "danger", true)];
    view
}
