//! How Graph shows the tenant's objects, and how `/_sim/state` does.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    apps::{AppRegistration, ShownCredential},
    catalog,
    odata::kinds::{self, Shape},
    state::{
        Assignment, Group, Mailbox, Props, Role, Sku, State, User,
        mail::{Entry, GIGABYTE, Trustee},
    },
    turn::seconds,
};

/// All declared properties, absent ones as null or an empty list.
pub(super) fn full(props: &Props, id: Uuid, kind: &kinds::Kind) -> Map<String, Value> {
    let mut view = Map::new();
    for property in kind.properties {
        let absent = if property.shape == Shape::Texts { json!([]) } else { Value::Null };
        view.insert(property.name.to_owned(), props.get(property.name).cloned().unwrap_or(absent));
    }
    view.insert("id".into(), json!(id));
    view
}

pub(super) fn user(state: &State, user: &User) -> Value {
    let mut view = full(&user.props, user.id, &kinds::USER);
    let held = state.licences_of(user);
    let mut assigned: Vec<Value> = Vec::new();
    for licence in &held {
        if !assigned.iter().any(|known| known["skuId"] == json!(licence.sku)) {
            assigned.push(json!({ "skuId": licence.sku, "disabledPlans": licence.disabled }));
        }
    }
    let states: Vec<Value> = held
        .iter()
        .map(|licence| {
            json!({
                "skuId": licence.sku, "disabledPlans": licence.disabled,
                "assignedByGroup": licence.by_group, "state": "Active", "error": "None",
                "lastUpdatedDateTime": "2024-02-01T08:00:00Z",
            })
        })
        .collect();
    let plans: Vec<Value> = held
        .iter()
        .filter_map(|licence| state.sku(licence.sku).map(|sku| (licence, sku)))
        .flat_map(|(licence, sku)| {
            sku.plans.iter().filter(|plan| !licence.disabled.contains(&plan.id)).map(|plan| {
                json!({
                    "assignedDateTime": "2024-02-01T08:00:00Z", "capabilityStatus": "Enabled",
                    "service": plan.name, "servicePlanId": plan.id,
                })
            })
        })
        .collect();
    view.insert("assignedLicenses".into(), json!(assigned));
    view.insert("licenseAssignmentStates".into(), json!(states));
    view.insert("assignedPlans".into(), json!(plans));
    if let Some(at) = user.deleted_at {
        view.insert("deletedDateTime".into(), json!(seconds(at)));
    }
    Value::Object(view)
}

pub(super) fn group(group: &Group) -> Value {
    let mut view = full(&group.props, group.id, &kinds::GROUP);
    let licences: Vec<Value> =
        group.licences.iter().map(|sku| json!({ "skuId": sku, "disabledPlans": [] })).collect();
    view.insert("assignedLicenses".into(), json!(licences));
    Value::Object(view)
}

/// A role somebody holds, as `memberOf` shows it.
pub(super) fn directory_role(role: &Role) -> Value {
    json!({
        "id": catalog::id_from("directory role", &role.name), "displayName": role.name,
        "description": null, "roleTemplateId": role.template, "deletedDateTime": null,
    })
}

/// Adds the type, as a list of mixed objects has it.
pub(super) fn typed(mut view: Value, name: &str) -> Value {
    view["@odata.type"] = json!(format!("#microsoft.graph.{name}"));
    view
}

pub(super) fn role_definition(role: &Role) -> Value {
    json!({
        "id": role.template, "displayName": role.name, "templateId": role.template,
        "isBuiltIn": true, "isEnabled": true, "description": null, "resourceScopes": ["/"],
        "version": "1", "rolePermissions": [],
    })
}

pub(super) fn assignment(held: &Assignment) -> Value {
    json!({
        "id": held.id, "principalId": held.principal, "roleDefinitionId": held.role,
        "directoryScopeId": "/", "appScopeId": null,
    })
}

pub(super) fn sku(state: &State, sku: &Sku) -> Value {
    json!({
        "id": format!("{}_{}", state.tenant.id, sku.id), "accountId": state.tenant.id,
        "accountName": state.tenant.name, "skuId": sku.id, "skuPartNumber": sku.part_number,
        "appliesTo": "User", "capabilityStatus": "Enabled",
        "consumedUnits": state.consumed(sku), "subscriptionIds": [],
        "prepaidUnits": { "enabled": sku.enabled, "suspended": 0, "warning": 0, "lockedOut": 0 },
        "servicePlans": service_plans(sku),
    })
}

