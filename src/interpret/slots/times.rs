//! Times and texts: when to run, when a reply begins and ends, what it says.

use super::{AT, Filled, because, lasting, nearer::nearer};
use serde_json::Value;

use crate::{
    domain::{
        proposal::Proposal,
        trouble::{Ask, Question},
    },
    interpret::{clauses::Predicate, dates::When, lifecycle, scene::Scene, text::Sort},
};

/// What the automatic reply says: the quoted words, or all after "saying".
pub(super) fn message(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let found = scene
        .lattice
        .literals
        .iter()
        .find(|(open, close)| *open > predicate.verb && close - open > 2);
    match found {
        Some((open, close)) => {
            let (start, end) = (scene.tokens[open + 1].start, scene.tokens[close - 1].end);
            let words = scene.text.clean[start..end].trim();
            let why = because(scene, open + 1, *close, "", predicate.quoted);
            Filled::Value(Value::String(words.to_owned()), Some(why))
        }
        None => Filled::Ask(Question { ask: Ask::WhatMessage, said: None, choices: Vec::new() }),
    }
}

/// "and make her change it at next logon"; "no need to change it".
pub(super) fn change_at_sign_in(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let any =
        |from: usize, words: &[&str]| (from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let change = (predicate.verb + 1..sentence.to)
        .find(|at| ["change", "changing", "changed", "choose", "pick"].contains(&scene.word(*at)));
    let Some(change) = change.filter(|_| {
        any(
            predicate.verb,
            &[
                "next", "first", "force", "forced", "must", "make", "have", "need", "forcing",
                "without",
            ],
        )
    }) else {
        return Filled::Absent;
    };
    let not = (predicate.verb + 1..change)
        .any(|at| ["dont", "not", "no", "without", "never"].contains(&scene.word(at)));
    Filled::Value(Value::Bool(!not), None)
}

/// When the automatic reply begins, or ends.
pub(super) fn bound(scene: &Scene<'_>, predicate: &Predicate, start: bool) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let outside = |when: &&When| !scene.lattice.literal[when.from];
    let here = |when: &&When| when.from >= sentence.from && when.to <= sentence.to;
    let mut whens: Vec<&When> = scene.whens.iter().filter(outside).filter(here).collect();
    if whens.is_empty() {
        whens = scene.whens.iter().filter(outside).collect();
    }
    let ends = |when: &When| {
        (1..=2).any(|back| {
            when.from.checked_sub(back).is_some_and(|at| {
                [
                    "until",
                    "till",
                    "til",
                    "through",
                    "to",
                    "thru",
                    "ending",
                    "ends",
                    "end",
                    "back",
                    "returns",
                    "returning",
                    "return",
                ]
                .contains(&scene.word(at))
                    || scene.tokens[at].is('-')
                    || scene.tokens[at].is('\u{2013}')
            })
        })
    };
    let between = whens.len() == 2 && !whens.iter().any(|when| ends(when));
    let found = whens.iter().enumerate().find(|(number, when)| {
        let end = if between { *number == 1 } else { ends(when) };
        end != start && !when.now
    });
    match found {
        Some((_, when)) => Filled::Value(
            Value::String(when.text()),
            Some(because(scene, when.from, when.to, "", predicate.quoted)),
        ),
        None => Filled::Absent,
    }
}

/// The first day of somebody new.
pub(super) fn first_day(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    match lifecycle::first_day(scene, predicate.from, predicate.to) {
        Some(when) => Filled::Value(
            Value::String(when.date.to_string()),
            Some(because(scene, when.from, when.to, "", predicate.quoted)),
        ),
        None => Filled::Absent,
    }
}

/// The last day of somebody who works here for a time.
pub(super) fn end_of_contract(scene: &Scene<'_>, predicate: &Predicate, leads: &[&str]) -> Filled {
    match lifecycle::last_day(scene, predicate.from, predicate.to, leads) {
        Some(when) => Filled::Value(
            Value::String(when.date.to_string()),
            Some(because(scene, when.from, when.to, "", predicate.quoted)),
        ),
        None => Filled::Absent,
    }
}

/// "Her last working day is Friday. Please convert her mailbox": not before that day.
fn last_day<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> Option<&'s When> {
    const LEAVES: &[&str] =
        &["leaves", "leaving", "finishes", "finish", "departs", "quits", "stops"];
    let over = |when: &When| when.past(&scene.context.now) && lifecycle::former(scene, when);
    let before = |when: &&When| when.dated && when.to <= predicate.from && !over(when);
    // What stands before an earlier day was looked at for that day.
    let mut looked = 0;
    scene.whens.iter().filter(before).find(|when| {
        let from = scene.sentence(when.from).from.max(looked);
        looked = when.from;
        (from..when.from).any(|at| {
            if LEAVES.contains(&scene.word(at)) {
                return true;
            }
            let last = ["last", "final"].contains(&scene.word(at));
            let day = |at: usize| ["day", "date", "shift"].contains(&scene.word(at));
            last && (day(at + 1) || scene.word(at + 1) == "working" && day(at + 2))
        })
    })
}

