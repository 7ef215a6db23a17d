//! Applications: their registrations, their service principals, and what was granted to them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{super::turn::seconds, Props, State};

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Applications {
    pub registrations: Vec<Registration>,
    pub principals: Vec<Principal>,
    pub scopes: Vec<ScopeGrant>,
    pub roles: Vec<RoleGrant>,
}

/// An application that is registered in this tenant.
#[derive(Debug, Clone)]
pub(in super::super) struct Registration {
    pub id: Uuid,
    pub app_id: Uuid,
    /// The client id of the application that registered it.
    pub created_by: Option<String>,
    /// Service principals and users.
    pub owners: BTreeSet<Uuid>,
    pub secrets: Vec<Secret>,
    pub props: Props,
}

/// A client secret. Its value is kept as a digest.
#[derive(Debug, Clone)]
pub(in super::super) struct Secret {
    pub key_id: Uuid,
    pub name: Option<String>,
    pub begins: Timestamp,
    pub ends: Timestamp,
    pub hint: String,
    pub digest: [u8; 32],
}

/// An application as it acts in this tenant. Its own app may be registered elsewhere.
#[derive(Debug, Clone)]
pub(in super::super) struct Principal {
    pub id: Uuid,
    pub app_id: Uuid,
    pub props: Props,
}

/// `oAuth2PermissionGrant`: scopes of an API that the application may use for people.
#[derive(Debug, Clone)]
pub(in super::super) struct ScopeGrant {
    pub id: String,
    pub client: Uuid,
    /// Nobody: for everybody (`AllPrincipals`).
    pub person: Option<Uuid>,
    pub resource: Uuid,
    pub scope: String,
}

/// `appRoleAssignment`: a permission of an API that the application holds by itself.
#[derive(Debug, Clone)]
pub(in super::super) struct RoleGrant {
    pub id: String,
    pub principal: Uuid,
    pub resource: Uuid,
    pub role: Uuid,
    pub created: String,
}

pub(in super::super) fn secret_digest(value: &str) -> [u8; 32] {
    digest(&SHA256, value.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

impl Secret {
    /// As it is listed: never with its value.
    pub fn view(&self) -> Value {
        json!({
            "customKeyIdentifier": null, "displayName": self.name, "hint": self.hint,
            "keyId": self.key_id, "secretText": null,
            "startDateTime": seconds(self.begins), "endDateTime": seconds(self.ends),
        })
    }
}

impl Registration {
    pub fn name(&self) -> &str {
        self.props.get("displayName").and_then(Value::as_str).unwrap_or_default()
    }

    pub fn view(&self) -> Value {
        let mut view = json!({
            "id": self.id, "appId": self.app_id, "deletedDateTime": null,
            "createdByAppId": self.created_by, "description": null, "notes": null,
            "identifierUris": [], "tags": [], "signInAudience": "AzureADMyOrg",
            "requiredResourceAccess": [], "keyCredentials": [], "appRoles": [],
            "uniqueName": null, "verifiedPublisher": null,
            "web": { "redirectUris": [], "homePageUrl": null, "logoutUrl": null },
        });
        for (name, value) in &self.props {
            view[name] = value.clone();
        }
        view["passwordCredentials"] = self.secrets.iter().map(Secret::view).collect();
        view
    }
}

impl Principal {
    pub fn name(&self) -> &str {
        self.props.get("displayName").and_then(Value::as_str).unwrap_or_default()
    }

    pub fn view(&self) -> Value {
        let name = self.name();
        let mut view = json!({
            "id": self.id, "appId": self.app_id, "deletedDateTime": null, "displayName": name,
            "appDisplayName": name, "accountEnabled": true,
            "servicePrincipalType": "Application", "appRoleAssignmentRequired": false,
            "tags": [], "servicePrincipalNames": [self.app_id], "signInAudience": "AzureADMyOrg",
            "appOwnerOrganizationId": null, "verifiedPublisher": null, "homepage": null,
            "replyUrls": [], "appRoles": [], "oauth2PermissionScopes": [],
            "passwordCredentials": [], "keyCredentials": [],
        });
        for (name, value) in &self.props {
            view[name] = value.clone();
        }
        view
    }
}

impl ScopeGrant {
    pub fn view(&self) -> Value {
        let kind = if self.person.is_some() { "Principal" } else { "AllPrincipals" };
        json!({
            "id": self.id, "clientId": self.client, "consentType": kind,
            "principalId": self.person, "resourceId": self.resource, "scope": self.scope,
        })
    }
}

impl State {
    /// By object id, or by application id.
    pub fn registration(&self, key: AppKey) -> Option<&Registration> {
        let same = |app: &&Registration| match key {
            AppKey::Object(id) => app.id == id,
            AppKey::App(id) => app.app_id == id,
        };
        self.applications.registrations.iter().find(same)
    }

    pub fn principal(&self, key: AppKey) -> Option<&Principal> {
        let same = |app: &&Principal| match key {
            AppKey::Object(id) => app.id == id,
            AppKey::App(id) => app.app_id == id,
        };
        self.applications.principals.iter().find(same)
    }

    pub fn role_view(&self, grant: &RoleGrant, principal: &str) -> Value {
        let resource = self.principal(AppKey::Object(grant.resource)).map(Principal::name);
        json!({
            "id": grant.id, "appRoleId": grant.role, "principalId": grant.principal,
            "principalType": "ServicePrincipal", "principalDisplayName": principal,
            "resourceDisplayName": resource, "resourceId": grant.resource,
            "createdDateTime": grant.created, "deletedDateTime": null,
        })
    }
}

/// Which of the two ids somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum AppKey {
    Object(Uuid),
    App(Uuid),
}
