//! Changes of accounts.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Sight},
    ids::UserId,
};

/// A change of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum AccountChange {
    /// `accountEnabled = false`.
    DisableSignIn {
        /// Whose.
        user: Ref<UserId>,
    },
    /// `accountEnabled = true`.
    EnableSignIn {
        /// Whose.
        user: Ref<UserId>,
    },
}

const SWITCHING: super::Rights =
    &[&["User.EnableDisableAccount.All", "User.Read.All"], &["User.ReadWrite.All"]];

/// [`AccountChange::DisableSignIn`].
pub const DISABLE_SIGN_IN: Kind = Kind::of("disable_sign_in", SWITCHING).containing();
/// [`AccountChange::EnableSignIn`].
pub const ENABLE_SIGN_IN: Kind = Kind::of("enable_sign_in", SWITCHING);

/// All of them.
pub const KINDS: &[Kind] = &[DISABLE_SIGN_IN, ENABLE_SIGN_IN];

impl Effect for AccountChange {
    fn kind(&self) -> Kind {
        match self {
            Self::DisableSignIn { .. } => DISABLE_SIGN_IN,
            Self::EnableSignIn { .. } => ENABLE_SIGN_IN,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::DisableSignIn { user } | Self::EnableSignIn { user } => Object::User(user),
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::DisableSignIn { .. }, Sight::User { enabled, .. }) => !enabled,
            (Self::EnableSignIn { .. }, Sight::User { enabled, .. }) => *enabled,
            _ => false,
        }
    }
}
