//! Looks into groups. Cannot change anything.

use std::collections::BTreeSet;

use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::{
    groups::{GroupDetails, GroupQuery, GroupsFound, Member},
    ids::{GroupId, TenantId},
    trouble::Result,
    users::Group,
};

/// Reads groups one by one, and who is in them.
#[async_trait]
pub trait Groups: Send + Sync {
    /// One group, or `None` when there is none.
    async fn group_with_id(&self, id: &GroupId) -> Result<Option<Group>>;

    /// Those of these groups that a group is in, directly or through others.
    async fn groups_around(&self, id: &GroupId, among: &[GroupId]) -> Result<Vec<GroupId>>;

    /// One group with owners and a count of its members.
    async fn group_details(&self, id: &GroupId) -> Result<Option<GroupDetails>>;

    /// Groups with exactly this `mailNickname`, at most 20.
    async fn groups_nicknamed(&self, tenant: &TenantId, nickname: &str) -> Result<Vec<Group>>;

    /// Groups as asked for, in the order of the service.
    async fn groups_listed(&self, tenant: &TenantId, query: &GroupQuery) -> Result<GroupsFound>;

    /// Direct members, at most `limit`, and whether there are more. `None`: no such group.
    async fn group_members(
        &self,
        id: &GroupId,
        limit: usize,
    ) -> Result<Option<(Vec<Member>, bool)>>;

    /// The owners of each of these groups by object id, in their order; `None`: no such group.
    /// Lists of Exchange show none here.
    async fn owners_of(&self, groups: &[GroupId]) -> Result<Vec<Option<BTreeSet<Uuid>>>>;

    /// Owners; of a list, whoever manages it. `None`: no such group.
    async fn group_owners(&self, group: &Group) -> Result<Option<Vec<Member>>>;
}