pub(super) fn service_plans(sku: &Sku) -> Vec<Value> {
    sku.plans
        .iter()
        .map(|plan| {
            json!({
                "servicePlanId": plan.id, "servicePlanName": plan.name,
                "provisioningStatus": "Success", "appliesTo": "User",
            })
        })
        .collect()
}

pub(super) fn service_principal(app: &AppRegistration) -> Value {
    json!({
        "id": app.object_id(), "appId": app.client_id, "displayName": app.name,
        "appDisplayName": app.name, "accountEnabled": true, "servicePrincipalType": "Application",
        "appRoleAssignmentRequired": false, "tags": [], "servicePrincipalNames": [app.client_id],
        "signInAudience": "AzureADMyOrg",
    })
}

pub(super) fn registration_id(app: &AppRegistration) -> Uuid {
    catalog::id_from("application", &app.client_id)
}

/// The registration of an application that signs in here.
pub(super) fn registration(app: &AppRegistration) -> Value {
    let credentials = |certificates: bool| -> Vec<Value> {
        let shown = app.shown.iter().filter(|shown| shown.certificate == certificates);
        shown.enumerate().map(|(row, shown)| credential(app, row, shown)).collect()
    };
    let optional: Vec<Value> =
        app.id_claims.iter().map(|name| json!({ "name": name, "essential": false })).collect();
    json!({
        "id": registration_id(app), "appId": app.client_id, "displayName": app.name,
        "createdByAppId": null, "createdDateTime": "2024-02-01T08:00:00Z",
        "deletedDateTime": null, "description": null, "notes": null, "identifierUris": [],
        "tags": [], "uniqueName": null, "signInAudience": "AzureADMyOrg",
        "verifiedPublisher": null, "requiredResourceAccess": required(app),
        "appRoles": [], "web": { "redirectUris": app.redirects },
        "optionalClaims": { "idToken": optional, "accessToken": [], "saml2Token": [] },
        "passwordCredentials": credentials(false), "keyCredentials": credentials(true),
    })
}

fn credential(app: &AppRegistration, row: usize, shown: &ShownCredential) -> Value {
    let begins = "2026-02-01T08:00:00Z";
    if shown.certificate {
        return json!({
            "customKeyIdentifier": shown.mark, "displayName": shown.name, "key": null,
            "keyId": catalog::id_from("certificate", &shown.mark), "type": "AsymmetricX509Cert",
            "usage": "Verify", "startDateTime": begins, "endDateTime": shown.ends,
        });
    }
    let id = if row == 0 { app.client_id.clone() } else { format!("{row}{}", app.client_id) };
    json!({
        "customKeyIdentifier": null, "displayName": shown.name, "hint": shown.mark,
        "keyId": catalog::id_from("secret", &id), "secretText": null,
        "startDateTime": begins, "endDateTime": shown.ends,
    })
}

/// What the registration asks for: what was granted, and what was not yet.
fn required(app: &AppRegistration) -> Value {
    let of = |exchange: bool| -> Vec<Value> {
        let granted = if exchange { &app.exchange_roles } else { &app.graph_roles };
        let asked = app.asks.iter().filter_map(|entry| match entry.strip_prefix("exchange:") {
            Some(name) => exchange.then_some(name),
            None => (!exchange).then_some(entry.as_str()),
        });
        let names = granted.iter().map(String::as_str).chain(asked);
        names
            .map(|name| json!({ "id": catalog::apis::permission(name, true), "type": "Role" }))
            .collect()
    };
    let resources = catalog::apis::APIS.iter().zip([of(false), of(true)]);
    resources
        .filter(|(_, access)| !access.is_empty())
        .map(|((_, id), access)| json!({ "resourceAppId": id, "resourceAccess": access }))
        .collect()
}

