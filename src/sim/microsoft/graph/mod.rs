//! Graph v1.0: which address is answered by whom.
//!
//! - [`users`] [`user_writes`] [`deleted`] people; [`licences`] their licences and the seats
//! - [`groups`] [`members`] groups, and who is in them
//! - [`mailbox`] mailbox settings
//! - [`roles`] directory roles; [`tenant`] organisation, domains, service principals
//! - [`batch`]   up to twenty requests in one
//!
//! Not here: addresses of beta, and addresses the product never asks for.

mod batch;
mod deleted;
mod groups;
mod licences;
pub(super) mod mailbox;
mod members;
mod roles;
mod tenant;
mod user_writes;
mod users;

use serde_json::{Map, Value};

use super::{
    call::{Answer, Body, Call},
    refusals::{self, Outcome, Refusal},
    turn::Turn,
};

/// Answers one request, also one inside a batch.
pub(super) fn answer(turn: &mut Turn<'_>, call: &Call) -> Answer {
    let outcome = if matches!(call.body, Body::Unreadable) {
        Err(refusals::unreadable_body())
    } else {
        route(turn, call)
    };
    outcome.unwrap_or_else(|refusal| refusal.answer(turn))
}

/// Answers a whole batch.
pub(super) fn answer_batch(turn: &mut Turn<'_>, call: &Call) -> Answer {
    batch::run(turn, call).unwrap_or_else(|refusal| refusal.answer(turn))
}

fn route(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["users", rest @ ..] => user_routes(turn, call, rest),
        ["groups", rest @ ..] => group_routes(turn, call, rest),
        ["directory", "deletedItems", rest @ ..] => deleted_routes(turn, call, rest),
        ["me", ..] => Err(refusals::bad_object_id("me")),
        _ if call.method != "GET" => Err(unknown(&path)),
        ["subscribedSkus"] => licences::skus(turn, call),
        ["subscribedSkus", id] => licences::sku(turn, call, id),
        ["organization"] => tenant::organization(turn, call),
        ["domains"] => tenant::domains(turn, call),
        ["servicePrincipals"] => tenant::service_principals(turn, call),
        ["servicePrincipals", key] => tenant::service_principal(turn, call, key),
        ["servicePrincipals", key, "appRoleAssignments"] => tenant::app_roles(turn, call, key),
        ["roleManagement", "directory", "roleAssignments"] => roles::assignments(turn, call),
        ["roleManagement", "directory", "roleDefinitions"] => roles::definitions(turn, call),
        _ => Err(unknown(&path)),
    }
}

fn user_routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => users::list(turn, call),
        ("GET", ["$count"]) => users::count(turn, call),
        ("POST", []) => user_writes::create(turn, call),
        ("GET", [key]) => users::get(turn, call, key),
        ("PATCH", [key]) => user_writes::patch(turn, call, key),
        ("DELETE", [key]) => user_writes::delete(turn, key),
        ("GET", [key, "manager"]) => users::manager(turn, call, key),
        ("PUT", [key, "manager", "$ref"]) => user_writes::set_manager(turn, call, key),
        ("DELETE", [key, "manager", "$ref"]) => user_writes::remove_manager(turn, key),
        ("GET", [key, "memberOf", cast @ ..]) => users::member_of(turn, call, key, cast),
        ("GET", [key, "transitiveMemberOf", cast @ ..]) => {
            users::transitive_member_of(turn, call, key, cast)
        }
        ("POST", [key, "checkMemberGroups" | "microsoft.graph.checkMemberGroups"]) => {
            users::check_member_groups(turn, call, key)
        }
        ("POST", [key, "revokeSignInSessions" | "microsoft.graph.revokeSignInSessions"]) => {
            user_writes::revoke_sessions(turn, key)
        }
        ("POST", [key, "assignLicense" | "microsoft.graph.assignLicense"]) => {
            licences::assign(turn, call, key)
        }
        ("GET", [key, "licenseDetails"]) => licences::details(turn, call, key),
        ("GET", [key, "mailboxSettings"]) => mailbox::get(turn, key),
        ("GET", [key, "mailboxSettings", part]) => mailbox::part(turn, key, part),
        ("PATCH", [key, "mailboxSettings"]) => mailbox::patch(turn, call, key),
        (_, [] | [_] | [_, "manager" | "memberOf" | "licenseDetails" | "mailboxSettings"]) => {
            Err(refusals::no_method())
        }
        (_, path) => Err(unknown(path)),
    }
}

fn group_routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => groups::list(turn, call),
        ("GET", ["$count"]) => groups::count(turn, call),
        ("GET", [key]) => groups::get(turn, call, key),
        ("GET", [key, "members", cast @ ..]) => members::list(turn, call, key, cast),
        ("GET", [key, "transitiveMembers"]) => members::transitive(turn, call, key),
        ("GET", [key, "owners"]) => members::owners(turn, call, key),
        ("POST", [key, "members", "$ref"]) => members::add(turn, call, key),
        ("DELETE", [key, "members", member, "$ref"]) => members::remove(turn, key, member),
        // Without `/$ref` the service deletes the member itself, when the application may
        // (learn.microsoft.com/graph/api/group-delete-members, the warning there).
        ("DELETE", [_, "members", member]) => user_writes::delete(turn, member),
        ("POST", [key, "owners", "$ref"]) => members::add_owner(turn, call, key),
        ("DELETE", [key, "owners", owner, "$ref"]) => members::remove_owner(turn, key, owner),
        (_, [] | [_] | [_, "members" | "owners"]) => Err(refusals::no_method()),
        (_, path) => Err(unknown(path)),
    }
}

fn deleted_routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", ["microsoft.graph.user"]) => deleted::list(turn, call),
        ("GET", [key]) => deleted::get(turn, call, key),
        ("POST", [key, "restore"]) => deleted::restore(turn, key),
        (_, path) => Err(unknown(path)),
    }
}

fn unknown(path: &[&str]) -> Refusal {
    refusals::no_segment(path.last().copied().unwrap_or_default())
}

/// The body as an object; without one the request is refused.
fn object(call: &Call) -> Result<&Map<String, Value>, Refusal> {
    match &call.body {
        Body::Json(Value::Object(members)) => Ok(members),
        Body::Json(_) | Body::Unreadable => Err(refusals::unreadable_body()),
        Body::Empty => Err(refusals::empty_body()),
    }
}

/// The object id at the end of an `@odata.id`, such as `…/directoryObjects/{id}`.
fn reference(call: &Call) -> Result<String, Refusal> {
    let address = object(call)?.get("@odata.id").and_then(Value::as_str);
    let address = address.ok_or_else(refusals::bad_reference)?;
    let absolute = address.starts_with("https://") || address.starts_with("http://");
    let (_, path) = address.split_once("/v1.0/").ok_or_else(refusals::bad_reference)?;
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["directoryObjects" | "users" | "groups", id] if absolute && !id.is_empty() => {
            Ok((*id).to_owned())
        }
        _ => Err(refusals::bad_reference()),
    }
}
