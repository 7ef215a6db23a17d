//! The profile full-automation: a set of standing approvals that the settings propose, and that
//! holds once somebody signs it.

use std::sync::Arc;

use countersign::{
    config::Policy,
    domain::{chat::Verb, ids::Number, request::Request},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    attacks::{facts, patch},
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text},
};

const ADD_JANE: &str = "add jane.roe@contoso.com to the VPN Users group";
const ADD_SAM: &str = "add sam.taylor@contoso.com to the VPN Users group";
const ADDED: &str = "group.member.add";

fn settings() -> Settings {
    let set = "automation = { proposed_by = \"hannah.reeves@contoso.com\", about = [\"jane.roe@contoso.com\", \"sam.taylor@contoso.com\"], asked_by = [\"tina.tech@contoso.com\"], per_day = 3 }";
    let approvers = ["anna.approver", "theo.tech", "hannah.reeves"];
    let approvers = approvers.map(|who| format!("\"{who}@contoso.com\"")).join(", ");
    Settings {
        policy: format!(
            "secrets_to = \"requester\"\nprivileged = \"approve\"\nprofile = \"full-automation\"\n{set}"
        ),
        approvers: format!("[{approvers}]"),
        ..Settings::default()
    }
}

async fn signed() -> Stage {
    let stage = Stage::with(settings()).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(APPROVALS).starts_with("In force"), "{}", stage.newest(APPROVALS));
    stage
}

async fn numbered(stage: &Stage, number: u64) -> Option<Request> {
    let store = &stage.house().store;
    store.numbered(&stage.tenant(), Number(number)).await.unwrap()
}

/// The same house with other rules.
async fn change(stage: &mut Stage, rules: impl FnOnce(&mut Policy)) {
    stage.fall().await;
    let mut config = (*stage.config).clone();
    rules(&mut config.policy);
    stage.config = Arc::new(config);
    stage.start().await;
    stage.settle().await;
}

/// It went the ordinary way.
async fn waits(stage: &Stage, words: &str) {
    let felt = stage.effects().len();
    stage.says("tina.tech", words).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Waiting for a signature"), "{words}: {card}");
    assert_eq!(stage.effects().len(), felt, "{words}: nothing ran");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_proposes_its_set_and_until_it_is_signed_everything_needs_its_click() {
    let stage = Stage::with(settings()).await;
    let card = stage.newest(APPROVALS);
    for line in [
        "Standing approval",
        "The settings switch on the profile full-automation",
        "Runs without a further click, with any values: Add to a group",
        "About Jane Roe (jane.roe@contoso.com)",
        "When Tina Tech (tina.tech@contoso.com) asks",
        "At most 3 a day",
        "Thu 18 Feb 2027, 00:00",
        "It never covers somebody with a privileged role",
    ] {
        assert!(card.contains(line), "{line}: {card}");
    }
    for never in ["Reset a password", "Delete", "Offboard", "Wipe", "role"] {
        let covered = card.lines().filter(|line| line.contains("Runs without"));
        assert!(covered.into_iter().all(|line| !line.contains(never)), "{never}: {card}");
    }
    waits(&stage, ADD_JANE).await;
    // Whoever proposes it does not sign it.
    stage.says("tina.tech", "cancel #1002").await;
    stage.presses("hannah.reeves", APPROVALS, Verb::Approve).await;
    let told = stage.whispered("hannah.reeves").pop().unwrap_or_default();
    assert!(told.contains("You asked for this yourself"), "{told}");
    waits(&stage, ADD_SAM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_once_what_fits_runs_and_each_use_posts_undo_where_its_signer_reads() {
    let stage = signed().await;
    stage.says("tina.tech", ADD_JANE).await;
    assert_eq!(stage.effects(), [ADDED], "{}", stage.newest(APPROVALS));
    assert!(stage.newest(APPROVALS).contains("Runs under standing approval #1001"));
    assert!(stage.with_button(APPROVALS, Verb::Undo).is_some());
    let teams = card_text(stage.teams_cards("anna.approver").last().unwrap());
    assert!(teams.contains("Runs under standing approval #1001"), "{teams}");
    // Others, other people, what cannot be taken back, and quoted words go the ordinary way.
    waits(&stage, "add walt.gone@contoso.com to the VPN Users group").await;
    waits(&stage, "reset the password for jane.roe@contoso.com").await;
    waits(&stage, "disable sam.taylor@contoso.com").await;
    waits(&stage, &format!("> {ADD_SAM}\nplease do what he says")).await;
    assert_eq!(stage.effects(), [ADDED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_proposed_once_and_again_only_when_nobody_decided_or_its_end_is_near() {
    let mut stage = Stage::with(settings()).await;
    for _ in 0..2 {
        change(&mut stage, |_| {}).await;
        stage.pass(SignedDuration::from_hours(2)).await;
    }
    assert!(numbered(&stage, 1001).await.is_some());
    assert!(numbered(&stage, 1002).await.is_none(), "once, whatever restarts");
    // Nobody decides for a week: once more.
    stage.pass(SignedDuration::from_hours(7 * 24)).await;
    stage.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(numbered(&stage, 1001).await.unwrap().stage.name(), "expired");
    assert_eq!(numbered(&stage, 1002).await.unwrap().stage.name(), "pending");
    // Somebody says no: that is an answer.
    stage.presses("theo.tech", APPROVALS, Verb::Reject).await;
    stage.pass(SignedDuration::from_hours(30 * 24)).await;
    assert!(numbered(&stage, 1003).await.is_none());
    // Other settings are another set.
    change(&mut stage, |policy| policy.automation.as_mut().unwrap().per_day = 5).await;
    assert_eq!(numbered(&stage, 1003).await.unwrap().stage.name(), "pending");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_hours(84 * 24)).await;
    stage.pass(SignedDuration::from_hours(2)).await;
    let next = numbered(&stage, 1004).await.unwrap();
    assert_eq!(next.stage.name(), "pending", "the next one, before this one ends");
    assert!(numbered(&stage, 1003).await.unwrap().in_force.unwrap().revoked.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_the_profile_and_when_its_signer_loses_the_right() {
    let mut stage = signed().await;
    change(&mut stage, |policy| {
        policy.profile = Some("it-admin".to_owned());
        policy.automation = None;
    })
    .await;
    let told = stage.told(APPROVALS);
    assert!(told.contains("#1001 is over, because the settings do not say it"), "{told}");
    waits(&stage, ADD_JANE).await;
    let ended = facts(&stage).await;
    assert!(
        ended
            .iter()
            .any(|(kind, fact)| { kind == "standing.revoked" && fact["by"] == "full-automation" })
    );
    let stage = signed().await;
    patch(&stage, "anna.approver@contoso.com", &json!({ "accountEnabled": false })).await;
    waits(&stage, ADD_JANE).await;
    stage.pass(SignedDuration::from_hours(2)).await;
    assert!(numbered(&stage, 1001).await.unwrap().in_force.unwrap().revoked.is_some());
    // Given back, the right does not bring it back.
    patch(&stage, "anna.approver@contoso.com", &json!({ "accountEnabled": true })).await;
    waits(&stage, ADD_SAM).await;
    assert!(stage.newest(HELPDESK).contains("Waiting for a signature"));
}
