//! Clicks as Slack and Teams send them: whole, signed requests.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{
    cli::bench::{
        outside::{APPROVALS, APPROVER, APPROVER_IN_SLACK, Outside},
        wire::post,
    },
    domain::{
        chat::{Platform, Verb},
        ids::RequestId,
    },
    sim::{slack::Sent, teams::BotService},
};

/// A card with the button that is pressed.
#[derive(Debug, Clone)]
pub struct Button {
    /// Where it is.
    pub platform: Platform,
    /// The card as it was drawn.
    pub body: Value,
}

/// A press on a card that is there.
#[derive(Debug, Clone)]
pub struct Click {
    /// Whose card.
    pub request: RequestId,
    /// The conversation.
    pub on: String,
    /// The message.
    pub message: String,
    /// The button.
    pub button: Button,
}

/// The raw requests of these clicks, signed now.
pub fn signed(outside: &Outside, clicks: &[Click]) -> anyhow::Result<Vec<Vec<u8>>> {
    // One token for an hour of activities, as the Bot Framework does it.
    let token = format!("Bearer {}", outside.teams.mint(&Value::Null));
    clicks
        .iter()
        .enumerate()
        .map(|(number, click)| match click.button.platform {
            Platform::Slack => in_slack(outside, click, number),
            Platform::Teams | Platform::Api => in_teams(outside, click, &token),
        })
        .collect()
}

/// The same with the last digit of the signature changed: to be refused.
pub fn forged(outside: &Outside, click: &Click) -> anyhow::Result<Vec<u8>> {
    let mut request = in_slack(outside, click, 0)?;
    let name = b"X-Slack-Signature: v0=";
    let at = request.windows(name.len()).position(|part| part == name).context("no signature")?;
    let digit = &mut request[at + name.len() + 63];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
    Ok(request)
}

fn in_slack(outside: &Outside, click: &Click, number: usize) -> anyhow::Result<Vec<u8>> {
    let sent = Sent::interaction(block_actions(outside, click, number)?);
    let (kind, body) = sent.body();
    let [(stamp, at), (name, signature)] = outside.slack.sign(body.as_bytes(), outside.now());
    let headers = [("content-type", kind), (stamp, &at), (name, &signature)];
    Ok(post(sent.path(), &headers, body.as_bytes()))
}

/// Field names and nulls as docs.slack.dev "Interaction payloads" has them.
fn block_actions(outside: &Outside, click: &Click, number: usize) -> anyhow::Result<Value> {
    let setup = outside.slack.setup();
    let blocks = &click.button.body["blocks"];
    let mut action = button(blocks, Verb::Approve.as_str()).context("a card without its button")?;
    action["block_id"] = json!("b1");
    action["action_ts"] = json!(format!("{}.{number:06}", outside.now().as_second()));
    Ok(json!({
        "type": "block_actions", "token": "deprecated", "api_app_id": setup.app,
        "trigger_id": format!("1337{number:07}.{APPROVER_IN_SLACK}.simulated"),
        "user": {"id": APPROVER_IN_SLACK, "username": "anna.approver", "name": "anna.approver", "team_id": setup.team},
        "team": {"id": setup.team, "domain": "contoso"}, "enterprise": null, "is_enterprise_install": false,
        "container": {"type": "message", "message_ts": click.message, "channel_id": click.on, "is_ephemeral": false},
        "channel": {"id": APPROVALS, "name": "it-approvals"},
        "message": {"type": "message", "user": setup.bot_user, "ts": click.message, "text": "a request",
            "team": setup.team, "bot_id": "B0BOT", "app_id": setup.app, "blocks": blocks},
        "state": {"values": {}},
        "response_url": format!("https://hooks.slack.com/actions/{}/simulated", setup.team),
        "actions": [action],
    }))
}

/// The button with this action id, wherever it is in the blocks.
fn button(blocks: &Value, action: &str) -> Option<Value> {
    match blocks {
        Value::Object(members) if members.get("action_id").is_some_and(|id| id == action) => {
            Some(blocks.clone())
        }
        Value::Object(members) => members.values().find_map(|inner| button(inner, action)),
        Value::Array(items) => items.iter().find_map(|inner| button(inner, action)),
        _ => None,
    }
}

fn in_teams(outside: &Outside, click: &Click, token: &str) -> anyhow::Result<Vec<u8>> {
    let verb = Verb::Approve.as_str();
    let data = BotService::button(&click.button.body, verb).context("a card without its button")?;
    let people = outside.teams.people();
    let person = people.iter().find(|person| person.upn == APPROVER).context("nobody signs")?;
    let mut activity = outside.teams.activity(person, &click.on, "invoke")?;
    ensure!(data["r"] == json!(click.request), "the button is of another request");
    activity["name"] = json!("adaptiveCard/action");
    activity["replyToId"] = json!(click.message);
    activity["value"] = json!({"trigger": "manual",
        "action": {"type": "Action.Execute", "title": verb, "verb": verb, "data": data}});
    let headers = [("content-type", "application/json"), ("authorization", token)];
    Ok(post("/api/messages", &headers, activity.to_string().as_bytes()))
}
