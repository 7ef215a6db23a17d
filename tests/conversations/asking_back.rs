//! "Ask a question" on the card, and the answer of whoever asked: shown, and nothing else.

use countersign::{
    domain::chat::{PlaceKind, Verb},
    sim::{
        slack::{Answered, View},
        teams::BotService,
    },
};
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown, slack_id};

const ANNA: &str = "anna.approver@contoso.com";
const TINA: &str = "tina.tech@contoso.com";

fn window(stage: &Stage, who: &str) -> View {
    let views = stage.slack.views(&slack_id(who));
    views.into_iter().next_back().unwrap_or_else(|| panic!("{:?}", stage.whispered(who)))
}

/// Somebody opens the form of a button in Slack and sends these words.
async fn writes(stage: &Stage, who: &str, channel: &str, verb: Verb, words: &str) {
    stage.clicks(who, channel, verb).await;
    let view = window(stage, who);
    let acted =
        stage.slack.submit_view(&slack_id(who), &view.id, &[("note", words)]).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
}

/// The request card that stands in a channel.
fn card(stage: &Stage, channel: &str) -> String {
    let said = stage.bot_said(channel);
    let mut all = said.iter().map(shown);
    all.rfind(|text| text.contains("Fingerprint")).unwrap_or_default()
}

async fn recorded(stage: &Stage, kind: &str) -> Vec<Value> {
    stage.keep_record().await;
    let all = stage.house().store.record(0, 1_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let facts = all.iter().filter(|fact| read(&fact.header)["kind"] == kind);
    facts.filter_map(|fact| fact.said().map(read)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_said_to_whoever_asked_and_the_answer_is_on_every_copy() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let before = stage.house().store.open(&stage.tenant(), None, 1).await.unwrap().remove(0);
    writes(&stage, "anna.approver", APPROVALS, Verb::Ask, "Does HR know?").await;
    let asked = stage.bot_said(HELPDESK).pop().unwrap();
    let text = shown(&asked);
    assert_eq!(asked.thread.as_deref(), Some(thread.as_str()), "in the thread of the request");
    let mention = format!("<@{}>", slack_id("tina.tech"));
    assert!(text.contains(&mention) && text.contains("“Does HR know?”"), "{text}");
    assert!(stage.with_button(HELPDESK, Verb::Answer).is_some(), "{text}");
    stage.says_in("tina.tech", "yes, please disable her, she told us herself", &thread).await;
    for channel in [APPROVALS, HELPDESK] {
        let card = card(&stage, channel);
        assert!(card.starts_with("Waiting for a signature"), "{card}");
        assert!(card.contains("“Does HR know?”"), "{card}");
        assert!(card.contains("Tina Tech, Fri 20 Nov"), "{card}");
        assert!(card.contains("“yes, please disable her, she told us herself”"), "{card}");
    }
    let teams = card_text(&stage.teams_cards("theo.tech").pop().unwrap());
    assert!(teams.contains("she told us herself"), "every copy: {teams}");
    assert_eq!(
        stage.told(APPROVALS),
        "#1001: Tina Tech answered the question. The answer is on the card."
    );
    assert!(stage.told(HELPDESK).contains("#1001: your answer is on its card"));
    assert!(stage.with_button(HELPDESK, Verb::Answer).is_none(), "it was answered");
    // No second request came of words that sound like one, and the first is as it was.
    let open = stage.house().store.open(&stage.tenant(), None, 9).await.unwrap();
    assert_eq!(open.len(), 1);
    let now = &open[0];
    assert_eq!(
        (now.digest, now.revision, &now.subjects, &now.stage),
        (before.digest, before.revision, &before.subjects, &before.stage)
    );
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    assert!(stage.newest(HELPDESK).contains("“Does HR know?”"), "it stays there");
    let (asked, said) =
        (recorded(&stage, "question.asked").await, recorded(&stage, "question.answered").await);
    assert_eq!((asked.len(), said.len()), (1, 1));
    assert_eq!(
        (&asked[0]["by"]["name"], &asked[0]["words"]),
        (&json!("Anna Approver"), &json!("Does HR know?"))
    );
    assert_eq!(said[0]["by"]["name"], "Tina Tech");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_comes_by_the_button_too_and_a_signature_before_it_still_counts() {
    let settings = Settings { approval: "approve:2".to_owned(), ..Settings::default() };
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    // What was typed beside the buttons is where the question begins.
    let on = stage.with_button(APPROVALS, Verb::Ask).unwrap();
    let anna = slack_id("anna.approver");
    stage.slack.fill(&anna, &on.ts, "note", "Until when?").await.unwrap();
    stage.clicks("anna.approver", APPROVALS, Verb::Ask).await;
    let view = window(&stage, "anna.approver");
    assert!(view.view.to_string().contains("\"initial_value\":\"Until when?\""), "{}", view.view);
    stage.slack.submit_view(&anna, &view.id, &[]).await.unwrap();
    stage.settle().await;
    stage.clicks("tina.tech", HELPDESK, Verb::Answer).await;
    let view = window(&stage, "tina.tech");
    assert!(view.view.to_string().contains("“Until when?”"), "{}", view.view);
    stage
        .slack
        .submit_view(&slack_id("tina.tech"), &view.id, &[("note", "For good.")])
        .await
        .unwrap();
    stage.settle().await;
    let text = card(&stage, APPROVALS);
    assert!(text.contains("“For good.”") && text.contains("*Signed*  Theo Tech"), "{text}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"], "two have signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_sign_ask_and_only_whoever_was_asked_answers() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "disable john.doe@contoso.com").await;
    for (who, why) in [
        ("tina.tech", "You asked for this yourself."),
        ("john.doe", "This request is about you."),
        ("henry.desk", "You are not an approver for users."),
    ] {
        stage.clicks(who, APPROVALS, Verb::Ask).await;
        stage.settle().await;
        assert!(stage.slack.views(&slack_id(who)).is_empty(), "{who}");
        let told = stage.whispered(who).pop().unwrap();
        assert!(told.contains(why), "{who}: {told}");
    }
    writes(&stage, "anna.approver", APPROVALS, Verb::Ask, "Why?").await;
    stage.says_in("theo.tech", "because I say so", &thread).await;
    assert!(!card(&stage, APPROVALS).contains("because I say so"));
    stage.clicks("theo.tech", HELPDESK, Verb::Answer).await;
    stage.settle().await;
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("Only the requester"));
    // Elsewhere the same words are what they are: a new request.
    stage.says("tina.tech", "enable walt.gone@contoso.com").await;
    assert_eq!(stage.house().store.open(&stage.tenant(), None, 9).await.unwrap().len(), 2);
    assert!(!card(&stage, APPROVALS).contains("enable walt"));
    // Commands stay commands in the thread, too.
    stage.says_in("tina.tech", "cancel #1001", &thread).await;
    let john = stage.house().store.open(&stage.tenant(), None, 9).await.unwrap();
    assert_eq!(john.len(), 1);
    assert!(john[0].open_question().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_are_harmless_passwords_are_taken_out_and_nobody_asks_for_ever() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let hostile = "<!channel> *now* <https://evil.example|Approve> the password is Summer2026!x";
    writes(&stage, "anna.approver", APPROVALS, Verb::Ask, hostile).await;
    let text = shown(&stage.bot_said(HELPDESK).pop().unwrap());
    for bad in ["<!channel>", "<https", "*now*", "Summer2026"] {
        assert!(!text.contains(bad), "{bad}: {text}");
    }
    stage.says_in("tina.tech", "my password is Winter2027!y and <!here> yes", &thread).await;
    let text = card(&stage, APPROVALS);
    assert!(text.contains("password removed") && !text.contains("<!here>"), "{text}");
    for secret in ["Summer2026!x", "Winter2027!y"] {
        let spilt = stage
            .files()
            .into_iter()
            .find(|(_, bytes)| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        assert!(spilt.is_none(), "{secret} in {:?}", spilt.unwrap().0);
    }
    let long = "why ".repeat(200);
    for _ in 0..7 {
        stage.clock.pass(jiff::SignedDuration::from_secs(5));
        writes(&stage, "anna.approver", APPROVALS, Verb::Ask, &long[..499]).await;
    }
    assert!(stage.with_button(APPROVALS, Verb::Ask).is_none(), "that was enough");
    let request = stage.house().store.open(&stage.tenant(), None, 1).await.unwrap().remove(0);
    assert_eq!(request.talk.len(), 9, "with a place for the answer");
    writes(&stage, "tina.tech", HELPDESK, Verb::Answer, "Because.").await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some(), "and it can still be signed");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_the_question_mentions_and_is_answered_where_it_stands() {
    let stage = Stage::new().await;
    stage.teams.install(TINA).await.unwrap();
    let room = "19:desk@thread.tacv2";
    stage.teams.open(room, PlaceKind::Channel, &[TINA, ANNA]).unwrap();
    stage.teams.seat_bot(room, true);
    stage.teams.say(TINA, room, "disable jane.roe@contoso.com", &[]).await.unwrap();
    stage.settle().await;
    let (chat, on) = (
        stage.teams.open_personal(ANNA).unwrap(),
        stage.teams_cards("anna.approver").pop().unwrap(),
    );
    let form = stage.presses_in_teams("anna.approver", Verb::Ask).await["value"].clone();
    assert!(form.to_string().contains("Input.Text"), "{form}");
    let data = BotService::button(&form, Verb::SendQuestion.as_str()).unwrap();
    let (verb, inputs) = (Verb::SendQuestion.as_str(), json!({ "note": "Does HR know?" }));
    let at = (chat.as_str(), on.id.as_str());
    let answer = stage.teams.press(ANNA, at, verb, &data, &inputs).await.unwrap();
    assert!(answer.body["value"].to_string().contains("Does HR know?"), "{}", answer.body);
    stage.settle().await;
    let asked = stage.teams.messages(room).into_iter().next_back().unwrap();
    let card = asked.card.clone().unwrap();
    assert_eq!(card["msteams"]["entities"][0]["mentioned"]["id"], "29:tina-tech", "{card}");
    assert!(
        card["body"][0]["text"].as_str().unwrap().starts_with("<at>Tina Tech</at>: "),
        "{card}"
    );
    let thread = format!("{room};messageid={}", asked.thread.unwrap());
    stage.teams.say(TINA, &thread, "they do", &[]).await.unwrap();
    stage.settle().await;
    let copy = card_text(&stage.teams_cards("anna.approver").pop().unwrap());
    let copies: Vec<String> = stage.teams_cards("anna.approver").iter().map(card_text).collect();
    assert!(copies.iter().any(|text| text.contains("“they do”")), "{copy}");
}
