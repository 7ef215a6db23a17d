//! The number by which somebody is recognised, and what is said about it.

use crate::domain::{
    chat::Verb,
    ids::Number,
    message::{Button, CallerNumberView, Message},
    plan::Note,
    samples::{FROM_RIGHT, NASTY, at, person, token},
};

/// The samples of [`Message::CallerNumber`].
pub fn samples() -> Vec<(String, Message)> {
    let all = [
        ("asks", Some("472"), "over", "Tina Tech"),
        ("asks-nasty", Some("100"), "over", NASTY),
        ("asks-from-right", Some("999"), "over", FROM_RIGHT),
        ("recognised", None, "recognised", "Tina Tech"),
        ("not-them", None, "not_them", "Tina Tech"),
        ("guessed", None, "guessed", NASTY),
        ("over", None, "over", "Tina Tech"),
    ];
    let view = |(name, digits, over, by): (&str, Option<&str>, &str, &str)| {
        let button = Button { verb: Verb::NotMe, style: "danger".to_owned(), confirm: false };
        let view = CallerNumberView {
            number: Number(1042),
            actions: vec!["reset_password".to_owned(), "reset_mfa".to_owned()],
            requester: person(by, "tina.tech@contoso.com"),
            digits: digits.map(str::to_owned),
            over: over.to_owned(),
            until: at("2026-08-03T09:10:00Z"),
            buttons: if digits.is_some() || over == "recognised" { vec![button] } else { vec![] },
            token: token(),
        };
        (format!("caller-{name}"), Message::CallerNumber(view))
    };
    all.map(view).to_vec()
}

/// The notes about it.
pub fn notes() -> Vec<Note> {
    let (user, by) = (("user", "John Doe"), ("by", "Tina Tech"));
    let (number, at) = (("number", "#1042"), ("at", "@2026-08-03T09:05:00Z"));
    let until = ("until", "@2026-08-03T09:10:00Z");
    vec![
        Note::new("caller_number", &[]),
        Note::new("caller_waits", &[user, ("left", "3"), until]),
        Note::new("caller_known", &[user, by, at]),
        Note::new("caller_not_them", &[user, by]),
        Note::new("caller_not_them", &[("user", NASTY), ("by", FROM_RIGHT)]),
        Note::new("caller_guesses", &[user, by]),
        Note::new("caller_wrong", &[number, ("left", "1")]),
        Note::new("caller_recognised", &[number, user, by]),
        Note::new("caller_denied", &[number, user, by]),
        Note::new("caller_denied", &[number, ("user", NASTY), ("by", NASTY)]),
        Note::new("caller_guessed", &[number, user, by]),
        Note::new("automation", &[("user", NASTY)]),
        Note::new("automation_over", &[number, ("why", "=automation_settings")]),
        Note::new("automation_over", &[number, ("why", "=automation_signer")]),
    ]
}
