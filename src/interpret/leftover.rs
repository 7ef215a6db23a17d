//! What was asked for and became neither a proposal nor a question, so that the desk can
//! say what it left out. Small talk, reasons and "let me know" are not asked of the
//! directory and are left alone.

use crate::interpret::{
    clauses::Predicate,
    entities::What,
    lexicon::{LEXICON, object_class, verb_class, verb_classes},
    scene::Scene,
};

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

/// The requester's own words for what this predicate asks, if it is something to do to
/// somebody or something.
pub fn unmet(scene: &Scene<'_>, predicate: &Predicate) -> Option<String> {
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
    let other = object_class("other");
    let mut concrete = false;
    for hit in scene.lattice.hits.iter().filter(|hit| inside(hit.from, hit.to)) {
        let words = scene.key(hit.from, hit.to);
        let own = hit.from == predicate.verb && !noun;
        let strong = if noun { hit.classes & other != 0 } else { hit.classes != 0 };
        concrete |= strong && !own && !TALKED_OF.contains(&words.as_str());
    }
    let mut somebody = false;
    for span in scene.lattice.spans.iter().filter(|span| inside(span.from, span.to)) {
        somebody |= span.person() && span.what != What::Me && !span.negated;
        concrete |= !noun && matches!(span.what, What::Group(_) | What::Sku(_) | What::Other);
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
    let mut to = predicate.to.min(scene.tokens.len());
    while to > from + 1 && !scene.tokens[to - 1].word() && scene.lattice.span_at[to - 1].is_none() {
        to -= 1;
    }
    let words = scene.said(from, to);
    (!words.is_empty()).then_some(words)
}
