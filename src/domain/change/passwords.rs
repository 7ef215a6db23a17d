//! Changes of passwords, sessions and sign-in methods.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::{Delivery, Effect, Evidence, Kind, Object, Ref, Repeat, SecretSource, Sight},
    ids::UserId,
    methods::MethodSort,
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
    /// A generated password is set that nobody gets and nothing keeps: the old one is over.
    DropPassword {
        /// Whose.
        user: Ref<UserId>,
    },
    /// Every session and refresh token ends.
    RevokeSessions {
        /// Whose.
        user: Ref<UserId>,
    },
    /// They choose a new password at the next sign-in; nobody is handed one.
    ForceNewPassword {
        /// Whose.
        user: Ref<UserId>,
        /// Only after a second factor.
        with_mfa: bool,
    },
    /// A registered sign-in method is removed.
    RemoveMethod {
        /// Whose.
        user: Ref<UserId>,
        /// Its type, which decides where it is deleted.
        sort: MethodSort,
        /// Graph's id of it.
        id: String,
        /// Other second factors are removed by the same plan. Without them, the default
        /// method cannot be.
        among_all: bool,
    },
    /// A Temporary Access Pass is made by Microsoft and delivered.
    IssuePass {
        /// Whose.
        user: Ref<UserId>,
        /// For how long, in minutes; what the tenant's policy says when empty.
        minutes: Option<u32>,
        /// Whether it opens only once; what the policy says when empty.
        once: Option<bool>,
        /// From when on; at once when empty.
        starts_at: Option<Timestamp>,
        /// Who gets it.
        delivery: Delivery,
    },
}

const PASSWORDS: super::Rights =
    &[&["User-PasswordProfile.ReadWrite.All", "role:User Administrator"]];
const METHODS: super::Rights = &[&["UserAuthenticationMethod.ReadWrite.All"]];

/// [`PasswordChange::SetPassword`].
pub const SET_PASSWORD: Kind = Kind::of("set_password", PASSWORDS)
    .shown_by(Evidence::Trace)
    .repeated(Repeat::ReadFirst)
    .opening();
/// [`PasswordChange::DropPassword`].
pub const DROP_PASSWORD: Kind = Kind::of("drop_password", PASSWORDS)
    .shown_by(Evidence::Trace)
    .repeated(Repeat::ReadFirst)
    .containing();
/// [`PasswordChange::RevokeSessions`].
pub const REVOKE_SESSIONS: Kind = Kind::of("revoke_sessions", &[&["User.RevokeSessions.All"]])
    .shown_by(Evidence::Trace)
    .repeated(Repeat::ReadFirst)
    .containing();
/// [`PasswordChange::ForceNewPassword`].
pub const FORCE_NEW_PASSWORD: Kind = Kind::of("force_new_password", PASSWORDS);
/// [`PasswordChange::RemoveMethod`].
pub const REMOVE_METHOD: Kind = Kind::of("remove_method", METHODS).opening();
/// [`PasswordChange::IssuePass`]: the id of a pass that was not there before.
pub const ISSUE_PASS: Kind =
    Kind::of("issue_pass", METHODS).shown_by(Evidence::Trace).repeated(Repeat::ReadFirst).opening();

/// All of them.
pub const KINDS: &[Kind] =
    &[SET_PASSWORD, DROP_PASSWORD, REVOKE_SESSIONS, FORCE_NEW_PASSWORD, REMOVE_METHOD, ISSUE_PASS];

impl Effect for PasswordChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SetPassword { .. } => SET_PASSWORD,
            Self::DropPassword { .. } => DROP_PASSWORD,
            Self::RevokeSessions { .. } => REVOKE_SESSIONS,
            Self::ForceNewPassword { .. } => FORCE_NEW_PASSWORD,
            Self::RemoveMethod { .. } => REMOVE_METHOD,
            Self::IssuePass { .. } => ISSUE_PASS,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::SetPassword { user, .. }
            | Self::DropPassword { user }
            | Self::RevokeSessions { user }
            | Self::ForceNewPassword { user, .. }
            | Self::RemoveMethod { user, .. }
            | Self::IssuePass { user, .. } => Object::User(user),
        }
    }

    fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::SetPassword { delivery, .. } | Self::IssuePass { delivery, .. } => Some(delivery),
            _ => None,
        }
    }

    fn sets_a_secret_for_nobody(&self) -> bool {
        matches!(self, Self::DropPassword { .. })
    }

    fn hands_over(&self) -> &'static str {
        if matches!(self, Self::IssuePass { .. }) { "pass" } else { "password" }
    }

    fn secret_source(&self) -> SecretSource {
        match self {
            Self::IssuePass { .. } => SecretSource::Theirs,
            _ => SecretSource::Ours,
        }
    }

    fn mark_moves_from(&self, seen: &Sight) -> Option<Timestamp> {
        let Sight::User { password_changed_at, sessions_valid_from, .. } = seen else {
            return None;
        };
        let mark = match self {
            Self::SetPassword { .. } | Self::DropPassword { .. } => password_changed_at,
            Self::RevokeSessions { .. } => sessions_valid_from,
            _ => &None,
        };
        mark.map(|mark| mark + SignedDuration::from_secs(1))
    }

    /// For a mark, it must have moved; no clocks of two machines are compared.
    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::SetPassword { .. } | Self::DropPassword { .. } | Self::RevokeSessions { .. } => {
                let (
                    Some(Sight::User { password_changed_at: p0, sessions_valid_from: s0, .. }),
                    Sight::User { password_changed_at: p1, sessions_valid_from: s1, .. },
                ) = (before, seen)
                else {
                    return false;
                };
                if matches!(self, Self::RevokeSessions { .. }) { s1 > s0 } else { p1 > p0 }
            }
            Self::ForceNewPassword { with_mfa, .. } => {
                let on = |name| seen.value(name) == Some(&Value::Bool(true));
                let with = "forceChangePasswordNextSignInWithMfa";
                if *with_mfa { on(with) } else { on("forceChangePasswordNextSignIn") }
            }
            Self::RemoveMethod { id, .. } => {
                seen.value(METHODS_SEEN).is_some_and(|ids| !has(ids, id))
            }
            Self::IssuePass { .. } => {
                let then = before.and_then(|before| before.value(PASSES_SEEN));
                let (Some(then), Some(now)) = (then, seen.value(PASSES_SEEN)) else {
                    return false;
                };
                let ids = now.as_array().into_iter().flatten().filter_map(Value::as_str);
                ids.into_iter().any(|id| !has(then, id))
            }
        }
    }
}

/// Under this name a [`Sight`] has the ids of all registered methods.
pub const METHODS_SEEN: &str = "methods";
/// Under this name a [`Sight`] has the ids of the Temporary Access Passes.
pub const PASSES_SEEN: &str = "passes";

fn has(ids: &Value, id: &str) -> bool {
    let ids = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
    ids.into_iter().any(|known| known.eq_ignore_ascii_case(id))
}
