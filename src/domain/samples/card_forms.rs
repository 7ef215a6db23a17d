//! Forms over the card of a request.

use crate::domain::{
    chat::{CardRef, ChatUser, Place, PlaceKind, Platform},
    ids::{Number, StepId},
    message::{AskedView, CardAsks, CardFormView, Message, Tick},
    plan::{Note, named, trim::TICKS_MAX},
    samples::{FROM_RIGHT, NASTY, callers, person, token},
    users::PersonRef,
};

/// The samples of [`Message::CardForm`] and [`Message::Asked`].
pub fn samples() -> Vec<(String, Message)> {
    let few = [
        tick(1, "disable_sign_in", "John Doe", &[]),
        tick(2, "revoke_sessions", "John Doe", &[]),
        tick(3, "force_new_password", "John Doe", &[1, 2]),
    ];
    let words = [NASTY, FROM_RIGHT, "", "x", &"Longword ".repeat(40)];
    let hostile = (1..).zip(words).map(|(id, text)| tick(id, "disable_sign_in", text, &[1]));
    let most = u16::try_from(TICKS_MAX).unwrap_or(u16::MAX);
    let name = "Person of the Great Reorganisation, Department of Long Names";
    let many = (1..=most).map(|id| tick(id, "disable_sign_in", name, &[id.max(2) - 1]));
    let all = [
        ("card-form-steps", CardAsks::Steps(few.to_vec())),
        ("card-form-steps-nasty", CardAsks::Steps(hostile.collect())),
        ("card-form-steps-many", CardAsks::Steps(many.collect())),
    ];
    let mut all = all.map(|(name, asks)| (name.to_owned(), Message::CardForm(view(asks)))).to_vec();
    for (name, text) in [("", "Is he really leaving on Friday?"), ("-nasty", NASTY)] {
        let by = person(text, "anna.approver@contoso.com");
        let by =
            if name.is_empty() { PersonRef { name: "Anna Approver".to_owned(), ..by } } else { by };
        let words = text.to_owned();
        let answer = CardAsks::Answer { by: by.clone(), words: words.clone() };
        all.push((format!("card-form-answer{name}"), Message::CardForm(view(answer))));
        let question = CardAsks::Question { typed: words.clone() };
        all.push((format!("card-form-question{name}"), Message::CardForm(view(question))));
        for (platform, id) in [(Platform::Slack, "U0TINATECH"), (Platform::Teams, "29:tina-tech")] {
            let to = ChatUser {
                platform,
                realm: "T0CONTOSO".to_owned(),
                id: id.to_owned(),
                address: None,
            };
            let view = AskedView {
                number: Number(1042),
                actions: vec!["disable_user".to_owned()],
                by: by.clone(),
                words: words.clone(),
                to,
                name: if name.is_empty() { "Tina Tech".to_owned() } else { words.clone() },
            };
            all.push((format!("asked-in-{}{name}", platform.as_str()), Message::Asked(view)));
        }
    }
    for (name, of) in [("", "John Doe"), ("-nasty", NASTY), ("-from-right", FROM_RIGHT)] {
        let of = person(of, "john.doe@contoso.com");
        let asks = CardAsks::Number { of, left: 2 };
        all.push((format!("card-form-number{name}"), Message::CardForm(view(asks))));
    }
    all.push(("card-form-question-empty".to_owned(), {
        Message::CardForm(view(CardAsks::Question { typed: String::new() }))
    }));
    all
}

/// The notes that only follow from such forms.
pub fn notes() -> Vec<Note> {
    let about = [("number", "#1042"), ("by", "Anna Approver"), ("count", "2"), ("total", "5")];
    let signed = |said| about.into_iter().chain([("signed", said)]).collect::<Vec<_>>();
    let mut all = vec![
        Note::new("nothing_unticked", &[]),
        Note::new("answered", &about[..2]),
        Note::new("answer_kept", &about[..1]),
        Note::new("escalated", &[about[0], ("to", "Carla Chief, IT Leads")]),
        Note::new("escalated", &[about[0], ("to", "")]),
        Note::new("signed_alone", &[about[0], about[1], ("why", "His laptop was stolen.")]),
        Note::new("objected", &[about[0], about[1], ("why", NASTY)]),
        Note::new("trimmed", &signed("1")),
        Note::new("trimmed", &signed("")),
    ];
    all.extend(callers::notes());
    all
}

fn tick(id: u16, kind: &str, who: &str, needs: &[u16]) -> Tick {
    Tick {
        step: StepId(id),
        kind: kind.to_owned(),
        names: named(&[("user", who)]),
        needs: needs.iter().copied().map(StepId).collect(),
    }
}

fn view(asks: CardAsks) -> CardFormView {
    let place = Place {
        platform: Platform::Slack,
        realm: "T0CONTOSO".to_owned(),
        conversation: "C0APPROVALS".to_owned(),
        thread: Some("1754302320.000100".to_owned()),
        kind: PlaceKind::Channel,
        service_url: None,
    };
    CardFormView {
        number: Number(1042),
        actions: vec!["disable_user".to_owned(), "set_out_of_office".to_owned()],
        asks,
        token: token(),
        of: CardRef { place, message: "1754302320.000200".to_owned() },
    }
}
