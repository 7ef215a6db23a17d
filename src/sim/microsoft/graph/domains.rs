//! Domains of the organisation.

use serde_json::{Value, json};

use super::{
    super::{
        access,
        call::{Answer, Call},
        catalog::id_from,
        odata::{kinds_estate::DOMAIN, page},
        refusals::{self, Outcome, Refusal},
        state::Domain,
        turn::Turn,
    },
    unknown,
};

pub(super) fn route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => list(turn, call),
        ("GET", [name]) => get(turn, call, name),
        ("GET", [name, "domainNameReferences"]) => references(turn, call, name),
        ("DELETE", [name]) => delete(turn, name),
        (_, [] | [_] | [_, "domainNameReferences"]) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

fn find<'a>(turn: &'a Turn<'_>, name: &str) -> Result<&'a Domain, Refusal> {
    let same = |domain: &&Domain| domain.name.eq_ignore_ascii_case(name);
    turn.state().domains.iter().find(same).ok_or_else(|| refusals::no_object(name))
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::DOMAIN_READ)?;
    let all = turn.state().domains.iter().map(Domain::view).collect();
    page::list(turn, call, &DOMAIN, all, &page::nothing)
}

fn get(turn: &Turn<'_>, call: &Call, name: &str) -> Outcome {
    turn.caller.need(access::DOMAIN_READ)?;
    page::one(turn, call, &DOMAIN, &find(turn, name)?.view(), &page::nothing)
}

/// Users and groups whose names or addresses are in the domain.
fn users_of(turn: &Turn<'_>, name: &str) -> Vec<Value> {
    let ending = format!("@{}", name.to_lowercase());
    let named = |value: &Value| match value {
        Value::String(text) => text.to_lowercase().ends_with(&ending),
        Value::Array(list) => {
            list.iter().filter_map(Value::as_str).any(|text| text.to_lowercase().ends_with(&ending))
        }
        _ => false,
    };
    let state = turn.state();
    let users = state.users.values().map(|user| (user.id, &user.props, "user"));
    let groups = state.groups.values().map(|group| (group.id, &group.props, "group"));
    users
        .chain(groups)
        .filter(|(_, props, _)| {
            ["userPrincipalName", "mail", "proxyAddresses"]
                .iter()
                .any(|property| props.get(*property).is_some_and(named))
        })
        .map(|(id, props, kind)| {
            json!({
                "@odata.type": format!("#microsoft.graph.{kind}"), "id": id,
                "displayName": props.get("displayName"),
            })
        })
        .collect()
}

fn references(turn: &Turn<'_>, call: &Call, name: &str) -> Outcome {
    turn.caller.need(access::DOMAIN_READ)?;
    let name = find(turn, name)?.name.clone();
    let kind = &super::super::odata::kinds::DIRECTORY_OBJECT;
    page::list(turn, call, kind, users_of(turn, &name), &page::nothing)
}

fn delete(turn: &mut Turn<'_>, name: &str) -> Outcome {
    turn.caller.need(access::DOMAIN_WRITE)?;
    let domain = find(turn, name)?;
    let (name, view) = (domain.name.clone(), domain.view());
    if domain.initial {
        return Err(refusals::domain_kept("The initial domain cannot be deleted."));
    }
    if domain.default {
        return Err(refusals::domain_kept("The default domain cannot be deleted."));
    }
    if !users_of(turn, &name).is_empty() {
        return Err(refusals::domain_kept(
            "The domain cannot be deleted: users, groups or applications still refer to it.",
        ));
    }
    turn.change().domains.retain(|domain| domain.name != name);
    turn.felt_about("domain.delete", id_from("domain", &name), &name, view, Value::Null);
    Ok(Answer::empty(204))
}
