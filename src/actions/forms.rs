//! Each action's form, made once from its schema. Nothing is listed by hand: an action
//! of the catalogue has its form by being there.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value::Error as NotRead};
use serde_json::Value;

use crate::{
    actions::{Entry, standing, understood},
    domain::{area::Risk, form::Form},
};

static FORMS: LazyLock<BTreeMap<&'static str, Form>> =
    LazyLock::new(|| understood().iter().map(|entry| (entry.about.id, made(entry))).collect());

/// The form of the action with this id, or of a standing approval.
pub fn form(id: &str) -> Option<&'static Form> {
    if id == standing::ACTION { Some(standing::form()) } else { FORMS.get(id) }
}

/// What changes something can start later, so its form asks when.
fn made(entry: &Entry) -> Form {
    let schema = Value::from((entry.schema)());
    Form::of(entry.about.id, &schema, (entry.fields)(), entry.about.risk > Risk::Read)
}

/// The names of a struct's fields, in the order of its file. A schema sorts them by
/// name; what serde is told to read does not.
pub(super) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &[&str] = &[];
    // It reads nothing, so it always fails; the names were told by then.
    let _fails = T::deserialize(Asking(&mut names));
    names
}

struct Asking<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asking<'_> {
    type Error = NotRead;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, NotRead> {
        *self.0 = fields;
        Err(NotRead::custom("only the names were asked for"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, NotRead> {
        Err(NotRead::custom("only the names were asked for"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
        ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::CATALOG;
    use crate::domain::form::{Pick, Sort};

    #[test]
    fn every_action_has_a_form_that_reads_its_own_sample_back() {
        for entry in CATALOG {
            let form = form(entry.about.id).unwrap();
            let sample = (entry.sample)();
            assert!(!form.fields.is_empty(), "{}", entry.about.id);
            let again = form.read(&form.given(&sample));
            assert_eq!(again.as_ref(), Ok(&sample), "{}", entry.about.id);
            assert_eq!(form.check(&sample), [], "{}", entry.about.id);
            for field in &form.fields {
                let words = field.question.chars().count();
                assert!(
                    field.name == crate::domain::form::AT || (3..=75).contains(&words),
                    "{}: {}",
                    entry.about.id,
                    field.question
                );
            }
        }
    }

    #[test]
    fn the_fields_are_in_the_order_of_the_file() {
        let form = form("set_out_of_office").unwrap();
        let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            ["mailbox", "message", "external_message", "audience", "start", "end", "off", "at"]
        );
        assert_eq!(form.fields[0].sort, Sort::Pick { pick: Pick::Mailbox });
        assert_eq!(form.fields[4].sort, Sort::DateTime);
    }
}
