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
        [of @ ("microsoft.graph.user" | "microsoft.graph.group"), rest @ ..] => {
            let wanted = format!("#{of}");
            all.retain(|object| object["@odata.type"] == wanted.as_str());
            let kind = if *of == USER.name { &USER } else { &GROUP };
            (kind, rest == ["$count"])
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

fn member(state: &State, key: &str) -> Result<Uuid, Refusal> {
    let id = match Uuid::try_parse(key) {
        Ok(id) => Some(id),
        Err(_) => state.user_id(key),
    };
    let known = |id: &Uuid| state.users.contains_key(id) || state.groups.contains_key(id);
    id.filter(known).ok_or_else(|| refusals::no_object(key))
}

pub(super) fn add(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::MEMBER_WRITE)?;
    let group = find(turn.state(), key)?;
    may_write(turn, group)?;
    let (id, member) = (group.id, member(turn.state(), &reference(call)?)?);
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
    let (id, member) = (group.id, member(turn.state(), member_key)?);
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
    let (id, owner) = (group.id, member(turn.state(), &reference(call)?)?);
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
    let (id, owner) = (group.id, member(turn.state(), owner_key)?);
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
fn felt(turn: &mut Turn<'_>, what: &str, group: Uuid, member: Uuid) {
    let name = turn.core.state.name_of(member);
    let person = json!({ "id": member, "name": name });
    let (before, after) = if what.rsplit('.').next() == Some("add") {
        (Value::Null, person)
    } else {
        (person, Value::Null)
    };
    turn.felt(what, group, before, after);
}
