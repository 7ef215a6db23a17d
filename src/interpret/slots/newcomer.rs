//! What is said of somebody new: title, department, office, number, manager, licences.

use serde_json::Value;

use super::{
    Filled, because, posts,
    reporting::{SPONSORS, labelled_person, manager, or_me},
    things::sku_value,
    which,
};
use crate::{
    actions::wording::Detail,
    domain::trouble::Ask,
    interpret::{clauses::Predicate, entities::What, lifecycle, scene::Scene, text::Sort},
};

/// A value has at most so many words.
pub(super) const WORDS_MAX: usize = 6;
/// Words a value ends before.
const ENDS: &[&str] = &[
    "in",
    "reporting",
    "reports",
    "starting",
    "starts",
    "from",
    "on",
    "with",
    "and",
    "please",
    "pls",
    "who",
    "based",
    "dept",
    "department",
    "manager",
    "at",
    "for",
    "office",
    "mobile",
    "licence",
    "license",
    "groups",
    "location",
    "title",
    "phone",
    "under",
    "effective",
    "wef",
    "w",
    "as",
    "since",
    "until",
    "his",
    "her",
    "he",
    "she",
];

const DEPARTMENTS: &[&str] = &["department", "dept", "team", "dpt"];
const OFFICES: &[&str] = &[
    "office",
    "office location",
    "location",
    "site",
    "work location",
    "new site",
    "duty station",
    "workplace",
    "workplace is in",
    "location changes to",
    "office changes to",
    "site changes to",
];
const PHONES: &[&str] = &["mobile", "mobile phone", "mobile number", "cell", "phone", "tel"];

/// The tokens that may speak of them: from the verb's clause to the end of the message.
fn region(scene: &Scene<'_>, predicate: &Predicate) -> (usize, usize) {
    let quoted = scene.sentence(predicate.verb).quoted;
    let own = scene.sentences.iter().filter(|sentence| sentence.quoted == quoted);
    let end = own.map(|sentence| sentence.to).max().unwrap_or(predicate.to);
    (predicate.from, end.max(predicate.to))
}

/// Where one of these labels ends, its mark or its "is" left out.
pub(in crate::interpret) fn labelled(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
    labels: &[&str],
) -> Vec<usize> {
    let mut found = Vec::new();
    for at in from..to {
        let first = Some(scene.word(at));
        let begun = labels.iter().filter(|label| label.split(' ').next() == first);
        let end = begun.filter_map(|label| {
            let words = label.split(' ').count();
            (scene.key(at, (at + words).min(to)) == **label).then_some(at + words)
        });
        let Some(mut end) = end.max() else { continue };
        // "title for both is …"
        if scene.word(end) == "for" && ["both", "all", "each"].contains(&scene.word(end + 1)) {
            end += 2;
        }
        while end < to
            && (scene.tokens[end].is(':')
                || scene.tokens[end].is('=')
                || scene.tokens[end].is('-')
                || scene.tokens[end].is('|')
                || ["is", "of", "will", "be", "becomes"].contains(&scene.word(end)))
        {
            end += 1;
        }
        found.push(end);
    }
    found
}

/// The words from here to the next comma, line or word that begins something else.
pub(in crate::interpret) fn phrase(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
) -> Option<(usize, usize)> {
    let end = (from..to.min(from + WORDS_MAX))
        .find(|at| {
            let token = &scene.tokens[*at];
            matches!(token.sort, Sort::Line | Sort::Address)
                || [',', '(', ')', ';', '|', '!', '?'].iter().any(|mark| token.is(*mark))
                || (token.is('.') && scene.tokens.get(at + 1).is_none_or(|next| !next.glued))
                || ENDS.contains(&token.folded.as_str()) && !token.capital
        })
        .unwrap_or(to.min(from + WORDS_MAX));
    (end > from).then_some((from, end))
}

pub(super) fn text(scene: &Scene<'_>, predicate: &Predicate, (from, to): (usize, usize)) -> Filled {
    let words =
        scene.said(from, to).trim().trim_matches(['"', '\'', '.', '-', '–', ' ']).to_owned();
    let why = because(scene, from, to, "", predicate.quoted);
    if words.is_empty() { Filled::Absent } else { Filled::Value(Value::String(words), Some(why)) }
}

