//! What the page shows: the contract of console/README.md, `GET /demo/state`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Stage,
    record::{Ledger, Line},
};
use crate::{
    adapters::graph::skus,
    domain::chat::PlaceKind,
    sim::{
        slack::{Channel, ChannelKind, Message},
        teams::{Author, SimMessage},
    },
};

/// Takes snapshots; keeps what it read of the record, and the user as they were.
pub struct Photographer {
    stage: Arc<Stage>,
    ledger: Ledger,
    /// The subject of the newest request, as they were when it came.
    before: Option<(String, Value)>,
}

impl Photographer {
    /// Nothing was seen yet.
    pub fn new(stage: Arc<Stage>) -> Self {
        Self { ledger: Ledger::new(stage.store.clone()), stage, before: None }
    }

    /// Everything as it is now.
    pub async fn take(&mut self) -> Value {
        if let Err(error) = self.ledger.read_on().await {
            tracing::warn!(%error, "The page could not read the record");
        }
        let tenant = self.tenant();
        let stage = &self.stage;
        let people = stage.seats.iter().map(|seat| {
            json!({
                "id": seat.id, "name": seat.name, "title": seat.title, "slack": seat.slack,
                "teams": seat.mri, "role": seat.role.as_str(),
            })
        });
        json!({
            "people": people.collect::<Vec<_>>(),
            "slack": slack(stage), "teams": teams(stage), "tenant": tenant,
            "record": self.ledger.lines().map(line).collect::<Vec<_>>(),
        })
    }

    /// The user the newest request is about, now and as they were when it was asked.
    fn tenant(&mut self) -> Value {
        let Some((request, subject)) = self.ledger.newest() else { return json!({ "user": null }) };
        let Some(user) = self.stage.world.user(subject).map(|user| shown(&user)) else {
            return json!({ "user": null });
        };
        if self.before.as_ref().is_none_or(|(of, _)| of != request) {
            self.before = Some((request.to_owned(), user.clone()));
        }
        json!({ "user": user, "before": self.before.as_ref().map(|(_, user)| user) })
    }
}

fn line(line: &Line) -> Value {
    json!({ "seq": line.seq, "at": line.at.to_string(), "kind": line.kind, "text": line.text, "leaf": line.leaf })
}

fn slack(stage: &Stage) -> Value {
    let slack = &stage.slack;
    let bot = &slack.setup().bot_user;
    let mut whispers: Vec<(String, String, Message)> = Vec::new();
    for seat in &stage.seats {
        let own = slack.whispers(&seat.slack).into_iter();
        whispers.extend(own.map(|(channel, message)| (channel, seat.slack.clone(), message)));
    }
    let channel = |channel: Channel| {
        let said = slack.messages(&channel.id).into_iter().map(|message| (None, message));
        let own = whispers.iter().filter(|(id, ..)| *id == channel.id);
        let own = own.map(|(_, to, message)| (Some(to.as_str()), message.clone()));
        let mut all: Vec<(Option<&str>, Message)> = said.chain(own).collect();
        all.sort_by(|a, b| a.1.ts.cmp(&b.1.ts));
        let direct = channel.kind == ChannelKind::Direct;
        let other = channel.members.iter().find(|id| direct && *id != bot);
        json!({
            "id": channel.id, "name": channel.name, "kind": if direct { "im" } else { "channel" },
            "user": other, "members": channel.members,
            "messages": all.iter().map(|(to, message)| in_slack(message, *to, bot)).collect::<Vec<_>>(),
        })
    };
    let views = stage.seats.iter().flat_map(|seat| slack.views(&seat.slack));
    json!({
        "bot": { "user": bot, "name": "Countersign" },
        "channels": order(slack.channels()).into_iter().map(channel).collect::<Vec<_>>(),
        "views": views
            .map(|view| json!({ "user": view.user, "view_id": view.id, "view": view.view }))
            .collect::<Vec<_>>(),
    })
}

