//! The request card in every state.

use crate::domain::{
    chat::Verb,
    ids::Number,
    message::{Audience, Button, Message, RequestView, Signature, StepView},
    plan::{Note, Value, named},
    proposal::{Because, WITH_MODEL},
    quorum::{Circle, Needs, Quorum},
    samples::{at, batches, extremes, for_a_while, person, processes, reasons, token, waiting},
    step::StepState,
    trouble::Reason,
};

/// The samples of [`Message::Request`].
pub fn samples() -> Vec<(String, Message)> {
    let mut all: Vec<(&str, RequestView)> = vec![
        ("pending-reset", pending()),
        ("pending-reset-requester", for_requester(pending())),
        ("pending-confirm", confirm()),
        ("pending-two-actions", two_actions()),
        ("pending-two-signatures", two_signatures()),
        ("pending-stages", stages()),
        ("pending-every-change", every_change()),
    ];
    all.extend(waiting::samples());
    all.extend(processes::waiting());
    all.extend(batches::cards());
    all.extend(under_way());
    all.extend(ended());
    all.extend(extremes::extreme());
    all.into_iter().map(|(name, view)| (name.to_owned(), Message::Request(view))).collect()
}

pub(super) fn button(verb: Verb, style: &str, confirm: bool) -> Button {
    Button { verb, style: style.to_owned(), confirm }
}

pub(super) fn step(id: u16, kind: &str, names: &[(&str, &str)], values: Vec<Value>) -> StepView {
    StepView {
        id,
        kind: kind.to_owned(),
        names: named(names),
        values,
        state: StepState::Waiting,
        evidence: None,
        why: None,
        said_by: None,
        cannot_undo: None,
        secret_to: None,
        not_before: None,
        ends: false,
    }
}

/// "Reset the password of John Doe", waiting for the approvers: the ordinary case.
pub fn pending() -> RequestView {
    let tina = person("Tina Tech", "tina.tech@contoso.com");
    let user = ("user", "John Doe");
    let mut password = step(
        1,
        "set_password",
        &[user],
        vec![Value::new("password", "=unchanged_unknown", "=new_generated")],
    );
    password.cannot_undo = Some("password_replaced".to_owned());
    password.secret_to = Some(tina.clone());
    let mut sessions =
        step(2, "revoke_sessions", &[user], vec![Value::new("sessions", "=valid", "=ended")]);
    sessions.cannot_undo = Some("sessions_ended".to_owned());
    RequestView {
        audience: Audience::Approvers,
        number: Number(1042),
        state: "pending".to_owned(),
        tone: "waiting".to_owned(),
        actions: vec!["reset_password".to_owned()],
        brief: false,
        risk: None,
        requester: tina,
        subjects: vec![person("John Doe", "john.doe@contoso.com")],
        objects: Vec::new(),
        steps: vec![password, sessions],
        left_out: Vec::new(),
        batch: None,
        notes: vec![Note::new("revoking_takes_minutes", &[user])],
        rule: Note::new("approve", &[("count", "1"), ("of", "users")]),
        needs: None,
        missing: None,
        emergency: None,
        further: None,
        signed: Vec::new(),
        talk: Vec::new(),
        remark: None,
        stopped_by: None,
        until: Some(at("2026-08-04T15:00:00Z")),
        start_at: None,
        ended_at: None,
        because: vec![
            Because {
                words: "reset the password".to_owned(),
                gave: "action".to_owned(),
                quoted: false,
            },
            Because {
                words: "john.doe@contoso.com".to_owned(),
                gave: "user".to_owned(),
                quoted: false,
            },
        ],
        fingerprint: "3f9c0a77b2e1".to_owned(),
        buttons: vec![
            button(Verb::Approve, "primary", false),
            button(Verb::Reject, "danger", false),
        ],
        token: token(),
    }
}

pub(super) fn for_requester(mut view: RequestView) -> RequestView {
    view.audience = Audience::Requester;
    view.buttons = vec![button(Verb::Cancel, "plain", true)];
    view
}

fn confirm() -> RequestView {
    let mut view = for_requester(pending());
    view.rule = Note::new("confirm", &[]);
    view.buttons =
        vec![button(Verb::Confirm, "primary", true), button(Verb::Cancel, "plain", false)];
    view
}

