//! Which sentence tells that somebody leaves or moves; who starts is told in [`super::beginnings`].

use super::{beginnings::joins, of_a_thing::of_a_thing, options::onward_at};
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
        "cancel",
        "backed",
        "withdraw",
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
        // "not his supervisor Daniela" denies a name, "will not be renewed" ends a contract.
        let named = word == "not"
            && (at + 1..at + 4)
                .any(|at| scene.span(at).is_some_and(|span| span.from == at && span.negated));
        let renewed = word == "not"
            && (at + 1..at + 3)
                .any(|at| ["renewed", "extended", "prolonged", "renew"].contains(&scene.word(at)));
        DOUBTS.contains(&word) && !beside && !polite && !named && !renewed
    };
    // "She has left, yesterday was her last day": over, and what is asked for is not.
    let gone = (sentence.from..sentence.to)
        .any(|at| ["has", "have"].contains(&scene.word(at)) && scene.word(at + 1) == "left");
    // "He is not yet created", "who isn't on the system yet", "earlier it was 1 March"
    let yet = any(scene, sentence, &["yet", "still", "already", "earlier"]);
    let over = |at: usize| {
        let word = scene.word(at);
        let sent_off = word == "was"
            && ["dismissed", "fired", "terminated", "sacked"].contains(&scene.word(at + 1));
        sent_off
            || gone && ["was", "yesterday"].contains(&word)
            || yet && ["not", "isnt", "arent", "no", "was", "hasnt"].contains(&word)
    };
    (sentence.from..sentence.to).any(|at| !scene.lattice.literal[at] && plain(at) && !over(at))
}

fn names_somebody(scene: &Scene<'_>, sentence: Sentence) -> bool {
    // "… with redirection of her mail to Lee": he only gets it.
    let gets = (sentence.from..sentence.to).find_map(|at| onward_at(scene, at)).map(|(at, _)| at);
    let mut spans = scene.lattice.spans_in(sentence.from, sentence.to);
    spans.any(|span| {
        matches!(span.what, What::People(..))
            && !scene.aside(span)
            && !super::stays(scene, span)
            && Some(span.from) != gets
    })
}

/// "Emily Braun is leaving us", "his last day is", "two leavers", "Leaver".
pub(super) fn leaves(scene: &Scene<'_>, sentence: Sentence) -> Option<usize> {
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
        // "the report about leavers" tells of nobody.
        let topic = word == "leavers" && ["about", "of", "on"].contains(&previous);
        let leaver = ["leaver", "leavers", "offboarding"].contains(&word) && !in_a_name && !topic;
        // "2 men stop this Friday, Ada and Bo"
        let few = ["2", "3", "4", "5", "two", "three", "four", "five", "both"];
        let day =
            || scene.whens.iter().any(|when| when.dated && when.from > at && when.from <= at + 4);
        let several = ["go", "stop", "finish", "leave"].contains(&word)
            && (at.saturating_sub(3)..at).any(|at| few.contains(&scene.word(at)))
            && day();
        // "his last shift", "ends with us on Friday"
        let shift = word == "last" && next == "shift";
        let with_us =
            ["ends", "finishes", "stops"].contains(&word) && (next, third) == ("with", "us");
        goes || last
            || several
            || shift
            || with_us
            || notice
            || leaver
            || over(scene, sentence, at)
            || quits(scene, sentence, at)
    })
}

/// "His contract ends on Friday", "her assignment comes to an end", "the departure of Ada on
/// the 13th", "Ada is off for good on Friday".
fn over(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    const TERMS: &[&str] = &["contract", "contracts", "employment", "engagement", "assignment"];
    const ENDS: &[&str] =
        &["ends", "end", "terminates", "stops", "expires", "finishes", "terminated", "over"];
    let word = scene.word(at);
    let before = sentence.from.max(at.saturating_sub(20))..at;
    let ends = ENDS.contains(&word) && before.into_iter().any(|at| TERMS.contains(&scene.word(at)));
    let departs = ["departure", "exit"].contains(&word)
        && ["of", "for"].contains(&scene.word(at + 1))
        && scene.span(at + 2).is_some_and(Span::named);
    let day = || {
        scene.whens.iter().any(|when| {
            when.dated && when.from > at && when.to <= sentence.to && when.from <= at + 8
        })
    };
    (ends || departs)
        && scene.lattice.span_at[at].is_none()
        && day()
        && about_somebody(scene, sentence)
        && closes(scene)
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
    // "She will leave on the 31st"; her annual leave is something else.
    let will = at > 0 && ["will", "shall"].contains(&scene.word(at - 1)) && word == "leave";
    let says = QUITS.contains(&word)
        || ENDS.contains(&word)
        || will
        || ["left", "letting", "let", "exit", "stops", "stopping"].contains(&word);
    if !says || scene.lattice.span_at[at].is_some() || !about_somebody(scene, sentence) {
        return false;
    }
    let date = scene
        .whens
        .iter()
        .any(|when| when.dated && when.from >= at && when.to <= sentence.to && when.from <= at + 9);
    let company = (at + 1..(at + 4).min(sentence.to)).any(|at| {
        ["us", "company", "business", "organisation", "organization", "firm", "contoso"]
            .contains(&scene.word(at))
    });
    let let_go = ["letting", "let"].contains(&word)
        && (at + 2..(at + 5).min(sentence.to)).any(|at| scene.word(at) == "go");
    let exit = word == "exit" && (["for", "of"].contains(&next) || scene.tokens[at].start == 0);
    QUITS.contains(&word) && !(word == "leaving" && goes_elsewhere(scene, sentence, at))
        || (ENDS.contains(&word) || will)
            && (date || company)
            && !goes_elsewhere(scene, sentence, at)
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
    // "Ada goes on nights from Friday"; "Ada goes on Friday" leaves.
    let dated = scene.whens.iter().any(|when| (at + 1..at + 3).contains(&when.from));
    let elsewhere =
        ["out", "live", "to", "into", "onto", "up", "down", "back", "by", "through", "off", "over"];
    let next = scene.word(at + 1);
    // "is leaving us for Finance": to another department.
    let back = |from: usize, back: usize| from.checked_sub(back).map_or("", |at| scene.word(at));
    let to_us = |(from, ..): &(usize, usize, String)| {
        back(*from, 1) == "for" && ["us", "team"].contains(&back(*from, 2))
    };
    if scene.places(at, sentence.to, false).iter().any(to_us) {
        return true;
    }
    scene.word(at) == "goes" && (!somebody || elsewhere.contains(&next) || next == "on" && !dated)
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
        "departure",
        "leavers",
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

/// Somebody moves.
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
    "swaps",
    "swapping",
    "leaves",
];
/// What else is moved.
const OTHER: &[&str] = &[
    "group", "groups", "list", "licence", "license", "mailbox", "device", "laptop", "ou", "seat",
    "file", "files", "data", "call", "number", "team", "channel", "folder",
];

