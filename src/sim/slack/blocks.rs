//! Block Kit's rules, for the blocks this product uses. Any other block is
//! refused as an unknown one would be.
//!
//! Limits: docs "Block Kit" reference and `@slack/types` 3.2. Slack's own check
//! is a JSON schema that refuses unknown properties. Characters are counted.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    elements::{self, Place},
    web::Refusal,
};

/// Where blocks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    Message,
    Modal,
}

/// One thing that is wrong, and where (a JSON pointer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub at: String,
    pub what: String,
}

/// Collects what is wrong.
pub(super) struct Check {
    pub wrong: Vec<Wrong>,
    surface: Surface,
    block_ids: HashSet<String>,
    inputs: usize,
    tables: usize,
}

const BOTH: &[&str] = &["plain_text", "mrkdwn"];
pub(super) const PLAIN: &[&str] = &["plain_text"];

/// What is wrong with these blocks; nothing if they are well.
pub(super) fn check(blocks: &Value, surface: Surface, at: &str) -> Vec<Wrong> {
    let mut check =
        Check { wrong: Vec::new(), surface, block_ids: HashSet::new(), inputs: 0, tables: 0 };
    check.blocks(blocks, at);
    check.wrong
}

/// What is wrong with this modal.
pub(super) fn check_view(view: &Value, at: &str) -> Vec<Wrong> {
    let mut check = Check {
        wrong: Vec::new(),
        surface: Surface::Modal,
        block_ids: HashSet::new(),
        inputs: 0,
        tables: 0,
    };
    check.view(view, at);
    check.wrong
}

/// As Slack answers it (docs chat.postMessage, `invalid_blocks`).
pub(super) fn refusal(error: &'static str, wrong: &[Wrong]) -> Refusal {
    let said = |one: &Wrong| format!("{} [json-pointer:{}]", one.what, one.at);
    let errors: Vec<_> = wrong.iter().map(said).collect();
    let messages: Vec<_> = errors.iter().map(|one| format!("[ERROR] {one}")).collect();
    Refusal {
        error,
        more: json!({ "errors": errors, "response_metadata": { "messages": messages } }),
    }
}

/// The characters of all `text` strings together.
pub(super) fn text_chars(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(text_chars).sum(),
        Value::Object(fields) => {
            let own =
                fields.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            own + fields.values().map(text_chars).sum::<usize>()
        }
        _ => 0,
    }
}

/// What a view may hold (docs.slack.dev, view object).
#[rustfmt::skip]
const VIEW: &[&str] = &[
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
    "notify_on_close", "external_id", "submit_disabled",
];

impl Check {
    pub fn wrong(&mut self, at: impl Into<String>, what: impl Into<String>) {
        self.wrong.push(Wrong { at: at.into(), what: what.into() });
    }

