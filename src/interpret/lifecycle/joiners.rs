//! Who starts, and what is said of each: in a sentence, a form, a table or a numbered list.

use serde_json::Value;

use super::whole;
use crate::{
    actions::{Entry, wording::Frame},
    domain::proposal::Proposal,
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
/// Not part of a name, though they begin with a capital.
const NO_NAMES: &[&str] = &[
    "hi",
    "hello",
    "dear",
    "good",
    "morning",
    "afternoon",
    "please",
    "kindly",
    "could",
    "can",
    "would",
    "new",
    "hire",
    "starter",
    "joiner",
    "form",
    "microsoft",
    "office",
    "team",
    "thanks",
    "regards",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "onboard",
    "onboarding",
    "it",
    "hr",
    "details",
    "field",
    "value",
    "set",
    "we",
    "the",
    "all",
];
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
    let mut one = shared;
    one.arguments.insert("display_name".to_owned(), Value::String(name));
    vec![one]
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
    (event.from..event.to).find_map(|at| capitals(scene, at, event.to)).map(|(name, _)| name)
}

/// Two to four capitalised words that name nobody and nothing of the directory.
fn capitals(scene: &Scene<'_>, at: usize, to: usize) -> Option<(String, usize)> {
    let fits = |at: usize| {
        let token = &scene.tokens[at];
        let known = scene.lattice.span_at[at]
            .is_some_and(|span| !matches!(scene.lattice.spans[span].what, What::Nobody));
        let date = scene.whens.iter().any(|when| (when.from..when.to).contains(&at));
        token.word()
            && token.capital
            && !known
            && !date
            && !scene.lattice.literal[at]
            && !NO_NAMES.contains(&token.folded.as_str())
    };
    // "Femke de Wit", "Ana da Silva"
    let particle = |at: usize| {
        ["de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "al", "bin", "ten"]
            .contains(&scene.word(at))
    };
    let mut end = (at..to.min(at + 5))
        .take_while(|here| fits(*here) || *here > at && particle(*here))
        .count()
        + at;
    while end > at && particle(end - 1) {
        end -= 1;
    }
    (end - at >= 2).then(|| (scene.said(at, end), end))
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
        found.push((name, title.map(|(from, to)| scene.said(from, to).trim().to_owned())));
    }
    found
}

/// Groups on a line that says so, or that are called one.
fn groups(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Value> {
    const LABELS: &[&str] = &["groups", "group", "lists", "list", "teams", "distribution lists"];
    let lines: Vec<(usize, usize)> = labelled(scene, from, to, LABELS)
        .into_iter()
        .filter(|at| at.checked_sub(1).is_some_and(|at| !scene.tokens[at].word()))
        .map(|at| {
            let end = (at..to).find(|at| scene.tokens[*at].sort == Sort::Line).unwrap_or(to);
            (at, end)
        })
        .collect();
    let mut all = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| span.from >= from && span.to <= to) {
        let What::Group(groups) = &span.what else { continue };
        let [one] = groups.as_slice() else { continue };
        let on_line = lines.iter().any(|(from, to)| span.from >= *from && span.to <= *to);
        let called = ["group", "list"].contains(&scene.word(span.to));
        let name = Value::String(scene.index.groups[*one].name.clone());
        if (on_line || called) && !span.negated && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The first day: the date behind "start", "first day", "joins"; else the first there is.
pub(in crate::interpret) fn first_day<'s>(
    scene: &'s Scene<'_>,
    from: usize,
    to: usize,
) -> Option<&'s When> {
    const LEADS: &[&str] =
        &["start", "starts", "starting", "first", "joins", "joining", "commence", "commences"];
    let ahead: Vec<&When> = scene
        .whens
        .iter()
        .filter(|when| when.dated && when.from >= from && when.to <= to)
        .filter(|when| !scene.lattice.literal[when.from] && !when.past(&scene.context.now))
        .collect();
    let led = |when: &&&When| {
        (when.from.saturating_sub(5)..when.from).any(|at| LEADS.contains(&scene.word(at)))
    };
    ahead.iter().find(led).or(ahead.first()).copied()
}
