//! Who holds a directory role, and how they came by it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::users::Role;

/// A role held by an assignment of its own (`unifiedRoleAssignment`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHeld {
    /// The assignment's id: what is deleted to take the role away.
    pub assignment: String,
    /// Which.
    pub role: Role,
    /// `directoryScopeId`: `/` for the whole tenant.
    pub scope: String,
}

impl RoleHeld {
    /// For the whole tenant, as roles are given here?
    pub fn whole_tenant(&self) -> bool {
        self.scope == "/"
    }
}

/// A role that comes through a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleThrough {
    /// Which.
    pub role: Role,
    /// The group's name; empty when it could not be told.
    pub group: String,
}

/// Everything there is to say about somebody's roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings {
    /// Assigned to them.
    pub direct: Vec<RoleHeld>,
    /// Through groups.
    pub through: Vec<RoleThrough>,
    /// They may activate these (Privileged Identity Management).
    pub eligible: Vec<Role>,
    /// Why eligible roles could not be read: a text key under `note.`.
    pub eligible_unread: Option<&'static str>,
}

/// Somebody, or something, that holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The principal's object id.
    pub principal: Uuid,
    /// Its name.
    pub name: String,
    /// A user whose sign-in is blocked holds the role and cannot use it.
    pub able: bool,
}
