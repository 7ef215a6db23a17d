//! What follows on the last turn with few words: "one for Ada then", "and send as as well", "take
//! the forward off again".
//!
//! Not here: "same for…" and corrections ([`super::again`]).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::{again::last_asked, pattern};
use crate::{
    actions::Entry,
    domain::proposal::{Because, Intent, Proposal, Understood},
    interpret::{
        Context,
        entities::{Span, What},
        index::Index,
        scene::Scene,
        text::key,
    },
};

/// Longer messages say by themselves what they want.
const WORDS_MAX: usize = 20;

static ONE_FOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(one|1|another|another one|a seat|one seat) (each )?(for|to)\b|\bgive (one|it) to\b",
    )
});
static MORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(ok |okay |then |right |please |pls |lets |order |buy |get |get us |we need |give us |so )*(\d{1,4}) (more|extra|additional)( seats| licences| licenses| of them| of those)?( then| please| pls| thanks)*$",
    )
});
static RIGHT_TOO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(and |also |plus |oh |please |pls |ok |great |thanks |can you |could you |add |give |the )*(him |her |them )?(the )?(right to )?(send as|full access|read access)( rights?| permission)?( to it| on it)?( please| pls)? (as well|too|also)( please| pls| thanks)*$",
    )
});

fn why(own: &str) -> Vec<Because> {
    let words = own.trim().chars().take(80).collect();
    vec![Because { words, gave: "action".to_owned(), quoted: false }]
}

fn text(proposal: &Proposal, name: &str) -> Option<String> {
    proposal.arguments.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// What the last turn makes of these few words.
pub fn beside(scene: &Scene<'_>, own: &str, last: &[Proposal]) -> Option<Understood> {
    one_each(scene, own, last).or_else(|| right_too(own, last)).or_else(|| more_of_it(own, last))
}

/// "One for Ada, and one for me": of the licence whose seats were counted, or that was given.
fn one_each(scene: &Scene<'_>, own: &str, last: &[Proposal]) -> Option<Understood> {
    let said = key(own);
    if said.split(' ').count() > WORDS_MAX || !ONE_FOR.is_match(&said) {
        return None;
    }
    let counted = |one: &&Proposal| ["list_skus", "assign_license"].contains(&one.action.as_str());
    let mut licences: Vec<String> =
        last.iter().filter(counted).filter_map(|one| text(one, "license")).collect();
    licences.dedup();
    let [licence] = licences.as_slice() else { return None };
    let whom = |span: &Span| match &span.what {
        What::People(all, _) if all.len() == 1 => Some(scene.index.somebody(all[0]).upn.to_owned()),
        What::Me if scene.word(span.from) == "me" => Some(scene.context.requester.upn.to_string()),
        _ => None,
    };
    let other = |span: &Span| span.is_thing() || span.named() && whom(span).is_none();
    if scene.lattice.spans.iter().any(other) {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    for user in scene.lattice.spans.iter().filter(|span| !span.negated).filter_map(whom) {
        let mut arguments = Map::new();
        arguments.insert("user".to_owned(), Value::String(user));
        arguments.insert("license".to_owned(), Value::String(licence.clone()));
        let action = "assign_license".to_owned();
        understood.proposals.push(Proposal { action, arguments, because: why(own) });
    }
    (!understood.proposals.is_empty()).then_some(understood)
}

/// "Undo that and do it to Bo instead": what was taken back, for those who are named.
pub fn instead(scene: &Scene<'_>, last: &[Proposal]) -> Vec<Proposal> {
    let says = |at: usize| ["instead", "rather"].contains(&scene.word(at));
    if !(0..scene.tokens.len()).any(says) {
        return Vec::new();
    }
    let named = |span: &&Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
    let spans = scene.lattice.spans.iter().filter(named).filter(|span| !span.negated);
    let upn = |span: &Span| match &span.what {
        What::People(all, _) => scene.index.somebody(all[0]).upn.to_owned(),
        _ => String::new(),
    };
    let mut people: Vec<String> = spans.map(upn).collect();
    people.dedup();
    let was = |upn: &String| last.iter().any(|one| text(one, "user").as_ref() == Some(upn));
    people.retain(|upn| !was(upn));
    let with = |one: &Proposal, upn: &String| {
        let mut one = one.clone();
        one.arguments.insert("user".to_owned(), Value::String(upn.clone()));
        one
    };
    let has = |one: &&Proposal| one.arguments.contains_key("user");
    let last: Vec<&Proposal> = last.iter().filter(has).collect();
    people.iter().flat_map(|upn| last.iter().map(move |one| with(one, upn))).collect()
}

/// "5 more then": of the licence whose seats were counted, or bought.
fn more_of_it(own: &str, last: &[Proposal]) -> Option<Understood> {
    let said = key(own);
    let number = MORE.captures(&said)?[2].parse::<u32>().ok()?;
    let [one] = last else { return None };
    let counted = ["list_skus", "purchase_license"].contains(&one.action.as_str());
    let licence = text(one, "license").filter(|_| counted && (1..=1000).contains(&number))?;
    let mut arguments = Map::new();
    arguments.insert("license".to_owned(), Value::String(licence));
    arguments.insert("quantity".to_owned(), Value::from(number));
    let proposal = Proposal { action: "purchase_license".to_owned(), arguments, because: why(own) };
    Some(Understood { proposals: vec![proposal], ..Understood::only(Intent::Request) })
}

/// "And send as as well": the other right on the mailbox that was asked for.
fn right_too(own: &str, last: &[Proposal]) -> Option<Understood> {
    let said = key(own);
    if !RIGHT_TOO.is_match(&said) {
        return None;
    }
    let sends = said.contains("send as");
    let [one] = last else { return None };
    let given = ["add_mailbox_permission", "add_send_as"].contains(&one.action.as_str());
    let action = if sends { "add_send_as" } else { "add_mailbox_permission" };
    if !given || one.action == action {
        return None;
    }
    let mut arguments = one.arguments.clone();
    arguments.remove("permission");
    if !sends {
        arguments.insert("permission".to_owned(), Value::String("full_access".to_owned()));
    }
    let proposal = Proposal { action: action.to_owned(), arguments, because: why(own) };
    Some(Understood { proposals: vec![proposal], ..Understood::only(Intent::Request) })
}

/// "Take that forward off again": of the mailbox it was set on, not of whoever got the mail.
pub fn unforwarded(
    own: &str,
    context: &Context,
    read: &Understood,
    index: &Index,
    catalog: &[Entry],
) -> Option<Understood> {
    let [one] = read.proposals.as_slice() else { return None };
    let short = key(own).split(' ').count() <= WORDS_MAX;
    if one.action != "remove_forwarding" || context.thread.is_empty() || !short {
        return None;
    }
    let mailbox = text(one, "mailbox")?;
    let last = last_asked(context, index, catalog);
    let set = |one: &&Proposal| one.action == "set_forwarding";
    let mut sets = last.iter().filter(set);
    let (Some(set), None) = (sets.next(), sets.next()) else { return None };
    let meant = text(set, "mailbox").filter(|_| text(set, "forward_to") == Some(mailbox))?;
    let mut read = read.clone();
    read.proposals[0].arguments.insert("mailbox".to_owned(), Value::String(meant));
    Some(read)
}
