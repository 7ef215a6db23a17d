//! `countersign interpret`: one JSON item in, one prediction out.

use anyhow::Context as _;
use jiff::{
    civil::{DateTime, Time},
    tz::TimeZone,
};
use serde_json::{Value, json};

use crate::{
    actions::Entry,
    domain::{
        ids::TenantId,
        proposal::{Intent, Open, Proposal},
        users::PersonRef,
    },
    interpret::{Context, Index, Said, entities, entities::What, read, text},
};

/// Reads one item: `{"id", "now", "from", "context": [{"role", "text"}], "text"}`, and
/// gives `{"id", "actions", "clarify", "kind"}`, with `leftover` when something was asked
/// that is not in `actions`. How long it takes is measured by the caller. An item without
/// words, without a sign-in name or without a time is refused, in words.
pub fn predict(
    item: &Value,
    index: &Index,
    catalog: &[Entry],
    zone: &TimeZone,
    end_of_day: Time,
) -> anyhow::Result<Value> {
    let text = |name: &str| {
        let value = item.get(name).and_then(Value::as_str);
        value.with_context(|| format!("`{name}` is missing, or is not a text"))
    };
    let words = text("text")?;
    let now = text("now")?
        .parse::<DateTime>()
        .context("`now` is not a local time such as 2025-11-12T10:00")?;
    let now = zone.to_ambiguous_zoned(now).compatible().context("`now` is no time of this zone")?;
    let requester = requester(text("from")?, index)?;
    let mut context = Context {
        now,
        requester,
        mentions: Vec::new(),
        thread: Vec::new(),
        open: None,
        end_of_day,
    };
    let mut waiting: Vec<Open> = Vec::new();
    let turns = item.get("context").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for turn in turns {
        let part = |name: &str| turn.get(name).and_then(Value::as_str).unwrap_or_default();
        hear(&mut context, &mut waiting, part("role") != "user", part("text"), index, catalog);
    }
    let understood = read(words, &context, index, catalog);
    let mut actions: Vec<Value> = understood.proposals.iter().map(action).collect();
    // The text of a reply is not required in this format; the card asks for it.
    let (optional, asked): (Vec<&Open>, Vec<&Open>) =
        understood.questions.iter().partition(|open| open.argument == "message");
    actions.extend(optional.iter().map(|open| action(&open.proposal)));
    let kind = match understood.intent {
        Intent::Request => "request",
        Intent::Help => "help",
        Intent::Status => "status_of_request",
        Intent::Cancel => "cancel_request",
        Intent::None => "none",
    };
    let mut said = json!({"id": item.get("id"), "actions": actions, "clarify": !asked.is_empty(), "kind": kind});
    if !understood.leftover.is_empty() {
        said["leftover"] = json!(understood.leftover);
    }
    Ok(said)
}

fn action(proposal: &Proposal) -> Value {
    json!({"action": proposal.action, "params": proposal.arguments})
}

fn requester(upn: &str, index: &Index) -> anyhow::Result<PersonRef> {
    if let Some(person) = index.person(&upn.to_lowercase()) {
        return Ok(person.who.clone());
    }
    let upn = upn.parse().context("`from` is not a sign-in name")?;
    let id = TenantId::from(uuid::Uuid::from_u128(1)).object(uuid::Uuid::from_u128(2));
    Ok(PersonRef { id, name: String::new(), upn })
}

/// Remembers a turn: whom it was about, and the question it leaves open.
fn hear(
    context: &mut Context,
    waiting: &mut Vec<Open>,
    bot: bool,
    words: &str,
    index: &Index,
    catalog: &[Entry],
) {
    let about = named(words, index);
    if bot {
        if let Some(open) = &mut context.open {
            // The bot of the transcript numbers its choices in its own order.
            let shown = text::key(words);
            let place = |label: &str| shown.find(&text::key(label)).unwrap_or(usize::MAX);
            open.question.choices.sort_by_key(|choice| place(&choice.label));
        }
    } else {
        let understood = read(words, context, index, catalog);
        // An answer leaves the questions that wait behind it; anything else replaces them.
        let answers = context.open.take().is_some_and(|open| {
            let mut all =
                understood.proposals.iter().chain(understood.questions.iter().map(|o| &o.proposal));
            all.next().is_some_and(|one| one.action == open.proposal.action) && all.next().is_none()
        });
        if !answers {
            waiting.clear();
        }
        waiting.splice(0..0, understood.questions);
        context.open = if waiting.is_empty() { None } else { Some(waiting.remove(0)) };
    }
    context.thread.push(Said { bot, words: words.to_owned(), about });
}

fn named(words: &str, index: &Index) -> Vec<PersonRef> {
    let text = text::Text::of(words);
    let mut tokens = text::tokens(&text.clean);
    let lattice = entities::lattice(&mut tokens, index, &[]);
    let mut found: Vec<PersonRef> = Vec::new();
    for span in &lattice.spans {
        if let What::People(all, _) = &span.what
            && let [one] = all.as_slice()
            && !found.contains(&index.people[*one].who)
        {
            found.push(index.people[*one].who.clone());
        }
    }
    found
}
