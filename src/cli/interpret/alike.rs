//! When two proposals are alike: the rules by which a prediction counts as the label.

use serde_json::{Map, Value};

use super::score::Proposed;

/// Arguments nobody labels.
const IGNORED: [&str; 4] = ["reason", "ticket", "comment", "justification"];
/// Arguments a bot may work out by itself; nothing is lost if the label lacks them.
const DERIVED: &[(&str, &[&str])] = &[
    ("create_user", &["upn", "given_name", "surname", "mail_nickname", "usage_location"]),
    ("onboard_user", &["upn", "given_name", "surname", "mail_nickname", "usage_location"]),
    ("create_shared_mailbox", &["address"]),
    ("create_group", &["mail_nickname"]),
    ("invite_guest", &["display_name"]),
    ("create_ca_policy", &["description", "state"]),
    ("set_forwarding", &["keep_copy"]),
    ("reset_password", &["force_change"]),
    ("add_app_secret", &["display_name"]),
    ("set_out_of_office", &["message"]),
    ("graph_request", &["body"]),
];
/// Free text: most of its words must agree.
const FREE: [&str; 3] = ["message", "description", "body"];
/// Lists whose order says nothing.
const UNORDERED: [&str; 7] = [
    "members",
    "groups",
    "licenses",
    "exclude_users",
    "exclude_groups",
    "include_users",
    "include_groups",
];
/// What an action is about, the first that it has.
const PRIMARY: [&str; 12] = [
    "user",
    "mailbox",
    "device",
    "group",
    "policy",
    "app",
    "license",
    "guest",
    "email",
    "display_name",
    "workbook",
    "path",
];
/// A day without a time accepts any time of it.
const TIMES: [&str; 5] = ["at", "start", "end", "until", "start_date"];

/// All of these are all of those, in any order.
pub fn matches(wanted: &[Proposed], given: &[Proposed], now: &str) -> bool {
    let mut left: Vec<&Proposed> = given.iter().collect();
    wanted.len() == given.len()
        && wanted.iter().all(|one| {
            let found = left.iter().position(|other| alike(one, other, now));
            found.map(|at| left.remove(at)).is_some()
        })
}

/// Right, wanted and given pieces, each action and each argument one.
pub fn triples(wanted: &[Proposed], given: &[Proposed], now: &str) -> (usize, usize, usize) {
    let mut left: Vec<&Proposed> = given.iter().collect();
    let (mut right, mut want, mut got) = (0, 0, 0);
    for one in wanted {
        let shared = |other: &&Proposed| {
            let (a, b) = pruned(one, other, now);
            a.iter()
                .filter(|(name, value)| b.get(*name).is_some_and(|v| same(name, value, v)))
                .count()
        };
        let best = (0..left.len())
            .filter(|at| left[*at].action == one.action)
            .max_by_key(|at| shared(&left[*at]));
        let Some(best) = best else {
            want += 1 + flat(one).len();
            continue;
        };
        let other = left.remove(best);
        let (a, b) = pruned(one, other, now);
        right += 1 + shared(&other);
        want += 1 + a.len();
        got += 1 + b.len();
    }
    got += left.iter().map(|other| 1 + flat(other).len()).sum::<usize>();
    (right, want, got)
}

/// The action and what it is about.
pub fn target(one: &Proposed) -> (String, String) {
    let about = PRIMARY.iter().find_map(|name| one.params.get(*name));
    (one.action.clone(), about.map(normal).unwrap_or_default())
}

fn alike(wanted: &Proposed, given: &Proposed, now: &str) -> bool {
    let (a, b) = pruned(wanted, given, now);
    wanted.action == given.action
        && a.len() == b.len()
        && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(name, value, other)))
}

/// The arguments of both, without what says nothing.
fn pruned(
    wanted: &Proposed,
    given: &Proposed,
    now: &str,
) -> (Map<String, Value>, Map<String, Value>) {
    let (a, mut b) = (flat(wanted), flat(given));
    let derived = DERIVED.iter().find(|(action, _)| *action == wanted.action);
    let derived = derived.map_or(&[][..], |(_, names)| *names);
    b.retain(|name, value| {
        let soon = || {
            let said = normal(value).to_uppercase();
            said.get(..10) <= now.get(..10) && (said.len() == 10 || said.get(..16) <= now.get(..16))
        };
        a.contains_key(name) || !(derived.contains(&name.as_str()) || name == "at" && soon())
    });
    (a, b)
}

fn flat(one: &Proposed) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value) in &one.params {
        let empty = match value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        match value {
            _ if empty || IGNORED.contains(&name.as_str()) => {}
            Value::Object(fields) if name == "fields" => {
                all.extend(fields.iter().map(|(key, v)| (format!("fields.{key}"), v.clone())));
            }
            _ => {
                all.insert(name.clone(), value.clone());
            }
        }
    }
    all
}

fn normal(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(normal).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    };
    let text = text.replace('\u{2019}', "'").replace(['\u{201C}', '\u{201D}'], "\"");
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.to_lowercase().trim_end_matches(['.', '!']).to_owned()
}

fn same(name: &str, wanted: &Value, given: &Value) -> bool {
    if wanted.is_array() || given.is_array() {
        let list = |value: &Value| match value {
            Value::Array(all) => all.iter().map(normal).collect::<Vec<_>>(),
            other => vec![normal(other)],
        };
        let (mut a, mut b) = (list(wanted), list(given));
        if UNORDERED.contains(&name) {
            a.sort();
            b.sort();
        }
        return a == b;
    }
    let (a, b) = (normal(wanted), normal(given));
    if TIMES.contains(&name) {
        let minute = |text: &str| text.get(..16).unwrap_or(text).to_owned();
        return minute(&a) == minute(&b) || a.len() == 10 && b.get(..10) == Some(a.as_str());
    }
    if name.to_lowercase().ends_with("phone") || name.to_lowercase().ends_with("phones") {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        return digits(&a) == digits(&b);
    }
    if FREE.contains(&name) {
        return mostly(&a, &b);
    }
    if name == "path" {
        let bare = |text: &str| {
            let rest = text.trim_start_matches("https://graph.microsoft.com");
            let rest = rest.trim_start_matches("/v1.0").trim_start_matches("/beta");
            rest.trim_end_matches('/').to_owned()
        };
        return bare(&a) == bare(&b);
    }
    a == b
}

/// At least four words of five are shared.
fn mostly(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let all = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        all.map(str::to_owned).collect()
    };
    let (a, mut b) = (words(a), words(b));
    let total = a.len() + b.len();
    let shared = a.iter().filter(|word| {
        let at = b.iter().position(|other| other == *word);
        at.map(|at| b.swap_remove(at)).is_some()
    });
    10 * 2 * shared.count() >= 8 * total
}
