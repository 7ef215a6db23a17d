//! Too many people at once: held back until one person more has signed.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

async fn limited(limits: &str, approval: &str) -> Stage {
    let settings = Settings {
        more: format!("[policy.limits]\n{limits}\n"),
        approval: approval.to_owned(),
        ..Settings::default()
    };
    Stage::with(settings).await
}

fn is_blocked(stage: &Stage, name: &str) -> bool {
    stage.world.user(&format!("{name}@contoso.com")).unwrap()["accountEnabled"] == false
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_requests_are_one_large_one() {
    let stage = limited("people_per_hour_each = 2", "approve").await;
    for name in ["john.doe", "jane.roe"] {
        stage.says("tina.tech", &format!("disable {name}@contoso.com")).await;
        assert!(!stage.newest(APPROVALS).contains("Held back"));
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        assert!(is_blocked(&stage, name));
    }
    stage.says("tina.tech", "disable fiona.ledger@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Held back: with this, 3 people would be changed within an hour by one requester, and the operator's limit is 2"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(!is_blocked(&stage, "fiona.ledger"), "one signature is not enough");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(is_blocked(&stage, "fiona.ledger"));
    // Somebody else's are counted apart, and the hour moves on.
    stage.says("hannah.reeves", "disable omar.haddad@contoso.com").await;
    assert!(!stage.newest(APPROVALS).contains("Held back"));
    stage.pass(SignedDuration::from_mins(66)).await;
    stage.says("tina.tech", "disable eva.lindqvist@contoso.com").await;
    assert!(!stage.newest(APPROVALS).contains("Held back"), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_else_had_to_look_somebody_has_to() {
    let stage = limited("people_per_hour = 1", "confirm").await;
    stage.says("tina.tech", "sign john.doe@contoso.com out everywhere").await;
    stage.presses("tina.tech", HELPDESK, Verb::Confirm).await;
    let before = stage.effects().len();
    assert!(before > 0);
    stage.says("hannah.reeves", "sign jane.roe@contoso.com out everywhere").await;
    let card = stage.newest(HELPDESK);
    assert!(
        card.contains("Held back: with this, 2 people would be changed within an hour"),
        "{card}"
    );
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some(), "a second person is asked");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().len() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_counted_as_a_whole() {
    let stage = limited("percent_of_users = 10", "approve").await;
    let table = "disable these accounts\nuser\njohn.doe@contoso.com\njane.roe@contoso.com\nfiona.ledger@contoso.com";
    stage.says("tina.tech", table).await;
    let card = stage.newest(APPROVALS);
    assert!(
        card.contains("Held back: it is about 3 people, more than 10 % of all users"),
        "{card}"
    );
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty());
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(10)).await;
    assert!(is_blocked(&stage, "john.doe") && is_blocked(&stage, "fiona.ledger"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_instant_one_is_held_back() {
    let stage = limited("people_per_hour = 1", "approve").await;
    let say = |who: &'static str, whom: &'static str| {
        let text = format!("@countersign disable {whom}@contoso.com");
        let slack = &stage.slack;
        async move { slack.say(&slack_id(who), HELPDESK, &text, None).await.unwrap() }
    };
    futures::join!(
        say("tina.tech", "john.doe"),
        say("hannah.reeves", "jane.roe"),
        say("tina.tech", "fiona.ledger"),
    );
    stage.settle().await;
    let cards = stage.bot_said(APPROVALS);
    let held = cards.iter().map(crate::stage::shown).filter(|card| card.contains("Held back"));
    assert_eq!((cards.len(), held.count()), (3, 2));
}
