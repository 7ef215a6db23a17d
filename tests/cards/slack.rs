//! What Slack takes. It refuses unknown properties, as its own schema does.
//! Source: docs.slack.dev, Block Kit reference; `@slack/types`, limits in its comments.

use std::collections::BTreeSet;

use serde_json::Value;

/// Properties of each object, beside `type`.
const KNOWN: &[(&str, &[&str])] = &[
    ("header", &["text"]),
    ("section", &["text", "expand"]),
    ("divider", &[]),
    ("context", &["elements"]),
    ("input", &["block_id", "optional", "label", "hint", "element"]),
    ("table", &["rows", "column_settings"]),
    ("raw_text", &["text"]),
    ("actions", &["block_id", "elements"]),
    ("button", &["text", "action_id", "value", "style", "confirm", "url"]),
    ("plain_text_input", &["action_id", "max_length", "placeholder", "multiline", "initial_value"]),
    (
        "number_input",
        &["action_id", "is_decimal_allowed", "min_value", "max_value", "initial_value"],
    ),
    ("datepicker", &["action_id", "initial_date"]),
    ("timepicker", &["action_id", "initial_time"]),
    ("radio_buttons", &["action_id", "options"]),
    ("checkboxes", &["action_id", "options", "initial_options"]),
    ("static_select", &["action_id", "options", "option_groups", "placeholder", "initial_option"]),
    ("multi_static_select", &["action_id", "options", "initial_options"]),
    ("external_select", &["action_id", "min_query_length", "placeholder", "initial_option"]),
    ("multi_external_select", &["action_id", "min_query_length", "placeholder", "initial_options"]),
    ("plain_text", &["text", "emoji"]),
    ("mrkdwn", &["text", "verbatim"]),
];

/// Why Slack would not take this message or modal.
pub fn refuses(body: &Value) -> Vec<String> {
    let mut check = Check { wrong: Vec::new(), block_ids: BTreeSet::new() };
    let blocks = if let Some(view) = body.get("view") {
        check.only(
            "view",
            view,
            &["type", "callback_id", "title", "close", "submit", "private_metadata", "blocks"],
        );
        for part in ["title", "close", "submit"] {
            if view.get(part).is_some() {
                check.text(part, &view[part], 24);
            }
        }
        if view["private_metadata"].as_str().is_none_or(|data| data.len() > 3000) {
            check.wrong.push("private_metadata".to_owned());
        }
        let inputs = view["blocks"].to_string().contains("\"type\":\"input\"");
        if inputs && view.get("submit").is_none() {
            check.wrong.push("a modal with inputs and nothing to submit".to_owned());
        }
        &view["blocks"]
    } else {
        check.only("message", body, &["blocks"]);
        &body["blocks"]
    };
    let most = if body.get("view").is_some() { 100 } else { 50 };
    let blocks = blocks.as_array().cloned().unwrap_or_default();
    if blocks.is_empty() || blocks.len() > most {
        check.wrong.push(format!("{} blocks", blocks.len()));
    }
    for block in &blocks {
        check.block(block);
    }
    check.wrong
}

struct Check {
    wrong: Vec<String>,
    block_ids: BTreeSet<String>,
}

impl Check {
    fn only(&mut self, what: &str, value: &Value, known: &[&str]) {
        for (name, field) in value.as_object().into_iter().flatten() {
            if !known.contains(&name.as_str()) || field.is_null() {
                self.wrong.push(format!("{what} has no {name}"));
            }
        }
    }

    fn known(&mut self, value: &Value) -> String {
        let kind = value["type"].as_str().unwrap_or_default().to_owned();
        match KNOWN.iter().find(|(name, _)| *name == kind) {
            Some((_, known)) => {
                let mut known = known.to_vec();
                known.push("type");
                self.only(&kind, value, &known);
            }
            None => self.wrong.push(format!("unknown type {kind}")),
        }
        kind
    }

    fn text(&mut self, what: &str, text: &Value, most: usize) {
        self.known(text);
        let length = text["text"].as_str().unwrap_or_default().chars().count();
        if length == 0 || length > most {
            self.wrong.push(format!("{what} has {length} characters, not 1 to {most}"));
        }
    }

    fn plain(&mut self, what: &str, text: &Value, most: usize) {
        if text["type"] != "plain_text" {
            self.wrong.push(format!("{what} is not plain text"));
        }
        self.text(what, text, most);
    }

