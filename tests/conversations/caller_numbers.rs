//! Is it really John who calls? He reads out a number that only his own chat shows.

use countersign::{
    domain::chat::Verb,
    sim::{slack::Answered, teams::BotService},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    attacks::{button, refused},
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, slack_id},
};

const ASKED: &str = "reset the password for john.doe@contoso.com";

async fn with(policy: &str) -> Stage {
    let settings = Settings {
        policy: format!(
            "{}\ncaller_check = [\"reset_password\"]\ncaller_check_by = \"number\"\n{policy}",
            Settings::default().policy
        ),
        ..Settings::default()
    };
    Stage::with(settings).await
}

/// Somebody has a chat of their own with the bot.
async fn meets(stage: &Stage, who: &str) -> String {
    let own = stage.slack.direct(&slack_id(who));
    stage.slack.say(&slack_id(who), &own, "help", None).await.unwrap();
    stage.settle().await;
    own
}

/// A room in which a reset for John was asked for; and John's own chat.
async fn called(policy: &str) -> (Stage, String) {
    let stage = with(policy).await;
    let own = meets(&stage, "john.doe").await;
    stage.says("tina.tech", ASKED).await;
    (stage, own)
}

/// The three digits after these words.
fn digits(text: &str) -> Option<String> {
    let after = text.split("Your number").nth(1)?;
    let digits: String = after
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    (digits.len() == 3).then_some(digits)
}

fn shown_to_john(stage: &Stage) -> Option<String> {
    stage.direct("john.doe").iter().rev().find_map(|text| digits(text))
}

fn another(digits: &str) -> &'static str {
    if digits == "111" { "112" } else { "111" }
}

/// Whoever asked types a number.
async fn types(stage: &Stage, who: &str, digits: &str) {
    stage.clicks(who, HELPDESK, Verb::EnterNumber).await;
    let view = stage.slack.views(&slack_id(who)).pop().unwrap();
    let acted =
        stage.slack.submit_view(&slack_id(who), &view.id, &[("note", digits)]).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
}

