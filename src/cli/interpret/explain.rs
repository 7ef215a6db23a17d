//! What became of a message, told to a technician: `countersign interpret --explain`.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::{
    domain::{
        form::AT,
        proposal::{Open, Proposal},
    },
    interpret::{
        Explained,
        clauses::Act,
        trace::{Outcome, Step},
    },
};

/// The whole explanation of one item, ending with an empty line.
pub fn told(id: &str, explained: &Explained) -> String {
    let mut text = format!("{id}  “{}”\n", explained.words.trim().replace('\n', "\n    "));
    for step in &explained.steps {
        line(&mut text, "  · ", &step.to_string());
    }
    let understood = &explained.understood;
    for proposal in &understood.proposals {
        proposed(&mut text, proposal, &explained.zone);
    }
    for open in &understood.questions {
        asked(&mut text, open, &explained.zone);
    }
    for words in &understood.leftover {
        line(&mut text, "  ! ", &format!("left out, and said so: “{words}”"));
    }
    if understood.proposals.is_empty() && understood.questions.is_empty() {
        line(&mut text, "  = ", &format!("nothing is proposed: {}", why_nothing(&explained.steps)));
    }
    text
}

fn line(text: &mut String, mark: &str, words: &str) {
    let _infallible = writeln!(text, "{mark}{words}");
}

fn proposed(text: &mut String, proposal: &Proposal, zone: &str) {
    let from = said_for(proposal, "action");
    line(text, "  > ", &format!("proposes {}{from}", proposal.action));
    arguments(text, proposal, zone);
}

fn asked(text: &mut String, open: &Open, zone: &str) {
    let proposal = &open.proposal;
    let from = said_for(proposal, "action");
    let ask = serde_json::to_value(open.question.ask).unwrap_or_default();
    let ask = ask.as_str().unwrap_or_default().replace('_', " ");
    let said = open.question.said.as_deref().map(|said| format!(": “{said}” does not say it"));
    let what = format!(
        "asks {ask} ({} of {}{from}){}",
        open.argument,
        proposal.action,
        said.unwrap_or_default()
    );
    line(text, "  ? ", &what);
    for choice in &open.question.choices {
        line(text, "      could be ", &format!("{} · {}", choice.label, choice.detail));
    }
    arguments(text, proposal, zone);
}

fn arguments(text: &mut String, proposal: &Proposal, zone: &str) {
    for (name, value) in &proposal.arguments {
        let value = match value.as_str() {
            Some(said) if [AT, "start", "end", "until", "start_date"].contains(&name.as_str()) => {
                moment(said, zone)
            }
            Some(said) => said.to_owned(),
            None => plain(value),
        };
        line(text, "      ", &format!("{name} = {value}{}", said_for(proposal, name)));
    }
}

/// The words that gave it, and whether they were quoted.
fn said_for(proposal: &Proposal, name: &str) -> String {
    let Some(because) = proposal.because.iter().find(|because| because.gave == name) else {
        return String::new();
    };
    let quoted = if because.quoted { ", quoted text" } else { "" };
    format!(", from “{}”{quoted}", because.words)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// "Friday 2026-03-06 at 17:00, Europe/London"
fn moment(said: &str, zone: &str) -> String {
    if let (false, Ok(date)) = (said.contains('T'), said.parse::<Date>()) {
        return format!("{}, {zone}", date.strftime("%A %Y-%m-%d"));
    }
    let time =
        said.parse::<DateTime>().map(|time| time.strftime("%A %Y-%m-%d at %H:%M").to_string());
    time.map_or_else(|_| said.to_owned(), |time| format!("{time}, {zone}"))
}

fn why_nothing(steps: &[Step]) -> &'static str {
    let verbs = || {
        steps.iter().filter_map(|step| match step {
            Step::Verb { act, met, .. } => Some((*act, met)),
            _ => None,
        })
    };
    let set = |wanted: fn(&Step) -> bool| steps.iter().any(wanted);
    if set(|step| matches!(step, Step::Steers)) {
        return "a message that tries to steer the bot or avoid approval is never acted on";
    }
    if set(|step| matches!(step, Step::Veto(_))) {
        return "the requester says that nothing is to be done";
    }
    if set(|step| matches!(step, Step::Sort(_))) {
        return "it is not a request for a change or a look";
    }
    if verbs().any(|(_, met)| met.iter().any(|(_, outcome)| *outcome == Outcome::Vague)) {
        return "it could be a request, but it names nobody and nothing; say whom or what it is about";
    }
    let asked = verbs().any(|(act, _)| act == Act::Request);
    let handed = |step: &Step| matches!(step, Step::Quoted { handed_over: false, .. });
    match (asked, verbs().next().is_some()) {
        (true, _) => "what is asked for fits no action; name what is to change and whose it is",
        (false, true) => {
            "nothing in it is asked for; each verb is told, denied, supposed or a question"
        }
        (false, false) if steps.iter().any(handed) => {
            "only quoted words could ask for something, and they were not handed over (“please action this”)"
        }
        (false, false) => "no word in it names something that can be done here",
    }
}