/// "… at the same time", "… from then", "turn it off then".
fn then(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let sentence = scene.sentence(predicate.verb);
    (sentence.from..sentence.to).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let end = scene.tokens.get(at + 1).is_none_or(|token| !token.word());
        (word == "same" || word == "that") && next == "time"
            || word == "then"
                && (end
                    || ["please", "pls"].contains(&next)
                    || at > 0 && scene.word(at - 1) == "from")
    })
}

/// Words of a sentence that says nothing but when.
const SMALL: &str = "\
    effective please pls from to be done on as of per book that in for with effect \
    date start starting would suit nicely if possible it this do schedule all three \
    two four points below is following post after at by when the these changes and \
    honours you lets make go live wef deletion removal change execute execution \
    apply timing valid begin beginning starts";

/// "Please book that in for Monday.", "Effective 9 am tomorrow.": a sentence that says
/// nothing but when, behind the wish or before it.
fn said_beside<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> Option<&'s When> {
    let around = |at: Option<usize>| at.and_then(|at| scene.sentences.around(at));
    let own = scene.sentence(predicate.verb);
    let behind = around(Some(own.to));
    let before = around(own.from.checked_sub(1));
    [behind, before].into_iter().flatten().find_map(|sentence| {
        let when = scene.whens.iter().find(|when| {
            when.from >= sentence.from && when.to <= sentence.to && when.dated && !when.now
        })?;
        let small = |at: usize| {
            (when.from..when.to).contains(&at)
                || !scene.tokens[at].word()
                || SMALL.split(' ').any(|one| one == scene.word(at))
        };
        (sentence.from..sentence.to).all(small).then_some(when)
    })
}

/// "Changes in my area, effective 1 December:", and a list below it: the day of each line.
fn headed<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> Option<&'s When> {
    const LINES_MAX: usize = 20;
    let begins = |from: usize| {
        let number = scene.word(from).bytes().all(|byte| byte.is_ascii_digit())
            && scene.tokens.get(from + 1).is_some_and(|next| next.is('.') || next.is(')'));
        let bullet = ['-', '*', '\u{2022}', '\u{2013}'];
        number && !scene.word(from).is_empty()
            || scene.tokens.get(from).is_some_and(|token| bullet.iter().any(|one| token.is(*one)))
    };
    let around = |at: usize| scene.sentences.around(at);
    let first = |from: usize, to: usize| {
        (from..to).find(|at| scene.tokens[*at].sort != Sort::Line).unwrap_or(from)
    };
    let mut own = around(predicate.verb)?;
    let mut listed = false;
    for _ in 0..LINES_MAX {
        // "1." may stand for itself before its line.
        listed |= begins(first(own.from, own.to));
        let before = around(own.from.checked_sub(1)?)?;
        // The heading goes on to the first number of its list.
        let line = |at: &usize| {
            let next = scene.tokens.get(at + 1);
            scene.tokens[*at].is(':') && next.is_some_and(|next| next.sort == Sort::Line)
        };
        if let Some(colon) = (before.from..before.to).find(line) {
            listed |= begins(first(colon + 1, before.to));
            return scene.whens.iter().find(|when| {
                let lead = when.from.checked_sub(1).map_or("", |at| scene.word(at));
                let leads = ["effective", "from", "of", "on", "starting", "per", "effect"];
                listed
                    && (before.from..colon).contains(&when.from)
                    && when.dated
                    && !when.now
                    && leads.contains(&lead)
            });
        }
        own = before;
    }
    None
}