/// "will move from Finance to Operations", "is transferring to the Sales department".
fn moves(scene: &Scene<'_>, sentence: Sentence) -> Option<usize> {
    let places = scene.places(sentence.from, sentence.to, false);
    let into = |from: usize| {
        let word = |back: usize| from.checked_sub(back).map_or("", |at| scene.word(at));
        // "is leaving Finance for Procurement"
        let left = word(1) == "for"
            && (["us", "team"].contains(&word(2))
                || places.iter().any(|(_, to, _)| to + 1 == from));
        // "changes cost centre: department Procurement"
        let called = ["department", "dept"].contains(&word(1))
            && !["the", "his", "her", "current", "from"].contains(&word(2))
            && (sentence.from..from).any(|at| scene.word(at).starts_with("chang"));
        (1..=2).any(|back| ["to", "into"].contains(&word(back)))
            || left
            || called
            || arrow(scene, from)
    };
    let department = places.iter().find(|(from, _, _)| into(*from));
    // "Grace Kim joins Human Resources"
    let joined = (sentence.from..sentence.to).find(|at| {
        let word = scene.word(*at);
        let will =
            word == "join" && ["will", "and", "to"].contains(&scene.word(at.wrapping_sub(1)));
        // "since Monday he works for Sales"
        let works = ["works", "working", "work"].contains(&word) && scene.word(at + 1) == "for";
        (["joins", "joining"].contains(&word) || will || works)
            && !scene.places(at + 1, (at + 4).min(sentence.to), false).is_empty()
    });
    let known = |at: usize| {
        let mut before = scene.lattice.spans_in(sentence.from, at);
        before.any(|span| matches!(span.what, What::People(..)) && !scene.aside(span))
    };
    if !names_somebody(scene, sentence) {
        return None;
    }
    // What is moved, if not somebody, stands between the verb and where it goes.
    let other = |from: usize, to: usize| {
        (from..to).any(|at| OTHER.contains(&scene.word(at)) && scene.span(at).is_none())
    };
    if let Some(at) = joined.filter(|at| known(*at) && !other(sentence.from, sentence.to)) {
        return Some(at);
    }
    // "He changes team: from Monday he works for Sales"
    if let Some(at) = joined.filter(|at| known(*at) && scene.word(at + 1) == "for") {
        return Some(at);
    }
    let (from, to, _) = department?;
    // "Mover: Grace Kim -> HR"
    if arrow(scene, *from) && known(*from) {
        return Some(*from);
    }
    let noun = |at: usize| OTHER.contains(&scene.word(at));
    let day = scene
        .whens
        .iter()
        .any(|when| when.dated && when.from >= sentence.from && when.to <= sentence.to);
    // "Ada is off to Sales", "Ada comes to Sales on 1 April"
    let comes = |at: usize| {
        let over = ["over", "across", "along", "back"].contains(&scene.word(at + 1));
        let next = scene.word(at + 1 + usize::from(over));
        day && next == "to" && ["off", "comes", "coming"].contains(&scene.word(at)) && known(at)
    };
    let moves = |at: &usize| {
        (MOVES.contains(&scene.word(*at)) || scene.word(*at) == "leaving" || comes(*at))
            && !scene.lattice.literal[*at]
            && *at < *from
            && !other(*at, *from)
    };
    (sentence.from..sentence.to).find(moves).filter(|_| !noun(*to))
}

/// "-> HR", "→ HR", "=> HR".
fn arrow(scene: &Scene<'_>, at: usize) -> bool {
    let mark =
        |back: usize, mark: char| at.checked_sub(back).is_some_and(|at| scene.tokens[at].is(mark));
    mark(1, '→') || mark(1, '>') && (mark(2, '-') || mark(2, '='))
}