    fn block(&mut self, block: &Value) {
        if let Some(id) = block["block_id"].as_str()
            && !self.block_ids.insert(id.to_owned())
        {
            self.wrong.push(format!("block_id {id} is used twice"));
        }
        match self.known(block).as_str() {
            "header" => self.plain("header", &block["text"], 150),
            "section" => self.text("section", &block["text"], 3000),
            "context" => {
                let elements = block["elements"].as_array().cloned().unwrap_or_default();
                if elements.is_empty() || elements.len() > 10 {
                    self.wrong.push("context".to_owned());
                }
                for text in &elements {
                    self.text("context", text, 3000);
                }
            }
            "input" => {
                self.plain("label", &block["label"], 2000);
                if block.get("hint").is_some() {
                    self.plain("hint", &block["hint"], 2000);
                }
                self.element(&block["element"]);
            }
            "table" => self.table(block),
            "actions" => {
                let elements = block["elements"].as_array().cloned().unwrap_or_default();
                if elements.is_empty() || elements.len() > 25 {
                    self.wrong.push("actions".to_owned());
                }
                let ids: BTreeSet<String> =
                    elements.iter().map(|e| e["action_id"].to_string()).collect();
                if ids.len() != elements.len() {
                    self.wrong.push("an action_id is used twice".to_owned());
                }
                for element in &elements {
                    self.element(element);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: &Value) {
        let kind = self.known(element);
        if element["action_id"].as_str().is_none_or(|id| id.is_empty() || id.len() > 255) {
            self.wrong.push(format!("{kind} without an action_id"));
        }
        match kind.as_str() {
            "button" => self.button(element),
            "plain_text_input" => {
                if element.get("placeholder").is_some() {
                    self.plain("placeholder", &element["placeholder"], 150);
                }
                let first = element["initial_value"].as_str().unwrap_or_default().chars().count();
                if first > 3000 || element["max_length"].as_u64().is_none_or(|most| most > 3000) {
                    self.wrong.push(format!("a text of {first} characters"));
                }
            }
            "radio_buttons" | "checkboxes" => self.options(element, 10),
            "static_select" if element.get("option_groups").is_some() => {
                let groups = element["option_groups"].as_array().cloned().unwrap_or_default();
                if groups.is_empty() || groups.len() > 100 || element.get("options").is_some() {
                    self.wrong.push(format!("{} groups of options", groups.len()));
                }
                for group in &groups {
                    self.only("group", group, &["label", "options"]);
                    self.plain("label", &group["label"], 75);
                    self.options(group, 100);
                }
            }
            "static_select" | "multi_static_select" => self.options(element, 100),
            "external_select" => {
                let first: Vec<Value> =
                    element.get("initial_option").cloned().into_iter().collect();
                self.each_option(&first);
            }
            "multi_external_select" => {
                let first = element["initial_options"].as_array().cloned().unwrap_or_default();
                self.each_option(&first);
            }
            "datepicker" => self.shaped(element, "initial_date", r"^\d{4}-\d{2}-\d{2}$"),
            "timepicker" => self.shaped(element, "initial_time", r"^\d{2}:\d{2}$"),
            "number_input" => {
                for name in ["initial_value", "min_value", "max_value"] {
                    self.shaped(element, name, r"^-?[0-9.]+$");
                }
            }
            _ => {}
        }
    }

    fn shaped(&mut self, element: &Value, name: &str, pattern: &str) {
        let shape = regex::Regex::new(pattern).unwrap();
        if element.get(name).is_some_and(|value| !value.as_str().is_some_and(|v| shape.is_match(v)))
        {
            self.wrong.push(format!("{name} is {}", element[name]));
        }
    }

    fn table(&mut self, table: &Value) {
        let rows = table["rows"].as_array().cloned().unwrap_or_default();
        let mut chars = 0;
        for row in &rows {
            let cells = row.as_array().cloned().unwrap_or_default();
            if cells.is_empty() || cells.len() > 20 {
                self.wrong.push(format!("{} cells", cells.len()));
            }
            for cell in &cells {
                self.known(cell);
                let length = cell["text"].as_str().unwrap_or_default().chars().count();
                chars += length;
                if cell["type"] != "raw_text" || length == 0 {
                    self.wrong.push("a cell".to_owned());
                }
            }
        }
        if rows.is_empty() || rows.len() > 100 || chars > 10_000 {
            self.wrong.push(format!("a table of {} rows and {chars} characters", rows.len()));
        }
    }

    fn button(&mut self, button: &Value) {
        self.plain("button", &button["text"], 75);
        if button["value"].as_str().is_some_and(|value| value.chars().count() > 2000)
            || button["url"].as_str().is_some_and(|url| url.len() > 3000)
            || button.get("style").is_some_and(|style| *style != "primary" && *style != "danger")
        {
            self.wrong.push("button".to_owned());
        }
        if let Some(confirm) = button.get("confirm") {
            self.only("confirm", confirm, &["title", "text", "confirm", "deny", "style"]);
            for (part, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                self.plain(part, &confirm[part], most);
            }
        }
    }

    fn options(&mut self, element: &Value, most: usize) {
        let options = element["options"].as_array().cloned().unwrap_or_default();
        if options.is_empty() || options.len() > most {
            self.wrong.push(format!("{} options", options.len()));
        }
        self.each_option(&options);
    }

    fn each_option(&mut self, options: &[Value]) {
        for option in options {
            self.only("option", option, &["text", "value", "description"]);
            self.plain("option", &option["text"], 75);
            if option["value"].as_str().is_none_or(|v| v.is_empty() || v.chars().count() > 150) {
                self.wrong.push("the value of an option".to_owned());
            }
            if let Some(description) = option.get("description") {
                self.plain("description", description, 75);
            }
        }
    }
}

/// All buttons, in order.
pub fn buttons(body: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    walk(body, &mut |value| {
        if value["type"] == "button" {
            found.push(value.clone());
        }
    });
    found
}

/// Every text that Slack reads as mrkdwn.
pub fn mrkdwn(body: &Value) -> Vec<String> {
    texts(body, &["mrkdwn"])
}

/// Every text that people see.
pub fn shown(body: &Value) -> Vec<String> {
    texts(body, &["mrkdwn", "plain_text", "raw_text"])
}

fn texts(body: &Value, kinds: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    walk(body, &mut |value| {
        if kinds.iter().any(|kind| value["type"] == *kind)
            && let Some(text) = value["text"].as_str()
        {
            found.push(text.to_owned());
        }
    });
    found
}

fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(fields) => {
            visit(value);
            fields.values().for_each(|field| walk(field, visit));
        }
        _ => {}
    }
}
