//! What runs: stop, retry, doubt, pause, two at once, a service in trouble.

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{AppRegistration, Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Stage};

const DISABLE: &str = "disable john.doe@contoso.com";

fn fault(stage: &Stage, method: &str, path: &str, kind: FaultKind, times: Option<u32>) {
    assert!(stage.world.faults().push(Fault::once(method, path, kind).times(times)));
}

fn status(status: u16, retry_after: Option<u32>) -> FaultKind {
    let retry_after = retry_after.map_or_else(RetryAfter::default, RetryAfter::seconds);
    FaultKind::Status { status, retry_after, after_effect: false }
}

fn on_users(stage: &Stage, kind: FaultKind, times: Option<u32>) {
    fault(stage, "PATCH", "/v1.0/users/*", kind, times);
}

async fn signed(stage: &Stage, words: &str) -> String {
    stage.says("tina.tech", words).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.newest(HELPDESK)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_stopped_by_the_button_and_by_words() {
    for by_words in [false, true] {
        let stage = Stage::new().await;
        on_users(&stage, status(429, Some(60)), Some(1));
        let thread = stage.says("tina.tech", DISABLE).await;
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Running: 0 of 1 steps finished"), "{card}");
        if by_words {
            stage.says_in("tina.tech", "cancel that", &thread).await;
        } else {
            stage.presses("tina.tech", HELPDESK, Verb::Stop).await;
        }
        stage.pass(SignedDuration::from_secs(90)).await;
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Failed: no step succeeded"), "{card}");
        assert!(card.contains("Tina Tech"), "who stopped it: {card}");
        assert!(card.contains("– skipped"), "{card}");
        assert!(!card.contains("paused"), "nobody paused anything: {card}");
        assert!(stage.effects().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_tried_again_while_the_signature_lasts() {
    let stage = Stage::new().await;
    on_users(&stage, status(400, None), Some(1));
    let card = signed(&stage, DISABLE).await;
    assert!(card.starts_with("Failed: no step succeeded"), "{card}");
    assert_eq!(stage.told(HELPDESK), "#1001 about John Doe failed. The card says why.");
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_the_signature_lapsed_is_refused() {
    let stage = Stage::new().await;
    on_users(&stage, status(400, None), Some(1));
    signed(&stage, DISABLE).await;
    stage.pass(SignedDuration::from_hours(9)).await;
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    let whisper = stage.whispered("tina.tech").pop().unwrap();
    assert!(whisper.contains("The time for #1001 is over."), "{whisper}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named_and_once_granted_the_retry_works() {
    let stage = Stage::new().await;
    // Each of these would suffice.
    let lesser = AppRegistration::demo()
        .without("User.RevokeSessions.All")
        .without("User.ReadWrite.All")
        .without("Directory.ReadWrite.All");
    stage.world.set_app(lesser);
    // Until then the old token lives, and with it the permission.
    stage.pass(SignedDuration::from_mins(70)).await;
    let card = signed(&stage, "sign john.doe@contoso.com out everywhere").await;
    assert!(card.starts_with("Failed: no step succeeded"), "{card}");
    assert!(card.contains("Countersign lacks a permission: User.RevokeSessions.All"), "{card}");
    stage.world.set_app(AppRegistration::demo());
    stage.pass(SignedDuration::from_mins(70)).await;
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    assert_eq!(stage.effects(), ["user.revoke_sessions"]);
}

async fn in_doubt(stage: &Stage) {
    let old_reads = FaultKind::StaleReads { ms: 24 * 3_600_000 };
    fault(stage, "GET", "*", old_reads, None);
    let card = signed(stage, DISABLE).await;
    assert!(card.starts_with("In doubt: 1 of 1 steps"), "{card}");
    assert!(card.contains("Nobody can tell yet whether it happened."), "{card}");
    assert!(!card.contains("not possible"), "{card}");
    assert!(stage.told(HELPDESK).contains("nobody can tell whether it happened"));
    stage.world.faults().clear();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_in_doubt_is_settled_by_looking_again_or_by_a_persons_word() {
    for (verb, ends, felt) in [
        (Verb::CheckAgain, "Done: ", 1),
        (Verb::Happened, "Done: ", 1),
        (Verb::DidNot, "Failed: no step succeeded", 1),
    ] {
        let stage = Stage::new().await;
        in_doubt(&stage).await;
        stage.presses("henry.desk", HELPDESK, verb).await;
        let whisper = stage.whispered("henry.desk").pop().unwrap();
        assert!(whisper.contains("Only the requester or an approver"), "{whisper}");
        stage.presses("tina.tech", HELPDESK, verb).await;
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with(ends), "{verb:?}: {card}");
        assert_eq!(card.contains("said by Tina Tech"), verb != Verb::CheckAgain, "{card}");
        assert_eq!(stage.effects().len(), felt, "a word changes nothing in the tenant");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_read_back_and_nothing_is_done_twice() {
    for kind in [
        FaultKind::CutAfter,
        FaultKind::Truncated,
        FaultKind::Status { status: 504, retry_after: RetryAfter::default(), after_effect: true },
    ] {
        let stage = Stage::new().await;
        on_users(&stage, kind.clone(), Some(1));
        fault(&stage, "POST", "/v1.0/$batch", kind.clone(), Some(1));
        let card = signed(&stage, DISABLE).await;
        assert!(card.starts_with("Done: "), "{kind:?}: {card}");
        assert_eq!(stage.effects(), ["user.update"], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_or_broken_service_is_waited_for_as_long_as_it_says() {
    for (kind, times, at_least) in [
        (status(429, Some(20)), 5, 100),
        (status(503, Some(5)), 3, 15),
        (status(500, None), 2, 1),
        (FaultKind::Html, 2, 0),
        (FaultKind::CutBefore, 2, 0),
    ] {
        let stage = Stage::new().await;
        on_users(&stage, kind.clone(), Some(times));
        let began = stage.world.ledger().len();
        let at = countersign::ports::clock::Clock::now(stage.clock.as_ref());
        let card = signed(&stage, DISABLE).await;
        assert!(card.starts_with("Done: "), "{kind:?}: {card}");
        assert_eq!(stage.effects().len(), began + 1, "{kind:?}");
        let waited = stage.world.ledger()[began].at.duration_since(at).as_secs();
        assert!(waited >= at_least, "{kind:?}: {waited} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_does_not_answer_is_said_and_nothing_is_asked_of_approvers() {
    let stage = Stage::new().await;
    fault(&stage, "*", "*", FaultKind::Html, None);
    stage.pass(SignedDuration::from_secs(61)).await;
    stage.says("tina.tech", DISABLE).await;
    let said = stage.whispered("tina.tech").pop().unwrap_or_else(|| stage.newest(HELPDESK));
    assert!(said.contains("No answer came from Microsoft"), "{said}");
    assert!(said.contains("Try again in a few minutes."), "{said}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_about_one_person_run_one_after_the_other() {
    let stage = Stage::new().await;
    on_users(&stage, status(429, Some(45)), Some(1));
    let first = signed(&stage, DISABLE).await;
    assert!(first.starts_with("Running: "), "{first}");
    stage.says("tina.tech", "sign john.doe@contoso.com out everywhere").await;
    let second = stage.newest(HELPDESK);
    assert!(
        second.contains("#1001 is also about John Doe. They run one after the other."),
        "{second}"
    );
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update", "user.revoke_sessions"], "in this order");
    assert!(stage.newest(HELPDESK).starts_with("Done: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_everything_is_paused_nothing_begins_and_the_card_says_why() {
    let stage = Stage::new().await;
    let house = stage.house();
    house.store.pause(true).await.unwrap();
    stage.says("tina.tech", DISABLE).await;
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    for _ in 0..5 {
        house.engine.work().await.unwrap();
        house.desks.tell().await.unwrap();
        stage.clock.pass(SignedDuration::from_secs(15));
    }
    assert!(stage.effects().is_empty());
    let card = stage.newest(HELPDESK);
    assert!(card.contains("The operator has paused everything."), "{card}");
    house.store.pause(false).await.unwrap();
    stage.pass(SignedDuration::from_secs(15)).await;
    assert_eq!(stage.effects(), ["user.update"]);
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: ") && !card.contains("paused"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_also_holds_back_what_of_a_run_has_not_begun() {
    let stage = Stage::new().await;
    on_users(&stage, status(429, Some(60)), Some(1));
    signed(&stage, DISABLE).await;
    let house = stage.house();
    house.store.pause(true).await.unwrap();
    for _ in 0..10 {
        stage.clock.pass(SignedDuration::from_secs(15));
        house.engine.work().await.unwrap();
    }
    assert!(stage.effects().is_empty());
    house.store.pause(false).await.unwrap();
    stage.pass(SignedDuration::from_secs(15)).await;
    assert_eq!(stage.effects(), ["user.update"]);
}
