//! The signs of a fact, and the value behind each: "becomes Buyer", "now works out of Leeds",
//! "reports to Ada", "now goes by Ada Stone".
//!
//! Not here: of whom it is told, and whether anything is asked.

use crate::interpret::{
    clauses::Sentence,
    entities::{Span, What as Named},
    scene::Scene,
};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Title,
    Office,
    Manager,
    Name,
}

/// A sign and its value.
#[derive(Debug, Clone)]
pub(super) struct Sign {
    pub what: What,
    /// The token of the sign.
    pub at: usize,
    /// The tokens of the value.
    pub value: (usize, usize),
    /// Who manages from then on.
    pub manager: Option<Span>,
    /// It is so already.
    pub now: bool,
}

/// A title has at most so many words.
const TITLE_WORDS_MAX: usize = 7;

/// All of a sentence, in order.
pub(super) fn signs(scene: &Scene<'_>, sentence: Sentence) -> Vec<Sign> {
    let mut found: Vec<Sign> = Vec::new();
    for at in (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]) {
        let free = found.last().is_none_or(|last: &Sign| at >= last.value.1);
        let one = || {
            titled(scene, sentence, at)
                .or_else(|| managed(scene, sentence, at))
                .or_else(|| placed(scene, sentence, at))
                .or_else(|| called(scene, sentence, at))
        };
        found.extend(free.then(one).flatten());
    }
    found
}

fn is(scene: &Scene<'_>, at: usize, any: &[&str]) -> bool {
    any.contains(&scene.word(at))
}

/// Past these small words.
fn past(scene: &Scene<'_>, mut at: usize, any: &[&str]) -> usize {
    while is(scene, at, any) {
        at += 1;
    }
    at
}

const ARTICLES: &[&str] = &["a", "an", "the", "our", "new"];
const IS: &[&str] = &[
    "is", "now", "will", "be", "should", "read", "say", "to", "must", "becomes", "reads", "says",
    "needs", "has", "as", "changes", "from", "then", "on",
];

/// "becomes Buyer", "promoted to Lead Buyer", "is now the Lead Buyer", "her title should read
/// Buyer", "accepted the Buyer role", "confirmed as Buyer", "needs to say Buyer on her profile".
fn titled(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    let (word, next) = (scene.word(at), scene.word(at + 1));
    let start = match (word, next) {
        ("becomes" | "become", _) if becomes(scene, at) => at + 1,
        ("promoted" | "promotion", "to" | "into")
        | ("is" | "are" | "hes" | "shes" | "theyre", "now")
        | ("now", "is")
        | ("confirmed" | "appointed" | "named" | "over" | "up" | "promoted", "as" | "to")
        | ("accepted" | "takes" | "taken" | "got", "the" | "a" | "our") => at + 2,
        ("made" | "appointed", _) if is(scene, at.wrapping_sub(1), &["been", "was", "is"]) => {
            at + 1
        }
        ("title" | "position" | "role", "of") => {
            let of = scene.span(at + 2).filter(|span| span.from == at + 2 && span.person())?;
            past(scene, of.to, IS)
        }
        ("title" | "position" | "role", _) => past(scene, at + 1, IS),
        ("its", _) if !is(scene, at + 1, &["name", "owner"]) => at + 1,
        ("say" | "read", _) if is(scene, at.wrapping_sub(1), &["to", "should", "must"]) => at + 1,
        _ => return None,
    };
    if word == "up" && is(scene, at.wrapping_sub(1), SHOWS) {
        return None;
    }
    let titles = is(scene, at, &["title", "position", "role"]);
    if titles && start == at + 1 {
        return None;
    }
    let start = past(scene, start, ARTICLES);
    let end = title_end(scene, start, sentence.to)?;
    // "accepted the offer", "takes the Sales Team over": only a post is called so.
    let role = is(scene, end, &["role", "position", "post", "job"]);
    if is(scene, at, &["accepted", "takes", "taken", "got"]) && !role {
        return None;
    }
    // "its Lead Buyer now"
    let title = (sentence.from..at).any(|at| is(scene, at, &["title", "position", "role"]));
    if word == "its" && scene.word(end) != "now" && !title {
        return None;
    }
    let now = word == "now" || next == "now" || word == "its";
    Some(Sign { what: What::Title, at, value: (start, end), manager: None, now })
}

/// "Ada becomes", "where she becomes"; not "the display name becomes".
fn becomes(scene: &Scene<'_>, at: usize) -> bool {
    let before = at.wrapping_sub(1);
    scene.span(before).is_some_and(Span::person)
        || is(scene, before, &["he", "she", "they", "who", "also", "then", "now", "and"])
}

