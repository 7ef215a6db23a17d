//! A whole table at once, afterwards: what failed is tried again, what was done is undone, with
//! one press and one signature; and seats are counted over all rows before anybody signs.

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Stage};

const REFUSE: FaultKind =
    FaultKind::Status { status: 400, retry_after: RetryAfter(None), after_effect: false };

fn user(stage: &Stage, upn: &str) -> Value {
    stage.world.user(upn).unwrap_or_else(|| panic!("{upn} is nobody"))
}

fn enabled(stage: &Stage, names: &[&str]) -> Vec<bool> {
    let of = |name: &&str| user(stage, &format!("{name}@contoso.com"))["accountEnabled"] == true;
    names.iter().map(of).collect()
}

/// Signs what waits, listed before where it is long, and lets it run.
async fn signed(stage: &Stage) {
    for _ in 0..2 {
        if stage.with_button(APPROVALS, Verb::Approve).is_some() {
            stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        }
    }
    stage.pass(SignedDuration::from_secs(30)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rows_that_failed_are_tried_again_with_one_press() {
    let stage = Stage::new().await;
    let people = ["john.doe", "jane.roe", "fiona.ledger"];
    let rows = people.map(|name| format!("{name}@contoso.com")).join("\n");
    stage.says("tina.tech", &format!("disable these accounts:\nuser\n{rows}")).await;
    for name in &people[1..] {
        let id = user(&stage, &format!("{name}@contoso.com"))["id"].as_str().unwrap().to_owned();
        let path = format!("/v1.0/users/{id}");
        assert!(stage.world.faults().push(Fault::once("PATCH", &path, REFUSE)));
    }
    signed(&stage).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Partly failed: 2 of 3 rows"), "{card}");
    assert_eq!(enabled(&stage, &people), [false, true, true]);
    // The rows' own cards have the button too; the batch's is the one in the approvers' channel.
    stage.presses("anna.approver", APPROVALS, Verb::Retry).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    assert_eq!(enabled(&stage, &people), [false, false, false]);
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Done: all 3 rows"), "{card}");
    assert!(stage.with_button(APPROVALS, Verb::Retry).is_none(), "{card}");
    let told = stage.whispered("anna.approver").join("\n");
    assert!(told.contains("2 rows that failed are tried again"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_rows_did_is_undone_by_one_signature() {
    let stage = Stage::new().await;
    let people = ["john.doe", "jane.roe"];
    let rows = people.map(|name| format!("{name}@contoso.com")).join("\n");
    stage.says("tina.tech", &format!("disable these accounts:\nuser\n{rows}")).await;
    signed(&stage).await;
    assert_eq!(enabled(&stage, &people), [false, false]);
    let before = stage.effects().len();
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    assert_eq!(stage.effects().len(), before, "the way back waits for its own signature");
    let card = stage.newest(APPROVALS);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    for said in ["2 of 2 rows are fine", "John Doe (john.doe@contoso.com)", "Allow sign-in: 2"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    signed(&stage).await;
    assert_eq!(enabled(&stage, &people), [true, true], "{}", stage.newest(APPROVALS));
    assert!(stage.newest(APPROVALS).contains("Done: all 2 rows"), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn leavers_of_a_table_who_stay_after_all_get_back_what_they_had() {
    let stage = Stage::new().await;
    let people = ["john.doe@contoso.com", "sam.taylor@contoso.com"];
    let had = people.map(|upn| user(&stage, upn));
    stage.says("tina.tech", &format!("leavers\nuser\n{}", people.join("\n"))).await;
    signed(&stage).await;
    stage.pass(SignedDuration::from_mins(2)).await;
    for upn in people {
        assert_eq!(user(&stage, upn)["licenses"], json!([]), "{}", stage.newest(APPROVALS));
    }
    assert!(stage.with_button(HELPDESK, Verb::Undo).is_none(), "it is called by what it does");
    stage.presses("tina.tech", HELPDESK, Verb::Restore).await;
    let card = stage.newest(APPROVALS);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    assert!(card.contains("Does not come back"), "what is lost for good is said: {card}");
    signed(&stage).await;
    stage.pass(SignedDuration::from_mins(2)).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Done: all 2 rows"), "{card}");
    for (upn, had) in people.iter().zip(had) {
        let has = user(&stage, upn);
        for what in ["accountEnabled", "licenses", "groups"] {
            assert_eq!(has[what], had[what], "{upn}: {what}");
        }
        assert_eq!(has["mailbox"]["type"], had["mailbox"]["type"], "{upn}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_are_counted_over_all_rows_before_the_card_is_sent() {
    let stage = Stage::new().await;
    // Five of ten are free, and seven people are to have one. Jane sits on one already, through
    // a group.
    let people = [
        "john.doe",
        "jane.roe",
        "sam.taylor",
        "fiona.ledger",
        "felix.brandt",
        "mona.vale",
        "hugo.marsh",
    ];
    let rows = people.map(|name| format!("{name}@contoso.com")).join("\n");
    let table = format!("assign AAD_PREMIUM_P2 to these people:\nuser\n{rows}");
    stage.says("tina.tech", &table).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("6 of 7 rows are fine"), "{card}");
    let short = "Row 8 (Hugo Marsh): No seat of Microsoft Entra ID P2 is free: 10 of 10 are in use";
    assert!(card.contains(short), "{card}");
    signed(&stage).await;
    let has = |name: &str| {
        let licences = user(&stage, &format!("{name}@contoso.com"))["licenses"].to_string();
        licences.contains("AAD_PREMIUM_P2")
    };
    assert_eq!(people.map(has), [true, true, true, true, true, true, false]);
    assert!(stage.newest(APPROVALS).contains("Done: all 6 rows"), "{}", stage.newest(APPROVALS));
}
