//! Changes of mailboxes.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Sight},
    ids::UserId,
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
}

/// [`MailboxChange::SetAutomaticReplies`].
pub const SET_AUTOMATIC_REPLIES: Kind =
    Kind::of("set_automatic_replies", &[&["MailboxSettings.ReadWrite"]]).seen_within(180);

/// All of them.
pub const KINDS: &[Kind] = &[SET_AUTOMATIC_REPLIES];

impl Effect for MailboxChange {
    fn kind(&self) -> Kind {
        SET_AUTOMATIC_REPLIES
    }

    fn object(&self) -> Object<'_> {
        let Self::SetAutomaticReplies { user, .. } = self;
        Object::User(user)
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        Reason::NotPossible {
            what: format!("{} has no mailbox in Exchange Online any more", name("user")),
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::SetAutomaticReplies { replies: wanted, .. }, Sight::Replies { replies }) => {
                same_replies(wanted, replies)
            }
            _ => false,
        }
    }
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