/// Where the capitalised words end that are no name, no place and no thing of the directory.
fn title_end(scene: &Scene<'_>, start: usize, to: usize) -> Option<usize> {
    let capital = |at: usize| {
        scene.tokens.get(at).is_some_and(|token| {
            let figure = token.folded.bytes().all(|byte| byte.is_ascii_digit());
            token.word() && (token.capital || figure)
        })
    };
    let joins = |at: usize| {
        let mark = ['&', '-', '/'].iter().any(|mark| scene.tokens[at].is(*mark));
        (mark || is(scene, at, &["of", "and", "for"])) && at + 1 < to && capital(at + 1)
    };
    let limit = to.min(start + TITLE_WORDS_MAX);
    let dated = |at: usize| scene.whens.iter().any(|when| (when.from..when.to).contains(&at));
    let somebody = |at: usize| {
        scene.span(at).is_some_and(|span| {
            matches!(span.what, Named::People(..) | Named::Manager(_))
                && scene.index.titled(&scene.key(span.from, span.to)).is_empty()
        })
    };
    let fits = |at: &usize| {
        let joins = *at > start && joins(*at) && !somebody(at + 1);
        (capital(*at) || joins) && !dated(*at) && !somebody(*at)
    };
    let end = (start..limit).take_while(fits).count() + start;
    if end == start || !scene.tokens[start].capital {
        return None;
    }
    // A department or an office alone is no post, and neither is a group or a licence.
    let place = [false, true].into_iter().any(|offices| {
        scene.places(start, end, offices).iter().any(|(from, to, _)| (*from, *to) == (start, end))
    });
    let thing = scene.span(start).is_some_and(|span| {
        matches!(span.what, Named::Group(_) | Named::Sku(_) | Named::Named(_)) && span.to >= end
    });
    let role = is(scene, end, &["role", "position", "post"]);
    (!place && (!thing || role)).then_some(end)
}

/// "reports to Ada", "the manager is now Ada", "Ada becomes her manager".
fn managed(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    let (word, next) = (scene.word(at), scene.word(at + 1));
    let start = match (word, next) {
        ("report" | "reports" | "answer" | "answers" | "reporting", "to" | "into") => at + 2,
        ("manager" | "superior" | "supervisor" | "boss", "is" | "will" | "becomes" | "should") => {
            past(scene, at + 1, IS)
        }
        _ => {
            let span = scene.span(at).filter(|span| span.from == at && span.named())?;
            let manager = scene.only_manages(span).then(|| span.clone())?;
            let is_one = is(scene, span.to, &["becomes", "is", "will"]);
            let value = (span.from, span.to);
            let now = scene.word(span.to + 1) == "now";
            return is_one.then_some(Sign {
                what: What::Manager,
                at,
                value,
                manager: Some(manager),
                now,
            });
        }
    };
    let person = |span: &Span| {
        span.from == start
            && span.to <= sentence.to
            && matches!(span.what, Named::People(..) | Named::Me)
    };
    let manager = scene.span(start).filter(|span| person(span))?.clone();
    let value = (manager.from, manager.to);
    let now = (at..start).any(|at| scene.word(at) == "now");
    Some(Sign { what: What::Manager, at, value, manager: Some(manager), now })
}

/// "relocates to the Lyon office", "now works out of Leeds", "goes from Hull to the Leeds office".
fn placed(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    const MOVES: &[&str] = &[
        "relocates",
        "relocated",
        "relocating",
        "relocate",
        "moves",
        "moved",
        "moving",
        "goes",
        "transfers",
        "transferred",
        "works",
        "working",
        "based",
        "sits",
        "switches",
        "office",
        "location",
        "move",
    ];
    if !is(scene, at, MOVES) || scene.span(at).is_some() {
        return None;
    }
    let places = scene.places(at, sentence.to.min(at + 14), true);
    let led = |from: usize| {
        let mut before = from;
        while before > at && is(scene, before - 1, &["the", "our", "new"]) {
            before -= 1;
        }
        let word = |back: usize| before.checked_sub(back).map_or("", |at| scene.word(at));
        let former = word(1) == "from"
            || word(1) == "than"
            || word(1) == "not"
            || (word(2), word(1)) == ("instead", "of");
        let to = ["to", "in", "at", "into", "is", "read", "be"].contains(&word(1))
            || (word(2), word(1)) == ("out", "of");
        to && !former
    };
    let mut meant = places.iter().filter(|(from, ..)| led(*from));
    let (Some((from, to, _)), None) = (meant.next(), meant.next()) else { return None };
    let now = (sentence.from..*from).any(|at| scene.word(at) == "now");
    Some(Sign { what: What::Office, at, value: (*from, *to), manager: None, now })
}

/// What somebody does under a name: "show up as …", which is no post.
const SHOWS: &[&str] = &["show", "shows", "showing", "come", "comes", "turn", "turns"];

/// "now goes by Ada Stone", "is now called Ada Stone", "her new name is Ada Stone".
fn called(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    let start = match (scene.word(at), scene.word(at + 1)) {
        ("goes" | "go", "by") | ("now", "called") | ("appear" | "appears" | "show", "as") => at + 2,
        ("name", "is") if is(scene, at.wrapping_sub(1), &["new", "married"]) => at + 2,
        // "she should show up as Ada Stone"
        ("up", "as") if is(scene, at.wrapping_sub(1), SHOWS) => at + 2,
        _ => return None,
    };
    let capital = |at: &usize| {
        let token = &scene.tokens[*at];
        token.word() && token.capital || token.is('-') && token.glued
    };
    let end = (start..sentence.to.min(start + 5)).take_while(capital).count() + start;
    (end >= start + 2).then_some(Sign {
        what: What::Name,
        at,
        value: (start, end),
        manager: None,
        now: true,
    })
}
