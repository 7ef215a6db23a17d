//! Looks at applications, and at what was granted to them.

use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::{
    apps::{Api, App, AppId, Principal, RoleGrant, ScopeGrant},
    ids::{TenantId, UserId},
    trouble::Result,
};

/// Reads applications.
#[async_trait]
pub trait Applications: Send + Sync {
    /// Registrations of the tenant, at most `limit`.
    async fn apps(&self, tenant: &TenantId, limit: usize) -> Result<Vec<App>>;

    /// Registrations with exactly this name, at most 20.
    async fn apps_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<App>>;

    /// One registration, or `None` when there is none.
    async fn app(&self, id: &AppId) -> Result<Option<App>>;

    /// Service principals of the tenant, at most `limit`.
    async fn principals(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Principal>>;

    /// Delegated grants: of one user, or all, at most `limit`.
    async fn scope_grants(
        &self,
        tenant: &TenantId,
        of: Option<&UserId>,
        limit: usize,
    ) -> Result<Vec<ScopeGrant>>;

    /// Application permissions that these service principals hold. At most 200 of them.
    async fn role_grants(&self, tenant: &TenantId, holders: &[Uuid]) -> Result<Vec<RoleGrant>>;

    /// What an API offers, by its application id.
    async fn api(&self, tenant: &TenantId, client: Uuid) -> Result<Option<Api>>;

    /// The client id that we sign in with in this tenant.
    fn own_client(&self, tenant: &TenantId) -> Option<Uuid>;

    /// The page where an administrator grants what an application asks for.
    fn consent_page(&self, tenant: &TenantId, client: Uuid, back: Option<&str>) -> String;
}
