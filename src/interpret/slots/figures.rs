//! Numbers, lengths of time, and what something is labelled.
//!
//! Not here: names of new things ([`super::texts`]).

use serde_json::Value;

use super::{Filled, because, texts::said, which};
use crate::{
    domain::trouble::Ask,
    interpret::{
        clauses::Predicate, entities::Span, lexicon::verb_classes, scene::Scene, text::Sort,
    },
};

/// A whole number, in digits or as a word.
pub(in crate::interpret) fn figure(word: &str) -> Option<i64> {
    const WORDS: &[&str] = &[
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let spelled = WORDS.iter().position(|one| *one == word);
    let spelled = spelled.and_then(|at| i64::try_from(at + 2).ok());
    spelled.or_else(|| word.parse().ok())
}

/// The first whole number that is no part of a date.
pub(super) fn number(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let read = |needed: bool, at: usize| {
        // "budget line 22" counts nothing.
        let counted = at.checked_sub(1).is_some_and(|at| {
            ["line", "decision", "step", "wave", "phase", "item", "room", "floor", "point", "batch"]
                .contains(&scene.word(at))
        });
        let free = scene.lattice.span_at[at].is_none() && !scene.lattice.literal[at] && !counted;
        let spanned = ["days", "months", "month", "day", "years", "year", "weeks", "week"]
            .contains(&scene.word(at + 1));
        let single = spanned && ["one", "a", "another"].contains(&scene.word(at));
        // "depot-27": part of a name.
        let part = scene.tokens[at].glued
            && at
                .checked_sub(1)
                .is_some_and(|at| scene.tokens[at].is('-') && scene.tokens[at].glued);
        if part && !spanned {
            return None;
        }
        let number = if single { 1 } else { figure(scene.word(at))? };
        (free && (spanned || !needed && !scene.dated(at))).then_some((at, number))
    };
    // "gw-prod-2026, valid 12 months": what counts something says more.
    let all = predicate.from..predicate.to.max(months_end(scene, predicate));
    let makes = verb_classes(&["give", "issue", "create", "set", "buy"]);
    let reads = Scene::reads(predicate) && predicate.classes & makes == 0;
    let days = |at: usize| days(scene, at).filter(|_| reads);
    let short = all.clone().find_map(|at| Some((at, months(scene, at).or(days(at))?)));
    if let Some((at, number)) = short {
        let why = because(scene, at, at + 1, "", predicate.quoted);
        return Filled::Value(Value::from(number), Some(why));
    }
    // "down from 10 to 6": the difference.
    let between = all.clone().find_map(|at| {
        let free = scene.dates_free(at, (at + 4).min(scene.tokens.len()));
        let led = scene.word(at) == "from" && scene.word(at + 2) == "to" && free;
        let (from, to) = (figure(scene.word(at + 1))?, figure(scene.word(at + 3))?);
        led.then(|| (at + 1, (from - to).abs()))
    });
    if let Some((at, number)) = between.filter(|(_, number)| *number > 0) {
        let why = because(scene, at, at + 3, "", predicate.quoted);
        return Filled::Value(Value::from(number), Some(why));
    }
    let found = all.clone().find_map(|at| read(true, at));
    // "19 of 20 are taken. Buy 5 more.": what stands behind the verb.
    let found = found.or_else(|| (predicate.verb..all.end).find_map(|at| read(false, at)));
    let found = found.or_else(|| all.clone().find_map(|at| read(false, at)));
    match found {
        Some((at, number)) => {
            // A look counts days, all else months.
            let each = match (scene.word(at + 1), reads) {
                ("year" | "years", true) => 365,
                ("month" | "months", true) => 30,
                ("week" | "weeks", true) => 7,
                ("year" | "years", false) => 12,
                _ => 1,
            };
            let number = number.saturating_mul(each);
            let why = because(scene, at, at + 1, "", predicate.quoted);
            Filled::Value(Value::from(number), Some(why))
        }
        None => which(Ask::WhatNumber),
    }
}

/// "6mo", "half a year": how many months.
fn months(scene: &Scene<'_>, at: usize) -> Option<i64> {
    let word = scene.word(at);
    if word == "half" && scene.word(at + 1) == "a" && scene.word(at + 2) == "year" {
        return Some(6);
    }
    if scene.span(at).is_some() || scene.lattice.literal[at] {
        return None;
    }
    let digits = word.strip_suffix("mths").or_else(|| word.strip_suffix("mos"));
    digits.or_else(|| word.strip_suffix("mo"))?.parse().ok()
}

/// "45d", "45days": how many days.
fn days(scene: &Scene<'_>, at: usize) -> Option<i64> {
    let word = scene.word(at);
    if scene.span(at).is_some() || scene.lattice.literal[at] {
        return None;
    }
    word.strip_suffix("days").or_else(|| word.strip_suffix('d'))?.parse().ok()
}

/// Where a length of time that belongs to a verb ends: "…, good for 6mo", behind another verb.
fn months_end(scene: &Scene<'_>, predicate: &Predicate) -> usize {
    let end = scene.sentence(predicate.verb).to;
    let spans = |at: &usize| {
        months(scene, *at).is_some()
            || ["month", "months"].contains(&scene.word(*at))
                && figure(scene.word(at - 1)).is_some()
    };
    (predicate.to..end).filter(|at| *at > 0).find(spans).map_or(predicate.to, |at| at + 1)
}

/// "label ci-2026", "name it backup", "called backup": one word, or what is in quotation marks.
pub(super) fn label(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    const SAYS: &[&str] =
        &["label", "labelled", "labeled", "named", "called", "name", "titled", "tag"];
    let end = scene.sentence(predicate.verb).to.max(predicate.to);
    let led = (predicate.from..end).find(|at| {
        let call = scene.word(*at) == "call" && ["it", "this"].contains(&scene.word(at + 1));
        (call || SAYS.contains(&scene.word(*at)))
            && scene.span(*at).is_none()
            && !scene.lattice.literal[*at]
    });
    let Some(led) = led else { return Filled::Absent };
    let small = |at: usize| {
        ["it", "this", "is", "should", "be", "as", "the"].contains(&scene.word(at))
            || [':', '=']
                .iter()
                .any(|mark| scene.tokens.get(at).is_some_and(|token| token.is(*mark)))
    };
    let mut from = led + 1;
    while from < end && small(from) {
        from += 1;
    }
    if let Some((open, close)) = scene.lattice.literals.iter().find(|(open, _)| *open == from) {
        return optional(said(scene, predicate, open + 1, *close));
    }
    if from >= end || !scene.tokens[from].word() || scene.span(from).is_some_and(Span::person) {
        return Filled::Absent;
    }
    let glued = |at: &usize| {
        let token = &scene.tokens[*at];
        let last = *at + 1 == end || !scene.tokens[at + 1].glued;
        token.glued && (token.word() || !last)
    };
    let to = from + 1 + (from + 1..end).take_while(glued).count();
    optional(said(scene, predicate, from, to))
}

fn optional(filled: Filled) -> Filled {
    match filled {
        Filled::Ask(_) => Filled::Absent,
        sure => sure,
    }
}

/// "rename it to Guest terms": what something is called from now on.
pub(super) fn renamed(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    if !["rename", "renamed", "renaming", "call", "retitle"].contains(&scene.word(predicate.verb)) {
        return Filled::Absent;
    }
    let end = scene.sentence(predicate.verb).to.max(predicate.to);
    let lead = |at: &usize| {
        ["to", "as", "into"].contains(&scene.word(*at)) && !scene.lattice.names_a_thing(*at)
    };
    let Some(lead) = (predicate.verb + 1..end).find(lead) else { return Filled::Absent };
    if let Some((open, close)) = scene.lattice.literals.iter().find(|(open, _)| *open == lead + 1) {
        return said(scene, predicate, open + 1, *close);
    }
    let ends = |at: &usize| {
        let token = &scene.tokens[*at];
        let stop = token.is('.') && scene.tokens.get(at + 1).is_none_or(|next| !next.glued);
        token.sort == Sort::Line
            || stop
            || [',', ';', '!', '?', '('].iter().any(|mark| token.is(*mark))
            || ["please", "pls", "thanks"].contains(&token.folded.as_str())
    };
    let to = (lead + 1..end).find(ends).unwrap_or(end);
    if to > lead + 1 { said(scene, predicate, lead + 1, to) } else { Filled::Absent }
}
