//! Leavers, joiners and movers: one request, its steps in the order that loses nothing.

use countersign::{
    domain::{area::Area, chat::Verb},
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    links::token_in,
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown},
};

const JOHN: &str = "john.doe@contoso.com";

async fn signed(stage: &Stage, words: &str) -> String {
    stage.says("tina.tech", words).await;
    approved(stage).await
}

/// A plan that is only counted on the card is listed first; then it is signed.
pub async fn approved(stage: &Stage) -> String {
    for _ in 0..2 {
        if stage.with_button(APPROVALS, Verb::Approve).is_some() {
            stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        }
    }
    stage.pass(SignedDuration::from_secs(30)).await;
    stage.newest(HELPDESK)
}

fn user(stage: &Stage, upn: &str) -> Value {
    stage.world.user(upn).unwrap_or_else(|| panic!("{upn} is nobody"))
}

/// Where an effect was felt, the first and the last time.
fn felt(stage: &Stage, what: &str) -> (usize, usize) {
    let effects = stage.effects();
    let first = effects.iter().position(|felt| felt == what);
    let last = effects.iter().rposition(|felt| felt == what);
    first.zip(last).unwrap_or_else(|| panic!("{what} was not felt: {effects:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_leaves_loses_access_first_and_licences_last() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    assert!(stage.effects().is_empty(), "nothing runs before a signature");
    let card = stage.newest(APPROVALS);
    for said in [
        "Offboard somebody",
        "John Doe",
        "Block sign-in for John Doe",
        "End all sessions of John Doe",
        "Remove Microsoft 365 E3 from John Doe",
        "until its token ends",
        "Samir Nadar (samir.nadar@contoso.com)",
        "Cannot be undone",
    ] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");

    let john = user(&stage, JOHN);
    assert_eq!(john["accountEnabled"], false, "{john}");
    assert_eq!(john["licenses"], json!([]), "{john}");
    assert_eq!(john["groups"], json!([]), "{john}");
    let (blocked, _) = felt(&stage, "user.update");
    let (revoked, _) = felt(&stage, "user.revoke_sessions");
    let (converted, last_of_mailbox) = felt(&stage, "mailbox.update");
    let (left, _) = felt(&stage, "group.member.remove");
    let (unlicensed, _) = felt(&stage, "user.licences");
    assert!(blocked < revoked, "a session could begin in between: {:?}", stage.effects());
    assert!(revoked < left && left < unlicensed, "{:?}", stage.effects());
    assert!(converted < unlicensed && last_of_mailbox < unlicensed, "{:?}", stage.effects());
    assert!(felt(&stage, "user.password").0 < unlicensed, "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_comes_back_with_one_more_signature() {
    let stage = Stage::new().await;
    let before = user(&stage, JOHN);
    let done = signed(&stage, "offboard john.doe@contoso.com").await;
    assert!(done.starts_with("Done: "), "{done}");
    stage.presses("tina.tech", HELPDESK, Verb::Restore).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    let after = user(&stage, JOHN);
    for what in ["accountEnabled", "licenses", "groups", "mailbox"] {
        assert_eq!(after[what], before[what], "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_loses_something_waits_for_the_block_and_one_button_tries_again() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let refuse =
        FaultKind::Status { status: 400, retry_after: RetryAfter::default(), after_effect: false };
    // The block, and the password.
    let fault = Fault::once("PATCH", "/v1.0/users/*", refuse).times(Some(2));
    assert!(stage.world.faults().push(fault));
    let card = approved(&stage).await;
    assert!(card.contains("– skipped"), "{card}");
    let john = user(&stage, JOHN);
    assert_eq!(john["licenses"], json!(["SPE_E3"]), "still able to sign in: {john}");
    assert!(john["groups"].to_string().contains("VPN Users"), "{john}");
    assert_eq!(john["mailbox"]["type"], "SharedMailbox", "needs no block: {john}");
    felt(&stage, "user.revoke_sessions");
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    let john = user(&stage, JOHN);
    assert_eq!(john["accountEnabled"], false, "{john}");
    assert_eq!(john["licenses"], json!([]), "{john}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_needs_its_licence_keeps_it() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard felix.brandt@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("keeps the licences"), "{card}");
    let before = user(&stage, "felix.brandt@contoso.com")["licenses"].clone();
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(user(&stage, "felix.brandt@contoso.com")["licenses"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_needs_the_groups_of_its_pieces_and_a_second_person() {
    let off = Settings { off: &[Area::Devices], ..Settings::default() };
    let stage = Stage::with(off).await;
    stage.says("tina.tech", "offboard john.doe@contoso.com and wipe his devices").await;
    let mut said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    said.extend(stage.whispered("tina.tech"));
    assert!(said.iter().any(|said| said.contains("devices")), "which group is off: {said:?}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());

    let alone = Settings { approval: "confirm".to_owned(), ..Settings::default() };
    let stage = Stage::with(alone).await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    assert!(stage.with_button(HELPDESK, Verb::Confirm).is_none(), "nobody offboards alone");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_starts_later_can_sign_in_only_then_and_the_password_is_made_then() {
    let stage = Stage::new().await;
    let words = "New hire please\nName: Nora Quist\nJob title: Account Manager\n\
                 Department: Sales\nManager: Samir Nadar\nStart date: 2026-11-30\n\
                 Licence: Microsoft 365 E3\nGroups: VPN Users";
    let today = stage.clock_now();
    stage.says("tina.tech", words).await;
    let card = stage.newest(APPROVALS);
    for said in ["Onboard somebody", "Nora Quist", "nora.quist@contoso.com", "Samir Nadar"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    approved(&stage).await;
    let nora = user(&stage, "nora.quist@contoso.com");
    assert_eq!(nora["accountEnabled"], false, "{nora}");
    assert_eq!(nora["licenses"], json!(["SPE_E3"]), "{nora}");
    let sent = || stage.direct("tina.tech").iter().filter(|said| said.contains("one-time")).count();
    assert_eq!(sent(), 0, "the link would end before the first day");
    let start: jiff::Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
    stage.pass(start.duration_since(today) + SignedDuration::from_mins(2)).await;
    stage.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(user(&stage, "nora.quist@contoso.com")["accountEnabled"], true);
    assert_eq!(sent(), 1, "{:?}", stage.direct("tina.tech"));
    token_in(&stage);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_gets_a_number() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "New hire please\nName: Jane Roe\nJob title: Buyer").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("jane.roe2@contoso.com"), "{card}");
    assert!(card.contains("jane.roe@contoso.com is taken"), "{card}");
    approved(&stage).await;
    assert_eq!(user(&stage, "jane.roe2@contoso.com")["jobTitle"], "Buyer");
    assert_eq!(user(&stage, "jane.roe@contoso.com")["jobTitle"], "Account Manager");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_moves_gets_what_is_new_and_keeps_what_is_not_named() {
    let stage = Stage::new().await;
    let words = "John Doe will move from Sales to Finance, reporting to Fiona Ledger. \
                 Please update his record.";
    stage.says("tina.tech", words).await;
    let card = stage.newest(APPROVALS);
    for said in ["Sales → Finance", "Samir Nadar → Fiona Ledger", "stays in all"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    let teams = stage.teams_cards("anna.approver").last().map(card_text).unwrap_or_default();
    assert!(teams.contains("Fiona Ledger"), "{teams}");
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(user(&stage, JOHN)["department"], "Finance");
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(user(&stage, JOHN)["department"], "Sales");
}
