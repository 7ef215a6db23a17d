//! The request card while it waits, after somebody did something beside signing.

use crate::domain::{
    chat::Verb,
    emergency::{Emergency, Review},
    escalation::{Escalated, Further},
    ids::StepId,
    message::{RequestView, StepView},
    plan::{LeftOut, Note, named},
    samples::{
        NASTY, at, person,
        requests::{button, for_requester, pending, signed, two_actions},
    },
    standing::ACTION,
    step::StepState,
    talk::Remark,
};

pub(super) fn samples() -> Vec<(&'static str, RequestView)> {
    vec![
        ("pending-trimmed", trimmed()),
        ("pending-emergency", emergency()),
        ("emergency-to-review", reviewed(None)),
        ("emergency-acknowledged", reviewed(Some(false))),
        ("emergency-objected", reviewed(Some(true))),
        ("pending-escalates", escalates()),
        ("pending-escalated", escalated()),
        ("pending-asked", asked()),
        ("pending-asked-requester", asked_requester()),
        ("standing-pending", standing("pending", "waiting")),
        ("standing-in-force", standing("in_force", "good")),
        ("standing-revoked", standing("revoked", "quiet")),
        ("under-standing", under()),
        ("signed-afresh", afresh()),
        ("standing-automation", automation()),
        ("pending-caller", called("caller_waits", NASTY)),
        ("pending-caller-requester", for_caller()),
        ("rejected-caller", not_them()),
        ("pending-caller-known", called("caller_known", "John Doe")),
    ]
}

/// Somebody asked back, was answered, and somebody else asks again.
fn asked() -> RequestView {
    let mut view = two_actions();
    let remark = |who: &str, upn: &str, words: &str| Remark {
        by: person(who, upn),
        at: at("2026-08-03T09:14:00Z"),
        words: words.to_owned(),
        answers: who.starts_with("Tina"),
    };
    view.talk = vec![
        remark("Anna Approver", "anna.approver@contoso.com", "Does HR know that he leaves?"),
        remark("Tina Tech", "tina.tech@contoso.com", "Yes, Hannah Reeves wrote it in the ticket."),
        remark("Theo Tech", "theo.tech@contoso.com", "Who gets his mail?"),
    ];
    view.buttons.push(button(Verb::Untick, "plain", false));
    view.buttons.push(button(Verb::Rehearse, "plain", false));
    let seats = [("licence", "Microsoft 365 E3"), ("free", "3"), ("own", "2"), ("others", "4")];
    let seats = [&seats[..], &[("numbers", "#1038, #1041")]].concat();
    view.notes.push(Note::new("seats_wanted", &seats));
    view.buttons.push(button(Verb::Ask, "plain", false));
    view
}

fn asked_requester() -> RequestView {
    let mut view = for_requester(asked());
    view.buttons.insert(0, button(Verb::Answer, "primary", false));
    view.buttons.insert(1, button(Verb::Edit, "plain", false));
    view
}

/// Somebody may sign it alone.
fn emergency() -> RequestView {
    let mut view = asked();
    view.buttons.insert(2, button(Verb::Emergency, "danger", true));
    view
}

/// Somebody did, and it ran; nobody, or somebody, has looked at it.
fn reviewed(objects: Option<bool>) -> RequestView {
    let why = "His laptop was stolen an hour ago.";
    let mut view = signed(pending(), "succeeded", "good");
    view.steps.iter_mut().for_each(|step| step.state = StepState::Done);
    view.signed[0].note = Some(why.to_owned());
    let by = person("Theo Tech", "theo.tech@contoso.com");
    let at = at("2026-08-03T10:00:00Z");
    let note = |objects: bool| objects.then(|| "The laptop is in his bag.".to_owned());
    let review = objects.map(|objects| Review { by, at, objects, note: note(objects) });
    if review.is_none() {
        view.buttons = vec![
            button(Verb::Acknowledge, "primary", false),
            button(Verb::Object, "danger", false),
        ];
    }
    let by = person("Anna Approver", "anna.approver@contoso.com");
    view.emergency = Some(Emergency { by, why: why.to_owned(), review });
    view
}

/// Nobody decides, and others may soon.
fn escalates() -> RequestView {
    RequestView { further: Some(Further::From(at("2026-08-04T11:00:00Z"))), ..pending() }
}

fn escalated() -> RequestView {
    let to = vec!["Carla Chief".to_owned(), "IT Leads".to_owned()];
    let at = at("2026-08-04T11:00:00Z");
    RequestView { further: Some(Further::Since(Escalated { at, to })), ..pending() }
}

