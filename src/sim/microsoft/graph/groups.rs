//! Reading groups.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{
    access,
    call::Call,
    odata::{
        kinds::{DIRECTORY_OBJECT, GROUP},
        page,
    },
    refusals::{self, Outcome, Refusal},
    state::{Group, State},
    turn::Turn,
    views,
};
use super::{devices, users};

/// The group by object id, or why not.
pub(super) fn find<'a>(state: &'a State, key: &str) -> Result<&'a Group, Refusal> {
    let id = Uuid::try_parse(key).map_err(|_| refusals::bad_object_id(key))?;
    state.groups.get(&id).ok_or_else(|| refusals::no_object(key))
}

/// A user, a group or a device with its type, as lists of members show it.
pub(super) fn object(state: &State, id: Uuid) -> Option<Value> {
    if let Some(user) = state.users.get(&id) {
        return Some(views::typed(views::user(state, user), "user"));
    }
    if let Some(device) = state.fleet.devices.get(&id) {
        return Some(views::typed(devices::view(device), "device"));
    }
    state.groups.get(&id).map(|group| views::typed(views::group(group), "group"))
}

fn neighbour(state: &State, group: &Value, name: &str) -> Value {
    let id = group["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
    let Some(found) = id.and_then(|id| state.groups.get(&id)) else { return Value::Null };
    let ids = if name == "members" { state.members_of(found) } else { found.owners.clone() };
    let objects: Vec<Value> = ids.into_iter().filter_map(|id| object(state, id)).take(20).collect();
    json!(objects)
}

pub(super) fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let state = turn.state();
    let all = state.groups.values().map(views::group).collect();
    page::list(turn, call, &GROUP, all, &|group, name| neighbour(state, group, name))
}

pub(super) fn count(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    page::count(call, &GROUP, turn.state().groups.values().map(views::group).collect())
}

pub(super) fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let state = turn.state();
    let view = views::group(find(state, key)?);
    page::one(turn, call, &GROUP, &view, &|group, name| neighbour(state, group, name))
}

/// Groups that hold an object directly, with their type.
pub(super) fn holding(state: &State, id: Uuid) -> Vec<Value> {
    let groups = state.groups_with(id).into_iter();
    groups.map(|group| views::typed(views::group(group), "group")).collect()
}

/// Groups that hold this group directly.
/// Which of at most twenty groups it is in, directly or through others.
pub(super) fn check_member_groups(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    users::checked(turn, call, find(turn.state(), key)?.id)
}

pub(super) fn member_of(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let state = turn.state();
    let all = holding(state, find(state, key)?.id);
    page::list(turn, call, &DIRECTORY_OBJECT, all, &page::nothing)
}
