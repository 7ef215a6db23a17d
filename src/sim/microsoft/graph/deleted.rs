//! Deleted users, which can be restored for thirty days.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{
    access,
    call::Call,
    odata::{kinds::USER, page},
    refusals::{self, Outcome, Refusal},
    state::User,
    turn::Turn,
    views,
};

fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<&'a User, Refusal> {
    let id = Uuid::try_parse(key).map_err(|_| refusals::bad_object_id(key))?;
    turn.state().deleted.get(&id).ok_or_else(|| refusals::no_object(key))
}

pub(super) fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let all = state.deleted.values().map(|user| views::user(state, user)).collect();
    page::list(turn, call, &USER, all, &page::nothing)
}

pub(super) fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let view = views::typed(views::user(turn.state(), find(turn, key)?), "user");
    page::one(turn, call, &USER, &view, &page::nothing)
}

pub(super) fn restore(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::USER_DELETE)?;
    let user = find(turn, key)?;
    let (id, mangled) = (user.id, user.upn().to_owned());
    let upn = mangled.trim_start_matches(&id.simple().to_string()).to_owned();
    if turn.state().user_id(&upn).is_some() {
        return Err(refusals::upn_taken());
    }
    let state = turn.change();
    if let Some(mut user) = state.deleted.remove(&id) {
        user.deleted_at = None;
        user.set("userPrincipalName", upn.clone());
        state.users.insert(id, user);
    }
    turn.felt("user.restore", id, Value::Null, json!({ "userPrincipalName": upn }));
    let view = match turn.state().users.get(&id) {
        Some(user) => views::typed(views::user(turn.state(), user), "user"),
        None => Value::Null,
    };
    Ok(page::written(turn, 200, &USER, &view))
}
