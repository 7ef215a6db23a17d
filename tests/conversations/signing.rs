//! Who may sign: several signatures, the requester's own confirmation, refusals in words.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

fn rule(approval: &str) -> Settings {
    Settings { approval: approval.to_owned(), ..Settings::default() }
}

async fn answered(stage: &Stage, who: &str, verb: Verb) -> String {
    let before = stage.whispered(who).len();
    stage.presses(who, APPROVALS, verb).await;
    let whispers = stage.whispered(who);
    assert_eq!(whispers.len(), before + 1, "{who} is told, once");
    whispers.last().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slack_button_signs() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    assert!(stage.newest(APPROVALS).contains("*Signed*  Anna Approver"));
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_rule_is_confirm_the_requester_alone_confirms_and_the_card_says_so() {
    let stage = Stage::with(rule("confirm")).await;
    stage.says("tina.tech", "enable walt.gone@contoso.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for the requester to confirm"), "{card}");
    assert!(card.contains("the requester alone; no second person looks"), "{card}");
    assert!(stage.bot_said(APPROVALS).is_empty(), "no approver is bothered");
    stage.presses("theo.tech", HELPDESK, Verb::Confirm).await;
    let whisper = stage.whispered("theo.tech").pop().unwrap();
    assert!(whisper.contains("Only the requester or an approver may do this."), "{whisper}");
    assert!(stage.effects().is_empty());
    stage.presses("tina.tech", HELPDESK, Verb::Confirm).await;
    assert_eq!(stage.effects(), ["user.update"]);
    assert!(stage.newest(HELPDESK).contains("no second person looks"));

    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    assert!(stage.with_button(HELPDESK, Verb::Confirm).is_none(), "ending access needs another");
    let card = stage.newest(HELPDESK);
    assert!(card.contains("1 of the approvers for users"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_two_must_sign_the_first_is_shown_and_signs_once() {
    let stage = Stage::with(rule("approve:2")).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    assert!(card.contains("*Needs*  2 of the approvers for users"), "{card}");
    assert!(card.contains("*Signed*  Anna Approver"), "{card}");
    let told = answered(&stage, "anna.approver", Verb::Approve).await;
    assert!(told.contains("You signed this already."), "{told}");
    assert!(told.contains("The card shows whose signature is still missing."), "{told}");
    assert!(stage.effects().is_empty());
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Anna Approver") && card.contains("Theo Tech"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_whom_it_is_about_and_who_is_no_approver_cannot_sign() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    for (who, what, hint) in [
        ("tina.tech", "You asked for this yourself.", "Somebody else has to sign it."),
        ("john.doe", "This request is about you.", "Somebody else has to sign it."),
        (
            "henry.desk",
            "You are not an approver for passwords and security.",
            "Nothing happened. The card still waits for an approver.",
        ),
    ] {
        let told = answered(&stage, who, Verb::Approve).await;
        assert!(told.contains(what) && told.contains(hint), "{who}: {told}");
    }
    assert!(stage.effects().is_empty());
    assert!(stage.newest(HELPDESK).starts_with("Waiting for a signature"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_would_receive_the_password_cannot_sign() {
    let policy = "secrets_to = \"theo.tech@contoso.com\"".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Goes to Theo Tech (theo.tech@contoso.com) by one-time link"), "{card}");
    let told = answered(&stage, "theo.tech", Verb::Approve).await;
    assert!(told.contains("You would receive the password of this request."), "{told}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.password"]);
    assert!(stage.direct("tina.tech").is_empty(), "whoever asked gets no link");
    let theo = stage.teams_cards("theo.tech").pop().unwrap();
    assert!(theo.card.unwrap().to_string().contains("/s/#"), "the recipient does");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_for_somebody_the_bot_cannot_reach_is_refused_in_words() {
    let policy = "secrets_to = \"manager\"".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let said = stage.newest(HELPDESK);
    assert!(
        said.contains("the password would go to Samir Nadar, who has no chat with me yet"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_a_request_nobody_signs_expires_and_a_late_click_is_answered() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let card = stage.with_button(APPROVALS, Verb::Approve).unwrap();
    stage.clock.pass(SignedDuration::from_hours(8));
    // She clicks before anybody has drawn the card anew.
    stage
        .slack
        .press(&slack_id("anna.approver"), APPROVALS, &card.ts, Verb::Approve.as_str())
        .await
        .unwrap();
    stage.settle().await;
    let told = stage.whispered("anna.approver").pop().unwrap();
    assert!(told.contains("The time for #1001 is over."), "{told}");
    assert!(stage.newest(HELPDESK).starts_with("Expired unsigned: nothing was changed"));
    assert!(stage.newest(APPROVALS).starts_with("Expired unsigned: nothing was changed"));
    assert_eq!(
        stage.told(HELPDESK),
        "#1001 about John Doe was not signed in time. Nothing was changed; ask again if it is still needed."
    );
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_told_and_final() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    assert!(stage.newest(HELPDESK).starts_with("Rejected: nothing was changed"));
    assert_eq!(
        stage.told(HELPDESK),
        "#1001 about John Doe was rejected by Anna Approver. Nothing was changed."
    );
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    assert!(stage.effects().is_empty());
}

/// Something about a chat account that makes it nobody's.
type Flag = fn(&mut countersign::sim::slack::Person);

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_are_nobodys_cannot_sign() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let flags: [(Flag, &str); 5] = [
        (|p| p.restricted = true, "guests cannot ask or decide"),
        (|p| p.ultra_restricted = true, "guests cannot ask or decide"),
        (|p| p.bot = true, "bots cannot ask or decide"),
        (|p| p.team = "T0FABRIKAM".to_owned(), "people of other organisations"),
        (|p| p.email = Some("anna@fabrikam.com".to_owned()), "not linked to one enabled user"),
    ];
    let anna = stage.slack.people().into_iter().find(|p| p.handle == "anna.approver").unwrap();
    for (flag, why) in flags {
        let mut changed = anna.clone();
        flag(&mut changed);
        stage.slack.put_person(changed);
        // What is known of somebody is believed for a minute.
        stage.pass(SignedDuration::from_secs(61)).await;
        let told = answered(&stage, "anna.approver", Verb::Approve).await;
        assert!(told.contains(why), "{told}");
    }
    assert!(stage.effects().is_empty());
    stage.slack.put_person(anna);
    stage.pass(SignedDuration::from_secs(61)).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}
