//! Service principals, and the permissions they were granted.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        apps::AppRegistration,
        call::{Answer, Call},
        catalog::{self, id_from},
        odata::{
            kinds_estate::{APP_ROLE_ASSIGNMENT, SCOPE_GRANT, SERVICE_PRINCIPAL},
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{AppKey, Principal, Props, RoleGrant, ScopeGrant},
        turn::{Turn, seconds},
        views,
    },
    applications::{caller_id, key_of},
    object, unknown,
};

pub(super) fn route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => list(turn, call),
        ("GET", ["$count"]) => count(turn, call),
        ("POST", []) => create(turn, call),
        ("GET", [key]) => get(turn, call, key),
        ("GET", [key, "appRoleAssignments"]) => roles(turn, call, key),
        ("GET", [key, "appRoleAssignedTo"]) => assigned_to(turn, call, key),
        ("POST", [key, "appRoleAssignments"]) => grant_role(turn, call, key),
        ("DELETE", [_, "appRoleAssignments", id]) => take_role(turn, id),
        ("GET", [key, "oauth2PermissionGrants"]) => scopes_of(turn, call, key),
        (
            _,
            []
            | [_]
            | [_, "appRoleAssignments" | "appRoleAssignedTo" | "oauth2PermissionGrants", ..],
        ) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

/// `oauth2PermissionGrants`, at the root.
pub(super) fn scope_route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => {
            turn.caller.need(access::SCOPE_READ)?;
            let all = turn.state().applications.scopes.iter().map(ScopeGrant::view).collect();
            page::list(turn, call, &SCOPE_GRANT, all, &page::nothing)
        }
        ("GET", [id]) => {
            turn.caller.need(access::SCOPE_READ)?;
            let known = turn.state().applications.scopes.iter().find(|grant| grant.id == *id);
            let known = known.ok_or_else(|| refusals::no_object(id))?;
            page::one(turn, call, &SCOPE_GRANT, &known.view(), &page::nothing)
        }
        ("DELETE", [id]) => take_scope(turn, id),
        (_, [] | [_]) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

/// Every service principal: of those that sign in here, then of all others.
fn all(turn: &Turn<'_>) -> Vec<Value> {
    let tenant = turn.state().tenant.id;
    let signing = turn.core.apps.values().map(|app| own(app, tenant));
    signing.chain(turn.state().applications.principals.iter().map(Principal::view)).collect()
}

fn own(app: &AppRegistration, tenant: Uuid) -> Value {
    let mut view = views::service_principal(app);
    view["appOwnerOrganizationId"] = json!(tenant);
    view
}

/// Who a key names.
enum Found<'a> {
    Signing(&'a AppRegistration),
    Known(&'a Principal),
}

impl Found<'_> {
    fn id(&self) -> Uuid {
        match self {
            Self::Signing(app) => app.object_id(),
            Self::Known(principal) => principal.id,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Signing(app) => &app.name,
            Self::Known(principal) => principal.name(),
        }
    }
}

fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<Found<'a>, Refusal> {
    let wanted = key_of(key)?;
    let same = |app: &&AppRegistration| match wanted {
        AppKey::Object(id) => app.object_id() == id,
        AppKey::App(id) => app.client_id.eq_ignore_ascii_case(&id.to_string()),
    };
    let signing = turn.core.apps.values().find(same).map(Found::Signing);
    let known = || turn.state().principal(wanted).map(Found::Known);
    signing.or_else(known).ok_or_else(|| refusals::no_object(key))
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    page::list(turn, call, &SERVICE_PRINCIPAL, all(turn), &page::nothing)
}

fn count(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    page::count(call, &SERVICE_PRINCIPAL, all(turn))
}

fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    let view = match find(turn, key)? {
        Found::Signing(app) => own(app, turn.state().tenant.id),
        Found::Known(principal) => principal.view(),
    };
    page::one(turn, call, &SERVICE_PRINCIPAL, &view, &page::nothing)
}

fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let body = object(call)?;
    let app_id = body.get("appId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = Uuid::try_parse(&app_id).map_err(|_| refusals::no_backing_app(&app_id))?;
    let state = turn.state();
    let app = state.registration(AppKey::App(key));
    let app = app.ok_or_else(|| refusals::no_backing_app(&app_id))?;
    let own = caller_id(turn).is_some_and(|id| app.owners.contains(&id));
    let may = turn.caller.has(access::REGISTRATION_WRITE)
        || own && turn.caller.has(access::REGISTRATION_WRITE_OWN);
    if !may {
        return Err(refusals::not_allowed());
    }
    if state.principal(AppKey::App(key)).is_some() {
        return Err(refusals::principal_exists(&app_id));
    }
    let name = app.name().to_owned();
    let props: Props = Map::from_iter([
        ("displayName".to_owned(), json!(name)),
        ("appDisplayName".to_owned(), json!(name)),
        ("appOwnerOrganizationId".to_owned(), json!(state.tenant.id)),
        ("tags".to_owned(), body.get("tags").cloned().unwrap_or_else(|| json!([]))),
    ]);
    let principal = Principal { id: turn.clock.uuid(), app_id: key, props };
    let (id, view) = (principal.id, principal.view());
    turn.change().applications.principals.push(principal);
    turn.felt_about("principal.create", id, &name, Value::Null, view.clone());
    let location = format!("{}/v1.0/servicePrincipals/{id}", turn.origin);
    Ok(page::written(turn, 201, &SERVICE_PRINCIPAL, &view).with("Location", location))
}

