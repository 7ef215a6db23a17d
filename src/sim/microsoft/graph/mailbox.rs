//! `mailboxSettings`: out of office, time zone, language.
//! learn.microsoft.com/graph/api/user-update-mailboxsettings

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    super::{
        access,
        call::{Answer, Call},
        refusals::{self, Outcome, Refusal},
        state::{AutoReply, Mailbox, State, User},
        turn::Turn,
    },
    object,
    users::find,
};

/// The members of `mailboxSettings` that can be written besides the automatic replies.
const WRITABLE: &[&str] = &[
    "timeZone",
    "language",
    "dateFormat",
    "timeFormat",
    "workingHours",
    "delegateMeetingMessageDeliveryOptions",
];

/// Names of time zones as Outlook knows them, beside the IANA ones.
const WINDOWS_ZONES: &[(&str, &str)] = &[
    ("UTC", "UTC"),
    ("GMT Standard Time", "Europe/London"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
];

fn mailbox<'a>(state: &'a State, user: &'a User) -> Result<&'a Mailbox, Refusal> {
    state.mailbox(user).ok_or_else(refusals::no_mailbox)
}

pub(super) fn get(turn: &Turn<'_>, key: &str) -> Outcome {
    if !turn.caller.has(access::MAILBOX_READ) {
        return Err(refusals::mailbox_denied());
    }
    let state = turn.state();
    let mailbox = mailbox(state, find(state, key)?)?;
    Ok(Answer::json(200, view(turn, key, mailbox)))
}

/// One member of the settings, such as `automaticRepliesSetting`.
pub(super) fn part(turn: &Turn<'_>, key: &str, name: &str) -> Outcome {
    let whole = get(turn, key)?.body.unwrap_or_default();
    match &whole[name] {
        Value::Null => Err(refusals::no_segment(name)),
        Value::Object(members) => Ok(Answer::json(200, Value::Object(members.clone()))),
        plain => Ok(Answer::json(200, json!({ "value": plain }))),
    }
}

fn utc(at: Timestamp) -> Value {
    let text = at.strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string();
    json!({ "dateTime": text, "timeZone": "UTC" })
}

fn view(turn: &Turn<'_>, key: &str, mailbox: &Mailbox) -> Value {
    let reply = &mailbox.reply;
    let mut view = json!({
        "@odata.context": format!("{}/v1.0/$metadata#users('{key}')/mailboxSettings", turn.origin),
        "archiveFolder": null, "timeZone": "GMT Standard Time",
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "dd/MM/yyyy", "timeFormat": "HH:mm",
        "userPurpose": if mailbox.shared { "shared" } else { "user" },
        "language": { "locale": "en-GB", "displayName": "English (United Kingdom)" },
        "automaticRepliesSetting": {
            "status": reply.status, "externalAudience": reply.audience,
            "internalReplyMessage": reply.internal, "externalReplyMessage": reply.external,
            "scheduledStartDateTime": utc(reply.start), "scheduledEndDateTime": utc(reply.end),
        },
    });
    for (name, value) in &mailbox.settings {
        view[name.as_str()] = value.clone();
    }
    view
}

pub(super) fn patch(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    if !turn.caller.has(access::MAILBOX_WRITE) {
        return Err(refusals::mailbox_denied());
    }
    let body = object(call)?;
    let user = find(turn.state(), key)?;
    let (id, before) = (user.id, mailbox(turn.state(), user)?.clone());
    let mut after = before.clone();
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        if name == "automaticRepliesSetting" {
            after.reply = replies(&before.reply, value)?;
        } else if WRITABLE.contains(&name.as_str()) {
            after.settings.insert(name.clone(), value.clone());
        } else {
            return Err(refusals::bad_settings(&format!("The property '{name}' cannot be set.")));
        }
    }
    let answer = Answer::json(200, view(turn, key, &after));
    let (old, new) = (shown(&before), shown(&after));
    if let Some(user) = turn.change().users.get_mut(&id) {
        user.mailbox = Some(after);
    }
    turn.felt("mailbox.settings", id, old, new);
    Ok(answer)
}

/// A mailbox's replies as the ledger keeps them.
pub(in super::super) fn shown(mailbox: &Mailbox) -> Value {
    let reply = &mailbox.reply;
    let mut view = mailbox.settings.clone();
    view.insert(
        "automaticReplies".into(),
        json!({
            "status": reply.status, "externalAudience": reply.audience,
            "internalMessage": reply.internal, "externalMessage": reply.external,
            "start": reply.start, "end": reply.end,
        }),
    );
    Value::Object(view)
}

fn replies(before: &AutoReply, value: &Value) -> Result<AutoReply, Refusal> {
    let members = value.as_object();
    let members =
        members.ok_or_else(|| refusals::bad_settings("automaticRepliesSetting is no object."))?;
    let mut reply = before.clone();
    let word = |name: &str, allowed: &[&str]| -> Result<Option<String>, Refusal> {
        match members.get(name) {
            None => Ok(None),
            Some(Value::String(word)) if allowed.contains(&word.as_str()) => Ok(Some(word.clone())),
            Some(_) => Err(refusals::bad_settings(&format!("The value of '{name}' is invalid."))),
        }
    };
    if let Some(status) = word("status", &["disabled", "alwaysEnabled", "scheduled"])? {
        reply.status = status;
    }
    if let Some(audience) = word("externalAudience", &["none", "contactsOnly", "all"])? {
        reply.audience = audience;
    }
    if let Some(text) = members.get("internalReplyMessage").and_then(Value::as_str) {
        reply.internal = as_html(text);
    }
    if let Some(text) = members.get("externalReplyMessage").and_then(Value::as_str) {
        reply.external = as_html(text);
    }
    let (start, end) =
        (instant(members, "scheduledStartDateTime")?, instant(members, "scheduledEndDateTime")?);
    if reply.status == "scheduled"
        && before.status != "scheduled"
        && (start.is_none() || end.is_none())
    {
        return Err(refusals::bad_settings(
            "scheduledStartDateTime and scheduledEndDateTime are required when the status is scheduled.",
        ));
    }
    reply.start = start.unwrap_or(reply.start);
    reply.end = end.unwrap_or(reply.end);
    if reply.status == "scheduled" && reply.end <= reply.start {
        return Err(refusals::bad_settings("The end must be later than the start."));
    }
    Ok(reply)
}

/// Exchange puts plain text into a page of its own
/// (learn.microsoft.com/powershell: "HTML tags are automatically added to the text").
pub(in super::super) fn as_html(text: &str) -> String {
    if text.is_empty() || text.to_ascii_lowercase().contains("<html") {
        return text.to_owned();
    }
    format!("<html>\n<body>\n{text}\n</body>\n</html>\n")
}

fn instant(members: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(value) = members.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let wrong = || refusals::bad_settings(&format!("The value of '{name}' is invalid."));
    let text = value["dateTime"].as_str().ok_or_else(wrong)?;
    let zone = value["timeZone"].as_str().ok_or_else(wrong)?;
    // A date that names its own offset needs no zone.
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(at));
    }
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    let iana =
        WINDOWS_ZONES.iter().find(|(known, _)| *known == zone).map_or(zone, |(_, iana)| iana);
    let zone =
        if iana == "UTC" { TimeZone::UTC } else { TimeZone::get(iana).map_err(|_| wrong())? };
    civil.to_zoned(zone).map(|zoned| Some(zoned.timestamp())).map_err(|_| wrong())
}
