//! A form: an action's questions, in no platform's words.
//!
//! - [`Form`]     made once from an action's JSON schema ([`schema`])
//! - [`given`]    what somebody filled in, and the arguments again as answers
//! - [`read`]     answers → arguments, or what is wrong with which field
//! - [`check`]    arguments that did not come through a form, against the same fields
//! - [`view`]     a form ready to be drawn, with values and complaints
//!
//! An action never lists its fields a second time: a property of its schema is a field,
//! the property's description is the question, and `x-pick` says what is picked from
//! the directory.
//!
//! Not here: Slack's and Teams' inputs, and who may ask.

pub mod check;
pub mod given;
pub mod read;
pub mod schema;
pub mod view;

use serde::{Deserialize, Serialize};

use crate::domain::{plan::Note, trouble::Reason};

/// A text field without a limit of its own takes this many characters: Slack's inputs
/// end there (docs.slack.dev, plain-text input element).
pub const TEXT_CHARS_MAX: u32 = 3000;
/// A list takes this many items.
pub const ITEMS_MAX: usize = 100;
/// A form has at most this many fields: with a time beside each they still fit the 100
/// blocks of a Slack modal (docs.slack.dev, views).
pub const FIELDS_MAX: usize = 48;
/// The field that says when the whole request should start. Its value is local, in the
/// tenant's zone.
pub const AT: &str = "at";

/// The questions of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The action's id.
    pub action: String,
    /// In the order of the action's own file.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The argument; a dot parts it from the argument it is inside of.
    pub name: String,
    /// What is asked: the first sentence of the argument's description.
    pub question: String,
    /// The rest of the description.
    pub hint: Option<String>,
    /// Must it be answered?
    pub required: bool,
    /// Several answers?
    pub many: bool,
    /// What an answer looks like.
    pub sort: Sort,
    /// What holds when nothing is answered, as an answer.
    pub preset: Option<given::Given>,
}

/// What an answer looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "sort")]
pub enum Sort {
    /// Words.
    Text {
        /// At most so many characters.
        most: u32,
        /// More than one line?
        long: bool,
    },
    /// Yes or no.
    Toggle,
    /// One of a few.
    Choice {
        /// Value and label, in order.
        options: Vec<(String, String)>,
    },
    /// A whole number.
    Whole {
        /// Not less.
        least: Option<i64>,
        /// Not more.
        most: Option<i64>,
    },
    /// A number with a fraction.
    Number,
    /// A day.
    Date,
    /// A day, and a time of it if somebody says one.
    DateTime,
    /// Something of the directory.
    Pick {
        /// Of which sort.
        pick: Pick,
    },
    /// Names with values, one to a line.
    Pairs,
    /// Anything else, written as JSON.
    Json,
}

/// What is picked from the directory, as the schema's `x-pick` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Somebody, by sign-in name.
    Person,
    /// A group, by object id.
    Group,
    /// A licence, by part number.
    Licence,
    /// A mailbox, by sign-in name.
    Mailbox,
    /// A directory role, by name.
    Role,
    /// A device.
    Device,
    /// A Conditional Access policy.
    Policy,
    /// An application.
    App,
}

impl Pick {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Person,
        Self::Group,
        Self::Licence,
        Self::Mailbox,
        Self::Role,
        Self::Device,
        Self::Policy,
        Self::App,
    ];

    /// As the schema names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Group => "group",
            Self::Licence => "licence",
            Self::Mailbox => "mailbox",
            Self::Role => "role",
            Self::Device => "device",
            Self::Policy => "policy",
            Self::App => "app",
        }
    }

    /// From the schema.
    pub fn read(said: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pick| pick.as_str() == said)
    }

    /// Can it be searched for while somebody types? The others are written as text.
    pub fn is_searched(self) -> bool {
        !matches!(self, Self::Device | Self::Policy | Self::App)
    }
}

/// What is wrong with an answer, or with all of them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Of which field; of the whole form if empty.
    pub field: Option<String>,
    /// What, and what to do.
    pub why: Why,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The answer itself: a text under `note.`.
    Answer(Note),
    /// What the directory or the policy said about it.
    Reason(Reason),
}

impl Complaint {
    /// About one field's answer.
    pub fn of(field: &str, key: &str, fields: &[(&str, &str)]) -> Self {
        Self { field: Some(field.to_owned()), why: Why::Answer(Note::new(key, fields)) }
    }
}

impl Form {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The field that asks when a request should start. Its words are in the text file.
    pub fn start() -> Self {
        Self {
            name: AT.to_owned(),
            question: String::new(),
            hint: None,
            required: false,
            many: false,
            sort: Sort::DateTime,
            preset: None,
        }
    }
}
