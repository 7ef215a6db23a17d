//! E2: what the tenant felt, what the steps say, and what the record tells, compared one by one,
//! over requests that meet faults. No effect without a word before it, and no word of success
//! without an effect.

use std::collections::{BTreeMap, BTreeSet};

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    assure::{Dice, figure, times},
    stage::{APPROVALS, HELPDESK, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xE2;
/// So many requests in one house; then another is built.
const IN_A_HOUSE: u32 = 40;

/// What is asked for.
fn wish(dice: &mut Dice, round: u32) -> String {
    let people = ["john.doe", "jane.roe"];
    let who = format!("{}@contoso.com", people[dice.place(people.len())]);
    let all = [
        format!("revoke the sessions of {who}"),
        format!("reset the password for {who}"),
        format!("change the job title of {who} to Title{round}"),
        format!("change the office of {who} to Room{round} and revoke the sessions of {who}"),
        format!("set an out of office for {who} saying \"Back in {round} days\""),
    ];
    all[dice.place(all.len())].clone()
}

/// What goes wrong on the way, if anything does.
fn fault(stage: &Stage, dice: &mut Dice) {
    stage.world.faults().clear();
    let status = |status: u16, after_effect: bool| FaultKind::Status {
        status,
        retry_after: RetryAfter::default(),
        after_effect,
    };
    let kinds = [
        status(500, false),
        status(503, true),
        status(400, false),
        status(429, false),
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::CutBefore,
        FaultKind::CutAfter,
        FaultKind::MissingItem,
    ];
    let kind = kinds[dice.place(kinds.len())].clone();
    let (method, path) =
        [("PATCH", "/v1.0/users/*"), ("POST", "/v1.0/users/*"), ("POST", "/v1.0/$batch")]
            [dice.place(3)];
    if dice.roll(3) > 0 {
        let often = 1 + u32::try_from(dice.roll(4)).unwrap();
        stage.world.faults().push(Fault::once(method, path, kind).times(Some(often)));
    }
}

/// Of the record: the calls that were announced, and how the steps ended, by their calls.
async fn told(stage: &Stage) -> (BTreeSet<String>, Vec<(Vec<String>, String)>) {
    stage.keep_record().await;
    let record = stage.house().store.record(0, 100_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let mut announced = BTreeSet::new();
    let mut calls: BTreeMap<(String, u64), Vec<String>> = BTreeMap::new();
    let mut ended = Vec::new();
    for fact in &record {
        let (header, payload) = (read(&fact.header), read(fact.said().unwrap()));
        let Some(step) = payload["step"].as_u64() else { continue };
        let of = (header["request"].as_str().unwrap().to_owned(), step);
        match header["kind"].as_str().unwrap() {
            "step.started" => {
                let call = payload["call"].as_str().unwrap().to_owned();
                announced.insert(call.clone());
                calls.entry(of).or_default().push(call);
            }
            "step.ended" => {
                let outcome = payload["outcome"].as_str().unwrap().to_owned();
                ended.push((calls.get(&of).cloned().unwrap_or_default(), outcome));
            }
            _ => {}
        }
    }
    (announced, ended)
}

/// Ledger and record say the same.
async fn agree(stage: &Stage, begun: &str) {
    let (announced, ended) = told(stage).await;
    let ledger = stage.world.ledger();
    for effect in &ledger {
        assert!(
            announced.contains(&effect.client_request_id),
            "{begun}: {} of {} was announced nowhere",
            effect.what,
            effect.client_request_id
        );
    }
    let felt: BTreeSet<&str> = ledger.iter().map(|one| one.client_request_id.as_str()).collect();
    for (calls, outcome) in &ended {
        let has_effect = calls.iter().any(|call| felt.contains(call.as_str()));
        match outcome.as_str() {
            "done" => assert!(has_effect, "{begun}: done without an effect: {calls:?}"),
            "already_so" | "skipped" => {
                assert!(!has_effect || outcome == "already_so", "{begun}: {outcome}: {calls:?}");
            }
            _ => {}
        }
    }
    assert!(!ledger.is_empty() && ended.len() > 5, "{begun}: something happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_no_effect_without_a_record_and_no_record_of_success_without_an_effect() {
    let (tried, mut dice) = (times(24, 1_000), Dice(SEED));
    let mut stage = Stage::new().await;
    for at in 0..tried {
        let begun = format!("up to request {at}, seed {SEED:#x}");
        if at > 0 && at.is_multiple_of(IN_A_HOUSE) {
            agree(&stage, &begun).await;
            stage = Stage::new().await;
        }
        let wish = wish(&mut dice, at);
        stage.says("tina.tech", &wish).await;
        assert!(
            stage.with_button(APPROVALS, Verb::Approve).is_some(),
            "{begun}: {wish}: {}",
            stage.newest(HELPDESK)
        );
        fault(&stage, &mut dice);
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        stage.world.faults().clear();
        stage.pass(SignedDuration::from_mins(10)).await;
    }
    agree(&stage, &format!("all {tried}, seed {SEED:#x}")).await;
    let what = "requests that met faults; effects, steps and record agree one by one";
    figure("E2", what, tried, SEED);
}
