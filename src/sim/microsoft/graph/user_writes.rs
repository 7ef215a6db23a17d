//! Changing people. Refuses what Graph refuses, before anything is changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{
            kinds::{Shape, USER, Use},
            page,
        },
        password::{Password, complies},
        refusals::{self, Outcome, Refusal},
        state::{Props, State, User},
        turn::{Turn, seconds},
        views,
        world::SyncedSignIn,
    },
    object, reference,
    users::find,
};

/// "Who can perform sensitive actions" (learn.microsoft.com/graph/api/resources/users).
const SENSITIVE: &[&str] = &[
    "accountEnabled",
    "businessPhones",
    "mobilePhone",
    "onPremisesImmutableId",
    "otherMails",
    "passwordProfile",
    "userPrincipalName",
];

/// Written in the cloud although the user is mastered on-premises.
const CLOUD_OWNED: &[&str] = &["usageLocation", "passwordPolicies", "preferredLanguage"];

/// Checks one property and its value against the declared properties of a user.
fn check_property(name: &str, value: &Value) -> Result<(), Refusal> {
    let property = USER.property(name).ok_or_else(|| refusals::undeclared_property(name))?;
    if matches!(property.usage, Use::Seen | Use::Shown) {
        return Err(refusals::read_only(name));
    }
    let right = match (property.shape, value) {
        (_, Value::Null) => !["accountEnabled", "displayName", "userPrincipalName"].contains(&name),
        // An empty text is refused, null clears (learn.microsoft.com/graph/api/user-update).
        (Shape::Text, Value::String(text)) => !text.is_empty() && text.chars().count() <= 256,
        (Shape::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Shape::Time, Value::String(text)) => text.parse::<jiff::Timestamp>().is_ok(),
        (Shape::Flag, Value::Bool(_)) | (Shape::Other, Value::Object(_) | Value::Array(_)) => true,
        _ => false,
    };
    let right = right
        && match (name, value.as_str()) {
            ("usageLocation", Some(code)) => {
                code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic())
            }
            ("mailNickname", Some(alias)) => {
                !alias.contains(|c: char| c == '@' || c.is_whitespace())
            }
            _ => true,
        };
    if right { Ok(()) } else { Err(refusals::invalid_value(name)) }
}

/// A sign-in name in one of our domains that nobody has.
fn check_upn(state: &State, upn: &str, own: Option<Uuid>) -> Result<(), Refusal> {
    let (_, domain) =
        upn.split_once('@').ok_or_else(|| refusals::invalid_value("userPrincipalName"))?;
    let ours = [&state.tenant.domain, &state.tenant.onmicrosoft];
    if !ours.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
        return Err(refusals::foreign_domain());
    }
    match state.user_id(upn) {
        Some(taken) if Some(taken) != own => Err(refusals::upn_taken()),
        _ => Ok(()),
    }
}

/// The new password, when the profile brings one.
fn new_password(profile: &Value) -> Result<Option<&str>, Refusal> {
    let members = profile.as_object().ok_or_else(|| refusals::invalid_value("passwordProfile"))?;
    for (name, value) in members {
        let right = match name.as_str() {
            "password" => value.is_string(),
            "forceChangePasswordNextSignIn" | "forceChangePasswordNextSignInWithMfa" => {
                value.is_boolean()
            }
            name if name.starts_with('@') => true,
            other => return Err(refusals::undeclared_property(other)),
        };
        if !right {
            return Err(refusals::invalid_value("passwordProfile"));
        }
    }
    match members.get("password").and_then(Value::as_str) {
        Some(value) if !complies(value) => Err(refusals::password_weak()),
        found => Ok(found),
    }
}

/// The parts of a password profile that may be kept and shown.
fn shown_profile(profile: &Value) -> Value {
    let mut shown = profile.clone();
    if let Some(members) = shown.as_object_mut() {
        members.remove("password");
    }
    shown
}

pub(super) fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let body = object(call)?;
    for (name, value) in plain(body) {
        check_property(name, value)?;
    }
    for name in ["accountEnabled", "displayName", "mailNickname", "userPrincipalName"] {
        if !body.contains_key(name) {
            return Err(refusals::missing_property(name));
        }
    }
    let profile = body.get("passwordProfile").ok_or_else(refusals::password_missing)?;
    let password = new_password(profile)?.ok_or_else(refusals::password_missing)?;
    let upn = body["userPrincipalName"].as_str().unwrap_or_default();
    check_upn(turn.state(), upn, None)?;
    let id = turn.clock.uuid();
    let mut props: Props = plain(body).map(|(k, v)| (k.clone(), v.clone())).collect();
    props.insert("passwordProfile".into(), shown_profile(profile));
    let now = seconds(turn.now);
    for name in ["createdDateTime", "lastPasswordChangeDateTime", "signInSessionsValidFromDateTime"]
    {
        props.insert(name.into(), json!(now));
    }
    props.entry("userType").or_insert_with(|| json!("Member"));
    let mut seen = Value::Object(props.clone());
    seen["passwordProfile"]["password"] = json!("(set)");
    let user = User {
        id,
        props,
        manager: None,
        password: Some(Password::new(password, turn.clock)),
        licences: BTreeMap::new(),
        mailbox: None,
        deleted_at: None,
    };
    turn.change().users.insert(id, user);
    turn.felt("user.create", id, Value::Null, seen);
    let view = views::user(&turn.core.state, find(&turn.core.state, &id.to_string())?);
    let location = format!("{}/v1.0/users/{id}", turn.origin);
    Ok(page::written(turn, 201, &USER, &view).with("Location", location))
}

/// The members that are properties: annotations are left out.
fn plain(body: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    body.iter().filter(|(name, _)| !name.contains('@'))
}

