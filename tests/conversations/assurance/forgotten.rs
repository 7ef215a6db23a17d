//! E4: people are forgotten, one after the other. What was said of them is gone, and the record
//! is whole after each.

use std::collections::BTreeSet;

use countersign::{
    adapters::store::forget::Forgetting,
    audit::{SigningKey, Verifier},
    domain::chat::Verb,
    ports::store::Payload,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    stage::{APPROVALS, Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xE4;
/// So many people in one house; then another is built.
const IN_A_HOUSE: u32 = 100;

fn upn(nth: u32) -> String {
    format!("zz{nth}.forgotten@contoso.com")
}

/// A house in which something was done about each of these people, and recorded.
async fn lived(people: u32) -> Stage {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for nth in 0..people {
        file["users"].as_array_mut().unwrap().push(json!({
            "upn": upn(nth), "displayName": format!("Zz{nth} Forgotten"), "mail": upn(nth),
            "userType": "Member", "accountEnabled": true, "department": "Sales",
        }));
    }
    let settings = Settings {
        directory: Some(file.to_string()),
        more: "[policy.limits]\ncards_in_ten_minutes = 0\n".to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    for nth in 0..people {
        stage.says("tina.tech", &format!("revoke the sessions of {}", upn(nth))).await;
        let verb = if nth.is_multiple_of(3) { Verb::Reject } else { Verb::Approve };
        stage.presses("anna.approver", APPROVALS, verb).await;
        stage.pass(SignedDuration::from_secs(5)).await;
    }
    stage.keep_record().await;
    stage
}

/// The whole record against its newest head: how many payloads are gone, and what is left said.
async fn verified(stage: &Stage, told: &str) -> (u64, String) {
    stage.keep_record().await;
    let store = &stage.house().store;
    let key = SigningKey::new(&stage.keys.signing).public();
    let head = store.head().await.unwrap();
    let mut verifier = Verifier::new(head.into_iter().collect(), &key).unwrap();
    let facts = store.record(0, 100_000).await.unwrap();
    let mut said = String::new();
    for fact in &facts {
        verifier.next(fact).unwrap_or_else(|broken| panic!("{told}: {broken}"));
        if let Payload::Kept { text, .. } = &fact.payload {
            said.push_str(&String::from_utf8_lossy(text));
        }
    }
    let whole = verifier.finish().unwrap_or_else(|broken| panic!("{told}: {broken}"));
    (whole.forgotten, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn e4_people_are_forgotten_and_the_record_is_whole_after_each() {
    let (tried, mut dice) = (times(10, 1_000), Dice(SEED));
    for first in (0..tried).step_by(IN_A_HOUSE as usize) {
        let people = IN_A_HOUSE.min(tried - first);
        let stage = lived(people).await;
        let store = stage.house().store.clone();
        let mut left: Vec<u32> = (0..people).collect();
        let mut gone: BTreeSet<u32> = BTreeSet::new();
        let mut before = 0;
        while !left.is_empty() {
            let nth = left.swap_remove(dice.place(left.len()));
            let told = format!("{} of {first}, seed {SEED:#x}", upn(nth));
            let known = store.acquaintances(&upn(nth)).await.unwrap();
            let [who] = known.as_slice() else { panic!("{told}: {known:?}") };
            let done = store.forget(who, true).await.unwrap();
            assert!(matches!(done, Forgetting::Done { .. }), "{told}: {done:?}");
            gone.insert(nth);
            let (forgotten, said) = verified(&stage, &told).await;
            assert!(forgotten > before, "{told}: {forgotten} payloads are gone");
            before = forgotten;
            assert!(!said.contains(&upn(nth)), "{told}: is still spoken of");
            for other in left.iter().take(3) {
                assert!(said.contains(&upn(*other)), "{told}: so is {other}");
            }
        }
    }
    let what = "people forgotten, one after the other; the record is whole after each";
    figure("E4", what, tried, SEED);
}
