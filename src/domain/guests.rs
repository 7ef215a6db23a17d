//! People of other organisations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    ids::{GroupId, TenantId, UserId},
    users::User,
};

/// As what somebody is invited (`invitedUserType`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitedAs {
    /// With a guest's rights.
    #[default]
    Guest,
    /// With a member's rights.
    Member,
}

impl InvitedAs {
    /// As Graph spells it.
    pub fn as_graph(self) -> &'static str {
        match self {
            Self::Guest => "Guest",
            Self::Member => "Member",
        }
    }
}

/// An invitation, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// To whom: `invitedUserEmailAddress`, in small letters.
    pub mail: String,
    /// `invitedUserDisplayName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `invitedUserType`.
    pub invited_as: InvitedAs,
    /// `inviteRedirectUrl`: where they land afterwards.
    pub redirect: String,
    /// Microsoft mails the invitation.
    pub send: bool,
    /// `customizedMessageBody`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Somebody invited before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The account.
    pub user: User,
    /// `externalUserState`: `PendingAcceptance` or `Accepted`; empty for older accounts.
    pub state: Option<String>,
}

impl Guest {
    /// The invitation was not accepted yet.
    pub fn pending(&self) -> bool {
        self.state.as_deref() == Some("PendingAcceptance")
    }
}

/// Sponsors that one user may have (learn.microsoft.com/entra/external-id/b2b-sponsors).
pub const SPONSORS_MAX: usize = 5;

/// Who answers for a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sponsor {
    /// A user.
    User(UserId),
    /// A group.
    Group(GroupId),
}

impl Sponsor {
    /// The object's GUID.
    pub fn guid(&self) -> Uuid {
        match self {
            Self::User(id) => id.guid(),
            Self::Group(id) => id.guid(),
        }
    }

    /// Whose directory.
    pub fn tenant(&self) -> &TenantId {
        match self {
            Self::User(id) => id.tenant(),
            Self::Group(id) => id.tenant(),
        }
    }
}
