//! Requests about many people, and a table of which no row can be carried out.

use std::collections::BTreeMap;

use crate::domain::{
    area::Risk,
    batch::Unfit,
    form::{Complaint, Why},
    message::{BatchView, Message, RequestView, RowsView, StepView},
    plan::Note,
    samples::{
        NASTY,
        requests::{pending, step},
    },
    step::StepState,
    trouble::Reason,
};

/// The card of a batch: of a few rows, of hundreds, while it runs, and when it ended.
pub(super) fn cards() -> Vec<(&'static str, RequestView)> {
    vec![
        ("pending-batch", batch(3, 2)),
        ("pending-batch-many", batch(500, 30)),
        ("running-batch", stands(batch(40, 0), "running", "working", 12)),
        (
            "stopping-batch",
            RequestView {
                stopped_by: Some(pending().requester),
                ..stands(batch(40, 0), "running", "working", 12)
            },
        ),
        ("succeeded-batch", stands(batch(40, 1), "succeeded", "good", 40)),
        ("partly-failed-batch", failed(stands(batch(40, 0), "partly_failed", "warning", 40), 3)),
        ("failed-batch", failed(stands(batch(4, 0), "failed", "bad", 4), 4)),
    ]
}

/// A table of which nothing can be done.
pub(super) fn none_fits() -> Vec<(String, Message)> {
    let of = |actions: Vec<String>, count| Message::Rows(RowsView { actions, unfit: unfit(count) });
    vec![
        ("rows-none".to_owned(), of(vec!["offboard_user".to_owned()], 4)),
        ("rows-none-many".to_owned(), of(Vec::new(), 200)),
    ]
}

fn batch(fit: u16, left: u32) -> RequestView {
    let mut view = pending();
    view.actions = vec!["offboard_user".to_owned()];
    view.brief = true;
    view.risk = Some(Risk::Destructive);
    view.subjects = Vec::new();
    view.because = Vec::new();
    view.steps = (2..fit + 2).map(row).collect();
    let total = (u32::from(fit) + left).to_string();
    view.notes = vec![
        Note::new("rows_read", &[("fit", &fit.to_string()), ("total", &total)]),
        Note::new("rows_unread", &[("names", "Shoe size, Car park")]),
        Note::new("rows_more_notes", &[("count", "7")]),
    ];
    let counted = |kinds: &[&str]| {
        kinds.iter().map(|kind| ((*kind).to_owned(), u32::from(fit))).collect::<BTreeMap<_, _>>()
    };
    view.batch = Some(BatchView {
        changes: counted(&["disable_sign_in", "revoke_sessions", "remove_member", "set_licences"]),
        lasting: counted(&["sessions_ended", "password_replaced"]),
        unfit: unfit(left),
    });
    view
}

fn row(number: u16) -> StepView {
    let who = format!("Shop {number:03} (shop{number:03}@contoso.com)");
    let who = if number == 4 { NASTY.to_owned() } else { who };
    let names = [("row", "2"), ("actions", "offboard_user"), ("who", &who), ("steps", "14")];
    let mut view = step(number, "row", &names, Vec::new());
    view.cannot_undo = Some("sessions_ended".to_owned());
    view
}

fn unfit(count: u32) -> Vec<Unfit> {
    let date = Complaint::of("at", "answer_date", &[]);
    let nobody = Complaint {
        field: Some("forward_to".to_owned()),
        why: Why::Reason(Reason::NoSuchPerson { name: NASTY.to_owned() }),
    };
    let of_all = |key: &str, fields: &[(&str, &str)]| Complaint {
        field: None,
        why: Why::Answer(Note::new(key, fields)),
    };
    let sorts = [
        vec![date, nobody],
        vec![of_all("row_cells", &[("has", "3"), ("wants", "5")])],
        vec![of_all("row_action", &[])],
        vec![of_all("row_twice", &[])],
    ];
    let one = |number: u32| Unfit {
        number: number + 100,
        whom: if number == 1 { NASTY.to_owned() } else { format!("Jon Doe {number}") },
        wrong: sorts[number as usize % sorts.len()].clone(),
    };
    (0..count).map(one).collect()
}

fn stands(mut view: RequestView, state: &str, tone: &str, ended: usize) -> RequestView {
    state.clone_into(&mut view.state);
    tone.clone_into(&mut view.tone);
    view.buttons = Vec::new();
    for (at, step) in view.steps.iter_mut().enumerate() {
        step.state = if at < ended { StepState::Done } else { StepState::Waiting };
    }
    view
}

fn failed(mut view: RequestView, count: usize) -> RequestView {
    for step in view.steps.iter_mut().take(count) {
        step.state = StepState::Failed;
        step.why = Some(Reason::Gone { what: "=user".to_owned(), name: "Shop 002".to_owned() });
    }
    view
}
