//! Deleted users, which can be restored for thirty days.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Body, Call},
        odata::{kinds::USER, page},
        refusals::{self, Outcome, Refusal},
        state::{State, User},
        turn::Turn,
        views,
    },
    object, user_rules,
};

fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<&'a User, Refusal> {
    let id = Uuid::try_parse(key).map_err(|_| refusals::bad_object_id(key))?;
    turn.state().deleted.get(&id).ok_or_else(|| refusals::no_object(key))
}

fn all(turn: &Turn<'_>) -> Vec<Value> {
    let state = turn.state();
    state.deleted.values().map(|user| views::user(state, user)).collect()
}

pub(super) fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    page::list(turn, call, &USER, all(turn), &page::nothing)
}

pub(super) fn count(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    page::count(call, &USER, all(turn))
}

pub(super) fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let view = views::typed(views::user(turn.state(), find(turn, key)?), "user");
    page::one(turn, call, &USER, &view, &page::nothing)
}

/// What may stand in the body (learn.microsoft.com/graph/api/directory-deleteditems-restore).
#[derive(Default)]
struct Wish {
    upn: Option<String>,
    reconcile: bool,
}

fn wish(call: &Call) -> Result<Wish, Refusal> {
    let mut wish = Wish::default();
    if matches!(call.body, Body::Empty) {
        return Ok(wish);
    }
    for (name, value) in object(call)?.iter().filter(|(name, _)| !name.contains('@')) {
        match (name.as_str(), value) {
            ("newUserPrincipalName", Value::String(upn)) => wish.upn = Some(upn.clone()),
            ("autoReconcileProxyConflict", Value::Bool(yes)) => wish.reconcile = *yes,
            _ => return Err(refusals::invalid_value(name)),
        }
    }
    Ok(wish)
}

fn addresses(user: &User) -> Vec<String> {
    let list = user.props.get("proxyAddresses").and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_lowercase).collect()
}

/// Addresses of a deleted user that somebody else has now.
fn taken(state: &State, user: &User) -> Vec<String> {
    let mut own = addresses(user);
    let in_use: Vec<String> = state.users.values().flat_map(addresses).collect();
    own.retain(|address| in_use.contains(address));
    own
}

pub(super) fn restore(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::RESTORE)?;
    let wish = wish(call)?;
    let user = find(turn, key)?;
    let id = user.id;
    turn.caller.may_touch(turn.state(), id)?;
    let upn = wish.upn.unwrap_or_else(|| user.name_before());
    user_rules::check_upn(turn.state(), &upn, Some(id))?;
    let taken = taken(turn.state(), user);
    if !taken.is_empty() && !wish.reconcile {
        return Err(refusals::address_taken());
    }
    let state = turn.change();
    if let Some(mut user) = state.deleted.remove(&id) {
        user.deleted_at = None;
        user.set("userPrincipalName", upn.clone());
        if let Some(list) = user.props.get_mut("proxyAddresses").and_then(Value::as_array_mut) {
            list.retain(|address| {
                !taken.contains(&address.as_str().unwrap_or_default().to_lowercase())
            });
        }
        state.users.insert(id, user);
    }
    turn.felt("user.restore", id, Value::Null, json!({ "userPrincipalName": upn }));
    let view = match turn.state().users.get(&id) {
        Some(user) => views::typed(views::user(turn.state(), user), "user"),
        None => Value::Null,
    };
    Ok(page::written(turn, 200, &USER, &view))
}

/// Deletes for good.
pub(super) fn purge(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::RESTORE)?;
    let user = find(turn, key)?;
    let (id, upn) = (user.id, user.name_before());
    turn.caller.may_touch(turn.state(), id)?;
    turn.felt("user.purge", id, json!({ "userPrincipalName": upn }), Value::Null);
    let state = turn.change();
    state.deleted.remove(&id);
    state.methods.remove(&id);
    for group in state.groups.values_mut() {
        group.members.remove(&id);
        group.owners.remove(&id);
    }
    Ok(Answer::empty(204))
}
