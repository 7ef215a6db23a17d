//! The methods that write: messages and forms.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    blocks::{self, Surface},
    web::{Arguments, Refusal},
    world::{Change, Channel, ChannelKind, Message, State, View, Workspace},
};

/// docs chat.postMessage: longer text is cut; we refuse it, so that no test relies on the cut.
const TEXT_CHARS_MAX: usize = 40_000;
/// The sum over a message's blocks. Undocumented: "12,000 text characters with a
/// buffer for block containers" (slackapi/bolt-js#2509); #2867 saw less refused.
const BLOCKS_CHARS_MAX: usize = 12_000;
/// Open forms kept; the oldest go first.
const VIEWS_MAX: usize = 100;
/// A trigger opens one form, for three seconds (docs "Modals").
pub(super) const TRIGGER_SECONDS: i64 = 3;

/// What a message shows.
struct Face {
    text: String,
    blocks: Option<Value>,
}

impl Face {
    /// docs chat.postMessage: `no_text`, `invalid_blocks`, `invalid_blocks_format`, `msg_blocks_too_long`.
    fn of(arguments: &Arguments) -> Result<Self, Refusal> {
        let text = arguments.get("text").unwrap_or_default().to_owned();
        let blocks = match arguments.get("blocks") {
            Some(said) => Some(read_blocks(said)?),
            None => None,
        };
        if text.is_empty()
            && blocks.as_ref().is_none_or(|blocks| blocks.as_array().is_none_or(Vec::is_empty))
        {
            return Err("no_text".into());
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err("msg_too_long".into());
        }
        Ok(Self { text, blocks })
    }
}

fn read_blocks(said: &str) -> Result<Value, Refusal> {
    let blocks: Value =
        serde_json::from_str(said).map_err(|_| Refusal::from("invalid_blocks_format"))?;
    let wrong = blocks::check(&blocks, Surface::Message, "/blocks");
    if !wrong.is_empty() {
        return Err(blocks::refusal("invalid_blocks", &wrong));
    }
    if blocks::text_chars(&blocks) > BLOCKS_CHARS_MAX {
        return Err("msg_blocks_too_long".into());
    }
    Ok(blocks)
}

/// The channel, if the bot may write there. docs chat.postMessage, errors.
fn writable<'a>(state: &'a mut State, id: &str, bot: &str) -> Result<&'a mut Channel, Refusal> {
    let channel = state.channels.get_mut(id).ok_or("channel_not_found")?;
    let member = channel.members.iter().any(|member| member == bot);
    match channel.kind {
        // A private channel that one is not in does not exist for one.
        ChannelKind::Private | ChannelKind::Direct if !member => Err("channel_not_found".into()),
        _ if channel.archived => Err("is_archived".into()),
        _ if !member => Err("not_in_channel".into()),
        _ => Ok(channel),
    }
}

fn metadata(arguments: &Arguments) -> Result<Option<Value>, Refusal> {
    let Some(said) = arguments.get("metadata") else { return Ok(None) };
    let said: Value =
        serde_json::from_str(said).map_err(|_| Refusal::from("invalid_metadata_format"))?;
    // docs "Message metadata": both are required.
    let shaped = said["event_type"].is_string() && said["event_payload"].is_object();
    if shaped { Ok(Some(said)) } else { Err("invalid_metadata_schema".into()) }
}

fn thread(channel: &Channel, arguments: &Arguments) -> Result<Option<String>, Refusal> {
    let Some(ts) = arguments.get("thread_ts") else { return Ok(None) };
    // Slack's name for a thread that is not there: unconfirmed for chat.postMessage.
    let root = channel.messages.iter().any(|message| message.ts == ts);
    if root { Ok(Some(ts.to_owned())) } else { Err("thread_not_found".into()) }
}

pub(super) fn post_message(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let bot = &workspace.setup().bot_user;
    let said = arguments.get("channel").ok_or("channel_not_found")?;
    let mark = metadata(arguments)?;
    let face = Face::of(arguments)?;
    let mut state = workspace.state();
    // docs: a user id posts to the app's conversation with that person.
    let id =
        if state.people.contains_key(said) { state.direct(said, bot) } else { said.to_owned() };
    let channel = writable(&mut state, &id, bot)?;
    let thread = thread(channel, arguments)?;
    let ts = state.ts(workspace.setup().clock.now());
    let blocks = face.blocks.map(|blocks| state.with_block_ids(blocks));
    let message = Message {
        ts: ts.clone(),
        user: bot.clone(),
        text: face.text,
        blocks,
        thread,
        metadata: mark,
        edited: false,
    };
    let shown = shown(workspace, &message);
    state.channels.get_mut(&id).ok_or("channel_not_found")?.keep(message);
    drop(state);
    workspace.tell(Change::Posted { channel: id.clone(), ts: ts.clone() });
    Ok(json!({ "channel": id, "ts": ts, "message": shown }))
}

