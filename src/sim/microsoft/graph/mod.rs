//! Graph v1.0: which address is answered by whom.
//!
//! - [`users`] [`user_writes`] [`user_rules`] [`deleted`] people; [`methods`] what they sign in with
//! - [`licences`] their licences, and the seats
//! - [`groups`] [`members`] groups, and who is in them; [`delta`] what changed since
//! - [`roles`] directory roles; [`tenant`] the organisation; [`domains`] its domains
//! - [`policies`] [`policy_rules`] Conditional Access, and what a policy must look like
//! - [`applications`] registrations and secrets; [`principals`] service principals and grants
//! - [`drives`] files; [`workbooks`] what is in an Excel file
//! - [`group_writes`] making groups; [`invitations`] guests and their sponsors
//! - [`devices`] devices of the directory; [`managed`] as Intune manages them
//! - [`mailbox`] mailbox settings; [`outlook`] inbox rules and meetings; [`drive`] who sees a drive
//! - [`batch`]   up to twenty requests in one
//!
//! Not here: addresses of beta, and addresses the product never asks for.

mod applications;
mod batch;
mod deleted;
pub(super) mod delta;
mod devices;
mod domains;
mod drive;
mod drives;
mod group_writes;
mod groups;
mod invitations;
mod licences;
pub(super) mod mailbox;
mod managed;
mod members;
mod methods;
mod outlook;
mod policies;
mod policy_rules;
mod principals;
mod roles;
mod tenant;
mod user_rules;
mod user_writes;
mod users;
mod workbooks;

use serde_json::{Map, Value};

use super::{
    call::{Answer, Body, Call},
    refusals::{self, Outcome, Refusal},
    turn::Turn,
};

/// Answers one request, also one inside a batch.
pub(super) fn answer(turn: &mut Turn<'_>, call: &Call) -> Answer {
    let writes = call.method.as_str() != "GET";
    let outcome = if writes && !turn.core.conduct.write_call(turn.now) {
        Err(refusals::write_quota())
    } else if matches!(call.body, Body::Unreadable) {
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
        ["identity", "conditionalAccess", rest @ ..] => policies::route(turn, call, rest),
        ["applications", rest @ ..] => applications::route(turn, call, rest),
        ["servicePrincipals", rest @ ..] => principals::route(turn, call, rest),
        ["oauth2PermissionGrants", rest @ ..] => principals::scope_route(turn, call, rest),
        ["domains", rest @ ..] => domains::route(turn, call, rest),
        ["drives", rest @ ..] => drives::route(turn, call, rest),
        ["users", key, "drive", "items", "root", "permissions" | "invite", ..]
        | ["users", key, "drive", "items", "root", "microsoft.graph.invite"] => {
            mail_routes(turn, call, key, &path[2..])
        }
        [kind @ ("users" | "groups"), key, "drive", rest @ ..] => {
            drives::owned(turn, call, kind, key, rest)
        }
        ["users", rest @ ..] => user_routes(turn, call, rest),
        ["groups", rest @ ..] => group_routes(turn, call, rest),
        ["directory", "deletedItems", rest @ ..] => deleted_routes(turn, call, rest),
        ["me", ..] => Err(refusals::bad_object_id("me")),
        ["devices", rest @ ..] => devices::routes(turn, call, rest),
        ["deviceManagement", "managedDevices", rest @ ..] => managed::routes(turn, call, rest),
        ["roleManagement", "directory", rest @ ..] => roles::routes(turn, call, rest),
        ["invitations"] if call.method == "POST" => invitations::invite(turn, call),
        _ if call.method != "GET" => Err(unknown(&path)),
        ["policies", "authenticationMethodsPolicy", "authenticationMethodConfigurations", id] => {
            methods::configuration(turn, call, id)
        }
        ["subscribedSkus"] => licences::skus(turn, call),
        ["subscribedSkus", id] => licences::sku(turn, call, id),
        ["organization"] => tenant::organization(turn, call),
        ["tenantRelationships", "delegatedAdminRelationships"] => super::partner::list(turn, call),
        _ => Err(unknown(&path)),
    }
}

