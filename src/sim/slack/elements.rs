//! The rules of buttons and inputs (docs "Block Kit", block elements).

use jiff::civil;
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
            "external_select",
            "multi_static_select",
            "multi_external_select",
            "datepicker",
            "timepicker",
        ],
        Place::Actions => &[
            "button",
            "static_select",
            "radio_buttons",
            "checkboxes",
            "overflow",
            "users_select",
            "external_select",
            "datepicker",
            "timepicker",
        ],
        Place::Input => &[
            "plain_text_input",
            "static_select",
            "radio_buttons",
            "checkboxes",
            "users_select",
            "external_select",
            "multi_static_select",
            "multi_external_select",
            "number_input",
            "datepicker",
            "timepicker",
        ],
        Place::Context => &["image"],
    }
}

/// Names of properties.
type Names = &'static [&'static str];

/// What an element of this kind may have, and what it must have.
fn properties(kind: &str) -> (Names, Names) {
    match kind {
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
        "radio_buttons" => (
            &["type", "action_id", "confirm", "focus_on_load", "options", "initial_option"],
            &["options"],
        ),
        "checkboxes" => (
            &["type", "action_id", "confirm", "focus_on_load", "options", "initial_options"],
            &["options"],
        ),
        "overflow" => (&["type", "action_id", "confirm", "options"], &["options"]),
        "number_input" => (of_field(kind), &["is_decimal_allowed"]),
        "datepicker" | "timepicker" | "plain_text_input" => (of_field(kind), &[]),
        _ => (of_menu(kind), &[]),
    }
}

/// What a menu may have.
fn of_menu(kind: &str) -> Names {
    match kind {
        "static_select" => &[
            "type",
            "action_id",
            "placeholder",
            "confirm",
            "focus_on_load",
            "options",
            "option_groups",
            "initial_option",
        ],
        "multi_static_select" => &[
            "type",
            "action_id",
            "placeholder",
            "confirm",
            "focus_on_load",
            "options",
            "option_groups",
            "initial_options",
            "max_selected_items",
        ],
        "external_select" => &[
            "type",
            "action_id",
            "placeholder",
            "confirm",
            "focus_on_load",
            "min_query_length",
            "initial_option",
        ],
        "multi_external_select" => &[
            "type",
            "action_id",
            "placeholder",
            "confirm",
            "focus_on_load",
            "min_query_length",
            "initial_options",
            "max_selected_items",
        ],
        _ => &["type", "action_id", "placeholder", "confirm", "focus_on_load", "initial_user"],
    }
}

/// What may be said of a field to type or to pick into.
fn of_field(kind: &str) -> Names {
    match kind {
        "number_input" => &[
            "type",
            "action_id",
            "placeholder",
            "focus_on_load",
            "is_decimal_allowed",
            "initial_value",
            "min_value",
            "max_value",
        ],
        "timepicker" => {
            &["type", "action_id", "placeholder", "confirm", "focus_on_load", "initial_time"]
        }
        "datepicker" => {
            &["type", "action_id", "placeholder", "confirm", "focus_on_load", "initial_date"]
        }
        _ => &[
            "type",
            "action_id",
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "focus_on_load",
            "placeholder",
        ],
    }
}

pub(super) fn check(check: &mut Check, element: &Value, at: &str, place: Place) {
    let kind = element["type"].as_str().unwrap_or("(none)");
    if !allowed(place).contains(&kind) {
        return check.wrong(format!("{at}/type"), format!("unsupported type: {kind}"));
    }
    let (known, needed) = properties(kind);
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
        "static_select" | "multi_static_select" => selected(check, object, at),
        "external_select" | "multi_external_select" => external(check, object, at),
        "number_input" => number(check, object, at),
        "datepicker" => {
            shaped(check, object, "initial_date", at, |said| said.parse::<civil::Date>().is_ok());
        }
        "timepicker" => {
            shaped(check, object, "initial_time", at, |said| {
                said.len() == 5 && said.parse::<civil::Time>().is_ok()
            });
        }
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

/// docs "Select menus": either `options` or `option_groups`, at most 100 groups of at
/// most 100 options.
fn selected(check: &mut Check, element: &Map<String, Value>, at: &str) {
    if element.contains_key("options") == element.contains_key("option_groups") {
        check.wrong(format!("{at}/options"), "missing required field: options");
    }
    options(check, element, at, 100, false);
    for (n, group) in check.list(element, "option_groups", at, 1, 100).iter().enumerate() {
        let at = format!("{at}/option_groups/{n}");
        let Some(group) = check.object(group, &at, &["label", "options"], &["label", "options"])
        else {
            continue;
        };
        check.text(group, "label", &at, PLAIN, 75);
        options(check, group, &at, 100, false);
    }
}

fn external(check: &mut Check, element: &Map<String, Value>, at: &str) {
    let least = element.get("min_query_length");
    if least.is_some_and(|least| least.as_u64().is_none()) {
        check.wrong(format!("{at}/min_query_length"), "must be an integer");
    }
    if let Some(first) = element.get("initial_option") {
        option(check, first, &format!("{at}/initial_option"), PLAIN);
    }
    for (n, first) in check.list(element, "initial_options", at, 1, 100).iter().enumerate() {
        option(check, first, &format!("{at}/initial_options/{n}"), PLAIN);
    }
}

fn number(check: &mut Check, element: &Map<String, Value>, at: &str) {
    check.flag(element, "is_decimal_allowed", at);
    for name in ["initial_value", "min_value", "max_value"] {
        // docs "Number input": numbers come as strings.
        shaped(check, element, name, at, |said| said.parse::<f64>().is_ok());
    }
}

fn shaped(
    check: &mut Check,
    element: &Map<String, Value>,
    name: &str,
    at: &str,
    fits: impl Fn(&str) -> bool,
) {
    if element.get(name).is_some_and(|value| !value.as_str().is_some_and(&fits)) {
        check.wrong(format!("{at}/{name}"), format!("invalid {name}"));
    }
}

fn option(check: &mut Check, value: &Value, at: &str, kinds: &[&str]) {
    let Some(option) =
        check.object(value, at, &["text", "value", "description"], &["text", "value"])
    else {
        return;
    };
    check.text(option, "text", at, kinds, 75);
    check.text(option, "description", at, kinds, 75);
    check.string(option, "value", at, 1, 150);
}

fn options(check: &mut Check, element: &Map<String, Value>, at: &str, max: usize, rich: bool) {
    let kinds: &[&str] = if rich { &["plain_text", "mrkdwn"] } else { PLAIN };
    let all = check.list(element, "options", at, 1, max);
    for (n, value) in all.iter().enumerate() {
        option(check, value, &format!("{at}/options/{n}"), kinds);
    }
    let grouped = element.contains_key("option_groups");
    let first = element.get("initial_options").and_then(Value::as_array);
    if !grouped && first.into_iter().flatten().any(|chosen| !all.contains(chosen)) {
        check.wrong(format!("{at}/initial_options"), "initial option not found in options");
    }
    if !grouped && element.get("initial_option").is_some_and(|chosen| !all.contains(chosen)) {
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
