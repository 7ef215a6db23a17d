//! Steps are unticked on the card: a smaller plan, a new decision, and everybody sees it.

use countersign::{
    domain::chat::{FORM_SEND, Platform, TICKS, Verb},
    sim::{
        slack::{Acted, Answered, View},
        teams::BotService,
    },
};
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown, slack_id};

const LEAVES: &str = "disable jane.roe@contoso.com and revoke the sessions of jane.roe@contoso.com";

fn window(stage: &Stage, who: &str) -> View {
    let views = stage.slack.views(&slack_id(who));
    views.into_iter().next_back().unwrap_or_else(|| panic!("{:?}", stage.whispered(who)))
}

/// Somebody opens the list on a card in Slack and sends it with these steps ticked.
pub async fn unticks(stage: &Stage, who: &str, channel: &str, stay: &str) -> Acted {
    stage.clicks(who, channel, Verb::Untick).await;
    sends(stage, who, stay).await
}

async fn sends(stage: &Stage, who: &str, stay: &str) -> Acted {
    let view = window(stage, who);
    let block = format!("{TICKS}:0");
    let acted = stage.slack.submit_view(&slack_id(who), &view.id, &[(&block, stay)]).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
    acted
}

/// What the record holds of this kind, oldest first.
pub async fn recorded(stage: &Stage, kind: &str) -> Vec<Value> {
    stage.keep_record().await;
    let all = stage.house().store.record(0, 1_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let of = |header: &Value| header["kind"] == kind;
    let facts = all.iter().filter(|fact| of(&read(&fact.header)));
    facts.filter_map(|fact| fact.said().map(read)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b17_an_approver_unticks_a_step_and_signs_what_is_left() {
    let stage = Stage::new().await;
    stage.says("tina.tech", LEAVES).await;
    let old = stage.with_button(APPROVALS, Verb::Approve).unwrap();
    stage.clicks("anna.approver", APPROVALS, Verb::Untick).await;
    let view = window(&stage, "anna.approver");
    let text = view.view["blocks"].to_string();
    for said in ["1. Block sign-in for Jane Roe", "2. End all sessions of Jane Roe", "not done"] {
        assert!(text.contains(said), "the window lacks {said}: {text}");
    }
    sends(&stage, "anna.approver", "1").await;
    for channel in [APPROVALS, HELPDESK] {
        let said = stage.bot_said(channel);
        let card = said.iter().map(shown).find(|text| text.contains("Left out")).unwrap();
        assert!(card.starts_with("Waiting for a signature"), "{card}");
        assert!(
            card.contains("2. End all sessions of Jane Roe – left out by Anna Approver"),
            "{card}"
        );
    }
    let teams = card_text(&stage.teams_cards("theo.tech").pop().unwrap());
    assert!(teams.contains("left out by Anna Approver"), "every copy: {teams}");
    assert_eq!(
        stage.told(HELPDESK),
        "#1001: Anna Approver left 1 of 2 steps out. The card shows what is left, and waits to be signed.",
        "whoever asked is told"
    );
    assert!(stage.effects().is_empty());
    // The card of the whole plan, pressed by a client that still shows it.
    let sent = press_of(&stage, &old, "anna.approver", Verb::Approve);
    assert!(stage.slack.send_again(&sent).await.is_ok());
    stage.settle().await;
    let told = stage.whispered("anna.approver").pop().unwrap();
    assert!(told.contains("The plan has changed since this card was shown."), "{told}");
    assert!(stage.effects().is_empty(), "the old digest signs nothing");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"], "what was left out did not run");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: ") && card.contains("left out by Anna Approver"), "{card}");
    let facts = recorded(&stage, "plan.trimmed").await;
    assert_eq!(facts.len(), 1, "{facts:?}");
    assert_eq!(facts[0]["left_out"], json!([2]));
    assert_eq!(facts[0]["by"]["name"], "Anna Approver");
}

/// A press of a button that a message had, as its client would send it.
fn press_of(
    stage: &Stage,
    message: &countersign::sim::slack::Message,
    who: &str,
    verb: Verb,
) -> countersign::sim::slack::Sent {
    let blocks = message.blocks.clone().unwrap();
    let all = blocks.as_array().unwrap().iter();
    let buttons = all.flat_map(|block| block["elements"].as_array().into_iter().flatten());
    let value = buttons
        .filter(|button| button["action_id"] == verb.as_str())
        .find_map(|button| button["value"].as_str())
        .unwrap();
    let setup = stage.slack.setup();
    let at = format!("{}.777", stage.clock_now().as_second());
    countersign::sim::slack::Sent::interaction(json!({
        "type": "block_actions", "api_app_id": setup.app, "trigger_id": "1.2.3",
        "user": { "id": slack_id(who), "team_id": setup.team }, "team": { "id": setup.team },
        "container": { "type": "message", "channel_id": APPROVALS, "message_ts": message.ts },
        "channel": { "id": APPROVALS, "name": "it-approvals" },
        "actions": [{ "action_id": verb.as_str(), "value": value, "action_ts": at, "type": "button" }],
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_signatures_do_not_count_for_the_smaller_plan() {
    let settings = Settings { approval: "approve:2".to_owned(), ..Settings::default() };
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", LEAVES).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    unticks(&stage, "theo.tech", APPROVALS, "1").await;
    let card = stage.bot_said(APPROVALS).iter().map(shown).find(|text| text.contains("Left out"));
    let card = card.unwrap();
    assert!(!card.contains("*Signed*"), "{card}");
    let said = stage.bot_said(APPROVALS);
    assert!(
        said.iter().any(|m| m.text.contains("Signatures so far (1) do not count any more")),
        "{:?}",
        said.iter().map(|m| &m.text).collect::<Vec<_>>()
    );
    // Whoever left steps out signs like everybody else, and is one of two.
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty());
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_may_not_untick_and_the_requester_only_before_the_first_signature() {
    let settings = Settings { approval: "approve:2".to_owned(), ..Settings::default() };
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", &LEAVES.replace("jane.roe", "john.doe")).await;
    for (who, why) in
        [("john.doe", "This request is about you."), ("henry.desk", "You are not an approver for")]
    {
        stage.clicks(who, APPROVALS, Verb::Untick).await;
        stage.settle().await;
        assert!(stage.slack.views(&slack_id(who)).is_empty(), "{who}");
        let told = stage.whispered(who).pop().unwrap();
        assert!(told.contains(why), "{who}: {told}");
    }
    // Tina opens her list; before she sends it, Anna has signed.
    stage.clicks("tina.tech", HELPDESK, Verb::Untick).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.with_button(HELPDESK, Verb::Untick).is_none(), "the button is gone");
    sends(&stage, "tina.tech", "1").await;
    let told = stage.whispered("tina.tech").pop().unwrap();
    assert!(told.contains("somebody has signed it as it is"), "{told}");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 2, "all of it: {:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_requester_unticks_before_anybody_signed_and_a_plan_is_not_emptied() {
    let stage = Stage::new().await;
    stage.says("tina.tech", LEAVES).await;
    unticks(&stage, "tina.tech", HELPDESK, "").await;
    let told = stage.whispered("tina.tech").pop().unwrap();
    assert!(
        told.contains("nothing would be left of it; reject it instead, or cancel it"),
        "{told}"
    );
    let acted = unticks(&stage, "tina.tech", HELPDESK, "1,2").await;
    let told = stage.whispered("tina.tech").pop().unwrap();
    assert!(told.contains("Nothing was unticked"), "{told}");
    assert!(!stage.newest(HELPDESK).contains("Left out"));
    unticks(&stage, "tina.tech", HELPDESK, "2").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("1. Block sign-in for Jane Roe – left out by Tina Tech"), "{card}");
    assert!(stage.with_button(HELPDESK, Verb::Untick).is_none(), "one step is left");
    // A window that was sent before is sent again by its network: nothing more happens.
    assert!(stage.slack.send_again(&acted.sent.unwrap()).await.is_ok());
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.revoke_sessions"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_step_goes_with_it_and_the_card_says_why() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let number = stage.house().store.open(&stage.tenant(), None, 1).await.unwrap().remove(0);
    let frozen = stage.house().store.plan(&number.id, 1).await.unwrap().unwrap();
    let plan = frozen.plan();
    let convert = plan
        .steps
        .iter()
        .find(|step| step.change.kind().as_str() == "convert_mailbox")
        .unwrap_or_else(|| panic!("{:?}", plan.steps));
    let stay: Vec<String> = plan
        .steps
        .iter()
        .filter(|step| step.id != convert.id)
        .map(|step| step.id.to_string())
        .collect();
    // In Teams, by the list that stands in the card's place.
    let at = stage.teams.open_personal("anna.approver@contoso.com").unwrap();
    let card = stage.teams_cards("anna.approver").pop().unwrap();
    let form = stage.presses_in_teams("anna.approver", Verb::Untick).await["value"].clone();
    let text = form.to_string();
    assert!(text.contains("Input.ChoiceSet") && text.contains("goes with"), "{text}");
    assert!(BotService::button(&form, FORM_SEND).is_none());
    let data = BotService::button(&form, Verb::LeaveOut.as_str()).unwrap();
    let inputs = json!({ TICKS: stay.join(",") });
    let (upn, verb) = ("anna.approver@contoso.com", Verb::LeaveOut.as_str());
    let at = (at.as_str(), card.id.as_str());
    let answer = stage.teams.press(upn, at, verb, &data, &inputs).await.unwrap();
    assert!(answer.body["value"].to_string().contains("Left out"), "{}", answer.body);
    stage.settle().await;
    let left = stage.house().store.plan(&number.id, 2).await.unwrap().unwrap();
    let kinds: Vec<&str> = left.plan().steps.iter().map(|s| s.change.kind().as_str()).collect();
    assert!(!kinds.contains(&"convert_mailbox"), "{kinds:?}");
    assert!(!kinds.contains(&"set_licences"), "an unshared mailbox keeps its licence: {kinds:?}");
    let follows = left.plan().left_out.iter().filter(|left| left.follows).count();
    assert!(follows > 0);
    assert!(
        card_text(&stage.teams_cards("anna.approver").pop().unwrap())
            .contains("it needs another of these")
    );
    let copies = stage.house().store.copies(&number.id).await.unwrap();
    assert!(copies.iter().any(|copy| {
        copy.card.as_ref().is_some_and(|card| card.place.platform == Platform::Teams)
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn now_becomes_later_and_later_becomes_now_from_the_card() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.clicks("tina.tech", HELPDESK, Verb::Edit).await;
    let send = async |values: &[(&str, &str)]| {
        let view = window(&stage, "tina.tech");
        let sent = stage.slack.submit_view(&slack_id("tina.tech"), &view.id, values).await;
        assert!(sent.unwrap().answer.is_some_and(|answer| answer.is_ok()));
        stage.settle().await;
    };
    send(&[("0.at", "2026-11-30"), ("0.at#time", "17:00")]).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("#1002") && card.contains("Mon 30 Nov 2026, 17:00"), "{card}");
    stage.clicks("tina.tech", HELPDESK, Verb::Edit).await;
    let view = window(&stage, "tina.tech").view.to_string();
    assert!(view.contains("\"initial_date\":\"2026-11-30\""), "it begins as it is: {view}");
    send(&[("0.at", ""), ("0.at#time", "")]).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("#1003") && !card.contains("30 Nov 2026"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"], "at once");
}
