//! The methods that read, and `conversations.open`.

use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::{
    posting,
    web::{Arguments, Refusal},
    world::{Channel, ChannelKind, Message, Person, State, Workspace},
};

#[expect(clippy::unnecessary_wraps, reason = "all methods have one shape")]
pub(super) fn auth_test(workspace: &Workspace, _: &Arguments) -> Result<Value, Refusal> {
    let setup = workspace.setup();
    Ok(json!({
        "url": "https://contoso.example/", "team": "Contoso", "user": setup.bot_handle,
        "team_id": setup.team, "user_id": setup.bot_user, "bot_id": "B0BOT",
        "enterprise_id": setup.enterprise, "is_enterprise_install": setup.org_wide,
    }))
}

/// Unused tickets kept.
const TICKETS_MAX: usize = 100;

pub(super) fn user_info(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let state = workspace.state();
    let id = arguments.get("user").ok_or("user_not_found")?;
    let person = state.people.get(id).ok_or("user_not_found")?;
    let mail = workspace.may(&["users:read.email"]).is_ok();
    Ok(json!({ "user": user(workspace, person, mail) }))
}

/// docs users.list: at most 1000 a page, a cursor for the next.
pub(super) fn user_list(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let state = workspace.state();
    let mail = workspace.may(&["users:read.email"]).is_ok();
    let all: Vec<Value> =
        state.people.values().map(|person| user(workspace, person, mail)).collect();
    let (page, next) = page(&all, arguments)?;
    Ok(json!({ "members": page, "response_metadata": { "next_cursor": next } }))
}

/// docs conversations.members: at most 1000 a page.
pub(super) fn members(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let state = workspace.state();
    let channel = visible(&state, arguments, &workspace.setup().bot_user)?;
    let all: Vec<Value> = channel.members.iter().map(|id| json!(id)).collect();
    let (page, next) = page(&all, arguments)?;
    Ok(json!({ "members": page, "response_metadata": { "next_cursor": next } }))
}

/// A page of a list, and the cursor of the next one. docs "Pagination": `invalid_cursor`,
/// `invalid_limit`.
fn page(all: &[Value], arguments: &Arguments) -> Result<(Vec<Value>, String), Refusal> {
    let limit: usize = arguments
        .get("limit")
        .unwrap_or("100")
        .parse()
        .map_err(|_| Refusal::from("invalid_limit"))?;
    if !(1..=1000).contains(&limit) {
        return Err("invalid_limit".into());
    }
    let from: usize = match arguments.get("cursor") {
        Some(cursor) => cursor.parse().map_err(|_| Refusal::from("invalid_cursor"))?,
        None => 0,
    };
    let page: Vec<Value> = all.iter().skip(from).take(limit).cloned().collect();
    let next = from + page.len();
    Ok((page, if next < all.len() { next.to_string() } else { String::new() }))
}

/// docs "User object". Of people of other organisations many fields are missing
/// (docs "Slack Connect", users.info); which ones exactly is unconfirmed.
fn user(workspace: &Workspace, person: &Person, mail: bool) -> Value {
    let setup = workspace.setup();
    let same_organisation = setup.enterprise.is_some() && setup.enterprise == person.enterprise;
    let mut user = json!({
        "id": person.id, "team_id": person.team, "name": person.handle, "real_name": person.name,
        "deleted": person.deleted, "is_bot": person.bot, "updated": 1_700_000_000,
        "profile": { "real_name": person.name, "display_name": person.handle },
    });
    if person.team != setup.team && !same_organisation {
        // In a shared channel `is_stranger` is false: it only says "no channel with your app".
        user["is_stranger"] = false.into();
        return user;
    }
    for (name, flag) in [
        ("is_restricted", person.restricted),
        ("is_ultra_restricted", person.ultra_restricted),
        ("is_admin", false),
        ("is_owner", false),
        ("is_app_user", false),
    ] {
        user[name] = flag.into();
    }
    if person.invited {
        user["is_invited_user"] = true.into();
    }
    if let Some(confirmed) = person.email_confirmed {
        user["is_email_confirmed"] = confirmed.into();
    }
    if let Some(email) = person.email.as_ref().filter(|_| mail) {
        user["profile"]["email"] = email.clone().into();
    }
    if let Some(enterprise) = &person.enterprise {
        user["enterprise_user"] =
            json!({ "id": person.id, "enterprise_id": enterprise, "teams": [person.team] });
    }
    user
}

pub(super) fn group_members(
    workspace: &Workspace,
    arguments: &Arguments,
) -> Result<Value, Refusal> {
    let state = workspace.state();
    // docs usergroups.users.list: `no_such_subteam`.
    let members =
        arguments.get("usergroup").and_then(|id| state.groups.get(id)).ok_or("no_such_subteam")?;
    Ok(json!({ "users": members }))
}

/// The channel, if the bot may know of it.
fn visible<'a>(state: &'a State, arguments: &Arguments, bot: &str) -> Result<&'a Channel, Refusal> {
    let id = arguments.get("channel").ok_or("channel_not_found")?;
    let channel = state.channels.get(id).ok_or("channel_not_found")?;
    let member = channel.members.iter().any(|member| member == bot);
    if member || channel.kind == ChannelKind::Public {
        Ok(channel)
    } else {
        Err("channel_not_found".into())
    }
}

