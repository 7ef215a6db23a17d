//! Questions, facts, links, refusals and notes.

use crate::domain::{
    chat::{CardRef, Place, PlaceKind, Platform},
    ids::Number,
    message::{
        FactsView, Gone, HelpView, Message, QuestionView, RequestView, SecretGoneView,
        SecretLinkView, SignInFor, SignInView, SorryView, StepsView, WaitingLine, WaitingView,
    },
    plan::Note,
    samples::{
        FROM_RIGHT, NASTY, at, card_forms, extremes, forms, house, person, reasons, tables,
        tenants, token,
    },
    trouble::{Ask, Choice, Question, Reason},
};

/// The samples of all messages but requests.
pub fn samples() -> Vec<(String, Message)> {
    let mut all = questions();
    all.extend(facts());
    all.extend(links());
    all.extend(pages());
    for reason in reasons::all() {
        let code = serde_json::to_value(&reason).expect("a reason is plain data");
        let name = format!("sorry-{}", code["code"].as_str().unwrap_or_default());
        all.push((name.replace('_', "-"), Message::Sorry(SorryView { reason })));
    }
    let name = NASTY.to_owned();
    let nasty = Reason::NoSuchPerson { name };
    all.push(("sorry-nasty".to_owned(), Message::Sorry(SorryView { reason: nasty })));
    let all_notes = notes().into_iter().chain(house::notes());
    for (at, note) in all_notes.chain(forms::notes()).chain(card_forms::notes()).enumerate() {
        let name = note.key.replace('_', "-");
        let again = all.iter().any(|(known, _)| *known == format!("note-{name}"));
        let name = if again { format!("note-{name}-{at}") } else { format!("note-{name}") };
        all.push((name, Message::Note(note)));
    }
    all.extend(lists());
    all
}

/// Every note there is, with its fields.
pub fn notes() -> Vec<Note> {
    let (user, licence, group) =
        (("user", "John Doe"), ("licence", "Microsoft 365 E3"), ("group", "Sales EMEA"));
    let about = [("number", "#1043"), ("who", "John Doe")];
    vec![
        Note::new("sessions_live_on", &[user]),
        Note::new("revoking_takes_minutes", &[user]),
        Note::new("licence_loss", &[user]),
        Note::new("licence_inherited", &[licence, user]),
        Note::new("seats_left", &[licence, ("free", "3"), ("seats", "25")]),
        Note::new("group_role_assignable", &[group]),
        Note::new("group_gives_licences", &[group]),
        Note::new("group_takes_licences", &[user, group]),
        Note::new("group_stays", &[user, group]),
        Note::new("replies_of_blocked_user", &[user]),
        Note::new("another_request_open", &[("number", "#1040"), user]),
        Note::new(
            "password_goes_to",
            &[("recipient", "John Doe"), ("upn", "john.doe@contoso.com")],
        ),
        Note::new("undo_asked", &[("number", "#1043")]),
        Note::new("paused", &[]),
        Note::new("part_starts_later", &[user, ("at", "@2026-08-04T15:00:00Z")]),
        Note::new("question_of", &[("number", "#1043"), ("person", "Tina Tech")]),
        Note::new("left_out", &[("words", "“unlock the filing cabinet”")]),
        Note::new("nothing_to_cancel", &[]),
        Note::new("cancel_which", &[("numbers", "#1042, #1043")]),
        Note::new("told_cancelled", &[("number", "#1043")]),
        Note::new("told_stopping", &[("number", "#1043")]),
        Note::new("told_unanswered", &[("number", "#1043")]),
        Note::new("told_succeeded", &about),
        Note::new("told_partly_failed", &about),
        Note::new("told_failed", &about),
        Note::new("told_in_doubt", &about),
        Note::new("told_expired", &about),
        Note::new(
            "told_rejected",
            &[about[0], about[1], ("by", "Anna Approver"), ("remark", "Wrong person")],
        ),
    ]
}

fn choice(value: &str, label: &str, detail: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), detail: detail.to_owned() }
}