    /// The object, if it is one; tells of unknown, missing and null properties.
    pub fn object<'a>(
        &mut self,
        value: &'a Value,
        at: &str,
        known: &[&str],
        needed: &[&str],
    ) -> Option<&'a Map<String, Value>> {
        let Some(object) = value.as_object() else {
            self.wrong(at, "must be an object");
            return None;
        };
        for (name, value) in object {
            if !known.contains(&name.as_str()) {
                self.wrong(at, format!("invalid additional property: {name}"));
            } else if value.is_null() {
                self.wrong(format!("{at}/{name}"), "must not be null");
            }
        }
        for name in needed.iter().filter(|name| !object.contains_key(**name)) {
            self.wrong(format!("{at}/{name}"), format!("missing required field: {name}"));
        }
        Some(object)
    }

    /// An optional string of `min..=max` characters.
    pub fn string(
        &mut self,
        object: &Map<String, Value>,
        name: &str,
        at: &str,
        min: usize,
        max: usize,
    ) {
        let Some(value) = object.get(name) else { return };
        match value.as_str().map(|text| text.chars().count()) {
            None => self.wrong(format!("{at}/{name}"), "must be a string"),
            Some(chars) if chars < min => {
                self.wrong(
                    format!("{at}/{name}"),
                    format!("must be more than {} characters", min - 1),
                );
            }
            Some(chars) if chars > max => {
                self.wrong(
                    format!("{at}/{name}"),
                    format!("must be less than {} characters", max + 1),
                );
            }
            Some(_) => {}
        }
    }

    pub fn flag(&mut self, object: &Map<String, Value>, name: &str, at: &str) {
        if object.get(name).is_some_and(|value| !value.is_boolean()) {
            self.wrong(format!("{at}/{name}"), "must be a boolean");
        }
    }

    pub fn one_of(&mut self, object: &Map<String, Value>, name: &str, at: &str, values: &[&str]) {
        let fits = |value: &Value| value.as_str().is_some_and(|value| values.contains(&value));
        if object.get(name).is_some_and(|value| !fits(value)) {
            self.wrong(
                format!("{at}/{name}"),
                format!("value must be one of: {}", values.join(", ")),
            );
        }
    }

    /// An optional text object.
    pub fn text(
        &mut self,
        object: &Map<String, Value>,
        name: &str,
        at: &str,
        kinds: &[&str],
        max: usize,
    ) {
        if let Some(value) = object.get(name) {
            self.text_object(value, &format!("{at}/{name}"), kinds, max);
        }
    }

    pub fn text_object(&mut self, value: &Value, at: &str, kinds: &[&str], max: usize) {
        let kind = value["type"].as_str().unwrap_or_default();
        if value.is_object() && !kinds.contains(&kind) {
            return self.wrong(format!("{at}/type"), format!("unsupported type: {kind}"));
        }
        let extra = if kind == "mrkdwn" { "verbatim" } else { "emoji" };
        let Some(object) = self.object(value, at, &["type", "text", extra], &["text"]) else {
            return;
        };
        self.flag(object, extra, at);
        self.string(object, "text", at, 1, max);
    }

    /// An optional list of `min..=max` items.
    pub fn list<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        name: &str,
        at: &str,
        min: usize,
        max: usize,
    ) -> &'a [Value] {
        let Some(value) = object.get(name) else { return &[] };
        let Some(items) = value.as_array() else {
            self.wrong(format!("{at}/{name}"), "must be an array");
            return &[];
        };
        if items.len() < min {
            self.wrong(format!("{at}/{name}"), format!("no fewer than {min} items allowed"));
        }
        if items.len() > max {
            self.wrong(format!("{at}/{name}"), format!("no more than {max} items allowed"));
        }
        items
    }

    fn blocks(&mut self, blocks: &Value, at: &str) {
        let Some(blocks) = blocks.as_array() else { return self.wrong(at, "must be an array") };
        let max = if self.surface == Surface::Message { 50 } else { 100 };
        if blocks.len() > max {
            self.wrong(at, format!("no more than {max} items allowed"));
        }
        for (n, block) in blocks.iter().enumerate() {
            self.block(block, &format!("{at}/{n}"));
        }
    }

    fn block(&mut self, block: &Value, at: &str) {
        if let Some(id) = block["block_id"].as_str()
            && !self.block_ids.insert(id.to_owned())
        {
            self.wrong(format!("{at}/block_id"), format!("`block_id` \"{id}\" already exists"));
        }
        match block["type"].as_str() {
            Some("section") => self.section(block, at),
            Some("header") => {
                if let Some(header) =
                    self.object(block, at, &["type", "block_id", "text"], &["text"])
                {
                    self.text(header, "text", at, PLAIN, 150);
                    self.string(header, "block_id", at, 1, 255);
                }
            }
            Some("divider") => {
                if let Some(divider) = self.object(block, at, &["type", "block_id"], &[]) {
                    self.string(divider, "block_id", at, 1, 255);
                }
            }
            Some("context") => self.context(block, at),
            Some("actions") => self.actions(block, at),
            Some("input") => self.input(block, at),
            Some("image") => self.image(block, at),
            Some("table") if self.surface == Surface::Message => self.table(block, at),
            Some("markdown") if self.surface == Surface::Message => {
                if let Some(markdown) =
                    self.object(block, at, &["type", "block_id", "text"], &["text"])
                {
                    self.string(markdown, "text", at, 1, 12_000);
                    self.string(markdown, "block_id", at, 1, 255);
                }
            }
            other => {
                let said = other.unwrap_or("(none)");
                self.wrong(format!("{at}/type"), format!("unsupported type: {said}"));
            }
        }
    }

    fn section(&mut self, block: &Value, at: &str) {
        let known = ["type", "block_id", "text", "fields", "accessory", "expand"];
        let Some(section) = self.object(block, at, &known, &[]) else { return };
        if !section.contains_key("text") && !section.contains_key("fields") {
            self.wrong(format!("{at}/text"), "missing required field: text");
        }
        self.string(section, "block_id", at, 1, 255);
        self.flag(section, "expand", at);
        self.text(section, "text", at, BOTH, 3000);
        for (n, field) in self.list(section, "fields", at, 1, 10).iter().enumerate() {
            self.text_object(field, &format!("{at}/fields/{n}"), BOTH, 2000);
        }
        if let Some(accessory) = section.get("accessory") {
            elements::check(self, accessory, &format!("{at}/accessory"), Place::Section);
        }
    }

    fn context(&mut self, block: &Value, at: &str) {
        let Some(context) =
            self.object(block, at, &["type", "block_id", "elements"], &["elements"])
        else {
            return;
        };
        self.string(context, "block_id", at, 1, 255);
        for (n, element) in self.list(context, "elements", at, 1, 10).iter().enumerate() {
            let at = format!("{at}/elements/{n}");
            if element["type"] == "image" {
                elements::check(self, element, &at, Place::Context);
            } else {
                self.text_object(element, &at, BOTH, 3000);
            }
        }
    }

    fn actions(&mut self, block: &Value, at: &str) {
        let Some(actions) =
            self.object(block, at, &["type", "block_id", "elements"], &["elements"])
        else {
            return;
        };
        self.string(actions, "block_id", at, 1, 255);
        let mut ids = HashSet::new();
        for (n, element) in self.list(actions, "elements", at, 1, 25).iter().enumerate() {
            let at = format!("{at}/elements/{n}");
            elements::check(self, element, &at, Place::Actions);
            if let Some(id) = element["action_id"].as_str()
                && !ids.insert(id)
            {
                self.wrong(
                    format!("{at}/action_id"),
                    format!("`action_id` \"{id}\" already exists"),
                );
            }
        }
    }

    fn input(&mut self, block: &Value, at: &str) {
        self.inputs += 1;
        let known = ["type", "block_id", "label", "element", "dispatch_action", "hint", "optional"];
        let Some(input) = self.object(block, at, &known, &["label", "element"]) else { return };
        self.string(input, "block_id", at, 1, 255);
        self.text(input, "label", at, PLAIN, 2000);
        self.text(input, "hint", at, PLAIN, 2000);
        self.flag(input, "dispatch_action", at);
        self.flag(input, "optional", at);
        if let Some(element) = input.get("element") {
            elements::check(self, element, &format!("{at}/element"), Place::Input);
        }
    }

    /// docs "Table block": one a message, 100 rows of 20 cells, 10,000 characters in all.
    fn table(&mut self, block: &Value, at: &str) {
        let known = ["type", "block_id", "rows", "column_settings"];
        let Some(table) = self.object(block, at, &known, &["rows"]) else { return };
        self.tables += 1;
        if self.tables > 1 {
            self.wrong(at, "only_one_table_allowed");
        }
        self.string(table, "block_id", at, 1, 255);
        let mut chars = 0;
        for (n, row) in self.list(table, "rows", at, 1, 100).iter().enumerate() {
            let at = format!("{at}/rows/{n}");
            let cells = row.as_array().map(Vec::as_slice).unwrap_or_default();
            if cells.is_empty() || cells.len() > 20 {
                self.wrong(&at, "a row has 1 to 20 cells");
            }
            for (n, cell) in cells.iter().enumerate() {
                let at = format!("{at}/{n}");
                if cell["type"] != "raw_text" {
                    self.wrong(format!("{at}/type"), "unsupported type");
                    continue;
                }
                if let Some(cell) = self.object(cell, &at, &["type", "text"], &["text"]) {
                    self.string(cell, "text", &at, 1, 10_000);
                    chars += cell["text"].as_str().map_or(0, |text| text.chars().count());
                }
            }
        }
        if chars > 10_000 {
            self.wrong(at, "table content must be less than 10001 characters");
        }
        for (n, column) in self.list(table, "column_settings", at, 0, 20).iter().enumerate() {
            let at = format!("{at}/column_settings/{n}");
            if let Some(column) = self.object(column, &at, &["align", "is_wrapped"], &[]) {
                self.one_of(column, "align", &at, &["left", "center", "right"]);
                self.flag(column, "is_wrapped", &at);
            }
        }
    }

    fn image(&mut self, block: &Value, at: &str) {
        let known = ["type", "block_id", "image_url", "alt_text", "title"];
        let Some(image) = self.object(block, at, &known, &["image_url", "alt_text"]) else {
            return;
        };
        self.string(image, "block_id", at, 1, 255);
        self.string(image, "image_url", at, 1, 3000);
        self.string(image, "alt_text", at, 1, 2000);
        self.text(image, "title", at, PLAIN, 2000);
    }

    fn view(&mut self, view: &Value, at: &str) {
        let Some(modal) = self.object(view, at, VIEW, &["title", "blocks"]) else { return };
        self.one_of(modal, "type", at, &["modal"]);
        for name in ["title", "close", "submit"] {
            self.text(modal, name, at, PLAIN, 24);
        }
        self.string(modal, "private_metadata", at, 0, 3000);
        self.string(modal, "callback_id", at, 0, 255);
        self.string(modal, "external_id", at, 0, 255);
        for name in ["clear_on_close", "notify_on_close", "submit_disabled"] {
            self.flag(modal, name, at);
        }
        if let Some(blocks) = modal.get("blocks") {
            self.blocks(blocks, &format!("{at}/blocks"));
        }
        if self.inputs > 0 && !modal.contains_key("submit") {
            self.wrong(format!("{at}/submit"), "missing required field: submit");
        }
        // docs views.open: `view_too_large`, over 250 kB.
        if view.to_string().len() > 250 * 1024 {
            self.wrong(at, "view_too_large");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(block: &Value) -> Vec<String> {
        check(&json!([block]), Surface::Message, "/blocks")
            .into_iter()
            .map(|wrong| wrong.what)
            .collect()
    }

    #[test]
    fn good_blocks_pass() {
        let blocks = json!([
            { "type": "header", "text": { "type": "plain_text", "text": "Reset a password" } },
            { "type": "section", "text": { "type": "mrkdwn", "text": "*For*", "verbatim": true },
              "fields": [{ "type": "plain_text", "text": "a" }] },
            { "type": "divider" },
            { "type": "context", "elements": [{ "type": "mrkdwn", "text": "#1042" }] },
            { "type": "input", "block_id": "note", "optional": true, "label": { "type": "plain_text", "text": "Why" },
              "element": { "type": "plain_text_input", "action_id": "note", "max_length": 500 } },
            { "type": "actions", "elements": [
                { "type": "button", "action_id": "a", "style": "primary", "text": { "type": "plain_text", "text": "Approve" }, "value": "1" },
                { "type": "static_select", "action_id": "b", "options": [{ "text": { "type": "plain_text", "text": "x" }, "value": "x" }] },
            ] },
        ]);
        assert_eq!(check(&blocks, Surface::Message, "/blocks"), []);
    }

    #[test]
    fn each_rule_is_kept() {
        let plain = |text: &str| json!({ "type": "plain_text", "text": text });
        let button = json!({ "type": "button", "action_id": "a", "text": plain("x") });
        for (block, wrong) in [
            (json!({ "type": "section" }), "missing required field: text"),
            (json!({ "type": "section", "text": plain("") }), "must be more than 0 characters"),
            (
                json!({ "type": "section", "text": plain(&"ä".repeat(3001)) }),
                "must be less than 3001 characters",
            ),
            (
                json!({ "type": "section", "text": plain("x"), "color": "red" }),
                "invalid additional property: color",
            ),
            (
                json!({ "type": "header", "text": { "type": "mrkdwn", "text": "x" } }),
                "unsupported type: mrkdwn",
            ),
            (
                json!({ "type": "header", "text": plain(&"x".repeat(151)) }),
                "must be less than 151 characters",
            ),
            (
                json!({ "type": "actions", "elements": [button, button] }),
                "`action_id` \"a\" already exists",
            ),
            (json!({ "type": "actions", "elements": [] }), "no fewer than 1 items allowed"),
            (json!({ "type": "marquee" }), "unsupported type: marquee"),
            (json!({ "type": "context", "elements": [button] }), "unsupported type: button"),
            (json!({ "type": "section", "text": null }), "must not be null"),
        ] {
            assert!(one(&block).contains(&wrong.to_owned()), "{block} gave {:?}", one(&block));
        }
        assert_eq!(one(&json!({ "type": "section", "text": plain(&"ä".repeat(3000)) })), [""; 0]);
        let twice =
            json!([{ "type": "divider", "block_id": "d" }, { "type": "divider", "block_id": "d" }]);
        assert_eq!(check(&twice, Surface::Message, "/blocks").len(), 1);
        let many = Value::Array(vec![json!({ "type": "divider" }); 51]);
        assert_eq!(check(&many, Surface::Message, "/blocks").len(), 1);
        assert_eq!(check(&many, Surface::Modal, "/blocks"), []);
    }

    #[test]
    fn a_form_with_questions_needs_a_way_to_answer() {
        let plain = |text: &str| json!({ "type": "plain_text", "text": text });
        let mut view = json!({ "type": "modal", "title": plain("Which one?"), "blocks": [
            { "type": "input", "label": plain("x"), "element": { "type": "plain_text_input", "action_id": "x" } }] });
        assert_eq!(check_view(&view, "/view")[0].what, "missing required field: submit");
        view["submit"] = plain("Use");
        assert_eq!(check_view(&view, "/view"), []);
        view["title"] = plain("a title of more than 24 characters");
        assert_eq!(check_view(&view, "/view").len(), 1);
    }
}
