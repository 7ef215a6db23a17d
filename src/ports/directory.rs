//! Looks at users, groups and licences. Cannot change anything, so planning is
//! safe by construction.

use async_trait::async_trait;

use crate::domain::{
    ids::{GroupId, TenantId, UserId},
    news::{GroupNews, Mark, News, UserNews},
    trouble::Result,
    users::{Dossier, Facet, Group, Sku, User, Who},
};

/// Reads a directory.
#[async_trait]
pub trait Directory: Send + Sync {
    /// One user with manager, or `None` when there is none.
    async fn user(&self, who: &Who) -> Result<Option<User>>;

    /// One user with the facets asked for, in one batch of reads.
    async fn dossier(&self, who: &UserId, facets: &[Facet]) -> Result<Option<Dossier>>;

    /// Groups with exactly this `displayName` or `mail`, at most 20.
    async fn groups_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<Group>>;

    /// The licences the tenant subscribes to.
    async fn skus(&self, tenant: &TenantId) -> Result<Vec<Sku>>;

    /// Which of `groups` the user is a member of, directly or through others. At most 20 groups.
    async fn member_of(&self, user: &UserId, groups: &[GroupId]) -> Result<Vec<GroupId>>;

    /// Every user, page by page, for the index. At most `limit`.
    async fn everyone(&self, tenant: &TenantId, limit: usize) -> Result<Vec<User>>;

    /// Every group, page by page, for the index. At most `limit`.
    async fn every_group(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Group>>;

    /// From now on: where [`Self::users_since`] begins. `None` where the service tells no
    /// changes.
    async fn users_mark(&self, tenant: &TenantId) -> Result<Option<Mark>>;

    /// The same for [`Self::groups_since`].
    async fn groups_mark(&self, tenant: &TenantId) -> Result<Option<Mark>>;

    /// What changed of users since this mark; more than `limit` changes are lost ones.
    async fn users_since(
        &self,
        tenant: &TenantId,
        mark: &Mark,
        limit: usize,
    ) -> Result<News<UserNews>>;

    /// The same of groups.
    async fn groups_since(
        &self,
        tenant: &TenantId,
        mark: &Mark,
        limit: usize,
    ) -> Result<News<GroupNews>>;
}
