//! A JSON schema → a form. Reads what schemars 1 writes (JSON Schema 2020-12); what it
//! cannot draw becomes a field for JSON, so that no argument is ever left out.

use serde_json::{Map, Value};

use crate::domain::form::{FIELDS_MAX, Field, Form, Pick, Sort, TEXT_CHARS_MAX};

/// Objects inside of objects are followed so deep.
const DEPTH_MAX: usize = 2;
/// A text that may be longer than this has more than one line.
const ONE_LINE: u32 = 250;
/// Lists of choices end here: Slack's selects and Teams' choice sets (docs.slack.dev,
/// select menus: 100 options).
const OPTIONS_MAX: usize = 100;

impl Form {
    /// The questions of an action. `order` are the argument's names as the action's own
    /// file has them; the schema does not keep their order. `starts`: ask when, too.
    pub fn of(action: &str, schema: &Value, order: &[&str], starts: bool) -> Self {
        let mut fields = Vec::new();
        let reader = Reader { root: schema };
        reader.object(schema, order, &Place::default(), &mut fields);
        fields.truncate(FIELDS_MAX);
        let mut form = Self { action: action.to_owned(), fields };
        if starts && form.field(super::AT).is_none() {
            form.fields.push(Field::start());
        }
        form
    }
}

/// Where an object is inside of the arguments.
#[derive(Default)]
struct Place {
    prefix: String,
    depth: usize,
    optional: bool,
}

struct Reader<'a> {
    root: &'a Value,
}

/// A property's schema with its reference followed and its `null` taken away.
struct Node<'a> {
    core: &'a Value,
    nullable: bool,
}

impl<'a> Reader<'a> {
    fn object(&self, object: &'a Value, order: &[&str], place: &Place, into: &mut Vec<Field>) {
        let Some(properties) = object["properties"].as_object() else { return };
        let required: Vec<&str> =
            object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for name in in_order(properties, order, &required) {
            let node = &properties[name];
            self.property(name, node, required.contains(&name), place, into);
        }
    }

    fn property(
        &self,
        name: &str,
        node: &'a Value,
        required: bool,
        place: &Place,
        into: &mut Vec<Field>,
    ) {
        let Node { core, nullable } = self.resolve(node);
        let full = format!("{}{name}", place.prefix);
        let optional = place.optional || !required || nullable;
        if core["properties"].is_object() && place.depth < DEPTH_MAX {
            let inside = Place { prefix: format!("{full}."), depth: place.depth + 1, optional };
            return self.object(core, &[], &inside, into);
        }
        let marks = Marks { node, core };
        let (many, item) = if is(core, "array") {
            (true, self.resolve(&core["items"]).core)
        } else {
            (false, core)
        };
        let sort = self.sort(&marks, item, many);
        let (question, hint) = words(name, marks.text("description").unwrap_or_default());
        let mut field =
            Field { name: full, question, hint, required: !optional, many, sort, preset: None };
        field.preset = marks.get("default").and_then(|value| field.as_given(value));
        into.push(field);
    }

    fn sort(&self, marks: &Marks<'_>, item: &Value, many: bool) -> Sort {
        let own = Marks { node: item, core: item };
        if marks.get("x-json") == Some(&Value::Bool(true)) {
            return Sort::Json;
        }
        match marks.text("x-pick").or_else(|| own.text("x-pick")) {
            Some("date") => return Sort::Date,
            Some("date-time") => return Sort::DateTime,
            Some(said) => {
                if let Some(pick) = Pick::read(said) {
                    return Sort::Pick { pick };
                }
            }
            None => {}
        }
        if let Some(options) = options(item) {
            return Sort::Choice { options };
        }
        if is(item, "boolean") && !many {
            // A flag that may be left open is a choice of three.
            return if self.resolve(marks.node).nullable {
                Sort::Choice { options: vec![named("true", "yes"), named("false", "no")] }
            } else {
                Sort::Toggle
            };
        }
        if is(item, "integer") {
            let bound = |name: &str| item[name].as_i64();
            return Sort::Whole { least: bound("minimum"), most: bound("maximum") };
        }
        if is(item, "number") {
            return Sort::Number;
        }
        if is(item, "string") {
            return match own.text("format").or_else(|| marks.text("format")) {
                Some("date") => Sort::Date,
                Some("date-time") => Sort::DateTime,
                _ => text(marks, item, many),
            };
        }
        let plain = &item["additionalProperties"];
        if is(item, "object") && (is(plain, "string") || plain == true) && !many {
            return Sort::Pairs;
        }
        Sort::Json
    }

