//! The JSON of what people did, as Slack builds it. Field names and nulls: docs
//! "Events API", "Interaction payloads", "Slash commands"; `team` is null and
//! `authorizations[].team_id` too when the install is org-wide.

use serde_json::{Value, json};

use super::{
    posting::shown,
    world::{Channel, ChannelKind, Message, Person, Setup, State, View, Workspace},
};

/// The envelope around an event.
pub(super) fn event(workspace: &Workspace, id: &str, channel: &Channel, event: &Value) -> Value {
    let setup = workspace.setup();
    let team = (!setup.org_wide).then_some(&setup.team);
    json!({
        "token": "deprecated", "team_id": setup.team, "context_team_id": setup.team,
        "context_enterprise_id": setup.enterprise, "enterprise_id": setup.enterprise, "api_app_id": setup.app,
        "event": event, "type": "event_callback", "event_id": id,
        "event_time": setup.clock.now().as_second(),
        "authorizations": [{
            "enterprise_id": setup.enterprise, "team_id": team, "user_id": setup.bot_user,
            "is_bot": true, "is_enterprise_install": setup.org_wide,
        }],
        "is_ext_shared_channel": channel.ext_shared, "event_context": "4-simulated",
    })
}

/// A `message` in a direct conversation, or an `app_mention`.
pub(super) fn said(person: &Person, channel: &Channel, message: &Message, block: &Value) -> Value {
    let direct = channel.kind == ChannelKind::Direct;
    let mut event = json!({
        "type": if direct { "message" } else { "app_mention" },
        "client_msg_id": format!("client-{}", message.ts),
        "user": person.id, "text": message.text, "ts": message.ts, "event_ts": message.ts, "team": person.team,
        "channel": channel.id, "blocks": [block],
    });
    if direct {
        event["channel_type"] = "im".into();
    }
    if let Some(thread) = &message.thread {
        event["thread_ts"] = thread.clone().into();
    }
    if channel.ext_shared {
        event["user_team"] = person.team.clone().into();
        event["source_team"] = person.team.clone().into();
    }
    event
}

fn team(setup: &Setup) -> Value {
    if setup.org_wide {
        return Value::Null;
    }
    let mut team = json!({ "id": setup.team, "domain": "contoso" });
    if let Some(enterprise) = &setup.enterprise {
        team["enterprise_id"] = enterprise.clone().into();
    }
    team
}

pub(super) fn interaction(setup: &Setup, kind: &str, person: &Person, trigger: &str) -> Value {
    let enterprise =
        setup.enterprise.as_ref().map(|id| json!({ "id": id, "name": "Contoso Group" }));
    json!({
        "type": kind, "token": "deprecated", "api_app_id": setup.app, "trigger_id": trigger,
        "user": { "id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team },
        "team": team(setup), "enterprise": enterprise, "is_enterprise_install": setup.org_wide,
    })
}

/// What was pressed, and where.
pub(super) struct Pressed<'a> {
    pub person: &'a Person,
    pub channel: &'a Channel,
    pub message: &'a Message,
    /// Only this person sees the message.
    pub ephemeral: bool,
    pub action: Value,
    pub trigger: String,
}

pub(super) fn block_actions(workspace: &Workspace, state: &State, pressed: &Pressed<'_>) -> Value {
    let Pressed { person, channel, message, .. } = pressed;
    let mut payload = interaction(workspace.setup(), "block_actions", person, &pressed.trigger);
    payload["container"] = json!({
        "type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": pressed.ephemeral,
    });
    // The first message of a thread carries its own id as `thread_ts`.
    let begins = channel.messages.iter().any(|reply| reply.thread.as_ref() == Some(&message.ts));
    if let Some(thread) = message.thread.as_ref().or(begins.then_some(&message.ts)) {
        payload["container"]["thread_ts"] = thread.clone().into();
    }
    let name = match channel.kind {
        ChannelKind::Direct => "directmessage",
        ChannelKind::Private => "privategroup",
        ChannelKind::Public => &channel.name,
    };
    payload["channel"] = json!({ "id": channel.id, "name": name });
    if !pressed.ephemeral {
        payload["message"] = shown(workspace, message);
    }
    let blocks = message.blocks.as_ref().unwrap_or(&Value::Null);
    payload["state"] = json!({ "values": values(state, &person.id, &message.ts, blocks) });
    payload["response_url"] =
        format!("https://hooks.slack.com/actions/{}/simulated", workspace.setup().team).into();
    payload["actions"] = json!([pressed.action]);
    payload
}

pub(super) fn view(
    workspace: &Workspace,
    state: &State,
    kind: &str,
    person: &Person,
    open: &View,
    trigger: &str,
) -> Value {
    let mut payload = interaction(workspace.setup(), kind, person, trigger);
    let mut view = open.view.clone();
    view["state"] = json!({ "values": values(state, &person.id, &open.id, &view["blocks"]) });
    view["hash"] = format!("{}.hash", open.id).into();
    view["team_id"] = workspace.setup().team.clone().into();
    view["app_id"] = workspace.setup().app.clone().into();
    payload["view"] = view;
    payload["response_urls"] = json!([]);
    payload
}

