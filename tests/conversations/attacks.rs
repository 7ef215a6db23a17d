//! Buttons that were bent, forwarded, replayed or pressed by the wrong person, and a
//! database that somebody wrote in: nothing runs, everybody is told, the record says so.

use countersign::{
    adapters::store::sealing::Sealing,
    domain::{
        chat::{Platform, Verb},
        decision::{Choice, Vote, VoteKey},
        ids::Number,
        plan::Frozen,
        request::{Request, Stage as At},
        users::PersonRef,
    },
    ports::{clock::Clock as _, store::Turn},
    sim::{microsoft::DEMO_CLIENT_ID, slack::Sent, teams::BotService},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

const RESET: &str = "reset the password for john.doe@contoso.com";

/// A request of Tina's about John, waiting.
async fn waiting(settings: Settings) -> Stage {
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", RESET).await;
    stage
}

async fn request(stage: &Stage, number: u64) -> Request {
    let found = stage.house().store.numbered(&stage.tenant(), Number(number)).await.unwrap();
    found.unwrap_or_else(|| panic!("no request {number}"))
}

pub async fn state(stage: &Stage, number: u64) -> &'static str {
    request(stage, number).await.stage.name()
}

/// Kinds and payloads of the record so far.
pub async fn facts(stage: &Stage) -> Vec<(String, Value)> {
    stage.keep_record().await;
    let record = stage.house().store.record(0, 10_000).await.unwrap();
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    record
        .iter()
        .map(|fact| {
            let payload = fact.said().map_or(Value::Null, read);
            (read(&fact.header)["kind"].as_str().unwrap().to_owned(), payload)
        })
        .collect()
}

async fn refusals(stage: &Stage) -> usize {
    facts(stage).await.iter().filter(|(kind, _)| kind == "press.refused").count()
}

