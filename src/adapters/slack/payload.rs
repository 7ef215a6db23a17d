//! What a signed body says: events and commands here, buttons and forms in
//! [`super::press`]. Tolerant types: everything may be missing, and what we do
//! not use is not named, so that a new field of Slack's never stops us.

use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value;

use super::{
    installed::{Belongs, Here, Installed},
    press,
    signature::DoorRefusal,
    words,
};
use crate::{
    adapters::cards::clean::{clean, clip},
    domain::{
        chat::{Attached, ChatUser, FILES_MAX, Heard, Inbound, Place, PlaceKind, Platform, Words},
        form::Pick,
        trouble::Choice,
    },
};

/// What came in, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Somebody said or pressed something.
    Inbound(Box<Inbound>),
    /// A slash command. Its trigger, a secret, lets a form open for three seconds, should
    /// the words name one.
    Command {
        /// What was said.
        inbound: Box<Inbound>,
        /// The trigger.
        trigger: String,
    },
    /// Somebody types into a picker of a form. Answer with [`options`].
    Search {
        /// Who types.
        from: ChatUser,
        /// Their conversation with the bot.
        place: Place,
        /// What is looked for.
        pick: Pick,
        /// What was typed so far.
        typed: Words,
    },
    /// Slack checks the address: answer with this text.
    Challenge(String),
    /// Nothing for us. Answer 200 with an empty body.
    Nothing,
    /// A form lacks an answer in these input blocks. Answer with [`form_errors`].
    FormErrors(Vec<&'static str>),
    /// A button of ours with a value that this version cannot read. Nothing can
    /// be done with it, but whoever pressed it should be told.
    Illegible {
        /// Who pressed.
        from: ChatUser,
        /// Where.
        place: Place,
    },
}

