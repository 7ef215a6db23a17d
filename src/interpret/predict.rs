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
        ids::{TenantId, Upn},
        proposal::{Intent, Open, Proposal, Understood},
        trouble::Choice,
        users::PersonRef,
    },
    interpret::{
        Context, Index, Said, entities,
        entities::What,
        read, read_noting, text,
        trace::{Step, Trace},
    },
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
    let (words, context) = heard(item, index, catalog, zone, end_of_day)?;
    let understood = read(words, &context, index, catalog);
    let mut actions: Vec<Value> = understood.proposals.iter().flat_map(actions).collect();
    // The text of a reply is not required in this format; the card asks for it.
    let (optional, asked): (Vec<&Open>, Vec<&Open>) =
        understood.questions.iter().partition(|open| open.argument == "message");
    actions.extend(optional.iter().flat_map(|open| self::actions(&open.proposal)));
    let kind = match understood.intent {
        Intent::Request => "request",
        Intent::Help => "help",
        Intent::Status => "status_of_request",
        Intent::Cancel => "cancel_request",
        Intent::Restore => "restore_request",
        Intent::Rehearse => "rehearse_request",
        Intent::None => "none",
    };
    let mut said = json!({"id": item.get("id"), "actions": actions, "clarify": !asked.is_empty(), "kind": kind});
    if !understood.leftover.is_empty() {
        said["leftover"] = json!(understood.leftover);
    }
    Ok(said)
}

/// A message, what became of its words, and what was understood.
#[derive(Debug)]
pub struct Explained {
    /// The message.
    pub words: String,
    /// What was found and decided, in order.
    pub steps: Vec<Step>,
    /// What came of it.
    pub understood: Understood,
    /// The zone of its times, by its IANA name.
    pub zone: String,
}

/// Reads one item of [`predict`]'s format, for people.
pub fn explain(
    item: &Value,
    index: &Index,
    catalog: &[Entry],
    zone: &TimeZone,
    end_of_day: Time,
) -> anyhow::Result<Explained> {
    let (words, context) = heard(item, index, catalog, zone, end_of_day)?;
    let mut trace = Trace::kept();
    let understood = read_noting(words, &context, index, catalog, &mut trace);
    let zone = zone.iana_name().unwrap_or("UTC").to_owned();
    Ok(Explained { words: words.to_owned(), steps: trace.steps(), understood, zone })
}

/// The words of an item, and what was said before them.
fn heard<'a>(
    item: &'a Value,
    index: &Index,
    catalog: &[Entry],
    zone: &TimeZone,
    end_of_day: Time,
) -> anyhow::Result<(&'a str, Context)> {
    let text = |name: &str| {
        let value = item.get(name).and_then(Value::as_str);
        value.with_context(|| format!("`{name}` is missing, or is not a text"))
    };
    let words = text("text")?;
    let now = text("now")?
        .parse::<DateTime>()
        .context("`now` is not a local time such as 2025-11-12T10:00")?;
    let now = zone.to_ambiguous_zoned(now).compatible().context("`now` is no time of this zone")?;
    let mut context = Context {
        now,
        requester: requester(text("from")?, index)?,
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
    Ok((words, context))
}

/// Our name, the other name, and the arguments that come with it.
type Alias = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Actions that this format calls otherwise, with what the other name needs besides.
const ALIASES: &[Alias] = &[
    ("force_password_change", "change_password", &[]),
    ("issue_temporary_access_pass", "reset_mfa", &[("method", "temporary_access_pass")]),
    ("list_group_members", "get_group", &[]),
];
/// Actions for several people at once, and the one for each of them.
const EACH: &[(&str, &str)] =
    &[("add_group_members", "add_to_group"), ("remove_group_members", "remove_from_group")];

/// What can be given for a while.
const GIVEN: [&str; 4] = ["add_to_group", "assign_role", "add_mailbox_permission", "add_send_as"];

fn actions(proposal: &Proposal) -> Vec<Value> {
    let mut arguments = proposal.arguments.clone();
    arguments.values_mut().for_each(spell);
    // The format has no word for what is given for a while.
    if GIVEN.contains(&proposal.action.as_str()) {
        arguments.remove("until");
    }
    // A body is a text in this format.
    if proposal.action == "graph_request"
        && let Some(body) = arguments.get_mut("body").filter(|body| body.is_object())
    {
        *body = Value::String(body.to_string());
    }
    if let Some((_, each)) = EACH.iter().find(|(own, _)| *own == proposal.action)
        && let Some(Value::Array(members)) = arguments.remove("members")
    {
        let one = |member: Value| {
            let mut arguments = arguments.clone();
            arguments.insert("user".to_owned(), member);
            json!({"action": each, "params": arguments})
        };
        return members.into_iter().map(one).collect();
    }
    let alias = ALIASES.iter().find(|(own, ..)| *own == proposal.action);
    let Some((_, name, more)) = alias else {
        return vec![json!({"action": proposal.action, "params": arguments})];
    };
    for (argument, value) in *more {
        arguments.insert((*argument).to_owned(), Value::from(*value));
    }
    vec![json!({"action": name, "params": arguments})]
}

/// The sign-in name of a guest as the directory spells it, with `#EXT#`.
fn spell(value: &mut Value) {
    match value {
        Value::String(said) if said.contains("#ext#") => {
            if let Ok(upn) = said.parse::<Upn>() {
                *said = upn.spelled();
            }
        }
        Value::Array(all) => all.iter_mut().for_each(spell),
        _ => {}
    }
}

fn requester(upn: &str, index: &Index) -> anyhow::Result<PersonRef> {
    if let Some(person) = index.person(&upn.to_lowercase()) {
        return Ok(person.to_ref());
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
            for choice in &mut open.question.choices {
                tell(choice, words);
            }
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

/// What the bot said of a choice in brackets, "LT-2 (non-compliant)", tells it apart.
fn tell(choice: &mut Choice, words: &str) {
    let behind = words.find(&choice.label).map(|at| &words[at + choice.label.len()..]);
    let inside = behind.and_then(|rest| rest.trim_start().strip_prefix('('));
    if let Some((said, _)) = inside.and_then(|rest| rest.split_once(')')) {
        choice.detail.push(' ');
        choice.detail.push_str(&said.replace('-', ""));
    }
}

fn named(words: &str, index: &Index) -> Vec<PersonRef> {
    let text = text::Text::of(words);
    let mut tokens = text::tokens(&text.clean);
    let lattice = entities::lattice(&mut tokens, index, &[], &[]);
    let mut found: Vec<PersonRef> = Vec::new();
    for span in &lattice.spans {
        if let What::People(all, _) = &span.what
            && let [one] = all.as_slice()
            && !found.contains(&index.somebody(*one).to_ref())
        {
            found.push(index.somebody(*one).to_ref());
        }
    }
    found
}
