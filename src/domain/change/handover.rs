//! What somebody who leaves hands over: their meetings end, their files open to another.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Repeat, Sight},
    ids::{TenantId, UserId},
    mail::DriveRole,
    trouble::Reason,
};

/// A change of what somebody leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum HandoverChange {
    /// A meeting they called is cancelled, or a whole series, and everybody invited is told.
    CancelMeeting {
        /// Who called it.
        user: Ref<UserId>,
        /// The event's id.
        meeting: String,
        /// What the people invited read beside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Somebody may see into their `OneDrive`.
    GrantDriveAccess {
        /// Whose drive.
        user: Ref<UserId>,
        /// Who.
        to: UserId,
        /// How far.
        role: DriveRole,
    },
    /// Somebody may not any more.
    RevokeDriveAccess {
        /// Whose drive.
        user: Ref<UserId>,
        /// Who.
        to: UserId,
        /// The permission's id.
        permission: String,
    },
}

/// Graph's pages driveitem-invite and permission-delete: `Files.ReadWrite.All`.
const FILES: super::Rights = &[&["Files.ReadWrite.All"], &["Sites.ReadWrite.All"]];

/// [`HandoverChange::CancelMeeting`]. Told once is told: never sent twice blindly.
pub const CANCEL_MEETING: Kind = Kind::of("cancel_meeting", &[&["Calendars.ReadWrite"]])
    .repeated(Repeat::ReadFirst)
    .seen_within(180);
/// [`HandoverChange::GrantDriveAccess`].
pub const GRANT_DRIVE_ACCESS: Kind = Kind::of("grant_drive_access", FILES).seen_within(180);
/// [`HandoverChange::RevokeDriveAccess`].
pub const REVOKE_DRIVE_ACCESS: Kind =
    Kind::of("revoke_drive_access", FILES).containing().seen_within(180);

/// All of them.
pub const KINDS: &[Kind] = &[CANCEL_MEETING, GRANT_DRIVE_ACCESS, REVOKE_DRIVE_ACCESS];

/// Under which name a look shows how far somebody sees into the drive.
pub const ROLE: &str = "role";

impl Effect for HandoverChange {
    fn kind(&self) -> Kind {
        match self {
            Self::CancelMeeting { .. } => CANCEL_MEETING,
            Self::GrantDriveAccess { .. } => GRANT_DRIVE_ACCESS,
            Self::RevokeDriveAccess { .. } => REVOKE_DRIVE_ACCESS,
        }
    }

    fn object(&self) -> Object<'_> {
        let (Self::CancelMeeting { user, .. }
        | Self::GrantDriveAccess { user, .. }
        | Self::RevokeDriveAccess { user, .. }) = self;
        Object::User(user)
    }

    fn others(&self) -> Vec<&TenantId> {
        match self {
            Self::CancelMeeting { .. } => Vec::new(),
            Self::GrantDriveAccess { to, .. } | Self::RevokeDriveAccess { to, .. } => {
                vec![to.tenant()]
            }
        }
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        let name = name("user");
        Reason::NotPossible {
            what: match self {
                Self::CancelMeeting { .. } => {
                    format!("{name} has no calendar in Exchange Online any more")
                }
                _ => format!("{name} has no OneDrive any more"),
            },
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::CancelMeeting { .. }, seen) => *seen == Sight::Missing,
            (Self::GrantDriveAccess { role, .. }, seen) => {
                seen.value(ROLE) == Some(&json!(role.as_graph()))
            }
            (Self::RevokeDriveAccess { .. }, Sight::Object { .. }) => {
                seen.value(ROLE).is_none_or(serde_json::Value::is_null)
            }
            _ => false,
        }
    }
}
