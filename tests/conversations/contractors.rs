//! Contractors: set up with an end, ended by a proposal in time, extended. And first and last
//! days of the directory, which become proposals and never more.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    attacks::patch,
    lifecycle::approved,
    stage::{APPROVALS, HELPDESK, Settings, Stage, shown, slack_id},
};

const BOB: &str = "bob.stone@contoso.com";
const SET_UP: &str = "set up contractor Bob Stone from 1 December until 26 February, \
                      manager Samir Nadar, company Northwind";

/// Days become proposals in the name of Hannah.
fn drafts() -> Settings {
    Settings {
        more: "[drafts]\nrequester = \"hannah.reeves@contoso.com\"".to_owned(),
        ..Settings::default()
    }
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

fn user(stage: &Stage, upn: &str) -> Value {
    stage.world.user(upn).unwrap_or_else(|| panic!("{upn} is nobody"))
}

/// How many cards of this sort those who sign were shown.
fn asked_to_sign(stage: &Stage, what: &str) -> usize {
    stage.bot_said(APPROVALS).iter().filter(|message| shown(message).contains(what)).count()
}

async fn set_up(stage: &Stage) {
    stage.says("tina.tech", SET_UP).await;
    let done = approved(stage).await;
    assert!(!done.contains("failed"), "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contractor_is_set_up_with_sponsor_company_and_end() {
    let stage = Stage::with(drafts()).await;
    stage.says("tina.tech", SET_UP).await;
    assert!(stage.effects().is_empty(), "nothing runs before a signature");
    let card = stage.newest(APPROVALS);
    for said in [
        "New contractor",
        "Bob Stone (bob.stone@contoso.com)",
        "Samir Nadar",
        "Northwind",
        "Contractor",
        "Fri 26 Feb 2027, 23:59",
        "14 days before, ending it is proposed",
    ] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    approved(&stage).await;
    let bob = user(&stage, BOB);
    assert_eq!(bob["employeeType"], "Contractor", "{bob}");
    assert_eq!(bob["companyName"], "Northwind", "{bob}");
    assert_eq!(bob["employeeLeaveDateTime"], "2027-02-26T23:59:00Z", "{bob}");
    assert_eq!(bob["accountEnabled"], false, "before the first day: {bob}");
    stage.pass(days(11)).await;
    assert_eq!(user(&stage, BOB)["accountEnabled"], true);
    assert_eq!(asked_to_sign(&stage, "names this first day"), 0, "the set-up opens it already");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contractor_cannot_be_without_is_asked_for() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "set up contractor Bob Stone, manager Samir Nadar").await;
    let asked = stage.newest(HELPDESK);
    assert!(asked.contains("Which day is the last one?"), "{asked}");
    stage.says_in("tina.tech", "26 February", &thread).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Fri 26 Feb 2027, 23:59"), "{card}");
    assert!(card.contains("nothing ends by itself: ask now"), "no [drafts] here: {card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contractor_may_be_called_like_somebody_here() {
    let stage = Stage::new().await;
    let words = "set up contractor Jane Roe until 26 February, manager Samir Nadar";
    stage.says("tina.tech", words).await;
    let card = stage.newest(APPROVALS);
    for said in ["New contractor", "jane.roe2@contoso.com", "jane.roe@contoso.com is taken"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_new_contractor_wants_sponsor_and_end() {
    let stage = Stage::new().await;
    let who = slack_id("tina.tech");
    stage.slack.command(&who, HELPDESK, "/countersign", "new contractor").await.unwrap();
    stage.heard_out().await;
    let view = stage.slack.views(&who).pop().expect("a window");
    assert_eq!(view.view["title"]["text"], "New contractor");
    let found = stage.slack.search(&who, &view.id, "0.manager", "samir").await.unwrap();
    let samir = found[0]["value"].as_str().unwrap();
    stage.slack.fill(&who, &view.id, "0.manager", samir).await.unwrap();
    let values = [
        ("0.display_name", "Bob Stone"),
        ("0.company_name", "Northwind"),
        ("0.start_date", "2026-12-01"),
    ];
    let sent = stage.slack.submit_view(&who, &view.id, &values).await;
    assert!(sent.is_err(), "the end is missing: {sent:?}");
    assert_eq!(asked_to_sign(&stage, "New contractor"), 0);
    stage.slack.submit_view(&who, &view.id, &[("0.end_date", "2027-02-26")]).await.unwrap();
    stage.settle().await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Fri 26 Feb 2027, 23:59") && card.contains("Northwind"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_form_keeps_its_end_date() {
    for (form, title) in [
        (
            "New contractor please\nName: Bob Stone\nCompany: Northwind\nManager: Samir Nadar\n\
             Start date: 2026-12-01\nEnd date: 2027-02-26",
            "New contractor",
        ),
        (
            "New hire please\nName: Bob Stone\nJob title: Auditor\nManager: Samir Nadar\n\
             Start date: 2026-12-01\nEnd date: 2027-02-26",
            "Onboard somebody",
        ),
        (
            "New hire please\nName: Bob Stone\nJob title: Auditor\nManager: Samir Nadar\n\
             End date: 2027-02-26",
            "Onboard somebody",
        ),
    ] {
        let stage = Stage::new().await;
        stage.says("tina.tech", form).await;
        let card = stage.newest(APPROVALS);
        assert!(card.contains(title), "{form}: {card}");
        assert!(card.contains("Fri 26 Feb 2027, 23:59"), "{form}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_contract_is_proposed_in_time_once_and_runs_only_when_signed() {
    let mut stage = Stage::with(drafts()).await;
    set_up(&stage).await;
    stage.pass(days(83)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 0, "15 days before is too early");
    stage.pass(days(1)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1);
    let card = stage.newest(APPROVALS);
    for said in ["Bob Stone", "names this last day", "Hannah Reeves", "Fri 26 Feb 2027, 23:59"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    stage.fall().await;
    stage.start().await;
    stage.pass(days(2)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1, "once, over restarts");
    assert_eq!(user(&stage, BOB)["accountEnabled"], true, "nobody signed");
    approved(&stage).await;
    assert_eq!(user(&stage, BOB)["accountEnabled"], true, "signed, and not yet the last day");
    let last: jiff::Timestamp = "2027-02-26T23:59:00Z".parse().unwrap();
    stage.pass(last.duration_since(stage.clock_now()) - SignedDuration::from_secs(60)).await;
    assert_eq!(user(&stage, BOB)["accountEnabled"], true, "his last evening");
    stage.pass(SignedDuration::from_secs(62)).await;
    stage.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(user(&stage, BOB)["accountEnabled"], false);
    stage.pass(days(8)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_extended_in_words_and_what_was_proposed_for_its_old_end_is_over() {
    let stage = Stage::with(drafts()).await;
    set_up(&stage).await;
    stage.pass(days(84)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1);
    stage
        .house()
        .desk
        .people
        .refresh(stage.house().desk.directory.as_ref(), &stage.tenant(), stage.clock_now())
        .await
        .unwrap();
    stage.says("tina.tech", "please extend Bob Stone's contract until 31 May").await;
    let card = stage.newest(APPROVALS);
    for said in ["Extend a contract", "Fri 26 Feb 2027, 23:59", "Mon 31 May 2027, 23:59"] {
        assert!(card.contains(said), "the card lacks {said:?}: {card}");
    }
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(user(&stage, BOB)["employeeLeaveDateTime"], "2027-05-31T22:59:00Z");
    stage.pass(SignedDuration::from_hours(1)).await;
    let said: Vec<String> = stage.bot_said(APPROVALS).iter().map(shown).collect();
    assert!(
        said.iter().any(|said| said.contains("is over: the directory names another day")),
        "{said:?}"
    );
    let first = said.iter().find(|said| said.contains("Offboard somebody")).unwrap();
    assert!(first.contains("Cancelled"), "nobody can sign it any more: {first}");
    stage.pass(days(95)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 2, "and for the new end, again");
    // Signed already: it starts as it was signed, and that is said, once.
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    patch(&stage, BOB, &json!({ "employeeLeaveDateTime": "2027-12-31T23:59:00Z" })).await;
    stage.pass(SignedDuration::from_hours(1)).await;
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(asked_to_sign(&stage, "is signed and starts as signed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_the_directory_become_proposals_never_more() {
    let stage = Stage::with(drafts()).await;
    let leaves = json!({ "employeeLeaveDateTime": "2026-11-27T00:00:00Z" });
    patch(&stage, "john.doe@contoso.com", &leaves).await;
    let starts = json!({ "employeeHireDate": "2026-11-30T00:00:00Z" });
    patch(&stage, "walt.gone@contoso.com", &starts).await;
    assert_eq!(user(&stage, "walt.gone@contoso.com")["accountEnabled"], false);
    let before = stage.effects();
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1);
    assert_eq!(asked_to_sign(&stage, "Allow sign-in"), 1);
    let said: Vec<String> = stage.bot_said(APPROVALS).iter().map(shown).collect();
    let ends = said.iter().find(|said| said.contains("Offboard somebody")).unwrap();
    assert!(ends.contains("Fri 27 Nov 2026, 17:00"), "a day, at its end: {ends}");
    let begins = said.iter().find(|said| said.contains("Allow sign-in")).unwrap();
    assert!(begins.contains("Mon 30 Nov 2026, 08:00"), "a day, at its beginning: {begins}");
    stage.pass(days(3)).await;
    assert_eq!(stage.effects(), before, "nobody signed, so nothing happens");
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1);
    // Three days after his last day the card can still be signed, and then runs at once.
    stage.pass(days(7)).await;
    approved(&stage).await;
    assert_eq!(user(&stage, "john.doe@contoso.com")["accountEnabled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_protected_is_not_proposed_and_that_is_said_once() {
    let mut settings = drafts();
    settings.policy.push_str("\nuntouchable = [\"john.doe@contoso.com\"]");
    let stage = Stage::with(settings).await;
    let leaves = json!({ "employeeLeaveDateTime": "2026-11-27T00:00:00Z" });
    patch(&stage, "john.doe@contoso.com", &leaves).await;
    for _ in 0..3 {
        stage.pass(SignedDuration::from_hours(2)).await;
    }
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 0);
    assert_eq!(asked_to_sign(&stage, "I may propose nothing about it"), 1);
    assert_eq!(asked_to_sign(&stage, "untouchable"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_left_alone_where_they_are_switched_off_or_somebody_asked_already() {
    let leaves = json!({ "employeeLeaveDateTime": "2026-11-27T00:00:00Z" });
    let off = Settings {
        more: "[drafts]\nrequester = \"hannah.reeves@contoso.com\"\nleavers = false".to_owned(),
        ..Settings::default()
    };
    for settings in [Settings::default(), off] {
        let stage = Stage::with(settings).await;
        patch(&stage, "john.doe@contoso.com", &leaves).await;
        stage.pass(days(1)).await;
        assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 0);
    }
    let stage = Stage::with(drafts()).await;
    stage.says("tina.tech", "offboard john.doe@contoso.com on 2026-11-27").await;
    patch(&stage, "john.doe@contoso.com", &leaves).await;
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(asked_to_sign(&stage, "Offboard somebody"), 1, "she asked already");
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    stage.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(asked_to_sign(&stage, "names this last day"), 1, "the day stands");
}