pub(super) fn conversation_info(
    workspace: &Workspace,
    arguments: &Arguments,
) -> Result<Value, Refusal> {
    let bot = &workspace.setup().bot_user;
    let state = workspace.state();
    let channel = visible(&state, arguments, bot)?;
    let direct = channel.kind == ChannelKind::Direct;
    // docs "Conversation object".
    let mut about = json!({
        "id": channel.id, "is_channel": !direct, "is_im": direct, "is_mpim": false,
        "is_private": channel.kind != ChannelKind::Public, "is_archived": channel.archived,
        "is_shared": channel.ext_shared, "is_ext_shared": channel.ext_shared, "is_org_shared": false,
        "is_pending_ext_shared": false,
    });
    if direct {
        about["user"] = channel.members.iter().find(|id| *id != bot).cloned().into();
    } else {
        about["name"] = channel.name.clone().into();
        about["is_member"] = channel.members.iter().any(|id| id == bot).into();
    }
    Ok(json!({ "channel": about }))
}

pub(super) fn history(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let state = workspace.state();
    let channel = readable(workspace, &state, arguments)?;
    // Newest first; replies are only in conversations.replies.
    let roots = channel.messages.iter().rev().filter(|message| is_root(message));
    listed(workspace, arguments, roots)
}

pub(super) fn replies(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let state = workspace.state();
    let channel = readable(workspace, &state, arguments)?;
    let ts = arguments.get("ts").ok_or("thread_not_found")?;
    if !channel.messages.iter().any(|message| message.ts == ts) {
        return Err("thread_not_found".into());
    }
    let inside = |message: &&Message| message.ts == ts || message.thread.as_deref() == Some(ts);
    listed(workspace, arguments, channel.messages.iter().filter(inside))
}

fn is_root(message: &Message) -> bool {
    message.thread.as_ref().is_none_or(|thread| *thread == message.ts)
}

fn readable<'a>(
    workspace: &Workspace,
    state: &'a State,
    arguments: &Arguments,
) -> Result<&'a Channel, Refusal> {
    let bot = &workspace.setup().bot_user;
    let channel = visible(state, arguments, bot)?;
    workspace.may(match channel.kind {
        ChannelKind::Public => &["channels:history"],
        ChannelKind::Private => &["groups:history"],
        ChannelKind::Direct => &["im:history"],
    })?;
    if !channel.members.iter().any(|member| member == bot) {
        return Err("not_in_channel".into());
    }
    Ok(channel)
}

fn listed<'a>(
    workspace: &Workspace,
    arguments: &Arguments,
    messages: impl Iterator<Item = &'a Message>,
) -> Result<Value, Refusal> {
    // docs conversations.history: `invalid_limit`, 1 to 999.
    let limit: usize = arguments
        .get("limit")
        .unwrap_or("100")
        .parse()
        .map_err(|_| Refusal::from("invalid_limit"))?;
    if !(1..=999).contains(&limit) {
        return Err("invalid_limit".into());
    }
    let marks = arguments.get("include_all_metadata") == Some("true");
    let all: Vec<_> = messages.collect();
    let page = all.iter().take(limit).map(|message| {
        let mut shown = posting::shown(workspace, message);
        if let Some(mark) = message.metadata.as_ref().filter(|_| marks) {
            shown["metadata"] = mark.clone();
        }
        shown
    });
    Ok(json!({ "messages": page.collect::<Vec<_>>(), "has_more": all.len() > limit }))
}

pub(super) fn open_conversation(
    workspace: &Workspace,
    arguments: &Arguments,
) -> Result<Value, Refusal> {
    // docs conversations.open, errors.
    let users = arguments.get("users").ok_or("users_list_not_supplied")?;
    if users.contains(',') {
        // A group conversation needs mpim:write, which the app does not ask for.
        workspace.may(&["mpim:write"])?;
        return Err("too_many_users".into());
    }
    let mut state = workspace.state();
    let person = state.people.get(users).ok_or("user_not_found")?;
    if person.bot {
        return Err("cannot_dm_bot".into());
    }
    if person.deleted {
        return Err("user_disabled".into());
    }
    let id = state.direct(users, &workspace.setup().bot_user);
    Ok(json!({ "channel": { "id": id } }))
}

impl Workspace {
    /// docs apps.connections.open: an address with a ticket for one connection.
    pub(super) fn ticket(&self, headers: &HeaderMap) -> Result<Value, Refusal> {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .ok_or("internal_error")?;
        let mut random = [0; 16];
        self.setup().clock.fill(&mut random);
        let mut state = self.state();
        // The clock of a test may throw the same dice twice.
        let ticket = format!("{}{}", state.fresh("t"), hex::encode(random));
        if state.wires.tickets.len() >= TICKETS_MAX {
            state.wires.tickets.remove(0);
        }
        state.wires.tickets.push(ticket.clone());
        Ok(
            json!({ "url": format!("ws://{host}/link/?ticket={ticket}&app_id={}", self.setup().app) }),
        )
    }
}
