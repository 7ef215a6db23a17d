//! What is looked up: who reads it and where, page by page, and what the record keeps.

use countersign::{
    audit,
    domain::{
        chat::PAGE_TURN,
        page::{Page, Spot},
        users::Who,
    },
    ports::{directory::Directory, store::Payload},
    sim::{
        slack::{Channel, Person, Sent},
        teams::SimMessage,
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown, slack_id};

const TINA: &str = "tina.tech@contoso.com";
const ANNA: &str = "anna.approver@contoso.com";

fn with_reads(channels: &str) -> Settings {
    let more = format!(
        "[policy.groups.users.reads]\nchannels = \"{channels}\"\ngroup_chats = \"{channels}\"\n"
    );
    Settings { more, ..Settings::default() }
}

/// The bot's messages in the help desk's channel that everybody sees.
fn in_channel(stage: &Stage) -> String {
    stage.bot_said(HELPDESK).iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_in_a_channel_the_asker_alone_reads_about_a_person() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    let own = stage.whispered("tina.tech").pop().expect("an answer for Tina");
    assert!(own.contains("john.doe@contoso.com") && own.contains("Department"), "{own}");
    assert!(!in_channel(&stage).contains("Department"), "{}", in_channel(&stage));
    assert!(stage.whispered("theo.tech").is_empty());
    // In her own chat it is an ordinary answer.
    let direct = stage.slack.direct(&slack_id("tina.tech"));
    stage
        .slack
        .say(&slack_id("tina.tech"), &direct, "show me john.doe@contoso.com", None)
        .await
        .unwrap();
    stage.settle().await;
    assert!(stage.direct("tina.tech").pop().unwrap().contains("Department"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_policy_says_so_everybody_in_the_thread_reads_it() {
    let stage = Stage::with(with_reads("thread")).await;
    let ts = stage.says("tina.tech", "show me john.doe@contoso.com").await;
    let said = stage.bot_said(HELPDESK).pop().unwrap();
    assert!(shown(&said).contains("Department"), "{}", shown(&said));
    assert_eq!(said.thread.as_deref(), Some(ts.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_with_a_guest_gets_no_directory_data_whatever_policy_says() {
    let stage = Stage::with(with_reads("thread")).await;
    let guest = Person {
        restricted: true,
        ..Person::member("U0GUEST", "guest", "A Guest", "guest@fabrikam.com")
    };
    stage.slack.put_person(guest);
    let mut channel = stage.slack.channels().into_iter().find(|one| one.id == HELPDESK).unwrap();
    channel.members.push("U0GUEST".to_owned());
    stage.slack.put_channel(channel);
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    assert!(!in_channel(&stage).contains("Department"), "{}", in_channel(&stage));
    assert!(stage.whispered("tina.tech").pop().unwrap().contains("Department"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_shared_with_another_organisation_gets_nothing_not_even_for_one() {
    let stage = Stage::with(with_reads("thread")).await;
    let members = [slack_id("tina.tech"), stage.slack.setup().bot_user.clone()];
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let shared =
        Channel { ext_shared: true, ..Channel::public("C0SHARED", "with-fabrikam", &members) };
    stage.slack.put_channel(shared);
    let tina = slack_id("tina.tech");
    stage
        .slack
        .say(&tina, "C0SHARED", "@countersign show me john.doe@contoso.com", None)
        .await
        .unwrap();
    stage.settle().await;
    let said: String = stage.slack.messages("C0SHARED").iter().map(shown).collect();
    assert!(!said.contains("Department"), "{said}");
    assert!(!stage.whispered("tina.tech").iter().any(|one| one.contains("Department")));
    let direct = stage.direct("tina.tech").join("\n");
    assert!(direct.contains("Department"), "{direct}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_policy_refuses_it_is_not_even_looked_up() {
    let stage = Stage::with(with_reads("refuse")).await;
    let before = stage.requests.lock().unwrap().len();
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    assert!(in_channel(&stage).contains("is not shown here"), "{}", in_channel(&stage));
    let asked: Vec<Value> = stage.requests.lock().unwrap()[before..].to_vec();
    assert!(!format!("{asked:?}").contains("john.doe"), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_chat_of_several_in_teams_the_answer_comes_in_the_own_chat() {
    let stage = Stage::new().await;
    stage.teams.install(TINA).await.unwrap();
    stage
        .teams
        .open("19:group@thread.v2", countersign::domain::chat::PlaceKind::Group, &[TINA, ANNA])
        .unwrap();
    stage.teams.say(TINA, "19:group@thread.v2", "show me john.doe@contoso.com", &[]).await.unwrap();
    stage.settle().await;
    let of_bot = |conversation: &str| -> String {
        let said = stage.teams.messages(conversation);
        said.iter().filter(|m| m.card.is_some()).map(card_text).collect()
    };
    assert!(!of_bot("19:group@thread.v2").contains("Department"));
    assert!(of_bot("19:group@thread.v2").contains("the answer is in your own chat"));
    let own = stage.teams.open_personal(TINA).unwrap();
    let said: Vec<SimMessage> = stage.teams.messages(&own);
    assert!(
        said.iter().any(|m| m.card.as_ref().is_some_and(|c| c.to_string().contains("Department")))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_too_a_guest_among_them_keeps_the_thread_empty() {
    let stage = Stage::with(with_reads("thread")).await;
    let group = "19:group@thread.v2";
    stage.teams.install(TINA).await.unwrap();
    stage.teams.open(group, countersign::domain::chat::PlaceKind::Group, &[TINA, ANNA]).unwrap();
    let shows = || {
        let said = stage.teams.messages(group);
        said.iter().any(|m| m.card.as_ref().is_some_and(|c| c.to_string().contains("Department")))
    };
    stage.teams.change_person("29:anna-approver", |person| person.role = "guest".to_owned());
    stage.teams.say(TINA, group, "show me john.doe@contoso.com", &[]).await.unwrap();
    stage.settle().await;
    assert!(!shows());
    stage.teams.change_person("29:anna-approver", |person| person.role = "user".to_owned());
    stage.teams.say(TINA, group, "show me john.doe@contoso.com", &[]).await.unwrap();
    stage.settle().await;
    assert!(shows(), "among ourselves policy lets it appear");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_is_in_the_record() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    stage.keep_record().await;
    let store = &stage.house().store;
    let facts = countersign::ports::store::Store::record(store.as_ref(), 0, 100).await.unwrap();
    let read: Vec<Value> = facts
        .iter()
        .filter(|fact| String::from_utf8_lossy(&fact.header).contains("read.answered"))
        .map(|fact| match &fact.payload {
            Payload::Kept { text, .. } => serde_json::from_slice(text).unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read.len(), 1, "{read:?}");
    assert_eq!(read[0]["action"], "get_user");
    assert_eq!(read[0]["arguments"]["user"], "john.doe@contoso.com");
    assert_eq!(read[0]["by"]["upn"], TINA);
    assert!(!read[0].to_string().contains("Department"), "not what was found");
    let _ = audit::leaf(&facts[0].header, &facts[0].payload_hash);
}

// Pages. Their buttons are sealed by the house; here they are made with its key.

async fn token(stage: &Stage, change: impl FnOnce(&mut Page)) -> String {
    let directory = &stage.house().desk.directory;
    let tina = Who::Upn(stage.tenant(), TINA.parse().unwrap());
    let tina = Directory::user(directory.as_ref(), &tina).await.unwrap().unwrap();
    let Value::Object(arguments) = json!({ "user": "jane.roe@contoso.com" }) else { panic!() };
    let mut page = Page {
        reader: tina.id,
        place: format!("slack:{}:{HELPDESK}:-", stage.slack.setup().team),
        action: "get_user".to_owned(),
        to: Spot { arguments, skip: 0 },
        before: Vec::new(),
        number: 2,
        until: stage.clock_now() + SignedDuration::from_hours(1),
        of: None,
    };
    change(&mut page);
    page.seal(&stage.keys.page_key(), [7; 12]).unwrap()
}

/// Somebody presses the button of the bot's newest message in the channel.
async fn turns(stage: &Stage, who: &str, token: &str, ephemeral: bool) -> String {
    let message = stage.bot_said(HELPDESK).pop().unwrap();
    let setup = stage.slack.setup();
    let payload = json!({
        "type": "block_actions", "api_app_id": setup.app, "trigger_id": format!("1.{who}.{token}"),
        "team": { "id": setup.team }, "user": { "id": slack_id(who), "team_id": setup.team },
        "container": { "type": "message", "message_ts": message.ts, "channel_id": HELPDESK, "is_ephemeral": ephemeral },
        "channel": { "id": HELPDESK, "name": "helpdesk" },
        "actions": [{ "action_id": format!("{PAGE_TURN}:on"), "value": token, "type": "button", "action_ts": "1.0" }],
    });
    let answer = stage.slack.send_again(&Sent::interaction(payload)).await;
    assert!(answer.is_ok(), "{answer:?}");
    stage.settle().await;
    shown(&stage.bot_said(HELPDESK).pop().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reader_turns_the_page_and_the_message_is_replaced() {
    let stage = Stage::with(with_reads("thread")).await;
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    let token = token(&stage, |_| {}).await;
    let page = turns(&stage, "tina.tech", &token, false).await;
    assert!(page.contains("Jane Roe") && page.contains("Page 2"), "{page}");
    assert_eq!(stage.bot_said(HELPDESK).len(), 1, "replaced, not posted again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_sees_is_followed_by_the_next_page() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "help").await;
    let token = token(&stage, |_| {}).await;
    turns(&stage, "tina.tech", &token, true).await;
    assert!(stage.whispered("tina.tech").pop().unwrap().contains("Jane Roe"));
    assert!(!in_channel(&stage).contains("Jane Roe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_turns_it_nor_later_nor_elsewhere_nor_forged() {
    let stage = Stage::with(with_reads("thread")).await;
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    let good = token(&stage, |_| {}).await;
    let page = turns(&stage, "theo.tech", &good, false).await;
    assert!(!page.contains("Jane Roe"), "{page}");
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("looked up by somebody else"));
    let elsewhere =
        token(&stage, |page| page.place = page.place.replace(HELPDESK, APPROVALS)).await;
    let mut forged = good.clone().into_bytes();
    forged[40] ^= 1;
    let forged = String::from_utf8(forged).unwrap();
    for bad in [elsewhere.as_str(), &forged, "", "x"] {
        let page = turns(&stage, "tina.tech", bad, false).await;
        assert!(!page.contains("Jane Roe"), "{page}");
        assert!(
            stage.whispered("tina.tech").pop().unwrap().contains("does not belong to this card")
        );
    }
    stage.clock.pass(SignedDuration::from_hours(2));
    let page = turns(&stage, "tina.tech", &good, false).await;
    assert!(!page.contains("Jane Roe"), "{page}");
    assert!(stage.whispered("tina.tech").pop().unwrap().contains("too long ago"));
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_never_leads_to_more_than_its_reader_may_ask_for() {
    let stage = Stage::with(with_reads("thread")).await;
    stage.says("tina.tech", "show me john.doe@contoso.com").await;
    // Even a page that the house itself had sealed cannot change anything.
    let token = token(&stage, |page| page.action = "disable_user".to_owned()).await;
    turns(&stage, "tina.tech", &token, false).await;
    assert!(stage.effects().is_empty());
    assert!(stage.with_button(APPROVALS, countersign::domain::chat::Verb::Approve).is_none());
}