pub(super) fn patch(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let body = object(call)?;
    may_patch(turn, body)?;
    let id = find(turn.state(), key)?.id;
    if plain(body).any(|(name, _)| SENSITIVE.contains(&name.as_str())) {
        turn.caller.may_touch(turn.state(), id)?;
    }
    for (name, value) in plain(body) {
        check_property(name, value)?;
    }
    check_source(turn, id, body)?;
    if let Some(upn) = body.get("userPrincipalName").and_then(Value::as_str) {
        check_upn(turn.state(), upn, Some(id))?;
    }
    let password = match body.get("passwordProfile") {
        Some(profile) if !profile.is_null() => new_password(profile)?.map(str::to_owned),
        _ => None,
    };
    apply(turn, id, body, password.as_deref());
    Ok(Answer::empty(204))
}

/// Each property has its own permission; a request needs all of them.
fn may_patch(turn: &Turn<'_>, body: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, _) in plain(body) {
        match name.as_str() {
            "accountEnabled" => turn.caller.need(access::SIGN_IN)?,
            "passwordProfile" => turn.caller.may_set_password()?,
            _ => turn.caller.need(access::USER_WRITE)?,
        }
    }
    Ok(())
}

/// What is mastered on-premises is not written here.
fn check_source(turn: &Turn<'_>, id: Uuid, body: &Map<String, Value>) -> Result<(), Refusal> {
    let synced = turn.state().users.get(&id).is_some_and(User::is_synced);
    let allowed = |name: &str| {
        CLOUD_OWNED.contains(&name)
            || name == "accountEnabled" && turn.core.synced_sign_in == SyncedSignIn::Accepted
    };
    if synced && !plain(body).all(|(name, _)| allowed(name)) {
        return Err(refusals::mastered_on_premises());
    }
    Ok(())
}

fn apply(turn: &mut Turn<'_>, id: Uuid, body: &Map<String, Value>, password: Option<&str>) {
    let now = seconds(turn.now);
    let hashed = password.map(|value| Password::new(value, turn.clock));
    let (mut before, mut after) = (Map::new(), Map::new());
    let Some(user) = turn.change().users.get_mut(&id) else { return };
    for (name, value) in plain(body) {
        let value = if name == "passwordProfile" { shown_profile(value) } else { value.clone() };
        let old = user.props.get(name).cloned().unwrap_or(Value::Null);
        before.insert(name.clone(), old);
        after.insert(name.clone(), value.clone());
        user.props.insert(name.clone(), value);
    }
    let what = if let Some(hashed) = hashed {
        user.password = Some(hashed);
        after["passwordProfile"]["password"] = json!("(set)");
        // A new password also ends the sessions that were begun with the old one.
        for name in ["lastPasswordChangeDateTime", "signInSessionsValidFromDateTime"] {
            before.insert(name.into(), user.props.get(name).cloned().unwrap_or(Value::Null));
            after.insert(name.into(), json!(now));
            user.set(name, now.clone());
        }
        "user.password"
    } else {
        "user.update"
    };
    turn.felt(what, id, Value::Object(before), Value::Object(after));
}

pub(super) fn delete(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::USER_DELETE)?;
    let user = find(turn.state(), key)?;
    let (id, upn, synced) = (user.id, user.upn().to_owned(), user.is_synced());
    turn.caller.may_touch(turn.state(), id)?;
    if synced {
        return Err(refusals::mastered_on_premises());
    }
    turn.felt("user.delete", id, json!({ "userPrincipalName": upn }), Value::Null);
    let now = turn.now;
    let state = turn.change();
    if let Some(mut user) = state.users.remove(&id) {
        user.deleted_at = Some(now);
        // The directory puts the object id in front, so that the name is free again.
        user.set("userPrincipalName", format!("{}{upn}", id.simple()));
        state.deleted.insert(id, user);
    }
    Ok(Answer::empty(204))
}

pub(super) fn revoke_sessions(turn: &mut Turn<'_>, key: &str) -> Outcome {
    const SESSIONS: &str = "signInSessionsValidFromDateTime";
    turn.caller.need(access::REVOKE)?;
    let id = find(turn.state(), key)?.id;
    let now = seconds(turn.now);
    let mut before = Value::Null;
    if let Some(user) = turn.change().users.get_mut(&id) {
        before = user.props.get(SESSIONS).cloned().unwrap_or(Value::Null);
        user.set(SESSIONS, now.clone());
    }
    turn.felt("user.revoke_sessions", id, json!({ SESSIONS: before }), json!({ SESSIONS: now }));
    let context = format!("{}/v1.0/$metadata#Edm.Boolean", turn.origin);
    Ok(Answer::json(200, json!({ "@odata.context": context, "value": true })))
}

pub(super) fn set_manager(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let id = find(turn.state(), key)?.id;
    let manager = find(turn.state(), &reference(call)?)?.id;
    if manager == id {
        return Err(refusals::own_manager());
    }
    check_source(turn, id, &Map::from_iter([("manager".to_owned(), Value::Null)]))?;
    change_manager(turn, id, Some(manager));
    Ok(Answer::empty(204))
}

pub(super) fn remove_manager(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let user = find(turn.state(), key)?;
    let id = user.id;
    if user.manager.is_none() {
        return Err(refusals::no_object("manager"));
    }
    check_source(turn, id, &Map::from_iter([("manager".to_owned(), Value::Null)]))?;
    change_manager(turn, id, None);
    Ok(Answer::empty(204))
}

fn change_manager(turn: &mut Turn<'_>, id: Uuid, manager: Option<Uuid>) {
    let mut before = None;
    if let Some(user) = turn.change().users.get_mut(&id) {
        before = std::mem::replace(&mut user.manager, manager);
    }
    turn.felt("user.manager", id, json!({ "manager": before }), json!({ "manager": manager }));
}
