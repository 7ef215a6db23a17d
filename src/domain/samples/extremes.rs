//! The request card at its limits: hostile texts, long ones, hundreds of steps.

use crate::domain::{
    chat::Verb,
    emergency::{Emergency, Review},
    escalation::{Escalated, Further},
    ids::StepId,
    message::{RequestView, Signature},
    plan::{LeftOut, Note, Value},
    proposal::Because,
    samples::{
        FROM_RIGHT, NASTY, person,
        requests::{button, every_change, pending, signature, signed, step, two_actions},
    },
    step::StepState,
    talk::{REMARKS_MAX, Remark},
    trouble::Reason,
};

pub(super) fn extreme() -> Vec<(&'static str, RequestView)> {
    let mut repeated = pending();
    repeated.buttons = vec![
        button(Verb::Approve, "primary", true),
        button(Verb::Approve, "plain", false),
        button(Verb::Reject, "danger", true),
    ];
    vec![
        ("nasty", typed(NASTY)),
        ("from-right", typed(FROM_RIGHT)),
        ("long", typed(&"Longword ".repeat(300))),
        ("no-spaces", typed(&"x".repeat(2000))),
        ("empty-texts", typed("")),
        ("repeated-buttons", repeated),
        ("twelve-steps", many(12, false)),
        ("many-of-every-change", many_of_every_change()),
        ("hundred-steps", many(100, false)),
        ("hundred-steps-ended", many(100, true)),
        ("five-hundred-steps-ended", many(500, true)),
    ]
}

/// A card where everything that people can type is this text.
pub fn typed(text: &str) -> RequestView {
    let mut view = two_actions();
    let who = person(text, "o_neil.ann_@contoso.com");
    view.requester = who.clone();
    view.subjects = vec![who.clone(), person(text, "second@contoso.com")];
    for step in &mut view.steps {
        step.names.insert("user".to_owned(), text.to_owned());
        for value in &mut step.values {
            text.clone_into(&mut value.before);
            text.clone_into(&mut value.after);
        }
        step.state = StepState::InDoubt;
        step.said_by = Some(text.to_owned());
        step.secret_to = Some(who.clone());
        step.why = Some(Reason::NotPossible { what: text.to_owned() });
    }
    view.left_out = vec![LeftOut {
        step: StepId(4),
        kind: "disable_sign_in".to_owned(),
        names: view.steps[0].names.clone(),
        by: who.clone(),
        follows: true,
    }];
    view.notes = vec![Note::new("licence_loss", &[("user", text)])];
    view.rule = Note::new("approve", &[("count", "1"), ("of", text)]);
    view.signed =
        vec![Signature { by: who.clone(), note: Some(text.to_owned()), ..signature(None) }];
    view.talk = (0..REMARKS_MAX)
        .map(|n| Remark {
            by: who.clone(),
            at: view.signed[0].at,
            words: text.to_owned(),
            answers: n % 2 == 1,
        })
        .collect();
    let to = vec![text.to_owned(); 10];
    view.further = Some(Further::Since(Escalated { at: view.signed[0].at, to }));
    let review = Review {
        by: who.clone(),
        at: view.signed[0].at,
        objects: true,
        note: Some(text.to_owned()),
    };
    let why = text.to_owned();
    view.emergency = Some(Emergency { by: who.clone(), why, review: Some(review) });
    view.remark = Some(text.to_owned());
    view.stopped_by = Some(who);
    view.because = vec![
        Because { words: text.to_owned(), gave: text.to_owned(), quoted: true },
        Because { words: text.to_owned(), gave: "action".to_owned(), quoted: false },
    ];
    view.buttons =
        vec![button(Verb::Approve, "primary", true), button(Verb::Reject, "danger", true)];
    view
}

/// Every kind of change, thirty times.
fn many_of_every_change() -> RequestView {
    let mut view = every_change();
    let once = view.steps.clone();
    view.steps = once.iter().cycle().take(once.len() * 30).cloned().collect();
    for (id, step) in (1..).zip(&mut view.steps) {
        step.id = id;
    }
    view.steps[3].secret_to = Some(view.requester.clone());
    view
}

/// A plan about many people.
fn many(count: u16, ended: bool) -> RequestView {
    let mut view = pending();
    let people = (1..=count.div_ceil(2)).map(|n| {
        person(
            &format!("Person Number {n} of the Great Reorganisation"),
            &format!("person.number.{n}@contoso.com"),
        )
    });
    view.subjects = people.collect();
    view.steps = (1..=count)
        .map(|id| {
            let subject = &view.subjects[usize::from((id - 1) / 2)];
            let user = ("user", subject.name.as_str());
            if id % 2 == 1 {
                step(
                    id,
                    "disable_sign_in",
                    &[user],
                    vec![Value::new("sign_in", "=allowed", "=blocked")],
                )
            } else {
                let mut step = step(
                    id,
                    "revoke_sessions",
                    &[user],
                    vec![Value::new("sessions", "=valid", "=ended")],
                );
                step.cannot_undo = Some("sessions_ended".to_owned());
                step
            }
        })
        .collect();
    view.actions = vec!["disable_user".to_owned(), "revoke_sessions".to_owned()];
    if ended {
        view = signed(view, "in_doubt", "warning");
        let states = [
            StepState::Done,
            StepState::AlreadySo,
            StepState::Failed,
            StepState::Skipped,
            StepState::InDoubt,
        ];
        for (at, step) in view.steps.iter_mut().enumerate() {
            step.state = states[at % states.len()];
            if step.state == StepState::Failed {
                step.why =
                    Some(Reason::TooMuch { what: "Microsoft Graph asks to wait".to_owned() });
            }
        }
    }
    view
}