pub(super) fn two_actions() -> RequestView {
    let user = ("user", "John Doe");
    let mut view = pending();
    view.actions = vec!["disable_user".to_owned(), "set_out_of_office".to_owned()];
    let mut sessions =
        step(2, "revoke_sessions", &[user], vec![Value::new("sessions", "=valid", "=ended")]);
    sessions.cannot_undo = Some("sessions_ended".to_owned());
    view.steps = vec![
        step(1, "disable_sign_in", &[user], vec![Value::new("sign_in", "=allowed", "=blocked")]),
        sessions,
        step(
            3,
            "set_automatic_replies",
            &[user],
            vec![
                Value::new("replies_status", "=off", "@2026-08-04T06:00:00Z/2026-08-14T16:00:00Z"),
                Value::new(
                    "replies_internal",
                    "=none",
                    "I have left Contoso. Please write to grace.hopper@contoso.com.",
                ),
                Value::new("replies_audience", "=nobody_outside", "=everybody"),
            ],
        ),
    ];
    view.start_at = Some(at("2026-08-04T16:00:00Z"));
    view.notes.push(Note::new("sessions_live_on", &[user]));
    view.because.push(Because {
        words: "please disable him on Friday, he leaves".to_owned(),
        gave: "start_at".to_owned(),
        quoted: true,
    });
    view.because.push(Because {
        words: "he will be off our books".to_owned(),
        gave: WITH_MODEL.to_owned(),
        quoted: false,
    });
    view
}

fn two_signatures() -> RequestView {
    let mut view = pending();
    view.rule = Note::new("privileged", &[("count", "2"), ("of", "passwords_and_security")]);
    view.signed = vec![signature(Some("Called him back on the number we know."))];
    let from = Circle::Areas { of: vec!["passwords_and_security".to_owned()] };
    view.missing = Some(Needs::Signatures { count: 1, from });
    view
}

/// Several sets of people, one stage after another.
fn stages() -> RequestView {
    let set = |count, name: &str| Needs::Signatures {
        count,
        from: Circle::Set { name: name.to_owned() },
    };
    let manager = Needs::Signatures {
        count: 1,
        from: Circle::Manager {
            who: person("Samir Nadar", "samir.nadar@contoso.com"),
            of: person("John Doe", "john.doe@contoso.com"),
        },
    };
    let areas = Circle::Areas { of: vec!["passwords_and_security".to_owned()] };
    let either = Needs::Any(vec![set(1, "security"), manager]);
    let mut view = pending();
    view.rule = Note::new("quorum", &[("rule", "2 of it-leads and (security or …)")]);
    view.needs = Some(Quorum {
        stages: vec![
            Needs::All(vec![set(2, "it-leads"), either.clone()]),
            Needs::Signatures { count: 1, from: areas },
        ],
        at_least: 5,
    });
    let grace = person("Grace Hopper", "grace.hopper@contoso.com");
    view.signed = vec![Signature { instead_of: Some(grace), ..signature(None) }];
    view.missing = Some(Needs::All(vec![set(1, "it-leads"), either]));
    view
}

pub(super) fn signature(note: Option<&str>) -> Signature {
    Signature {
        beforehand: false,
        stepped_up: false,
        by: person("Anna Approver", "anna.approver@contoso.com"),
        at: at("2026-08-03T09:12:00Z"),
        note: note.map(str::to_owned),
        instead_of: None,
    }
}

/// Every kind of change and every note that an action may give.
pub(super) fn every_change() -> RequestView {
    let (user, group) = (("user", "John Doe"), ("group", "Sales EMEA"));
    let mut view = pending();
    let e3 = "Microsoft 365 E3";
    view.steps = vec![
        step(1, "enable_sign_in", &[user], vec![Value::new("sign_in", "=blocked", "=allowed")]),
        step(
            2,
            "set_licences",
            &[user, ("add", e3)],
            vec![Value::new("licence", "=not_assigned", "=assigned")],
        ),
        step(
            3,
            "set_licences",
            &[user, ("add", e3), ("remove", "Office 365 E1")],
            vec![Value::new("licences", "Office 365 E1", e3)],
        ),
        step(
            4,
            "set_licences",
            &[user, ("remove", e3)],
            vec![Value::new("licence", "=assigned", "=none")],
        ),
        step(
            5,
            "add_member",
            &[user, group],
            vec![Value::new("membership", "=not_member", "=member")],
        ),
        step(
            6,
            "remove_member",
            &[user, group],
            vec![Value::new("membership", "=member", "=not_member")],
        ),
        step(
            7,
            "set_automatic_replies",
            &[user],
            vec![
                Value::new("replies_status", "=off", "=on"),
                Value::new("replies_external", "=none", "Away until Monday"),
                Value::new("replies_audience", "=contacts_only", "=everybody"),
            ],
        ),
        step(8, "set_password", &[user], vec![Value::new("must_change", "=no", "=yes")]),
        step(9, "disable_sign_in", &[user], vec![Value::new("sign_in", "=unknown", "=blocked")]),
        step(10, "revoke_sessions", &[user], Vec::new()),
    ];
    view.actions = [
        "enable_user",
        "assign_license",
        "remove_license",
        "add_to_group",
        "remove_from_group",
        "set_out_of_office",
        "reset_password",
        "disable_user",
        "revoke_sessions",
    ]
    .map(str::to_owned)
    .to_vec();
    view.rule =
        Note::new("approve", &[("count", "1"), ("of", "users, licences, groups, mailboxes")]);
    view.notes = super::others::notes().into_iter().take(12).collect();
    view
}

