//! Settings as they were given, before anybody knows what each of them must be.
//!
//! - [`Given`] what the file says, with the variables laid over it
//! - [`Wrong`] which setting is wrong and why, without the value that was given
//!
//! A variable has no type of its own: its key decides whether it is read as text, a number,
//! a list, or yes and no. So a secret of digits alone is a secret. What was given may be a
//! secret in the wrong place, so no error of the wrong type or form quotes it.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserializer,
    de::{
        self, DeserializeSeed, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
        Visitor, value::SeqDeserializer,
    },
    forward_to_deserialize_any,
};
use toml::{Table, Value};

/// One setting, or a section of them.
pub(super) enum Given {
    Section(BTreeMap<String, Given>),
    List(Vec<Given>),
    Text(String),
    Number(i64),
    Fraction(f64),
    Truth(bool),
    /// From the environment, under this name.
    Variable {
        name: String,
        text: String,
    },
}

impl From<Table> for Given {
    fn from(table: Table) -> Self {
        Self::Section(table.into_iter().map(|(key, value)| (key, value.into())).collect())
    }
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        match value {
            Value::Table(table) => table.into(),
            Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Value::String(text) => Self::Text(text),
            Value::Integer(number) => Self::Number(number),
            Value::Float(number) => Self::Fraction(number),
            Value::Boolean(truth) => Self::Truth(truth),
            Value::Datetime(when) => Self::Text(when.to_string()),
        }
    }
}

/// Which setting is wrong, and why.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Innermost first.
    keys: Vec<String>,
    variable: Option<String>,
    why: String,
}

impl Wrong {
    fn under(mut self, key: &str) -> Self {
        self.keys.push(key.to_owned());
        self
    }

    fn given_by(mut self, name: &str) -> Self {
        self.variable.get_or_insert_with(|| name.to_owned());
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<&str> = self.keys.iter().rev().map(String::as_str).collect();
        f.write_str(&path.join("."))?;
        if let Some(name) = &self.variable {
            write!(f, " (from {name})")?;
        }
        let colon = if path.is_empty() { "" } else { ": " };
        write!(f, "{colon}{}", self.why)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self { keys: Vec::new(), variable: None, why: why.to_string() }
    }

    /// As Serde's own, without the value.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let (found, expected) = (kind(found), wanted(expected));
        let remedy = match (found, expected.as_str()) {
            ("a number" | "true or false", "a string") => "; put it in quotes",
            ("a string", "a sequence") => r#"; write it as ["one", "two"]"#,
            _ => "",
        };
        Self::custom(format!("it is {found}, and must be {expected}{remedy}"))
    }

    /// As Serde's own, without the value.
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format!("it must be {}", wanted(expected)))
    }
}

fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "true or false",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a section",
        _ => "something else",
    }
}

fn wanted(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    if expected.starts_with("struct ") || expected == "a map" {
        return "a section".to_owned();
    }
    expected
}

/// What remains of a section, and the value whose key was read last.
struct Section {
    rest: std::collections::btree_map::IntoIter<String, Given>,
    next: Option<(String, Given)>,
}

impl<'de> MapAccess<'de> for Section {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        self.next = self.rest.next();
        let Some((key, _)) = &self.next else { return Ok(None) };
        seed.deserialize(key.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (key, value) =
            self.next.take().ok_or_else(|| de::Error::custom("a value was read before its key"))?;
        seed.deserialize(value).map_err(|wrong| wrong.under(&key))
    }
}

/// What remains of a list of sections, which are counted from 1.
struct Sections {
    rest: std::vec::IntoIter<Given>,
    number: usize,
}

impl<'de> SeqAccess<'de> for Sections {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Wrong> {
        self.number += 1;
        let Some(one) = self.rest.next() else { return Ok(None) };
        let read = seed.deserialize(one).map_err(|wrong| wrong.under(&self.number.to_string()));
        read.map(Some)
    }
}

impl IntoDeserializer<'_, Wrong> for Given {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A variable where a number is wanted is read as one.
macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            match &self {
                Self::Variable { name, text } => match text.trim().parse::<i64>() {
                    Ok(number) => visitor.visit_i64(number).map_err(|wrong: Wrong| wrong.given_by(name)),
                    Err(_) => self.deserialize_any(visitor),
                },
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Given {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Self::Section(section) => {
                visitor.visit_map(Section { rest: section.into_iter(), next: None })
            }
            Self::List(list) if list.iter().any(|one| matches!(one, Self::Section(_))) => {
                visitor.visit_seq(Sections { rest: list.into_iter(), number: 0 })
            }
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Text(text) => visitor.visit_string(text),
            Self::Number(number) => visitor.visit_i64(number),
            Self::Fraction(number) => visitor.visit_f64(number),
            Self::Truth(truth) => visitor.visit_bool(truth),
            Self::Variable { name, text } => {
                visitor.visit_string(text).map_err(|wrong: Wrong| wrong.given_by(&name))
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self {
            Self::Variable { text, .. } if text == "true" => visitor.visit_bool(true),
            Self::Variable { text, .. } if text == "false" => visitor.visit_bool(false),
            Self::Variable { name, .. } => {
                let wrong: Wrong = de::Error::custom("it must be true or false");
                Err(wrong.given_by(name))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Self::Variable { name, text } = self else { return self.deserialize_any(visitor) };
        let table = format!("v = {text}").parse::<Table>().unwrap_or_default();
        match table.into_iter().next() {
            Some((_, Value::Array(list))) => Given::from(Value::Array(list))
                .deserialize_any(visitor)
                .map_err(|wrong| wrong.given_by(&name)),
            _ => Self::Variable { name, text }.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self {
            Self::Text(text) => visitor.visit_enum(text.into_deserializer()),
            Self::Variable { name, text } => visitor
                .visit_enum(text.into_deserializer())
                .map_err(|wrong: Wrong| wrong.given_by(&name)),
            other => other.deserialize_any(visitor),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any
    }
}
