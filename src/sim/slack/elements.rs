//! The rules of buttons and inputs (docs "Block Kit", block elements).

use serde_json::{Map, Value};

use super::blocks::{Check, PLAIN};

/// In what sort of block an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Section,
    Actions,
    Input,
    Context,
}

fn allowed(place: Place) -> &'static [&'static str] {
    match place {
        Place::Section => &[
            "button",
            "image",
            "static_select",
            "radio_buttons",
            "checkboxes",
            "overflow",
            "users_select",
            "datepicker",
        ],
        Place::Actions => &[
            "button",
            "static_select",
            "radio_buttons",
            "checkboxes",
            "overflow",
            "users_select",
            "datepicker",
        ],
        Place::Input => &[
            "plain_text_input",
            "static_select",
            "radio_buttons",
            "checkboxes",
            "users_select",
            "datepicker",
        ],
        Place::Context => &["image"],
    }
}

pub(super) fn check(check: &mut Check, element: &Value, at: &str, place: Place) {
    let kind = element["type"].as_str().unwrap_or("(none)");
    if !allowed(place).contains(&kind) {
        return check.wrong(format!("{at}/type"), format!("unsupported type: {kind}"));
    }
    let (known, needed): (&[&str], &[&str]) = match kind {
        "button" => (
            &[
                "type",
                "text",
                "action_id",
                "url",
                "value",
                "style",
                "confirm",
                "accessibility_label",
            ],
            &["text"],
        ),
        "image" => (&["type", "image_url", "alt_text"], &["image_url", "alt_text"]),
        "static_select" => (
            &[
                "type",
                "action_id",
                "placeholder",
                "confirm",
                "focus_on_load",
                "options",
                "initial_option",
            ],
            &["options"],
        ),
        "radio_buttons" => (
            &["type", "action_id", "confirm", "focus_on_load", "options", "initial_option"],
            &["options"],
        ),
        "checkboxes" => (
            &["type", "action_id", "confirm", "focus_on_load", "options", "initial_options"],
            &["options"],
        ),
        "overflow" => (&["type", "action_id", "confirm", "options"], &["options"]),
        "users_select" => {
            (&["type", "action_id", "placeholder", "confirm", "focus_on_load", "initial_user"], &[])
        }
        "datepicker" => {
            (&["type", "action_id", "placeholder", "confirm", "focus_on_load", "initial_date"], &[])
        }
        _ => (
            &[
                "type",
                "action_id",
                "initial_value",
                "multiline",
                "min_length",
                "max_length",
                "focus_on_load",
                "placeholder",
            ],
            &[],
        ),
    };
    let Some(object) = check.object(element, at, known, needed) else { return };
    check.string(object, "action_id", at, 1, 255);
    check.text(object, "placeholder", at, PLAIN, 150);
    check.flag(object, "focus_on_load", at);
    if let Some(confirm) = object.get("confirm") {
        confirmation(check, confirm, &format!("{at}/confirm"));
    }
    match kind {
        "button" => button(check, object, at),
        "image" => {
            check.string(object, "image_url", at, 1, 3000);
            check.string(object, "alt_text", at, 1, 2000);
        }
        "static_select" => options(check, object, at, 100, false),
        "radio_buttons" | "checkboxes" => options(check, object, at, 10, true),
        "overflow" => options(check, object, at, 5, false),
        "plain_text_input" => typed(check, object, at),
        _ => {}
    }
}

fn button(check: &mut Check, button: &Map<String, Value>, at: &str) {
    check.text(button, "text", at, PLAIN, 75);
    check.string(button, "value", at, 0, 2000);
    check.string(button, "url", at, 1, 3000);
    check.string(button, "accessibility_label", at, 0, 75);
    check.one_of(button, "style", at, &["primary", "danger"]);
    let address = button.get("url").and_then(Value::as_str);
    if address.is_some_and(|url| {
        !["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
    }) {
        check.wrong(format!("{at}/url"), "must be a valid URL");
    }
}

fn confirmation(check: &mut Check, value: &Value, at: &str) {
    let known = ["title", "text", "confirm", "deny", "style"];
    let Some(confirm) = check.object(value, at, &known, &["title", "text", "confirm", "deny"])
    else {
        return;
    };
    check.text(confirm, "title", at, PLAIN, 100);
    check.text(confirm, "text", at, &["plain_text", "mrkdwn"], 300);
    check.text(confirm, "confirm", at, PLAIN, 30);
    check.text(confirm, "deny", at, PLAIN, 30);
    check.one_of(confirm, "style", at, &["primary", "danger"]);
}

fn options(check: &mut Check, element: &Map<String, Value>, at: &str, max: usize, rich: bool) {
    let kinds: &[&str] = if rich { &["plain_text", "mrkdwn"] } else { PLAIN };
    let all = check.list(element, "options", at, 1, max);
    for (n, value) in all.iter().enumerate() {
        let at = format!("{at}/options/{n}");
        let Some(option) =
            check.object(value, &at, &["text", "value", "description"], &["text", "value"])
        else {
            continue;
        };
        check.text(option, "text", &at, kinds, 75);
        check.text(option, "description", &at, kinds, 75);
        check.string(option, "value", &at, 1, 150);
    }
    if element.get("initial_option").is_some_and(|chosen| !all.contains(chosen)) {
        check.wrong(format!("{at}/initial_option"), "initial option not found in options");
    }
}

fn typed(check: &mut Check, input: &Map<String, Value>, at: &str) {
    check.string(input, "initial_value", at, 0, 3000);
    check.flag(input, "multiline", at);
    for (name, least) in [("min_length", 0), ("max_length", 1)] {
        let fits =
            |value: &Value| value.as_u64().is_some_and(|length| (least..=3000).contains(&length));
        if input.get(name).is_some_and(|value| !fits(value)) {
            check.wrong(format!("{at}/{name}"), format!("must be between {least} and 3000"));
        }
    }
}
