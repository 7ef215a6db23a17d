//! Who starts, and what is said of each: in a sentence, a form, a table or a numbered list.

use serde_json::Value;

use super::{
    names::{self, capitals, newcomer, together},
    whole,
};
use crate::{
    actions::{Entry, wording::Frame},
    domain::{
        proposal::{Open, Proposal},
        trouble::{Ask, Question},
    },
    interpret::{
        clauses::{Predicate, Sentence},
        dates::When,
        entities::What,
        frames::Fit,
        scene::Scene,
        slots::{self, labelled, phrase},
        text::Sort,
    },
};

const NAMES: &[&str] =
    &["name", "full name", "employee name", "display name", "new starter", "new hire", "joiner"];
const FIRST_NAMES: &[&str] = &["first name", "given name", "forename"];
const LAST_NAMES: &[&str] = &["last name", "surname", "family name"];
/// At most so many start by one message.
const JOINERS_MAX: usize = 20;

/// A proposal for everybody who starts; nothing where it is not clear who.
pub(super) fn joiners(scene: &Scene<'_>, entry: &Entry, event: Sentence) -> Vec<Proposal> {
    let own = scene.sentences.iter().filter(|other| other.quoted == event.quoted);
    let (mut from, mut to) = (event.from, event.to);
    for other in own {
        from = from.min(other.from);
        to = to.max(other.to);
    }
    let message = whole(Sentence { from, to, ..event });
    let Some(shared) = filled(scene, entry, &message) else { return Vec::new() };
    let listed = listed(scene, from, to);
    if !listed.is_empty() {
        let one = |(name, title): (String, Option<String>)| {
            let mut one = shared.clone();
            one.arguments.remove("job_title");
            one.arguments.insert("display_name".to_owned(), Value::String(name));
            if let Some(title) = title {
                one.arguments.insert("job_title".to_owned(), Value::String(title));
            }
            one
        };
        return listed.into_iter().take(JOINERS_MAX).map(one).collect();
    }
    let Some(name) = name(scene, from, to, event) else { return Vec::new() };
    let mut together = together(scene, event.from, event.to);
    if together.first() != Some(&name) {
        together = names::together(scene, from, to);
    }
    let all = if together.first() == Some(&name) { together } else { vec![name] };
    let several = all.len() > 1;
    let one = |name: String| {
        let mut one = shared.clone();
        one.arguments.insert("display_name".to_owned(), Value::String(name));
        // "two new QA Engineers": each is one.
        if let Some(Value::String(title)) = one.arguments.get_mut("job_title").filter(|_| several)
            && let Some(single) = title.strip_suffix('s')
            && single
                .split(' ')
                .next_back()
                .is_some_and(|last| super::is_post(&last.to_lowercase()))
        {
            *title = single.to_owned();
        }
        one
    };
    all.into_iter().take(JOINERS_MAX).map(one).collect()
}

/// What is said of somebody who starts and whose name nobody says.
pub(super) fn nameless(scene: &Scene<'_>, entry: &Entry, event: Sentence) -> Option<Open> {
    let own = scene.sentences.iter().filter(|other| other.quoted == event.quoted);
    let to = own.map(|other| other.to).max().unwrap_or(event.to);
    let mut proposal = filled(scene, entry, &whole(Sentence { to, ..event }))?;
    proposal.arguments.remove("display_name");
    let question = Question { ask: Ask::WhatName, said: None, choices: Vec::new() };
    Some(Open { proposal, argument: "display_name".to_owned(), question })
}

/// Was it said of who starts, and only taken for a wish about their manager or about nobody?
/// What is asked for somebody else stays.
pub(super) fn said_of(one: &Proposal, made: &[Proposal], reads: bool) -> bool {
    let is = |name: &str, made: &Proposal, of: &str| {
        one.arguments.get(name).is_some_and(|value| made.arguments.get(of) == Some(value))
    };
    if reads {
        // "put her in VPN Users": nobody asks to see the group.
        let group = one.arguments.get("group");
        return made.iter().any(|joiner| {
            let all = joiner.arguments.get("groups").and_then(Value::as_array);
            all.zip(group).is_some_and(|(all, group)| all.contains(group))
        });
    }
    let nobody = ["user", "mailbox"].iter().all(|name| !one.arguments.contains_key(*name));
    super::OF_A_JOINER.contains(&one.action.as_str())
        && (nobody || made.iter().any(|joiner| is("user", joiner, "manager")))
}