pub(super) fn command(
    setup: &Setup,
    person: &Person,
    channel: &Channel,
    said: [&str; 2],
    trigger: &str,
) -> Value {
    let [command, text] = said;
    let direct = channel.kind == ChannelKind::Direct;
    let mut form = json!({
        "token": "deprecated", "api_app_id": setup.app, "team_id": person.team, "team_domain": "contoso",
        "channel_id": channel.id, "channel_name": if direct { "directmessage" } else { &channel.name },
        "user_id": person.id, "user_name": person.handle, "command": command, "text": text,
        "response_url": format!("https://hooks.slack.com/commands/{}/simulated", setup.team),
        "trigger_id": trigger, "is_enterprise_install": if setup.org_wide { "true" } else { "false" },
    });
    if let Some(enterprise) = &setup.enterprise {
        form["enterprise_id"] = enterprise.clone().into();
        form["enterprise_name"] = "Contoso Group".into();
    }
    form
}

/// The inputs of a message or form with what somebody chose or typed in them.
/// What is not filled in is null.
fn values(state: &State, user: &str, on: &str, blocks: &Value) -> Value {
    let mut values = json!({});
    for block in blocks.as_array().into_iter().flatten() {
        let id = block["block_id"].as_str().unwrap_or_default();
        for element in elements(block) {
            let Some(kind) = element["type"].as_str().filter(|kind| is_input(kind)) else {
                continue;
            };
            let action = element["action_id"].as_str().unwrap_or_default();
            let at = (user.to_owned(), on.to_owned(), id.to_owned());
            let filled = state.chosen.get(&at).map(String::as_str);
            let offered = state.offered.get(&at).map(Vec::as_slice).unwrap_or_default();
            values[id][action] = entry(element, kind, filled, offered);
        }
    }
    values
}

/// One input as it stands: what was filled in, else what it began with. Slack calls it
/// by another name for each sort (docs "View states").
fn entry(element: &Value, kind: &str, filled: Option<&str>, offered: &[Value]) -> Value {
    let began = |name: &str| element.get(name).cloned();
    let typed = |name: &str| {
        filled
            .filter(|text| !text.is_empty())
            .map(Value::from)
            .or_else(|| if filled.is_some() { None } else { began(name) })
    };
    match kind {
        "plain_text_input" | "number_input" => {
            json!({ "type": kind, "value": typed("initial_value") })
        }
        "datepicker" => json!({ "type": kind, "selected_date": typed("initial_date") }),
        "timepicker" => json!({ "type": kind, "selected_time": typed("initial_time") }),
        "checkboxes" | "multi_static_select" | "multi_external_select" => {
            let chosen = match filled {
                Some(values) => {
                    let one = |value: &str| option_among(element, offered, value);
                    Value::from(values.split(',').filter_map(one).collect::<Vec<_>>())
                }
                None => began("initial_options").unwrap_or_else(|| json!([])),
            };
            json!({ "type": kind, "selected_options": chosen })
        }
        _ => {
            let chosen = match filled {
                Some(value) => option_among(element, offered, value),
                None => began("initial_option"),
            };
            json!({ "type": kind, "selected_option": chosen })
        }
    }
}

/// The option with this value: of the element itself, of those a search offered, or the
/// one it began with.
pub(super) fn option_among(element: &Value, offered: &[Value], value: &str) -> Option<Value> {
    let began = element.get("initial_option").into_iter().cloned();
    let more = element["initial_options"].as_array().into_iter().flatten().cloned();
    let mut others = offered.iter().cloned().chain(began).chain(more);
    option(element, value).or_else(|| others.find(|option| option["value"] == value))
}

/// The elements of a block, wherever it keeps them.
pub(super) fn elements(block: &Value) -> impl Iterator<Item = &Value> {
    let many = block["elements"].as_array().into_iter().flatten();
    many.chain(block.get("accessory")).chain(block.get("element"))
}

pub(super) fn is_input(kind: &str) -> bool {
    matches!(
        kind,
        "plain_text_input"
            | "number_input"
            | "static_select"
            | "radio_buttons"
            | "checkboxes"
            | "multi_static_select"
            | "external_select"
            | "multi_external_select"
            | "datepicker"
            | "timepicker"
    )
}

/// Is something chosen from a list, or typed?
pub(super) fn is_typed(kind: &str) -> bool {
    matches!(kind, "plain_text_input" | "number_input" | "datepicker" | "timepicker")
}

/// The option of a select with this value.
pub(super) fn option(element: &Value, value: &str) -> Option<Value> {
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.filter_map(|group| group["options"].as_array()).flatten();
    let own = element["options"].as_array().into_iter().flatten();
    own.chain(grouped).find(|option| option["value"] == value).cloned()
}
