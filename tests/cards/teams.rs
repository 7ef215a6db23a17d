//! What Teams takes: the part of Adaptive Cards 1.5 that its phones show well.
//! Source: adaptivecards.io schema 1.5.0; Microsoft Teams, "Cards" and "Format your
//! bot messages" (size); "Universal Actions" (Action.Execute with a fallback).

use std::collections::BTreeSet;

use serde_json::Value;

/// Properties that each element may have, beside `type`.
const KNOWN: &[(&str, &[&str])] = &[
    ("AdaptiveCard", &["$schema", "version", "msteams", "fallbackText", "body", "actions"]),
    ("TextBlock", &["text", "wrap", "size", "weight", "isSubtle", "color", "spacing"]),
    ("Container", &["style", "bleed", "items", "separator", "spacing"]),
    ("RichTextBlock", &["inlines", "spacing"]),
    ("TextRun", &["text", "weight"]),
    ("ActionSet", &["actions"]),
    ("ColumnSet", &["columns", "separator", "spacing"]),
    ("Column", &["width", "items"]),
    (
        "Input.Text",
        &[
            "id",
            "label",
            "placeholder",
            "maxLength",
            "isRequired",
            "errorMessage",
            "isMultiline",
            "value",
            "spacing",
        ],
    ),
    ("Input.Number", &["id", "label", "isRequired", "errorMessage", "min", "max", "value"]),
    ("Input.Date", &["id", "label", "isRequired", "errorMessage", "value"]),
    ("Input.Time", &["id", "label", "value", "spacing"]),
    ("Input.Toggle", &["id", "title", "wrap", "valueOn", "valueOff", "value"]),
    (
        "Input.ChoiceSet",
        &[
            "id",
            "style",
            "isMultiSelect",
            "wrap",
            "label",
            "isRequired",
            "errorMessage",
            "choices",
            "choices.data",
            "placeholder",
            "value",
        ],
    ),
    ("Action.Execute", &["title", "verb", "id", "style", "associatedInputs", "data", "fallback"]),
    ("Action.Submit", &["title", "style", "associatedInputs", "data"]),
    ("Action.OpenUrl", &["title", "url"]),
];

/// Why Teams would not take this card, or its people could not use it.
pub fn refuses(card: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let text = card.to_string();
    if text.len() > 28 * 1024 {
        wrong.push(format!("{} bytes", text.len()));
    }
    if text.encode_utf16().count() * 2 > 80 * 1024 {
        wrong.push("over 80 KB as UTF-16".to_owned());
    }
    if card["type"] != "AdaptiveCard" || card["version"] != "1.5" {
        wrong.push("not a card of version 1.5".to_owned());
    }
    if card["msteams"]["width"] != "Full" || card["fallbackText"] == "" {
        wrong.push("not full width, or nothing for old clients".to_owned());
    }
    let mut ids = BTreeSet::new();
    element(card, "", &mut ids, &mut wrong);
    wrong
}

fn element(value: &Value, at: &str, ids: &mut BTreeSet<String>, wrong: &mut Vec<String>) {
    let kind = value["type"].as_str().unwrap_or_default();
    let Some((_, known)) = KNOWN.iter().find(|(name, _)| *name == kind) else {
        wrong.push(format!("{at}: no element {kind}"));
        return;
    };
    for (name, _) in value.as_object().into_iter().flatten() {
        if name != "type" && !known.contains(&name.as_str()) {
            wrong.push(format!("{at}: {kind} has no {name}"));
        }
    }
    if let Some(id) = value["id"].as_str()
        && !ids.insert(id.to_owned())
    {
        wrong.push(format!("{at}: the id {id} is used twice"));
    }
    match kind {
        "TextBlock" if value["wrap"] != true => wrong.push(format!("{at}: does not wrap")),
        "Action.Execute" => execute(value, at, wrong),
        "Input.Text" | "Input.Number" | "Input.Date" | "Input.Time"
            if value["label"].as_str().is_none_or(str::is_empty) =>
        {
            wrong.push(format!("{at}: no label"));
        }
        "Input.ChoiceSet" => {
            let needed = value["isRequired"] == true;
            if value["label"].as_str().is_none_or(str::is_empty)
                || needed && value["errorMessage"].as_str().is_none_or(str::is_empty)
            {
                wrong.push(format!("{at}: no label or error message"));
            }
            for choice in value["choices"].as_array().into_iter().flatten() {
                if choice["title"].as_str().is_none_or(str::is_empty)
                    || !choice["value"].is_string()
                {
                    wrong.push(format!("{at}: an empty choice"));
                }
            }
        }
        "TextRun" if value["text"].as_str().is_none_or(str::is_empty) => {
            wrong.push(format!("{at}: an empty text"));
        }
        _ => {}
    }
    for list in ["body", "items", "actions", "inlines", "columns"] {
        if let Some(items) = value[list].as_array() {
            if items.is_empty() {
                wrong.push(format!("{at}: empty {list}"));
            }
            if list == "actions" && items.len() > 2 {
                wrong.push(format!("{at}: more buttons in a row than a phone shows"));
            }
            for (n, item) in items.iter().enumerate() {
                element(item, &format!("{at}/{list}/{n}"), ids, wrong);
            }
        }
    }
}

fn execute(button: &Value, at: &str, wrong: &mut Vec<String>) {
    let fallback = &button["fallback"];
    let parts = ["r", "n", "d", "a", "f", "p"];
    let same = parts.iter().all(|part| fallback["data"][part] == button["data"][part]);
    if !button["verb"].as_str().is_some_and(|verb| verb.starts_with("countersign."))
        || button["title"].as_str().is_none_or(str::is_empty)
        || !["default", "positive", "destructive"].iter().any(|style| button["style"] == *style)
    {
        wrong.push(format!("{at}: no verb, title or known style"));
    }
    if fallback["type"] != "Action.Submit" || fallback["data"]["verb"] != button["verb"] || !same {
        wrong.push(format!("{at}: the fallback does not say the same"));
    }
    // Forms and pages carry a value of their own; a request's buttons its digest.
    let own = button["data"]["f"].is_string() || button["data"]["p"].is_string();
    let chooser = button["verb"] == "countersign.form";
    if !own && !chooser && button["data"]["d"].as_str().map(str::len) != Some(64) {
        wrong.push(format!("{at}: no digest"));
    }
}

/// Every text that Teams reads as Markdown.
pub fn shown(card: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    gather(card, false, &mut texts);
    texts
}

fn gather(value: &Value, choice: bool, texts: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, choice, texts)),
        Value::Object(fields) => {
            let parts: &[&str] = match value["type"].as_str() {
                Some("TextBlock" | "TextRun") => &["text"],
                // A choice hands its value back as it is; only its title is shown.
                None if choice => &["title"],
                None => &["title", "value"],
                Some(_) => &[],
            };
            texts.extend(parts.iter().filter_map(|part| value[*part].as_str()).map(str::to_owned));
            for (name, field) in fields {
                gather(field, name == "choices", texts);
            }
        }
        _ => {}
    }
}
