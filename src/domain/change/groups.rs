//! Changes of groups and of who is in them.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Sight},
    ids::{GroupId, TenantId, UserId},
    users::GroupSort,
};

/// A change of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum GroupChange {
    /// Becomes a member.
    AddMember {
        /// Of which group.
        group: GroupId,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
    /// Is no longer a member.
    RemoveMember {
        /// Of which group.
        group: GroupId,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
}

const MEMBERS: super::Rights = &[&["GroupMember.ReadWrite.All"]];

/// [`GroupChange::AddMember`].
pub const ADD_MEMBER: Kind = Kind::of("add_member", MEMBERS).seen_within(180);
/// [`GroupChange::RemoveMember`].
pub const REMOVE_MEMBER: Kind = Kind::of("remove_member", MEMBERS).seen_within(180);

/// All of them.
pub const KINDS: &[Kind] = &[ADD_MEMBER, REMOVE_MEMBER];

impl Effect for GroupChange {
    fn kind(&self) -> Kind {
        match self {
            Self::AddMember { .. } => ADD_MEMBER,
            Self::RemoveMember { .. } => REMOVE_MEMBER,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::AddMember { user, .. } | Self::RemoveMember { user, .. } => Object::User(user),
        }
    }

    fn others(&self) -> Vec<&TenantId> {
        match self {
            Self::AddMember { group, .. } | Self::RemoveMember { group, .. } => {
                vec![group.tenant()]
            }
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::AddMember { .. }, Sight::Member { is }) => *is,
            (Self::RemoveMember { .. }, Sight::Member { is }) => !is,
            _ => false,
        }
    }
}
