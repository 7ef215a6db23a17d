//! Arguments that did not come through a form (a program sent them), against the same
//! fields: every mistake is named with its field, not only the first.

use serde_json::{Map, Value};

use crate::domain::form::{Complaint, Form, given::at_path};

impl Form {
    /// What is wrong with these arguments; nothing if they can be read.
    pub fn check(&self, arguments: &Map<String, Value>) -> Vec<Complaint> {
        let mut wrong = Vec::new();
        for name in arguments.keys() {
            let inside = format!("{name}.");
            let known = |own: &str| own == name || own.starts_with(&inside);
            if !self.fields.iter().any(|field| known(&field.name)) {
                let names: Vec<&str> =
                    self.fields.iter().map(|field| field.name.as_str()).collect();
                wrong.push(Complaint::of(name, "answer_unknown", &[("names", &names.join(", "))]));
            }
        }
        let given = self.given(arguments);
        if let Err(complaints) = self.read(&given) {
            wrong.extend(complaints);
        }
        for field in &self.fields {
            let sent = at_path(arguments, &field.name).filter(|value| !value.is_null());
            let lost = sent.is_some() && !given.contains_key(&field.name);
            let listed = sent.is_some_and(|value| value.is_array() != field.many);
            let free = matches!(field.sort, super::Sort::Json | super::Sort::Pairs);
            let known = wrong.iter().any(|one| one.field.as_deref() == Some(&field.name));
            if (lost || (listed && !free)) && !known {
                let key = if field.many { "answer_list" } else { "answer_single" };
                wrong.push(Complaint::of(&field.name, key, &[]));
            }
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_program_sends_is_held_to_the_same_fields() {
        let schema = json!({
            "type": "object",
            "required": ["user"],
            "properties": {
                "user": { "type": "string", "x-pick": "person" },
                "force": { "type": "boolean" },
                "tags": { "type": "array", "items": { "type": "string" } },
            },
        });
        let form = Form::of("x", &schema, &[], false);
        let fields = |sent: Value| -> Vec<String> {
            let Value::Object(sent) = sent else { panic!() };
            form.check(&sent).into_iter().filter_map(|one| one.field).collect()
        };
        assert!(fields(json!({ "user": "a@b.c", "force": true, "tags": ["x"] })).is_empty());
        assert_eq!(fields(json!({ "force": true })), ["user"]);
        assert_eq!(
            fields(json!({ "user": ["a@b.c"], "tags": "x" })),
            ["tags", "user"].map(str::to_owned).iter().rev().cloned().collect::<Vec<_>>()
        );
        assert_eq!(fields(json!({ "user": { "id": 1 } })), ["user"]);
        assert_eq!(fields(json!({ "user": "a@b.c", "usr": 1 })), ["usr"]);
    }
}
