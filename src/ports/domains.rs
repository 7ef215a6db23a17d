//! Looks at the tenant's domains.

use async_trait::async_trait;

use crate::domain::{domains::Domain, ids::TenantId, trouble::Result};

/// Reads domains.
#[async_trait]
pub trait Domains: Send + Sync {
    /// All of them, at most 5,000 (what a tenant may have).
    async fn domains(&self, tenant: &TenantId) -> Result<Vec<Domain>>;

    /// The sign-in names of users in a domain, at most 20.
    async fn users_in(&self, tenant: &TenantId, domain: &str) -> Result<Vec<String>>;
}
