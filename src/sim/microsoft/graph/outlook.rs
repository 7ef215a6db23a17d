//! Inbox rules and calendars, as Outlook's part of Graph answers.
//! learn.microsoft.com/graph/api: mailfolder-list-messagerules, messagerule-update,
//! calendar-list-calendarview, event-cancel.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Body, Call},
        refusals::{self, Outcome, Refusal},
        state::mail::{MailDetails, Meeting, Rule},
        turn::Turn,
    },
    object,
    users::find,
};

/// The mailbox's owner and what is inside, when the application may see it.
fn inside<'a>(
    turn: &'a Turn<'_>,
    key: &str,
    needs: access::Needs,
) -> Result<(Uuid, &'a MailDetails), Refusal> {
    if !turn.caller.has(needs) {
        return Err(refusals::mailbox_denied());
    }
    let user = find(turn.state(), key)?;
    let mailbox = turn.state().mailbox(user).ok_or_else(refusals::no_mailbox)?;
    Ok((user.id, &mailbox.details))
}

fn change<'a>(turn: &'a mut Turn<'_>, owner: Uuid) -> Option<&'a mut MailDetails> {
    let mailbox = turn.change().users.get_mut(&owner)?.mailbox.as_mut()?;
    Some(&mut mailbox.details)
}

