//! Changes of holds and archives.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{
        Effect, Kind, Object, Ref, Sight,
        mail_flow::ADMINISTRATOR,
        mailboxes::{RECIPIENTS, no_mailbox},
    },
    ids::UserId,
    trouble::Reason,
};

/// A change of what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ComplianceChange {
    /// Nothing in the mailbox can be deleted for good any more, or it can again.
    SetLitigationHold {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// On?
        on: bool,
        /// How long each item is kept, in days; without end if empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u32>,
        /// What the owner reads about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// The mailbox gets an archive.
    EnableArchive {
        /// Whose mailbox.
        user: Ref<UserId>,
    },
}

/// [`ComplianceChange::SetLitigationHold`]. It works after up to an hour; the setting
/// itself is read back sooner.
pub const SET_LITIGATION_HOLD: Kind =
    Kind::of("set_litigation_hold", ADMINISTRATOR).seen_within(300);
/// [`ComplianceChange::EnableArchive`].
pub const ENABLE_ARCHIVE: Kind = Kind::of("enable_archive", RECIPIENTS).seen_within(900);

/// All of them.
pub const KINDS: &[Kind] = &[SET_LITIGATION_HOLD, ENABLE_ARCHIVE];

/// Under which name a look shows whether a hold is on.
pub const ON_HOLD: &str = "on_hold";
/// Under which name a look shows how many days a hold lasts; null is without end.
pub const HOLD_DAYS: &str = "hold_days";
/// Under which name a look shows whether there is an archive.
pub const ARCHIVE: &str = "archive";

impl Effect for ComplianceChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SetLitigationHold { .. } => SET_LITIGATION_HOLD,
            Self::EnableArchive { .. } => ENABLE_ARCHIVE,
        }
    }

    fn object(&self) -> Object<'_> {
        let (Self::SetLitigationHold { user, .. } | Self::EnableArchive { user }) = self;
        Object::User(user)
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        no_mailbox(&name("user"))
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::SetLitigationHold { on, days, .. } => {
                seen.value(ON_HOLD) == Some(&json!(on))
                    && (!on || seen.value(HOLD_DAYS) == Some(&json!(days)))
            }
            Self::EnableArchive { .. } => seen.value(ARCHIVE) == Some(&json!(true)),
        }
    }
}