fn user_routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => users::list(turn, call),
        ("GET", ["$count"]) => users::count(turn, call),
        ("GET", ["delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"]) => {
            delta::users(turn, call)
        }
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
        ("GET", [key, "ownedDevices" | "registeredDevices", cast @ ..]) => {
            devices::of_user(turn, call, key, cast)
        }
        ("GET", [key, "managedDevices"]) => managed::of_user(turn, call, key),
        ("GET", [key, "sponsors"]) => invitations::sponsors(turn, call, key),
        ("POST", [key, "sponsors", "$ref"]) => invitations::add_sponsor(turn, call, key),
        ("DELETE", [key, "sponsors", sponsor, "$ref"]) => {
            invitations::remove_sponsor(turn, key, sponsor)
        }
        ("GET", [key, "licenseDetails"]) => licences::details(turn, call, key),
        (_, [key, "authentication", rest @ ..]) => methods::routes(turn, call, key, rest),
        ("GET", [key, "directReports", cast @ ..]) => users::direct_reports(turn, call, key, cast),
        ("GET", [key, "mailboxSettings"]) => mailbox::get(turn, key),
        ("GET", [key, "mailboxSettings", part]) => mailbox::part(turn, key, part),
        ("PATCH", [key, "mailboxSettings"]) => mailbox::patch(turn, call, key),
        (_, [key, "mailFolders" | "events" | "calendarView", ..]) => {
            mail_routes(turn, call, key, &path[1..])
        }
        (_, [] | [_] | [_, "manager" | "memberOf" | "licenseDetails" | "mailboxSettings"]) => {
            Err(refusals::no_method())
        }
        (_, path) => Err(unknown(path)),
    }
}

/// Inbox rules, calendar and drive of one person.
fn mail_routes(turn: &mut Turn<'_>, call: &Call, key: &str, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", ["mailFolders", "inbox", "messageRules"]) => outlook::rules(turn, call, key),
        ("GET", ["mailFolders", "inbox", "messageRules", id]) => outlook::rule(turn, key, id),
        ("PATCH", ["mailFolders", "inbox", "messageRules", id]) => {
            outlook::switch_rule(turn, call, key, id)
        }
        ("DELETE", ["mailFolders", "inbox", "messageRules", id]) => {
            outlook::remove_rule(turn, key, id)
        }
        ("GET", ["calendarView"]) => outlook::calendar_view(turn, call, key),
        ("GET", ["events", id]) => outlook::event(turn, key, id),
        ("POST", ["events", id, "cancel" | "microsoft.graph.cancel"]) => {
            outlook::cancel(turn, call, key, id)
        }
        ("GET", ["drive", "items", "root", "permissions"]) => drive::permissions(turn, key),
        ("POST", ["drive", "items", "root", "invite" | "microsoft.graph.invite"]) => {
            drive::invite(turn, call, key)
        }
        ("DELETE", ["drive", "items", "root", "permissions", id]) => drive::revoke(turn, key, id),
        (_, path) => Err(unknown(path)),
    }
}

fn group_routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => groups::list(turn, call),
        ("GET", ["delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"]) => {
            delta::groups(turn, call)
        }
        ("POST", []) => group_writes::create(turn, call),
        ("PATCH", [key]) => group_writes::patch(turn, call, key),
        ("DELETE", [key]) => group_writes::delete(turn, key),
        ("GET", ["$count"]) => groups::count(turn, call),
        ("GET", [key]) => groups::get(turn, call, key),
        ("GET", [key, "members", cast @ ..]) => members::list(turn, call, key, cast),
        ("GET", [key, "transitiveMembers"]) => members::transitive(turn, call, key),
        ("GET", [key, "owners"]) => members::owners(turn, call, key),
        ("GET", [key, "memberOf"]) => groups::member_of(turn, call, key),
        ("POST", [key, "checkMemberGroups" | "microsoft.graph.checkMemberGroups"]) => {
            groups::check_member_groups(turn, call, key)
        }
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
        ("GET", ["microsoft.graph.user" | "graph.user"]) => deleted::list(turn, call),
        ("GET", ["microsoft.graph.user" | "graph.user", "$count"]) => deleted::count(turn, call),
        ("GET", ["microsoft.graph.group"]) => group_writes::deleted(turn, call),
        ("GET", [key]) => deleted::get(turn, call, key),
        ("POST", [key, "restore" | "microsoft.graph.restore"]) => deleted::restore(turn, call, key),
        ("DELETE", [key]) => deleted::purge(turn, key),
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
    pointed(address.ok_or_else(refusals::bad_reference)?)
}

/// The object id that an absolute address points at.
fn pointed(address: &str) -> Result<String, Refusal> {
    let absolute = address.starts_with("https://") || address.starts_with("http://");
    let (_, path) = address.split_once("/v1.0/").ok_or_else(refusals::bad_reference)?;
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["directoryObjects" | "users" | "groups" | "devices", id] if absolute && !id.is_empty() => {
            Ok((*id).to_owned())
        }
        _ => Err(refusals::bad_reference()),
    }
}