/// Where people ask first, then the others, then direct messages.
fn order(mut channels: Vec<Channel>) -> Vec<Channel> {
    channels.sort_by_key(|channel| {
        (channel.kind == ChannelKind::Direct, channel.name != "helpdesk", channel.id.clone())
    });
    channels
}

fn in_slack(message: &Message, to: Option<&str>, bot: &str) -> Value {
    without_nulls(json!({
        "ts": message.ts, "thread_ts": message.thread, "user": message.user, "bot": message.user == bot,
        "text": message.text, "blocks": message.blocks, "ephemeral_to": to, "edited": message.edited,
    }))
}

fn teams(stage: &Stage) -> Value {
    let bot = stage.teams.bot_mri();
    let open = |id: &str, kind: PlaceKind| {
        let (kind, members) = match kind {
            PlaceKind::Personal => {
                // A personal conversation is named after the person.
                let of = |mri: &str| id.strip_prefix("a:1") == mri.strip_prefix("29:");
                let with = stage.seats.iter().filter(|seat| of(&seat.mri));
                ("personal", Some(with.map(|seat| seat.mri.as_str()).collect::<Vec<_>>()))
            }
            PlaceKind::Group => ("groupChat", None),
            PlaceKind::Channel => ("channel", None),
        };
        let messages = stage.teams.messages(id);
        json!({
            "id": id, "name": "Countersign", "kind": kind, "members": members,
            "messages": messages.iter().map(|message| in_teams(message, &bot)).collect::<Vec<_>>(),
        })
    };
    let conversations = stage.teams.conversations();
    json!({ "conversations": conversations.iter().map(|(id, kind)| open(id, *kind)).collect::<Vec<_>>() })
}

fn in_teams(message: &SimMessage, bot: &str) -> Value {
    let from = match &message.author {
        Author::Bot => bot,
        Author::Person(mri) => mri,
    };
    without_nulls(json!({
        "id": message.id, "at": message.at.to_string(), "from": from, "text": message.text,
        "card": message.card, "summary": message.summary, "updated": message.updated_times > 0,
    }))
}

/// What is not there is left out.
fn without_nulls(mut message: Value) -> Value {
    if let Some(members) = message.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    message
}

/// A user of the tenant, as far as the demo's actions can move them.
fn shown(user: &Value) -> Value {
    let reply = &user["mailbox"]["automaticReplies"];
    let on =
        reply["status"].as_str().is_some_and(|status| !status.eq_ignore_ascii_case("disabled"));
    let held = user["licenses"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let licences = held.map(|part| skus::name(part).unwrap_or(part));
    json!({
        "name": user["displayName"], "upn": user["userPrincipalName"], "title": user["jobTitle"],
        "department": user["department"],
        "sign_in": if user["accountEnabled"] == false { "blocked" } else { "enabled" },
        "groups": user["groups"], "licences": licences.collect::<Vec<_>>(),
        "automatic_reply": { "on": on, "text": plain(reply["internalMessage"].as_str().unwrap_or_default()) },
        "password_changed_at": user["lastPasswordChangeDateTime"],
        "must_change_password": user["passwordProfile"]["forceChangePasswordNextSignIn"] == true,
        "sessions_valid_from": user["signInSessionsValidFromDateTime"],
    })
}

/// Exchange keeps automatic replies as HTML; here are their words.
fn plain(html: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                words.push(' ');
            }
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let entities =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")];
    // Last, so that what was typed as `&lt;` is not decoded twice.
    let words =
        entities.iter().fold(words, |words, (entity, letter)| words.replace(entity, letter));
    words.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_automatic_reply_is_shown_as_its_words() {
        let html =
            "<html><body>I am away.<br>Ask &lt;Anna&gt; &amp; Bob, 1 &amp;lt; 2.</body></html>";
        assert_eq!(plain(html), "I am away. Ask <Anna> & Bob, 1 &lt; 2.");
        assert_eq!(plain(""), "");
    }
}
