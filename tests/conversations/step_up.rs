//! A signature that takes a fresh sign-in with a second factor: the card stays, the click
//! counts after it, and nothing that falls short counts at all.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    signing_in::{Tab, refused, room, token_in},
    stage::{APPROVALS, HELPDESK, Stage, card_text, slack_id},
    trimming::recorded,
};

const RULE: &str = "[policy.step_up]\nactions = [\"disable_user\"]";

/// Somebody asked for what takes a sign-in, and Anna presses Approve. Gives the token of her link.
async fn pressed(policy: &str) -> (Stage, String) {
    let stage = room(policy).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("signs in once more"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage_waits(&stage, &card);
    let token = whispered_token(&stage, "anna.approver");
    (stage, token)
}

/// Nothing happened, and the card is as it was.
fn stage_waits(stage: &Stage, card: &str) {
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
    assert_eq!(stage.newest(APPROVALS), card);
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some());
}

fn whispered_token(stage: &Stage, who: &str) -> String {
    let all = stage.slack.whispers(&slack_id(who));
    let blocks = all.iter().filter_map(|(_, message)| message.blocks.as_ref());
    token_in(&blocks.map(Value::to_string).collect::<String>())
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_after_a_fresh_sign_in_the_signature_counts_and_says_so() {
    let (stage, token) = pressed(RULE).await;
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    let text = shown.unwrap()["text"].as_str().unwrap().to_owned();
    for named in ["#1001", "Anna Approver", "Jane Roe", "Block sign-in"] {
        assert!(text.contains(named), "{named} is not in {text}");
    }
    stage.settle().await;
    assert!(stage.effects().is_empty(), "not before it is confirmed");
    let done = tab.confirms().await.unwrap()["text"].as_str().unwrap().to_owned();
    assert!(done.contains("#1001: your approval counts"), "{done}");
    stage.settle().await;
    assert!(!stage.effects().is_empty());
    let card = stage.newest(APPROVALS);
    assert!(card.contains("after a fresh sign-in"), "{card}");
    assert!(stage.newest(HELPDESK).contains("after a fresh sign-in"), "all copies agree");
    let votes = recorded(&stage, "vote.cast").await;
    assert_eq!((votes.len(), &votes[0]["step_up"]["by"]), (1, &json!("mfa")));
    // Used once.
    assert!(refused(tab.confirms().await).contains("is over"));
    assert!(Tab::new(&stage).begins(&token).await.is_err());
    assert_eq!(recorded(&stage, "vote.cast").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_a_sign_in_that_falls_short_is_no_signature() {
    for (who, form, why, code) in [
        ("theo.tech", &[("mfa", "1")][..], "Somebody else than Anna Approver", "sign_in_other"),
        ("john.doe", &[("mfa", "1")], "Somebody else than Anna Approver", "sign_in_other"),
        ("anna.approver", &[], "second factor", "sign_in_weak"),
        ("anna.approver", &[("mfa", "1"), ("ago", "301")], "older than five", "sign_in_weak"),
    ] {
        let (stage, token) = pressed(RULE).await;
        let card = stage.newest(APPROVALS);
        let mut tab = Tab::new(&stage);
        tab.begins(&token).await.unwrap();
        // Whoever holds the browser can ask Entra for less than we do.
        tab.asks_entra_without(&["prompt", "login_hint"]);
        tab.signs_in(who, form).await;
        let said = refused(tab.comes_back().await);
        assert!(said.contains(why), "{who} {form:?}: {said}");
        refused(tab.confirms().await);
        assert!(Tab::new(&stage).begins(&token).await.is_err(), "it is over");
        stage.settle().await;
        stage_waits(&stage, &card);
        let facts = recorded(&stage, "step_up.refused").await;
        assert_eq!((facts.len(), &facts[0]["why"]), (1, &json!(code)), "{facts:?}");
        assert!(recorded(&stage, "vote.cast").await.is_empty());
        // The next press begins anew, and counts.
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        let token = whispered_token(&stage, "anna.approver");
        let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
        shown.unwrap();
        tab.confirms().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_an_authentication_context_is_asked_for_and_looked_for() {
    let rule = format!("{RULE}\ncontext = \"c1\"");
    let (stage, token) = pressed(&rule).await;
    let mut tab = Tab::new(&stage);
    tab.begins(&token).await.unwrap();
    let asked = tab.page.clone().unwrap();
    assert!(asked.query().unwrap().contains("acrs"), "{asked}");
    assert!(asked.query().unwrap().contains("prompt=login"), "{asked}");
    tab.asks_entra_without(&["claims"]);
    tab.signs_in("anna.approver", &[("mfa", "1")]).await;
    assert!(refused(tab.comes_back().await).contains("second factor"), "mfa is not the context");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let token = whispered_token(&stage, "anna.approver");
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    shown.unwrap();
    tab.confirms().await.unwrap();
    stage.settle().await;
    assert_eq!(recorded(&stage, "vote.cast").await[0]["step_up"]["by"], "c1");
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_what_changed_meanwhile_is_not_signed() {
    // Taken back while she signed in.
    let (stage, token) = pressed(RULE).await;
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    shown.unwrap();
    stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    let said = refused(tab.confirms().await);
    assert!(said.contains("#1001 is already cancelled"), "{said}");
    assert!(stage.effects().is_empty());
    // Too late.
    let (stage, token) = pressed(RULE).await;
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    shown.unwrap();
    stage.pass(SignedDuration::from_mins(10)).await;
    assert!(refused(tab.confirms().await).contains("is over"));
    assert!(stage.effects().is_empty());
    // Another plan: steps were left out, so the digest is another one.
    let stage = room(RULE).await;
    let words = "disable jane.roe@contoso.com and revoke the sessions of jane.roe@contoso.com";
    stage.says("tina.tech", words).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let token = whispered_token(&stage, "anna.approver");
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    shown.unwrap();
    crate::trimming::unticks(&stage, "theo.tech", APPROVALS, "1").await;
    stage.settle().await;
    let said = refused(tab.confirms().await);
    assert!(said.contains("plan has changed"), "{said}");
    assert!(stage.effects().is_empty() && recorded(&stage, "vote.cast").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_in_teams_the_link_is_in_the_own_chat() {
    let stage = room(RULE).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    let said = answer["value"].as_str().unwrap_or_default().to_owned();
    assert!(said.contains("nothing is approved yet") && !said.contains("/sign-in/"), "{answer}");
    let cards = stage.teams_cards("anna.approver");
    let card = cards.iter().rev().find(|m| card_text(m).contains("Sign in once more")).unwrap();
    let token = token_in(&card.card.as_ref().unwrap().to_string());
    let (tab, shown) = Tab::goes(&stage, &token, "anna.approver").await;
    shown.unwrap();
    tab.confirms().await.unwrap();
    stage.settle().await;
    assert!(!stage.effects().is_empty());
    assert!(stage.newest(APPROVALS).contains("after a fresh sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn b18_a_rejection_needs_no_sign_in_and_what_is_not_marked_neither() {
    let stage = room(RULE).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    assert!(recorded(&stage, "vote.cast").await.iter().all(|vote| vote["choice"] == "reject"));
    assert_eq!(recorded(&stage, "vote.cast").await.len(), 1);
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let votes = recorded(&stage, "vote.cast").await;
    assert_eq!((votes.len(), &votes[1]["step_up"]), (2, &Value::Null));
}
