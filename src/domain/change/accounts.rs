//! Changes of accounts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::{Delivery, Effect, Kind, Object, Ref, Repeat, Sight, Values},
    ids::{TenantId, Upn, UserId},
    trouble::Reason,
};

/// What somebody must do with a password that was given to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtNextSignIn {
    /// Nothing.
    KeepIt,
    /// Choose another one.
    ChooseAnother,
    /// Prove who they are with a second factor, then choose another one.
    ChooseAnotherWithMfa,
}

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
    /// A new account, with a generated password.
    CreateUser {
        /// Where.
        tenant: TenantId,
        /// Its sign-in name.
        upn: Upn,
        /// Everything else it begins with, by Graph's names. Never the password.
        properties: Values,
        /// What becomes of the first password.
        at_next_sign_in: AtNextSignIn,
        /// Who gets the password; nobody, when another one is set later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery: Option<Delivery>,
    },
    /// Properties that the directory keeps become these; `null` clears one.
    UpdateUser {
        /// Whose.
        user: Ref<UserId>,
        /// By Graph's names.
        properties: Values,
    },
    /// One property that `SharePoint` keeps becomes this. Graph takes each of them only in
    /// a request of its own.
    UpdateProfile {
        /// Whose.
        user: Ref<UserId>,
        /// Graph's name.
        property: String,
        /// The value.
        value: Value,
    },
    /// `employeeLeaveDateTime`, which has a permission of its own.
    SetLeaveDate {
        /// Whose.
        user: Ref<UserId>,
        /// An instant, or `null`.
        value: Value,
    },
    /// `identities`, which have a permission of their own.
    SetIdentities {
        /// Whose.
        user: Ref<UserId>,
        /// All of them.
        value: Value,
    },
    /// Somebody becomes the manager, or nobody.
    SetManager {
        /// Whose.
        user: Ref<UserId>,
        /// Who.
        manager: Option<UserId>,
    },
    /// Deleted; for thirty days it can be restored.
    DeleteUser {
        /// Whose.
        user: Ref<UserId>,
    },
    /// A deleted account comes back.
    RestoreUser {
        /// Whose: the object id survives.
        user: UserId,
        /// Another sign-in name, when the old one was taken meanwhile.
        upn: Option<Upn>,
    },
}

const SWITCHING: super::Rights =
    &[&["User.EnableDisableAccount.All", "User.Read.All"], &["User.ReadWrite.All"]];
const WRITING: super::Rights = &[&["User.ReadWrite.All"]];

/// [`AccountChange::DisableSignIn`].
pub const DISABLE_SIGN_IN: Kind = Kind::of("disable_sign_in", SWITCHING).containing();
/// [`AccountChange::EnableSignIn`].
pub const ENABLE_SIGN_IN: Kind = Kind::of("enable_sign_in", SWITCHING);
/// [`AccountChange::CreateUser`]. Looked up by its sign-in name before it is repeated.
pub const CREATE_USER: Kind = Kind::of("create_user", WRITING).repeated(Repeat::ReadFirst);
/// [`AccountChange::UpdateUser`].
pub const UPDATE_USER: Kind = Kind::of("update_user", WRITING);
/// [`AccountChange::UpdateProfile`].
pub const UPDATE_PROFILE: Kind = Kind::of("update_profile", WRITING).seen_within(300);
/// [`AccountChange::SetLeaveDate`].
pub const SET_LEAVE_DATE: Kind =
    Kind::of("set_leave_date", &[&["User-LifeCycleInfo.ReadWrite.All"]]);
/// [`AccountChange::SetIdentities`].
pub const SET_IDENTITIES: Kind = Kind::of("set_identities", &[&["User.ManageIdentities.All"]]);
/// [`AccountChange::SetManager`].
pub const SET_MANAGER: Kind = Kind::of("set_manager", WRITING);
/// [`AccountChange::DeleteUser`].
pub const DELETE_USER: Kind =
    Kind::of("delete_user", &[&["User.DeleteRestore.All"], &["User.ReadWrite.All"]]).containing();
