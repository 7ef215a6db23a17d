//! Sets of people who sign, counts of them, one after another: what the card says, and what runs.

use countersign::{domain::chat::Verb, sim::microsoft::DEMO_CLIENT_ID};
use serde_json::json;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage};

/// Contoso with sets: Anna and Theo lead, Bob and Henry are security.
async fn with_rule(approval: &str) -> Stage {
    let more = r#"
[policy.sets.it-leads]
members = ["anna.approver@contoso.com", "theo.tech@contoso.com", "john.doe@contoso.com"]
[policy.sets.security]
members = ["bob.lead@contoso.com", "henry.desk@contoso.com", "theo.tech@contoso.com"]
"#;
    let settings =
        Settings { approval: approval.to_owned(), more: more.to_owned(), ..Settings::default() };
    Stage::with(settings).await
}

async fn refused(stage: &Stage, who: &str, why: &str) {
    let before = stage.whispered(who).len();
    stage.presses(who, APPROVALS, Verb::Approve).await;
    let whispers = stage.whispered(who);
    assert_eq!(whispers.len(), before + 1, "{who} is told, once");
    let told = whispers.last().unwrap();
    assert!(told.contains(why), "{who}: {told}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_each_set_signs_and_the_card_says_who_is_still_needed() {
    let stage = with_rule("it-leads and security").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("*Needs*  one of it-leads and one of security"), "{card}");
    assert!(!card.contains("Still needed"), "{card}");
    refused(&stage, "tina.tech", "You asked for this yourself.").await;
    refused(
        &stage,
        "hannah.reeves",
        "You are not one of those who sign this: it-leads and security.",
    )
    .await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Signed*  Anna Approver"), "{card}");
    assert!(card.contains("*Still needed*  one of security"), "{card}");
    assert!(stage.effects().is_empty());
    refused(&stage, "anna.approver", "You signed this already.").await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    assert!(!stage.newest(HELPDESK).contains("Still needed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_two_sets_signs_once_and_is_counted_where_it_helps() {
    let stage = with_rule("it-leads and security").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    // Theo is in both: he is not two people.
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Still needed*  one of it-leads or one of security"), "{card}");
    refused(&stage, "theo.tech", "You signed this already.").await;
    stage.presses("henry.desk", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subject_counts_in_no_set_and_one_no_ends_it() {
    let stage = with_rule("2 of it-leads or security").await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    refused(&stage, "john.doe", "This request is about you.").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Still needed*  one of it-leads or one of security"), "{card}");
    stage.presses("bob.lead", APPROVALS, Verb::Reject).await;
    assert!(stage.newest(HELPDESK).starts_with("Rejected: nothing was changed"));
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_signed_once_the_one_before_it_is_complete() {
    let stage = with_rule("security then 2 of it-leads").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("*Needs*  first one of security, then 2 of it-leads"), "{card}");
    assert!(stage.teams_cards("anna.approver").is_empty(), "it is not her turn");
    refused(&stage, "anna.approver", "Your signature is not what this waits for now.").await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("*Still needed*  2 of it-leads"), "{card}");
    assert_eq!(stage.teams_cards("anna.approver").len(), 1, "now it is");
    refused(&stage, "henry.desk", "Your signature is not what this waits for now.").await;
    stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert!(stage.effects().is_empty());
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subject_s_manager_signs_while_the_directory_says_so() {
    let stage = with_rule("subject_manager or 2 of security").await;
    patch_manager(&stage, "jane.roe", "anna.approver").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(
        card.contains(
            "Anna Approver (anna.approver@contoso.com), the manager of Jane Roe or 2 of security"
        ),
        "{card}"
    );
    let felt = stage.effects().len();
    // Jane moves to another manager: the old one no longer signs, and the new one was never named.
    patch_manager(&stage, "jane.roe", "hannah.reeves").await;
    let moved = stage.effects().len();
    stage.pass(jiff::SignedDuration::from_secs(61)).await;
    for who in ["anna.approver", "hannah.reeves"] {
        stage.presses(who, APPROVALS, Verb::Approve).await;
        let told = stage.whispered(who).pop().unwrap();
        assert!(told.contains("You are not one of those who sign this"), "{who}: {told}");
    }
    patch_manager(&stage, "jane.roe", "anna.approver").await;
    stage.pass(jiff::SignedDuration::from_secs(61)).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    assert!(moved > felt);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_manager_could_sign_it_is_refused_with_the_reason() {
    let stage = with_rule("subject_manager").await;
    patch_manager(&stage, "jane.roe", "tina.tech").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let said = stage.newest(HELPDESK);
    assert!(
        said.contains(
            "A manager has to sign this, and the manager of Jane Roe, Tina Tech, asked for it."
        ),
        "{said}"
    );
    assert!(stage.bot_said(APPROVALS).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_a_set_before_the_run_has_not_signed() {
    let mut stage = with_rule("it-leads and security").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com today at 15:00").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(HELPDESK).starts_with("Approved, starts later: "));
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config
        .policy
        .sets
        .get_mut("security")
        .unwrap()
        .members
        .retain(|who| who != "bob.lead@contoso.com");
    stage.config = std::sync::Arc::new(config);
    stage.start().await;
    stage.pass(jiff::SignedDuration::from_hours(3)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Bob Lead signed this and may not sign it any more."), "{card}");
    assert!(stage.effects().is_empty());
}

async fn patch_manager(stage: &Stage, of: &str, manager: &str) {
    let graph = "https://graph.microsoft.com";
    let token = stage.world.access_token(DEMO_CLIENT_ID, graph).unwrap();
    let id = stage.world.user(&format!("{manager}@contoso.com")).unwrap()["id"].clone();
    let base = format!("{}/v1.0/users", stage.config.endpoints.graph());
    let body = json!({ "@odata.id": format!("{base}/{}", id.as_str().unwrap()) });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = format!("{base}/{of}@contoso.com/manager/$ref");
    let answer = http.put(address).bearer_auth(token).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    stage.house().desk.known.forget();
}
