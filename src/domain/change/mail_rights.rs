//! Changes of who may open a mailbox and send for it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{
        Effect, Kind, Object, Ref, Sight,
        mailboxes::{RECIPIENTS, no_mailbox},
    },
    ids::{TenantId, UserId},
    mail::MailRight,
    trouble::Reason,
};

/// A change of a right on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum MailRightChange {
    /// Somebody gets a right.
    GrantMailRight {
        /// On which mailbox: its account.
        mailbox: Ref<UserId>,
        /// Who.
        user: UserId,
        /// Which.
        right: MailRight,
        /// Does Outlook open it by itself? Full Access only; cannot be read back.
        #[serde(default)]
        auto_mapping: bool,
    },
    /// Somebody loses a right.
    RevokeMailRight {
        /// On which mailbox: its account.
        mailbox: Ref<UserId>,
        /// Who.
        user: UserId,
        /// Which.
        right: MailRight,
    },
}

/// [`MailRightChange::GrantMailRight`]. Send As may take an hour to work for the sender;
/// the entry itself is read back sooner.
pub const GRANT_MAIL_RIGHT: Kind = Kind::of("grant_mail_right", RECIPIENTS).seen_within(300);
/// [`MailRightChange::RevokeMailRight`].
pub const REVOKE_MAIL_RIGHT: Kind =
    Kind::of("revoke_mail_right", RECIPIENTS).containing().seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[GRANT_MAIL_RIGHT, REVOKE_MAIL_RIGHT];

/// Under which name a look shows whether somebody has the right.
pub const HELD: &str = "held";

impl Effect for MailRightChange {
    fn kind(&self) -> Kind {
        match self {
            Self::GrantMailRight { .. } => GRANT_MAIL_RIGHT,
            Self::RevokeMailRight { .. } => REVOKE_MAIL_RIGHT,
        }
    }

    fn object(&self) -> Object<'_> {
        let (Self::GrantMailRight { mailbox, .. } | Self::RevokeMailRight { mailbox, .. }) = self;
        Object::User(mailbox)
    }

    fn others(&self) -> Vec<&TenantId> {
        let (Self::GrantMailRight { user, .. } | Self::RevokeMailRight { user, .. }) = self;
        vec![user.tenant()]
    }

    fn called(&self) -> &'static str {
        "mailbox"
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        no_mailbox(&name("mailbox"))
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        let wanted = matches!(self, Self::GrantMailRight { .. });
        seen.value(HELD) == Some(&json!(wanted))
    }
}