async fn state(stage: &Stage) -> String {
    let number = countersign::domain::ids::Number(1001);
    let request = stage.house().store.numbered(&stage.tenant(), number).await.unwrap().unwrap();
    request.stage.name().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_nobody_approves_before_the_number_of_the_subject_s_own_chat_is_typed() {
    let (stage, _) = called("").await;
    let number = shown_to_john(&stage).unwrap();
    for channel in [APPROVALS, HELPDESK] {
        let all: Vec<String> = stage.bot_said(channel).iter().map(crate::stage::shown).collect();
        assert!(all.iter().all(|text| digits(text).is_none()), "{all:?}");
        assert!(stage.newest(channel).contains("Waiting for the number"), "{all:?}");
    }
    let summary = stage.bot_said(&stage.slack.direct(&slack_id("john.doe"))).pop().unwrap().text;
    assert!(!summary.contains(&number), "not in a notification: {summary}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none(), "{}", stage.newest(APPROVALS));
    let reject = button(&stage, APPROVALS, Verb::Reject);
    let forged = reject.pressed_by(&stage, "theo.tech", Verb::Approve.as_str());
    refused(&stage, "theo.tech", &forged, "was not recognised yet").await;
    types(&stage, "tina.tech", &number).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("John Doe was recognised"), "{card}");
    assert!(stage.told(APPROVALS).contains("It can be approved now"), "{}", stage.told(APPROVALS));
    assert!(shown_to_john(&stage).is_none(), "it is not shown any longer");
    assert!(stage.effects().is_empty(), "the group's rule still follows");
    // That takes as long as everything else.
    stage.pass(SignedDuration::from_hours(7)).await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(!stage.effects().is_empty(), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_the_third_wrong_number_ends_it_and_the_approvers_are_told() {
    let (stage, _) = called("").await;
    let number = shown_to_john(&stage).unwrap();
    for left in ["2", "1"] {
        types(&stage, "tina.tech", another(&number)).await;
        let told = stage.whispered("tina.tech").pop().unwrap();
        assert!(told.contains(&format!("Tries left: {left}")), "{told}");
        assert_eq!(state(&stage).await, "pending");
    }
    types(&stage, "tina.tech", "not a number").await;
    assert_eq!(state(&stage).await, "cancelled");
    assert!(stage.told(APPROVALS).contains("three wrong numbers"), "{}", stage.told(APPROVALS));
    assert!(stage.with_button(HELPDESK, Verb::EnterNumber).is_none());
    assert!(stage.direct("john.doe").concat().contains("Wrong numbers were typed for you"));
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_it_was_not_me_ends_it_even_after_the_number_and_nobody_else_can_say_so() {
    let (stage, own) = called("").await;
    let not_me = button(&stage, &own, Verb::NotMe);
    let other = not_me.pressed_by(&stage, "tina.tech", Verb::NotMe.as_str());
    stage.slack.send_again(&other).await;
    stage.settle().await;
    assert_eq!(state(&stage).await, "pending", "by nobody else");
    let approves = not_me.pressed_by(&stage, "john.doe", Verb::Approve.as_str());
    refused(&stage, "john.doe", &approves, "does not belong to this card").await;
    types(&stage, "tina.tech", &shown_to_john(&stage).unwrap()).await;
    stage.presses("john.doe", &own, Verb::NotMe).await;
    assert_eq!(state(&stage).await, "rejected");
    let told = stage.told(APPROVALS);
    assert!(told.contains("says that it was not them") && told.contains("Tina Tech"), "{told}");
    assert!(stage.newest(HELPDESK).contains("it was not them"), "{}", stage.newest(HELPDESK));
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_no_number_in_ten_minutes_is_a_no() {
    let round = "emergency_by = [\"henry.desk@contoso.com\"]\n\
                 escalate_after = \"PT1H\"\nescalate_to = [\"henry.desk@contoso.com\"]\n\
                 remind_before = [\"PT1H\"]";
    let (stage, _) = called(round).await;
    assert!(stage.with_button(APPROVALS, Verb::Emergency).is_none(), "no way round it");
    let reject = button(&stage, APPROVALS, Verb::Reject);
    let forged = reject.pressed_by(&stage, "henry.desk", Verb::Emergency.as_str());
    refused(&stage, "henry.desk", &forged, "was not recognised yet").await;
    stage.pass(SignedDuration::from_mins(9)).await;
    assert_eq!(state(&stage).await, "pending");
    stage.pass(SignedDuration::from_mins(1)).await;
    assert_eq!(state(&stage).await, "expired");
    assert!(shown_to_john(&stage).is_none(), "it does not count any longer");
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_the_number_outlives_a_restart_and_is_in_no_file() {
    let (mut stage, _) = called("").await;
    let number = shown_to_john(&stage).unwrap();
    types(&stage, "tina.tech", another(&number)).await;
    stage.fall().await;
    stage.start().await;
    stage.settle().await;
    assert_eq!(shown_to_john(&stage).as_deref(), Some(number.as_str()));
    // In words it was never written down; the record keeps that a number was typed, not which.
    stage.keep_record().await;
    let all = stage.house().store.record(0, 1_000).await.unwrap();
    let said: Vec<String> = all
        .iter()
        .filter_map(|fact| Some(String::from_utf8_lossy(fact.said()?).into_owned()))
        .collect();
    assert!(said.iter().any(|text| text.contains("\"wrong\"")), "{said:?}");
    let quoted = format!("\"{number}\"");
    assert!(said.iter().all(|text| !text.contains(&quoted)), "{said:?}");
    types(&stage, "tina.tech", another(&number)).await;
    types(&stage, "tina.tech", &number).await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(!stage.effects().is_empty(), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_only_whoever_asked_types_it_and_whoever_has_no_chat_is_refused() {
    let (stage, _) = called("").await;
    let number = shown_to_john(&stage).unwrap();
    stage.clicks("theo.tech", HELPDESK, Verb::EnterNumber).await;
    stage.settle().await;
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("Only the requester"));
    assert_eq!(state(&stage).await, "pending");
    stage.says("tina.tech", "reset the password for jane.roe@contoso.com").await;
    let told = stage.newest(HELPDESK);
    assert!(told.contains("Jane Roe has no chat with me"), "{told}");
    // What is not checked goes its ordinary way.
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    types(&stage, "tina.tech", &number).await;
    assert!(stage.newest(HELPDESK).len() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_in_teams_it_is_read_and_typed_in_the_same_way() {
    let stage = with("").await;
    let (tina, john) = ("tina.tech@contoso.com", "john.doe@contoso.com");
    for who in [tina, john] {
        stage.teams.install(who).await.unwrap();
    }
    let own = stage.teams.open_personal(tina).unwrap();
    stage.teams.say(tina, &own, ASKED, &[]).await.unwrap();
    stage.settle().await;
    let cards = stage.teams_cards("john.doe");
    let number = cards.iter().rev().find_map(|card| digits(&card_text(card))).unwrap();
    let form = stage.presses_in_teams("tina.tech", Verb::EnterNumber).await["value"].clone();
    assert!(form.to_string().contains("Input.Text"), "{form}");
    let data = BotService::button(&form, Verb::SendNumber.as_str()).unwrap();
    let on = stage.teams_cards("tina.tech").pop().unwrap();
    let at = (own.as_str(), on.id.as_str());
    let (verb, inputs) = (Verb::SendNumber.as_str(), json!({ "note": number }));
    let answer = stage.teams.press(tina, at, verb, &data, &inputs).await.unwrap();
    assert!(answer.body["value"].to_string().contains("was recognised"), "{}", answer.body);
    stage.settle().await;
    stage.presses_in_teams("theo.tech", Verb::Approve).await;
    assert!(!stage.effects().is_empty());
    // And one that was not him.
    stage.teams.say(tina, &own, ASKED, &[]).await.unwrap();
    stage.settle().await;
    let before = stage.effects().len();
    let answer = stage.presses_in_teams("john.doe", Verb::NotMe).await;
    assert!(answer["value"].to_string().contains("You said that it was not you"), "{answer}");
    let cards: Vec<String> = stage.teams_cards("theo.tech").iter().map(card_text).collect();
    assert!(cards.iter().any(|text| text.contains("it was not them")), "{cards:?}");
    assert_eq!(stage.effects().len(), before);
}