    /// Follows a reference, and the one alternative that is not `null`.
    fn resolve(&self, node: &'a Value) -> Node<'a> {
        let mut found = Node { core: node, nullable: may_be_null(node) };
        // A schema that refers to itself ends here.
        for _ in 0..8 {
            if let Some(target) = found.core["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
                let Some(target) = self.root.pointer(target) else { break };
                found = Node { core: target, nullable: found.nullable || may_be_null(target) };
                continue;
            }
            let Some(all) = found.core["anyOf"].as_array() else { break };
            let mut real = all.iter().filter(|one| one["type"] != "null");
            match (real.next(), real.next()) {
                (Some(only), None) => {
                    let nullable = found.nullable || all.len() > 1;
                    found = Node { core: only, nullable };
                }
                _ => break,
            }
        }
        found
    }
}

/// What is said beside a property, or at the type it refers to.
struct Marks<'a> {
    node: &'a Value,
    core: &'a Value,
}

impl<'a> Marks<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.node.get(name).or_else(|| self.core.get(name)).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }
}

fn text(marks: &Marks<'_>, item: &Value, many: bool) -> Sort {
    let bound = item["maxLength"].as_u64().or_else(|| marks.get("maxLength")?.as_u64());
    let most = bound.and_then(|most| u32::try_from(most).ok()).unwrap_or(TEXT_CHARS_MAX);
    // Words are long when the schema says so; names and addresses are not.
    let long = many
        || marks.get("x-long") == Some(&Value::Bool(true))
        || bound.is_some_and(|_| most > ONE_LINE);
    Sort::Text { most: most.clamp(1, TEXT_CHARS_MAX), long }
}

/// The values of an enumeration with their labels: `enum`, or `oneOf` with `const`.
fn options(item: &Value) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut add = |value: &Value, label: Option<&str>| {
        let Some(value) = value.as_str() else { return false };
        let label = label.map_or_else(|| value.replace('_', " "), |label| first(label).0);
        found.push((value.to_owned(), label));
        true
    };
    if let Some(all) = item["enum"].as_array() {
        all.iter().filter(|value| !value.is_null()).all(|value| add(value, None)).then_some(())?;
    } else {
        for one in item["oneOf"].as_array()? {
            let known = match (one.get("const"), one["enum"].as_array()) {
                (Some(value), _) => add(value, one["description"].as_str()),
                (None, Some(all)) => all.iter().all(|value| add(value, None)),
                (None, None) => false,
            };
            known.then_some(())?;
        }
    }
    (1..=OPTIONS_MAX).contains(&found.len()).then_some(found)
}

fn named(value: &str, label: &str) -> (String, String) {
    (value.to_owned(), label.to_owned())
}

fn is(node: &Value, kind: &str) -> bool {
    match &node["type"] {
        Value::String(own) => own == kind,
        Value::Array(all) => {
            all.iter().filter(|one| *one != "null").eq(std::iter::once(&Value::from(kind)))
        }
        _ => false,
    }
}

fn may_be_null(node: &Value) -> bool {
    node["type"].as_array().is_some_and(|all| all.iter().any(|one| one == "null"))
}

/// The names as the action's file has them; then those it must have, then the rest.
fn in_order<'a>(
    properties: &'a Map<String, Value>,
    order: &[&str],
    required: &[&str],
) -> Vec<&'a str> {
    let known = |name: &&str| properties.get_key_value(*name).map(|(name, _)| name.as_str());
    let mut names: Vec<&str> = Vec::new();
    let rest = properties.keys().map(String::as_str);
    for name in order.iter().chain(required).filter_map(known).chain(rest) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A description as question and hint. Back quotes are for the printed page.
fn words(name: &str, description: &str) -> (String, Option<String>) {
    let said = description.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return (name.replace('_', " "), None);
    }
    let (question, hint) = first(&said);
    (question, Some(hint).filter(|hint| !hint.is_empty()))
}