/// The answer that keeps a form open and says `text` under each of `blocks`.
/// Source: docs.slack.dev "Modals", `response_action: errors`.
pub fn form_errors(blocks: &[&'static str], text: &str) -> Value {
    let errors: serde_json::Map<_, _> =
        blocks.iter().map(|&block| (block.to_owned(), text.into())).collect();
    serde_json::json!({ "response_action": "errors", "errors": errors })
}

/// The answer to a search, at most 100 options. Source: docs.slack.dev "Select menus",
/// external data source.
pub fn options(found: &[Choice]) -> Value {
    let plain =
        |text: &str| serde_json::json!({ "type": "plain_text", "text": text, "emoji": false });
    let short = |text: &str| clip(&clean(text), OPTION_CHARS_MAX);
    let option = |choice: &Choice| {
        let mut option =
            serde_json::json!({ "text": plain(&short(&choice.label)), "value": choice.value });
        if !choice.detail.is_empty() {
            option["description"] = plain(&short(&choice.detail));
        }
        option
    };
    let fits = |choice: &&Choice| {
        (1..=VALUE_CHARS_MAX).contains(&choice.value.chars().count())
            && !clean(&choice.label).is_empty()
    };
    let options: Vec<Value> = found.iter().filter(fits).take(OPTIONS_MAX).map(option).collect();
    serde_json::json!({ "options": options })
}

/// What of a search Slack shows (docs.slack.dev, option object and select menus).
pub const OPTIONS_MAX: usize = 100;
const OPTION_CHARS_MAX: usize = 75;
const VALUE_CHARS_MAX: usize = 150;

#[derive(Deserialize)]
struct Delivery {
    #[serde(rename = "type")]
    kind: Option<String>,
    challenge: Option<String>,
    api_app_id: Option<String>,
    team_id: Option<String>,
    enterprise_id: Option<String>,
    context_team_id: Option<String>,
    context_enterprise_id: Option<String>,
    is_ext_shared_channel: Option<bool>,
    authorizations: Option<Vec<Authorization>>,
    event: Option<Event>,
}

#[derive(Deserialize)]
struct Authorization {
    team_id: Option<String>,
    enterprise_id: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: Option<String>,
    subtype: Option<String>,
    channel: Option<Value>,
    channel_type: Option<String>,
    user: Option<Value>,
    bot_id: Option<String>,
    bot_profile: Option<Value>,
    hidden: Option<bool>,
    edited: Option<Value>,
    text: Option<String>,
    ts: Option<String>,
    thread_ts: Option<String>,
    user_team: Option<String>,
    source_team: Option<String>,
    team: Option<String>,
    files: Option<Vec<File>>,
}

/// docs.slack.dev, "File object". In a shared channel only the id is told.
#[derive(Deserialize)]
struct File {
    id: Option<String>,
    name: Option<String>,
    size: Option<u64>,
}

fn files(said: Option<Vec<File>>) -> Vec<Attached> {
    let all = said.into_iter().flatten().filter_map(|file| {
        let at = file.id.as_deref().and_then(id)?;
        let name: String = file.name?.chars().take(200).collect();
        Some(Attached { name, bytes: file.size, at })
    });
    all.take(FILES_MAX).collect()
}

/// Messages with these subtypes are still something a person just said.
const SUBTYPES_READ: [&str; 2] = ["file_share", "thread_broadcast"];

/// Reads a body of the events door (JSON), or the payload of an `events_api` envelope.
pub(super) fn event(body: &[u8], installed: &Installed) -> Result<Decoded, DoorRefusal> {
    let said: Delivery = serde_json::from_slice(body).map_err(|_| DoorRefusal::Unreadable)?;
    match said.kind.as_deref() {
        Some("url_verification") => {
            return said.challenge.map(Decoded::Challenge).ok_or(DoorRefusal::Unreadable);
        }
        Some("event_callback") => {}
        Some(_) => return Ok(Decoded::Nothing),
        None => return Err(DoorRefusal::Unreadable),
    }
    // The authorisation names the install; `team_id` may be where the event began.
    let mut belongs: Vec<Belongs> = said
        .authorizations
        .into_iter()
        .flatten()
        .map(|one| Belongs { team: one.team_id, enterprise: one.enterprise_id })
        .collect();
    belongs.push(Belongs { team: said.context_team_id, enterprise: said.context_enterprise_id });
    belongs.push(Belongs { team: said.team_id, enterprise: said.enterprise_id });
    let here =
        installed.find(said.api_app_id.as_deref(), &belongs).ok_or(DoorRefusal::NotInstalled)?;
    let event = said.event.ok_or(DoorRefusal::Unreadable)?;
    Ok(heard(event, &here, said.is_ext_shared_channel == Some(true)))
}

fn heard(event: Event, here: &Here<'_>, shared: bool) -> Decoded {
    let kind = match (event.kind.as_deref(), event.channel_type.as_deref()) {
        (Some("message"), Some("im")) => PlaceKind::Personal,
        (Some("app_mention"), Some("mpim")) => PlaceKind::Group,
        (Some("app_mention"), _) => PlaceKind::Channel,
        _ => return Decoded::Nothing,
    };
    let by_a_bot = event.bot_id.is_some() || event.bot_profile.is_some();
    let told = event.subtype.as_deref().is_none_or(|kind| SUBTYPES_READ.contains(&kind));
    if by_a_bot || !told || event.hidden == Some(true) || event.edited.is_some() {
        return Decoded::Nothing;
    }
    let text_of = |value: Option<Value>| value.and_then(|value| value.as_str().and_then(id));
    let (Some(channel), Some(user), Some(ts), Some(text)) =
        (text_of(event.channel), text_of(event.user), event.ts.as_deref().and_then(id), event.text)
    else {
        return Decoded::Nothing;
    };
    if user == here.install.bot_user() {
        return Decoded::Nothing;
    }
    let teams = [event.user_team.as_deref(), event.source_team.as_deref(), event.team.as_deref()];
    let realm = if shared && teams.iter().all(Option::is_none) {
        // A channel with outsiders, and no word on whose person this is: nobody's.
        "unknown".to_owned()
    } else {
        here.realm_of(&teams)
    };
    // A first mention in a channel is answered in the thread it begins.
    let thread = event.thread_ts.or_else(|| (kind != PlaceKind::Personal).then(|| ts.clone()));
    let read = words::read(&text, here.install.bot_user(), here.install.realm());
    Decoded::Inbound(Box::new(Inbound {
        key: format!("slack:{}:{channel}:{ts}", here.realm()),
        from: person(realm, user),
        place: place(here, channel, thread, kind),
        what: Heard::Said {
            words: read.words,
            mentions: read.mentions,
            message: Some(ts),
            files: files(event.files),
        },
    }))
}

/// The form of a slash command, or the payload of a `slash_commands` envelope.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Command {
    pub ssl_check: Option<String>,
    pub api_app_id: Option<String>,
    pub team_id: Option<String>,
    pub enterprise_id: Option<String>,
    pub channel_id: Option<String>,
    pub channel_name: Option<String>,
    pub user_id: Option<String>,
    pub text: Option<String>,
    pub trigger_id: Option<String>,
}

