//! The organisation, its domains, and the applications in it.

use serde_json::{Value, json};

use super::super::{
    access,
    apps::AppRegistration,
    call::Call,
    catalog,
    odata::{
        kinds::{APP_ROLE_ASSIGNMENT, DOMAIN, ORGANIZATION, SERVICE_PRINCIPAL},
        page,
    },
    refusals::{self, Outcome, Refusal},
    state::User,
    turn::{Turn, seconds},
    views,
};

pub(super) fn organization(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ORGANIZATION_READ)?;
    let tenant = &turn.state().tenant;
    let synced = turn.state().users.values().any(User::is_synced);
    let domain = |name: &str, default: bool| {
        json!({
            "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": default,
            "isInitial": !default, "name": name, "type": "Managed",
        })
    };
    let one = json!({
        "id": tenant.id, "displayName": tenant.name, "countryLetterCode": "GB",
        "tenantType": "AAD", "createdDateTime": "2019-02-01T08:00:00Z",
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then(|| seconds(turn.now)),
        "verifiedDomains": [domain(&tenant.domain, true), domain(&tenant.onmicrosoft, false)],
        "assignedPlans": [],
    });
    page::list(turn, call, &ORGANIZATION, vec![one], &page::nothing)
}

pub(super) fn domains(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::DOMAIN_READ)?;
    let tenant = &turn.state().tenant;
    let domain = |name: &str, default: bool| {
        json!({
            "id": name, "isDefault": default, "isInitial": !default, "isRoot": true,
            "isVerified": true, "isAdminManaged": true, "authenticationType": "Managed",
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        })
    };
    let all = vec![domain(&tenant.domain, true), domain(&tenant.onmicrosoft, false)];
    page::list(turn, call, &DOMAIN, all, &page::nothing)
}

pub(super) fn service_principals(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::APP_READ)?;
    let all = turn.core.apps.values().map(views::service_principal).collect();
    page::list(turn, call, &SERVICE_PRINCIPAL, all, &page::nothing)
}

/// By object id, or `appId='…'`.
fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<&'a AppRegistration, Refusal> {
    let by_app = key.strip_prefix("appId=").map(|id| id.trim_matches('\''));
    let same = |app: &&AppRegistration| match by_app {
        Some(id) => app.client_id.eq_ignore_ascii_case(id),
        None => app.object_id().to_string().eq_ignore_ascii_case(key),
    };
    let id = by_app.unwrap_or(key);
    turn.core.apps.values().find(same).ok_or_else(|| refusals::no_object(id))
}

pub(super) fn service_principal(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::APP_READ)?;
    let view = views::service_principal(find(turn, key)?);
    page::one(turn, call, &SERVICE_PRINCIPAL, &view, &page::nothing)
}

pub(super) fn app_roles(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::APP_READ)?;
    let app = find(turn, key)?;
    let held = |name: &String, resource: &str| -> Value {
        let known = catalog::PERMISSION_IDS.iter().find(|(known, _)| known == name);
        // Names outside the table get an id of our own making.
        let role = known.map_or_else(
            || catalog::id_from("permission", name).to_string(),
            |(_, id)| (*id).to_owned(),
        );
        json!({
            "id": catalog::id_from("grant", &format!("{}{name}", app.client_id)).simple().to_string(),
            "appRoleId": role, "principalId": app.object_id(), "principalType": "ServicePrincipal",
            "principalDisplayName": app.name, "resourceDisplayName": resource,
            "resourceId": catalog::id_from("service principal", resource),
            "createdDateTime": "2024-02-01T08:00:00Z", "deletedDateTime": null,
        })
    };
    let graph = app.graph_roles.iter().map(|name| held(name, "Microsoft Graph"));
    let exchange = app.exchange_roles.iter().map(|name| held(name, "Office 365 Exchange Online"));
    page::list(turn, call, &APP_ROLE_ASSIGNMENT, graph.chain(exchange).collect(), &page::nothing)
}