/// A department or an office of the directory: behind its label, or behind "in".
pub(super) fn place(
    scene: &Scene<'_>,
    predicate: &Predicate,
    (from, to): (usize, usize),
    offices: bool,
) -> Filled {
    let known = scene.places(from, to, offices);
    let labels = labelled(scene, from, to, if offices { OFFICES } else { DEPARTMENTS });
    let stands = |start: usize, end: usize| {
        let mut before = start;
        while before > from && ["the", "our", "to"].contains(&scene.word(before - 1)) {
            before -= 1;
        }
        let lead = before.checked_sub(1).map_or("", |at| scene.word(at));
        let leads: &[&str] = if offices {
            &["in", "at", "based", "from", "near"]
        } else {
            &[
                "in", "within", "with", "joins", "join", "joining", "from", "of", "across", "for",
                "both", "all", "into",
            ]
        };
        let nouns = if offices { OFFICES } else { DEPARTMENTS };
        // "Sales Team" is a group.
        let group = scene
            .span(start)
            .is_some_and(|span| matches!(span.what, What::Group(_)) && span.to > end);
        // "…, R&D, Munich, reporting to …"
        let mark = |at: usize, marks: &[char]| {
            scene.tokens.get(at).is_some_and(|token| marks.iter().any(|mark| token.is(*mark)))
        };
        let stops = scene.tokens.get(end).is_none_or(|token| token.sort == Sort::Line);
        let listed = start > from
            && mark(start - 1, &[','])
            && (stops
                || mark(end, &[',', '.', ';', ')'])
                || nouns.contains(&scene.word(end)) && !group);
        // "… Boss Ada Park. Hull."
        let alone = start > from && mark(start - 1, &['.']) && (stops || mark(end, &['.']));
        labels.contains(&start)
            || leads.contains(&lead)
            || nouns.contains(&scene.word(end)) && !group
            || listed
            || alone
    };
    let found = known.into_iter().find(|(start, end, _)| stands(*start, *end));
    match found {
        Some((start, end, name)) => {
            let why = because(scene, start, end, "", predicate.quoted);
            Filled::Value(Value::String(name), Some(why))
        }
        None => Filled::Absent,
    }
}

/// "from Sales to Finance", "to the Finance department": the department behind "to".
fn moved_to(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let to = scene.sentence(predicate.verb).to.max(predicate.to);
    let known = scene.places(predicate.from, to, false);
    let behind = |start: usize| {
        let mut before = start;
        while before > predicate.from && ["the", "our", "new"].contains(&scene.word(before - 1)) {
            before -= 1;
        }
        let mark = |back: usize, mark: char| {
            start >= predicate.from + back && scene.tokens[start - back].is(mark)
        };
        // "Sales -> Marketing"
        let arrow = mark(1, '→') || mark(1, '>') && (mark(2, '-') || mark(2, '='));
        // "leaving Finance for Procurement"
        let left = scene.word(before.wrapping_sub(1)) == "for"
            && known.iter().any(|(_, end, _)| end + 1 == before);
        arrow
            || left
            || before > predicate.from
                && (["to", "into", "joins", "joining", "join"].contains(&scene.word(before - 1))
                    || scene.word(before - 1) == "for"
                        && before > 1
                        && ["works", "working"].contains(&scene.word(before - 2)))
    };
    // "changes cost centre: department Procurement"
    let called = |start: usize| {
        let word = |back: usize| start.checked_sub(back).map_or("", |at| scene.word(at));
        DEPARTMENTS[..2].contains(&word(1)) && !["from", "old", "current", "the"].contains(&word(2))
    };
    let known = &known;
    let found = known.iter().find(|(start, _, _)| behind(*start));
    match found.or_else(|| known.iter().find(|(start, _, _)| called(*start))) {
        Some((start, end, name)) => {
            let why = because(scene, *start, *end, "", predicate.quoted);
            Filled::Value(Value::String(name.clone()), Some(why))
        }
        None => which(Ask::WhatOne),
    }
}

/// "mobile +44 20 7946 0000"
fn number(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    let digit = |at: usize| {
        scene.tokens[at].is('+') || scene.word(at).starts_with(|c: char| c.is_ascii_digit())
    };
    let start = labelled(scene, from, to, PHONES).into_iter().find(|at| *at < to && digit(*at));
    let Some(start) = start else { return Filled::Absent };
    let goes_on = |at: &usize| {
        let token = &scene.tokens[*at];
        digit(*at) || ['(', ')', '-', '/'].iter().any(|mark| token.is(*mark))
    };
    let end = (start..to).take_while(goes_on).count() + start;
    text(scene, predicate, (start, end))
}

