//! Looks at Conditional Access.

use std::collections::BTreeMap;

use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::{
    ca_policy::{CaPolicy, PolicyId},
    ids::TenantId,
    trouble::Result,
};

/// What an id in a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A user.
    User(Uuid),
    /// A group.
    Group(Uuid),
}

/// Reads policies. The service answers once a second, so few calls are made.
#[async_trait]
pub trait Policies: Send + Sync {
    /// Every policy, at most 500 (a tenant may have 240).
    async fn ca_policies(&self, tenant: &TenantId) -> Result<Vec<CaPolicy>>;

    /// One policy, or `None` when there is none.
    async fn ca_policy(&self, id: &PolicyId) -> Result<Option<CaPolicy>>;

    /// The names of the locations that policies refer to, by id.
    async fn named_locations(&self, tenant: &TenantId) -> Result<BTreeMap<Uuid, String>>;

    /// What these ids are called; who is not there any more is left out. At most 200.
    async fn names_of(&self, tenant: &TenantId, ids: &[Named]) -> Result<BTreeMap<Uuid, String>>;
}
