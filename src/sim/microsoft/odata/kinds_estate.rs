//! Policies, applications, domains and files
//! (property tables under learn.microsoft.com/graph/api/resources).

use super::kinds::{
    Kind,
    Shape::{Flag, Other, Text, Texts, Time},
    Use::{Open, Seen, Set, Shown},
    p, plain,
};

pub(in super::super) const POLICY: Kind = plain(
    "microsoft.graph.conditionalAccessPolicy",
    "identity/conditionalAccess/policies",
    &[
        p("id", Text, Seen),
        p("templateId", Text, Shown),
        p("displayName", Text, Open),
        p("createdDateTime", Time, Seen),
        p("modifiedDateTime", Time, Seen),
        p("deletedDateTime", Time, Shown),
        p("state", Text, Open),
        p("conditions", Other, Set),
        p("grantControls", Other, Set),
        p("sessionControls", Other, Set),
    ],
);

pub(in super::super) const LOCATION: Kind = plain(
    "microsoft.graph.namedLocation",
    "identity/conditionalAccess/namedLocations",
    &[
        p("id", Text, Seen),
        p("displayName", Text, Open),
        p("createdDateTime", Time, Seen),
        p("modifiedDateTime", Time, Seen),
        p("isTrusted", Flag, Shown),
        p("ipRanges", Other, Shown),
        p("countriesAndRegions", Texts, Shown),
        p("includeUnknownCountriesAndRegions", Flag, Shown),
    ],
);

pub(in super::super) const APPLICATION: Kind = Kind {
    directory: true,
    searches: &["displayName"],
    expands: &["owners"],
    ..plain(
        "microsoft.graph.application",
        "applications",
        &[
            p("id", Text, Seen),
            p("appId", Text, Seen),
            p("createdByAppId", Text, Seen),
            p("createdDateTime", Time, Seen),
            p("deletedDateTime", Time, Shown),
            p("displayName", Text, Open),
            p("description", Text, Set),
            p("notes", Text, Set),
            p("identifierUris", Texts, Open),
            p("publisherDomain", Text, Seen),
            p("signInAudience", Text, Open),
            p("tags", Texts, Open),
            p("uniqueName", Text, Open),
            p("requiredResourceAccess", Other, Set),
            p("passwordCredentials", Other, Set),
            p("keyCredentials", Other, Set),
            p("appRoles", Other, Set),
            p("verifiedPublisher", Other, Shown),
            p("web", Other, Set),
            p("optionalClaims", Other, Shown),
            p("spa", Other, Set),
            p("publicClient", Other, Set),
            p("api", Other, Set),
            p("isFallbackPublicClient", Flag, Set),
        ],
    )
};

pub(in super::super) const SERVICE_PRINCIPAL: Kind = Kind {
    directory: true,
    searches: &["displayName"],
    ..plain(
        "microsoft.graph.servicePrincipal",
        "servicePrincipals",
        &[
            p("id", Text, Seen),
            p("appId", Text, Seen),
            p("deletedDateTime", Time, Shown),
            p("displayName", Text, Open),
            p("appDisplayName", Text, Seen),
            p("appOwnerOrganizationId", Text, Seen),
            p("accountEnabled", Flag, Open),
            p("servicePrincipalType", Text, Seen),
            p("appRoleAssignmentRequired", Flag, Open),
            p("tags", Texts, Open),
            p("servicePrincipalNames", Texts, Open),
            p("signInAudience", Text, Seen),
            p("verifiedPublisher", Other, Shown),
            p("homepage", Text, Open),
            p("replyUrls", Texts, Set),
            p("appRoles", Other, Shown),
            p("oauth2PermissionScopes", Other, Shown),
            p("passwordCredentials", Other, Set),
            p("keyCredentials", Other, Set),
        ],
    )
};

pub(in super::super) const APP_ROLE_ASSIGNMENT: Kind = plain(
    "microsoft.graph.appRoleAssignment",
    "appRoleAssignments",
    &[
        p("id", Text, Shown),
        p("appRoleId", Text, Shown),
        p("principalId", Text, Shown),
        p("principalType", Text, Shown),
        p("resourceId", Text, Seen),
        p("resourceDisplayName", Text, Shown),
        p("createdDateTime", Time, Shown),
        p("deletedDateTime", Time, Shown),
        p("principalDisplayName", Text, Shown),
    ],
);

pub(in super::super) const SCOPE_GRANT: Kind = plain(
    "microsoft.graph.oAuth2PermissionGrant",
    "oauth2PermissionGrants",
    &[
        p("id", Text, Shown),
        p("clientId", Text, Seen),
        p("consentType", Text, Seen),
        p("principalId", Text, Seen),
        p("resourceId", Text, Seen),
        p("scope", Text, Seen),
    ],
);

pub(in super::super) const DOMAIN: Kind = plain(
    "microsoft.graph.domain",
    "domains",
    &[
        p("id", Text, Shown),
        p("isDefault", Flag, Shown),
        p("isInitial", Flag, Shown),
        p("isRoot", Flag, Shown),
        p("isVerified", Flag, Shown),
        p("isAdminManaged", Flag, Shown),
        p("authenticationType", Text, Shown),
        p("supportedServices", Texts, Shown),
    ],
);

pub(in super::super) const DRIVE_ITEM: Kind = plain(
    "microsoft.graph.driveItem",
    "driveItems",
    &[
        p("id", Text, Shown),
        p("name", Text, Shown),
        p("size", Other, Shown),
        p("webUrl", Text, Shown),
        p("createdDateTime", Time, Shown),
        p("lastModifiedDateTime", Time, Shown),
        p("file", Other, Shown),
        p("folder", Other, Shown),
        p("parentReference", Other, Shown),
    ],
);

pub(in super::super) const WORKSHEET: Kind = plain(
    "microsoft.graph.workbookWorksheet",
    "worksheets",
    &[
        p("id", Text, Shown),
        p("name", Text, Shown),
        p("position", Other, Shown),
        p("visibility", Text, Shown),
    ],
);

pub(in super::super) const RANGE: Kind = plain(
    "microsoft.graph.workbookRange",
    "range",
    &[
        p("address", Text, Shown),
        p("addressLocal", Text, Shown),
        p("rowIndex", Other, Shown),
        p("columnIndex", Other, Shown),
        p("rowCount", Other, Shown),
        p("columnCount", Other, Shown),
        p("cellCount", Other, Shown),
        p("rowHidden", Flag, Shown),
        p("columnHidden", Flag, Shown),
        p("hidden", Flag, Shown),
        p("values", Other, Shown),
        p("text", Other, Shown),
        p("formulas", Other, Shown),
        p("valueTypes", Other, Shown),
        p("numberFormat", Other, Shown),
    ],
);
