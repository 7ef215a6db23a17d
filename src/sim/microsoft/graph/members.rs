//! Who is in a group, who owns it, and the changes to both.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{
            kinds::{DIRECTORY_OBJECT, GROUP, USER},
            kinds_fleet::DEVICE,
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{Group, State},
        turn::Turn,
    },
    groups::{find, object},
    reference,
};

pub(super) fn list(turn: &Turn<'_>, call: &Call, key: &str, cast: &[&str]) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let state = turn.state();
    let ids = state.members_of(find(state, key)?);
    objects(turn, call, ids, cast)
}

/// Everybody in the group and in the groups inside it.
pub(super) fn transitive(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let state = turn.state();
    let mut seen = BTreeSet::new();
    let mut look = vec![find(state, key)?];
    while let Some(group) = look.pop() {
        for id in state.members_of(group) {
            if seen.insert(id) {
                look.extend(state.groups.get(&id));
            }
        }
    }
    objects(turn, call, seen, &[])
}

pub(super) fn owners(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let ids = find(turn.state(), key)?.owners.clone();
    objects(turn, call, ids, &[])
}

fn objects(turn: &Turn<'_>, call: &Call, ids: BTreeSet<Uuid>, cast: &[&str]) -> Outcome {
    let state = turn.state();
    let mut all: Vec<Value> = ids.into_iter().filter_map(|id| object(state, id)).collect();
    let (kind, counted) = match cast {
        [] => (&DIRECTORY_OBJECT, false),
        ["$count"] => (&DIRECTORY_OBJECT, true),
        [
            of @ ("microsoft.graph.user" | "microsoft.graph.group" | "microsoft.graph.device"),
            rest @ ..,
        ] => {
            let wanted = format!("#{of}");
            all.retain(|object| object["@odata.type"] == wanted.as_str());
            let kind = [&USER, &GROUP].into_iter().find(|kind| kind.name == *of);
            (kind.unwrap_or(&DEVICE), rest == ["$count"])
        }
        other => return Err(refusals::no_segment(other.last().copied().unwrap_or_default())),
    };
    if counted {
        return page::count(call, kind, all);
    }
    page::list(turn, call, kind, all, &page::nothing)
}

/// Whether members of this group can be written through Graph, by this caller.
fn may_write(turn: &Turn<'_>, group: &Group) -> Result<(), Refusal> {
    if group.is_role_assignable() {
        turn.caller.need(access::ROLE_GROUP_WRITE)?;
    }
    if group.is_synced() {
        return Err(refusals::mastered_on_premises());
    }
    if group.is_exchange_only() {
        return Err(refusals::exchange_is_master());
    }
    // A rule decides: 403 without a hint (learn.microsoft.com/graph/api/group-post-members).
    if group.is_dynamic() {
        return Err(refusals::not_allowed());
    }
    Ok(())
}

/// A user (also by sign-in name), a group or a device that is there.
pub(super) fn known(state: &State, key: &str) -> Result<Uuid, Refusal> {
    let id = match Uuid::try_parse(key) {
        Ok(id) => Some(id),
        Err(_) => state.user_id(key),
    };
    id.filter(|id| state.is_object(*id)).ok_or_else(|| refusals::no_object(key))
}

/// What may be in what: the table in learn.microsoft.com/graph/api/group-post-members.
pub(super) fn may_hold(state: &State, group: &Group, member: Uuid) -> Result<(), Refusal> {
    let unified = group.has_type("Unified");
    let held = state.groups.get(&member);
    let wrong = |held: &Group| {
        unified
            || held.has_type("Unified")
            // "Nesting of role-assignable groups isn't supported", the groups-concept page.
            || group.is_role_assignable()
            || held.id == group.id
    };
    if held.is_some_and(wrong) {
        return Err(refusals::not_a_member_kind("group"));
    }
    if unified && state.fleet.devices.contains_key(&member) {
        return Err(refusals::not_a_member_kind("device"));
    }
    Ok(())
}

/// The same, and whether this caller may: a device in a group needs the right to write devices.
pub(super) fn may_add(turn: &Turn<'_>, group: &Group, member: Uuid) -> Result<(), Refusal> {
    if turn.state().fleet.devices.contains_key(&member) {
        turn.caller.need(access::DEVICE_WRITE)?;
    }
    may_hold(turn.state(), group, member)
}

pub(super) fn add(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::MEMBER_WRITE)?;
    let group = find(turn.state(), key)?;
    may_write(turn, group)?;
    let (id, member) = (group.id, known(turn.state(), &reference(call)?)?);
    may_add(turn, group, member)?;
    if group.members.contains(&member) {
        return Err(refusals::already_member("members"));
    }
    if let Some(group) = turn.change().groups.get_mut(&id) {
        group.members.insert(member);
    }
    felt(turn, "group.member.add", id, member);
    Ok(Answer::empty(204))
}

pub(super) fn remove(turn: &mut Turn<'_>, key: &str, member_key: &str) -> Outcome {
    turn.caller.need(access::MEMBER_WRITE)?;
    let group = find(turn.state(), key)?;
    may_write(turn, group)?;
    let (id, member) = (group.id, known(turn.state(), member_key)?);
    if turn.state().fleet.devices.contains_key(&member) {
        turn.caller.need(access::DEVICE_WRITE)?;
    }
    if !group.members.contains(&member) {
        return Err(refusals::no_object(member_key));
    }
    if let Some(group) = turn.change().groups.get_mut(&id) {
        group.members.remove(&member);
    }
    felt(turn, "group.member.remove", id, member);
    Ok(Answer::empty(204))
}

pub(super) fn add_owner(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::OWNER_WRITE)?;
    let group = find(turn.state(), key)?;
    may_write(turn, group)?;
    let (id, owner) = (group.id, known(turn.state(), &reference(call)?)?);
    if !turn.state().users.contains_key(&owner) {
        return Err(refusals::not_a_member_kind("group"));
    }
    if group.owners.contains(&owner) {
        return Err(refusals::already_member("owners"));
    }
    if let Some(group) = turn.change().groups.get_mut(&id) {
        group.owners.insert(owner);
    }
    felt(turn, "group.owner.add", id, owner);
    Ok(Answer::empty(204))
}

pub(super) fn remove_owner(turn: &mut Turn<'_>, key: &str, owner_key: &str) -> Outcome {
    turn.caller.need(access::OWNER_WRITE)?;
    let group = find(turn.state(), key)?;
    may_write(turn, group)?;
    let (id, owner) = (group.id, known(turn.state(), owner_key)?);
    if !group.owners.contains(&owner) {
        return Err(refusals::no_object(owner_key));
    }
    if group.owners.len() == 1 {
        return Err(refusals::last_owner());
    }
    if let Some(group) = turn.change().groups.get_mut(&id) {
        group.owners.remove(&owner);
    }
    felt(turn, "group.owner.remove", id, owner);
    Ok(Answer::empty(204))
}

/// The ledger names both: the group as target, the person in the values.
pub(super) fn felt(turn: &mut Turn<'_>, what: &str, group: Uuid, member: Uuid) {
    let name = turn.core.state.name_of(member);
    let person = json!({ "id": member, "name": name });
    let (before, after) = if what.rsplit('.').next() == Some("add") {
        (Value::Null, person)
    } else {
        (person, Value::Null)
    };
    turn.felt(what, group, before, after);
}
