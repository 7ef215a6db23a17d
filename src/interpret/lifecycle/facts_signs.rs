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
    Phone,
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
                .or_else(|| reached(scene, sentence, at))
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
    "henceforth",
    "hereafter",
    "changed",
    "changing",
    "become",
    "is",
    "now",
    "will",
    "be",
    "should",
    "read",
    "say",
    "to",
    "must",
    "becomes",
    "reads",
    "says",
    "needs",
    "has",
    "as",
    "changes",
    "from",
    "then",
    "on",
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
        // "a new title, Lead Buyer", "New title: Lead Buyer"
        ("title" | "position" | "role", _)
            if is(scene, at.wrapping_sub(1), &["new", "title", "job"])
                && scene.tokens.get(at + 1).is_some_and(|next| {
                    next.is(',') || next.is(':') || next.word() && next.capital
                }) =>
        {
            past(scene, at + 1 + usize::from(!scene.tokens[at + 1].word()), IS)
        }
        // "her promotion (Lead Buyer) goes live"
        ("promotion", _) if scene.tokens.get(at + 1).is_some_and(|next| next.is('(')) => at + 2,
        // "… not Category Manager any more but Head of Categories"
        ("but", _)
            if (sentence.from..at).any(|at| is(scene, at, &["not"]))
                && (sentence.from..at).any(|at| is(scene, at, &["more", "longer", "anymore"])) =>
        {
            at + 1
        }
        // "Ada's title is Clerk, and Bo's is Buyer"
        ("is", _)
            if scene.tokens.get(at.wrapping_sub(1)).is_some_and(|token| token.possessive)
                && (sentence.from..at)
                    .any(|at| is(scene, at, &["title", "titles", "designation", "role"])) =>
        {
            at + 1
        }
        // "Ada -> title Lead Buyer"
        ("title", _)
            if scene
                .tokens
                .get(at.wrapping_sub(1))
                .is_some_and(|mark| mark.is('>') || mark.is('→')) =>
        {
            return plain_title(scene, at, sentence.to);
        }
        ("title" | "designation" | "position" | "role", _) => past(scene, at + 1, IS),
        ("its", _) if !is(scene, at + 1, &["name", "owner"]) => at + 1,
        ("is" | "hes" | "shes" | "theyre", _) if is_a_post(scene, sentence, at) => at + 1,
        ("say" | "read", _) if is(scene, at.wrapping_sub(1), &["to", "should", "must"]) => at + 1,
        _ => return None,
    };
    if word == "up" && is(scene, at.wrapping_sub(1), SHOWS) {
        return None;
    }
    let titles = is(scene, at, &["title", "position", "role", "designation"]);
    let new = is(scene, at.wrapping_sub(1), &["new", "title", "job"]);
    if titles && start == at + 1 && !new {
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

/// "Ada Park is Lead Buyer now", "he's Senior Buyer from the first of June".
fn is_a_post(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    if scene.word(at) != "is" {
        return scene.tokens.get(at + 1).is_some_and(|next| next.word() && next.capital);
    }
    scene.span(at.wrapping_sub(1)).is_some_and(Span::person)
        && title_end(scene, at + 1, sentence.to).is_some_and(|end| is(scene, end, &["now", "from"]))
}

/// Before a surname.
const FORMS_OF_ADDRESS: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr"];

/// The capitalised words behind a label.
fn plain_title(scene: &Scene<'_>, at: usize, to: usize) -> Option<Sign> {
    let end = title_end(scene, at + 1, to)?;
    Some(Sign { what: What::Title, at, value: (at + 1, end), manager: None, now: false })
}

/// "Ada becomes", "where she becomes"; not "the display name becomes".
fn becomes(scene: &Scene<'_>, at: usize) -> bool {
    let before = at.wrapping_sub(1);
    // "Ada Park, now Clerk, becomes Buyer"
    let comma = scene.tokens.get(before).is_some_and(|token| token.is(',') || token.is(')'));
    comma
        || scene.span(before).is_some_and(Span::person)
        || is(scene, before, &["but", "he", "she", "they", "who", "also", "then", "now", "and"])
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
    let somebody = |at: usize| {
        scene.span(at).is_some_and(|span| {
            matches!(span.what, Named::People(..) | Named::Manager(_))
                && scene.index.titled(&scene.key(span.from, span.to)).is_empty()
        })
    };
    let fits = |at: &usize| {
        let joins = *at > start && joins(*at) && !somebody(at + 1);
        (capital(*at) || joins) && !scene.dated(*at) && !somebody(*at)
    };
    let end = (start..limit).take_while(fits).count() + start;
    // "she is now Mrs Ek"
    if end == start || !scene.tokens[start].capital || is(scene, start, FORMS_OF_ADDRESS) {
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
        ("report" | "reports" | "answer" | "answers" | "reporting", "to" | "into")
        | ("managed" | "led" | "supervised", "by")
        | ("depend" | "depends", "on" | "of") => at + 2,
        ("manager" | "superior" | "supervisor" | "boss", "is" | "will" | "becomes" | "should") => {
            past(scene, at + 1, IS)
        }
        // "New manager: Ada"
        ("manager" | "superior" | "supervisor" | "boss", _)
            if scene.tokens.get(at + 1).is_some_and(|next| next.is(':') || next.is('=')) =>
        {
            at + 2
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
    let manager = match scene.span(start) {
        Some(span) if person(span) => span.clone(),
        // "Kofi reports to her", who was named before
        Some(span) if span.what == Named::Pronoun && span.from == start => {
            let before = scene.lattice.spans_in(0, at).filter(|one| person_named(one));
            let subject =
                scene.lattice.spans_in(sentence.from, at).filter(|one| person_named(one)).last();
            let others: Vec<&Span> =
                before.filter(|one| subject.is_some_and(|of| of.what != one.what)).collect();
            let (Some(first), true) =
                (others.first(), others.windows(2).all(|two| two[0].what == two[1].what))
            else {
                return None;
            };
            Span { from: span.from, to: span.to, ..(*first).clone() }
        }
        _ => return None,
    };
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
        let former = word(1) == "from" && !["works", "working"].contains(&word(2))
            || word(1) == "than"
            || word(1) == "not"
            || (word(2), word(1)) == ("instead", "of");
        // "office: Leeds", "location Hull"
        let label = ["office", "location"].contains(&scene.word(at))
            && (at + 1..before).all(|at| !scene.tokens[at].word());
        let to = ["to", "in", "at", "into", "is", "read", "be", "from"].contains(&word(1))
            && (word(1) != "from" || ["works", "working"].contains(&word(2)))
            || (word(2), word(1)) == ("out", "of")
            || label;
        to && !former
    };
    let mut meant = places.iter().filter(|(from, ..)| led(*from));
    let (Some((from, to, _)), None) = (meant.next(), meant.next()) else { return None };
    let now = (sentence.from..*from).any(|at| scene.word(at) == "now");
    Some(Sign { what: What::Office, at, value: (*from, *to), manager: None, now })
}

fn person_named(span: &Span) -> bool {
    matches!(span.what, Named::People(..))
}

/// "her new number is +44 …", "mobile: …", "It should be +33 …" of a number spoken of before.
fn reached(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    const NUMBERS: &[&str] = &["number", "mobile", "phone", "cell", "telephone"];
    const DIGITS_MIN: usize = 7;
    let digit = |at: usize| {
        scene.tokens.get(at).is_some_and(|token| {
            token.word() && token.folded.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let plus = |at: usize| scene.tokens.get(at).is_some_and(|token| token.is('+'));
    let spoken = || (0..at).any(|at| is(scene, at, NUMBERS));
    let lead = is(scene, at, NUMBERS) || is(scene, at, &["be", "is"]) && spoken();
    let start = (at + 1..sentence.to.min(at + 6))
        .take_while(|here| {
            is(scene, *here, IS)
                || is(scene, *here, NUMBERS)
                || is(scene, *here, &["of", "new"])
                || !scene.tokens[*here].word()
                || digit(*here)
                || scene.span(*here).is_some()
        })
        .find(|at| digit(*at) || plus(*at) && digit(at + 1))?;
    let inside =
        |at: usize| digit(at) || ['-', '(', ')', '/'].iter().any(|mark| scene.tokens[at].is(*mark));
    let from = start + usize::from(plus(start));
    let end = from + (from..sentence.to).take_while(|at| inside(*at)).count();
    let end = (from..end).rev().find(|at| digit(*at)).map(|last| last + 1)?;
    let count: usize = (start..end).filter(|at| digit(*at)).map(|at| scene.word(at).len()).sum();
    (lead && count >= DIGITS_MIN).then_some(Sign {
        what: What::Phone,
        at,
        value: (start, end),
        manager: None,
        now: true,
    })
}

/// What somebody does under a name: "show up as …", which is no post.
const SHOWS: &[&str] = &["show", "shows", "showing", "come", "comes", "turn", "turns"];

/// "now goes by Ada Stone", "is now called Ada Stone", "her new name is Ada Stone".
fn called(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<Sign> {
    let start = match (scene.word(at), scene.word(at + 1)) {
        ("goes" | "go" | "going", "by")
        | ("now", "called")
        | ("appear" | "appears" | "show", "as") => at + 2,
        ("name", "is") if is(scene, at.wrapping_sub(1), &["new", "married"]) => at + 2,
        // "please show her as Ada Stone"
        ("show" | "list" | "display" | "register" | "enter" | "record", _)
            if scene
                .span(at + 1)
                .is_some_and(|span| span.person() && is(scene, span.to, &["as", "under"])) =>
        {
            let span = scene.span(at + 1)?;
            past(scene, span.to, &["as", "under", "the", "name"])
        }
        // "from now on she is Ada Stone"
        ("is" | "becomes", _) if scene.span(at.wrapping_sub(1)).is_some_and(Span::person) => {
            past(scene, at + 1, &["now", "called"])
        }
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