/// A group that somebody else is put into is not for who starts.
pub(super) fn without_groups_of_others(made: &mut [Proposal], others: &[Proposal]) {
    let theirs: Vec<&Value> = others
        .iter()
        .filter(|one| ["add_to_group", "remove_from_group"].contains(&one.action.as_str()))
        .filter_map(|one| one.arguments.get("group"))
        .collect();
    for joiner in made {
        let Some(Value::Array(groups)) = joiner.arguments.get_mut("groups") else { continue };
        groups.retain(|group| !theirs.contains(&group));
        if groups.is_empty() {
            joiner.arguments.remove("groups");
        }
    }
}

/// A proposal for the one who is set up by a sentence, and the first thing that is not clear of
/// them; nothing where it is not clear who.
pub(super) fn joiner(
    scene: &Scene<'_>,
    entry: &Entry,
    event: Sentence,
) -> Option<(Proposal, Option<(String, Question)>)> {
    const WAY: Frame = Frame::of(&[], &[]);
    let own = scene.sentences.iter().filter(|other| other.quoted == event.quoted);
    let to = own.map(|other| other.to).max().unwrap_or(event.to);
    let message = whole(Sentence { to, ..event });
    // A namesake of somebody here is named right behind the word; the plan says who has the name.
    let behind = (event.from..event.to).find(|at| scene.word(*at) == "contractor")? + 1;
    let namesake = |at: usize| {
        let span = scene.span(at).filter(|span| span.person() && span.from == at)?;
        let named = span.to > at + 1 && (at..span.to).all(|at| scene.tokens[at].capital);
        named.then(|| scene.said(span.from, span.to))
    };
    let name = namesake(behind).or_else(|| name(scene, event.from, to, event))?;
    let (made, open) = slots::fill(scene, &message, &Fit { entry, frame: &WAY }, &[]);
    let asked = open.into_iter().next();
    let question = asked.clone().filter(|open| open.argument != "display_name");
    let mut one = made.into_iter().next().or_else(|| asked.map(|open| open.proposal))?;
    one.arguments.insert("display_name".to_owned(), Value::String(name));
    let groups = groups(scene, event.from, to);
    one.arguments.remove("groups");
    if !groups.is_empty() {
        one.arguments.insert("groups".to_owned(), Value::Array(groups));
    }
    Some((one, question.map(|open| (open.argument, open.question))))
}

/// Everything that is said but the name.
fn filled(scene: &Scene<'_>, entry: &Entry, message: &Predicate) -> Option<Proposal> {
    const WAY: Frame = Frame::of(&[], &[]);
    let (made, open) = slots::fill(scene, message, &Fit { entry, frame: &WAY }, &[]);
    let mut one = made.into_iter().next().or_else(|| {
        // Only the name was open: it is found another way.
        open.into_iter().find(|open| open.argument == "display_name").map(|open| open.proposal)
    })?;
    let groups = groups(scene, message.from, message.to);
    if groups.is_empty() {
        one.arguments.remove("groups");
    } else {
        one.arguments.insert("groups".to_owned(), Value::Array(groups));
    }
    Some(one)
}

/// The name: by its label, in two parts, or as the first capitalised words of the event.
fn name(scene: &Scene<'_>, from: usize, to: usize, event: Sentence) -> Option<String> {
    let said = |labels: &[&str]| {
        let starts = labelled(scene, from, to, labels);
        let value = starts.into_iter().filter(|at| {
            scene.tokens.get(*at).is_some_and(|token| token.capital)
                && at.checked_sub(1).is_some_and(|at| !scene.tokens[at].word())
        });
        value.into_iter().find_map(|at| phrase(scene, at, to)).map(|(from, to)| {
            scene.said(from, to).trim().trim_matches(['"', '\'', '.']).trim().to_owned()
        })
    };
    if let (Some(first), Some(last)) = (said(FIRST_NAMES), said(LAST_NAMES)) {
        return Some(format!("{first} {last}"));
    }
    if let Some(name) = said(NAMES).filter(|name| name.contains(' ')) {
        return Some(name);
    }
    // "… but she goes by Kit Whitmore"
    let goes_by = (from..to)
        .find(|at| (scene.word(*at), scene.word(at + 1)) == ("goes", "by"))
        .and_then(|at| capitals(scene, at + 2, to));
    goes_by
        .map(|(name, _)| name)
        .or_else(|| newcomer(scene, event.from, event.to))
        .or_else(|| newcomer(scene, from, to))
}

