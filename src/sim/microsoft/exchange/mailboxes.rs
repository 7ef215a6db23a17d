//! Mailboxes and their automatic replies.
//! Parameters: learn.microsoft.com/powershell/module/exchangepowershell.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        catalog::id_from,
        graph::mailbox::{as_html, shown},
        state::{Mailbox, User},
        turn::Turn,
    },
    Command, Output, Result, details, person, recipients, trouble,
};

/// The mailbox's owner, when there is a mailbox.
pub(super) fn owner(turn: &Turn<'_>, identity: &str) -> Result<Uuid> {
    let missing = || trouble::not_found(identity);
    let id = person(turn, identity).ok_or_else(missing)?;
    let user = turn.state().users.get(&id).ok_or_else(missing)?;
    turn.state().mailbox(user).map(|_| id).ok_or_else(missing)
}

/// `Name` is the object id, as Exchange names new mailboxes (Exchange team blog, 2021:
/// "Change in naming convention of Name parameter").
pub(super) fn view(user: &User, mailbox: &Mailbox) -> Value {
    let prop = |name: &str| user.props.get(name).cloned().unwrap_or(Value::Null);
    let kind = if mailbox.shared { "SharedMailbox" } else { "UserMailbox" };
    let mut view = json!({
        "Identity": user.id, "Name": user.id,
        "DisplayName": prop("displayName"), "Alias": prop("mailNickname"),
        "UserPrincipalName": user.upn(), "PrimarySmtpAddress": prop("mail"),
        "WindowsEmailAddress": prop("mail"), "EmailAddresses": prop("proxyAddresses"),
        "ExternalDirectoryObjectId": user.id, "RecipientType": "UserMailbox",
        "RecipientTypeDetails": kind, "IsShared": mailbox.shared,
        "IsDirSynced": user.is_synced(), "AccountDisabled": prop("accountEnabled") == false,
        "ExchangeGuid": id_from("mailbox", &user.id.to_string()), "Guid": user.id,
        "ForwardingAddress": mailbox.forwarding_address,
        "ForwardingSmtpAddress": mailbox.forwarding_smtp,
        "DeliverToMailboxAndForward": mailbox.deliver_and_forward,
        "HiddenFromAddressListsEnabled": mailbox.hidden,
        "WhenMailboxCreated": "2024-02-01T08:00:00Z",
    });
    details::show(mailbox, user, &mut view);
    view
}

pub(super) fn get(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[
        "Identity",
        "ResultSize",
        "RecipientTypeDetails",
        "Filter",
        "SortBy",
        "SoftDeletedMailbox",
    ])?;
    let state = turn.state();
    if command.flag("SoftDeletedMailbox")? == Some(true) {
        return Ok(details::deleted(state, command.text("Identity")));
    }
    let pair = |user| state.mailbox(user).map(|mailbox| view(user, mailbox));
    if let Some(identity) = command.text("Identity") {
        let id = owner(turn, identity)?;
        let value = state.users.get(&id).and_then(pair).into_iter().collect();
        return Ok(Output { value, ..Output::default() });
    }
    let mut value: Vec<Value> = state.users.values().filter_map(pair).collect();
    if let Some(kind) = command.text("RecipientTypeDetails") {
        value.retain(|view| view["RecipientTypeDetails"] == kind);
    }
    Ok(Output { value, ..Output::default() })
}

pub(super) fn set(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[
        "Identity",
        "Type",
        "ForwardingAddress",
        "ForwardingSmtpAddress",
        "DeliverToMailboxAndForward",
        "HiddenFromAddressListsEnabled",
        "GrantSendOnBehalfTo",
        "LitigationHoldEnabled",
        "LitigationHoldDuration",
        "RetentionComment",
        "Force",
    ])?;
    let identity = command.needed("Identity")?;
    let id = owner(turn, identity)?;
    let user = turn.state().users.get(&id).ok_or_else(|| trouble::not_found(identity))?;
    let before = user.mailbox.clone().unwrap_or_default();
    let mut after = before.clone();
    match command.given("Type") {
        None => {}
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("shared") => after.shared = true,
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("regular") => after.shared = false,
        Some(_) => return Err(trouble::bad_value("Type", "Shared or Regular is expected.")),
    }
    if let Some(value) = command.given("ForwardingAddress") {
        after.forwarding_address = forwarding(turn, value)?;
        // altRecipient comes from on-premises (Entra Connect, attributes synchronised)
        if user.is_synced() && after.forwarding_address != before.forwarding_address {
            return Err(trouble::mastered_on_premises(identity));
        }
    }
    if let Some(value) = command.given("ForwardingSmtpAddress") {
        after.forwarding_smtp = smtp(value)?;
    }
    if let Some(flag) = command.flag("DeliverToMailboxAndForward")? {
        after.deliver_and_forward = flag;
    }
    if let Some(flag) = command.flag("HiddenFromAddressListsEnabled")? {
        if user.is_synced() {
            return Err(trouble::mastered_on_premises(identity));
        }
        after.hidden = flag;
    }
    let warnings = details::set(turn, command, user, &mut after)?;
    if after == before {
        return Ok(unchanged(command, identity));
    }
    keep(turn, id, "mailbox.update", &before, after, summary);
    Ok(Output { warnings, ..Output::default() })
}

fn forwarding(turn: &Turn<'_>, value: &Value) -> Result<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(identity) => {
            let found = recipients::find(turn, identity);
            let found = found.ok_or_else(|| trouble::not_found(identity))?;
            Ok(Some(turn.state().name_of(found.id())))
        }
        _ => Err(trouble::wrong_type("ForwardingAddress")),
    }
}

