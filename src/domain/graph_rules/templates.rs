//! Paths of Graph: which anybody may look at, which are closed, which only refer.

use std::sync::LazyLock;

use crate::domain::{
    graph_address::{GraphAddress, NotAnAddress},
    graph_call::Method,
};

/// A path in which a part in braces stands for any one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Any,
    /// In lower case.
    Is(String),
}

impl Template {
    /// Whether the address has this form. A call such as `applications(appId='x')` has none.
    pub fn fits(&self, address: &GraphAddress) -> bool {
        let segments = address.segments();
        segments.len() == self.0.len()
            && segments.iter().zip(&self.0).all(|(segment, part)| {
                !segment.call
                    && match part {
                        Part::Any => !segment.said.starts_with('$'),
                        Part::Is(name) => segment.plain == *name,
                    }
            })
    }
}

impl std::str::FromStr for Template {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let address = GraphAddress::parse(said).map_err(|why: NotAnAddress| why.to_string())?;
        if !address.options().is_empty() || address.segments().iter().any(|part| part.call) {
            return Err("a template is a path without a query or a call".to_owned());
        }
        let part = |said: &str, plain: &str| {
            if said.starts_with('{') && said.ends_with('}') {
                Part::Any
            } else {
                Part::Is(plain.to_owned())
            }
        };
        let parts = address.segments().iter().map(|segment| part(&segment.said, &segment.plain));
        Ok(Self(parts.collect()))
    }
}

/// What the actions look at themselves, with the permissions they have anyway.
const OPEN: &[&str] = &[
    "/users",
    "/users/$count",
    "/users/{id}",
    "/users/{id}/manager",
    "/users/{id}/directReports",
    "/users/{id}/memberOf",
    "/users/{id}/memberOf/group",
    "/users/{id}/memberOf/directoryRole",
    "/users/{id}/transitiveMemberOf",
    "/users/{id}/transitiveMemberOf/group",
    "/users/{id}/licenseDetails",
    "/users/{id}/ownedDevices",
    "/users/{id}/registeredDevices",
    "/users/{id}/sponsors",
    "/users/{id}/mailboxSettings",
    "/users/{id}/oauth2PermissionGrants",
    "/groups",
    "/groups/$count",
    "/groups/{id}",
    "/groups/{id}/members",
    "/groups/{id}/members/$count",
    "/groups/{id}/members/user",
    "/groups/{id}/transitiveMembers",
    "/groups/{id}/owners",
    "/groups/{id}/memberOf",
    "/devices",
    "/devices/{id}",
    "/devices/{id}/registeredOwners",
    "/deviceManagement/managedDevices",
    "/deviceManagement/managedDevices/{id}",
    "/subscribedSkus",
    "/subscribedSkus/{id}",
    "/organization",
    "/domains",
    "/domains/{id}",
    "/directory/deletedItems/user",
    "/directory/deletedItems/group",
    "/roleManagement/directory/roleAssignments",
    "/roleManagement/directory/roleDefinitions",
    "/identity/conditionalAccess/policies",
    "/identity/conditionalAccess/policies/{id}",
    "/identity/conditionalAccess/namedLocations",
    "/identity/conditionalAccess/namedLocations/{id}",
    "/applications",
    "/applications/$count",
    "/applications/{id}",
    "/applications/{id}/owners",
    "/servicePrincipals",
    "/servicePrincipals/$count",
    "/servicePrincipals/{id}",
    "/servicePrincipals/{id}/owners",
    "/servicePrincipals/{id}/appRoleAssignments",
    "/servicePrincipals/{id}/appRoleAssignedTo",
    "/servicePrincipals/{id}/oauth2PermissionGrants",
    "/oauth2PermissionGrants",
    "/oauth2PermissionGrants/{id}",
];

/// [`OPEN`], read once.
pub fn open() -> &'static [Template] {
    static READ: LazyLock<Vec<Template>> = LazyLock::new(|| {
        OPEN.iter().map(|path| path.parse().expect("a test reads the table")).collect()
    });
    &READ
}

/// Neighbours that an open look may bring along.
pub(super) const EXPANDS: &[&str] = &[
    "manager",
    "directreports",
    "members",
    "owners",
    "memberof",
    "transitivememberof",
    "registeredowners",
    "sponsors",
    "roledefinition",
    "principal",
];

