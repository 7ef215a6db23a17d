//! People, plans and requests for the tests of the store.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use countersign::{
    domain::{
        change::{AccountChange, PasswordChange, Sight},
        chat::{ChatUser, Place, PlaceKind, Platform},
        decision::{Choice, Rule, Vote, VoteKey},
        fact::{Fact, Header},
        ids::{Nonce, Number, RequestId, StepId, TenantId, UserId},
        message::{Audience, Message, SorryView},
        plan::{Draft, FORMAT, Frozen, Note, Plan, Value},
        request::{Origin, Request, RequestKind, Stage, Verdict},
        step::StepRun,
        trouble::Reason,
        users::PersonRef,
    },
    ports::{
        clock::Clock,
        store::{Copy, Say, SayTo, Turn},
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

/// A clock that stands still, with dice that never repeat.
#[derive(Debug, Default)]
pub struct Still(AtomicU64);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        minute(0)
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            let random = countersign::domain::ids::Digest::of(&count).0;
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

pub fn clock() -> Arc<Still> {
    Arc::new(Still::default())
}

/// Noon, and so many minutes.
pub fn minute(minutes: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    noon + SignedDuration::from_mins(minutes)
}

pub fn tenant(n: u128) -> TenantId {
    TenantId::from(Uuid::from_u128(0xC0 << 64 | n))
}

pub fn user(n: u128) -> UserId {
    tenant(1).object(Uuid::from_u128(0xADA << 64 | n))
}

/// A name and a sign-in name that a byte search can find.
pub fn person(n: u128) -> PersonRef {
    PersonRef {
        id: user(n),
        name: format!("Canaria Finkelstein {n}"),
        upn: format!("canaria.finkelstein{n}@contoso.com").parse().unwrap(),
    }
}

pub fn chat_user() -> ChatUser {
    ChatUser { platform: Platform::Slack, realm: "T1".into(), id: "U1".into(), address: None }
}

pub fn place(conversation: &str) -> Place {
    Place {
        platform: Platform::Slack,
        realm: "T1".into(),
        conversation: conversation.into(),
        thread: None,
        kind: PlaceKind::Channel,
        service_url: None,
    }
}

pub fn request_id(n: u128) -> RequestId {
    RequestId(Uuid::from_u128(0x42 << 64 | n))
}

/// A request as it is when it was just asked.
pub fn request(n: u128) -> Request {
    Request {
        id: request_id(n),
        number: Number(0),
        tenant: tenant(1),
        version: 0,
        kind: RequestKind::Change,
        parent: None,
        requester: person(1),
        subjects: vec![person(2)],
        objects: Vec::new(),
        origin: Origin {
            place: place("C1"),
            by: chat_user(),
            message: None,
            own_words: true,
            alone: false,
            client: None,
        },
        proposals: Vec::new(),
        stage: Stage::Clarifying { open: Vec::new(), until: minute(60) },
        revision: 0,
        digest: None,
        verdict: None,
        asked_at: minute(0),
        due_at: Some(minute(60)),
        stopped_by: None,
        emergency: None,
        escalated: None,
        caller: None,
        in_force: None,
        under: None,
        talk: Vec::new(),
        anew: None,
        progress: None,
    }
}

/// The same, signed and due.
pub fn approved(n: u128) -> Request {
    let stage = Stage::Approved { by: vec![person(3)], at: minute(1) };
    Request { stage, due_at: Some(minute(1)), ..request(n) }
}

pub fn frozen(n: u128, revision: u32) -> Frozen {
    let mut draft = Draft::about(person(2));
    draft.step(
        AccountChange::DisableSignIn { user: user(2).into() },
        &[("user", "Canaria Finkelstein 2")],
        vec![Value::new("sign_in", "=on", "=off")],
    );
    draft.step(PasswordChange::RevokeSessions { user: user(2).into() }, &[], Vec::new());
    let Draft { subjects, objects, steps, notes, .. } = Plan::join(vec![draft]);
    Frozen::of(&Plan {
        format: FORMAT,
        tenant: tenant(1),
        request: request_id(n),
        revision,
        parts: Vec::new(),
        subjects,
        objects,
        steps,
        left_out: Vec::new(),
        standing: None,
        rows: None,
        notes,
        rule: rule(),
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
        expires_at: minute(30),
        start_at: None,
    })
    .unwrap()
}

pub fn rule() -> Rule {
    Rule::Approve { count: 1, of: vec!["users".into()] }
}

/// A request that waits for signatures, and its plan.
pub fn pending(n: u128) -> (Request, Frozen) {
    let frozen = frozen(n, 1);
    let why = Note::new("second_person", &[]);
    let verdict = Verdict { rule: rule(), why, policy: "p1".into() };
    (request(n).propose(&frozen, verdict).unwrap(), frozen)
}

pub fn vote(frozen: &Frozen, voter: u128) -> Vote {
    let vote = Vote {
        request: frozen.plan().request,
        revision: frozen.plan().revision,
        digest: frozen.digest(),
        voter: person(voter),
        choice: Choice::Approve,
        door: Platform::Teams,
        note: Some("Canaria Finkelstein may go".into()),
        at: minute(2),
        capacity: None,
        instead_of: None,
        emergency: false,
        beforehand: None,
        whole: None,
        step_up: None,
        recognised: None,
        mac: Vec::new(),
    };
    vote.sealed(&rule(), &VoteKey::new(&[7; 32]))
}

pub fn run(step: u16) -> StepRun {
    let seen = |enabled| {
        Some(Sight::User { enabled, password_changed_at: None, sessions_valid_from: None })
    };
    let mut run = StepRun::new(StepId(step));
    run.before = seen(true);
    run.seen = seen(false);
    run.attempts = 1;
    run.intent_at = Some("2026-11-21T12:03:00.123456789Z".parse().unwrap());
    run.call = Some("call-1".into());
    run.why = Some(Reason::NoSuchPerson { name: "Canaria Finkelstein".into() });
    run.outputs = [("user".to_owned(), "canaria.finkelstein@contoso.com".to_owned())].into();
    run
}

pub fn fact(n: u128, subject: &str) -> Fact {
    Fact {
        header: Header {
            id: Uuid::from_u128(0xFAC7 << 64 | n),
            tenant: tenant(1),
            request: Some(request_id(1)),
            kind: "request.asked".into(),
            at: minute(0),
            digest: None,
        },
        payload: json!({ "who": "Canaria Finkelstein", "n": n.to_string() }),
        subject: subject.to_owned(),
    }
}

/// The same in a conversation of its own.
pub fn say_in(conversation: &str, n: u128) -> Say {
    Say { to: SayTo::Place { place: place(conversation) }, ..say(n) }
}

pub fn say(n: u128) -> Say {
    let reason = Reason::NoSuchPerson { name: "Canaria Finkelstein".into() };
    Say {
        id: Uuid::from_u128(0x5A1 << 64 | n),
        to: SayTo::Place { place: place("C1") },
        what: Message::Sorry(SorryView { reason }),
    }
}

pub fn copy(n: u128, of: u128) -> Copy {
    Copy {
        id: Uuid::from_u128(0xC0B1 << 64 | n),
        request: request_id(of),
        audience: Audience::Approvers,
        to: SayTo::Person { user: chat_user() },
        nonce: Nonce::new([0xAB; 16]),
        card: None,
        gathered: None,
    }
}

/// A turn that writes this request as new.
pub fn asked(request: Request) -> Turn {
    Turn { at: minute(0), requests: vec![(request, None)], ..Turn::default() }
}

/// A turn that writes this request over the version it has.
pub fn changed(request: Request) -> Turn {
    let version = request.version;
    Turn { at: minute(1), requests: vec![(request, Some(version))], ..Turn::default() }
}