/// [`AccountChange::RestoreUser`].
pub const RESTORE_USER: Kind =
    Kind::of("restore_user", &[&["User.DeleteRestore.All"]]).repeated(Repeat::ReadFirst);

/// All of them.
pub const KINDS: &[Kind] = &[
    DISABLE_SIGN_IN,
    ENABLE_SIGN_IN,
    CREATE_USER,
    UPDATE_USER,
    UPDATE_PROFILE,
    SET_LEAVE_DATE,
    SET_IDENTITIES,
    SET_MANAGER,
    DELETE_USER,
    RESTORE_USER,
];

impl Effect for AccountChange {
    fn kind(&self) -> Kind {
        match self {
            Self::DisableSignIn { .. } => DISABLE_SIGN_IN,
            Self::EnableSignIn { .. } => ENABLE_SIGN_IN,
            Self::CreateUser { .. } => CREATE_USER,
            Self::UpdateUser { .. } => UPDATE_USER,
            Self::UpdateProfile { .. } => UPDATE_PROFILE,
            Self::SetLeaveDate { .. } => SET_LEAVE_DATE,
            Self::SetIdentities { .. } => SET_IDENTITIES,
            Self::SetManager { .. } => SET_MANAGER,
            Self::DeleteUser { .. } => DELETE_USER,
            Self::RestoreUser { .. } => RESTORE_USER,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::DisableSignIn { user }
            | Self::EnableSignIn { user }
            | Self::UpdateUser { user, .. }
            | Self::UpdateProfile { user, .. }
            | Self::SetLeaveDate { user, .. }
            | Self::SetIdentities { user, .. }
            | Self::SetManager { user, .. }
            | Self::DeleteUser { user } => Object::User(user),
            Self::CreateUser { tenant, .. } => Object::New(tenant),
            // It is not among the users until this change has brought it back.
            Self::RestoreUser { user, .. } => Object::New(user.tenant()),
        }
    }

    fn others(&self) -> Vec<&TenantId> {
        match self {
            Self::SetManager { manager, .. } => manager.iter().map(UserId::tenant).collect(),
            _ => Vec::new(),
        }
    }

    fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::CreateUser { delivery, .. } => delivery.as_ref(),
            _ => None,
        }
    }

    fn sets_a_secret_for_nobody(&self) -> bool {
        matches!(self, Self::CreateUser { delivery: None, .. })
    }

    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::DisableSignIn { .. }, Sight::User { enabled, .. }) => !enabled,
            (Self::EnableSignIn { .. }, Sight::User { enabled, .. }) => *enabled,
            // Somebody of that name who was there before is not the one we made.
            (Self::CreateUser { properties, .. }, seen) => {
                before == Some(&Sight::Missing) && seen.shows(properties)
            }
            (Self::UpdateUser { properties, .. }, seen) => seen.shows(properties),
            (Self::UpdateProfile { property, value, .. }, seen) => seen.shows([(property, value)]),
            (Self::SetLeaveDate { value, .. }, seen) => {
                seen.shows([(&"employeeLeaveDateTime".to_owned(), value)])
            }
            (Self::SetIdentities { value, .. }, seen) => {
                seen.shows([(&"identities".to_owned(), value)])
            }
            (Self::SetManager { manager, .. }, Sight::Object { values, .. }) => {
                let wanted = manager.as_ref().map(|id| id.guid().hyphenated().to_string());
                values.get("manager").and_then(Value::as_str) == wanted.as_deref()
            }
            (Self::DeleteUser { .. }, seen) => *seen == Sight::Missing,
            (Self::RestoreUser { .. }, Sight::Object { .. }) => true,
            _ => false,
        }
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        match self {
            Self::RestoreUser { .. } => Reason::NotPossible {
                what: format!(
                    "{} is not among the deleted users any more: Microsoft keeps them for 30 days",
                    name("user")
                ),
            },
            _ => Reason::NoSuchPerson { name: name("user") },
        }
    }
}
