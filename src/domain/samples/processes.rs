//! Processes that wait: what matters first, the steps below.

use crate::domain::{
    area::Risk,
    message::{RequestView, StepView},
    plan::{Note, Value},
    samples::{
        at, person,
        requests::{pending, step},
    },
};

const JOHN: (&str, &str) = ("user", "John Doe");

/// Somebody leaves on their last day, and somebody starts later.
pub fn waiting() -> Vec<(&'static str, RequestView)> {
    let mut looked = joiner();
    looked.risk = Some(Risk::Read);
    looked.steps.truncate(1);
    vec![("pending-leaver", leaver()), ("pending-joiner", joiner()), ("pending-brief", looked)]
}

fn lasting(mut step: StepView, key: &str) -> StepView {
    step.cannot_undo = Some(key.to_owned());
    step
}

fn process(action: &str, risk: Risk, steps: Vec<StepView>) -> RequestView {
    RequestView {
        actions: vec![action.to_owned()],
        brief: true,
        risk: Some(risk),
        steps,
        rule: Note::new("approve", &[("count", "1"), ("of", "lifecycle, mailboxes, users")]),
        ..pending()
    }
}

fn leaver() -> RequestView {
    let changed = |what: &str, before: &str, after: &str| vec![Value::new(what, before, after)];
    let steps = vec![
        step(1, "disable_sign_in", &[JOHN], changed("sign_in", "=allowed", "=blocked")),
        lasting(
            step(2, "revoke_sessions", &[JOHN], changed("sessions", "=valid", "=ended")),
            "sessions_ended",
        ),
        lasting(
            step(
                3,
                "drop_password",
                &[JOHN],
                changed("password", "=unchanged_unknown", "=nobodys"),
            ),
            "password_replaced",
        ),
        lasting(
            step(
                4,
                "remove_method",
                &[JOHN, ("method", "=method_phone")],
                changed("method", "•••11", "=removed"),
            ),
            "method_registered_anew",
        ),
        step(
            5,
            "remove_member",
            &[JOHN, ("group", "Sales Team")],
            changed("membership", "=member", "=not_member"),
        ),
        step(
            6,
            "set_licences",
            &[JOHN, ("remove", "Microsoft 365 E3")],
            changed("licence", "Microsoft 365 E3", "=not_assigned"),
        ),
    ];
    let mut view = process("offboard_user", Risk::Destructive, steps);
    view.start_at = Some(at("2026-08-31T16:00:00Z"));
    view.steps[5].not_before = Some(at("2026-09-30T16:00:00Z"));
    view.notes = vec![Note::new("leaver_tokens", &[JOHN])];
    view
}

fn joiner() -> RequestView {
    let names = [("user", "Nora Quist"), ("upn", "nora.quist@contoso.com")];
    let mut steps = vec![
        step(1, "create_user", &names, vec![Value::new("displayName", "=none", "Nora Quist")]),
        step(2, "enable_sign_in", &names, vec![Value::new("sign_in", "=blocked", "=allowed")]),
        step(3, "set_password", &names, vec![Value::new("password", "=nobodys", "=new_generated")]),
    ];
    for step in &mut steps[1..] {
        step.not_before = Some(at("2026-09-01T06:00:00Z"));
    }
    steps[2].secret_to = Some(person("Samir Nadar", "samir.nadar@contoso.com"));
    let mut view = process("onboard_user", Risk::Write, steps);
    view.subjects = vec![person("Nora Quist", "nora.quist@contoso.com")];
    view.notes = Vec::new();
    view
}