pub(super) fn update(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let bot = &workspace.setup().bot_user;
    let id = arguments.get("channel").ok_or("channel_not_found")?;
    let ts = arguments.get("ts").ok_or("message_not_found")?;
    let face = Face::of(arguments)?;
    let mut state = workspace.state();
    let channel = state.channels.get(id).ok_or("channel_not_found")?;
    let message =
        channel.messages.iter().find(|message| message.ts == ts).ok_or("message_not_found")?;
    if &message.user != bot {
        return Err("cant_update_message".into());
    }
    // docs chat.update: text without blocks removes the old blocks.
    let blocks =
        face.blocks.filter(|blocks| blocks.as_array().is_some_and(|blocks| !blocks.is_empty()));
    let blocks = blocks.map(|blocks| state.with_block_ids(blocks));
    let channel = state.channels.get_mut(id).ok_or("channel_not_found")?;
    let message =
        channel.messages.iter_mut().find(|message| message.ts == ts).ok_or("message_not_found")?;
    message.text = face.text;
    message.blocks = blocks;
    message.edited = true;
    let shown = shown(workspace, message);
    drop(state);
    workspace.tell(Change::Updated { channel: id.to_owned(), ts: ts.to_owned() });
    Ok(json!({ "channel": id, "ts": ts, "text": shown["text"], "message": shown }))
}

pub(super) fn post_ephemeral(
    workspace: &Workspace,
    arguments: &Arguments,
) -> Result<Value, Refusal> {
    let bot = &workspace.setup().bot_user;
    let id = arguments.get("channel").ok_or("channel_not_found")?;
    let to = arguments.get("user").ok_or("user_not_in_channel")?;
    let face = Face::of(arguments)?;
    let mut state = workspace.state();
    let channel = writable(&mut state, id, bot)?;
    // docs chat.postEphemeral: `user_not_in_channel`.
    if !channel.members.iter().any(|member| member == to) {
        return Err("user_not_in_channel".into());
    }
    let ts = state.ts(workspace.setup().clock.now());
    let blocks = face.blocks.map(|blocks| state.with_block_ids(blocks));
    let thread = arguments.get("thread_ts").map(str::to_owned);
    let message = Message {
        ts: ts.clone(),
        user: bot.clone(),
        text: face.text,
        blocks,
        thread,
        metadata: None,
        edited: false,
    };
    let channel = state.channels.get_mut(id).ok_or("channel_not_found")?;
    // docs chat.postEphemeral: "Ephemeral messages in threads are only shown if there is
    // already an active thread."
    let begun = message.thread.as_ref().is_none_or(|root| {
        channel.messages.iter().any(|other| other.thread.as_ref() == Some(root))
    });
    if begun {
        channel.whisper(to, message);
    }
    drop(state);
    workspace.tell(Change::Whispered { channel: id.to_owned(), to: to.to_owned() });
    Ok(json!({ "message_ts": ts }))
}

pub(super) fn open_view(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    // docs views.open: `invalid_arguments`, `expired_trigger_id`, `exchanged_trigger_id`, `invalid_trigger_id`.
    let said = arguments.get("view").ok_or("invalid_arguments")?;
    let view: Value = serde_json::from_str(said).map_err(|_| Refusal::from("invalid_arguments"))?;
    let wrong = blocks::check_view(&view, "/view");
    if !wrong.is_empty() {
        return Err(blocks::refusal("invalid_arguments", &wrong));
    }
    let now = workspace.setup().clock.now();
    let mut state = workspace.state();
    let trigger = arguments.get("trigger_id").ok_or("invalid_arguments")?;
    let trigger = state.triggers.get_mut(trigger).ok_or("invalid_trigger_id")?;
    if trigger.used {
        return Err("exchanged_trigger_id".into());
    }
    if now > trigger.until {
        return Err("expired_trigger_id".into());
    }
    trigger.used = true;
    let user = trigger.user.clone();
    let id = state.fresh("V");
    let mut view = view;
    view["id"] = id.clone().into();
    view["blocks"] = state.with_block_ids(view["blocks"].take());
    // A form that nobody closes would stay for ever.
    if state.views.len() >= VIEWS_MAX {
        state.views.remove(0);
    }
    state.views.push(View {
        id: id.clone(),
        user: user.clone(),
        view: view.clone(),
        errors: BTreeMap::new(),
    });
    drop(state);
    workspace.tell(Change::Opened { view: id, user });
    Ok(json!({ "view": view }))
}

/// A message as the API and payloads show it (docs "Message object").
pub(super) fn shown(workspace: &Workspace, message: &Message) -> Value {
    let setup = workspace.setup();
    let mut shown = json!({
        "type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": setup.team,
    });
    if message.user == setup.bot_user {
        shown["bot_id"] = "B0BOT".into();
        shown["app_id"] = setup.app.clone().into();
    }
    if let Some(blocks) = &message.blocks {
        shown["blocks"] = blocks.clone();
    }
    if let Some(thread) = &message.thread {
        shown["thread_ts"] = thread.clone().into();
    }
    if message.edited {
        shown["edited"] = json!({ "user": message.user, "ts": message.ts });
    }
    shown
}

/// A fresh trigger for somebody who just did something.
pub(super) fn trigger(state: &mut State, user: &str, now: jiff::Timestamp) -> String {
    let id = format!("{}.{}.simulated", state.fresh("1337"), user);
    let until = now.saturating_add(SignedDuration::from_secs(TRIGGER_SECONDS)).unwrap_or(now);
    state.triggers.retain(|_, old| old.until >= now);
    state
        .triggers
        .insert(id.clone(), super::world::Trigger { user: user.to_owned(), until, used: false });
    id
}