/// A time that ends something, or that something happened at: "until the 31st", "got a new
/// phone on Saturday, please …".
fn over_then(scene: &Scene<'_>, when: &When) -> bool {
    const HAPPENED: &[&str] = &[
        "got",
        "was",
        "were",
        "had",
        "left",
        "lost",
        "arrived",
        "went",
        "broke",
        "died",
        "received",
        "came",
        "happened",
        "since",
        "yesterday",
    ];
    let mut before = when.from;
    while before > 0 && ["the", "and", "including"].contains(&scene.word(before - 1)) {
        before -= 1;
    }
    let lead = before.checked_sub(1).map_or("", |at| scene.word(at));
    if ["since", "last", "until", "till", "til", "through", "thru"].contains(&lead) {
        return true;
    }
    let from = scene.sentence(when.from).from;
    let clause = (from..when.from)
        .rev()
        .find(|at| !scene.tokens[*at].word() && !scene.tokens[*at].is('-'))
        .map_or(from, |at| at + 1);
    (clause..when.from).any(|at| HAPPENED.contains(&scene.word(at)))
        && !(clause..when.from)
            .any(|at| ["please", "pls", "can", "could"].contains(&scene.word(at)))
}

/// "He has a board call at nine, so …", "she's on phones at 11": when something else is.
fn of_an_occasion(scene: &Scene<'_>, predicate: &Predicate, when: &When) -> bool {
    const OCCASIONS: &[&str] = &[
        "call",
        "meeting",
        "meetings",
        "interview",
        "flight",
        "demo",
        "presentation",
        "shift",
        "phones",
        "audit",
        "deadline",
        "run",
        "appointment",
        "exam",
        "training",
        "session",
        "review",
        "visit",
        "client",
        "customer",
        "pitch",
        "workshop",
        "court",
        "surgery",
        "op",
        "lecture",
        "class",
        "webinar",
        "hearing",
        "train",
        "rota",
        "clinic",
        "board",
    ];
    let from = scene.sentence(when.from).from;
    let ends = |at: &usize| {
        let token = &scene.tokens[*at];
        !token.word() && !token.is('-') && scene.span(*at).is_none()
            || ["and", "so", "but"].contains(&token.folded.as_str())
    };
    let clause = (from..when.from).rev().find(ends).map_or(from, |at| at + 1);
    !(clause..when.from).contains(&predicate.verb)
        && (clause..when.from).any(|at| OCCASIONS.contains(&scene.word(at)))
}

/// "from tomorrow till Tuesday", where that is how long something lasts.
fn begins_a_range(scene: &Scene<'_>, when: &When) -> bool {
    let lead = when.from.checked_sub(1).map_or("", |at| scene.word(at));
    ["from", "between"].contains(&lead)
        && ["till", "until", "til", "to", "through", "thru", "and"].contains(&scene.word(when.to))
        && scene.whens.iter().any(|other| (when.to + 1..when.to + 4).contains(&other.from))
}

