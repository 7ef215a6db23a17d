//! Asked and signed in Teams: personal chat, group chat, channel thread, old clients.

use countersign::{
    domain::chat::{PlaceKind, Verb},
    sim::teams::{BotService, SimMessage},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::stage::{APPROVALS, HELPDESK, Stage, card_text};

const TINA: &str = "tina.tech@contoso.com";
const ANNA: &str = "anna.approver@contoso.com";

fn cards(stage: &Stage, conversation: &str) -> Vec<SimMessage> {
    let all = stage.teams.messages(conversation).into_iter();
    all.filter(|message| message.card.is_some()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_in_any_conversation_of_teams_it_is_answered_there_to_the_end() {
    let stage = Stage::new().await;
    let personal = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    stage.teams.open("19:group@thread.v2", PlaceKind::Group, &[TINA, ANNA]).unwrap();
    stage.teams.open("19:it@thread.tacv2", PlaceKind::Channel, &[TINA, ANNA]).unwrap();
    for (n, conversation) in
        [personal.as_str(), "19:group@thread.v2", "19:it@thread.tacv2"].into_iter().enumerate()
    {
        let before = cards(&stage, conversation).len();
        let said =
            stage.teams.say(TINA, conversation, "sign john.doe@contoso.com out everywhere", &[]);
        assert_eq!(said.await.unwrap().status, 200);
        stage.settle().await;
        let card = cards(&stage, conversation)[before].clone();
        assert!(card_text(&card).contains("Waiting for a signature"), "{}", card_text(&card));
        stage.presses_in_teams("anna.approver", Verb::Approve).await;
        let all = cards(&stage, conversation);
        let text = card_text(&all[before]);
        assert!(text.contains("End all sessions of John Doe"), "{text}");
        assert!(text.contains("✓  Done"), "the same card: {text}");
        let told = all.last().unwrap();
        let sentence = format!("#{} about John Doe is done.", 1001 + n);
        assert_eq!(told.summary.as_deref(), Some(sentence.as_str()));
        assert_eq!(told.thread, all[before].thread, "in the thread of the request");
        assert_eq!(stage.effects().len(), n + 1);
        // The mark that sessions ended has whole seconds.
        stage.pass(SignedDuration::from_secs(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_client_signs_with_a_message() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let chat = stage.teams.open_personal(ANNA).unwrap();
    let card = stage.teams_cards("anna.approver").pop().unwrap();
    let mut data = BotService::button(card.card.as_ref().unwrap(), Verb::Approve.as_str()).unwrap();
    data["verb"] = json!(Verb::Approve.as_str());
    let answer = stage.teams.submit(ANNA, (&chat, &card.id), &data, &json!({})).await.unwrap();
    assert_eq!(answer.status, 200);
    stage.settle().await;
    assert_eq!(stage.effects(), ["user.update"]);
    let text = card_text(stage.teams_cards("anna.approver").last().unwrap());
    assert!(text.contains("✓  Done"), "{text}");
    // Again: nothing runs twice, and she is told.
    stage.teams.submit(ANNA, (&chat, &card.id), &data, &json!({})).await.unwrap();
    stage.settle().await;
    assert_eq!(stage.effects().len(), 1);
    let said = card_text(stage.teams_cards("anna.approver").last().unwrap());
    assert!(said.contains("#1001 is already succeeded, approved by Anna Approver"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_answer_to_a_press_may_cover_is_drawn_once_more() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    // Her client shows the answer, “approved, starting”, when it has arrived; the run may have
    // ended and its card been drawn before.
    let answer = stage.clicks_in_teams("anna.approver", Verb::Approve, |_| {}).await;
    assert!(answer.to_string().contains("Approved, starting"), "{answer}");
    let (house, now) = (stage.house(), stage.clock_now());
    while Box::pin(house.engine.work()).await.unwrap().is_some()
        || Box::pin(house.desks.tell()).await.unwrap() > 0
    {}
    let card = || stage.teams_cards("anna.approver").pop().unwrap();
    let drawn = card().updated_times;
    assert!(card_text(&card()).contains("✓  Done"), "{}", card_text(&card()));
    stage.settle().await;
    assert!(stage.clock_now() > now + SignedDuration::from_secs(2), "it was waited for");
    assert_eq!(card().updated_times, drawn + 1, "once more");
    assert!(card_text(&card()).contains("✓  Done"));
    stage.pass(SignedDuration::from_secs(60)).await;
    assert_eq!(card().updated_times, drawn + 1, "and then no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_copy_of_the_card_in_both_chats_says_the_same() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["type"], "application/vnd.microsoft.card.adaptive", "{answer}");
    assert!(stage.newest(HELPDESK).starts_with("Done: "));
    assert!(stage.newest(APPROVALS).starts_with("Done: "));
    for who in ["anna.approver", "theo.tech"] {
        let card = stage.teams_cards(who).pop().unwrap();
        let text = card_text(&card);
        assert!(text.contains("✓  Done"), "{who}: {text}");
        assert!(card.card.unwrap().to_string().contains("Anna Approver"), "{who}: who signed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_in_teams_carries_its_reason_to_whoever_asked() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage
        .clicks_in_teams("anna.approver", Verb::Reject, |data| data["note"] = json!("Ask HR first"))
        .await;
    stage.settle().await;
    assert!(stage.newest(HELPDESK).contains("Ask HR first"), "{}", stage.newest(HELPDESK));
    assert_eq!(
        stage.told(HELPDESK),
        "#1001 about John Doe was rejected by Anna Approver: “Ask HR first”. Nothing was changed."
    );
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_message_does_nothing() {
    let stage = Stage::new().await;
    stage.teams.install(TINA).await.unwrap();
    let chat = stage.teams.open_personal(TINA).unwrap();
    let mut edited = stage.teams.said(TINA, &chat, "disable john.doe@contoso.com", &[]).unwrap();
    edited["type"] = json!("messageUpdate");
    edited["channelData"]["eventType"] = json!("editMessage");
    assert_eq!(stage.teams.deliver(&edited).await.unwrap().status, 200);
    stage.settle().await;
    assert!(cards(&stage, &chat).is_empty());
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_and_somebody_who_was_blocked_neither_ask_nor_sign() {
    let stage = Stage::new().await;
    stage.teams.change_person("29:theo-tech", |person| person.role = "guest".to_owned());
    // What is known of somebody is believed for a minute.
    stage.pass(SignedDuration::from_secs(61)).await;
    let theo = "theo.tech@contoso.com";
    let chat = stage.teams.open_personal(theo).unwrap();
    stage.teams.say(theo, &chat, "disable john.doe@contoso.com", &[]).await.unwrap();
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    let answer = stage.clicks_in_teams("theo.tech", Verb::Approve, |_| {}).await;
    assert!(
        answer["value"].as_str().unwrap_or_default().contains("guests cannot ask or decide"),
        "{answer}"
    );
    stage.settle().await;
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_in_one_conversation_is_still_who_they_are_in_their_own() {
    let stage = Stage::new().await;
    let group = "19:others@thread.v2";
    stage.teams.open(group, PlaceKind::Group, &[ANNA]).unwrap();
    let own = stage.teams.open_personal(TINA).unwrap();
    // As if she had written where she no longer is.
    let mut strayed = stage.teams.said(TINA, &own, "disable john.doe@contoso.com", &[]).unwrap();
    strayed["conversation"] =
        json!({ "id": group, "conversationType": "groupChat", "tenantId": stage.tenant() });
    assert!(stage.teams.deliver(&strayed).await.unwrap().status < 300);
    stage.settle().await;
    assert!(cards(&stage, group).iter().all(|card| !card_text(card).contains("Waiting")));
    let said = stage.teams.say(TINA, &own, "disable john.doe@contoso.com", &[]).await.unwrap();
    assert_eq!(said.status, 200);
    stage.settle().await;
    let card = card_text(cards(&stage, &own).last().unwrap());
    assert!(card.contains("Waiting for a signature"), "{card}");
}
