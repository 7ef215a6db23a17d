//! Changing people. Refuses what Graph refuses, before anything is changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{kinds::USER, page},
        password::Password,
        refusals::{self, Outcome, Refusal},
        state::{Props, User},
        turn::{Turn, seconds},
        views,
        world::{ProfileWrites, SyncedSignIn},
    },
    object, reference,
    user_rules::{
        check_mail, check_property, check_upn, is_profile, is_sensitive, kept_profile,
        new_password, plain,
    },
    users::find,
};

/// Written in the cloud although the user is mastered on-premises.
const CLOUD_OWNED: &[&str] = &["usageLocation", "passwordPolicies", "preferredLanguage"];

pub(super) fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_WRITE)?;
    let body = object(call)?;
    check_profile(turn, body)?;
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
    if let Some(mail) = body.get("mail").and_then(Value::as_str) {
        check_mail(turn.state(), mail, None)?;
    }
    let id = turn.clock.uuid();
    let mut props: Props = plain(body).map(|(k, v)| (k.clone(), v.clone())).collect();
    props.insert("passwordProfile".into(), kept_profile(None, profile));
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

pub(super) fn patch(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let body = object(call)?;
    may_patch(turn, body)?;
    let id = find(turn.state(), key)?.id;
    check_profile(turn, body)?;
    if plain(body).any(|(name, _)| is_sensitive(name)) {
        turn.caller.may_touch(turn.state(), id)?;
    }
    for (name, value) in plain(body) {
        check_property(name, value)?;
    }
    check_source(turn, id, body)?;
    if let Some(upn) = body.get("userPrincipalName").and_then(Value::as_str) {
        check_upn(turn.state(), upn, Some(id))?;
    }
    if let Some(mail) = body.get("mail").and_then(Value::as_str) {
        check_mail(turn.state(), mail, Some(id))?;
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
            "employeeLeaveDateTime" => turn.caller.need(access::LEAVE_DATE)?,
            "identities" => turn.caller.need(access::IDENTITIES)?,
            _ => turn.caller.need(access::USER_WRITE)?,
        }
    }
    Ok(())
}

/// What `SharePoint` keeps stands alone, and is not for applications
/// (learn.microsoft.com/graph/api/user-update, the notes below the table).
fn check_profile(turn: &Turn<'_>, body: &Map<String, Value>) -> Result<(), Refusal> {
    let profile = plain(body).filter(|(name, _)| is_profile(name)).count();
    if profile == 0 {
        return Ok(());
    }
    if profile < plain(body).count() {
        return Err(refusals::profile_mixed());
    }
    match turn.core.profile_writes {
        ProfileWrites::Accepted => Ok(()),
        ProfileWrites::Refused => Err(refusals::profile_denied()),
    }
}

/// What is mastered on-premises is not written here.
fn check_source(turn: &Turn<'_>, id: Uuid, body: &Map<String, Value>) -> Result<(), Refusal> {
    let synced = turn.state().users.get(&id).is_some_and(User::is_synced);
    let allowed = |name: &str| {
        CLOUD_OWNED.contains(&name)
            || is_profile(name)
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
        let old = user.props.get(name).cloned().unwrap_or(Value::Null);
        let value = match name.as_str() {
            "passwordProfile" => kept_profile(user.props.get(name), value),
            _ => value.clone(),
        };
        before.insert(name.clone(), old);
        after.insert(name.clone(), value.clone());
        if name == "mail" {
            move_address(user, &value);
        }
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

/// A new mail address becomes the primary one; the old one stays as another.
fn move_address(user: &mut User, mail: &Value) {
    let Some(mail) = mail.as_str() else { return };
    let list = user.props.get("proxyAddresses").and_then(Value::as_array);
    let others = list.into_iter().flatten().filter_map(Value::as_str);
    let others =
        others.filter(|address| !address[5.min(address.len())..].eq_ignore_ascii_case(mail));
    let mut addresses: Vec<String> =
        others.map(|address| address.replacen("SMTP:", "smtp:", 1)).collect();
    addresses.insert(0, format!("SMTP:{mail}"));
    user.set("proxyAddresses", addresses);
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
        user.hide_name();
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
