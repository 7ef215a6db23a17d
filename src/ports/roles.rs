//! Looks at directory roles and who holds them. Cannot change anything.

use async_trait::async_trait;

use crate::domain::{
    ids::{RoleId, TenantId, UserId},
    roles::{Holder, Standings},
    trouble::Result,
    users::Role,
};

/// Reads directory roles.
#[async_trait]
pub trait Roles: Send + Sync {
    /// Every role that can be given in the tenant, built in or its own. At most 1,000.
    async fn roles_there_are(&self, tenant: &TenantId) -> Result<Vec<Role>>;

    /// What somebody holds: directly, through groups, and to be activated.
    async fn standings(&self, user: &UserId) -> Result<Standings>;

    /// Who holds a role for the whole tenant, each member of a group for itself. At most 200.
    async fn holders(&self, role: &RoleId) -> Result<Vec<Holder>>;
}