fn smtp(value: &Value) -> Result<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(address) => {
            let bare = address.strip_prefix("smtp:").unwrap_or(address);
            if bare
                .split_once('@')
                .is_none_or(|(name, domain)| name.is_empty() || domain.is_empty())
            {
                return Err(trouble::bad_value("ForwardingSmtpAddress", "an address is expected."));
            }
            Ok(Some(format!("smtp:{bare}")))
        }
        _ => Err(trouble::wrong_type("ForwardingSmtpAddress")),
    }
}

/// The warning that stands for "already so" (public code, CIPP-API).
pub(super) fn unchanged(command: &Command, identity: &str) -> Output {
    let name = &command.name;
    Output {
        warnings: vec![format!(
            "The command completed successfully but no settings of '{identity}' have been modified. ({name})"
        )],
        ..Output::default()
    }
}

pub(super) fn keep(
    turn: &mut Turn<'_>,
    id: Uuid,
    what: &str,
    before: &Mailbox,
    after: Mailbox,
    show: fn(&Mailbox) -> Value,
) {
    let (old, new) = (show(before), show(&after));
    if let Some(user) = turn.change().users.get_mut(&id) {
        user.mailbox = Some(after);
    }
    turn.felt(what, id, old, new);
}

pub(super) fn summary(mailbox: &Mailbox) -> Value {
    let details = &mailbox.details;
    json!({
        "type": if mailbox.shared { "Shared" } else { "Regular" },
        "forwardingAddress": mailbox.forwarding_address,
        "forwardingSmtpAddress": mailbox.forwarding_smtp,
        "deliverToMailboxAndForward": mailbox.deliver_and_forward,
        "hiddenFromAddressLists": mailbox.hidden,
        "sendOnBehalf": details.send_on_behalf, "archive": details.archive,
        "litigationHold": details.hold.is_some(),
        "litigationHoldDays": details.hold.as_ref().and_then(|hold| hold.days),
    })
}

/// Exchange's words and Graph's words for the same.
const STATES: &[(&str, &str)] =
    &[("Disabled", "disabled"), ("Enabled", "alwaysEnabled"), ("Scheduled", "scheduled")];
const AUDIENCES: &[(&str, &str)] = &[("None", "none"), ("Known", "contactsOnly"), ("All", "all")];

fn graph_word(words: &[(&str, &str)], name: &str, value: &Value) -> Result<String> {
    let given = value.as_str().ok_or_else(|| trouble::wrong_type(name))?;
    let found = words.iter().find(|(exchange, _)| exchange.eq_ignore_ascii_case(given));
    found
        .map(|(_, graph)| (*graph).to_owned())
        .ok_or_else(|| trouble::bad_value(name, "no such value."))
}

fn exchange_word(words: &[(&'static str, &str)], graph: &str) -> &'static str {
    words.iter().find(|(_, known)| *known == graph).map_or("Disabled", |(exchange, _)| exchange)
}

pub(super) fn get_replies(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize"])?;
    let identity = command.needed("Identity")?;
    let id = owner(turn, identity)?;
    let missing = || trouble::not_found(identity);
    let user = turn.state().users.get(&id).ok_or_else(missing)?;
    let reply = &turn.state().mailbox(user).ok_or_else(missing)?.reply;
    let value = vec![json!({
        "Identity": id, "MailboxOwnerId": user.props.get("displayName"),
        "AutoReplyState": exchange_word(STATES, &reply.status),
        "ExternalAudience": exchange_word(AUDIENCES, &reply.audience),
        "InternalMessage": reply.internal, "ExternalMessage": reply.external,
        "StartTime": reply.start.to_string(), "EndTime": reply.end.to_string(),
        "AutoDeclineFutureRequestsWhenOOF": false, "CreateOOFEvent": false, "IsValid": true,
    })];
    Ok(Output { value, ..Output::default() })
}

pub(super) fn set_replies(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[
        "Identity",
        "AutoReplyState",
        "InternalMessage",
        "ExternalMessage",
        "ExternalAudience",
        "StartTime",
        "EndTime",
    ])?;
    let identity = command.needed("Identity")?;
    let id = owner(turn, identity)?;
    let user = turn.state().users.get(&id).ok_or_else(|| trouble::not_found(identity))?;
    let before = user.mailbox.clone().unwrap_or_default();
    let mut after = before.clone();
    let reply = &mut after.reply;
    if let Some(value) = command.given("AutoReplyState") {
        reply.status = graph_word(STATES, "AutoReplyState", value)?;
    }
    if let Some(value) = command.given("ExternalAudience") {
        reply.audience = graph_word(AUDIENCES, "ExternalAudience", value)?;
    }
    if let Some(value) = command.given("InternalMessage") {
        reply.internal = as_html(value.as_str().unwrap_or_default());
    }
    if let Some(value) = command.given("ExternalMessage") {
        reply.external = as_html(value.as_str().unwrap_or_default());
    }
    if let Some(value) = command.given("StartTime") {
        reply.start = instant("StartTime", value)?;
    }
    if let Some(value) = command.given("EndTime") {
        reply.end = instant("EndTime", value)?;
    }
    if reply.status == "scheduled" && reply.end <= reply.start {
        return Err(trouble::bad_value("EndTime", "it must be later than StartTime."));
    }
    if after == before {
        return Ok(unchanged(command, identity));
    }
    keep(turn, id, "mailbox.settings", &before, after, shown);
    Ok(Output::default())
}

/// A time with its offset; one without is read as UTC.
fn instant(name: &str, value: &Value) -> Result<Timestamp> {
    let text = value.as_str().ok_or_else(|| trouble::wrong_type(name))?;
    let civil = || text.parse::<jiff::civil::DateTime>().ok();
    let parsed = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| civil()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp()));
    parsed.ok_or_else(|| trouble::bad_value(name, "a date and time is expected."))
}