/// "1. Martin Oyelaran – Accountant": each with a title, one a line.
fn listed(scene: &Scene<'_>, from: usize, to: usize) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for line in from..to {
        let begins = line == from || scene.tokens[line - 1].sort == Sort::Line;
        if !begins {
            continue;
        }
        let digit = scene.word(line).bytes().all(|b| b.is_ascii_digit())
            && !scene.word(line).is_empty()
            && scene.tokens.get(line + 1).is_some_and(|t| t.is('.') || t.is(')'));
        let bullet = ['-', '•', '*', '–'].iter().any(|mark| scene.tokens[line].is(*mark));
        let start = if digit { line + 2 } else { line + 1 };
        if !(digit || bullet) || start >= to {
            continue;
        }
        let Some((name, end)) = capitals(scene, start, to) else { continue };
        let dash = ['-', '–', '—', ',', ':']
            .iter()
            .any(|mark| scene.tokens.get(end).is_some_and(|token| token.is(*mark)));
        let stops = scene.tokens.get(end).is_none_or(|token| token.sort == Sort::Line);
        if !(dash || stops) {
            continue;
        }
        let title = dash.then(|| phrase(scene, end + 1, to)).flatten();
        found.push((
            name,
            title.map(|(from, to)| {
                let said = scene.said(from, to);
                said.trim_matches([' ', '-', '–', '—']).to_owned()
            }),
        ));
    }
    found
}

