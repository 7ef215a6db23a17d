//! Changes of mailboxes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Repeat, Sight},
    ids::{TenantId, UserId},
    mail::{Forwarding, MailboxSort},
    trouble::Reason,
    users::AutomaticReplies,
};

/// A change of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum MailboxChange {
    /// Automatic replies become this.
    SetAutomaticReplies {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// The whole setting.
        replies: AutomaticReplies,
    },
    /// Everything that arrives goes on to somebody else, or to nobody any more.
    SetForwarding {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// Where to; nowhere if empty.
        forwarding: Option<Forwarding>,
    },
    /// It becomes a shared mailbox, or somebody's own again.
    ConvertMailbox {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// What it becomes.
        sort: MailboxSort,
    },
    /// It leaves the address lists, or comes back into them.
    HideFromAddressLists {
        /// Whose mailbox.
        user: Ref<UserId>,
        /// Out of them?
        hidden: bool,
    },
    /// A shared mailbox is made, and with it an account of the directory.
    CreateSharedMailbox {
        /// In which tenant.
        tenant: TenantId,
        /// What people read.
        name: String,
        /// The part of the address before the @.
        alias: String,
        /// Its primary address.
        address: String,
    },
    /// A shared mailbox goes, and with it its account. Both wait thirty days.
    DeleteSharedMailbox {
        /// Its account.
        user: Ref<UserId>,
    },
}

/// What Exchange Online wants of an app that changes recipients.
pub(super) const RECIPIENTS: super::Rights =
    &[&["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"]];

/// [`MailboxChange::SetAutomaticReplies`].
pub const SET_AUTOMATIC_REPLIES: Kind =
    Kind::of("set_automatic_replies", &[&["MailboxSettings.ReadWrite"]]).seen_within(180);
/// [`MailboxChange::SetForwarding`].
pub const SET_FORWARDING: Kind = Kind::of("set_forwarding", RECIPIENTS).seen_within(300);
/// [`MailboxChange::ConvertMailbox`].
pub const CONVERT_MAILBOX: Kind = Kind::of("convert_mailbox", RECIPIENTS).seen_within(900);
/// [`MailboxChange::HideFromAddressLists`].
pub const HIDE_FROM_ADDRESS_LISTS: Kind =
    Kind::of("hide_from_address_lists", RECIPIENTS).seen_within(300);
/// [`MailboxChange::CreateSharedMailbox`].
pub const CREATE_SHARED_MAILBOX: Kind =
    Kind::of("create_shared_mailbox", RECIPIENTS).repeated(Repeat::ReadFirst).seen_within(900);
/// [`MailboxChange::DeleteSharedMailbox`].
pub const DELETE_SHARED_MAILBOX: Kind =
    Kind::of("delete_shared_mailbox", RECIPIENTS).seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[
    SET_AUTOMATIC_REPLIES,
    SET_FORWARDING,
    CONVERT_MAILBOX,
    HIDE_FROM_ADDRESS_LISTS,
    CREATE_SHARED_MAILBOX,
    DELETE_SHARED_MAILBOX,
];

/// Under which names a look shows the values of a mailbox.
pub mod seen {
    /// Where it forwards to: a [`ForwardTo`](crate::domain::mail::ForwardTo), or null.
    pub const FORWARDING: &str = "forwarding";
    /// Whether a copy stays.
    pub const KEEP_COPY: &str = "keep_copy";
    /// Its sort, by Exchange's word.
    pub const SORT: &str = "sort";
    /// Whether it is in no address list.
    pub const HIDDEN: &str = "hidden";
}

impl Effect for MailboxChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SetAutomaticReplies { .. } => SET_AUTOMATIC_REPLIES,
            Self::SetForwarding { .. } => SET_FORWARDING,
            Self::ConvertMailbox { .. } => CONVERT_MAILBOX,
            Self::HideFromAddressLists { .. } => HIDE_FROM_ADDRESS_LISTS,
            Self::CreateSharedMailbox { .. } => CREATE_SHARED_MAILBOX,
            Self::DeleteSharedMailbox { .. } => DELETE_SHARED_MAILBOX,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::SetAutomaticReplies { user, .. }
            | Self::SetForwarding { user, .. }
            | Self::ConvertMailbox { user, .. }
            | Self::HideFromAddressLists { user, .. }
            | Self::DeleteSharedMailbox { user } => Object::User(user),
            Self::CreateSharedMailbox { tenant, .. } => Object::New(tenant),
        }
    }

    fn called(&self) -> &'static str {
        if matches!(self, Self::CreateSharedMailbox { .. }) { "mailbox" } else { "user" }
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        no_mailbox(&name(self.called()))
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        let value = |name: &str| seen.value(name);
        match (self, seen) {
            (Self::SetAutomaticReplies { replies: wanted, .. }, Sight::Replies { replies }) => {
                same_replies(wanted, replies)
            }
            (Self::SetForwarding { forwarding: None, .. }, Sight::Object { .. }) => {
                value(seen::FORWARDING).is_none_or(Value::is_null)
            }
            (Self::SetForwarding { forwarding: Some(wanted), .. }, _) => {
                value(seen::FORWARDING) == Some(&json!(wanted.to))
                    && value(seen::KEEP_COPY) == Some(&json!(wanted.keep_copy))
            }
            (Self::ConvertMailbox { sort, .. }, _) => value(seen::SORT) == Some(&json!(sort)),
            (Self::HideFromAddressLists { hidden, .. }, _) => {
                value(seen::HIDDEN) == Some(&json!(hidden))
            }
            // The directory must know its account too: later steps need it there.
            (Self::CreateSharedMailbox { .. }, _) => seen.id().is_some(),
            (Self::DeleteSharedMailbox { .. }, Sight::Missing) => true,
            _ => false,
        }
    }
}

/// There is no mailbox any more.
pub(super) fn no_mailbox(name: &str) -> Reason {
    Reason::NotPossible { what: format!("{name} has no mailbox in Exchange Online any more") }
}

/// Exchange wraps a message in HTML of its own and keeps times to the second:
/// compared are the visible words, the status and the audience.
fn same_replies(wanted: &AutomaticReplies, seen: &AutomaticReplies) -> bool {
    use crate::domain::users::RepliesStatus::{Always, Between, Off};
    let same_status = match (&wanted.status, &seen.status) {
        (Off, Off) => return true,
        (Always, Always) => true,
        (Between { start: a, end: b }, Between { start: c, end: d }) => {
            a.as_second() == c.as_second() && b.as_second() == d.as_second()
        }
        _ => false,
    };
    same_status
        && wanted.audience == seen.audience
        && visible(&wanted.internal) == visible(&seen.internal)
        && visible(&wanted.external) == visible(&seen.external)
}

/// The words of a message, without tags, entities decoded, spaces collapsed.
pub fn visible(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                words.push(' ');
            }
            _ if !inside => words.push(c),
            _ => {}
        }
    }
    let words = words
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let words = words.replace("&#39;", "'").replace("&amp;", "&");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
