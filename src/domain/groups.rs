//! What a group is made with, and what a closer look at one finds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use uuid::Uuid;

use crate::domain::{
    ids::UserId,
    users::{Group, GroupSort},
};

/// A group to be made, as its maker needs it: the directory for security and
/// Microsoft 365 groups, Exchange for the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroup {
    /// `displayName`.
    pub name: String,
    /// `mailNickname`: the name before the @. Told apart by it when it is read back.
    pub nickname: String,
    /// Its sort.
    pub sort: GroupSort,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who owns it, from the start: an application leaves a group without an owner.
    pub owners: Vec<UserId>,
    /// Its rule, when nobody adds members by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<MemberRule>,
    /// The primary address of a list: Exchange is told it, the directory makes its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// Who is in a dynamic group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRule {
    /// `membershipRule`.
    pub text: String,
    /// `membershipRuleProcessingState` is `On`; else it is paused.
    pub on: bool,
}

/// Owners and members that one request to make a group may name
/// (learn.microsoft.com/graph/api/group-post-groups, Example 2).
pub const LINKS_MAX: usize = 20;

/// A group with what is only read when somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDetails {
    /// The group.
    pub group: Group,
    /// `description`.
    pub description: Option<String>,
    /// `mailEnabled`.
    pub mail_enabled: bool,
    /// `securityEnabled`.
    pub security_enabled: bool,
    /// `visibility`, of a Microsoft 365 group.
    pub visibility: Option<String>,
    /// Its rule.
    pub rule: Option<MemberRule>,
    /// `createdDateTime`.
    pub created: Option<Timestamp>,
    /// Who owns or manages it, by name.
    pub owners: Vec<String>,
    /// Direct members that were counted.
    pub members: usize,
    /// There are more than were counted.
    pub more: bool,
}

/// What is in a group, or owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its object id.
    pub id: Uuid,
    /// Its sort.
    pub sort: MemberSort,
    /// `displayName`.
    pub name: String,
    /// What tells it from its namesakes: a sign-in name, an address, a system.
    pub detail: Option<String>,
}

/// What sort of object it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberSort {
    /// A user.
    User,
    /// A device.
    Device,
    /// A group.
    Group,
    /// A contact, a service principal, …
    Other,
}

/// Which groups a list shows: the options of Graph's `GET /groups`, as given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupQuery {
    /// `$filter`.
    pub filter: Option<String>,
    /// `$search`.
    pub search: Option<String>,
    /// `$orderby`.
    pub orderby: Option<String>,
    /// `$select`, beside what is always read.
    pub select: Vec<String>,
    /// `$expand`.
    pub expand: Option<String>,
    /// At most so many are read.
    pub limit: usize,
}

/// What a list of groups found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupsFound {
    /// The groups, each with the properties that were asked for by name.
    pub groups: Vec<(Group, Map<String, serde_json::Value>)>,
    /// There are more than were read.
    pub more: bool,
}
