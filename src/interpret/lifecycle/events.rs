//! Which sentence tells that somebody leaves, moves or starts.

use super::{names, of_a_thing::of_a_thing};
use crate::interpret::{
    clauses::Sentence,
    entities::{Span, What},
    scene::Scene,
};

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
const EVENTS_MAX: usize = 8;

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
        // "He goes from IT to Sales on Monday" leaves nobody.
        if let Some(at) = moves(scene, sentence) {
            found.push(Event::Moves(sentence, at));
        } else if let Some(at) =
            leaves(scene, sentence).filter(|at| !of_a_thing(scene, sentence, *at))
        {
            found.push(Event::Leaves(with_whom(scene, sentence), at));
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
pub(super) fn doubtful(scene: &Scene<'_>, sentence: Sentence) -> bool {
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
    // "She has left, yesterday was her last day": over, and what is asked for is not.
    let gone = (sentence.from..sentence.to)
        .any(|at| ["has", "have"].contains(&scene.word(at)) && scene.word(at + 1) == "left");
    // "He is not yet created", "who isn't on the system yet", "earlier it was 1 March"
    let yet = any(scene, sentence, &["yet", "still", "already", "earlier"]);
    let over = |at: usize| {
        let word = scene.word(at);
        gone && ["was", "yesterday"].contains(&word)
            || yet && ["not", "isnt", "arent", "no", "was", "hasnt"].contains(&word)
    };
    (sentence.from..sentence.to).any(|at| !scene.lattice.literal[at] && plain(at) && !over(at))
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
        goes || last || notice || leaver || quits(scene, sentence, at)
    })
}

/// "John has resigned", "she retires on …", "he finishes tomorrow", "we're letting Ada go",
/// "LWD", "exit for Omar".
fn quits(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    const QUITS: &[&str] = &[
        "resigned",
        "resigns",
        "resigning",
        "retires",
        "retiring",
        "retired",
        "absconding",
        "absconded",
        "departing",
        "departs",
        "exiting",
        "relieved",
        "separation",
        "separating",
        "terminated",
        "redundant",
        "lwd",
        "dismissal",
        "dismissed",
    ];
    const ENDS: &[&str] = &["leaves", "finishes", "finishing", "quits", "goes"];
    let (word, next) = (scene.word(at), scene.word(at + 1));
    let says = QUITS.contains(&word)
        || ENDS.contains(&word)
        || ["left", "letting", "let", "exit", "stops", "stopping"].contains(&word);
    if !says || scene.lattice.span_at[at].is_some() || !about_somebody(scene, sentence) {
        return false;
    }
    let date = scene
        .whens
        .iter()
        .any(|when| when.dated && when.from >= at && when.to <= sentence.to && when.from <= at + 6);
    let company = (at + 1..(at + 4).min(sentence.to)).any(|at| {
        ["us", "company", "business", "organisation", "organization", "firm", "contoso"]
            .contains(&scene.word(at))
    });
    let let_go = ["letting", "let"].contains(&word)
        && (at + 2..(at + 5).min(sentence.to)).any(|at| scene.word(at) == "go");
    let exit = word == "exit" && (["for", "of"].contains(&next) || scene.tokens[at].start == 0);
    QUITS.contains(&word)
        || ENDS.contains(&word) && (date || company) && !goes_elsewhere(scene, sentence, at)
        || word == "left"
            && (company || at > 0 && ["has", "have"].contains(&scene.word(at - 1)))
            && closes(scene)
        || ["stops", "stopping"].contains(&word)
            && (at + 1..at + 3).any(|at| ["work", "working"].contains(&scene.word(at)))
        || let_go
        || exit
}

/// "The announcement goes out at noon on Friday": it goes, and nobody leaves.
fn goes_elsewhere(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    let somebody = (sentence.from..at).any(|at| scene.span(at).is_some_and(Span::person));
    scene.word(at) == "goes" && (!somebody || ["out", "live", "to"].contains(&scene.word(at + 1)))
}

/// Is an account to be closed, anywhere in the message?
fn closes(scene: &Scene<'_>) -> bool {
    const CLOSES: &[&str] = &[
        "close",
        "closed",
        "disable",
        "deactivate",
        "deactivated",
        "offboard",
        "offboarding",
        "shut",
        "leaver",
        "exit",
        "disabled",
    ];
    let own = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    own.into_iter().any(|at| CLOSES.contains(&scene.word(at)))
}