/// Reads the form of the commands door.
pub(super) fn command_form(body: &[u8], installed: &Installed) -> Result<Decoded, DoorRefusal> {
    let mut said = Command::default();
    for (name, value) in form_urlencoded::parse(body) {
        let field = match name.as_ref() {
            "ssl_check" => &mut said.ssl_check,
            "api_app_id" => &mut said.api_app_id,
            "team_id" => &mut said.team_id,
            "enterprise_id" => &mut said.enterprise_id,
            "channel_id" => &mut said.channel_id,
            "channel_name" => &mut said.channel_name,
            "user_id" => &mut said.user_id,
            "text" => &mut said.text,
            "trigger_id" => &mut said.trigger_id,
            _ => continue,
        };
        // Slack sends each field once; a second one has no meaning to trust.
        if field.replace(value.into_owned()).is_some() {
            return Err(DoorRefusal::Unreadable);
        }
    }
    command(said, installed)
}

/// Reads a slash command.
pub(super) fn command(said: Command, installed: &Installed) -> Result<Decoded, DoorRefusal> {
    if said.ssl_check.as_deref() == Some("1") {
        return Ok(Decoded::Nothing);
    }
    let belongs = [Belongs { team: said.team_id.clone(), enterprise: said.enterprise_id.clone() }];
    let here =
        installed.find(said.api_app_id.as_deref(), &belongs).ok_or(DoorRefusal::NotInstalled)?;
    let known =
        |field: &Option<String>| field.as_deref().and_then(id).ok_or(DoorRefusal::Unreadable);
    let (channel, user) = (known(&said.channel_id)?, known(&said.user_id)?);
    let trigger =
        said.trigger_id.filter(|trigger| !trigger.is_empty()).ok_or(DoorRefusal::Unreadable)?;
    let realm = here.realm_of(&[said.team_id.as_deref()]);
    let kind = kind_of(&channel, said.channel_name.as_deref());
    let read = words::read(
        said.text.as_deref().unwrap_or_default(),
        here.install.bot_user(),
        here.install.realm(),
    );
    let inbound = Box::new(Inbound {
        key: format!("slack:{}:command:{}", here.realm(), fingerprint(&trigger)),
        from: person(realm, user),
        place: place(&here, channel, None, kind),
        what: Heard::Said {
            words: read.words,
            mentions: read.mentions,
            message: None,
            files: Vec::new(),
        },
    });
    Ok(Decoded::Command { inbound, trigger })
}

/// Reads the form of the interactions door: one field, `payload`.
pub(super) fn interaction_form(body: &[u8], installed: &Installed) -> Result<Decoded, DoorRefusal> {
    let mut payload = None;
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "payload" if payload.is_none() => payload = Some(value.into_owned()),
            "payload" => return Err(DoorRefusal::Unreadable),
            // The check of the address may come to any of the app's URLs.
            "ssl_check" if value == "1" => return Ok(Decoded::Nothing),
            _ => {}
        }
    }
    press::interaction(payload.ok_or(DoorRefusal::Unreadable)?.as_bytes(), installed)
}

/// An id as Slack makes them: opaque, but short and without spaces.
pub(super) fn id(said: &str) -> Option<String> {
    let shaped = !said.is_empty() && said.len() <= 64 && said.bytes().all(|b| b.is_ascii_graphic());
    shaped.then(|| said.to_owned())
}

/// What sort of conversation it is, where the payload does not tell. `D…` are
/// direct messages, `G…` old private channels and group messages; interactions
/// call them by these names (docs.slack.dev, conversation object).
pub(super) fn kind_of(channel: &str, name: Option<&str>) -> PlaceKind {
    if channel.starts_with('D') {
        PlaceKind::Personal
    } else if name.is_some_and(|name| name.starts_with("mpdm-")) {
        PlaceKind::Group
    } else {
        PlaceKind::Channel
    }
}

pub(super) fn person(realm: String, id: String) -> ChatUser {
    ChatUser { platform: Platform::Slack, realm, id, address: None }
}

pub(super) fn place(
    here: &Here<'_>,
    conversation: String,
    thread: Option<String>,
    kind: PlaceKind,
) -> Place {
    Place {
        platform: Platform::Slack,
        realm: here.realm(),
        conversation,
        thread,
        kind,
        service_url: None,
    }
}

/// Stands for a secret (`trigger_id`) or a long text in a key: 32 hex digits of its SHA-256.
pub(super) fn fingerprint(said: &str) -> String {
    hex::encode(&digest(&SHA256, said.as_bytes()).as_ref()[..16])
}
