//! What a look at a change's object found.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::users::{AutomaticReplies, Licence};

/// What a look at a change's object found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "saw", rename_all = "snake_case")]
pub enum Sight {
    /// A user's switches and marks.
    User {
        /// `accountEnabled`.
        enabled: bool,
        /// `lastPasswordChangeDateTime`.
        password_changed_at: Option<Timestamp>,
        /// `signInSessionsValidFromDateTime`.
        sessions_valid_from: Option<Timestamp>,
    },
    /// Whether it is a direct member.
    Member {
        /// The answer.
        is: bool,
    },
    /// The licences held.
    Licences {
        /// All of them.
        held: Vec<Licence>,
    },
    /// The mailbox's automatic replies.
    Replies {
        /// The whole setting.
        replies: AutomaticReplies,
    },
    /// An object that is there, with those of its values that matter to the change.
    Object {
        /// The id that later steps and an undo know it by; for a change that makes the
        /// object, what [`super::Ref::From`] is filled in with. For an object of the
        /// directory: `tenant/guid`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// By the service's own names.
        values: BTreeMap<String, Value>,
    },
    /// The object is not there.
    Missing,
}

impl Sight {
    /// An object with these values.
    pub fn object(values: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::Object { id: None, values }
    }

    /// One value of the object; `None` when it was not seen.
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object { values, .. } => values.get(name),
            _ => None,
        }
    }

    /// The id of the object, when it is there and has one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Object { id, .. } => id.as_deref(),
            _ => None,
        }
    }

    /// Does the object have all these values?
    pub fn shows<'a>(&self, wanted: impl IntoIterator<Item = (&'a String, &'a Value)>) -> bool {
        matches!(self, Self::Object { .. })
            && wanted.into_iter().all(|(name, value)| same(self.value(name), value))
    }
}

/// A value that was taken away reads back as `null`, as an empty text or not at all;
/// lists have no order.
fn same(seen: Option<&Value>, wanted: &Value) -> bool {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    match (seen, wanted) {
        (None, wanted) => empty(wanted),
        (Some(Value::Array(seen)), Value::Array(wanted)) => {
            seen.len() == wanted.len() && wanted.iter().all(|item| seen.contains(item))
        }
        (Some(seen), wanted) => seen == wanted || (empty(seen) && empty(wanted)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_empty_reads_back_in_any_of_its_forms_and_lists_have_no_order() {
        let seen = Sight::object([
            ("jobTitle", json!("Engineer")),
            ("department", json!(null)),
            ("businessPhones", json!(["1", "2"])),
        ]);
        let shows = |name: &str, value: Value| seen.shows([(&name.to_owned(), &value)]);
        assert!(shows("jobTitle", json!("Engineer")));
        assert!(!shows("jobTitle", json!("engineer")));
        assert!(shows("department", json!("")));
        assert!(shows("mobilePhone", json!(null)));
        assert!(!shows("mobilePhone", json!("1")));
        assert!(shows("businessPhones", json!(["2", "1"])));
        assert!(!shows("businessPhones", json!(["2"])));
        assert!(!Sight::Missing.shows([(&"x".to_owned(), &json!(null))]));
    }
}
