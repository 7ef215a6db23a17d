//! Rights are read again at the run: whoever signed and may not any more has not signed.

use std::sync::Arc;

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    assure::{Dice, figure, times},
    attacks::patch,
    stage::{APPROVALS, HELPDESK, Stage},
};

const ANNA: &str = "anna.approver@contoso.com";
const LATER: &str = "disable john.doe@contoso.com today at 15:00";
const LOST: &str = "Anna Approver signed this and may not sign it any more.";

/// Signed by Anna at noon, to run at three.
async fn signed_for_later() -> Stage {
    let stage = Stage::new().await;
    stage.says("tina.tech", LATER).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Approved, starts later: "), "{card}");
    stage
}

async fn three_hours_on(stage: &Stage) -> String {
    stage.pass(SignedDuration::from_hours(3)).await;
    stage.newest(HELPDESK)
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_an_approver_who_was_blocked_meanwhile_has_not_signed() {
    let stage = signed_for_later().await;
    patch(&stage, ANNA, &json!({ "accountEnabled": false })).await;
    let felt = stage.effects().len();
    let card = three_hours_on(&stage).await;
    assert!(card.starts_with("Failed: no step succeeded"), "{card}");
    assert!(card.contains(LOST), "{card}");
    assert!(card.contains("Ask again, so that somebody who may sign it now decides."), "{card}");
    assert_eq!(stage.told(HELPDESK), "#1001 about John Doe failed. The card says why.");
    assert_eq!(stage.effects().len(), felt, "nothing was begun");
    let facts = crate::attacks::facts(&stage).await;
    assert!(!facts.iter().any(|(kind, _)| kind == "step.started"));
    let ended = facts.iter().find(|(kind, _)| kind == "step.ended").unwrap();
    assert_eq!(ended.1["why"]["code"], "signature_lost", "{ended:?}");
    // Trying again is no way around it.
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.newest(HELPDESK).contains(LOST), "{}", stage.newest(HELPDESK));
    assert_eq!(stage.effects().len(), felt);
    // Once she may sign again, her signature counts again.
    patch(&stage, ANNA, &json!({ "accountEnabled": true })).await;
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_an_approver_whom_the_operator_took_off_the_list_has_not_signed() {
    let mut stage = signed_for_later().await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.approvers.retain(|who| who != ANNA);
    assert!(!config.policy.approvers.is_empty());
    stage.config = Arc::new(config);
    stage.start().await;
    let card = three_hours_on(&stage).await;
    assert!(card.contains(LOST), "{card}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_an_approver_who_turns_out_to_be_the_requester_or_the_subject_has_not_signed() {
    for other in ["tina.tech", "john.doe"] {
        let stage = signed_for_later().await;
        for upn in [ANNA, &format!("{other}@contoso.com")] {
            patch(&stage, upn, &json!({ "employeeId": "4711" })).await;
        }
        let felt = stage.effects().len();
        let card = three_hours_on(&stage).await;
        assert!(card.contains(LOST), "{other}: {card}");
        assert_eq!(stage.effects().len(), felt);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requester_who_was_blocked_meanwhile_has_not_confirmed() {
    let stage = Stage::with(crate::stage::Settings {
        approval: "confirm".to_owned(),
        ..crate::stage::Settings::default()
    })
    .await;
    stage.says("tina.tech", "enable walt.gone@contoso.com today at 15:00").await;
    stage.presses("tina.tech", HELPDESK, Verb::Confirm).await;
    patch(&stage, "tina.tech@contoso.com", &json!({ "accountEnabled": false })).await;
    let felt = stage.effects().len();
    let card = three_hours_on(&stage).await;
    assert!(card.contains("Tina Tech signed this and may not sign it any more."), "{card}");
    assert_eq!(stage.effects().len(), felt);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_rights_cannot_be_read_nothing_begins_and_afterwards_it_does() {
    let stage = signed_for_later().await;
    let busy =
        FaultKind::Status { status: 503, retry_after: RetryAfter::default(), after_effect: false };
    let anna = stage.world.user(ANNA).unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1.0/users/{anna}*");
    let fault = Fault::once("GET", &path, busy).times(None);
    assert!(stage.world.faults().push(fault));
    stage.pass(SignedDuration::from_hours(3)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Running: 0 of 1 steps finished"), "{card}");
    assert!(stage.effects().is_empty(), "not before it is known who signed");
    stage.world.faults().clear();
    stage.pass(SignedDuration::from_mins(2)).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_at_once_costs_no_further_look_at_who_signed() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    assert!(stage.clicks("anna.approver", APPROVALS, Verb::Approve).await == 200);
    stage.heard_out().await;
    let before = stage.world.requests().len();
    stage.settle().await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    let anna = stage.world.user(ANNA).unwrap()["id"].as_str().unwrap().to_owned();
    let looks = stage.world.requests().split_off(before);
    let about_her = looks.iter().filter(|look| format!("{look:?}").contains(&anna));
    assert_eq!(about_her.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_read_again_hold_at_once_and_wrong_ones_leave_those_of_before() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let mut policy = stage.config.policy.clone();
    policy.approvers = vec!["nobody at all".to_owned()];
    let error = stage.house().desk.reload(&policy).unwrap_err();
    assert!(format!("{error:#}").contains("policy.approvers"), "{error:#}");
    let before = stage.house().desk.rules().version.clone();
    policy.approvers = vec!["theo.tech@contoso.com".to_owned()];
    let version = stage.house().desk.reload(&policy).unwrap();
    assert_ne!(version, before);
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let told = stage.whispered("anna.approver").pop().unwrap();
    assert!(told.contains("You are not an approver for users."), "{told}");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

/// What happens to the one who signed, between the signature and the run.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Stays,
    IsBlocked,
    IsBlockedAndBack,
    BecomesTheRequester,
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_whatever_happens_to_a_signer_only_who_may_sign_at_the_run_has_signed() {
    const SEED: u64 = 0xB7;
    let (tried, mut dice) = (times(8, 2_000), Dice(SEED));
    let stage = Stage::new().await;
    for number in (1_001_u64..).take(tried as usize) {
        let start = stage.clock_now() + SignedDuration::from_mins(10);
        let at = start.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d at %H:%M").to_string();
        let people = ["john.doe", "jane.roe", "omar.haddad"];
        let who = people[dice.place(people.len())];
        let wish = format!("revoke the sessions of {who}@contoso.com on {at}");
        stage.says("tina.tech", &wish).await;
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        let fates =
            [Fate::Stays, Fate::IsBlocked, Fate::IsBlockedAndBack, Fate::BecomesTheRequester];
        let fate = fates[dice.place(fates.len())];
        let minutes = i64::try_from(dice.roll(8)).unwrap();
        stage.pass(SignedDuration::from_mins(minutes)).await;
        let employee = |id: &str| json!({ "employeeId": id });
        match fate {
            Fate::Stays => {}
            Fate::IsBlocked => patch(&stage, ANNA, &json!({ "accountEnabled": false })).await,
            Fate::IsBlockedAndBack => {
                patch(&stage, ANNA, &json!({ "accountEnabled": false })).await;
                stage.pass(SignedDuration::from_secs(61)).await;
                patch(&stage, ANNA, &json!({ "accountEnabled": true })).await;
            }
            Fate::BecomesTheRequester => {
                patch(&stage, "tina.tech@contoso.com", &employee("4711")).await;
                patch(&stage, ANNA, &employee("4711")).await;
            }
        }
        let felt = stage.effects().len();
        stage.pass(SignedDuration::from_mins(11 - minutes)).await;
        let counts = matches!(fate, Fate::Stays | Fate::IsBlockedAndBack);
        let expected = if counts { ("succeeded", felt + 1) } else { ("failed", felt) };
        let ended = crate::attacks::state(&stage, number).await;
        assert_eq!((ended, stage.effects().len()), expected, "{number}, seed {SEED:#x}: {fate:?}");
        patch(&stage, ANNA, &json!({ "accountEnabled": true, "employeeId": "88" })).await;
        patch(&stage, "tina.tech@contoso.com", &employee("77")).await;
        stage.pass(SignedDuration::from_mins(2)).await;
    }
    figure(
        "B7",
        "fates of a signer between signature and run; nobody signed who may not",
        tried,
        SEED,
    );
}
