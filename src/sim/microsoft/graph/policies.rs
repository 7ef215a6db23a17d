//! Conditional Access: policies and named locations.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{
            kinds_estate::{LOCATION, POLICY},
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{Location, Policy, Props},
        turn::{Turn, seconds},
    },
    object, policy_rules, unknown,
};

pub(super) fn route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    let now = turn.now;
    if !turn.core.conduct.policy_call(now) {
        return Err(refusals::policy_pace());
    }
    match (call.method.as_str(), path) {
        ("GET", ["policies"]) => list(turn, call),
        ("POST", ["policies"]) => create(turn, call),
        ("GET", ["policies", id]) => get(turn, call, id),
        ("PATCH", ["policies", id]) => patch(turn, call, id),
        ("DELETE", ["policies", id]) => delete(turn, id),
        ("GET", ["namedLocations"]) => locations(turn, call),
        ("GET", ["namedLocations", id]) => location(turn, call, id),
        (_, ["policies" | "namedLocations", ..]) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

fn need(turn: &Turn<'_>, needs: access::Needs) -> Result<(), Refusal> {
    if !turn.caller.has(needs) {
        return Err(refusals::policy_scopes());
    }
    if turn.state().has_conditional_access() { Ok(()) } else { Err(refusals::policy_licence()) }
}

fn find<'a>(turn: &'a Turn<'_>, id: &str) -> Result<&'a Policy, Refusal> {
    let known = Uuid::try_parse(id).ok().and_then(|id| turn.state().policy(id));
    known.ok_or_else(|| refusals::no_policy(id))
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    need(turn, access::POLICY_READ)?;
    let all = turn.state().policies.policies.iter().map(Policy::view).collect();
    page::list(turn, call, &POLICY, all, &page::nothing)
}

fn get(turn: &Turn<'_>, call: &Call, id: &str) -> Outcome {
    need(turn, access::POLICY_READ)?;
    page::one(turn, call, &POLICY, &find(turn, id)?.view(), &page::nothing)
}

/// The members that are properties: annotations are left out.
fn plain(body: &Map<String, Value>) -> Props {
    body.iter()
        .filter(|(name, _)| !name.contains('@'))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    need(turn, access::POLICY_WRITE)?;
    let mut props = plain(object(call)?);
    policy_rules::check(turn.state(), &props)?;
    let id = turn.clock.uuid();
    props.insert("createdDateTime".into(), json!(seconds(turn.now)));
    let policy = Policy { id, props };
    let (name, view) = (policy.name().to_owned(), policy.view());
    turn.change().policies.policies.push(policy);
    turn.felt_about("policy.create", id, &name, Value::Null, view.clone());
    let location = format!("{}/v1.0/identity/conditionalAccess/policies/{id}", turn.origin);
    Ok(page::written(turn, 201, &POLICY, &view).with("Location", location))
}

/// A member that is sent replaces the old one whole, also `conditions`
/// (learn.microsoft.com/graph/api/conditionalaccesspolicy-update; public notes confirm it).
fn patch(turn: &mut Turn<'_>, call: &Call, id: &str) -> Outcome {
    need(turn, access::POLICY_WRITE)?;
    let id = find(turn, id)?.id;
    let changes = plain(object(call)?);
    let mut props = find(turn, &id.to_string())?.props.clone();
    let before = props.clone();
    props.extend(changes.clone());
    let written: Props = props
        .iter()
        .filter(|(name, _)| changes.contains_key(*name) || !policy_rules::is_stamp(name))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    policy_rules::check(turn.state(), &written)?;
    props.insert("modifiedDateTime".into(), json!(seconds(turn.now)));
    let only = |all: &Props| -> Value {
        changes.keys().map(|name| (name.clone(), all.get(name).cloned())).map(pair).collect()
    };
    let (old, new) = (only(&before), only(&props));
    let name = find(turn, &id.to_string())?.name().to_owned();
    for policy in &mut turn.change().policies.policies {
        if policy.id == id {
            policy.props.clone_from(&props);
        }
    }
    turn.felt_about("policy.update", id, &name, old, new);
    Ok(Answer::empty(204))
}

fn pair((name, value): (String, Option<Value>)) -> (String, Value) {
    (name, value.unwrap_or(Value::Null))
}

fn delete(turn: &mut Turn<'_>, id: &str) -> Outcome {
    need(turn, access::POLICY_DELETE)?;
    let policy = find(turn, id)?;
    let (id, name, view) = (policy.id, policy.name().to_owned(), policy.view());
    turn.change().policies.policies.retain(|policy| policy.id != id);
    turn.felt_about("policy.delete", id, &name, view, Value::Null);
    Ok(Answer::empty(204))
}

fn locations(turn: &Turn<'_>, call: &Call) -> Outcome {
    need(turn, access::POLICY_READ)?;
    let all = turn.state().policies.locations.iter().map(Location::view).collect();
    page::list(turn, call, &LOCATION, all, &page::nothing)
}

fn location(turn: &Turn<'_>, call: &Call, id: &str) -> Outcome {
    need(turn, access::POLICY_READ)?;
    let wanted = Uuid::try_parse(id).ok();
    let found = turn.state().policies.locations.iter().find(|found| Some(found.id) == wanted);
    let found = found.ok_or_else(|| refusals::no_policy(id))?;
    page::one(turn, call, &LOCATION, &found.view(), &page::nothing)
}
