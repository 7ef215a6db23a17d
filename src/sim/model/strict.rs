//! The rules of a strict schema, as `OpenAI` and Azure refuse what breaks them.
//!
//! Sources: platform.openai.com, "Structured Outputs", "Supported schemas"; the narrower
//! limits are Azure's (learn.microsoft.com, "Structured outputs": 100 properties, five levels).

use serde_json::Value;

/// Properties of all objects together.
const PROPERTIES_MAX: usize = 100;
/// Objects and lists inside of one another.
const LEVELS_MAX: usize = 5;
/// Values of all enumerations together.
const VALUES_MAX: usize = 500;
/// Keywords that are not taken.
const REFUSED: &[&str] = &[
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
];

/// Checks a schema.
///
/// # Errors
/// The first rule that it breaks, in words.
pub fn check(schema: &Value) -> Result<(), String> {
    if schema["type"] != "object" || schema.get("anyOf").is_some() {
        return Err("schema must be of type 'object'".to_owned());
    }
    let mut counted = Counted::default();
    counted.walk(schema, 1)?;
    if counted.properties > PROPERTIES_MAX {
        return Err(format!("{} properties, at most {PROPERTIES_MAX}", counted.properties));
    }
    if counted.values > VALUES_MAX {
        return Err(format!("{} enum values, at most {VALUES_MAX}", counted.values));
    }
    Ok(())
}

#[derive(Default)]
struct Counted {
    properties: usize,
    values: usize,
}

impl Counted {
    fn walk(&mut self, node: &Value, level: usize) -> Result<(), String> {
        if level > LEVELS_MAX {
            return Err(format!("more than {LEVELS_MAX} levels"));
        }
        if let Some(word) = REFUSED.iter().find(|word| node.get(**word).is_some()) {
            return Err(format!("'{word}' is not permitted"));
        }
        self.values += node["enum"].as_array().map_or(0, Vec::len);
        if let Some(inside) = node["properties"].as_object() {
            if node["additionalProperties"] != false {
                return Err(
                    "'additionalProperties' is required to be supplied and to be false".to_owned()
                );
            }
            let required = node["required"].as_array().cloned().unwrap_or_default();
            if let Some(name) = inside.keys().find(|name| !required.iter().any(|one| one == *name))
            {
                return Err(format!(
                    "'required' is required to be supplied and to be an array including every key in properties. Missing '{name}'"
                ));
            }
            self.properties += inside.len();
            for one in inside.values() {
                self.walk(one, level + 1)?;
            }
        }
        for one in node["anyOf"].as_array().into_iter().flatten() {
            self.walk(one, level)?;
        }
        if node.get("items").is_some() {
            self.walk(&node["items"], level + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_that_strict_mode_would_refuse_is_refused() {
        let good = json!({
            "type": "object", "additionalProperties": false, "required": ["a"],
            "properties": { "a": { "type": ["string", "null"] } },
        });
        assert_eq!(check(&good), Ok(()));
        for (at, value, says) in [
            ("/required", json!([]), "Missing 'a'"),
            ("/additionalProperties", json!(true), "additionalProperties"),
            ("/type", json!("array"), "type 'object'"),
            ("/properties/a", json!({ "allOf": [] }), "allOf"),
            (
                "/properties/a",
                json!({ "type": "object", "properties": { "b": {} } }),
                "additionalProperties",
            ),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(at).unwrap() = value;
            assert!(check(&bad).unwrap_err().contains(says), "{at}");
        }
    }
}
