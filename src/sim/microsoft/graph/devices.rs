//! Devices of the directory: who owns them, and deleting them
//! (learn.microsoft.com/graph/api/resources/device).

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{kinds::DIRECTORY_OBJECT, kinds_fleet::DEVICE, page},
        refusals::{self, Outcome, Refusal},
        state::{State, fleet::Device},
        turn::Turn,
        views,
    },
    groups, unknown,
    users::find as find_user,
};

pub(super) fn routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => list(turn, call),
        ("GET", [key]) => get(turn, call, key),
        ("DELETE", [key]) => delete(turn, key),
        ("GET", [key, "registeredOwners" | "registeredUsers"]) => owners(turn, call, key),
        ("GET", [key, "memberOf"]) => member_of(turn, call, key),
        // No application permission exists (permissions reference: delegated only).
        ("POST", [_, "registeredOwners" | "registeredUsers", "$ref"])
        | ("DELETE", [_, "registeredOwners" | "registeredUsers", _, "$ref"]) => {
            Err(refusals::not_allowed())
        }
        (_, [] | [_] | [_, "registeredOwners" | "registeredUsers"]) => Err(refusals::no_method()),
        (_, path) => Err(unknown(path)),
    }
}

pub(super) fn view(device: &Device) -> Value {
    let mut view = views::full(&device.props, device.id, &DEVICE);
    view.insert("deviceId".into(), device.props.get("deviceId").cloned().unwrap_or(Value::Null));
    Value::Object(view)
}

/// By object id, or `deviceId='…'`.
fn find<'a>(state: &'a State, key: &str) -> Result<&'a Device, Refusal> {
    if let Some(wanted) = key.strip_prefix("deviceId=") {
        let wanted = wanted.trim_matches('\'');
        let same = |device: &&Device| {
            let found = device.props.get("deviceId").and_then(Value::as_str);
            found.is_some_and(|found| found.eq_ignore_ascii_case(wanted))
        };
        return state.fleet.devices.values().find(same).ok_or_else(|| refusals::no_object(wanted));
    }
    let id = Uuid::try_parse(key).map_err(|_| refusals::bad_object_id(key))?;
    state.fleet.devices.get(&id).ok_or_else(|| refusals::no_object(key))
}

fn neighbour(state: &State, device: &Value) -> Value {
    let id = device["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
    let Some(found) = id.and_then(|id| state.fleet.devices.get(&id)) else { return Value::Null };
    found.owners.iter().filter_map(|id| groups::object(state, *id)).collect()
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::DEVICE_READ)?;
    let state = turn.state();
    let all = state.fleet.devices.values().map(view).collect();
    page::list(turn, call, &DEVICE, all, &|device, _| neighbour(state, device))
}

fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::DEVICE_READ)?;
    let state = turn.state();
    let found = view(find(state, key)?);
    page::one(turn, call, &DEVICE, &found, &|device, _| neighbour(state, device))
}

fn owners(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::DEVICE_READ)?;
    let state = turn.state();
    let owners = find(state, key)?.owners.iter();
    let all = owners.filter_map(|id| groups::object(state, *id)).collect();
    page::list(turn, call, &DIRECTORY_OBJECT, all, &page::nothing)
}

/// Groups that hold the device directly.
fn member_of(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::DEVICE_READ)?;
    let state = turn.state();
    let id = find(state, key)?.id;
    let all = groups::holding(state, id);
    page::list(turn, call, &DIRECTORY_OBJECT, all, &page::nothing)
}

fn delete(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::DEVICE_WRITE)?;
    let device = find(turn.state(), key)?;
    // A hybrid joined device is mastered on-premises and would come back with the next sync
    // (that it is refused, and how, is unconfirmed).
    if device.is_synced() {
        return Err(refusals::not_allowed());
    }
    let (id, name) = (device.id, device.name().to_owned());
    turn.felt("device.delete", id, json!({ "displayName": name }), Value::Null);
    let state = turn.change();
    state.fleet.devices.remove(&id);
    for group in state.groups.values_mut() {
        group.members.remove(&id);
    }
    Ok(Answer::empty(204))
}

/// `ownedDevices` and `registeredDevices` of a user.
pub(super) fn of_user(turn: &Turn<'_>, call: &Call, key: &str, cast: &[&str]) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let id = find_user(state, key)?.id;
    let owned = state.fleet.devices.values().filter(|device| device.owners.contains(&id));
    let all: Vec<Value> = owned.map(|device| views::typed(view(device), "device")).collect();
    match cast {
        [] | ["microsoft.graph.device"] => page::list(turn, call, &DEVICE, all, &page::nothing),
        ["$count"] | ["microsoft.graph.device", "$count"] => page::count(call, &DEVICE, all),
        other => Err(unknown(other)),
    }
}
