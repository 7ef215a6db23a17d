//! What somebody filled in, before anything is made of it; and arguments as answers,
//! for a form that begins filled in.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::form::{Field, Form, Sort, TEXT_CHARS_MAX};

/// Stands behind a field's name for the time beside its date.
pub const TIME: &str = "#time";
/// Stands behind a field's name for what was typed where nothing was picked.
pub const TYPED: &str = "#typed";

/// One answer, as a chat hands it over. Shows nothing in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// A text, a value that was chosen, a date.
    One(String),
    /// Several that were chosen.
    Many(Vec<String>),
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(text) => write!(f, "{} characters", text.chars().count()),
            Self::Many(all) => write!(f, "{} answers", all.len()),
        }
    }
}

impl Given {
    /// The only text, without space around it; nothing if it is empty.
    pub fn text(&self) -> Option<&str> {
        let text = match self {
            Self::One(text) => text,
            Self::Many(all) => all.first()?,
        };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// All texts that are not empty; of a single one, its lines or what commas part.
    pub fn texts(&self, between: char) -> Vec<&str> {
        let all: Vec<&str> = match self {
            Self::One(text) => text.split(['\n', between]).collect(),
            Self::Many(all) => all.iter().map(String::as_str).collect(),
        };
        all.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect()
    }
}

/// Answers by the field's name.
pub type Answers = BTreeMap<String, Given>;

impl Form {
    /// Arguments as answers. What the form does not ask for is left out.
    pub fn given(&self, arguments: &Map<String, Value>) -> Answers {
        let mut answers = Answers::new();
        for field in &self.fields {
            if let Some(value) = at_path(arguments, &field.name) {
                field.give(value, &mut answers);
            }
        }
        answers
    }

    /// Does the form ask for all of these arguments, and have room for them? If not, it
    /// cannot change them without losing something.
    pub fn covers(&self, arguments: &Map<String, Value>) -> bool {
        let asked = |name: &String| {
            let inside = format!("{name}.");
            self.fields.iter().any(|field| field.name == *name || field.name.starts_with(&inside))
        };
        let fits = |(name, given): (&String, &Given)| {
            let most = match self.field(name).map(|field| &field.sort) {
                Some(Sort::Text { most, .. }) => *most as usize,
                _ => TEXT_CHARS_MAX as usize,
            };
            given.texts('\n').iter().map(|text| text.chars().count() + 1).sum::<usize>() <= most + 1
        };
        arguments.keys().all(asked) && self.given(arguments).iter().all(fits)
    }
}

impl Field {
    fn give(&self, value: &Value, answers: &mut Answers) {
        if value.is_null() {
            return;
        }
        if self.sort == Sort::DateTime
            && let Some((day, time)) = value.as_str().and_then(|said| said.split_once('T'))
        {
            answers.insert(self.name.clone(), Given::One(day.to_owned()));
            let time = time.chars().take(5).collect();
            answers.insert(format!("{}{TIME}", self.name), Given::One(time));
            return;
        }
        if let Some(given) = self.as_given(value) {
            answers.insert(self.name.clone(), given);
        }
    }

    /// A value of the argument as an answer.
    pub fn as_given(&self, value: &Value) -> Option<Given> {
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            _ => None,
        };
        match (&self.sort, value) {
            (Sort::Json, Value::Array(all)) if self.many && all.is_empty() => {
                Some(Given::One(String::new()))
            }
            (Sort::Json, value) => Some(Given::One(value.to_string())),
            (Sort::Pairs, Value::Object(pairs)) => {
                let line = |(name, value): (&String, &Value)| {
                    format!("{name} = {}", plain(value).unwrap_or_else(|| value.to_string()))
                };
                Some(Given::One(pairs.iter().map(line).collect::<Vec<_>>().join("\n")))
            }
            (Sort::Text { .. }, Value::Array(all)) => {
                let lines: Vec<String> = all.iter().filter_map(plain).collect();
                Some(Given::One(lines.join("\n")))
            }
            (_, Value::Array(all)) => Some(Given::Many(all.iter().filter_map(plain).collect())),
            (_, value) => plain(value).map(Given::One),
        }
    }
}

/// The value behind a name with dots.
pub(super) fn at_path<'a>(arguments: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut parts = name.split('.');
    let mut value = arguments.get(parts.next()?)?;
    for part in parts {
        value = value.get(part)?;
    }
    Some(value)
}
