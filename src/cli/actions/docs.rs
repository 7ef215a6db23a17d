//! The page `docs/actions.md`.

use std::fmt::Write;

use serde_json::Value;

use crate::{
    actions::{CATALOG, Entry},
    adapters::graph::app_roles::{Right, Service},
    cli::actions::{needs, risk},
    domain::{
        area::{Area, Risk},
        change::{Evidence, Kind, Repeat},
    },
};

const TOP: &str = "\
# What Countersign can do

Printed by `countersign actions docs`; a test fails when this page is not what the program prints today.

Nothing below runs until the people named in `[policy]` have signed it on a card. What only reads is
answered at once, to those who may ask.

";

/// The whole page.
pub fn page() -> String {
    let mut text = TOP.to_owned();
    text.push_str(&table(""));
    for entry in CATALOG {
        text.push('\n');
        text.push_str(&section(entry));
    }
    text.push_str("\n## Permissions to grant\n\n| permission | for |\n| --- | --- |\n");
    for need in needs::needs(CATALOG) {
        let used_by: Vec<_> = need.used_by.iter().copied().collect();
        put(
            &mut text,
            format_args!("| {} | {} |", permission(need.permission), used_by.join(", ")),
        );
    }
    text
}

/// What can be done, one line for each permission group; `at` is the page its links lead to.
pub fn groups(at: &str) -> String {
    let mut text = "| group | looks up | changes |\n| --- | --- | --- |\n".to_owned();
    for area in Area::ALL {
        let of = |changes: bool| {
            let here = CATALOG.iter().filter(|entry| {
                entry.about.area == area && (entry.about.risk > Risk::Read) == changes
            });
            let links = here.map(|entry| format!("[{id}]({at}#{id})", id = entry.about.id));
            links.collect::<Vec<_>>().join(", ")
        };
        put(&mut text, format_args!("| `{area}` | {} | {} |", of(false), of(true)));
    }
    text
}

/// The actions as a table; `at` is the page its links lead to, empty for this one.
fn table(at: &str) -> String {
    let mut text =
        "| action | what | group | risk | undo |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for entry in CATALOG {
        let about = &entry.about;
        let undo =
            entry.about.undone_by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        put(
            &mut text,
            format_args!(
                "| [`{id}`]({at}#{id}) | {} | `{}` | {} | {} |",
                about.title,
                about.area,
                risk(about.risk),
                if undo.is_empty() { "none" } else { &undo },
                id = about.id,
            ),
        );
    }
    text
}

/// One action.
pub fn section(entry: &Entry) -> String {
    let about = &entry.about;
    let mut text = format!("## {}\n\n{}. ", about.id, about.title);
    put(&mut text, format_args!("Group `{}`; {}.\n", about.area, risk(about.risk)));
    if !about.wording.examples.is_empty() {
        text.push_str("Say:\n\n");
        for example in about.wording.examples {
            put(&mut text, format_args!("- {example}"));
        }
        text.push('\n');
    }
    text.push_str("| asks | type | needed | question |\n| --- | --- | --- | --- |\n");
    text.push_str(&arguments(&Value::from((entry.schema)())));
    text.push('\n');
    for kind in about.may {
        put(&mut text, format_args!("- Change `{}`: {}", kind.as_str(), promise(*kind)));
    }
    if about.risk == Risk::Read {
        text.push_str("- Changes nothing.\n");
    } else {
        let undo =
            entry.about.undone_by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let undo =
            if undo.is_empty() { "none; there is no honest inverse".to_owned() } else { undo };
        put(&mut text, format_args!("- Undo: {undo}."));
    }
    let needs: Vec<_> = needs::of(entry).into_iter().map(permission).collect();
    let always: Vec<_> = needs::ALWAYS.iter().map(|(name, _)| permission(name)).collect();
    let beside = format!("and always {}", always.join(", "));
    let needs = if needs.is_empty() { "nothing more".to_owned() } else { needs.join(", ") };
    put(&mut text, format_args!("- Permissions: {needs}, {beside}."));
    text
}

fn arguments(schema: &Value) -> String {
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name))
    };
    let mut text = String::new();
    for (name, about) in schema["properties"].as_object().into_iter().flatten() {
        let sort = match &about["type"] {
            Value::Array(sorts) => sorts[0].as_str().unwrap_or("text"),
            sort => sort.as_str().unwrap_or("text"),
        };
        put(
            &mut text,
            format_args!(
                "| `{name}` | {} | {} | {} |",
                if sort == "string" { "text" } else { sort },
                if required(name) { "yes" } else { "no" },
                about["description"].as_str().unwrap_or_default().replace('\n', " "),
            ),
        );
    }
    text
}

/// What `done` means for a change, and what happens when its fate is unknown.
fn promise(kind: Kind) -> String {
    let evidence = match kind.evidence() {
        Evidence::State => "`done` means that the value was read back",
        Evidence::Trace => "`done` means that a mark moved which only this moves",
        Evidence::Answer => "`done` rests on the service's answer alone",
    };
    let repeat = match kind.repeat() {
        Repeat::Idempotent => "making it twice is the same as once",
        Repeat::ReadFirst => "repeated only after a look showed that it did not happen",
        Repeat::NeverBlind => "never repeated without a person",
    };
    let deadline = kind.deadline_seconds();
    format!("{evidence}, for at most {deadline} s, then it is in doubt; {repeat}.")
}

fn permission(name: &'static str) -> String {
    match Right::read(name) {
        Right::Permission(Service::Graph, name) => format!("`{name}`"),
        Right::Permission(Service::Exchange, name) => format!("`{name}` (Exchange Online)"),
        Right::Role(role) => format!("the Entra role {role}"),
    }
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes everything");
}