/// A list by `$top` and `$skip`, with the link to what follows.
fn listed(turn: &Turn<'_>, call: &Call, what: &str, all: &[Value]) -> Outcome {
    let (mut top, mut skip, mut select) = (10_usize, 0_usize, None);
    for (name, value) in &call.query {
        let number = || value.parse().map_err(|_| refusals::bad_settings("Invalid value."));
        match name.to_ascii_lowercase().as_str() {
            "$top" => top = number()?,
            "$skip" => skip = number()?,
            "$select" => select = Some(value.split(',').map(str::trim).collect::<Vec<_>>()),
            "$orderby" | "startdatetime" | "enddatetime" => {}
            other => return Err(refusals::bad_settings(&format!("{other} is not supported."))),
        }
    }
    let top = top.clamp(1, 1_000);
    let picked = |value: &Value| -> Value {
        let (Some(names), Some(members)) = (&select, value.as_object()) else {
            return value.clone();
        };
        let wanted = |name: &str| name == "id" || names.contains(&name);
        let members = members.iter().filter(|(name, _)| wanted(name));
        Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    let page: Vec<Value> = all.iter().skip(skip).take(top).map(picked).collect();
    let mut body = Map::new();
    body.insert("@odata.context".into(), json!(format!("{}/v1.0/$metadata#{what}", turn.origin)));
    if skip + page.len() < all.len() {
        let rest = call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skip"));
        let mut query: Vec<String> = rest
            .map(|(name, value)| format!("{name}={}", super::super::call::encode(value)))
            .collect();
        query.push(format!("$skip={}", skip + page.len()));
        let path: Vec<String> =
            call.path.iter().map(|segment| super::super::call::encode(segment)).collect();
        let link = format!("{}/v1.0/{}?{}", turn.origin, path.join("/"), query.join("&"));
        body.insert("@odata.nextLink".into(), json!(link));
    }
    body.insert("value".into(), Value::Array(page));
    Ok(Answer::json(200, Value::Object(body)))
}

// ---- inbox rules

fn rule_view(turn: &Turn<'_>, rule: &Rule) -> Value {
    let recipients = |all: &[String]| -> Value {
        all.iter()
            .map(|address| {
                let user = turn.state().user(address);
                let name = user.and_then(|user| user.props.get("displayName").cloned());
                json!({ "emailAddress": { "name": name.unwrap_or(json!(address)), "address": address } })
            })
            .collect()
    };
    let mut actions = Map::new();
    let to = [
        ("forwardTo", &rule.forward_to),
        ("forwardAsAttachmentTo", &rule.forward_as_attachment_to),
        ("redirectTo", &rule.redirect_to),
    ];
    for (name, all) in to.into_iter().filter(|(_, all)| !all.is_empty()) {
        actions.insert(name.to_owned(), recipients(all));
    }
    if let Some(folder) = &rule.move_to {
        actions.insert("moveToFolder".into(), json!(folder));
    }
    for (name, on) in [
        ("delete", rule.delete),
        ("markAsRead", rule.mark_as_read),
        ("stopProcessingRules", rule.stop),
    ] {
        if on {
            actions.insert(name.into(), json!(true));
        }
    }
    let mut conditions = Map::new();
    if !rule.from.is_empty() {
        conditions.insert("fromAddresses".into(), recipients(&rule.from));
    }
    if !rule.subject_words.is_empty() {
        conditions.insert("subjectContains".into(), json!(rule.subject_words));
    }
    json!({
        "id": rule_id(rule), "displayName": rule.name, "sequence": rule.priority,
        "isEnabled": rule.enabled, "hasError": false, "isReadOnly": rule.read_only,
        "conditions": conditions, "actions": actions,
    })
}

fn rule_id(rule: &Rule) -> String {
    format!("AQAA{:x}", rule.id)
}

pub(super) fn rules(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    let (_, details) = inside(turn, key, access::MAILBOX_READ)?;
    let shown = details.rules.iter().filter(|rule| !rule.hidden);
    let all: Vec<Value> = shown.map(|rule| rule_view(turn, rule)).collect();
    listed(turn, call, &format!("users('{key}')/mailFolders('inbox')/messageRules"), &all)
}

fn rule_at(details: &MailDetails, id: &str) -> Result<usize, Refusal> {
    let is = |rule: &Rule| !rule.hidden && rule_id(rule) == id;
    details.rules.iter().position(is).ok_or_else(refusals::no_item)
}

pub(super) fn rule(turn: &Turn<'_>, key: &str, id: &str) -> Outcome {
    let (_, details) = inside(turn, key, access::MAILBOX_READ)?;
    Ok(Answer::json(200, rule_view(turn, &details.rules[rule_at(details, id)?])))
}

pub(super) fn remove_rule(turn: &mut Turn<'_>, key: &str, id: &str) -> Outcome {
    let (owner, details) = inside(turn, key, access::MAILBOX_WRITE)?;
    let at = rule_at(details, id)?;
    if details.rules[at].read_only {
        return Err(refusals::rule_read_only());
    }
    let name = details.rules[at].name.clone();
    if let Some(details) = change(turn, owner) {
        details.rules.remove(at);
    }
    turn.felt("mailbox.rule.remove", owner, json!({ "rule": name }), Value::Null);
    Ok(Answer::empty(204))
}

/// Only the switch is written here.
pub(super) fn switch_rule(turn: &mut Turn<'_>, call: &Call, key: &str, id: &str) -> Outcome {
    let on = object(call)?.get("isEnabled").and_then(Value::as_bool);
    let (owner, details) = inside(turn, key, access::MAILBOX_WRITE)?;
    let at = rule_at(details, id)?;
    let found = &details.rules[at];
    let on = on.ok_or_else(|| refusals::bad_settings("isEnabled is expected."))?;
    if found.read_only {
        return Err(refusals::rule_read_only());
    }
    let (name, was) = (found.name.clone(), found.enabled);
    if let Some(details) = change(turn, owner) {
        details.rules[at].enabled = on;
    }
    if was != on {
        turn.felt(
            "mailbox.rule.switch",
            owner,
            json!({ "rule": name, "enabled": was }),
            json!({ "rule": name, "enabled": on }),
        );
    }
    rule(turn, key, id)
}

// ---- meetings

fn utc(at: Timestamp) -> Value {
    let text = at.strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string();
    json!({ "dateTime": text, "timeZone": "UTC" })
}

/// An event as a list shows it. An occurrence has an id of its own and names its series.
fn event_view(turn: &Turn<'_>, owner: Uuid, meeting: &Meeting, at: Option<usize>) -> Value {
    let upn = turn.state().name_of(owner);
    let times = meeting.times(Timestamp::MIN, Timestamp::MAX);
    let (start, end) =
        times.get(at.unwrap_or(0)).copied().unwrap_or((meeting.start, meeting.start));
    let repeated = meeting.every_days.is_some();
    let attendees: Vec<Value> = meeting
        .attendees
        .iter()
        .map(|(name, address)| {
            json!({
                "type": "required", "status": { "response": "none" },
                "emailAddress": { "name": name, "address": address },
            })
        })
        .collect();
    let organizer = if meeting.organised { upn } else { "somebody.else@contoso.com".to_owned() };
    json!({
        "id": match at {
            Some(at) if repeated => format!("{}.{at}", meeting.id),
            _ => meeting.id.clone(),
        },
        "seriesMasterId": (repeated && at.is_some()).then_some(&meeting.id),
        "type": match (repeated, at) {
            (false, _) => "singleInstance",
            (true, Some(_)) => "occurrence",
            (true, None) => "seriesMaster",
        },
        "subject": meeting.subject, "isOrganizer": meeting.organised, "isCancelled": false,
        "start": utc(start), "end": utc(end), "attendees": attendees,
        "organizer": { "emailAddress": { "name": organizer, "address": organizer } },
    })
}

fn between(call: &Call) -> Result<(Timestamp, Timestamp), Refusal> {
    let at = |wanted: &str| {
        let found = call.query.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let text = found.map(|(_, value)| value.as_str()).unwrap_or_default();
        let civil = || {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        };
        text.parse().ok().or_else(civil)
    };
    // source: learn.microsoft.com/graph/api/calendar-list-calendarview (both are required);
    // the text is unconfirmed
    let missing = || {
        refusals::bad_settings(
            "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.",
        )
    };
    Ok((at("startDateTime").ok_or_else(missing)?, at("endDateTime").ok_or_else(missing)?))
}

pub(super) fn calendar_view(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    let (owner, details) = inside(turn, key, access::CALENDAR_READ)?;
    let (from, to) = between(call)?;
    let mut found: Vec<(Timestamp, Value)> = Vec::new();
    for meeting in &details.meetings {
        let first = meeting.times(Timestamp::MIN, from).len();
        for (n, (start, _)) in meeting.times(from, to).into_iter().enumerate() {
            // One that has begun is the last of those before.
            let running = usize::from(start < from);
            let at = first + n - if n == 0 { running } else { 0 };
            found.push((start, event_view(turn, owner, meeting, Some(at))));
        }
    }
    found.sort_by_key(|(start, _)| *start);
    let all: Vec<Value> = found.into_iter().map(|(_, view)| view).collect();
    listed(turn, call, &format!("users('{key}')/calendarView"), &all)
}

pub(super) fn event(turn: &Turn<'_>, key: &str, id: &str) -> Outcome {
    let (owner, details) = inside(turn, key, access::CALENDAR_READ)?;
    let meeting = details.meetings.iter().find(|meeting| meeting.id == id);
    let meeting = meeting.ok_or_else(refusals::no_item)?;
    Ok(Answer::json(200, event_view(turn, owner, meeting, None)))
}

/// The whole series, or the one meeting. Everybody invited is told.
pub(super) fn cancel(turn: &mut Turn<'_>, call: &Call, key: &str, id: &str) -> Outcome {
    let comment = match &call.body {
        Body::Json(body) => body["comment"].as_str().or(body["Comment"].as_str()),
        _ => None,
    };
    let comment = comment.unwrap_or_default().to_owned();
    let (owner, details) = inside(turn, key, access::CALENDAR_WRITE)?;
    let at = details.meetings.iter().position(|meeting| meeting.id == id);
    let at = at.ok_or_else(refusals::no_item)?;
    if !details.meetings[at].organised {
        return Err(refusals::not_the_organiser());
    }
    let meeting = details.meetings[at].clone();
    if let Some(details) = change(turn, owner) {
        details.meetings.remove(at);
    }
    let told: Vec<&String> = meeting.attendees.iter().map(|(_, address)| address).collect();
    turn.felt(
        "calendar.cancel",
        owner,
        json!({ "id": meeting.id, "subject": meeting.subject }),
        json!({ "told": told, "comment": comment }),
    );
    Ok(Answer::empty(202))
}