/// Does it name somebody, or go on about them?
fn about_somebody(scene: &Scene<'_>, sentence: Sentence) -> bool {
    names_somebody(scene, sentence)
        || scene
            .lattice
            .spans_in(sentence.from, sentence.to)
            .any(|span| matches!(span.what, What::Pronoun))
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
        "moved",
        "passes",
        "passing",
        "shifts",
        "shifting",
        "shifted",
        "switches",
        "switching",
        "changes",
        "changing",
        "promoted",
        "goes",
        "change",
    ];
    const OTHER: &[&str] = &[
        "group", "groups", "list", "licence", "license", "mailbox", "device", "laptop", "ou",
        "seat", "file", "files", "data", "call", "number", "team", "channel", "folder",
    ];
    let department =
        scene.places(sentence.from, sentence.to, false).into_iter().any(|(from, _, _)| {
            (1..=2).any(|back| {
                from.checked_sub(back).is_some_and(|at| ["to", "into"].contains(&scene.word(at)))
            })
        });
    // "Grace Kim joins Human Resources"
    let joined = (sentence.from..sentence.to).find(|at| {
        ["joins", "joining"].contains(&scene.word(*at))
            && !scene.places(at + 1, (at + 4).min(sentence.to), false).is_empty()
    });
    let known = |at: usize| {
        let mut before = scene.lattice.spans_in(sentence.from, at);
        before.any(|span| matches!(span.what, What::People(..)))
    };
    if any(scene, sentence, OTHER) || !names_somebody(scene, sentence) {
        return None;
    }
    if let Some(at) = joined.filter(|at| known(*at)) {
        return Some(at);
    }
    if !department {
        return None;
    }
    (sentence.from..sentence.to)
        .find(|at| MOVES.contains(&scene.word(*at)) && !scene.lattice.literal[*at])
}

/// "new starter", "NEW HIRE FORM", "two joiners", "who joins Legal as a Paralegal".
fn joins(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const NEW: &[&str] = &[
        "hire",
        "starter",
        "joiner",
        "employee",
        "colleague",
        "recruit",
        "hires",
        "starters",
        "girl",
        "guy",
        "worker",
        "person",
        "people",
        "lady",
        "joinee",
        "joinees",
        "member",
        "colleagues",
        "employees",
        "incorporation",
        "incorporations",
        "start",
        "starts",
        "designer",
        "technician",
    ];
    (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let new = word == "new" && NEW.contains(&next);
        let joiner = [
            "joiner",
            "joiners",
            "onboard",
            "onboarding",
            "onboarded",
            "joinee",
            "joinees",
            "starters",
        ]
        .contains(&word)
            && scene.lattice.span_at[at].is_none();
        let department = || !scene.places(at + 1, (at + 5).min(sentence.to), false).is_empty();
        let comes = ["joins", "joining"].contains(&word) && department();
        new || joiner || comes || begins(scene, sentence, at)
    })
}

/// So many words of one sentence are looked at.
const BEGINNINGS_MAX: usize = 4;

/// "Ann Lee will be joining us as Buyer", "Bo Ek starts on 1 December in R&D": somebody
/// nobody knows yet, and a post, a department or a day.
fn begins(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    const BEGINS: &[&str] = &[
        "joins",
        "join",
        "joining",
        "joined",
        "starts",
        "starting",
        "start",
        "begins",
        "begin",
        "beginning",
        "enters",
        "enter",
        "entering",
        "strengthen",
        "strengthens",
        "commences",
        "commencing",
        "hired",
        "incorporates",
        "comes",
        "come",
        "coming",
        "arrives",
        "arrive",
        "arriving",
        "arrival",
        "welcome",
        "welcoming",
        "admission",
        "accepted",
        "report",
    ];
    let begins =
        |at: usize| BEGINS.contains(&scene.word(at)) && scene.lattice.span_at[at].is_none();
    // The first few tell.
    if !begins(at) || (sentence.from..at).filter(|at| begins(*at)).count() >= BEGINNINGS_MAX {
        return false;
    }
    let pronoun =
        |at: usize| ["he", "she", "they", "hell", "shell", "who"].contains(&scene.word(at));
    let somebody = names::newcomer(scene, sentence.from, sentence.to).is_some()
        || (sentence.from..at).any(pronoun);
    let known = (sentence.from..at)
        .filter_map(|at| scene.span(at))
        .any(|span| matches!(span.what, What::People(..)) && !scene.aside(span));
    let post = (sentence.from..sentence.to).any(|at| ["as", "like"].contains(&scene.word(at)));
    let place = || !scene.places(sentence.from, sentence.to, false).is_empty();
    let day = || {
        scene
            .whens
            .iter()
            .any(|when| when.dated && when.from >= sentence.from && when.to <= sentence.to)
    };
    somebody && !known && (post || place() || day())
}
