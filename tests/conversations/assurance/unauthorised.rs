//! A5: everybody who may not, by every way in. Nothing is asked for, nothing decided.

use countersign::{
    domain::{chat::Verb, ids::Number},
    sim::microsoft::DEMO_CLIENT_ID,
};
use jiff::SignedDuration;
use ring::digest::{SHA256, digest};

use super::{
    entries::{self, Entry, TOKEN, Ways},
    outsiders::{self, Why, named, room},
};
use crate::{
    assure::{Dice, figure, times},
    attacks::state,
    stage::{HELPDESK, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xA5;
/// What waits, meanwhile.
const WAITS: &str = "disable john.doe@contoso.com";
/// After so many it is asked for anew, before its time is over.
const A_WHILE: u32 = 600;

fn programs() -> String {
    let sha = hex::encode(digest(&SHA256, TOKEN.as_bytes()));
    format!(
        "[api.clients.desk-tool]\ntoken_sha256 = \"{sha}\"\non_behalf_of = true\n\
         areas = [\"users\", \"passwords_and_security\"]\nper_minute = 600\n"
    )
}

/// Somebody is deleted in the directory, past the bot.
async fn deleted(stage: &Stage, upn: &str) {
    let token = stage.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let id = stage.world.user(upn).unwrap()["id"].as_str().unwrap().to_owned();
    let address = format!("{}/v1.0/users/{id}", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.delete(address).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

/// Each way in is open to those who may: what it asks for waits, what it decides is decided.
async fn every_way_is_open(stage: &Stage, ways: &Ways) -> u64 {
    let mut number = 1_000;
    for (nth, entry) in entries::ALL.into_iter().enumerate() {
        if matches!(entry, Entry::SlackShortcut | Entry::SlackMessageShortcut) {
            continue;
        }
        number += 1;
        let nth = 1_000_000 + nth as u64;
        if entry.decides() {
            stage.says("tina.tech", WAITS).await;
            ways.taken(stage, entry, "anna.approver", Why::NoRights, nth).await;
            stage.settle().await;
            let ended = state(stage, number).await;
            let yes = !matches!(entry, Entry::SlackReject | Entry::TeamsReject);
            assert_eq!(ended, if yes { "succeeded" } else { "rejected" }, "{entry:?}");
        } else {
            ways.taken(stage, entry, "tina.tech", Why::NoRights, nth).await;
            stage.settle().await;
            assert_eq!(state(stage, number).await, "pending", "{entry:?}");
            let by = stage.house().store.numbered(&stage.tenant(), Number(number)).await.unwrap();
            assert_eq!(by.unwrap().requester.name, "Tina Tech", "{entry:?}");
        }
        stage.world.reset();
        stage.house().desk.known.forget();
        stage.clock.pass(SignedDuration::from_mins(1));
    }
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_whoever_may_not_gets_nothing_by_any_way_in() {
    let (tried, mut dice) = (times(120, 2_400), Dice(SEED));
    let stage = room(&programs()).await;
    let ways = Ways::recorded(&stage).await;
    let mut number = every_way_is_open(&stage, &ways).await;
    // Those who lose their rights, or their account, were seen while they had them.
    for why in [Why::Deleted, Why::LostRights] {
        stage.says(why.alias(), "help").await;
    }
    named(&stage, |why| !matches!(why, Why::NoRights | Why::Impersonator | Why::LostRights));
    deleted(&stage, &Why::Deleted.upn()).await;
    let felt = stage.effects().len();
    stage.pass(SignedDuration::from_secs(61)).await;
    let mut all: Vec<(Entry, Why)> = entries::ALL
        .into_iter()
        .flat_map(|entry| outsiders::ALL.map(|why| (entry, why)))
        .filter(|(entry, why)| entry.is_closed_to(*why))
        .collect();
    let combinations = all.len();
    eprintln!("{combinations} ways in and reasons, seed {SEED:#x}");
    let mut left = Vec::new();
    for at in 0..tried {
        if at.is_multiple_of(A_WHILE) {
            stage.says("tina.tech", WAITS).await;
            number += 1;
            assert_eq!(state(&stage, number).await, "pending");
        }
        if left.is_empty() {
            left.clone_from(&all);
        }
        let (entry, why) = left.swap_remove(dice.place(left.len()));
        let told = format!("entry {at}, seed {SEED:#x}: {entry:?} by {why:?}");
        let status = ways.taken(&stage, entry, why.alias(), why, u64::from(at)).await;
        assert!(status < 500, "{told}: {status}");
        stage.settle().await;
        assert_eq!(stage.effects().len(), felt, "{told}: something ran");
        let waiting = stage.house().store.numbered(&stage.tenant(), Number(number)).await.unwrap();
        let waiting = waiting.unwrap();
        assert_eq!(waiting.stage.name(), "pending", "{told}: it was decided");
        let votes = stage.house().store.votes(&waiting.id, waiting.revision).await.unwrap();
        assert!(votes.is_empty(), "{told}: {votes:?}");
        let next = stage.house().store.numbered(&stage.tenant(), Number(number + 1)).await.unwrap();
        assert!(next.is_none(), "{told}: it was taken up: {:?}", next.map(|one| one.stage));
        stage.clock.pass(SignedDuration::from_secs(10));
    }
    all.clear();
    // The straight press still works.
    stage.presses("anna.approver", crate::stage::APPROVALS, Verb::Approve).await;
    assert_eq!(state(&stage, number).await, "succeeded");
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    let what =
        "entries of people who may not: 15 ways in, 18 reasons; nothing asked, nothing decided";
    figure("A5", what, tried, SEED);
}
