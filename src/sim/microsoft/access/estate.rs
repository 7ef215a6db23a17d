//! Policies, applications, domains and files.

use super::Needs;

/// learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
pub(in super::super) const POLICY_READ: Needs = &[&["Policy.Read.All"]];
/// All three together (learn.microsoft.com/graph/api/conditionalaccessroot-post-policies).
pub(in super::super) const POLICY_WRITE: Needs =
    &[&["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"]];
/// learn.microsoft.com/graph/api/conditionalaccesspolicy-delete
pub(in super::super) const POLICY_DELETE: Needs =
    &[&["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"]];
/// learn.microsoft.com/graph/api/application-list; `OwnedBy` lists everything too
/// (permissions reference, Application.ReadWrite.OwnedBy).
pub(in super::super) const REGISTRATION_READ: Needs = &[
    &["Application.Read.All"],
    &["Application.ReadWrite.All"],
    &["Application.ReadWrite.OwnedBy"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
/// learn.microsoft.com/graph/api/application-post-applications
pub(in super::super) const REGISTRATION_CREATE: Needs = &[
    &["AppRegistration.Create"],
    &["Application.ReadWrite.OwnedBy"],
    &["Application.ReadWrite.All"],
];
/// On any application.
pub(in super::super) const REGISTRATION_WRITE: Needs =
    &[&["Application.ReadWrite.All"], &["Directory.ReadWrite.All"]];
/// On applications that the caller owns.
pub(in super::super) const REGISTRATION_WRITE_OWN: Needs = &[&["Application.ReadWrite.OwnedBy"]];
/// learn.microsoft.com/graph/api/oauth2permissiongrant-list
pub(in super::super) const SCOPE_READ: Needs = &[
    &["Directory.Read.All"],
    &["DelegatedPermissionGrant.ReadWrite.All"],
    &["Directory.ReadWrite.All"],
];
/// learn.microsoft.com/graph/api/oauth2permissiongrant-delete
pub(in super::super) const SCOPE_WRITE: Needs =
    &[&["DelegatedPermissionGrant.ReadWrite.All"], &["Directory.ReadWrite.All"]];
/// learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
pub(in super::super) const ROLE_GRANT: Needs = &[&["AppRoleAssignment.ReadWrite.All"]];
/// learn.microsoft.com/graph/api/domain-delete
pub(in super::super) const DOMAIN_WRITE: Needs = &[&["Domain.ReadWrite.All"]];
/// learn.microsoft.com/graph/api/driveitem-get
pub(in super::super) const FILE_READ: Needs =
    &[&["Files.Read.All"], &["Files.ReadWrite.All"], &["Sites.Read.All"], &["Sites.ReadWrite.All"]];
/// As reported from the field: microsoftgraph/microsoft-graph-docs-contrib issues 6609, 8691.
pub(in super::super) const WORKBOOK: Needs = &[&["Files.ReadWrite.All", "Sites.ReadWrite.All"]];
