//! The kinds of object Graph shows here
//! (property tables under learn.microsoft.com/graph/api/resources).

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Shape {
    Text,
    Flag,
    Texts,
    Time,
    Other,
}

/// Who may use a property for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Use {
    /// Can be written and filtered.
    Open,
    /// Can be filtered, the service writes it.
    Seen,
    /// Can be read on demand, nothing else.
    Shown,
    /// Can be written, not filtered.
    Set,
    /// Kept by `SharePoint`: shown on one object, and written in a request of its own.
    Profile,
}

pub(in super::super) struct Property {
    pub name: &'static str,
    pub shape: Shape,
    pub usage: Use,
}

pub(in super::super) struct Kind {
    pub name: &'static str,
    pub set: &'static str,
    pub properties: &'static [Property],
    /// What is shown without `$select`; empty means everything.
    pub defaults: &'static [&'static str],
    pub expands: &'static [&'static str],
    pub searches: &'static [&'static str],
    /// A directory object: paging, advanced queries and `$skip` follow the directory's rules.
    pub directory: bool,
}

impl Kind {
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

pub(super) const fn p(name: &'static str, shape: Shape, usage: Use) -> Property {
    Property { name, shape, usage }
}

use Shape::{Flag, Other, Text, Texts, Time};
use Use::{Open, Seen, Shown};

pub(in super::super) use super::kinds_people::{METHOD, METHOD_CONFIGURATION, USER};

const GROUP_PROPERTIES: &[Property] = &[
    p("id", Text, Seen),
    p("deletedDateTime", Time, Seen),
    p("classification", Text, Open),
    p("createdDateTime", Time, Seen),
    p("creationOptions", Texts, Shown),
    p("description", Text, Open),
    p("displayName", Text, Open),
    p("expirationDateTime", Time, Seen),
    p("groupTypes", Texts, Seen),
    p("isAssignableToRole", Flag, Seen),
    p("mail", Text, Seen),
    p("mailEnabled", Flag, Seen),
    p("mailNickname", Text, Open),
    p("membershipRule", Text, Open),
    p("membershipRuleProcessingState", Text, Open),
    p("onPremisesDomainName", Text, Shown),
    p("onPremisesLastSyncDateTime", Time, Seen),
    p("onPremisesNetBiosName", Text, Shown),
    p("onPremisesProvisioningErrors", Other, Seen),
    p("onPremisesSamAccountName", Text, Seen),
    p("onPremisesSecurityIdentifier", Text, Seen),
    p("onPremisesSyncEnabled", Flag, Seen),
    p("preferredDataLocation", Text, Open),
    p("preferredLanguage", Text, Open),
    p("proxyAddresses", Texts, Seen),
    p("renewedDateTime", Time, Seen),
    p("resourceBehaviorOptions", Texts, Shown),
    p("resourceProvisioningOptions", Texts, Shown),
    p("securityEnabled", Flag, Seen),
    p("securityIdentifier", Text, Shown),
    p("serviceProvisioningErrors", Other, Shown),
    p("theme", Text, Shown),
    p("uniqueName", Text, Seen),
    p("visibility", Text, Open),
    p("assignedLicenses", Other, Seen),
];

/// `assignedLicenses` is the one property of a group that must be asked for.
const GROUP_DEFAULTS: &[&str] = &[
    "id",
    "deletedDateTime",
    "classification",
    "createdDateTime",
    "creationOptions",
    "description",
    "displayName",
    "expirationDateTime",
    "groupTypes",
    "isAssignableToRole",
    "mail",
    "mailEnabled",
    "mailNickname",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesDomainName",
    "onPremisesLastSyncDateTime",
    "onPremisesNetBiosName",
    "onPremisesProvisioningErrors",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "preferredDataLocation",
    "preferredLanguage",
    "proxyAddresses",
    "renewedDateTime",
    "resourceBehaviorOptions",
    "resourceProvisioningOptions",
    "securityEnabled",
    "securityIdentifier",
    "serviceProvisioningErrors",
    "theme",
    "uniqueName",
    "visibility",
];

pub(in super::super) const GROUP: Kind = Kind {
    name: "microsoft.graph.group",
    set: "groups",
    properties: GROUP_PROPERTIES,
    defaults: GROUP_DEFAULTS,
    expands: &["members", "owners"],
    searches: &["displayName", "description"],
    directory: true,
};

/// A list of mixed objects: every declared property may be named.
pub(in super::super) const DIRECTORY_OBJECT: Kind = Kind {
    name: "microsoft.graph.directoryObject",
    set: "directoryObjects",
    properties: &[],
    defaults: &[],
    expands: &[],
    searches: &["displayName", "description"],
    directory: true,
};

pub(super) const fn plain(
    name: &'static str,
    set: &'static str,
    properties: &'static [Property],
) -> Kind {
    Kind { name, set, properties, defaults: &[], expands: &[], searches: &[], directory: false }
}

pub(in super::super) const ROLE_ASSIGNMENT: Kind = Kind {
    expands: &["roleDefinition", "principal"],
    ..plain(
        "microsoft.graph.unifiedRoleAssignment",
        "roleManagement/directory/roleAssignments",
        &[
            p("id", Text, Seen),
            p("principalId", Text, Open),
            p("roleDefinitionId", Text, Open),
            p("directoryScopeId", Text, Open),
            p("appScopeId", Text, Open),
        ],
    )
};

pub(in super::super) const ROLE_DEFINITION: Kind = plain(
    "microsoft.graph.unifiedRoleDefinition",
    "roleManagement/directory/roleDefinitions",
    &[
        p("id", Text, Seen),
        p("displayName", Text, Open),
        p("templateId", Text, Open),
        p("isBuiltIn", Flag, Open),
        p("isEnabled", Flag, Open),
        p("description", Text, Open),
        p("resourceScopes", Texts, Shown),
        p("version", Text, Shown),
        p("rolePermissions", Other, Shown),
    ],
);

pub(in super::super) const SKU: Kind = plain(
    "microsoft.graph.subscribedSku",
    "subscribedSkus",
    &[
        p("id", Text, Shown),
        p("accountId", Text, Shown),
        p("accountName", Text, Shown),
        p("skuId", Text, Shown),
        p("skuPartNumber", Text, Shown),
        p("appliesTo", Text, Shown),
        p("capabilityStatus", Text, Shown),
        p("consumedUnits", Other, Shown),
        p("prepaidUnits", Other, Shown),
        p("servicePlans", Other, Shown),
        p("subscriptionIds", Texts, Shown),
    ],
);

pub(in super::super) const LICENCE_DETAILS: Kind = plain(
    "microsoft.graph.licenseDetails",
    "licenseDetails",
    &[
        p("id", Text, Shown),
        p("skuId", Text, Shown),
        p("skuPartNumber", Text, Shown),
        p("servicePlans", Other, Shown),
    ],
);

pub(in super::super) const ORGANIZATION: Kind = plain(
    "microsoft.graph.organization",
    "organization",
    &[
        p("id", Text, Shown),
        p("displayName", Text, Shown),
        p("countryLetterCode", Text, Shown),
        p("verifiedDomains", Other, Shown),
        p("onPremisesSyncEnabled", Flag, Shown),
        p("onPremisesLastSyncDateTime", Time, Shown),
        p("tenantType", Text, Shown),
        p("createdDateTime", Time, Shown),
        p("assignedPlans", Other, Shown),
    ],
);
