//! Every sentence, by key. The file is TOML; its tables are the families of keys.

use std::collections::BTreeMap;

use minijinja::value::{Value, ValueKind};

use crate::adapters::cards::CardError;

/// The fields of a text.
pub type Fields = BTreeMap<String, String>;

/// The sentences of one language.
#[derive(Debug)]
pub struct Texts(BTreeMap<String, Vec<String>>);

impl Texts {
    /// Reads a text file. A value is a text, or a list of texts of which the first
    /// whose fields are all given is taken.
    pub fn read(toml: &str) -> Result<Self, CardError> {
        let wrong = |why: String| CardError::Template { template: "texts".to_owned(), why };
        let table: toml::Table = toml::from_str(toml).map_err(|e| wrong(e.to_string()))?;
        let mut texts = BTreeMap::new();
        flatten("", &table, &mut texts).map_err(wrong)?;
        Ok(Self(texts))
    }

    /// All keys with their texts.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, texts)| (key.as_str(), texts.as_slice()))
    }

    /// Is there a text with this key?
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The text of a key with its fields filled in, in one pass: a value that looks
    /// like a field stays what it is.
    pub fn say(&self, key: &str, fields: &Fields) -> Result<String, CardError> {
        let texts = self.0.get(key).ok_or_else(|| CardError::NoText(key.to_owned()))?;
        let given = |name: &str| fields.get(name).is_some_and(|value| !value.is_empty());
        let complete = |text: &&String| pieces(text).all(|piece| piece.field.is_none_or(given));
        let text = texts
            .iter()
            .find(complete)
            .or_else(|| texts.last())
            .ok_or_else(|| CardError::NoText(key.to_owned()))?;
        let mut said = String::with_capacity(text.len() * 2);
        for piece in pieces(text) {
            said.push_str(piece.words);
            if let Some(name) = piece.field {
                let value = fields.get(name).ok_or_else(|| CardError::NoField {
                    key: key.to_owned(),
                    field: name.to_owned(),
                })?;
                said.push_str(value);
            }
        }
        Ok(said)
    }

    /// The same for a template's `t(key, {fields})`.
    pub fn say_value(&self, key: &str, fields: Option<Value>) -> Result<String, CardError> {
        let mut named = Fields::new();
        if let Some(fields) = fields.filter(|fields| fields.kind() == ValueKind::Map) {
            for name in fields.try_iter().into_iter().flatten() {
                let value = fields.get_item(&name).unwrap_or_default();
                named.insert(name.to_string(), value.to_string());
            }
        }
        self.say(key, &named)
    }
}

fn flatten(
    before: &str,
    table: &toml::Table,
    into: &mut BTreeMap<String, Vec<String>>,
) -> Result<(), String> {
    for (name, value) in table {
        let key = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into)?,
            toml::Value::String(text) => {
                into.insert(key, vec![text.clone()]);
            }
            toml::Value::Array(list) => {
                let texts: Option<Vec<String>> =
                    list.iter().map(|text| text.as_str().map(str::to_owned)).collect();
                let texts = texts.ok_or_else(|| format!("{key} is not a list of texts"))?;
                into.insert(key, texts);
            }
            _ => return Err(format!("{key} is not a text")),
        }
    }
    Ok(())
}

/// Words, and the field that follows them.
struct Piece<'a> {
    words: &'a str,
    field: Option<&'a str>,
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let cut = text.split_once('{').and_then(|(words, after)| {
            after.split_once('}').map(|(field, after)| (words, field, after))
        });
        Some(match cut {
            Some((words, field, after)) => {
                rest = Some(after);
                Piece { words, field: Some(field) }
            }
            None => Piece { words: text, field: None },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::named;

    #[test]
    fn the_first_text_whose_fields_are_all_given_is_taken() {
        let texts = Texts::read("[a]\nb = [\"{x} and {y}\", \"only {x}\"]").unwrap();
        assert_eq!(texts.say("a.b", &named(&[("x", "1"), ("y", "2")])).unwrap(), "1 and 2");
        assert_eq!(texts.say("a.b", &named(&[("x", "1"), ("y", "")])).unwrap(), "only 1");
    }

    #[test]
    fn a_value_that_looks_like_a_field_stays_what_it_is() {
        let texts = Texts::read("a = \"{x} {y}\"").unwrap();
        assert_eq!(texts.say("a", &named(&[("x", "{y}"), ("y", "z")])).unwrap(), "{y} z");
    }

    #[test]
    fn a_missing_key_and_a_missing_field_are_errors() {
        let texts = Texts::read("a = \"{x}\"").unwrap();
        assert_eq!(texts.say("b", &Fields::new()), Err(CardError::NoText("b".to_owned())));
        let missing = CardError::NoField { key: "a".to_owned(), field: "x".to_owned() };
        assert_eq!(texts.say("a", &Fields::new()), Err(missing));
    }
}
