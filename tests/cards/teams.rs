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
    ("Input.Text", &["id", "label", "placeholder", "maxLength", "isRequired"]),
    (
        "Input.ChoiceSet",
        &["id", "style", "isMultiSelect", "wrap", "label", "isRequired", "errorMessage", "choices"],
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
        "Input.Text" if value["label"].as_str().is_none_or(str::is_empty) => {
            wrong.push(format!("{at}: no label"));
        }
        "Input.ChoiceSet" => {
            if value["label"].as_str().is_none_or(str::is_empty)
                || value["errorMessage"].as_str().is_none_or(str::is_empty)
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
    for list in ["body", "items", "actions", "inlines"] {
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
    let same = |part: &str| fallback["data"][part] == button["data"][part];
    if !button["verb"].as_str().is_some_and(|verb| verb.starts_with("countersign."))
        || button["title"].as_str().is_none_or(str::is_empty)
        || !["default", "positive", "destructive"].iter().any(|style| button["style"] == *style)
    {
        wrong.push(format!("{at}: no verb, title or known style"));
    }
    if fallback["type"] != "Action.Submit"
        || fallback["data"]["verb"] != button["verb"]
        || !(same("r") && same("n") && same("d"))
    {
        wrong.push(format!("{at}: the fallback does not say the same"));
    }
    if button["data"]["d"].as_str().map(str::len) != Some(64) {
        wrong.push(format!("{at}: no digest"));
    }
}

/// Every text that Teams reads as Markdown.
pub fn shown(card: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    walk(card, &mut |value| {
        let kind = value["type"].as_str();
        let parts: &[&str] = match kind {
            Some("TextBlock" | "TextRun") => &["text"],
            None => &["title", "value"],
            _ => return,
        };
        // A choice hands its value back as it is; only its title is shown.
        let choice = kind.is_none()
            && value["value"].as_str().is_some_and(|v| v.contains('@'))
            && value["title"].as_str().is_some_and(|t| t.contains('·'));
        for part in parts {
            if !(choice && *part == "value")
                && let Some(text) = value[*part].as_str()
            {
                texts.push(text.to_owned());
            }
        }
    });
    texts
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