/// Somebody changes a user's properties in the tenant, past the bot.
pub async fn patch(stage: &Stage, user: &str, change: &Value) {
    let graph = "https://graph.microsoft.com";
    let token = stage.world.access_token(DEMO_CLIENT_ID, graph).unwrap();
    let address = format!("{}/v1.0/users/{user}", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.patch(address).bearer_auth(token).json(change).send().await.unwrap();
    assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    stage.house().desk.known.forget();
}

/// A button of a message as Slack keeps it: its id and its `request|nonce|digest`.
pub struct Button {
    pub channel: String,
    pub ts: String,
    pub value: String,
}

pub fn button(stage: &Stage, channel: &str, verb: Verb) -> Button {
    let message = stage
        .with_button(channel, verb)
        .unwrap_or_else(|| panic!("no {verb:?}: {}", stage.newest(HELPDESK)));
    let value = find(message.blocks.as_ref().unwrap(), verb.as_str()).unwrap();
    Button { channel: channel.to_owned(), ts: message.ts, value }
}

fn find(value: &Value, action: &str) -> Option<String> {
    if value["action_id"] == action {
        return value["value"].as_str().map(str::to_owned);
    }
    match value {
        Value::Object(map) => map.values().find_map(|inner| find(inner, action)),
        Value::Array(list) => list.iter().find_map(|inner| find(inner, action)),
        _ => None,
    }
}

impl Button {
    pub fn part(&self, at: usize) -> String {
        self.value.split('|').nth(at).unwrap().to_owned()
    }

    pub fn with(&self, at: usize, part: &str) -> Self {
        let mut parts: Vec<&str> = self.value.split('|').collect();
        parts[at] = part;
        Self { value: parts.join("|"), channel: self.channel.clone(), ts: self.ts.clone() }
    }

    fn answering(&self, choice: &str) -> Self {
        let value = format!("{}|{choice}", self.value);
        Self { value, channel: self.channel.clone(), ts: self.ts.clone() }
    }

    /// A signed click with it, as no honest client may send it.
    pub fn pressed_by(&self, stage: &Stage, who: &str, action: &str) -> Sent {
        let setup = stage.slack.setup();
        let at = stage.clock.now().as_microsecond();
        stage.clock.pass(SignedDuration::from_micros(1));
        Sent::interaction(json!({
            "type": "block_actions", "api_app_id": setup.app, "trigger_id": format!("1.2.{at}"),
            "user": { "id": slack_id(who), "team_id": setup.team },
            "team": { "id": setup.team, "domain": "contoso" },
            "enterprise": null, "is_enterprise_install": false,
            "container": { "type": "message", "message_ts": self.ts, "channel_id": self.channel },
            "channel": { "id": self.channel, "name": "somewhere" },
            "message": { "ts": self.ts },
            "state": { "values": {} },
            "actions": [{ "type": "button", "action_id": action, "block_id": "b", "value": self.value,
                          "action_ts": format!("{}.{:06}", at / 1_000_000, at % 1_000_000) }],
        }))
    }
}

/// Sends a click that must be refused: it is answered in words, and nothing moves.
pub async fn refused(stage: &Stage, who: &str, sent: &Sent, says: &str) {
    let heard = |stage: &Stage| stage.whispered(who).len() + stage.direct(who).len();
    let (before, felt) = (heard(stage), stage.effects().len());
    let answer = stage.slack.send_again(sent).await;
    assert_eq!(answer.status, Some(200), "{says}: a click that was refused is still taken");
    stage.settle().await;
    assert_eq!(stage.effects().len(), felt, "{says}: something ran");
    assert!(heard(stage) > before, "{says}: {who} was told nothing");
    let mut words = stage.whispered(who);
    words.extend(stage.direct(who));
    assert!(words.iter().any(|words| words.contains(says)), "{says}: {words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_nobody_signs_what_they_asked_for_or_what_is_about_them() {
    let stage = waiting(Settings::default()).await;
    let approve = button(&stage, APPROVALS, Verb::Approve);
    let verb = Verb::Approve.as_str();
    let asked = approve.pressed_by(&stage, "tina.tech", verb);
    refused(&stage, "tina.tech", &asked, "You asked for this yourself").await;
    let about = approve.pressed_by(&stage, "john.doe", verb);
    refused(&stage, "john.doe", &about, "This request is about you").await;
    let outsider = approve.pressed_by(&stage, "bob.lead", verb);
    refused(&stage, "bob.lead", &outsider, "You are not an approver").await;
    assert_eq!(state(&stage, 1001).await, "pending");
    assert_eq!(refusals(&stage).await, 3);
}

/// "Show every step" of one request, pressed with the digest of another, shows the one and
/// says nothing about the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_one_plan_are_not_shown_by_listing_another() {
    let stage = crate::details::narrow("approve", "disable john.doe@contoso.com").await;
    let first = button(&stage, APPROVALS, Verb::Approve);
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let second = button(&stage, APPROVALS, Verb::Approve);
    let bent = first.with(2, &second.part(2));
    let listing = bent.pressed_by(&stage, "anna.approver", Verb::Details.as_str());
    stage.slack.send_again(&listing).await;
    stage.settle().await;
    let shown = stage.whispered("anna.approver").join("\n");
    assert!(shown.contains("Block sign-in for John Doe"), "{shown}");
    let approve = second.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
    refused(&stage, "anna.approver", &approve, "Every step of #1002").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_second_account_of_the_same_person_signs_no_better() {
    let stage = waiting(Settings::default()).await;
    let approve = button(&stage, APPROVALS, Verb::Approve);
    patch(&stage, "tina.tech@contoso.com", &json!({ "employeeId": "4711" })).await;
    patch(&stage, "theo.tech@contoso.com", &json!({ "employeeId": "4711" })).await;
    let felt = stage.effects().len();
    let second = approve.pressed_by(&stage, "theo.tech", Verb::Approve.as_str());
    refused(&stage, "theo.tech", &second, "You asked for this yourself").await;
    // The same of the subject: John's administrator account.
    patch(&stage, "tina.tech@contoso.com", &json!({ "employeeId": "1" })).await;
    patch(&stage, "theo.tech@contoso.com", &json!({ "employeeId": "10011" })).await;
    let second = approve.pressed_by(&stage, "theo.tech", Verb::Approve.as_str());
    refused(&stage, "theo.tech", &second, "This request is about you").await;
    assert_eq!(state(&stage, 1001).await, "pending");
    assert_eq!(stage.effects().len(), felt + 2, "only what this test changed itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_two_accounts_of_one_approver_are_one_signature() {
    let approvers =
        "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\", \"john.doe@contoso.com\"]";
    let two = Settings {
        approval: "approve:2".to_owned(),
        approvers: approvers.to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(two).await;
    patch(&stage, "anna.approver@contoso.com", &json!({ "employeeId": "88" })).await;
    patch(&stage, "theo.tech@contoso.com", &json!({ "employeeId": "88" })).await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let felt = stage.effects().len();
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let again = button(&stage, APPROVALS, Verb::Approve);
    let again = again.pressed_by(&stage, "theo.tech", Verb::Approve.as_str());
    refused(&stage, "theo.tech", &again, "You signed this already").await;
    assert_eq!(state(&stage, 1001).await, "pending");
    stage.presses("john.doe", APPROVALS, Verb::Approve).await;
    assert_eq!(state(&stage, 1001).await, "succeeded");
    assert_eq!(stage.effects().len(), felt + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_whoever_receives_the_password_does_not_sign_for_it_with_any_account() {
    let policy = "secrets_to = \"anna.approver@contoso.com\"".to_owned();
    let stage = waiting(Settings { policy, ..Settings::default() }).await;
    let approve = button(&stage, APPROVALS, Verb::Approve);
    let verb = Verb::Approve.as_str();
    let anna = approve.pressed_by(&stage, "anna.approver", verb);
    refused(&stage, "anna.approver", &anna, "You would receive the password").await;
    patch(&stage, "anna.approver@contoso.com", &json!({ "employeeId": "88" })).await;
    patch(&stage, "theo.tech@contoso.com", &json!({ "employeeId": "88" })).await;
    let second = approve.pressed_by(&stage, "theo.tech", verb);
    refused(&stage, "theo.tech", &second, "You would receive the password").await;
    assert_eq!(state(&stage, 1001).await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_a_bent_button_in_slack_decides_nothing() {
    let stage = waiting(Settings::default()).await;
    stage.says("theo.tech", "disable jane.roe@contoso.com").await;
    let verb = Verb::Approve.as_str();
    let (who, not_here) = ("anna.approver", "does not belong to this card");
    let other = button(&stage, APPROVALS, Verb::Approve);
    let first = stage.bot_said(APPROVALS)[0].clone();
    let value = find(first.blocks.as_ref().unwrap(), verb).unwrap();
    let good = Button { channel: APPROVALS.to_owned(), ts: first.ts, value };
    let cancel = button(&stage, HELPDESK, Verb::Cancel);
    assert_ne!(good.part(0), other.part(0));

    let zeros = "0".repeat(64);
    let direct = stage.slack.direct(&slack_id(who));
    let moved = |channel: &str, ts: &str| Button {
        channel: channel.to_owned(),
        ts: ts.to_owned(),
        value: good.value.clone(),
    };
    let bent = [
        ("another digest", good.with(2, &zeros), "The plan has changed"),
        ("the other request's digest", good.with(2, &other.part(2)), "The plan has changed"),
        ("another one-time value", good.with(1, &"0".repeat(32)), not_here),
        ("the value of another copy", good.with(1, &cancel.part(1)), not_here),
        ("the value of another request", good.with(1, &other.part(1)), not_here),
        ("another request", good.with(0, &other.part(0)), not_here),
        (
            "an unknown request",
            good.with(0, "01930000-0000-7000-8000-000000000000"),
            "not known here",
        ),
        ("another message", moved(APPROVALS, &other.ts), not_here),
        ("another channel", moved(HELPDESK, &good.ts), not_here),
        ("shared into a direct conversation", moved(&direct, &good.ts), not_here),
        (
            "no digest",
            Button {
                value: format!("{}|{}|", good.part(0), good.part(1)),
                ..moved(APPROVALS, &good.ts)
            },
            not_here,
        ),
        ("nothing", Button { value: String::new(), ..moved(APPROVALS, &good.ts) }, not_here),
    ];
    for (what, button, says) in &bent {
        eprintln!("{what}");
        refused(&stage, who, &button.pressed_by(&stage, who, verb), says).await;
    }
    assert_eq!(state(&stage, 1001).await, "pending");
    assert_eq!(state(&stage, 1002).await, "pending");
    // All but those that name no request of ours stand in the record.
    assert_eq!(refusals(&stage).await, bent.len() - 3);
    // The straight button still works, once.
    stage.slack.send_again(&good.pressed_by(&stage, who, verb)).await;
    stage.settle().await;
    assert_eq!(state(&stage, 1001).await, "succeeded");
    assert_eq!(state(&stage, 1002).await, "pending");
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_a_click_from_another_workspace_or_app_is_not_let_in() {
    let stage = waiting(Settings::default()).await;
    let good = button(&stage, APPROVALS, Verb::Approve);
    let sent = good.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
    for (path, value) in [("/team/id", "T0ELSEWHERE"), ("/api_app_id", "A0ELSEWHERE")] {
        let mut payload = sent.payload().clone();
        *payload.pointer_mut(path).unwrap() = json!(value);
        let answer = stage.slack.send_again(&Sent::interaction(payload)).await;
        assert_eq!(answer.status, Some(403), "{path}");
        assert!(answer.no_retry, "{path}");
    }
    stage.settle().await;
    assert_eq!(state(&stage, 1001).await, "pending");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_that_the_card_does_not_show_do_nothing() {
    let stage = waiting(Settings::default()).await;
    let approvers = button(&stage, APPROVALS, Verb::Approve);
    let requesters = button(&stage, HELPDESK, Verb::Cancel);
    let not_here = "does not belong to this card";
    for (card, who, verb, says) in [
        (&approvers, "anna.approver", Verb::Confirm, not_here),
        (&approvers, "anna.approver", Verb::Cancel, not_here),
        (&approvers, "anna.approver", Verb::Pick, not_here),
        (&approvers, "anna.approver", Verb::Choose, not_here),
        (&approvers, "anna.approver", Verb::Undo, not_here),
        (&approvers, "anna.approver", Verb::Stop, "is already pending"),
        (&approvers, "anna.approver", Verb::Retry, "is already pending"),
        (&approvers, "anna.approver", Verb::CheckAgain, "is already pending"),
        (&approvers, "anna.approver", Verb::Happened, "is already pending"),
        (&approvers, "anna.approver", Verb::DidNot, "is already pending"),
        (&requesters, "anna.approver", Verb::Approve, not_here),
        (&requesters, "anna.approver", Verb::Reject, not_here),
        (&requesters, "tina.tech", Verb::Confirm, not_here),
        (&requesters, "tina.tech", Verb::Pick, "is already pending"),
        (&requesters, "bob.lead", Verb::Cancel, "Only"),
        (&approvers, "anna.approver", Verb::Answer, not_here),
        (&approvers, "anna.approver", Verb::SendAnswer, not_here),
        (&approvers, "anna.approver", Verb::SendQuestion, "write what you want to know"),
        (&approvers, "bob.lead", Verb::SendQuestion, "You are not an approver"),
        (&requesters, "anna.approver", Verb::SendQuestion, not_here),
        (&approvers, "anna.approver", Verb::Emergency, "named for emergencies"),
        (&approvers, "anna.approver", Verb::Acknowledge, not_here),
        (&requesters, "anna.approver", Verb::Emergency, not_here),
        (&requesters, "tina.tech", Verb::SendAnswer, "no question is open"),
        // A plan of one step has nothing to untick.
        (&approvers, "anna.approver", Verb::Untick, not_here),
        (&approvers, "anna.approver", Verb::LeaveOut, not_here),
        (&approvers, "anna.approver", Verb::EnterNumber, not_here),
        (&approvers, "anna.approver", Verb::SendNumber, not_here),
        (&approvers, "anna.approver", Verb::NotMe, not_here),
        (&requesters, "tina.tech", Verb::NotMe, not_here),
        (&requesters, "tina.tech", Verb::SendNumber, "no number is waited for"),
    ] {
        eprintln!("{} by {who}", verb.as_str());
        refused(&stage, who, &card.pressed_by(&stage, who, verb.as_str()), says).await;
    }
    assert_eq!(state(&stage, 1001).await, "pending");
    assert_eq!(refusals(&stage).await, 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_who_may_approve_cannot_stop_his_own_leaving() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    // Approved, and nothing has run yet.
    let approve = button(&stage, APPROVALS, Verb::Approve);
    let stop = approve.pressed_by(&stage, "john.doe", Verb::Stop.as_str());
    let answer = stage.slack.send_again(&stop).await;
    assert_eq!(answer.status, Some(200));
    assert!(request(&stage, 1001).await.stopped_by.is_none(), "the subject stopped it");
    stage.settle().await;
    assert_eq!(state(&stage, 1001).await, "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_not_offered_is_none() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for Sam Taylor").await;
    assert_eq!(state(&stage, 1001).await, "clarifying");
    let asked = stage.bot_said(HELPDESK).last().unwrap().clone();
    let value = any_value(asked.blocks.as_ref().unwrap()).unwrap();
    let value = value.splitn(4, '|').take(3).collect::<Vec<_>>().join("|");
    let card = Button { channel: HELPDESK.to_owned(), ts: asked.ts, value };
    let pick = Verb::Pick.as_str();
    for said in ["ada.admin@contoso.com", "", "1", "*"] {
        let sent = card.answering(said).pressed_by(&stage, "tina.tech", pick);
        refused(&stage, "tina.tech", &sent, "choose one of the answers offered").await;
    }
    let other = card.answering("sam.taylor@contoso.com").pressed_by(&stage, "theo.tech", pick);
    refused(&stage, "theo.tech", &other, "Only").await;
    assert_eq!(state(&stage, 1001).await, "clarifying");
}

/// The value of any button of ours.
fn any_value(value: &Value) -> Option<String> {
    if let Some(said) = value["value"].as_str().filter(|said| said.matches('|').count() >= 2) {
        return Some(said.to_owned());
    }
    match value {
        Value::Object(map) => map.values().find_map(any_value),
        Value::Array(list) => list.iter().find_map(any_value),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_a_bent_or_forwarded_card_in_teams_decides_nothing() {
    let stage = waiting(Settings::default()).await;
    let zeros = "0".repeat(64);
    let bends: [(&str, &str, &str, &str); 4] = [
        ("d", &zeros, "The plan has changed", "another digest"),
        ("n", "00000000000000000000000000000000", "does not belong", "another one-time value"),
        ("r", "01930000-0000-7000-8000-000000000000", "not known here", "an unknown request"),
        ("d", "", "not one of mine", "no digest"),
    ];
    for (member, value, says, what) in bends {
        let answer = stage
            .clicks_in_teams("anna.approver", Verb::Approve, |data| data[member] = json!(value))
            .await;
        stage.settle().await;
        assert!(answer.to_string().contains(says), "{what}: {answer}");
    }
    // Theo's copy, pressed by Anna in her own conversation, and forwarded into a group.
    let card = |who: &str| {
        let cards = stage.teams_cards(who);
        let last = cards.last().unwrap();
        let verb = Verb::Approve.as_str();
        let data = BotService::button(last.card.as_ref().unwrap(), verb);
        (last.id.clone(), data.unwrap())
    };
    let (anna_card, anna_data) = card("anna.approver");
    let (_, theo_data) = card("theo.tech");
    let upn = "anna.approver@contoso.com";
    let home = stage.teams.open_personal(upn).unwrap();
    let verb = Verb::Approve.as_str();
    let honest =
        stage.teams.pressed(upn, (&home, &anna_card), verb, &anna_data, &json!({})).unwrap();
    let mut borrowed = honest.clone();
    borrowed["value"]["action"]["data"] = theo_data;
    borrowed["id"] = json!("1700000900001");
    let mut forwarded = honest.clone();
    forwarded["id"] = json!("1700000900002");
    forwarded["conversation"]["id"] = json!("19:elsewhere@thread.v2");
    forwarded["conversation"]["conversationType"] = json!("groupChat");
    let mut moved = honest.clone();
    moved["id"] = json!("1700000900003");
    moved["replyToId"] = json!("1700000000000");
    let mut foreign = honest.clone();
    foreign["id"] = json!("1700000900004");
    let elsewhere = "99999999-2222-4333-8444-555555555555";
    foreign["conversation"]["tenantId"] = json!(elsewhere);
    foreign["channelData"]["tenant"]["id"] = json!(elsewhere);
    for (what, activity) in [("borrowed", borrowed), ("forwarded", forwarded), ("moved", moved)] {
        let answer = stage.teams.deliver(&activity).await.unwrap();
        stage.settle().await;
        assert_eq!(answer.status, 200, "{what}");
        assert!(answer.body.to_string().contains("does not belong"), "{what}: {}", answer.body);
    }
    assert_eq!(stage.teams.deliver(&foreign).await.unwrap().status, 403);
    stage.settle().await;
    assert_eq!(state(&stage, 1001).await, "pending");
    assert!(stage.effects().is_empty());
    // Confirm is not a way round a second person here either.
    let mut confirm = honest.clone();
    confirm["id"] = json!("1700000900005");
    confirm["value"]["action"]["verb"] = json!(Verb::Confirm.as_str());
    let answer = stage.teams.deliver(&confirm).await.unwrap();
    assert!(answer.body.to_string().contains("does not belong"), "{}", answer.body);
    assert_eq!(state(&stage, 1001).await, "pending");

    // The straight one works, and sent again it is the same click.
    for _ in 0..3 {
        assert_eq!(stage.teams.deliver(&honest).await.unwrap().status, 200);
        stage.settle().await;
    }
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_click_is_the_same_click_also_after_a_restart_and_stale_after_five_minutes() {
    let mut stage = waiting(Settings::default()).await;
    let approve = button(&stage, APPROVALS, Verb::Approve);
    let sent = approve.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
    let (kind, body) = sent.body();
    let headers = stage.slack.sign(body.as_bytes(), stage.clock.now());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = format!("{}{}", stage.base, sent.path());
    let deliver = || {
        let mut request = http.post(&address).header("content-type", kind).body(body.clone());
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        async move { request.send().await.unwrap() }
    };
    for _ in 0..5 {
        assert_eq!(deliver().await.status(), 200);
    }
    stage.settle().await;
    assert_eq!(stage.effects(), ["user.password"]);
    stage.fall().await;
    stage.start().await;
    for _ in 0..5 {
        assert_eq!(deliver().await.status(), 200);
    }
    stage.settle().await;
    let votes = facts(&stage).await.iter().filter(|(kind, _)| kind == "vote.cast").count();
    assert_eq!((stage.effects().len(), votes), (1, 1));
    stage.pass(SignedDuration::from_secs(301)).await;
    let late = deliver().await;
    assert_eq!(late.status(), 401);
    assert_eq!(late.headers()["x-slack-no-retry"], "1");
    stage.settle().await;
    assert_eq!(stage.effects().len(), 1);
}

/// Writes in the file of the house, which is down meanwhile.
pub async fn write_in_the_file(stage: &mut Stage, sql: &str) {
    stage.fall().await;
    let path = stage.folder.path().join("countersign.db");
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute_batch(sql).unwrap();
    drop(file);
    stage.start().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_somebody_marked_approved_does_not_run_and_is_recorded() {
    let mut stage = waiting(Settings::default()).await;
    let mark = "UPDATE request SET state = 'approved', open = 1, due_at = 0";
    write_in_the_file(&mut stage, mark).await;
    stage.settle().await;
    assert!(stage.effects().is_empty(), "it ran");
    assert!(facts(&stage).await.iter().any(|(kind, _)| kind == "run.refused"));
    // The row is right again: a person can still sign it.
    assert_eq!(state(&stage, 1001).await, "pending");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_whoever_has_the_database_and_its_encryption_key_still_cannot_sign() {
    let stage = waiting(Settings::default()).await;
    let store = stage.house().store.clone();
    let mut request = request(&stage, 1001).await;
    let plan = store.plan(&request.id, request.revision).await.unwrap().unwrap();
    let upn = "anna.approver@contoso.com";
    let guid = stage.world.user(upn).unwrap()["id"].as_str().unwrap().parse().unwrap();
    let id = stage.tenant().object(guid);
    let anna = PersonRef { id, name: "Anna Approver".to_owned(), upn: upn.parse().unwrap() };
    let vote = Vote {
        request: request.id,
        revision: request.revision,
        digest: plan.digest(),
        voter: anna,
        choice: Choice::Approve,
        door: Platform::Slack,
        note: None,
        at: stage.clock.now(),
        capacity: None,
        instead_of: None,
        emergency: false,
        beforehand: None,
        whole: None,
        step_up: None,
        recognised: None,
        mac: Vec::new(),
    }
    .sealed(&plan.plan().rule, &VoteKey::new(&[7; 32]));
    let version = request.version;
    request.stage = At::Approved { by: vec![vote.voter.clone()], at: stage.clock.now() };
    request.due_at = Some(stage.clock.now());
    let turn = Turn {
        at: stage.clock.now(),
        votes: vec![vote],
        requests: vec![(request, Some(version))],
        ..Turn::default()
    };
    store.save(turn).await.unwrap();
    stage.settle().await;
    assert!(stage.effects().is_empty(), "it ran");
    assert_eq!(state(&stage, 1001).await, "failed");
    assert!(facts(&stage).await.iter().any(|(kind, _)| kind == "run.unproven"));
    // Nor does a retry of what never ran.
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    assert!(stage.effects().is_empty(), "it ran on retry");
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_votes_taken_out_or_a_plan_exchanged_before_the_run_stop_it() {
    for sql in [
        "DROP TRIGGER vote_is_never_deleted; DELETE FROM vote",
        "DROP TRIGGER plan_revision_is_never_deleted; PRAGMA foreign_keys = OFF; DELETE FROM plan_revision",
    ] {
        let mut stage = waiting(Settings::default()).await;
        stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
        assert_eq!(state(&stage, 1001).await, "approved");
        write_in_the_file(&mut stage, sql).await;
        stage.settle().await;
        assert!(stage.effects().is_empty(), "{sql}: it ran");
        assert!(facts(&stage).await.iter().any(|(kind, _)| kind == "run.unproven"), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_a_plan_whose_bytes_were_changed_cannot_be_signed_nor_run() {
    for signed_first in [false, true] {
        let mut stage = waiting(Settings::default()).await;
        if signed_first {
            stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
        }
        let request = request(&stage, 1001).await;
        let plan = stage.house().store.plan(&request.id, 1).await.unwrap().unwrap();
        // With the encryption key: another person's password.
        let text = String::from_utf8(plan.bytes().to_vec()).unwrap();
        let john =
            stage.world.user("john.doe@contoso.com").unwrap()["id"].as_str().unwrap().to_owned();
        let ada =
            stage.world.user("ada.admin@contoso.com").unwrap()["id"].as_str().unwrap().to_owned();
        let changed = text.replace(&john, &ada);
        assert_ne!(changed, text);
        assert!(Frozen::read(changed.clone().into_bytes()).is_ok(), "it is a plan");
        let sealing =
            Sealing::new(stage.keys.id.clone(), &stage.keys.encryption, stage.clock.clone())
                .unwrap();
        let sealed =
            sealing.seal("plan_revision", &format!("{}/1", request.id), changed.as_bytes());
        let sql = format!(
            "DROP TRIGGER plan_revision_is_never_changed; UPDATE plan_revision SET sealed = x'{}'",
            hex::encode(sealed)
        );
        write_in_the_file(&mut stage, &sql).await;
        stage.settle().await;
        if !signed_first {
            stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
            stage.settle().await;
            assert_eq!(state(&stage, 1001).await, "pending");
            let words = stage.whispered("anna.approver").concat();
            assert!(words.contains("The plan has changed"), "{words}");
        }
        assert!(stage.effects().is_empty(), "it ran");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_a_changed_plan_does_not_even_open() {
    let mut stage = waiting(Settings::default()).await;
    let sql = "DROP TRIGGER plan_revision_is_never_changed;
        UPDATE plan_revision SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)";
    write_in_the_file(&mut stage, sql).await;
    let status = stage.clicks("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(status, 503, "it is not acknowledged");
    assert_eq!(state(&stage, 1001).await, "pending");
    assert!(stage.effects().is_empty());
}