/// A question as it is asked.
pub fn question(ask: Ask, said: Option<&str>, choices: Vec<Choice>) -> QuestionView {
    QuestionView {
        number: Number(1042),
        action: "reset_password".to_owned(),
        question: Question { ask, said: said.map(str::to_owned), choices },
        answered: None,
        over: None,
        token: token(),
        of: None,
    }
}

fn namesakes() -> Vec<Choice> {
    vec![
        choice(
            "john.doe@contoso.com",
            "John Doe",
            "john.doe@contoso.com · Sales · reports to Grace Hopper",
        ),
        choice(
            "john.doe2@contoso.com",
            "John Doe",
            "john.doe2@contoso.com · Finance · reports to Alan Turing",
        ),
        choice("jon.doe@contoso.com", "Jon Doe", "jon.doe@contoso.com · Warehouse"),
    ]
}

fn questions() -> Vec<(String, Message)> {
    let numbered = |n: u16| {
        choice(&format!("p{n}@contoso.com"), &format!("Person {n}"), &format!("p{n}@contoso.com"))
    };
    let which = question(Ask::WhichPerson, Some("john"), namesakes());
    let ten = question(Ask::WhichGroup, None, (1..=10).map(numbered).collect());
    let devices = question(Ask::WhichOne, Some("her laptop"), (1..=2).map(numbered).collect());
    let twelve = question(Ask::WhichLicence, None, (1..=12).map(numbered).collect());
    let long = "Regional Vice President of Very Long Titles in Europe, the Middle East and Africa";
    let long = question(
        Ask::WhichPerson,
        None,
        vec![
            choice("a@contoso.com", &format!("{long}, A"), &format!("a@contoso.com · {long}")),
            choice("b@contoso.com", &format!("{long}, B"), &format!("b@contoso.com · {long}")),
        ],
    );
    let nasty = question(
        Ask::WhichPerson,
        Some(NASTY),
        vec![
            choice("a@contoso.com", NASTY, NASTY),
            choice("b@contoso.com", FROM_RIGHT, FROM_RIGHT),
            choice("c@contoso.com", "", ""),
        ],
    );
    let answered = QuestionView { answered: namesakes().pop(), ..which.clone() };
    let over = QuestionView { over: Some("expired".to_owned()), ..which.clone() };
    let mut all = Vec::new();
    for (name, view) in [
        ("which-person", which),
        ("devices", devices),
        ("ten", ten),
        ("twelve", twelve),
        ("long", long),
        ("nasty", nasty),
        ("tenants", tenants::which()),
        ("answered", answered),
        ("over", over),
    ] {
        all.push((format!("question-{name}"), Message::Question(view.clone())));
        let of = Some(CardRef {
            place: Place {
                platform: Platform::Slack,
                realm: "T0CONTOSO".to_owned(),
                conversation: "C0HELPDESK".to_owned(),
                thread: None,
                kind: PlaceKind::Channel,
                service_url: None,
            },
            message: "1754302320.000200".to_owned(),
        });
        all.push((format!("form-{name}"), Message::QuestionForm(QuestionView { of, ..view })));
    }
    for (name, ask) in [
        ("whom", Ask::Whom),
        ("what-group", Ask::WhatGroup),
        ("what-licence", Ask::WhatLicence),
        ("what-message", Ask::WhatMessage),
        ("when", Ask::When),
        ("what-one", Ask::WhatOne),
        ("what-mailbox", Ask::WhatMailbox),
        ("what-address", Ask::WhatAddress),
        ("what-name", Ask::WhatName),
        ("what-number", Ask::WhatNumber),
        ("what-day", Ask::WhatDay),
    ] {
        all.push((
            format!("question-{name}"),
            Message::Question(question(ask, Some("him"), Vec::new())),
        ));
    }
    all
}

