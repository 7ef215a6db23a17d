//! "The tablet of Ada goes to the workshop tomorrow": a thing goes, and nobody leaves.
//!
//! Not here: who leaves.

use crate::interpret::{
    clauses::Sentence,
    entities::{Span, What},
    lexicon::object_classes,
    scene::Scene,
    slots,
};

/// Words that are said of things too; "her last day" and "resigned" are said of people alone.
const SAID_OF_THINGS: &[&str] = &[
    "goes", "go", "going", "leaves", "leave", "leaving", "ends", "finishes", "left", "out", "off",
];

/// Is what goes, ends or leaves by this word somebody's thing?
pub(super) fn of_a_thing(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    let things = object_classes(&["device", "mailbox", "shared_mailbox", "forwarding", "secret"]);
    let thing = |at: usize| {
        let hit = scene.lattice.hit_at.get(at).copied().flatten();
        slots::is_device(scene.word(at))
            || hit.is_some_and(|hit| scene.lattice.hits[hit].classes & things != 0)
    };
    let word = |at: usize| SAID_OF_THINGS.contains(&scene.word(at));
    if !(at.saturating_sub(1)..at + 3).any(|at| at < sentence.to && word(at)) {
        return false;
    }
    let mut before = scene.lattice.spans_in(sentence.from, sentence.to);
    let Some(first) = before.find(|span| span.named() || span.is_thing()) else { return false };
    // "wipe Ada's laptop, she leaves on Friday"
    if scene.lattice.spans_in(first.to, at + 1).any(Span::person) {
        return false;
    }
    let of = first.from >= sentence.from + 2
        && scene.word(first.from - 1) == "of"
        && thing(first.from - 2);
    let owns = scene.tokens[first.to - 1].possessive && (first.to..first.to + 2).any(thing);
    Span::is_thing(first) || of || owns || leaves_a_group(scene, sentence, at)
}

/// "Ada leaves the Board list on Friday": a list is left, and not the company.
fn leaves_a_group(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    let verb = (at.saturating_sub(1)..at + 3).find(|at| {
        *at < sentence.to && ["leaves", "leave", "leaving", "left"].contains(&scene.word(*at))
    });
    let Some(verb) = verb else { return false };
    let next = verb + 1 + usize::from(["the", "our"].contains(&scene.word(verb + 1)));
    next < sentence.to && scene.span(next).is_some_and(|span| matches!(span.what, What::Group(_)))
}
