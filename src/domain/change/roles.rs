//! Changes of directory roles, for the whole tenant.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Sight},
    ids::{RoleId, TenantId, UserId},
};

/// A change of who holds a directory role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum RoleChange {
    /// Holds the role from now on.
    AssignRole {
        /// Who.
        user: Ref<UserId>,
        /// Which.
        role: RoleId,
    },
    /// No longer holds it by an assignment of their own.
    RemoveRole {
        /// Who.
        user: Ref<UserId>,
        /// Which.
        role: RoleId,
        /// The assignment that is deleted.
        assignment: String,
    },
}

const ROLES: super::Rights = &[&["RoleManagement.ReadWrite.Directory"]];

/// [`RoleChange::AssignRole`].
pub const ASSIGN_ROLE: Kind = Kind::of("assign_role", ROLES);
/// [`RoleChange::RemoveRole`].
pub const REMOVE_ROLE: Kind = Kind::of("remove_role", ROLES).containing();

/// All of them.
pub const KINDS: &[Kind] = &[ASSIGN_ROLE, REMOVE_ROLE];

impl Effect for RoleChange {
    fn kind(&self) -> Kind {
        match self {
            Self::AssignRole { .. } => ASSIGN_ROLE,
            Self::RemoveRole { .. } => REMOVE_ROLE,
        }
    }

    fn object(&self) -> Object<'_> {
        let (Self::AssignRole { user, .. } | Self::RemoveRole { user, .. }) = self;
        Object::User(user)
    }

    fn others(&self) -> Vec<&TenantId> {
        let (Self::AssignRole { role, .. } | Self::RemoveRole { role, .. }) = self;
        vec![role.tenant()]
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        let (Self::AssignRole { role, .. } | Self::RemoveRole { role, .. }) = self;
        let Some(held) = seen.value("roles").and_then(|list| list.as_array()) else { return false };
        held.contains(&json!(role.guid())) == matches!(self, Self::AssignRole { .. })
    }
}
