//! Changes of passwords, sessions and sign-in methods.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Delivery, Effect, Evidence, Kind, Object, Ref, Repeat, Sight},
    ids::UserId,
};

/// A change of how somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum PasswordChange {
    /// A generated password is set and delivered.
    SetPassword {
        /// Whose.
        user: Ref<UserId>,
        /// Must they choose their own at the next sign-in?
        must_change: bool,
        /// Who gets it.
        delivery: Delivery,
    },
    /// Every session and refresh token ends.
    RevokeSessions {
        /// Whose.
        user: Ref<UserId>,
    },
}

/// [`PasswordChange::SetPassword`].
pub const SET_PASSWORD: Kind =
    Kind::of("set_password", &[&["User-PasswordProfile.ReadWrite.All", "role:User Administrator"]])
        .shown_by(Evidence::Trace)
        .repeated(Repeat::ReadFirst);
/// [`PasswordChange::RevokeSessions`].
pub const REVOKE_SESSIONS: Kind = Kind::of("revoke_sessions", &[&["User.RevokeSessions.All"]])
    .shown_by(Evidence::Trace)
    .repeated(Repeat::ReadFirst)
    .containing();

/// All of them.
pub const KINDS: &[Kind] = &[SET_PASSWORD, REVOKE_SESSIONS];

impl Effect for PasswordChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SetPassword { .. } => SET_PASSWORD,
            Self::RevokeSessions { .. } => REVOKE_SESSIONS,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::SetPassword { user, .. } | Self::RevokeSessions { user } => Object::User(user),
        }
    }

    fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::SetPassword { delivery, .. } => Some(delivery),
            Self::RevokeSessions { .. } => None,
        }
    }

    /// The mark must have moved; no clocks of two machines are compared.
    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        let (
            Some(Sight::User { password_changed_at: p0, sessions_valid_from: s0, .. }),
            Sight::User { password_changed_at: p1, sessions_valid_from: s1, .. },
        ) = (before, seen)
        else {
            return false;
        };
        match self {
            Self::SetPassword { .. } => p1 > p0,
            Self::RevokeSessions { .. } => s1 > s0,
        }
    }
}
