//! What people do in Slack.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Done, Refusal, Shared, Stage, done};
use crate::sim::slack::{Acted, CannotDo};

/// `POST /demo/slack/say`
#[derive(Deserialize)]
pub struct Say {
    user: String,
    channel: String,
    text: String,
    thread_ts: Option<String>,
}

/// `POST /demo/slack/press`
#[derive(Deserialize)]
pub struct Press {
    user: String,
    channel: Option<String>,
    ts: Option<String>,
    view_id: Option<String>,
    action_id: String,
    block_id: Option<String>,
    value: Option<Value>,
    #[serde(default)]
    state: Inputs,
}

/// What the inputs of a message or form hold, in Slack's own shape.
#[derive(Default, Deserialize)]
pub struct Inputs {
    #[serde(default)]
    values: Map<String, Value>,
}

/// `POST /demo/slack/submit`
#[derive(Deserialize)]
pub struct Submit {
    user: String,
    view_id: String,
    #[serde(default)]
    values: Map<String, Value>,
}

/// `POST /demo/slack/search`
#[derive(Deserialize)]
pub struct Search {
    user: String,
    view_id: String,
    block_id: String,
    typed: String,
}

/// `POST /demo/slack/close`
#[derive(Deserialize)]
pub struct Close {
    user: String,
    view_id: String,
}

/// Somebody writes, or uses a slash command.
pub async fn say(State(shared): State<Shared>, Json(said): Json<Say>) -> Done {
    let Say { user, channel, text, thread_ts } = said;
    let slack = &shared.stage.slack;
    let acted = if let Some(command) = text.trim_start().strip_prefix('/') {
        if thread_ts.is_some() {
            let why = "slash commands cannot be used in a thread";
            return Err(Refusal::cannot(&why, "Leave the thread, or write without the slash."));
        }
        let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        if name != "countersign" {
            let why = format!("Slack knows no command /{name}");
            return Err(Refusal::cannot(&why, "This app's only command is /countersign."));
        }
        slack.command(&user, &channel, "/countersign", rest.trim()).await
    } else {
        let text = with_handles(&text, &shared.stage);
        slack.say(&user, &channel, &text, thread_ts.as_deref()).await
    };
    taken(acted.map(Some))
}

/// Somebody presses a button, or chooses an option.
pub async fn press(State(shared): State<Shared>, Json(pressed): Json<Press>) -> Done {
    let slack = &shared.stage.slack;
    let Press { user, action_id, .. } = &pressed;
    let value = pressed.value.as_ref().and_then(Value::as_str);
    if let Some(view) = &pressed.view_id {
        let block = pressed.block_id.as_deref().unwrap_or_default();
        let filled = slack.fill(user, view, block, value.unwrap_or_default()).await;
        return taken(filled);
    }
    let (Some(channel), Some(ts)) = (&pressed.channel, &pressed.ts) else {
        return Err(refused(CannotDo::NoMessage));
    };
    for (block, value) in typed(&pressed.state.values) {
        if pressed.block_id.as_deref() != Some(block) {
            slack.fill(user, ts, block, &value).await.map_err(refused)?;
        }
    }
    match slack.press(user, channel, ts, action_id).await {
        // Not a button: an option of a list was chosen.
        Err(CannotDo::NoButton) => {
            let block = pressed.block_id.as_deref().unwrap_or_default();
            taken(slack.fill(user, ts, block, value.unwrap_or_default()).await)
        }
        acted => taken(acted.map(Some)),
    }
}

/// Somebody sends a form.
pub async fn submit(State(shared): State<Shared>, Json(sent): Json<Submit>) -> Done {
    let Submit { user, view_id, values } = &sent;
    let values: Vec<_> = typed(values).collect();
    let values: Vec<(&str, &str)> =
        values.iter().map(|(block, value)| (*block, value.as_str())).collect();
    let acted = shared.stage.slack.submit_view(user, view_id, &values).await.map_err(refused)?;
    let Some(answer) = acted.answer.filter(crate::sim::slack::Answered::is_ok) else {
        return Err(Refusal::not_taken(None));
    };
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    match said.get("errors") {
        Some(errors) => Ok(Json(json!({ "errors": errors }))),
        None => Ok(done()),
    }
}