/// "company Northwind", "Company: Northwind Traders", "from Northwind": whose people they are.
fn company(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    const LABELS: &[&str] = &["company", "company name", "employer", "agency", "supplier"];
    let named = |at: &usize| {
        *at < to
            && scene.tokens[*at].capital
            && scene.lattice.span_at[*at].is_none()
            && !scene.dated(*at)
    };
    let behind = (from..to).filter(|at| scene.word(*at) == "from").map(|at| at + 1);
    let labelled = labelled(scene, from, to, LABELS).into_iter();
    let start = labelled.chain(behind).find(named);
    match start.and_then(|at| phrase(scene, at, to)) {
        Some(run) => text(scene, predicate, run),
        None => Filled::Absent,
    }
}

/// "description "Supplier portal rebuild"", "Purpose: contact points for the offices"
fn description(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    const LABELS: &[&str] = &["description", "purpose", "desc", "described as"];
    let Some(start) = labelled(scene, from, to, LABELS).into_iter().find(|at| *at < to) else {
        return Filled::Absent;
    };
    if let Some((open, close)) = scene.lattice.literals.iter().find(|(open, _)| *open == start) {
        return text(scene, predicate, (open + 1, *close));
    }
    let said = start.checked_sub(1).is_some_and(|at| !scene.tokens[at].word());
    let end = (start..to).find(|at| scene.tokens[*at].sort == Sort::Line).unwrap_or(to);
    if said && end > start { text(scene, predicate, (start, end)) } else { Filled::Absent }
}

/// The licences named, as a list. One of which it is not clear is asked for.
fn licences(scene: &Scene<'_>, from: usize, to: usize) -> Filled {
    let mut all: Vec<Value> = Vec::new();
    for span in scene.lattice.spans.iter().filter(|s| s.from >= from && s.to <= to && !s.negated) {
        let What::Sku(skus) = &span.what else { continue };
        // "Project Engineer" is a post.
        if lifecycle::is_post(scene.word(span.to)) {
            continue;
        }
        match sku_value(scene, span, skus) {
            Filled::Value(value, _) if !all.contains(&value) => all.push(value),
            Filled::Ask(asked) => return Filled::Ask(asked),
            _ => {}
        }
    }
    if all.is_empty() { Filled::Absent } else { Filled::Value(Value::Array(all), None) }
}

/// "ada@else.org (Ada Park)", "Ada Park <ada@else.org>", "Ada Park, ada@else.org".
fn guest(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let address = (predicate.from..sentence.to).find(|at| scene.tokens[*at].sort == Sort::Address);
    let Some(address) = address else { return Filled::Absent };
    let name = |at: usize| scene.tokens.get(at).is_some_and(|t| t.word() && t.capital);
    let behind = address + 2;
    let opens = scene.tokens.get(address + 1).is_some_and(|t| t.is('(') || t.is(','));
    if opens && name(behind) {
        let end = (behind..sentence.to).take_while(|at| name(*at)).count() + behind;
        if end - behind > 1 {
            return text(scene, predicate, (behind, end));
        }
    }
    let mut from = address;
    while from > predicate.verb + 1
        && ['<', '(', ','].iter().any(|mark| scene.tokens[from - 1].is(*mark))
    {
        from -= 1;
    }
    let end = from;
    while from > predicate.verb + 1 && name(from - 1) && scene.lattice.hit_at[from - 1].is_none() {
        from -= 1;
    }
    if end - from > 1 { text(scene, predicate, (from, end)) } else { Filled::Absent }
}

/// One thing that is said of somebody new.
pub(super) fn detail(scene: &Scene<'_>, predicate: &Predicate, what: Detail) -> Filled {
    let (from, to) = region(scene, predicate);
    match what {
        Detail::JobTitle => posts::title(scene, predicate, from, to),
        Detail::Department => place(scene, predicate, (from, to), false),
        Detail::NewDepartment => moved_to(scene, predicate),
        Detail::Office => place(scene, predicate, (from, to), true),
        Detail::MobilePhone => number(scene, predicate, from, to),
        Detail::Manager => manager(scene, predicate, from, to),
        Detail::Sponsor => {
            let found = labelled_person(scene, predicate, (from, to), SPONSORS);
            or_me(scene, predicate, found, SPONSORS)
        }
        Detail::Description => description(scene, predicate, from, to),
        Detail::Company => company(scene, predicate, from, to),
        Detail::Licences => licences(scene, from, to),
        Detail::DisplayName => guest(scene, predicate),
    }
}
