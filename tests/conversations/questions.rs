//! What is asked back, who may answer, and how long.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    attacks::patch,
    stage::{APPROVALS, HELPDESK, Stage, card_text, slack_id},
};

/// Somebody picks in the radio buttons of the newest question and presses.
async fn picks(stage: &Stage, who: &str, value: &str) {
    let card = stage.with_button(HELPDESK, Verb::Pick).expect("a question with choices");
    stage.slack.fill(&slack_id(who), &card.ts, "choice", value).await.unwrap();
    stage.presses(who, HELPDESK, Verb::Pick).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_are_told_apart_and_the_answer_is_what_the_card_shows() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for Sam Taylor").await;
    insta::assert_snapshot!(stage.newest(HELPDESK), @r"
    Reset password: Which person do you mean? (#1001)
    #1001 · Reset password
    *○ Which person do you mean?*
    You said: “Sam Taylor”
    sam.taylor2@contoso.com · Finance · reports to Fiona Ledger
    Sam Taylor
    sam.taylor@contoso.com · Sales · reports to Samir Nadar
    Sam Taylor
    Pick one
    Use this one
    More options…
    Cancel request
    ");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    picks(&stage, "tina.tech", "sam.taylor2@contoso.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Sam Taylor (sam.taylor2@contoso.com)"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.world.ledger()[0].target.name, "sam.taylor2@contoso.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_in_words_in_the_thread() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "reset the password for Sam Taylor").await;
    stage.says_in("tina.tech", "the one in Finance", &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Set a new password for Sam Taylor"), "{card}");
    assert!(card.contains("Sam Taylor (sam.taylor2@contoso.com)"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_asked_may_answer() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "reset the password for Sam Taylor").await;
    picks(&stage, "theo.tech", "sam.taylor@contoso.com").await;
    let whisper = stage.whispered("theo.tech").pop().unwrap();
    assert!(whisper.contains("Only the requester or an approver may do this."), "{whisper}");
    stage.says_in("theo.tech", "the one in Finance", &thread).await;
    let said = stage.newest(HELPDESK);
    assert!(
        said.contains("The open question of #1001 can be answered by Tina Tech alone."),
        "{said}"
    );
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_nobody_answers_is_over_and_says_so() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "reset the password for Sam Taylor").await;
    let card = stage.with_button(HELPDESK, Verb::Pick).unwrap();
    stage.pass(SignedDuration::from_hours(8)).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("No answer is needed any more: expired."), "{said}");
    assert_eq!(
        stage.told(HELPDESK),
        "#1001: its question was not answered in time, so it is over. Nothing was changed; ask again if it is still needed."
    );
    assert!(stage.with_button(HELPDESK, Verb::Pick).is_none(), "no button is left");
    drop(card);
    stage.says_in("tina.tech", "the one in Finance", &thread).await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_cancelled_by_its_button_and_by_words() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for Sam Taylor").await;
    stage.presses("tina.tech", HELPDESK, Verb::Cancel).await;
    assert!(stage.newest(HELPDESK).contains("No answer is needed any more: cancelled."));
    let thread = stage.says("tina.tech", "reset the password for Sam Taylor").await;
    stage.says_in("tina.tech", "cancel that", &thread).await;
    assert!(stage.newest(HELPDESK).contains("No answer is needed any more: cancelled."));
    assert_eq!(stage.told(HELPDESK), "#1002 is cancelled. Nothing was changed.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_nobody_has_and_a_missing_text_are_asked_for() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "reset the password for jon.doe@contoso.com").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("It is not clear who “jon.doe@contoso.com” is."), "{said}");
    stage.says_in("tina.tech", "john.doe@contoso.com", &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Set a new password for John Doe"), "{card}");

    let thread = stage.says("tina.tech", "set an out of office for jane.roe@contoso.com").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("What should the automatic reply say?"), "{said}");
    stage.says_in("tina.tech", "I am away until Monday. Ask Samir.", &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("To colleagues: none → “I am away until Monday. Ask Samir.”"), "{card}");

    let thread = stage.says("tina.tech", "add jane.roe@contoso.com to the Unicorn group").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("It is not clear which group “Unicorn group” is."), "{said}");
    stage.says_in("tina.tech", "VPN Users", &thread).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Add Jane Roe to VPN Users"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_the_choice_is_on_the_card() {
    let stage = Stage::new().await;
    stage.teams.install("tina.tech@contoso.com").await.unwrap();
    let upn = "tina.tech@contoso.com";
    let chat = stage.teams.open_personal(upn).unwrap();
    stage.teams.say(upn, &chat, "reset the password for Sam Taylor", &[]).await.unwrap();
    stage.settle().await;
    let card = stage.teams_cards("tina.tech").pop().unwrap();
    let shown = card.card.clone().unwrap();
    let choices = shown.to_string();
    assert!(
        choices.contains("sam.taylor2@contoso.com · Finance · reports to Fiona Ledger"),
        "{choices}"
    );
    let data = countersign::sim::teams::BotService::button(&shown, Verb::Pick.as_str()).unwrap();
    let inputs = serde_json::json!({ "choice": "sam.taylor2@contoso.com" });
    let answer = stage
        .teams
        .press(upn, (&chat, &card.id), Verb::Pick.as_str(), &data, &inputs)
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    stage.settle().await;
    let text = card_text(stage.teams_cards("tina.tech").last().unwrap());
    assert!(text.contains("Set a new password for Sam Taylor"), "{text}");
}

/// Thirteen people are called Sam Taylor: more than radio buttons hold.
async fn with_many_namesakes() -> Stage {
    let stage = Stage::new().await;
    for who in [
        "john.doe",
        "jane.roe",
        "felix.brandt",
        "omar.haddad",
        "nadia.petrova",
        "hugo.marsh",
        "samir.nadar",
        "fiona.ledger",
        "eva.lindqvist",
        "mona.vale",
        "olga.depot",
    ] {
        let name = json!({ "displayName": "Sam Taylor", "givenName": "Sam", "surname": "Taylor" });
        patch(&stage, &format!("{who}@contoso.com"), &name).await;
    }
    let desk = &stage.house().desk;
    desk.people.refresh(desk.directory.as_ref(), &desk.tenant, desk.clock.now()).await.unwrap();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn more_namesakes_than_a_message_can_list_are_chosen_from_in_a_form() {
    let stage = with_many_namesakes().await;
    let before = stage.effects().len();
    stage.says("tina.tech", "reset the password for Sam Taylor").await;
    assert!(stage.with_button(HELPDESK, Verb::Pick).is_none(), "{}", stage.newest(HELPDESK));
    stage.presses("theo.tech", HELPDESK, Verb::Choose).await;
    let whisper = stage.whispered("theo.tech").pop().unwrap();
    assert!(whisper.contains("Only the requester or an approver may do this."), "{whisper}");
    assert!(stage.slack.views(&slack_id("theo.tech")).is_empty());

    let tina = slack_id("tina.tech");
    stage.presses("tina.tech", HELPDESK, Verb::Choose).await;
    let form = stage.slack.views(&tina).pop().expect("a form");
    let shown = form.view.to_string();
    assert_eq!(shown.matches("@contoso.com\"").count(), 13, "nobody is left out: {shown}");
    let answer = [("choice", "felix.brandt@contoso.com")];
    let acted = stage.slack.submit_view(&tina, &form.id, &answer).await.unwrap();
    assert!(acted.answer.is_some_and(|answer| answer.is_ok()));
    stage.settle().await;
    assert!(stage.slack.views(&tina).is_empty(), "the form is closed");
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Sam Taylor (felix.brandt@contoso.com)"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.world.ledger()[before].target.name, "felix.brandt@contoso.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_too_late_changes_nothing_and_says_so() {
    let stage = with_many_namesakes().await;
    let tina = slack_id("tina.tech");
    let thread = stage.says("tina.tech", "reset the password for Sam Taylor").await;
    stage.presses("tina.tech", HELPDESK, Verb::Choose).await;
    let form = stage.slack.views(&tina).pop().expect("a form");
    stage.says_in("tina.tech", "cancel that", &thread).await;
    let answer = [("choice", "felix.brandt@contoso.com")];
    stage.slack.submit_view(&tina, &form.id, &answer).await.unwrap();
    stage.settle().await;
    let whisper = stage.whispered("tina.tech").pop().unwrap_or_default();
    assert!(whisper.contains("#1001 is already cancelled"), "{whisper}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_the_longer_list_is_on_the_card() {
    let stage = with_many_namesakes().await;
    let upn = "tina.tech@contoso.com";
    stage.teams.install(upn).await.unwrap();
    let chat = stage.teams.open_personal(upn).unwrap();
    stage.teams.say(upn, &chat, "reset the password for Sam Taylor", &[]).await.unwrap();
    stage.settle().await;
    let card = stage.teams_cards("tina.tech").pop().unwrap().card.unwrap().to_string();
    assert_eq!(card.matches("@contoso.com\"").count(), 13, "nobody is left out: {card}");
    assert!(card.contains("\"compact\""), "{card}");
}