/// The first sentence, and the rest.
fn first(said: &str) -> (String, String) {
    let end = said.char_indices().find(|(at, c)| {
        let after = said[at + c.len_utf8()..].chars().next();
        matches!(c, '?' | '.' | '!') && after.is_none_or(char::is_whitespace)
    });
    let cut = end.map_or(said.len(), |(at, c)| at + c.len_utf8());
    let question = said[..cut].trim().trim_end_matches('.').to_owned();
    (question, said[cut..].trim().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        let schema = json!({
            "type": "object",
            "required": ["user", "days", "who"],
            "properties": {
                "user": { "type": "string", "description": "Whose account? A sign-in name, such as `ada@contoso.com`.", "x-pick": "person" },
                "groups": { "type": "array", "items": { "type": "string" }, "x-pick": "group", "description": "Which groups?" },
                "days": { "type": "integer", "format": "uint8", "minimum": 1, "maximum": 30, "description": "For how many days?" },
                "force": { "type": "boolean", "default": true, "description": "Must they choose their own?" },
                "hide": { "type": ["boolean", "null"] },
                "sort": { "anyOf": [{ "$ref": "#/$defs/Sort" }, { "type": "null" }], "description": "What sort?" },
                "from": { "type": ["string", "null"], "x-pick": "date-time" },
                "on": { "type": "string", "format": "date" },
                "note": { "type": ["string", "null"], "maxLength": 10_000 },
                "set": { "type": "object", "additionalProperties": { "type": "string" } },
                "raw": true,
                "who": { "$ref": "#/$defs/Who" },
                "odd": { "type": "string", "x-pick": "unicorn" },
            },
            "$defs": {
                "Sort": { "oneOf": [{ "const": "one_way", "description": "One way. And no other." }, { "enum": ["both_ways"] }] },
                "Who": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "age": { "type": "integer" } } },
            },
        });
        Form::of("x", &schema, &["user", "days", "note"], true)
    }

    fn sort(name: &str) -> Sort {
        form().field(name).unwrap().sort.clone()
    }

    #[test]
    fn fields_come_in_the_order_of_the_file_and_each_is_of_its_sort() {
        let form = form();
        let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "user", "days", "note", "who.name", "who.age", "force", "from", "groups", "hide",
                "odd", "on", "raw", "set", "sort", "at"
            ]
        );
        let needed: Vec<&str> =
            form.fields.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
        assert_eq!(needed, ["user", "days", "who.name"]);
        assert_eq!(sort("user"), Sort::Pick { pick: Pick::Person });
        assert!(form.field("groups").unwrap().many);
        assert_eq!(sort("groups"), Sort::Pick { pick: Pick::Group });
        assert_eq!(sort("days"), Sort::Whole { least: Some(1), most: Some(30) });
        assert_eq!(sort("force"), Sort::Toggle);
        assert_eq!(
            sort("hide"),
            Sort::Choice { options: vec![named("true", "yes"), named("false", "no")] }
        );
        let options = vec![named("one_way", "One way"), named("both_ways", "both ways")];
        assert_eq!(sort("sort"), Sort::Choice { options });
        assert_eq!(sort("from"), Sort::DateTime);
        assert_eq!(sort("on"), Sort::Date);
        assert_eq!(sort("note"), Sort::Text { most: 3000, long: true });
        assert_eq!(sort("odd"), Sort::Text { most: 3000, long: false });
        assert_eq!(sort("set"), Sort::Pairs);
        assert_eq!(sort("raw"), Sort::Json);
        assert_eq!(sort("at"), Sort::DateTime);
    }

    #[test]
    fn the_description_is_the_question_and_the_rest_of_it_a_hint() {
        let form = form();
        let user = form.field("user").unwrap();
        assert_eq!(user.question, "Whose account?");
        assert_eq!(user.hint.as_deref(), Some("A sign-in name, such as ada@contoso.com."));
        assert_eq!(form.field("hide").unwrap().question, "hide");
        assert_eq!(
            form.field("force").unwrap().preset,
            Some(super::super::given::Given::One("true".to_owned()))
        );
    }
}
