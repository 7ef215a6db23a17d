//! Who signs while somebody is away; reasons; reminders; what is asked for where.

use countersign::{domain::chat::Verb, sim::teams::BotService};
use jiff::SignedDuration;
use serde_json::json;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, shown};

/// Anna is away until three in the afternoon; Bob signs instead.
async fn anna_is_away(approval: &str) -> Stage {
    let more = r#"
[[policy.delegates]]
from = "anna.approver@contoso.com"
to = "bob.lead@contoso.com"
until = "2026-11-20T15:00:00Z"
"#;
    let settings =
        Settings { approval: approval.to_owned(), more: more.to_owned(), ..Settings::default() };
    Stage::with(settings).await
}

async fn told(stage: &Stage, who: &str, verb: Verb) -> String {
    let before = stage.whispered(who).len();
    stage.presses(who, APPROVALS, verb).await;
    let whispers = stage.whispered(who);
    assert_eq!(whispers.len(), before + 1, "{who} is told, once");
    whispers.last().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_whoever_stands_in_signs_for_the_time_and_the_card_says_so() {
    let stage = anna_is_away("approve").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    let card = stage.newest(HELPDESK);
    assert!(
        card.contains(
            "Bob Lead (bob.lead@contoso.com), in place of Anna Approver (anna.approver@contoso.com)"
        ),
        "{card}"
    );
    stage.pass(SignedDuration::from_hours(3)).await;
    stage.says("tina.tech", "disable walt.gone@contoso.com and disable john.doe@contoso.com").await;
    let why = told(&stage, "bob.lead", Verb::Approve).await;
    assert!(why.contains("You are not an approver for users."), "{why}");
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_sign_in_one_place_are_one_signature() {
    for (first, second) in [("anna.approver", "bob.lead"), ("bob.lead", "anna.approver")] {
        let stage = anna_is_away("approve:2").await;
        stage.says("tina.tech", "disable jane.roe@contoso.com").await;
        stage.presses(first, APPROVALS, Verb::Approve).await;
        let why = told(&stage, second, Verb::Approve).await;
        assert!(why.contains("the two of you sign in one place"), "{second}: {why}");
        assert!(stage.effects().is_empty());
        stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
        assert_eq!(stage.effects(), ["user.update"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_for_whoever_asked_or_whom_it_is_about() {
    let more = r#"
[[policy.delegates]]
from = "tina.tech@contoso.com"
to = "bob.lead@contoso.com"
until = "2026-12-20T15:00:00Z"
[[policy.delegates]]
from = "john.doe@contoso.com"
to = "henry.desk@contoso.com"
until = "2026-12-20T15:00:00Z"
"#;
    let stage = Stage::with(Settings { more: more.to_owned(), ..Settings::default() }).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    for who in ["bob.lead", "henry.desk"] {
        let why = told(&stage, who, Verb::Approve).await;
        assert!(why.contains("You are not an approver for users."), "{who}: {why}");
    }
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_the_operator_took_back_has_not_signed_at_the_run() {
    let mut stage = anna_is_away("approve").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com today at 16:00").await;
    stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    let delegates = std::mem::take(&mut config.policy.delegates);
    stage.config = std::sync::Arc::new(config.clone());
    stage.start().await;
    stage.pass(SignedDuration::from_hours(4)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Bob Lead signed this and may not sign it any more."), "{card}");
    // Signed in time is signed: that the time has ended since takes nothing away.
    stage.fall().await;
    config.policy.delegates = delegates;
    stage.config = std::sync::Arc::new(config);
    stage.start().await;
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_no_needs_a_reason_none_is_taken_without_and_the_requester_reads_it() {
    let policy = "secrets_to = \"requester\"\nreasons = \"rejections\"".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let why = told(&stage, "anna.approver", Verb::Reject).await;
    assert!(why.contains("This needs a reason, and none was given."), "{why}");
    assert!(stage.newest(HELPDESK).starts_with("Waiting for a signature"));
    let (upn, verb) = ("anna.approver@contoso.com", Verb::Reject.as_str());
    let conversation = stage.teams.open_personal(upn).unwrap();
    let card = stage.teams_cards("anna.approver").pop().unwrap();
    let data = BotService::button(card.card.as_ref().unwrap(), verb).unwrap();
    let at = (conversation.as_str(), card.id.as_str());
    let inputs = json!({ "note": "He is still with us until May." });
    stage.teams.press(upn, at, verb, &data, &inputs).await.unwrap();
    stage.settle().await;
    assert_eq!(
        stage.told(HELPDESK),
        "#1001 about John Doe was rejected by Anna Approver: “\u{2068}He is still with us until May.\u{2069}”. Nothing was changed."
            .replace(['\u{2068}', '\u{2069}'], "")
    );
    assert!(stage.newest(HELPDESK).contains("He is still with us until May."));
    let words = b"He is still with us";
    let spilt = stage
        .files()
        .into_iter()
        .find(|(_, bytes)| bytes.windows(words.len()).any(|window| window == words));
    assert!(spilt.is_none(), "the reason is readable in {:?}", spilt.unwrap().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waits_is_brought_to_mind_once_before_its_end_and_not_after() {
    let policy = "secrets_to = \"requester\"\nremind_before = [\"PT1H\"]".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let reminders = |stage: &Stage| {
        let said = stage.bot_said(APPROVALS);
        said.iter().filter(|m| shown(m).contains("still waits for a signature")).count()
    };
    stage.pass(SignedDuration::from_mins(6 * 60 + 59)).await;
    assert_eq!(reminders(&stage), 0);
    stage.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(reminders(&stage), 1);
    stage.pass(SignedDuration::from_mins(30)).await;
    assert_eq!(reminders(&stage), 1);
    // It can be signed as before, to the end.
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.pass(SignedDuration::from_hours(7)).await;
    assert_eq!(reminders(&stage), 2);
    stage.pass(SignedDuration::from_hours(1)).await;
    assert!(stage.newest(HELPDESK).starts_with("Expired unsigned: nothing was changed"));
    assert_eq!(reminders(&stage), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_conversation_only_what_is_set_for_it_is_asked_for() {
    let more = format!("[policy.channels.{HELPDESK}]\ngroups = [\"users\"]\n");
    let stage = Stage::with(Settings { more, ..Settings::default() }).await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let said = stage.newest(HELPDESK);
    assert!(
        said.contains("Requests about passwords and security are not made in this conversation."),
        "{said}"
    );
    assert!(stage.bot_said(APPROVALS).is_empty());
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    assert!(stage.newest(HELPDESK).starts_with("Waiting for a signature"));
}
