//! Given for a while: it ends by itself, or now, whatever happened meanwhile.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    attacks::patch,
    given::line,
    paths::{group_id, nest},
    stage::{APPROVALS, HELPDESK, Stage},
};

fn is_in(stage: &Stage) -> bool {
    let omar = stage.world.user("omar.haddad@contoso.com").unwrap();
    omar["groups"].to_string().contains("Sales Team")
}

/// The stage's clock stands at 20 November 2026, 12:00 UTC.
const ASKED: &str = "add Omar Haddad to the Sales Team group until 18 December 2026";

/// A stage where Omar is asked into the team until 18 December, and that is signed.
async fn given() -> Stage {
    let stage = Stage::new().await;
    stage.says("tina.tech", ASKED).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Add Omar Haddad to Sales Team"), "{card}");
    assert!(card.contains("Remove Omar Haddad from Sales Team"), "{card}");
    assert!(card.contains("By itself on Fri 18 Dec 2026, 23:59 GMT"), "{card}");
    assert!(!card.contains("Leave steps out"), "what ends it cannot be left out: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(is_in(&stage));
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_until_a_day_ends_when_it_is_over() {
    let stage = given().await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Given until Fri 18 Dec 2026, 23:59 GMT"), "{card}");
    assert!(stage.with_button(HELPDESK, Verb::EndNow).is_some(), "{card}");
    stage.pass(SignedDuration::from_hours(28 * 24)).await;
    assert!(is_in(&stage), "the last day is not over");
    stage.pass(SignedDuration::from_hours(12)).await;
    assert!(!is_in(&stage));
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    assert!(stage.with_button(HELPDESK, Verb::Undo).is_none(), "nothing is left to take back");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_now_when_somebody_presses() {
    let stage = given().await;
    stage.presses("anna.approver", APPROVALS, Verb::EndNow).await;
    assert!(!is_in(&stage));
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_after_a_restart_and_although_whoever_signed_has_left() {
    let mut stage = given().await;
    stage.fall().await;
    stage.start().await;
    patch(&stage, "anna.approver@contoso.com", &json!({ "accountEnabled": false })).await;
    stage.pass(SignedDuration::from_hours(29 * 24)).await;
    assert!(!is_in(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_gave_meanwhile_stays() {
    let stage = Stage::new().await;
    stage.says("tina.tech", ASKED).await;
    let omar = stage.world.user("omar.haddad@contoso.com").unwrap();
    let group = group_id(&stage, "Sales Team").await;
    nest(&stage, omar["id"].as_str().unwrap(), &group).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_hours(29 * 24)).await;
    assert!(is_in(&stage), "this request did not give it");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_lasts_others_get_at_the_same_person() {
    let stage = given().await;
    stage.says("tina.tech", "sign omar.haddad@contoso.com out everywhere").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().contains(&"user.revoke_sessions".to_owned()), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_over_is_refused_and_a_role_says_that_it_stays() {
    let stage = Stage::new().await;
    stage
        .says("tina.tech", "give Omar Haddad access to john.doe@contoso.com until 2026-11-02")
        .await;
    assert!(line(&stage).contains("it lies in the past"), "{}", line(&stage));
    stage.says("tina.tech", "give Jane Roe the Reports Reader role until 18 December 2026").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("does not end by itself on 2026-12-18"), "{card}");
}
