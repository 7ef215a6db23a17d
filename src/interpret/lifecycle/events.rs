//! Which sentence tells that somebody leaves, moves or starts.

use crate::interpret::{clauses::Sentence, entities::What, scene::Scene};

/// What is told, and in which sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// Somebody leaves, by this word.
    Leaves(Sentence, usize),
    /// Somebody moves to another department, by this word.
    Moves(Sentence, usize),
    /// Somebody starts.
    Joins(Sentence),
}

/// So many are looked at: each is read with the whole message around it.
const EVENTS_MAX: usize = 20;

/// The last of them, the last first.
pub(super) fn events(scene: &Scene<'_>) -> Vec<Event> {
    let mut found = Vec::new();
    for sentence in scene.sentences.iter().rev().copied() {
        if found.len() >= EVENTS_MAX {
            break;
        }
        if doubtful(scene, sentence) {
            continue;
        }
        if let Some(at) = leaves(scene, sentence) {
            found.push(Event::Leaves(with_whom(scene, sentence), at));
        } else if let Some(at) = moves(scene, sentence) {
            found.push(Event::Moves(sentence, at));
        } else if joins(scene, sentence) {
            found.push(Event::Joins(sentence));
        }
    }
    found
}

fn any(scene: &Scene<'_>, sentence: Sentence, words: &[&str]) -> bool {
    (sentence.from..sentence.to)
        .any(|at| words.contains(&scene.word(at)) && !scene.lattice.literal[at])
}

/// A question, a supposition, a denial, something over: no event.
fn doubtful(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const DOUBTS: &[&str] = &[
        "if",
        "whether",
        "when",
        "how",
        "why",
        "what",
        "might",
        "maybe",
        "perhaps",
        "unless",
        "rumour",
        "rumor",
        "cancelled",
        "postponed",
        "was",
        "were",
        "yesterday",
        "example",
        "template",
        "policy",
        "checklist",
        "isnt",
        "arent",
        "wont",
        "not",
        "never",
        "no",
    ];
    // "no forwarding needed" denies something else.
    let plain = |at: usize| {
        let word = scene.word(at);
        let beside = ["no", "not"].contains(&word)
            && ["forwarding", "later", "wipe", "devices"].contains(&scene.word(at + 1));
        // "I would be grateful if you could …" asks.
        let polite = word == "if"
            && scene.word(at + 1) == "you"
            && ["could", "can", "would"].contains(&scene.word(at + 2));
        DOUBTS.contains(&word) && !beside && !polite
    };
    (sentence.from..sentence.to).any(|at| !scene.lattice.literal[at] && plain(at))
}

fn names_somebody(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let mut spans = scene.lattice.spans_in(sentence.from, sentence.to);
    spans.any(|span| matches!(span.what, What::People(..)) && !scene.aside(span))
}

/// "Emily Braun is leaving us", "his last day is", "two leavers", "Leaver".
fn leaves(scene: &Scene<'_>, sentence: Sentence) -> Option<usize> {
    (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]).find(|at| {
        let at = *at;
        let (word, next, third) = (scene.word(at), scene.word(at + 1), scene.word(at + 2));
        let previous = at.checked_sub(1).map_or("", |at| scene.word(at));
        let in_a_name = scene.lattice.span_at[at].is_some();
        let goes = word == "leaving"
            && ["is", "be", "are"].contains(&previous)
            && (["us", "on", "at", "."].contains(&next)
                || ["the", "our"].contains(&next)
                    && ["company", "business", "organisation", "organization", "firm"]
                        .contains(&third));
        let last = ["last", "final"].contains(&word)
            && (next == "day" || ["working", "work"].contains(&next) && third == "day");
        let notice = word == "notice"
            && (at.saturating_sub(4)..at)
                .any(|at| ["handed", "given", "gave"].contains(&scene.word(at)));
        let leaver = ["leaver", "leavers", "offboarding"].contains(&word) && !in_a_name;
        goes || last || notice || leaver
    })
}

/// The sentence, or all of a form or list around it, when that is what names somebody.
fn with_whom(scene: &Scene<'_>, sentence: Sentence) -> Sentence {
    if names_somebody(scene, sentence) {
        return sentence;
    }
    let own = scene.sentences.iter().filter(|other| other.quoted == sentence.quoted);
    let to = own.map(|other| other.to).max().unwrap_or(sentence.to);
    let before = scene.sentences.iter().rfind(|other| {
        other.to <= sentence.from
            && other.quoted == sentence.quoted
            && names_somebody(scene, **other)
    });
    // "Emily is leaving. Her last day is Friday": the one before says who.
    let from = before.map_or(sentence.from, |other| other.from);
    Sentence { from, to, ..sentence }
}

/// "will move from Finance to Operations", "is transferring to the Sales department".
fn moves(scene: &Scene<'_>, sentence: Sentence) -> Option<usize> {
    const MOVES: &[&str] = &[
        "move",
        "moves",
        "moving",
        "transfer",
        "transfers",
        "transferring",
        "transferred",
        "relocate",
        "relocates",
        "relocating",
    ];
    const OTHER: &[&str] = &[
        "group", "groups", "list", "licence", "license", "mailbox", "device", "laptop", "ou",
        "seat", "file", "files", "data", "call", "number", "team", "channel", "folder",
    ];
    let department =
        scene.places(sentence.from, sentence.to, false).into_iter().any(|(from, _, _)| {
            (1..=2).any(|back| from.checked_sub(back).is_some_and(|at| scene.word(at) == "to"))
        });
    if any(scene, sentence, OTHER) || !department || !names_somebody(scene, sentence) {
        return None;
    }
    (sentence.from..sentence.to)
        .find(|at| MOVES.contains(&scene.word(*at)) && !scene.lattice.literal[*at])
}

/// "new starter", "NEW HIRE FORM", "two joiners", "who joins Legal as a Paralegal".
fn joins(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const NEW: &[&str] =
        &["hire", "starter", "joiner", "employee", "colleague", "recruit", "hires", "starters"];
    (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let new = word == "new" && NEW.contains(&next);
        let joiner = ["joiner", "joiners", "onboard", "onboarding"].contains(&word)
            && scene.lattice.span_at[at].is_none();
        let department = || !scene.places(at + 1, (at + 5).min(sentence.to), false).is_empty();
        let comes = ["joins", "joining"].contains(&word) && department();
        new || joiner || comes
    })
}