/// What `get_user` found.
pub fn user_facts() -> FactsView {
    let facts = [
        ("sign_in", "=allowed"),
        ("title", "Account Manager"),
        ("department", "Sales"),
        ("office", "Munich 3.14"),
        ("manager", "Grace Hopper (grace.hopper@contoso.com)"),
        ("mail", "john.doe@contoso.com"),
        ("synced", "=no"),
        ("last_password_change", "@2026-05-02T07:41:00Z"),
        ("sessions_valid_from", "@2026-05-02T07:41:00Z"),
    ];
    let lists = [
        ("licences", vec!["Microsoft 365 E3", "Power BI Pro (through Sales EMEA)"]),
        ("groups", vec!["Sales EMEA", "All Munich", "Fire wardens"]),
        ("roles", vec![]),
    ];
    let owned = |items: Vec<&str>| items.into_iter().map(str::to_owned).collect();
    FactsView {
        table: None,
        next: None,
        action: "get_user".to_owned(),
        title: "John Doe".to_owned(),
        subtitle: Some("john.doe@contoso.com".to_owned()),
        facts: facts.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        lists: lists.map(|(name, items)| (name.to_owned(), owned(items))).to_vec(),
        more: 0,
    }
}

fn facts() -> Vec<(String, Message)> {
    let mut nasty = user_facts();
    NASTY.clone_into(&mut nasty.title);
    nasty.subtitle = Some(FROM_RIGHT.to_owned());
    for (_, value) in &mut nasty.facts {
        value.clone_from(&nasty.title);
    }
    nasty.lists[0].1 = vec![NASTY.to_owned(), FROM_RIGHT.to_owned()];
    let mut long = user_facts();
    long.lists[1].1 =
        (1..=400).map(|n| format!("Project group number {n} of the tenant")).collect();
    long.more = 12;
    let mut rare = user_facts();
    rare.facts = [
        ("employee_id", "E-7"),
        ("usage_location", "DE"),
        ("user_type", "=guest"),
        ("sign_in", "=blocked"),
        ("last_password_change", "=unknown"),
        ("synced", "=yes"),
        ("title", "=not a word of ours"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    rare.lists.clear();
    let mut all: Vec<(String, Message)> = tables::samples();
    let own = [("user", user_facts()), ("nasty", nasty), ("long", long), ("rare", rare)];
    all.extend(own.map(|(name, view)| (format!("facts-{name}"), Message::Facts(view))));
    all
}

fn links() -> Vec<(String, Message)> {
    let view = SecretLinkView {
        number: Number(1042),
        what: "password".to_owned(),
        subject: person("John Doe", "john.doe@contoso.com"),
        link: "https://countersign.contoso.com/s/open#9vYt3q8Zk1sXw0Lr5nB7cD2fG4hJ6mPq".to_owned(),
        until: at("2026-08-04T15:00:00Z"),
    };
    let pass = SecretLinkView { what: "pass".to_owned(), ..view.clone() };
    let nasty = SecretLinkView { subject: person(NASTY, "o_neil@contoso.com"), ..view.clone() };
    let of = |what: &str| {
        let view = SecretLinkView { what: what.to_owned(), ..view.clone() };
        (format!("secret-link-{}", what.replace('_', "-")), Message::SecretLink(view))
    };
    let gone = |name: &str, what: &str, of: &str, gone| {
        let view = SecretGoneView {
            number: Number(1042),
            subject: person(of, "john.doe@contoso.com"),
            what: what.to_owned(),
            gone,
        };
        (format!("secret-gone-{name}"), Message::SecretGone(view))
    };
    let sign_in = |purpose| {
        Message::SignIn(SignInView {
            purpose,
            link: "https://countersign.contoso.com/sign-in/#9vYt3q8Zk1sXw0Lr5nB7cD2f".to_owned(),
            until: at("2026-08-03T09:10:00Z"),
        })
    };
    let step_up = |of: &str| SignInFor::StepUp {
        number: Number(1042),
        actions: vec!["reset_mfa".to_owned()],
        subjects: vec![person(of, "john.doe@contoso.com")],
    };
    let opened = Gone::Opened { at: at("2026-08-03T09:12:00Z") };
    let expired = Gone::Expired { at: at("2026-08-04T15:00:00Z") };
    let replaced = Gone::Replaced { at: at("2026-08-03T09:30:00Z") };
    vec![
        gone("replaced", "password", "John Doe", replaced),
        gone("opened", "password", "John Doe", opened),
        gone("expired", "password", "John Doe", expired),
        gone("opened-nasty", "password", NASTY, opened),
        gone("opened-pass", "pass", "John Doe", opened),
        gone("expired-pass", "pass", "John Doe", expired),
        gone("opened-app-secret", "app_secret", "John Doe", opened),
        gone("expired-app-secret", "app_secret", "John Doe", expired),
        gone("opened-answer", "graph_answer", "John Doe", opened),
        gone("expired-answer", "graph_answer", "John Doe", expired),
        gone("opened-invitation", "invitation_link", "John Doe", opened),
        gone("expired-invitation", "invitation_link", "John Doe", expired),
        of("app_secret"),
        of("graph_answer"),
        of("invitation_link"),
        ("sign-in-link".to_owned(), sign_in(SignInFor::Link)),
        ("sign-in-step-up".to_owned(), sign_in(step_up("John Doe"))),
        ("sign-in-nasty".to_owned(), sign_in(step_up(NASTY))),
        ("secret-link".to_owned(), Message::SecretLink(view)),
        ("secret-link-nasty".to_owned(), Message::SecretLink(nasty)),
        ("secret-link-pass".to_owned(), Message::SecretLink(pass)),
    ]
}

/// Pages of long plans, and of hostile ones.
fn pages() -> Vec<(String, Message)> {
    let page = |(name, view): (&str, RequestView)| {
        let steps = view.steps.into_iter().take(20).collect();
        let page = StepsView {
            number: view.number,
            actions: view.actions,
            steps,
            page: 1,
            pages: 25,
            fingerprint: view.fingerprint,
            rehearsed: name == "hundred-steps-ended",
        };
        (format!("steps-{name}"), Message::Steps(page))
    };
    extremes::extreme()
        .into_iter()
        .filter(|(name, _)| *name != "repeated-buttons")
        .map(page)
        .collect()
}

fn lists() -> Vec<(String, Message)> {
    let examples = [
        ("disable_user", "disable john.doe@contoso.com"),
        ("enable_user", "let John Doe sign in again"),
        ("reset_password", "reset the password for john.doe@contoso.com"),
        ("revoke_sessions", "sign John Doe out everywhere"),
        ("assign_license", "give John Doe a Microsoft 365 E3 licence"),
        ("remove_license", "take Power BI Pro away from John Doe"),
        ("add_to_group", "add John Doe to Sales EMEA"),
        ("remove_from_group", "remove John Doe from Sales EMEA"),
        ("set_out_of_office", "set an out of office for John Doe: “Back on Monday”"),
        ("get_user", "show john.doe@contoso.com"),
    ];
    let owned = |(action, example): (&str, &str)| (action.to_owned(), example.to_owned());
    let help = HelpView { actions: examples.map(owned).to_vec() };
    let states = [
        "pending",
        "clarifying",
        "approved",
        "scheduled",
        "running",
        "succeeded",
        "partly_failed",
        "failed",
        "in_doubt",
        "rejected",
        "expired",
        "cancelled",
        "superseded",
    ];
    let line = |(n, state): (usize, &str)| WaitingLine {
        number: Number(1042 - n as u64),
        actions: vec!["reset_password".to_owned(), "disable_user".to_owned()],
        subjects: vec![
            person(if n == 3 { NASTY } else { "John Doe" }, "john.doe@contoso.com"),
            person("Jane Roe", "jane.roe@contoso.com"),
        ],
        objects: Vec::new(),
        state: state.to_owned(),
    };
    let few = states[..1].iter().copied().enumerate().map(line).collect();
    let many = states.iter().copied().cycle().take(20).enumerate().map(line).collect();
    let waiting = |requests, more| Message::Waiting(WaitingView { requests, more });
    vec![
        ("help".to_owned(), Message::Help(help)),
        ("waiting-one".to_owned(), waiting(few, 0)),
        ("waiting-many".to_owned(), waiting(many, 7)),
        ("waiting-none".to_owned(), waiting(Vec::new(), 0)),
    ]
}
