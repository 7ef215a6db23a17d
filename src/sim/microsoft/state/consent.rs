//! What an administrator grants by opening the consent link of an application.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{catalog::id_from, turn::seconds},
    AppKey, Principal, RoleGrant, ScopeGrant, State,
};

/// One permission that a registration asks for, found at its API.
enum Asked {
    Role { resource: Uuid, role: Uuid },
    Scope { resource: Uuid, name: String },
}

impl State {
    /// The application gets a service principal and everything that its registration asks for.
    /// False when it is not registered here.
    pub fn consent(&mut self, app_id: Uuid, now: Timestamp) -> bool {
        let Some(app) = self.registration(AppKey::App(app_id)) else { return false };
        let name = app.name().to_owned();
        let asked = self.asked(&app.view()["requiredResourceAccess"]);
        let principal = self.principal_for(app_id, &name);
        self.applications.roles.retain(|grant| grant.principal != principal);
        self.applications
            .scopes
            .retain(|grant| grant.client != principal || grant.person.is_some());
        let mut scopes: Vec<(Uuid, BTreeSet<String>)> = Vec::new();
        for one in asked {
            match one {
                Asked::Role { resource, role } => self.applications.roles.push(RoleGrant {
                    id: grant_id(principal, &format!("{resource}{role}")),
                    principal,
                    resource,
                    role,
                    created: seconds(now),
                }),
                Asked::Scope { resource, name } => {
                    match scopes.iter_mut().find(|(known, _)| *known == resource) {
                        Some((_, names)) => _ = names.insert(name),
                        None => scopes.push((resource, BTreeSet::from([name]))),
                    }
                }
            }
        }
        self.applications.scopes.extend(scopes.into_iter().map(|(resource, names)| ScopeGrant {
            id: grant_id(principal, &resource.to_string()),
            client: principal,
            person: None,
            resource,
            scope: names.into_iter().collect::<Vec<_>>().join(" "),
        }));
        true
    }

    fn asked(&self, wanted: &Value) -> Vec<Asked> {
        let guid = |value: &Value| value.as_str().and_then(|id| Uuid::try_parse(id).ok());
        let mut asked = Vec::new();
        for resource in wanted.as_array().into_iter().flatten() {
            let api = guid(&resource["resourceAppId"]);
            let api = api.and_then(|id| self.principal(AppKey::App(id)));
            let Some(api) = api else { continue };
            let view = api.view();
            for access in resource["resourceAccess"].as_array().into_iter().flatten() {
                let Some(id) = guid(&access["id"]) else { continue };
                if access["type"] == "Role" {
                    asked.push(Asked::Role { resource: api.id, role: id });
                    continue;
                }
                let mut offered = view["oauth2PermissionScopes"].as_array().into_iter().flatten();
                let scope = offered.find(|scope| scope["id"] == json!(id));
                let name = scope.and_then(|scope| scope["value"].as_str());
                asked.extend(
                    name.map(|name| Asked::Scope { resource: api.id, name: name.to_owned() }),
                );
            }
        }
        asked
    }

    fn principal_for(&mut self, app_id: Uuid, name: &str) -> Uuid {
        if let Some(known) = self.principal(AppKey::App(app_id)) {
            return known.id;
        }
        let id = id_from("service principal", &app_id.to_string());
        let props = Map::from_iter([
            ("displayName".to_owned(), json!(name)),
            ("appOwnerOrganizationId".to_owned(), json!(self.tenant.id)),
        ]);
        self.applications.principals.push(Principal { id, app_id, props });
        id
    }
}

fn grant_id(principal: Uuid, what: &str) -> String {
    id_from("grant", &format!("{principal}{what}")).simple().to_string()
}
