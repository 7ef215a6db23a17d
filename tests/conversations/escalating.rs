//! A request that nobody decides is shown to further people, once, and they may sign it too.

use std::sync::Arc;

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{Fault, FaultKind},
};
use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    paths::group_id,
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text},
};

const HENRY: &str = "henry.desk@contoso.com";

/// Anna and Theo sign; after two hours Henry may, too. He has a Teams chat with the bot.
async fn with(approval: &str, more: &str) -> Stage {
    let settings = Settings {
        policy: format!(
            "secrets_to = \"requester\"\nprivileged = \"approve:2\"\nescalate_after = \"PT2H\"\nescalate_to = [\"{HENRY}\", \"tina.tech@contoso.com\", \"john.doe@contoso.com\"]"
        ),
        approvers: "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\"]".to_owned(),
        approval: approval.to_owned(),
        more: more.to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    for who in [HENRY, "john.doe@contoso.com", "tina.tech@contoso.com"] {
        stage.teams.install(who).await.unwrap();
    }
    stage.settle().await;
    stage
}

async fn escalated(stage: &Stage) -> Vec<Value> {
    stage.keep_record().await;
    let all = stage.house().store.record(0, 1_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let facts = all.iter().filter(|fact| read(&fact.header)["kind"] == "request.escalated");
    facts.filter_map(|fact| fact.said().map(read)).collect()
}

/// How often the channel of the approvers was told.
fn told(stage: &Stage) -> usize {
    let said = stage.bot_said(APPROVALS);
    said.iter().filter(|message| message.text.contains("waited too long")).count()
}

async fn refused(stage: &Stage, who: &str, why: &str) {
    stage.presses(who, APPROVALS, Verb::Approve).await;
    let told = stage.whispered(who).pop().unwrap_or_default();
    assert!(told.contains(why), "{who}: {told}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn b13_after_the_time_further_people_get_a_card_and_may_sign() {
    let stage = with("approve", "").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    let ahead = "*May also sign*  others, from Fri 20 Nov 2026, 14:00";
    assert!(card.contains(ahead), "{card}");
    refused(&stage, "henry.desk", "You are not an approver for users.").await;
    stage.pass(SignedDuration::from_mins(119)).await;
    assert!(stage.teams_cards("henry.desk").is_empty(), "not yet");
    stage.pass(SignedDuration::from_mins(2)).await;
    let cards = stage.teams_cards("henry.desk");
    assert_eq!(cards.len(), 1, "a card of his own");
    let text = card_text(&cards[0]);
    assert!(text.contains("Henry Desk, John Doe, since Fri 20 Nov 2026, 14:0"), "{text}");
    assert!(stage.newest(HELPDESK).contains("*May also sign*  Henry Desk, John Doe, since"));
    for channel in [APPROVALS, HELPDESK] {
        assert_eq!(
            stage.told(channel),
            "#1001 waited too long for a decision, so these may sign it too now: Henry Desk, John Doe."
        );
    }
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!((told(&stage), stage.teams_cards("henry.desk").len()), (1, 1), "once");
    let facts = escalated(&stage).await;
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0]["to"][0]["name"], "Henry Desk");
    // Named or not: whoever asked does not sign.
    refused(&stage, "tina.tech", "You asked for this yourself.").await;
    stage.presses_in_teams("henry.desk", Verb::Approve).await;
    stage.settle().await;
    assert_eq!(stage.effects(), ["user.update"]);
    assert!(stage.newest(HELPDESK).contains("*Signed*  Henry Desk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_approvers_still_sign_and_a_decision_in_time_escalates_nothing() {
    let stage = with("approve", "").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.pass(SignedDuration::from_hours(3)).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    stage.says("tina.tech", "enable walt.gone@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_hours(3)).await;
    assert_eq!(told(&stage), 1, "only of the first");
    assert!(!stage.newest(HELPDESK).contains("May also sign"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_between_loses_nothing_and_shows_nothing_twice() {
    let mut stage = with("approve", "").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.fall().await;
    stage.clock.pass(SignedDuration::from_hours(3));
    stage.start().await;
    stage.settle().await;
    assert_eq!((told(&stage), stage.teams_cards("henry.desk").len()), (1, 1));
    stage.fall().await;
    stage.start().await;
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!((told(&stage), stage.teams_cards("henry.desk").len()), (1, 1));
    assert_eq!(escalated(&stage).await.len(), 1);
    // Its own end comes as before.
    stage.pass(SignedDuration::from_hours(4)).await;
    assert!(stage.newest(HELPDESK).starts_with("Expired unsigned"), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_s_members_get_cards_but_not_whoever_asked_or_whom_it_is_about() {
    let mut stage = with("approve", "").await;
    let group = group_id(&stage, "VPN Users").await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.escalate_to = vec![format!("group:{group}")];
    stage.config = Arc::new(config);
    stage.start().await;
    // John and Tina are in it; she asks.
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(stage.teams_cards("john.doe").len(), 1);
    assert!(stage.teams_cards("tina.tech").is_empty());
    assert!(stage.told(APPROVALS).ends_with("may sign it too now: VPN Users."));
    stage.presses_in_teams("john.doe", Verb::Approve).await;
    stage.settle().await;
    assert_eq!(stage.effects(), ["user.update"]);
    // Now it is about him.
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(stage.teams_cards("john.doe").len(), 1, "no second card");
    stage.presses("john.doe", APPROVALS, Verb::Approve).await;
    let whisper = stage.whispered("john.doe").pop().unwrap();
    assert!(whisper.contains("This request is about you."), "{whisper}");
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_later_is_one_person_in_the_place_of_one() {
    let sets = r#"
[policy.sets.it-leads]
members = ["anna.approver@contoso.com"]
[policy.sets.security]
members = ["bob.lead@contoso.com"]
"#;
    let stage = with("it-leads and security", sets).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    refused(&stage, "henry.desk", "You are not one of those who sign this").await;
    stage.pass(SignedDuration::from_hours(2)).await;
    stage.presses("henry.desk", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty(), "he is not both");
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Still needed*  one of it-leads or one of security"), "{card}");
    refused(&stage, "henry.desk", "You signed this already.").await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_longer_named_at_the_run_has_not_signed() {
    for named in [true, false] {
        let mut stage = with("approve", "").await;
        stage.says("tina.tech", "disable jane.roe@contoso.com today at 18:00").await;
        stage.pass(SignedDuration::from_hours(2)).await;
        stage.presses("henry.desk", APPROVALS, Verb::Approve).await;
        assert!(stage.newest(HELPDESK).starts_with("Approved, starts later"));
        stage.fall().await;
        let mut config = (*stage.config).clone();
        config.policy.escalate_to.retain(|who| named || who != HENRY);
        stage.config = Arc::new(config);
        stage.start().await;
        stage.pass(SignedDuration::from_hours(5)).await;
        let card = stage.newest(HELPDESK);
        if named {
            assert!(card.starts_with("Done: "), "{card}");
        } else {
            assert!(
                card.contains("Henry Desk signed this and may not sign it any more."),
                "{card}"
            );
            assert!(stage.effects().is_empty());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_touches_a_privileged_role_is_not_waited_for_by_others() {
    let stage = with("approve", "").await;
    stage.says("tina.tech", "revoke the sessions of ada.admin@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Ada Admin") && !card.contains("May also sign"), "{card}");
    stage.pass(SignedDuration::from_hours(3)).await;
    assert_eq!(told(&stage), 0);
    refused(&stage, "henry.desk", "You are not an approver").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_named_any_more_nothing_is_said_and_nobody_new_signs() {
    let mut stage = with("approve", "").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.escalate_to.clear();
    config.policy.escalate_after = None;
    stage.config = Arc::new(config);
    stage.start().await;
    stage.pass(SignedDuration::from_hours(3)).await;
    assert_eq!(told(&stage), 0);
    assert!(!stage.newest(APPROVALS).contains("May also sign"), "{}", stage.newest(APPROVALS));
    refused(&stage, "henry.desk", "You are not an approver for users.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_does_not_answer_only_delays_it() {
    let stage = with("approve", "").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let down = Fault::once("GET", "/v1.0/users/*", FaultKind::Html).times(None);
    assert!(stage.world.faults().push(down));
    stage.pass(SignedDuration::from_hours(2)).await;
    assert_eq!((told(&stage), stage.teams_cards("henry.desk").len()), (0, 0));
    stage.world.faults().clear();
    stage.pass(SignedDuration::from_mins(2)).await;
    assert_eq!((told(&stage), stage.teams_cards("henry.desk").len()), (1, 1));
}