/// "- all his licences can go\n- account to delete on 28 February": the day of one point of a
/// list is not the day of the others.
fn of_another_point(scene: &Scene<'_>, predicate: &Predicate, when: &When) -> bool {
    let bullet = |at: &usize| {
        let line = at.checked_sub(1).is_some_and(|at| scene.tokens[at].sort == Sort::Line);
        line && ['-', '*', '•', '–'].iter().any(|mark| scene.tokens[*at].is(*mark))
    };
    let from = scene.sentence(when.from).from;
    let (first, last) = (predicate.verb.min(when.from), predicate.verb.max(when.from));
    (from..when.from).any(|at| bullet(&at)) && (first..last).any(|at| bullet(&at))
}

/// Puts the time to run into the proposal; a question when it is over already.
pub(super) fn schedule(
    scene: &Scene<'_>,
    predicate: &Predicate,
    proposal: &mut Proposal,
) -> Option<Question> {
    let sentence = scene.sentence(predicate.verb);
    let of_this = |when: &When| (predicate.from..predicate.to).contains(&when.from);
    let gone = |when: &When| when.past(&scene.context.now) && lifecycle::former(scene, when);
    let fits = |when: &&When| {
        !scene.lattice.literal[when.from]
            && !gone(when)
            && !over_then(scene, when)
            && !of_an_occasion(scene, predicate, when)
            && (proposal.action != "add_app_secret" || !lasting::of_an_end(scene, when))
            && !of_another_point(scene, predicate, when)
            && (of_this(when) || !begins_a_range(scene, when))
    };
    let inside = |when: &&When| when.from >= predicate.from && when.to <= predicate.to;
    let here = |when: &&When| when.from >= sentence.from && when.to <= sentence.to;
    // "…, board meeting in 10 min, reset it NOW"
    let at_once = |when: &When| when.now && when.from > predicate.verb && inside(&when);
    if scene.whens.iter().filter(fits).any(at_once) {
        return None;
    }
    let mut found = scene
        .whens
        .iter()
        .filter(fits)
        .find(inside)
        .or_else(|| scene.whens.iter().filter(fits).find(here));
    found = found.map(|first| nearer(scene, predicate, first, &fits));
    let that_day = (predicate.from..predicate.to).any(|at| {
        ["that", "this"].contains(&scene.word(at))
            && ["date", "day", "time"].contains(&scene.word(at + 1))
    });
    let that_day = that_day
        || (predicate.from..sentence.to).any(|at| {
            ["that", "same"].contains(&scene.word(at))
                && ["date", "day"].contains(&scene.word(at + 1))
        });
    // "at COB that day, turn his mailbox … and send his mail …": said once for both.
    let that_day = that_day
        || found.is_some_and(|when| {
            ["that", "same"].contains(&scene.word(when.to)) && scene.word(when.to + 1) == "day"
        });
    if found.is_none() && !that_day {
        found = last_day(scene, predicate);
    }
    if found.is_none() && (that_day || then(scene, predicate)) {
        found = scene.whens.iter().rfind(|when| when.to <= predicate.from);
    }
    if found.is_none() {
        found = said_beside(scene, predicate);
    }
    if found.is_none() {
        found = headed(scene, predicate);
    }
    let mut when = *found?;
    // "off until Friday. Can his mail come to me till then": the end of it, not its beginning.
    let ends = |name: &str| proposal.arguments.get(name) == Some(&Value::String(when.text()));
    if ends("until") || ends("end") {
        return None;
    }
    if !when.dated
        && that_day
        && let Some(day) = scene.whens.iter().rfind(|day| day.dated && day.to <= when.from)
    {
        when = When { date: day.date, dated: true, ..when };
    }
    if when.now {
        return None;
    }
    if when.past(&scene.context.now) {
        return Some(Question {
            ask: Ask::When,
            said: Some(scene.said(when.from, when.to)),
            choices: Vec::new(),
        });
    }
    proposal.arguments.insert(AT.to_owned(), Value::String(when.text()));
    proposal.because.push(because(scene, when.from, when.to, AT, predicate.quoted));
    None
}
