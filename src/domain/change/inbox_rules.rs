//! Changes of the rules in somebody's inbox.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Sight, mailboxes::RECIPIENTS},
    ids::UserId,
};

/// A change of an inbox rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum InboxRuleChange {
    /// The rule is switched on or off; everything in it stays.
    SwitchInboxRule {
        /// In whose inbox.
        user: Ref<UserId>,
        /// Its `Identity`.
        rule: String,
        /// On?
        on: bool,
    },
    /// The rule is deleted.
    RemoveInboxRule {
        /// In whose inbox.
        user: Ref<UserId>,
        /// Its `Identity`.
        rule: String,
    },
}

/// [`InboxRuleChange::SwitchInboxRule`].
pub const SWITCH_INBOX_RULE: Kind = Kind::of("switch_inbox_rule", RECIPIENTS).seen_within(300);
/// [`InboxRuleChange::RemoveInboxRule`].
pub const REMOVE_INBOX_RULE: Kind = Kind::of("remove_inbox_rule", RECIPIENTS).seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[SWITCH_INBOX_RULE, REMOVE_INBOX_RULE];

/// Under which name a look shows whether the rule is on.
pub const ENABLED: &str = "enabled";

impl Effect for InboxRuleChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SwitchInboxRule { .. } => SWITCH_INBOX_RULE,
            Self::RemoveInboxRule { .. } => REMOVE_INBOX_RULE,
        }
    }

    fn object(&self) -> Object<'_> {
        let (Self::SwitchInboxRule { user, .. } | Self::RemoveInboxRule { user, .. }) = self;
        Object::User(user)
    }

    fn called(&self) -> &'static str {
        "rule"
    }

    fn gone(&self, name: &dyn Fn(&str) -> String) -> crate::domain::trouble::Reason {
        crate::domain::trouble::Reason::Gone { what: "=rule".to_owned(), name: name("rule") }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::SwitchInboxRule { on, .. } => seen.value(ENABLED) == Some(&json!(on)),
            Self::RemoveInboxRule { .. } => *seen == Sight::Missing,
        }
    }
}