/// What an application that signs in here holds: its registration says so.
fn signing_roles(app: &AppRegistration) -> Vec<Value> {
    let held = |name: &String, resource: &str| -> Value {
        let known = catalog::PERMISSION_IDS.iter().find(|(known, _)| known == name);
        // Names outside the table get an id of our own making.
        let role = known
            .map_or_else(|| id_from("permission", name).to_string(), |(_, id)| (*id).to_owned());
        json!({
            "id": id_from("grant", &format!("{}{name}", app.client_id)).simple().to_string(),
            "appRoleId": role, "principalId": app.object_id(),
            "principalType": "ServicePrincipal", "principalDisplayName": app.name,
            "resourceDisplayName": resource, "resourceId": id_from("service principal", resource),
            "createdDateTime": "2024-02-01T08:00:00Z", "deletedDateTime": null,
        })
    };
    let graph = app.graph_roles.iter().map(|name| held(name, "Microsoft Graph"));
    let exchange = app.exchange_roles.iter().map(|name| held(name, "Office 365 Exchange Online"));
    graph.chain(exchange).collect()
}

fn roles(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    let state = turn.state();
    let all = match find(turn, key)? {
        Found::Signing(app) => signing_roles(app),
        Found::Known(principal) => state
            .applications
            .roles
            .iter()
            .filter(|grant| grant.principal == principal.id)
            .map(|grant| state.role_view(grant, principal.name()))
            .collect(),
    };
    page::list(turn, call, &APP_ROLE_ASSIGNMENT, all, &page::nothing)
}

/// Everybody who holds a permission of this API.
fn assigned_to(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    let state = turn.state();
    let resource = find(turn, key)?.id();
    let name = |id: Uuid| state.principal(AppKey::Object(id)).map_or("", Principal::name);
    let signing = turn.core.apps.values().flat_map(signing_roles);
    let signing = signing.filter(|grant| grant["resourceId"] == json!(resource));
    let known = state.applications.roles.iter().filter(|grant| grant.resource == resource);
    let known = known.map(|grant| state.role_view(grant, name(grant.principal)));
    page::list(turn, call, &APP_ROLE_ASSIGNMENT, signing.chain(known).collect(), &page::nothing)
}

fn grant_role(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::ROLE_GRANT)?;
    let found = find(turn, key)?;
    let (principal, name) = (found.id(), found.name().to_owned());
    let body = object(call)?;
    let id = |member: &str| {
        let value = body.get(member).and_then(Value::as_str).unwrap_or_default();
        Uuid::try_parse(value).map_err(|_| refusals::app_invalid(member))
    };
    let (resource, role) = (id("resourceId")?, id("appRoleId")?);
    if id("principalId")? != principal {
        return Err(refusals::app_invalid("principalId"));
    }
    let state = turn.state();
    let api = state.principal(AppKey::Object(resource));
    let api = api.ok_or_else(|| refusals::no_object(&resource.to_string()))?;
    let offers = api.view()["appRoles"]
        .as_array()
        .is_some_and(|roles| roles.iter().any(|known| known["id"] == json!(role)));
    if !offers {
        return Err(refusals::no_permission(&api.app_id.to_string()));
    }
    let same = |grant: &RoleGrant| {
        (grant.principal, grant.resource, grant.role) == (principal, resource, role)
    };
    if state.applications.roles.iter().any(same) {
        return Err(refusals::granted_already());
    }
    let grant = RoleGrant {
        id: turn.clock.uuid().simple().to_string(),
        principal,
        resource,
        role,
        created: seconds(turn.now),
    };
    let view = state.role_view(&grant, &name);
    turn.change().applications.roles.push(grant);
    turn.felt_about("app_role.grant", principal, &name, Value::Null, view.clone());
    Ok(page::written(turn, 201, &APP_ROLE_ASSIGNMENT, &view))
}

fn take_role(turn: &mut Turn<'_>, id: &str) -> Outcome {
    turn.caller.need(access::ROLE_GRANT)?;
    let state = turn.state();
    let known = state.applications.roles.iter().find(|grant| grant.id == id);
    let known = known.ok_or_else(|| refusals::no_object(id))?;
    let principal = known.principal;
    let name = state.principal(AppKey::Object(principal)).map_or("", Principal::name).to_owned();
    let view = state.role_view(known, &name);
    turn.change().applications.roles.retain(|grant| grant.id != id);
    turn.felt_about("app_role.revoke", principal, &name, view, Value::Null);
    Ok(Answer::empty(204))
}

fn scopes_of(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::SCOPE_READ)?;
    let id = find(turn, key)?.id();
    let mine = turn.state().applications.scopes.iter().filter(|grant| grant.client == id);
    page::list(turn, call, &SCOPE_GRANT, mine.map(ScopeGrant::view).collect(), &page::nothing)
}

fn take_scope(turn: &mut Turn<'_>, id: &str) -> Outcome {
    turn.caller.need(access::SCOPE_WRITE)?;
    let state = turn.state();
    let known = state.applications.scopes.iter().find(|grant| grant.id == id);
    let known = known.ok_or_else(|| refusals::no_object(id))?;
    let (client, view) = (known.client, known.view());
    let name = state.principal(AppKey::Object(client)).map_or("", Principal::name).to_owned();
    turn.change().applications.scopes.retain(|grant| grant.id != id);
    turn.felt_about("scope.revoke", client, &name, view, Value::Null);
    Ok(Answer::empty(204))
}