/// One user with everything around, for people.
pub(super) fn whole_user(state: &State, found: &User) -> Value {
    let mut view = user(state, found);
    let manager = found.manager.and_then(|id| state.users.get(&id));
    let groups: Vec<&str> = state.groups_with(found.id).iter().map(|group| group.name()).collect();
    let roles: Vec<&str> =
        state.roles_above(found.id).iter().map(|role| role.name.as_str()).collect();
    let licences: Vec<&str> = state
        .licences_of(found)
        .iter()
        .filter_map(|held| state.sku(held.sku))
        .map(|sku| sku.part_number.as_str())
        .collect();
    let mailbox = state.mailbox(found).map(|mailbox| {
        json!({
            "type": if mailbox.shared { "SharedMailbox" } else { "UserMailbox" },
            "forwardingAddress": mailbox.forwarding_address,
            "forwardingSmtpAddress": mailbox.forwarding_smtp,
            "deliverToMailboxAndForward": mailbox.deliver_and_forward,
            "hiddenFromAddressLists": mailbox.hidden,
            "details": mail_details(state, mailbox),
            "automaticReplies": {
                "status": mailbox.reply.status, "externalAudience": mailbox.reply.audience,
                "internalMessage": mailbox.reply.internal,
                "externalMessage": mailbox.reply.external,
                "start": seconds(mailbox.reply.start), "end": seconds(mailbox.reply.end),
            },
        })
    });
    view["manager"] = json!(manager.map(User::upn));
    view["groups"] = json!(groups);
    view["roles"] = json!(roles);
    view["licenses"] = json!(licences);
    view["mailbox"] = json!(mailbox);
    let methods = state.methods.get(&found.id);
    let names: Vec<&str> =
        methods.iter().flat_map(|held| &held.list).map(|method| method.sort.name()).collect();
    view["authenticationMethods"] = json!(names);
    view["hasPassword"] = json!(found.password.is_some());
    view
}

/// Rights, holds, rules and meetings of a mailbox, for people.
fn mail_details(state: &State, mailbox: &Mailbox) -> Value {
    let details = &mailbox.details;
    let names = |entries: &[Entry]| -> Vec<String> {
        let object = |entry: &Entry| match &entry.trustee {
            Trustee::Object(id) => Some(*id),
            Trustee::Named(_) => None,
        };
        let given = entries.iter().filter(|entry| !entry.deny && !entry.inherited);
        given.filter_map(object).map(|id| state.name_of(id)).collect()
    };
    let on_behalf: Vec<String> =
        details.send_on_behalf.iter().map(|id| state.name_of(*id)).collect();
    json!({
        "fullAccess": names(&details.access), "sendAs": names(&details.send_as),
        "sendOnBehalf": on_behalf, "litigationHold": details.hold.is_some(),
        "litigationHoldDays": details.hold.as_ref().and_then(|hold| hold.days),
        "archive": details.archive, "gigabytes": details.bytes / GIGABYTE,
        "rules": details.rules.iter().map(|rule| json!({ "name": rule.name, "enabled": rule.enabled })).collect::<Vec<_>>(),
        "meetings": details.meetings.iter().map(|meeting| meeting.subject.as_str()).collect::<Vec<_>>(),
    })
}

/// The whole tenant, for people.
pub(super) fn whole_tenant(state: &State) -> Value {
    let groups: Vec<Value> = state
        .groups
        .values()
        .map(|found| {
            let mut view = group(found);
            let members: Vec<String> =
                state.members_of(found).iter().map(|id| state.name_of(*id)).collect();
            view["members"] = json!(members);
            view["owners"] =
                json!(found.owners.iter().map(|id| state.name_of(*id)).collect::<Vec<_>>());
            view
        })
        .collect();
    json!({
        "tenant": {
            "id": state.tenant.id, "displayName": state.tenant.name,
            "domain": state.tenant.domain, "onmicrosoft": state.tenant.onmicrosoft,
        },
        "users": state.users.values().map(|user| whole_user(state, user)).collect::<Vec<_>>(),
        "deletedUsers": state.deleted.values().map(|found| user(state, found)).collect::<Vec<_>>(),
        "groups": groups,
        "transportRules": state.mail.rules.iter().map(|rule| json!({
            "name": rule.name, "enabled": rule.enabled, "priority": rule.priority,
        })).collect::<Vec<_>>(),
        "autoForwardingMode": state.mail.auto_forwarding,
        "conditionalAccessPolicies": state.policies.policies.iter().map(|policy| {
            json!({ "id": policy.id, "policy": policy.props })
        }).collect::<Vec<_>>(),
        "drives": state.mail.drives.iter().filter(|(_, shares)| !shares.is_empty()).map(|(id, shares)| json!({
            "owner": state.name_of(*id),
            "shares": shares.iter().map(|share| json!({
                "user": state.name_of(share.user), "role": share.role,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "skus": state.skus.iter().map(|found| sku(state, found)).collect::<Vec<_>>(),
    })
}