fn state(mut view: RequestView, state: &str, tone: &str) -> RequestView {
    state.clone_into(&mut view.state);
    tone.clone_into(&mut view.tone);
    view.buttons = Vec::new();
    view.until = None;
    view
}

pub(super) fn signed(view: RequestView, name: &str, tone: &str) -> RequestView {
    let mut view = state(view, name, tone);
    view.signed = vec![signature(None)];
    view
}

pub(super) fn ends(view: &mut RequestView, states: &[StepState]) {
    for (step, state) in view.steps.iter_mut().zip(states) {
        step.state = *state;
        if *state == StepState::Done {
            let trace = matches!(step.kind.as_str(), "set_password" | "revoke_sessions");
            step.evidence = Some(if trace { "trace" } else { "state" }.to_owned());
        }
    }
}

fn under_way() -> Vec<(&'static str, RequestView)> {
    use StepState::{Done, Started, Verifying, Waiting};
    let approved = signed(pending(), "approved", "working");
    let mut scheduled = for_requester(pending());
    scheduled.buttons.clear();
    let mut scheduled = signed(scheduled, "scheduled", "waiting");
    scheduled.start_at = Some(at("2026-10-25T00:30:00Z"));
    scheduled.buttons = vec![button(Verb::Cancel, "plain", true)];
    let mut running = signed(two_actions(), "running", "working");
    running.start_at = None;
    ends(&mut running, &[Done, Verifying, Started]);
    running.buttons = vec![button(Verb::Stop, "danger", true)];
    let mut stopping = running.clone();
    ends(&mut stopping, &[Done, Verifying, Waiting]);
    stopping.stopped_by = Some(person("Tina Tech", "tina.tech@contoso.com"));
    stopping.buttons.clear();
    vec![
        ("approved", approved),
        ("scheduled", scheduled),
        ("running", running),
        ("stopping", stopping),
        ("given", for_a_while::given()),
    ]
}

fn ended() -> Vec<(&'static str, RequestView)> {
    use StepState::{AlreadySo, Done, Failed, InDoubt, Skipped};
    let ended_at = Some(at("2026-08-03T09:12:31Z"));
    let mut done = signed(pending(), "succeeded", "good");
    ends(&mut done, &[Done, Done]);
    done.ended_at = ended_at;
    let mut undoable = signed(two_actions(), "succeeded", "good");
    ends(&mut undoable, &[AlreadySo, Done, Done]);
    undoable.steps[2].evidence = Some("answer".to_owned());
    undoable.signed = vec![signature(Some("Agreed with HR."))];
    undoable.start_at = None;
    undoable.ended_at = ended_at;
    undoable.buttons = vec![button(Verb::Undo, "plain", false)];
    let mut partly = signed(two_actions(), "partly_failed", "bad");
    partly.start_at = None;
    ends(&mut partly, &[Done, Done, Failed]);
    partly.steps[2].why = Some(Reason::NotPossible { what: "John Doe has no mailbox".to_owned() });
    partly.ended_at = ended_at;
    partly.buttons =
        vec![button(Verb::Retry, "primary", false), button(Verb::Restore, "plain", true)];
    let mut failed = signed(pending(), "failed", "bad");
    ends(&mut failed, &[Failed, Skipped]);
    failed.steps[0].why = reasons::all().into_iter().rev().nth(1);
    failed.ended_at = ended_at;
    failed.buttons = vec![button(Verb::Retry, "primary", false)];
    let mut doubt = signed(pending(), "in_doubt", "warning");
    ends(&mut doubt, &[InDoubt, Done]);
    let unseen = "Microsoft accepted it, and reading it back does not show it yet";
    doubt.steps[0].why = Some(Reason::NotPossible { what: unseen.to_owned() });
    doubt.ended_at = ended_at;
    doubt.buttons = vec![
        button(Verb::CheckAgain, "primary", false),
        button(Verb::Happened, "plain", true),
        button(Verb::DidNot, "plain", true),
    ];
    let mut said = doubt.clone();
    said.steps[0].state = Done;
    said.steps[0].why = None;
    said.steps[0].said_by = Some("Anna Approver".to_owned());
    let said = RequestView { buttons: Vec::new(), ..state(said, "succeeded", "good") };
    let mut rejected = state(pending(), "rejected", "quiet");
    rejected.remark = Some("He is on holiday; somebody else is calling in his name.".to_owned());
    rejected.signed = vec![signature(None)];
    rejected.ended_at = ended_at;
    vec![
        ("succeeded", done),
        ("succeeded-undo", undoable),
        ("partly-failed", partly),
        ("failed", failed),
        ("in-doubt", doubt),
        ("doubt-answered", said),
        ("rejected", rejected),
        ("expired", state(pending(), "expired", "quiet")),
        ("cancelled", state(for_requester(pending()), "cancelled", "quiet")),
        ("superseded", state(pending(), "superseded", "quiet")),
        ("clarifying", state(pending(), "clarifying", "waiting")),
    ]
}
