//! What must be true of a request's life, wherever the process died.

use countersign::{
    audit::Verifier,
    domain::{
        chat::Verb,
        decision::Approved,
        ids::{Number, StepId},
        request::{Request, Stage},
    },
    ports::store::{Head, Recorded},
};
use serde_json::Value;

use super::{
    Ending, Life,
    room::{APPROVERS_READ, Room, SLACK_PLACES, has},
};
use crate::stage::{card_text, shown};

/// Checks everything; gives how many cards Teams holds twice.
pub async fn check(room: &Room, life: &Life, number: Number, facts_before: u64) -> usize {
    let request = room.request(number).await.expect("the words were acknowledged, so it is there");
    let ending = life.ending;
    assert_eq!(request.stage.name(), ending.stage(), "{number} ended otherwise: {request:?}");
    tenant(room, life, &request).await;
    let twice = cards(room, ending, number, &SLACK_PLACES);
    no_lock_is_left(room);
    link(room, life, number).await;
    record(room, life, &request, facts_before).await;
    twice
}

/// Each effect once, by a genuine approval of exactly this plan.
async fn tenant(room: &Room, life: &Life, request: &Request) {
    let effects = room.stage.effects();
    assert_eq!(effects, life.effects, "what the tenant felt");
    let house = room.stage.house();
    let votes = house.store.votes(&request.id, request.revision).await.unwrap();
    if !effects.is_empty() {
        let plan = house.store.plan(&request.id, request.revision).await.unwrap().unwrap();
        let proof = Approved::check(plan, &request.requester.id, &votes, &house.desk.votes);
        assert!(proof.is_some(), "it ran without a genuine approval");
    }
    match request.stage {
        Stage::Succeeded { .. } | Stage::Rejected { .. } => assert_eq!(votes.len(), 1),
        _ => assert_eq!(votes.len(), 0),
    }
}

/// Every copy shows the end. In Slack each stands once; Teams has no way to look for
/// an earlier try, so there the newest counts and older ones are tolerated.
pub fn cards(room: &Room, ending: Ending, number: Number, places: &[&str]) -> usize {
    let headline = ending.headline();
    for place in places {
        let cards = room.slack_cards(place, number);
        assert_eq!(cards.len(), 1, "{number} stands once in {place}");
        let text = shown(&cards[0]);
        assert!(text.contains(headline), "{number} in {place} does not show {headline:?}: {text}");
        assert!(!has(cards[0].blocks.as_ref(), Verb::Approve), "{number} still asks in {place}");
    }
    let mut twice = 0;
    for who in APPROVERS_READ {
        let cards = room.teams_cards(who, number);
        let newest = cards.last().unwrap_or_else(|| panic!("{number} is not in Teams of {who}"));
        let text = card_text(newest);
        assert!(text.contains(headline), "{number} in Teams of {who}: {text}");
        assert!(!has(newest.card.as_ref(), Verb::Approve), "{number} still asks {who}");
        twice += cards.len() - 1;
    }
    twice
}

fn rows(room: &Room, table: &str) -> i64 {
    let path = room.stage.folder.path().join("countersign.db");
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(path, flags).unwrap();
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

pub fn no_lock_is_left(room: &Room) {
    assert_eq!(rows(room, "resource_lock"), 0, "a lock is left");
}

/// Exactly one link works, once, and behind it is the password the tenant has.
pub async fn link(room: &Room, life: &Life, number: Number) {
    let direct = room.stage.slack.direct(&crate::stage::slack_id("tina.tech"));
    let named = format!("(#{})", number.0);
    let messages = room.stage.bot_said(&direct);
    let of_it: Vec<_> = messages.iter().filter(|m| m.text.contains(&named)).collect();
    let Some(user) = life.password_of else {
        assert!(of_it.is_empty(), "no link was promised: {of_it:?}");
        return;
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut working = 0;
    for message in &of_it {
        let blocks = message.blocks.as_ref().unwrap().to_string();
        let token = blocks.split("/s/#").nth(1).expect("a link").chars().take(64);
        let token: String = token.collect();
        for _ in 0..2 {
            let opened = http
                .post(format!("{}/s/open", room.stage.base))
                .json(&serde_json::json!({ "token": token }))
                .send()
                .await
                .unwrap();
            if opened.status() != 200 {
                assert_eq!(opened.status(), 410, "a link that was opened is gone");
                continue;
            }
            working += 1;
            let body: Value = opened.json().await.unwrap();
            let secret = body["secret"].as_str().unwrap();
            assert!(room.stage.world.password_is(user, secret), "it is another password");
        }
    }
    assert_eq!(of_it.len(), 1, "the requester got one message with a link");
    assert_eq!(working, 1, "one link works, once");
    assert_eq!((rows(room, "secret"), rows(room, "secret_link")), (0, 0), "a secret is left");
}

/// The record verifies, and tells of each effect before and after.
pub async fn record(room: &Room, life: &Life, request: &Request, from: u64) {
    let house = room.stage.house();
    let facts = house.store.record(from, 10_000).await.unwrap();
    let of_it: Vec<(String, Option<Value>)> =
        facts.iter().filter_map(|f| told(f, request)).collect();
    let count = |kind: &str| of_it.iter().filter(|(known, _)| known == kind).count();
    let story = of_it.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>();
    assert_eq!(count("request.asked"), 1, "{story:?}");
    match life.ending {
        Ending::Done => {
            let signed = count("request.approved") + count("request.scheduled");
            assert_eq!((count("vote.cast"), signed), (1, 1), "{story:?}");
            assert_eq!((count("run.started"), count("run.ended")), (1, 1), "{story:?}");
            for step in house.store.steps(&request.id).await.unwrap() {
                let (begun, ended) =
                    (about("step.started", step.id, &of_it), about("step.ended", step.id, &of_it));
                assert!(begun >= 1 && ended == 1, "step {} {begun} {ended}: {story:?}", step.id.0);
            }
        }
        Ending::Rejected => assert_eq!(count("request.rejected"), 1, "{story:?}"),
        Ending::Cancelled => assert_eq!(count("request.cancelled"), 1, "{story:?}"),
        Ending::Expired => assert_eq!(count("request.expired"), 1, "{story:?}"),
    }
}

fn about(kind: &str, step: StepId, facts: &[(String, Option<Value>)]) -> usize {
    let is = |(known, payload): &&(String, Option<Value>)| {
        known == kind && payload.as_ref().is_some_and(|payload| payload["step"] == step.0)
    };
    facts.iter().filter(is).count()
}

fn told(fact: &Recorded, request: &Request) -> Option<(String, Option<Value>)> {
    let header: Value = serde_json::from_slice(&fact.header).unwrap();
    if header["request"] != serde_json::json!(request.id) {
        return None;
    }
    let payload = fact.said().map(|said| serde_json::from_slice(said).unwrap());
    Some((header["kind"].as_str().unwrap().to_owned(), payload))
}

/// The whole record, against its newest head.
pub async fn whole_record(room: &Room) -> u64 {
    let house = room.stage.house();
    let head: Option<Head> = house.store.head().await.unwrap();
    let mut verifier =
        Verifier::new(head.into_iter().collect(), &house.signing_key().public()).unwrap();
    let mut seq = 0;
    loop {
        let facts = house.store.record(seq, 1_000).await.unwrap();
        if facts.is_empty() {
            break;
        }
        for fact in &facts {
            verifier.next(fact).unwrap();
            seq += 1;
        }
    }
    verifier.finish().unwrap().tree.size()
}
