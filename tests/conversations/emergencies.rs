//! Somebody signs alone as an emergency; it runs, and the others look at it afterwards.

use std::sync::Arc;

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::Value;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

/// Two sign; Henry may alone, and so may Tina, who asks, and John.
async fn room() -> Stage {
    let settings = Settings {
        policy: "secrets_to = \"requester\"\nprivileged = \"approve:2\"\nemergency_by = [\"henry.desk@contoso.com\", \"tina.tech@contoso.com\", \"john.doe@contoso.com\"]".to_owned(),
        approvers: "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\", \"henry.desk@contoso.com\"]".to_owned(),
        approval: "approve:2".to_owned(),
        ..Settings::default()
    };
    Stage::with(settings).await
}

/// Somebody presses a button of the approvers' card with a comment.
async fn presses(stage: &Stage, who: &str, verb: Verb, note: &str) {
    let card = stage.with_button(APPROVALS, verb).unwrap_or_else(|| panic!("no {verb:?}"));
    stage.slack.fill(&slack_id(who), &card.ts, "note", note).await.unwrap();
    stage.presses(who, APPROVALS, verb).await;
}

async fn refused(stage: &Stage, who: &str, verb: Verb, why: &str) {
    presses(stage, who, verb, "It burns.").await;
    let told = stage.whispered(who).pop().unwrap_or_default();
    assert!(told.contains(why), "{who}: {told}");
}

async fn recorded(stage: &Stage, kind: &str) -> Vec<Value> {
    stage.keep_record().await;
    let all = stage.house().store.record(0, 1_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let facts = all.iter().filter(|fact| read(&fact.header)["kind"] == kind);
    facts.filter_map(|fact| fact.said().map(read)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b19_whoever_is_named_signs_alone_with_a_reason_and_the_others_acknowledge() {
    let stage = room().await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    refused(&stage, "tina.tech", Verb::Emergency, "You asked for this yourself.").await;
    refused(&stage, "anna.approver", Verb::Emergency, "named for emergencies").await;
    presses(&stage, "henry.desk", Verb::Emergency, "").await;
    let told = stage.whispered("henry.desk").pop().unwrap();
    assert!(told.contains("This needs a reason, and none was given."), "{told}");
    assert!(stage.effects().is_empty());
    presses(&stage, "henry.desk", Verb::Emergency, "Her laptop was stolen.").await;
    assert_eq!(stage.effects(), ["user.update"], "one was enough");
    assert_eq!(
        stage.told(APPROVALS),
        "#1001: Henry Desk signed alone as an emergency: “Her laptop was stolen.”. Please look at the card, and acknowledge it there or object."
    );
    for channel in [APPROVALS, HELPDESK] {
        let card = stage.newest(channel);
        assert!(card.contains("Henry Desk signed alone: “Her laptop was stolen.”"), "{card}");
        assert!(card.contains("waits for one of those who would have signed"), "{card}");
    }
    refused(&stage, "henry.desk", Verb::Acknowledge, "You signed this already.").await;
    refused(&stage, "tina.tech", Verb::Acknowledge, "You asked for this yourself.").await;
    presses(&stage, "anna.approver", Verb::Acknowledge, "Seen the report.").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("acknowledged by Anna Approver"), "{card}");
    assert!(stage.with_button(APPROVALS, Verb::Acknowledge).is_none(), "once");
    let votes = recorded(&stage, "vote.cast").await;
    assert_eq!((votes.len(), &votes[0]["alone"]), (1, &Value::Bool(true)));
    let reviews = recorded(&stage, "emergency.reviewed").await;
    assert_eq!((reviews.len(), &reviews[0]["objects"]), (1, &Value::Bool(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_needs_a_reason_is_told_and_undoes_nothing_by_itself() {
    let stage = room().await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    presses(&stage, "henry.desk", Verb::Emergency, "Stolen.").await;
    presses(&stage, "theo.tech", Verb::Object, "").await;
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("This needs a reason"));
    presses(&stage, "theo.tech", Verb::Object, "It is in her bag.").await;
    assert!(
        stage.told(APPROVALS).contains("#1001: Theo Tech objects"),
        "{}",
        stage.told(APPROVALS)
    );
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Theo Tech objects") && card.contains("It is in her bag."), "{card}");
    assert_eq!(stage.effects(), ["user.update"]);
    assert_eq!(recorded(&stage, "emergency.reviewed").await[0]["objects"], Value::Bool(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_longer_named_at_the_run_has_not_signed_alone() {
    let mut stage = room().await;
    stage.says("tina.tech", "disable jane.roe@contoso.com today at 18:00").await;
    presses(&stage, "henry.desk", Verb::Emergency, "Tonight.").await;
    assert!(stage.newest(HELPDESK).starts_with("Approved, starts later"));
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.emergency_by.clear();
    stage.config = Arc::new(config);
    stage.start().await;
    stage.pass(SignedDuration::from_hours(7)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Henry Desk signed this and may not sign it any more."), "{card}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_alone_about_themselves_or_about_a_privileged_role() {
    let stage = room().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    refused(&stage, "john.doe", Verb::Emergency, "This request is about you.").await;
    assert!(stage.effects().is_empty());
    stage.says("tina.tech", "cancel #1001").await;
    stage.says("tina.tech", "revoke the sessions of ada.admin@contoso.com").await;
    assert!(stage.newest(APPROVALS).contains("Ada Admin"));
    assert!(stage.with_button(APPROVALS, Verb::Emergency).is_none(), "no such button");
}