/// Two steps of a plan were left out, one by name.
fn trimmed() -> RequestView {
    let mut view = two_actions();
    let anna = person("Anna Approver", "anna.approver@contoso.com");
    let user = named(&[("user", "John Doe")]);
    let left = |step: u16, kind: &str, follows| LeftOut {
        step: StepId(step),
        kind: kind.to_owned(),
        names: user.clone(),
        by: anna.clone(),
        follows,
    };
    view.left_out = vec![left(2, "revoke_sessions", false), left(4, "force_new_password", true)];
    view.steps.remove(1);
    view.buttons.push(button(Verb::Untick, "plain", false));
    view
}

/// A standing approval: its class as lines.
fn standing(state: &str, tone: &str) -> RequestView {
    let lines = [
        ("standing_action", ("action", "Add to a group")),
        ("standing_about", ("user", "Jane Roe (jane.roe@contoso.com)")),
        ("standing_about_group", ("group", "Sales Team")),
        ("standing_by", ("user", "Tina Tech (tina.tech@contoso.com)")),
        ("standing_by_group", ("group", "Service Desk")),
        ("standing_limit", ("count", "5")),
        ("standing_until", ("at", "@2026-10-30T23:00:00Z")),
    ];
    let mut view = pending();
    let pattern = view.steps.remove(0);
    let line = |(at, (kind, name)): (usize, (&str, (&str, &str)))| StepView {
        id: u16::try_from(at + 1).expect("a few lines"),
        kind: kind.to_owned(),
        names: named(&[name]),
        values: Vec::new(),
        cannot_undo: None,
        secret_to: None,
        ..pattern.clone()
    };
    view.steps = lines.into_iter().enumerate().map(line).collect();
    view.actions = vec![ACTION.to_owned()];
    view.risk = None;
    view.notes = vec![Note::new("standing_never", &[]), Note::new("standing_each_use", &[])];
    if state != "pending" {
        view = signed(view, state, tone);
        view.buttons = vec![button(Verb::Revoke, "danger", true)];
    }
    if state == "revoked" {
        view.buttons.clear();
    }
    view
}

/// Whoever signed it signed in for it.
fn afresh() -> RequestView {
    let mut view = signed(pending(), "approved", "working");
    view.signed.iter_mut().for_each(|signed| signed.stepped_up = true);
    view.notes.push(Note::new("step_up", &[]));
    view
}

/// The set that the profile proposes.
fn automation() -> RequestView {
    let mut view = standing("pending", "waiting");
    view.notes.insert(0, Note::new("automation", &[("user", NASTY)]));
    view
}

/// Its subject is recognised by a number first.
fn called(key: &str, user: &str) -> RequestView {
    let mut view = pending();
    let at = "@2026-08-03T09:10:00Z";
    let fields = match key {
        "caller_waits" => [("user", user), ("left", "3"), ("until", at)],
        _ => [("user", user), ("by", "Tina Tech"), ("at", at)],
    };
    view.notes = vec![Note::new("caller_number", &[]), Note::new(key, &fields)];
    if key == "caller_waits" {
        view.buttons.retain(|button| button.verb != Verb::Approve);
    }
    view
}

/// It was not them.
fn not_them() -> RequestView {
    let mut view = called("caller_not_them", NASTY);
    (view.state, view.tone) = ("rejected".to_owned(), "bad".to_owned());
    view.notes.last_mut().expect("a note").fields.remove("at");
    view.buttons.clear();
    view.until = None;
    view
}

fn for_caller() -> RequestView {
    let mut view = for_requester(called("caller_waits", "John Doe"));
    view.buttons.insert(0, button(Verb::EnterNumber, "primary", false));
    view
}

/// Something that ran under one.
fn under() -> RequestView {
    let mut view = signed(pending(), "succeeded", "good");
    view.steps.iter_mut().for_each(|step| step.state = StepState::Done);
    view.signed.iter_mut().for_each(|signed| signed.beforehand = true);
    let fields = [
        ("number", "#1040"),
        ("by", "Anna Approver"),
        ("at", "@2026-08-01T09:00:00Z"),
        ("left", "4"),
        ("count", "5"),
    ];
    view.notes = vec![
        Note::new("under_standing", &fields),
        Note::new("nearly_standing", &[("number", "#1041"), ("why", "=standing_limit")]),
    ];
    view.buttons = vec![button(Verb::Undo, "plain", true)];
    view
}