/// Somebody types into a picker of a form.
pub async fn search(State(shared): State<Shared>, Json(said): Json<Search>) -> Done {
    let Search { user, view_id, block_id, typed } = &said;
    let found = shared.stage.slack.search(user, view_id, block_id, typed).await;
    Ok(Json(json!({ "options": found.map_err(refused)? })))
}

/// Somebody closes a form.
pub async fn close(State(shared): State<Shared>, Json(closed): Json<Close>) -> Done {
    taken(shared.stage.slack.close_view(&closed.user, &closed.view_id).await)
}

fn taken(acted: Result<Option<Acted>, CannotDo>) -> Done {
    match acted.map_err(refused)?.and_then(|acted| acted.answer) {
        Some(answer) if !answer.is_ok() => Err(Refusal::not_taken(answer.status)),
        _ => Ok(done()),
    }
}

fn refused(why: CannotDo) -> Refusal {
    let hint = match why {
        CannotDo::Unfilled | CannotDo::NoOption => "Choose one of the answers, then send.",
        _ => "Reload the page; it may show an earlier run of the demo.",
    };
    Refusal::cannot(&why, hint)
}

/// Block id and value of every input that holds one.
fn typed(values: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    values.iter().filter_map(|(block, inputs)| {
        let input = inputs.as_object()?.values().next()?;
        if let Some(chosen) = input["selected_options"].as_array() {
            let values = chosen.iter().filter_map(|option| option["value"].as_str());
            return Some((block.as_str(), values.collect::<Vec<_>>().join(",")));
        }
        let names = ["/value", "/selected_option/value", "/selected_date", "/selected_time"];
        let value = names.iter().find_map(|name| input.pointer(name)?.as_str());
        Some((block.as_str(), value?.to_owned()))
    })
}

/// `@Countersign` and `@Anna Approver` as Slack's own program would turn them into handles.
fn with_handles(text: &str, stage: &Stage) -> String {
    let bot = stage.slack.setup().bot_handle.clone();
    let mut names = vec![("countersign".to_owned(), bot)];
    names.extend(stage.seats.iter().map(|seat| (seat.name.to_lowercase(), seat.handle.clone())));
    replaced(text, &names)
}

fn replaced(text: &str, names: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at + 1);
        out += before;
        let meant = names.iter().find(|(name, _)| {
            let head = after.get(..name.len()).map(str::to_lowercase);
            let ends = after.get(name.len()..).and_then(|tail| tail.chars().next());
            head.as_ref() == Some(name) && ends.is_none_or(|c| !c.is_alphanumeric())
        });
        // In the middle of a word the @ belongs to an address.
        let begins = before[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        rest = match meant {
            Some((name, handle)) if begins => {
                out += handle;
                &after[name.len()..]
            }
            _ => after,
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_handles_and_addresses_stay() {
        let names = [("countersign", "countersign"), ("anna approver", "anna.approver")]
            .map(|(name, handle)| (name.to_owned(), handle.to_owned()));
        assert_eq!(
            replaced(
                "@Countersign ask @Anna Approver, not a@anna approver or @Countersigned",
                &names
            ),
            "@countersign ask @anna.approver, not a@anna approver or @Countersigned",
        );
    }

    #[test]
    fn inputs_are_read_in_slacks_own_shape() {
        let values = json!({
            "why": { "a": { "type": "plain_text_input", "value": "because" } },
            "who": { "b": { "type": "radio_buttons", "selected_option": { "value": "2" } } },
            "nothing": { "c": { "type": "static_select", "selected_option": null } },
        });
        let read: Vec<_> = typed(values.as_object().unwrap()).collect();
        let wanted = [("who", "2"), ("why", "because")];
        assert_eq!(read, wanted.map(|(block, value)| (block, value.to_owned())));
    }
}
