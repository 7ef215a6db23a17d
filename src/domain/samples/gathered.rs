//! The list of requests that have no card of their own yet.

use crate::domain::{
    area::Risk,
    ids::Number,
    message::{GatheredLine, GatheredView, Message, WaitingLine},
    samples::{FROM_RIGHT, NASTY, at, person, token},
};

pub(super) fn samples() -> Vec<(String, Message)> {
    let line = |n: u64| GatheredLine {
        of: WaitingLine {
            number: Number(1042 + n),
            actions: vec!["reset_password".to_owned()],
            subjects: vec![person(if n == 3 { NASTY } else { "John Doe" }, "john.doe@contoso.com")],
            objects: Vec::new(),
            state: "pending".to_owned(),
        },
        requester: person(if n == 4 { FROM_RIGHT } else { "Tina Tech" }, "tina.tech@contoso.com"),
        risk: Some(if n.is_multiple_of(2) { Risk::Write } else { Risk::Destructive }),
        until: at("2026-03-06T16:00:00Z"),
        token: token(),
    };
    let list = |count: u64, more| {
        Message::Gathered(GatheredView { requests: (0..count).map(line).collect(), more })
    };
    vec![
        ("gathered-one".to_owned(), list(1, 0)),
        ("gathered-many".to_owned(), list(20, 160)),
        ("gathered-none".to_owned(), list(0, 0)),
    ]
}
