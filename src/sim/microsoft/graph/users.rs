//! Reading people.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{
    access,
    call::{Answer, Call},
    odata::{
        kinds::{DIRECTORY_OBJECT, GROUP, USER},
        page,
    },
    refusals::{self, Outcome, Refusal},
    state::{Group, Role, State, User},
    turn::Turn,
    views,
};
use super::object;

/// The user by id or sign-in name, or 404.
pub(in super::super) fn find<'a>(state: &'a State, key: &str) -> Result<&'a User, Refusal> {
    state.user(key).ok_or_else(|| refusals::no_object(key))
}

/// The neighbours of a user that `$expand` may ask for.
fn neighbour(state: &State, user: &Value, name: &str) -> Value {
    let id = user["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
    let Some(found) = id.and_then(|id| state.users.get(&id)) else { return Value::Null };
    match name {
        "manager" => {
            let manager = found.manager.and_then(|id| state.users.get(&id));
            manager.map_or(Value::Null, |manager| views::typed(views::user(state, manager), "user"))
        }
        "directReports" => json!(reports(state, found.id).into_iter().take(20).collect::<Vec<_>>()),
        // At most twenty (learn.microsoft.com/graph/query-parameters, `$expand`).
        "memberOf" => {
            let mut held = around(state.groups_with(found.id), state.roles_direct(found.id));
            held.truncate(20);
            json!(held)
        }
        _ => {
            let mut held = around(state.groups_above(found.id), state.roles_above(found.id));
            held.truncate(20);
            json!(held)
        }
    }
}

fn around(groups: Vec<&Group>, roles: Vec<&Role>) -> Vec<Value> {
    let groups = groups.into_iter().map(|group| views::typed(views::group(group), "group"));
    let roles =
        roles.into_iter().map(|role| views::typed(views::directory_role(role), "directoryRole"));
    groups.chain(roles).collect()
}

pub(super) fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let all = state.users.values().map(|user| views::user(state, user)).collect();
    page::list(turn, call, &USER, all, &|user, name| neighbour(state, user, name))
}

pub(super) fn count(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    page::count(call, &USER, state.users.values().map(|user| views::user(state, user)).collect())
}

pub(super) fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let view = views::user(state, find(state, key)?);
    page::one(turn, call, &USER, &view, &|user, name| neighbour(state, user, name))
}

pub(super) fn manager(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let manager = find(state, key)?.manager.and_then(|id| state.users.get(&id));
    let manager = manager.ok_or_else(|| refusals::no_object("manager"))?;
    let view = views::typed(views::user(state, manager), "user");
    page::one(turn, call, &USER, &view, &page::nothing)
}

fn reports(state: &State, manager: Uuid) -> Vec<Value> {
    let under = state.users.values().filter(|user| user.manager == Some(manager));
    under.map(|user| views::typed(views::user(state, user), "user")).collect()
}

pub(super) fn direct_reports(turn: &Turn<'_>, call: &Call, key: &str, cast: &[&str]) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    let state = turn.state();
    let all = reports(state, find(state, key)?.id);
    match cast {
        [] => page::list(turn, call, &DIRECTORY_OBJECT, all, &page::nothing),
        ["microsoft.graph.user"] => page::list(turn, call, &USER, all, &page::nothing),
        ["$count"] => page::count(call, &DIRECTORY_OBJECT, all),
        ["microsoft.graph.user", "$count"] => page::count(call, &USER, all),
        other => Err(refusals::no_segment(other.last().copied().unwrap_or_default())),
    }
}

pub(super) fn member_of(turn: &Turn<'_>, call: &Call, key: &str, cast: &[&str]) -> Outcome {
    turn.caller.need(access::MEMBER_OF)?;
    let state = turn.state();
    let id = find(state, key)?.id;
    memberships(turn, call, cast, around(state.groups_with(id), state.roles_direct(id)))
}

pub(super) fn transitive_member_of(
    turn: &Turn<'_>,
    call: &Call,
    key: &str,
    cast: &[&str],
) -> Outcome {
    turn.caller.need(access::MEMBER_OF)?;
    let state = turn.state();
    let id = find(state, key)?.id;
    memberships(turn, call, cast, around(state.groups_above(id), state.roles_above(id)))
}

/// Which of at most twenty groups the user is in, directly or through others
/// (learn.microsoft.com/graph/api/directoryobject-checkmembergroups).
pub(super) fn check_member_groups(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    checked(turn, call, find(turn.state(), key)?.id)
}

/// The same of any object.
pub(super) fn checked(turn: &Turn<'_>, call: &Call, id: Uuid) -> Outcome {
    let state = turn.state();
    let asked = object(call)?.get("groupIds").and_then(Value::as_array);
    let asked = asked.filter(|ids| ids.len() <= 20).ok_or_else(refusals::unreadable_body)?;
    let above = state.groups_above(id);
    let is_in = |asked: &&Value| above.iter().any(|group| **asked == json!(group.id));
    let value: Vec<&Value> = asked.iter().filter(is_in).collect();
    let context = format!("{}/v1.0/$metadata#Collection(Edm.String)", turn.origin);
    Ok(Answer::json(200, json!({ "@odata.context": context, "value": value })))
}

fn memberships(turn: &Turn<'_>, call: &Call, cast: &[&str], mut held: Vec<Value>) -> Outcome {
    let (kind, counted) = match cast {
        [] => (&DIRECTORY_OBJECT, false),
        ["$count"] => (&DIRECTORY_OBJECT, true),
        ["microsoft.graph.group", rest @ ..] => {
            held.retain(|object| object["@odata.type"] == "#microsoft.graph.group");
            (&GROUP, rest == ["$count"])
        }
        ["microsoft.graph.directoryRole", rest @ ..] => {
            held.retain(|object| object["@odata.type"] == "#microsoft.graph.directoryRole");
            (&DIRECTORY_OBJECT, rest == ["$count"])
        }
        other => return Err(refusals::no_segment(other.last().copied().unwrap_or_default())),
    };
    if counted {
        return page::count(call, kind, held);
    }
    page::list(turn, call, kind, held, &page::nothing)
}