/// Groups on a line that says so, that are called one, or that somebody is put into.
fn groups(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Value> {
    const LABELS: &[&str] = &["groups", "group", "lists", "list", "teams", "distribution lists"];
    const PUTS: &[&str] = &[
        "add",
        "adds",
        "added",
        "adding",
        "put",
        "puts",
        "include",
        "included",
        "including",
        "groups",
        "lists",
        "dl",
        "dls",
        "drop",
        "pop",
        "stick",
        "access",
        "member",
        "membership",
        "join",
    ];
    let lines: Vec<(usize, usize)> = labelled(scene, from, to, LABELS)
        .into_iter()
        .filter(|at| at.checked_sub(1).is_some_and(|at| !scene.tokens[at].word()))
        .map(|at| {
            let end = (at..to).find(|at| scene.tokens[*at].sort == Sort::Line).unwrap_or(to);
            (at, end)
        })
        .collect();
    let put = |from: usize| {
        let sentence = scene.sentence(from);
        (sentence.from..from).any(|at| PUTS.contains(&scene.word(at)))
    };
    // "do not put her in VPN Users"
    let denied = |from: usize| {
        let sentence = scene.sentence(from);
        let verb = (sentence.from..from).rev().find(|at| PUTS.contains(&scene.word(*at)));
        verb.is_some_and(|verb| {
            (sentence.from.max(verb.saturating_sub(3))..verb)
                .any(|at| ["not", "dont", "no", "never", "without"].contains(&scene.word(at)))
        })
    };
    let mut all = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| span.from >= from && span.to <= to) {
        let What::Group(groups) = &span.what else { continue };
        let [one] = groups.as_slice() else { continue };
        let on_line = lines.iter().any(|(from, to)| span.from >= *from && span.to <= *to);
        let nouns = ["group", "list", "groups", "lists", "dl"];
        let before = span.from.checked_sub(1).map_or("", |at| scene.word(at));
        let called = nouns.contains(&scene.word(span.to)) || nouns.contains(&before);
        // "in the Finance department"
        let place = ["department", "dept", "division", "office"].contains(&scene.word(span.to));
        let name = Value::String(scene.index.groups[*one].name.clone());
        // "both in Brand Studio", "should go in Brand Studio"
        let first = first_of_a_row(scene, span.from);
        let before = |back: usize| first.checked_sub(back).map_or("", |at| scene.word(at));
        let inside = ["in", "into"].contains(&before(1))
            && first.checked_sub(2).is_some_and(|at| {
                ["both", "all", "each", "also", "be", "go", "goes", "them"]
                    .contains(&scene.word(at))
            });
        let said = on_line || called || (put(span.from) || inside) && !place;
        if said && !denied(span.from) && !span.negated && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// "All Staff and Payroll Readers": where the first of them begins.
fn first_of_a_row(scene: &Scene<'_>, mut at: usize) -> usize {
    const ROW_MAX: usize = 8;
    for _ in 0..ROW_MAX {
        let and =
            at.checked_sub(1).is_some_and(|at| scene.word(at) == "and" || scene.tokens[at].is(','));
        let before = at.checked_sub(2).filter(|_| and).and_then(|at| scene.span(at));
        match before.filter(|span| matches!(span.what, What::Group(_))) {
            Some(span) => at = span.from,
            None => break,
        }
    }
    at
}

/// "not on the 6th", "instead of 1 March", "earlier it was …": a day that was meant before.
pub(in crate::interpret) fn former(scene: &Scene<'_>, when: &When) -> bool {
    let from = scene.sentence(when.from).from;
    let near = (when.from.saturating_sub(3).max(from)..when.from).any(|at| {
        let word = scene.word(at);
        ["not", "than", "was", "were"].contains(&word)
            || word == "instead" && scene.word(at + 1) == "of"
            || word == "place" && scene.word(at + 1) == "of"
    });
    let before = (from..when.from).rev().find_map(|at| match scene.word(at) {
        "earlier" | "formerly" | "originally" | "previously" | "initially" => Some(true),
        "now" | "but" | "is" | "already" => Some(false),
        _ => None,
    });
    near || before == Some(true)
}

/// "She joined on Monday and has no account yet."
fn begun(scene: &Scene<'_>, when: &When) -> bool {
    let from = scene.sentence(when.from).from;
    (from..when.from).any(|at| ["joined", "started", "began"].contains(&scene.word(at)))
}

/// "until 26 February", "from 1 December to 26 February", "End date: …", "ends on …"; or behind
/// one of these words.
fn ends(scene: &Scene<'_>, when: &When, leads: &[&str]) -> bool {
    const UNTIL: &[&str] = &["until", "till", "til", "through", "thru"];
    let from = scene.sentence(when.from).from;
    let mut at = when.from;
    while at > from && ["the", "including", "and"].contains(&scene.word(at - 1)) {
        at -= 1;
    }
    let Some(before) = at.checked_sub(1) else { return false };
    let line = (before.saturating_sub(4)..=before)
        .rev()
        .take_while(|at| scene.tokens[*at].sort != Sort::Line && !scene.tokens[*at].is(','));
    let labelled = line.into_iter().any(|at| {
        let word = scene.word(at);
        ["ends", "ending", "expires", "expiry"].contains(&word)
            || word == "end" && ["date", "day", "of"].contains(&scene.word(at + 1))
            || leads.contains(&word)
    });
    let other = scene.whens.iter().any(|other| other.dated && other.to == before);
    UNTIL.contains(&scene.word(before)) || scene.word(before) == "to" && other || labelled
}

/// The last day of somebody who works here for a time.
pub(in crate::interpret) fn last_day<'s>(
    scene: &'s Scene<'_>,
    from: usize,
    to: usize,
    leads: &[&str],
) -> Option<&'s When> {
    let all = scene.whens.iter().filter(|when| when.dated && !when.now);
    let own = all.filter(|when| when.from >= from && when.to <= to);
    own.filter(|when| !scene.lattice.literal[when.from] && !former(scene, when))
        .find(|when| ends(scene, when, leads))
}

/// The first day: the date behind "start", "first day", "joins"; else the first there is.
pub(in crate::interpret) fn first_day<'s>(
    scene: &'s Scene<'_>,
    from: usize,
    to: usize,
) -> Option<&'s When> {
    const LEADS: &[&str] = &[
        "start",
        "starts",
        "starting",
        "first",
        "joins",
        "joining",
        "commence",
        "commences",
        "entry",
        "enters",
        "begins",
        "doj",
        "commencing",
    ];
    let ahead: Vec<&When> = scene
        .whens
        .iter()
        .filter(|when| when.dated && when.from >= from && when.to <= to)
        .filter(|when| !scene.lattice.literal[when.from] && !former(scene, when))
        .filter(|when| !when.past(&scene.context.now) || begun(scene, when))
        .filter(|when| !ends(scene, when, &[]) && scene.word(when.from) != "now")
        .collect();
    let led = |when: &&&When| {
        (when.from.saturating_sub(5)..when.from).any(|at| LEADS.contains(&scene.word(at)))
    };
    ahead.iter().find(led).or(ahead.first()).copied()
}
