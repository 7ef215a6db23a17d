//! What was asked for and became neither a proposal nor a question, so that the desk can
//! say what it left out. Small talk, reasons and "let me know" are not asked of the
//! directory and are left alone.

use crate::interpret::{
    clauses::Predicate,
    entities::What,
    lexicon::{LEXICON, foreign_classes, verb_class, verb_classes},
    scene::Scene,
};

/// At most so many things are named that were not understood.
const LEFTOVER_MAX: usize = 10;
/// Words with people, about the work itself: never something that was left undone.
const TALK: &[&str] = &[
    "process", "proceed", "deal", "handle", "approve", "reject", "explain", "call", "calling",
    "ring", "contact", "confirm", "check", "let", "ensure", "reply", "respond", "get", "have",
    "order", "book", "report",
];
/// Objects that are the conversation, not the directory.
const TALKED_OF: &[&str] = &[
    "ticket",
    "tickets",
    "request",
    "requests",
    "task",
    "process",
    "details",
    "info",
    "information",
    "summary",
    "this",
    "meeting",
];

/// The tokens of what this predicate asks, if it is something to do to somebody or something.
pub fn unmet(scene: &Scene<'_>, predicate: &Predicate) -> Option<(usize, usize)> {
    if predicate.quoted {
        return None;
    }
    let verb = scene.word(predicate.verb);
    let noun = predicate.classes & verb_class("noun") != 0;
    let says = predicate.classes & verb_classes(&["remind", "forgot", "ask", "who", "keep"]) != 0;
    if says || (!noun && TALK.contains(&verb)) {
        return None;
    }
    let inside = |from: usize, to: usize| from >= predicate.from && to <= predicate.to;
    let other = foreign_classes();
    let mut concrete = false;
    for hit in scene.lattice.hits.iter().filter(|hit| inside(hit.from, hit.to)) {
        let words = scene.key(hit.from, hit.to);
        let own = hit.from == predicate.verb && !noun;
        let strong = if noun { hit.classes & other != 0 } else { hit.classes != 0 };
        concrete |= strong && !own && !TALKED_OF.contains(&words.as_str());
    }
    let mut somebody = false;
    for span in scene.lattice.spans.iter().filter(|span| inside(span.from, span.to)) {
        let light = predicate.classes & verb_class("want") != 0;
        somebody |= span.person() && span.what != What::Me && !span.negated && !light;
        concrete |= !noun && matches!(span.what, What::Group(_) | What::Sku(_) | What::Named(_));
    }
    let polite = (predicate.from..predicate.to)
        .any(|at| ["please", "pls", "plz", "for"].contains(&scene.word(at)));
    let asked = if noun { concrete && somebody && polite } else { concrete || somebody };
    if !asked {
        return None;
    }
    let base = LEXICON.verb(verb).iter().any(|sense| {
        matches!(sense.form, super::lexicon::Form::Base | super::lexicon::Form::BaseOrPast)
    });
    let from = if base && !noun { predicate.verb } else { predicate.from };
    Some((from, predicate.to.min(scene.tokens.len())))
}

/// The requester's own words for these runs of tokens, neighbours joined.
pub fn words(scene: &Scene<'_>, mut runs: Vec<(usize, usize)>) -> Vec<String> {
    const JOINS: &[&str] =
        &["and", "then", "to", "but", "so", "or", "plus", "also", "without", "the"];
    runs.dedup_by(|next, last| {
        let parted = last.1.checked_sub(1).is_some_and(|at| {
            let token = &scene.tokens[at];
            !token.word() && scene.lattice.span_at[at].is_none()
                || ["and", "then", "but", "plus", "or"].contains(&token.folded.as_str())
        });
        let joined = next.0 <= last.1 && !parted;
        if joined {
            last.1 = last.1.max(next.1);
        }
        joined
    });
    let mut found: Vec<String> = Vec::new();
    for (from, mut to) in runs {
        while to > from + 1 {
            let token = &scene.tokens[to - 1];
            let named = scene.lattice.span_at[to - 1].is_some() || scene.lattice.literal[to - 1];
            if named || token.word() && !JOINS.contains(&token.folded.as_str()) {
                break;
            }
            to -= 1;
        }
        let words = scene.said(from, to);
        if to - from > 1 && words.contains(' ') && !found.contains(&words) {
            found.push(words);
        }
    }
    found.truncate(LEFTOVER_MAX);
    found
}