/// Parts of a path that lead to a credential, in lower case.
pub(super) const CREDENTIAL_PATHS: &[&str] = &[
    "acquireaccesstoken",
    "addkey",
    "addpassword",
    "addtokensigningcertificate",
    "bitlocker",
    "changepassword",
    "createpasswordsinglesignoncredentials",
    "devicelocalcredentials",
    "getfilevaultkey",
    "getpasswordsinglesignoncredentials",
    "hardwareoathmethods",
    "passwordmethods",
    "recoverpasscode",
    "recoverykeys",
    "removekey",
    "removepassword",
    "resetpassword",
    "rotatebitlockerkeys",
    "rotatefilevaultkey",
    "rotatelocaladminpassword",
    "secrets",
    "temporaryaccesspassmethods",
    "updatepasswordsinglesignoncredentials",
];

/// Where a part stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// The path begins with these.
    Begins(&'static [&'static str]),
    /// It is somewhere in the path.
    Anywhere(&'static str),
}

/// Writes that go through an action of their own, or are not done here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    pub place: Place,
    /// Nothing: every write.
    pub methods: Option<&'static [Method]>,
    /// The action to ask for instead.
    pub action: Option<&'static str>,
    /// Why, when there is none.
    pub why: &'static str,
}

const fn to(place: Place, action: &'static str) -> Closed {
    Closed { place, methods: None, action: Some(action), why: "" }
}

const fn shut(place: Place, why: &'static str) -> Closed {
    Closed { place, methods: None, action: None, why }
}

use Place::{Anywhere, Begins};

pub(super) const CLOSED: &[Closed] = &[
    to(Begins(&["rolemanagement"]), "assign_role"),
    to(Begins(&["directoryroles"]), "assign_role"),
    to(Anywhere("scopedrolemembers"), "assign_role"),
    to(Anywhere("scopedrolememberof"), "assign_role"),
    shut(Begins(&["identitygovernance"]), "grants of access are not changed through raw requests"),
    shut(Begins(&["privilegedaccess"]), "grants of access are not changed through raw requests"),
    shut(
        Begins(&["tenantrelationships"]),
        "partner relations are not changed through raw requests",
    ),
    to(Begins(&["identity", "conditionalaccess"]), "update_ca_policy"),
    shut(Begins(&["policies"]), "tenant policies are not changed through raw requests"),
    to(Begins(&["applications"]), "create_app"),
    shut(Begins(&["serviceprincipals"]), "service principals are not changed through raw requests"),
    shut(
        Begins(&["oauth2permissiongrants"]),
        "consent is given by an administrator in the browser",
    ),
    shut(Anywhere("oauth2permissiongrants"), "consent is given by an administrator in the browser"),
    shut(
        Anywhere("approleassignments"),
        "permissions are granted by an administrator in the browser",
    ),
    shut(
        Anywhere("approleassignedto"),
        "permissions are granted by an administrator in the browser",
    ),
    shut(Begins(&["directoryobjects"]), "an object is changed under its own collection"),
    Closed { place: Begins(&["domains"]), methods: None, action: Some("delete_domain"), why: "" },
    Closed {
        place: Begins(&["devices"]),
        methods: Some(&[Method::Delete]),
        action: Some("delete_device"),
        why: "",
    },
    to(Anywhere("wipe"), "wipe_device"),
    to(Anywhere("retire"), "retire_device"),
    shut(Anywhere("authentication"), "sign-in methods are reset by reset_mfa"),
    shut(
        Anywhere("subscriptions"),
        "a subscription would send the tenant's data to an address outside for as long as it lasts",
    ),
];

/// Lists and single places that refer to objects which live elsewhere, in lower case.
pub(super) const REFERENCES: &[&str] = &[
    "acceptedsenders",
    "createdobjects",
    "createdonbehalfof",
    "directreports",
    "manager",
    "memberof",
    "members",
    "ownedobjects",
    "owneddevices",
    "owners",
    "registereddevices",
    "registeredowners",
    "registeredusers",
    "rejectedsenders",
    "sponsors",
    "transitivememberof",
    "transitivemembers",
];

#[cfg(test)]
mod tests {
    #[test]
    fn every_template_is_one() {
        assert!(super::open().len() > 50);
    }
}
