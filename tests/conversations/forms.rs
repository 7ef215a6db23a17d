//! Forms: opened by a command, a shortcut, a button or the message extension; filled in;
//! wrong and mended; the same path as words from there on.

use std::time::Duration;

use countersign::{
    actions::{CATALOG, forms},
    domain::{
        area::Care,
        chat::{FORM_OPEN, FORM_SEND, PlaceKind, Verb},
        form::Sort,
    },
    sim::{
        slack::{Acted, Answered, View},
        teams::{BotService, SimMessage, forms::shown as dialog},
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Stage, card_text, slack_id};

const TINA: &str = "tina.tech@contoso.com";
const ANNA: &str = "anna.approver@contoso.com";

/// The window on somebody's screen.
fn window(stage: &Stage, who: &str) -> View {
    stage
        .slack
        .views(&slack_id(who))
        .pop()
        .unwrap_or_else(|| panic!("no window; {:?}", stage.whispered(who)))
}

async fn command(stage: &Stage, who: &str, text: &str) -> Acted {
    let acted = stage.slack.command(&slack_id(who), HELPDESK, "/countersign", text).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.heard_out().await;
    acted
}

/// Types into a picker and takes the first thing it shows.
async fn pick(stage: &Stage, who: &str, block: &str, typed: &str) -> Value {
    let view = window(stage, who);
    let found = stage.slack.search(&slack_id(who), &view.id, block, typed).await.unwrap();
    let first = found.first().unwrap_or_else(|| panic!("nothing for {typed}")).clone();
    let value = first["value"].as_str().unwrap();
    stage.slack.fill(&slack_id(who), &view.id, block, value).await.unwrap();
    first
}

async fn send(stage: &Stage, who: &str, values: &[(&str, &str)]) -> Acted {
    let view = window(stage, who);
    let acted = stage.slack.submit_view(&slack_id(who), &view.id, values).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
    acted
}

fn blocks(view: &View) -> Vec<&str> {
    let blocks = view.view["blocks"].as_array().unwrap();
    blocks.iter().filter(|b| b["type"] == "input").filter_map(|b| b["block_id"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_with_an_action_s_name_opens_its_form_and_the_form_becomes_a_request() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "reset_password").await;
    let view = window(&stage, "tina.tech");
    assert_eq!(view.view["title"]["text"], "Reset password");
    assert_eq!(blocks(&view), ["0.user", "0.force_change", "0.at", "0.at#time"]);
    let john = pick(&stage, "tina.tech", "0.user", "joh").await;
    assert_eq!(john["text"]["text"], "John Doe");
    assert!(john["description"]["text"].as_str().unwrap().starts_with("john.doe@contoso.com"));
    send(&stage, "tina.tech", &[]).await;
    assert!(stage.slack.views(&slack_id("tina.tech")).is_empty(), "the window closed");
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Set a new password for John Doe"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_alone_offers_every_form_that_somebody_may_ask_for() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "").await;
    let view = window(&stage, "tina.tech");
    let groups = view.view["blocks"][1]["element"]["option_groups"].as_array().unwrap().clone();
    let offered: Vec<&str> = groups
        .iter()
        .flat_map(|group| group["options"].as_array().unwrap())
        .map(|option| option["value"].as_str().unwrap())
        .collect();
    let offered_ones = CATALOG.iter().filter(|entry| entry.about.care != Care::Blocked);
    let mut all: Vec<&str> = offered_ones.map(|entry| entry.about.id).collect();
    let mut sorted = offered.clone();
    sorted.sort_unstable();
    all.sort_unstable();
    assert_eq!(sorted, all, "nothing of the catalogue is missing");
    send(&stage, "tina.tech", &[("form", "add_to_group")]).await;
    let form = window(&stage, "tina.tech");
    assert_eq!(form.id, view.id, "the same window shows the form");
    assert_eq!(
        blocks(&form),
        ["0.user", "0.group", "0.until", "0.until#time", "0.at", "0.at#time"]
    );
    pick(&stage, "tina.tech", "0.user", "Omar Haddad").await;
    let group = pick(&stage, "tina.tech", "0.group", "sales").await;
    assert!(group["text"]["text"].as_str().unwrap().contains("Sales"), "{group}");
    send(&stage, "tina.tech", &[]).await;
    assert!(
        stage.newest(APPROVALS).contains("Add Omar Haddad to Sales"),
        "{}",
        stage.newest(APPROVALS)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_s_form_is_taken_by_slack_and_by_teams() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    // Nobody may ask for what is blocked until the operator says so; it has no window.
    for entry in CATALOG.iter().filter(|entry| entry.about.care != Care::Blocked) {
        let id = entry.about.id;
        // Slack opens so many windows a minute and no more.
        stage.clock.pass(SignedDuration::from_secs(2));
        command(&stage, "tina.tech", id).await;
        let views = stage.slack.views(&slack_id("tina.tech"));
        if views.is_empty() {
            stage.settle().await;
        }
        let view = views
            .last()
            .unwrap_or_else(|| panic!("{id} has no window: {:?}", stage.whispered("tina.tech")));
        let form = forms::form(id).unwrap();
        let asked = blocks(view);
        for field in &form.fields {
            assert!(asked.contains(&format!("0.{}", field.name).as_str()), "{id}: {}", field.name);
        }
        stage.slack.close_view(&slack_id("tina.tech"), &view.id).await.unwrap();
        let data = json!({"verb": FORM_OPEN, "a": id});
        let answer = stage.teams.extension_submit(TINA, &chat, &data, &json!({})).await.unwrap();
        let card = dialog(&answer).unwrap();
        for field in &form.fields {
            let wanted = format!("\"0.{}\"", field.name);
            assert!(card.to_string().contains(&wanted), "{id}: {}", field.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_answer_goes_back_to_its_field_and_the_rest_stays() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "set out of office").await;
    pick(&stage, "tina.tech", "0.mailbox", "john.doe").await;
    let values = [("0.message", "Away."), ("0.start", "2026-11-20"), ("0.end", "2026-11-19")];
    send(&stage, "tina.tech", &values).await;
    let view = window(&stage, "tina.tech");
    let said = view.errors.get("0.end").unwrap_or_else(|| panic!("{:?}", view.errors));
    assert!(said.contains("before the start"), "{said}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    // Only that one is mended; the others are as they were.
    send(&stage, "tina.tech", &[("0.end", "2026-11-30")]).await;
    assert!(stage.slack.views(&slack_id("tina.tech")).is_empty());
    let card = stage.newest(APPROVALS);
    assert!(card.contains("automatic replies of John Doe") && card.contains("Away."), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whom_nobody_knows_is_named_in_the_field() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "disable_user").await;
    // What is not in the list can be typed all the same.
    let typed = pick(&stage, "tina.tech", "0.user", "nobody@contoso.com").await;
    assert_eq!(typed["text"]["text"], "Use “nobody@contoso.com”");
    send(&stage, "tina.tech", &[]).await;
    let view = window(&stage, "tina.tech");
    let said = view.errors.get("0.user").unwrap_or_else(|| panic!("{:?}", view.errors));
    assert!(said.contains("Nobody called “nobody@contoso.com” was found"), "{said}");
    assert!(said.contains("full sign-in name"), "the remedy: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_the_whole_form_stands_on_top_of_it() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "enable_user").await;
    pick(&stage, "tina.tech", "0.user", "john.doe").await;
    send(&stage, "tina.tech", &[]).await;
    let view = window(&stage, "tina.tech");
    let text = view.view["blocks"].to_string();
    assert!(text.contains("Nothing to do"), "{text}");
    assert!(text.contains("\"initial_option\""), "what was filled in is still there: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_typed_into_a_form_is_not_kept() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "set_out_of_office").await;
    pick(&stage, "tina.tech", "0.mailbox", "john.doe").await;
    send(&stage, "tina.tech", &[("0.message", "my password is Summer2026!x")]).await;
    let view = window(&stage, "tina.tech");
    assert!(view.errors["0.message"].contains("held a password"), "{:?}", view.errors);
    for (path, bytes) in stage.files() {
        let found = bytes
            .windows(13)
            .any(|part| part == b"Summer2026!x\"" || part.starts_with(b"Summer2026!x"));
        assert!(!found, "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_global_shortcut_offers_the_forms_and_answers_in_the_own_chat() {
    let stage = Stage::new().await;
    let acted = stage.slack.shortcut(&slack_id("tina.tech"), "countersign.form").await.unwrap();
    assert!(acted.answer.unwrap().is_ok());
    send(&stage, "tina.tech", &[("form", "revoke_sessions")]).await;
    pick(&stage, "tina.tech", "0.user", "john.doe").await;
    send(&stage, "tina.tech", &[]).await;
    let own = stage.direct("tina.tech").pop().unwrap();
    assert!(own.contains("End all sessions of John Doe"), "{own}");
    assert!(stage.newest(HELPDESK).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shortcut_on_a_message_begins_the_form_with_what_it_says() {
    let stage = Stage::new().await;
    let (hannah, tina) = (slack_id("hannah.reeves"), slack_id("tina.tech"));
    let words = "please disable john.doe@contoso.com";
    let ts = stage.slack.say(&hannah, HELPDESK, words, None).await.unwrap().ts.unwrap();
    let on = stage.slack.shortcut_on(&tina, HELPDESK, &ts, "countersign.form_message");
    assert!(on.await.unwrap().answer.unwrap().is_ok());
    let view = window(&stage, "tina.tech");
    assert_eq!(view.view["title"]["text"], "Block sign-in");
    let first = &view.view["blocks"].to_string();
    assert!(
        first.contains("\"initial_option\"") && first.contains("john.doe@contoso.com"),
        "{first}"
    );
    send(&stage, "tina.tech", &[]).await;
    let card = stage.bot_said(HELPDESK).pop().unwrap();
    assert_eq!(card.thread.as_deref(), Some(ts.as_str()), "in the thread of the message");
    assert!(stage.newest(APPROVALS).contains("Tina Tech (tina.tech@contoso.com)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_options_opens_what_was_asked_and_sending_it_replaces_the_request() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "add omar.haddad@contoso.com to Sales Team").await;
    let old = stage.with_button(APPROVALS, Verb::Approve).unwrap();
    stage.clicks("tina.tech", HELPDESK, Verb::Edit).await;
    let view = window(&stage, "tina.tech");
    assert_eq!(view.view["title"]["text"].as_str().unwrap(), "#1001 · Add to a group");
    let text = view.view["blocks"].to_string();
    assert!(text.contains("takes the place of #1001"), "{text}");
    assert!(text.contains("Omar Haddad") && text.contains("Sales Team"), "filled in: {text}");
    pick(&stage, "tina.tech", "0.group", "vpn").await;
    send(&stage, "tina.tech", &[]).await;
    let old_card = stage.slack.messages(APPROVALS).into_iter().find(|m| m.ts == old.ts).unwrap();
    assert!(old_card.text.contains("Replaced by a newer request"), "{}", old_card.text);
    let new = stage.newest(APPROVALS);
    assert!(new.contains("#1002") && new.contains("VPN Users"), "{new}");
    assert!(!new.contains("is also about"), "the old one is no longer open: {new}");
    // The old card's button signs nothing.
    let acted = stage
        .slack
        .press(&slack_id("anna.approver"), APPROVALS, &old.ts, Verb::Approve.as_str())
        .await;
    assert!(acted.is_err(), "no button is left");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["group.member.add"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_opens_or_sends_the_form_of_a_request() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "add omar.haddad@contoso.com to Sales Team").await;
    stage.clicks("theo.tech", HELPDESK, Verb::Edit).await;
    stage.settle().await;
    assert!(stage.slack.views(&slack_id("theo.tech")).is_empty());
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("Only the requester"));
    // Tina's own form, once her request was signed, changes nothing any more.
    stage.clicks("tina.tech", HELPDESK, Verb::Edit).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    send(&stage, "tina.tech", &[]).await;
    let view = window(&stage, "tina.tech");
    assert!(
        view.view["blocks"].to_string().contains("#1001 is already succeeded"),
        "{}",
        view.view
    );
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_ask_for_nothing_sees_no_form_and_no_names() {
    let stage = Stage::new().await;
    command(&stage, "henry.desk", "disable_user").await;
    stage.settle().await;
    assert!(stage.slack.views(&slack_id("henry.desk")).is_empty());
    assert!(stage.whispered("henry.desk").pop().unwrap().contains("may not ask for"));
    let chat = stage.teams.open_personal("henry.desk@contoso.com").unwrap();
    let found = stage
        .teams
        .search("henry.desk@contoso.com", &chat, "countersign.find:person", "john")
        .await;
    assert!(found.unwrap().is_empty());
    command(&stage, "henry.desk", "").await;
    let view = window(&stage, "henry.desk");
    assert!(
        view.view["blocks"].to_string().contains("nothing that you may ask for"),
        "{}",
        view.view
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_is_one_request() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "disable_user").await;
    pick(&stage, "tina.tech", "0.user", "john.doe").await;
    let acted = send(&stage, "tina.tech", &[]).await;
    let again = stage.slack.send_again(&acted.sent.unwrap()).await;
    assert!(again.is_ok() && again.body.is_empty(), "{again:?}");
    stage.settle().await;
    let cards = stage.bot_said(APPROVALS).len();
    assert_eq!(cards, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_when_and_the_request_waits_for_its_time() {
    let stage = Stage::new().await;
    command(&stage, "tina.tech", "disable_user").await;
    pick(&stage, "tina.tech", "0.user", "john.doe").await;
    send(&stage, "tina.tech", &[("0.at", "2026-11-30"), ("0.at#time", "17:00")]).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty());
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Mon 30 Nov 2026, 17:00"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_directory_leaves_the_window_open_until_it_is_known() {
    let mut stage = Stage::new().await;
    command(&stage, "tina.tech", "disable_user").await;
    pick(&stage, "tina.tech", "0.user", "john.doe").await;
    let view = window(&stage, "tina.tech");
    // Slack waits three seconds, and from here on every directory takes longer.
    stage.fall().await;
    stage.patience.slack = Duration::ZERO;
    stage.start().await;
    let at = (slack_id("tina.tech"), view.id);
    let answer = stage.slack.submit_view(&at.0, &at.1, &[]).await.unwrap().answer.unwrap();
    assert!(answer.is_ok() && answer.body.contains(r#""response_action":"update""#), "{answer:?}");
    stage.settle().await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some());
}

// Teams

fn newest(stage: &Stage, chat: &str) -> SimMessage {
    stage.teams.messages(chat).into_iter().rev().find(|m| m.card.is_some()).expect("a card")
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_a_form_is_a_card_that_is_filled_in_where_it_stands() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    stage.teams.say(TINA, &chat, "form reset password", &[]).await.unwrap();
    stage.settle().await;
    let form = newest(&stage, &chat);
    let card = form.card.clone().unwrap();
    assert!(card_text(&form).contains("Reset password"), "{}", card_text(&form));
    let data = BotService::button(&card, FORM_SEND).unwrap();
    let dataset = card["body"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|input| input["choices.data"]["dataset"].as_str())
        .unwrap();
    let found = stage.teams.search(TINA, &chat, dataset, "john").await.unwrap();
    assert!(found[0].0.starts_with("John Doe · john.doe@contoso.com"), "{found:?}");
    let inputs = json!({"0.user": found[0].1, "0.force_change": "true"});
    let answer =
        stage.teams.press(TINA, (&chat, &form.id), FORM_SEND, &data, &inputs).await.unwrap();
    assert_eq!(answer.body["type"], "application/vnd.microsoft.card.adaptive", "{}", answer.body);
    assert!(answer.body["value"].to_string().contains("Sent as #1001"), "{}", answer.body);
    // Pressed twice by a slow client: the same answer, and one request.
    let again =
        stage.teams.press(TINA, (&chat, &form.id), FORM_SEND, &data, &inputs).await.unwrap();
    assert_eq!(again.body, answer.body);
    stage.settle().await;
    assert!(card_text(&newest(&stage, &chat)).contains("Set a new password for John Doe"));
    stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_a_wrong_answer_shows_the_same_card_with_what_was_filled_in() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    stage.teams.say(TINA, &chat, "form set_out_of_office", &[]).await.unwrap();
    stage.settle().await;
    let form = newest(&stage, &chat);
    let data = BotService::button(form.card.as_ref().unwrap(), FORM_SEND).unwrap();
    let inputs = json!({"0.mailbox#typed": "john.doe@contoso.com", "0.message": "Away.", "0.start": "2026-11-31"});
    let answer =
        stage.teams.press(TINA, (&chat, &form.id), FORM_SEND, &data, &inputs).await.unwrap();
    let card = answer.body["value"].to_string();
    assert!(card.contains("Write a day that exists"), "{card}");
    assert!(card.contains("Away."), "{card}");
    assert!(card.contains("john.doe@contoso.com"), "{card}");
    let data = BotService::button(&answer.body["value"], FORM_SEND).unwrap();
    let inputs = json!({"0.mailbox": "john.doe@contoso.com", "0.message": "Away."});
    stage.teams.press(TINA, (&chat, &form.id), FORM_SEND, &data, &inputs).await.unwrap();
    stage.settle().await;
    assert!(card_text(&newest(&stage, &chat)).contains("automatic replies of John Doe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_extension_works_where_the_bot_is_no_member() {
    let stage = Stage::new().await;
    stage.teams.install(TINA).await.unwrap();
    stage.teams.open("19:others@thread.v2", PlaceKind::Group, &[TINA, ANNA]).unwrap();
    stage.teams.seat_bot("19:others@thread.v2", false);
    let list = stage.teams.extension(TINA, "19:others@thread.v2", None).await.unwrap();
    let data = list["actions"][0]["data"].clone();
    let inputs = json!({"form": "revoke_sessions"});
    let answer =
        stage.teams.extension_submit(TINA, "19:others@thread.v2", &data, &inputs).await.unwrap();
    let form = dialog(&answer).unwrap();
    let data = form["actions"][0]["data"].clone();
    assert_eq!(form["actions"][0]["type"], "Action.Submit", "dialogs know no other");
    let inputs = json!({"0.user": "nobody@contoso.com"});
    let wrong =
        stage.teams.extension_submit(TINA, "19:others@thread.v2", &data, &inputs).await.unwrap();
    assert!(dialog(&wrong).unwrap().to_string().contains("Nobody called"), "{}", wrong.body);
    let inputs = json!({"0.user": "john.doe@contoso.com"});
    let sent =
        stage.teams.extension_submit(TINA, "19:others@thread.v2", &data, &inputs).await.unwrap();
    assert_eq!(sent.body["task"]["type"], "message", "{}", sent.body);
    stage.settle().await;
    let own = stage.teams.open_personal(TINA).unwrap();
    assert!(card_text(&newest(&stage, &own)).contains("End all sessions of John Doe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_extension_on_a_message_begins_with_what_it_says() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    let on = "<p>Hi, please <b>disable</b> john.doe@contoso.com</p>";
    let form = stage.teams.extension(TINA, &chat, Some(on)).await.unwrap();
    let text = form.to_string();
    assert!(text.contains("Block sign-in") && text.contains("john.doe@contoso.com"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_options_in_teams_turns_the_card_into_its_form_and_back() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    stage.teams.say(TINA, &chat, "sign john.doe@contoso.com out everywhere", &[]).await.unwrap();
    stage.settle().await;
    let card = newest(&stage, &chat);
    let data = BotService::button(card.card.as_ref().unwrap(), Verb::Edit.as_str()).unwrap();
    let at = (chat.as_str(), card.id.as_str());
    let answer = stage.teams.press(TINA, at, Verb::Edit.as_str(), &data, &json!({})).await.unwrap();
    let form = answer.body["value"].clone();
    assert!(form.to_string().contains("takes the place of #1001"), "{form}");
    let back = BotService::button(&form, Verb::Show.as_str()).unwrap();
    let shown = stage.teams.press(TINA, at, Verb::Show.as_str(), &back, &json!({})).await.unwrap();
    assert!(shown.body["value"].to_string().contains("Waiting for a signature"), "{}", shown.body);
    let send = BotService::button(&form, FORM_SEND).unwrap();
    let inputs = json!({"0.user": "jane.roe@contoso.com"});
    // Another's card cannot be claimed: Anna sends Tina's form.
    let forged = stage.teams.press(ANNA, at, FORM_SEND, &send, &inputs).await.unwrap();
    assert!(forged.body.to_string().contains("Only the requester"), "{}", forged.body);
    stage.teams.press(TINA, at, FORM_SEND, &send, &inputs).await.unwrap();
    stage.settle().await;
    let old = stage.teams.messages(&chat).into_iter().find(|m| m.id == card.id).unwrap();
    assert!(card_text(&old).contains("Replaced by a newer request"), "{}", card_text(&old));
    assert!(card_text(&newest(&stage, &chat)).contains("Jane Roe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_s_data_that_is_not_ours_does_nothing() {
    let stage = Stage::new().await;
    let chat = stage.teams.open_personal(TINA).unwrap();
    stage.teams.install(TINA).await.unwrap();
    for data in [
        json!({"verb": FORM_SEND}),
        json!({"verb": FORM_SEND, "a": ["disable_user"]}),
        json!({"verb": FORM_SEND, "a": ["disable_user"], "f": "x", "r": "not an id", "n": "x", "d": "x"}),
        json!({"verb": "launch.rockets"}),
        json!(null),
    ] {
        let value = json!({"data": data});
        let answer = stage.teams.invoke(TINA, &chat, "task/submit", &value).await.unwrap();
        assert!(answer.body.to_string().contains("not one of mine"), "{}", answer.body);
    }
    let value = json!({"data": {"verb": FORM_SEND, "a": ["make_coffee"], "f": "x"}});
    let answer = stage.teams.invoke(TINA, &chat, "task/submit", &value).await.unwrap();
    assert!(answer.body.to_string().contains("no action called"), "{}", answer.body);
}

#[test]
fn pickers_are_on_every_person_group_and_licence_of_the_catalogue() {
    for entry in CATALOG {
        for field in &forms::form(entry.about.id).unwrap().fields {
            let by_name = ["user", "group", "license", "mailbox"].contains(&field.name.as_str());
            let picked = matches!(field.sort, Sort::Pick { .. });
            assert!(picked || !by_name, "{}: {} is written as text", entry.about.id, field.name);
        }
    }
}
