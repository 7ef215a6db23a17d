//! Applications of a tenant: registrations, service principals, and what was granted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::ids::{ObjectId, UserId};

/// Marks the ids of registrations. Never made.
#[derive(Debug)]
pub enum OfApp {}

/// An application registration of one tenant, by its object id (not its client id).
pub type AppId = ObjectId<OfApp>;

/// The tag that registrations made here carry.
pub const TAG: &str = "countersign";

/// The application id of Microsoft Graph.
pub const GRAPH: Uuid = Uuid::from_u128(0x0000_0003_0000_0000_c000_0000_0000_0000);

/// Tenants that Microsoft's own applications come from (learn.microsoft.com/entra, "Verify
/// first-party Microsoft applications in sign-in reports").
pub const MICROSOFT: [Uuid; 2] = [
    Uuid::from_u128(0xf8cd_ef31_a31e_4b4a_93e4_5f57_1e91_255a),
    Uuid::from_u128(0x72f9_88bf_86f1_41af_91ab_2d7c_d011_db47),
];

/// An application that is registered in the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its object id.
    pub id: AppId,
    /// Its client id.
    pub client: Uuid,
    /// `displayName`. Not unique.
    pub name: String,
    /// `createdByAppId`: the client id of the application that registered it.
    pub created_by: Option<Uuid>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `signInAudience`.
    pub audience: String,
    /// Client secrets, without their values.
    pub secrets: Vec<Credential>,
    /// Certificates.
    pub certificates: Vec<Credential>,
    /// `requiredResourceAccess`, flattened.
    pub wants: Vec<Access>,
    /// `web.redirectUris`.
    pub redirects: Vec<String>,
}

impl App {
    /// Was it registered by this application, by what the directory itself wrote down?
    pub fn is_made_by(&self, client: Uuid) -> bool {
        self.created_by == Some(client) && self.tags.iter().any(|tag| tag == TAG)
    }
}

/// A client secret or a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// `displayName`, if it has one.
    pub name: Option<String>,
    /// When it stops working.
    pub ends: Option<Timestamp>,
}

/// A permission of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Access {
    /// The API's application id.
    pub api: Uuid,
    /// The permission's id there.
    pub id: Uuid,
    /// An application permission (role); otherwise a delegated one (scope).
    pub role: bool,
}

/// An application as it acts in the tenant. It may be registered elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Its object id.
    pub id: Uuid,
    /// Its client id.
    pub client: Uuid,
    /// `displayName`.
    pub name: String,
    /// The tenant it is registered in, when it is known.
    pub home: Option<Uuid>,
    /// Its publisher, verified by Microsoft.
    pub publisher: Option<String>,
    /// `accountEnabled`.
    pub enabled: bool,
    /// `servicePrincipalType`: `Application`, `ManagedIdentity`, `Legacy` …
    pub sort: String,
}

impl Principal {
    /// From somebody who is neither Microsoft nor the tenant itself.
    pub fn is_third_party(&self, tenant: Uuid) -> bool {
        self.sort == "Application"
            && self.home.is_none_or(|home| home != tenant && !MICROSOFT.contains(&home))
    }
}

/// Delegated permissions of an API that an application may use for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeGrant {
    /// The service principal that holds it.
    pub holder: Uuid,
    /// For whom; nobody: for everybody.
    pub person: Option<UserId>,
    /// The service principal of the API.
    pub api: Uuid,
    /// The names of the permissions.
    pub scopes: Vec<String>,
}

/// An application permission that a service principal holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// The service principal that holds it.
    pub holder: Uuid,
    /// The service principal of the API.
    pub api: Uuid,
    /// The API's name.
    pub api_name: String,
    /// The permission's id.
    pub role: Uuid,
}

/// The permissions that an API offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// Its service principal.
    pub id: Uuid,
    /// Its application id.
    pub client: Uuid,
    /// Its name.
    pub name: String,
    /// Application permissions: id and name.
    pub roles: Vec<(Uuid, String)>,
    /// Delegated permissions: id and name.
    pub scopes: Vec<(Uuid, String)>,
}

impl Api {
    /// The name of one of its permissions; its id when it is not known.
    pub fn named(&self, access: &Access) -> String {
        let list = if access.role { &self.roles } else { &self.scopes };
        let found = list.iter().find(|(id, _)| *id == access.id);
        found.map_or_else(|| access.id.to_string(), |(_, name)| name.clone())
    }

    /// The permission of this name, in any letter case: an application permission, or with
    /// `delegated:` in front a delegated one.
    pub fn permission(&self, said: &str) -> Option<Access> {
        let (said, role) = match said.trim().split_once(':') {
            Some((sort, name)) if sort.eq_ignore_ascii_case("delegated") => (name.trim(), false),
            Some((sort, name)) if sort.eq_ignore_ascii_case("application") => (name.trim(), true),
            _ => (said.trim(), true),
        };
        let list = if role { &self.roles } else { &self.scopes };
        let (id, _) = list.iter().find(|(_, name)| name.eq_ignore_ascii_case(said))?;
        Some(Access { api: self.client, id: *id, role })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Api, GRAPH, MICROSOFT, Principal};

    #[test]
    fn strangers_are_told_from_microsoft_and_the_tenant() {
        let tenant = Uuid::from_u128(7);
        let from = |home: Option<Uuid>| Principal {
            id: Uuid::nil(),
            client: Uuid::nil(),
            name: "A".into(),
            home,
            publisher: None,
            enabled: true,
            sort: "Application".into(),
        };
        assert!(from(Some(Uuid::from_u128(8))).is_third_party(tenant));
        assert!(from(None).is_third_party(tenant), "who does not say where it is from");
        assert!(!from(Some(tenant)).is_third_party(tenant));
        assert!(!from(Some(MICROSOFT[0])).is_third_party(tenant));
        assert_eq!(GRAPH.to_string(), "00000003-0000-0000-c000-000000000000");
    }

    #[test]
    fn a_permission_is_named_with_its_sort() {
        let api = Api {
            id: Uuid::nil(),
            client: GRAPH,
            name: "Microsoft Graph".into(),
            roles: vec![(Uuid::from_u128(1), "Mail.Send".into())],
            scopes: vec![(Uuid::from_u128(2), "Mail.Send".into())],
        };
        assert!(api.permission("mail.send").is_some_and(|found| found.role));
        assert!(api.permission("delegated:Mail.Send").is_some_and(|found| !found.role));
        assert_eq!(api.permission("Mail.Sned"), None);
    }
}
