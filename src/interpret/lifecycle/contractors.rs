//! Contractors: who works here for a time, and whose time is made longer.
//!
//! - [`set_up`]   "set up contractor Bob Stone until 26 February, manager Ada Park"
//! - [`extended`] "extend Bob Stone until 31 March"
//!
//! A sentence counts as a whole: "extend" and "contractor" are said of much else.
//!
//! Not here: a form; its labels say more than these words.

use serde_json::Value;

use super::{OF_A_JOINER, events::doubtful, joiners};
use crate::{
    actions::Entry,
    domain::{
        proposal::{Because, Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots::sure_person,
    },
};

/// The action that sets one up.
pub(super) const CONTRACTOR: &str = "set_up_contractor";
const EXTENSION: &str = "extend_contract";

/// Reads a contractor who is to be set up. Says whether there was one.
pub(super) fn set_up(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) -> bool {
    let entry = catalog.iter().find(|entry| entry.about.id == CONTRACTOR);
    let ordered = |sentence: &&Sentence| !doubtful(scene, **sentence) && orders(scene, **sentence);
    let (Some(entry), Some(sentence)) = (entry, scene.sentences.iter().find(ordered)) else {
        return false;
    };
    let Some((made, unclear)) = joiners::joiner(scene, entry, *sentence) else { return false };
    let unclear = unclear.or_else(|| {
        let (argument, ask) = open(&made)?;
        Some((argument.to_owned(), Question { ask, said: None, choices: Vec::new() }))
    });
    // What was made of the same words by a verb: "set up", "add".
    let of_them = |one: &Proposal| {
        let made = std::slice::from_ref(&made);
        OF_A_JOINER.contains(&one.action.as_str()) && joiners::said_of(one, made, false)
    };
    understood.proposals.retain(|one| !of_them(one) && one.action != "create_user");
    understood.questions.retain(|open| {
        !OF_A_JOINER.contains(&open.proposal.action.as_str()) && open.proposal.action != EXTENSION
    });
    match unclear {
        None => understood.proposals.push(made),
        Some((argument, question)) => {
            understood.questions.push(Open { proposal: made, argument, question });
        }
    }
    true
}

/// What must be known of a contractor and was not said.
pub(in crate::interpret) fn open(one: &Proposal) -> Option<(&'static str, Ask)> {
    let wanted = [("manager", Ask::Whom), ("end_date", Ask::WhatDay)];
    wanted.into_iter().find(|(name, _)| !one.arguments.contains_key(*name))
}

/// "set up a contractor", "new external contractor", "please add contractor …"
fn orders(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const ORDERS: &[&str] = &["set", "setup", "onboard", "new", "create", "add", "register"];
    const SMALL: &[&str] =
        &["a", "an", "the", "our", "new", "up", "as", "external", "another", "please"];
    const OTHERS: &[&str] = &["invite", "guest", "group", "list", "policy", "workbook", "leaver"];
    let said = |at: usize| scene.word(at) == "contractor" && !scene.lattice.literal[at];
    let Some(at) = (sentence.from..sentence.to).find(|at| said(*at)) else { return false };
    let mut before = at;
    while before > sentence.from && SMALL.contains(&scene.word(before - 1)) {
        before -= 1;
        if scene.word(before) == "new" {
            break;
        }
    }
    let first = scene.word(before);
    let ordered =
        first == "new" || before > sentence.from && ORDERS.contains(&scene.word(before - 1));
    ordered && !(sentence.from..sentence.to).any(|at| OTHERS.contains(&scene.word(at)))
}

/// Reads whose contract ends later. Says whether somebody's does.
pub(super) fn extended(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) -> bool {
    if !catalog.iter().any(|entry| entry.about.id == EXTENSION) {
        return false;
    }
    let own = scene.sentences.iter().filter(|sentence| !sentence.quoted);
    let Some(made) = own.copied().find_map(|sentence| extension(scene, sentence)) else {
        return false;
    };
    understood.questions.clear();
    // "Please extend his account": nobody's sign-in is opened by it.
    understood.proposals.retain(|one| {
        one.arguments.get("user") != made.arguments.get("user") && one.action != "enable_user"
    });
    understood.proposals.push(made);
    true
}

/// What may stand beside "extend Bob Stone until 31 March".
const BESIDE: &[&str] = &[
    "that",
    "accordingly",
    "please",
    "pls",
    "can",
    "could",
    "you",
    "we",
    "would",
    "kindly",
    "hi",
    "hello",
    "to",
    "s",
    "need",
    "i",
    "like",
    "want",
    "contract",
    "contracts",
    "end",
    "date",
    "the",
    "of",
    "for",
    "his",
    "her",
    "their",
    "account",
    "access",
    "by",
    "and",
    "including",
    "up",
    "thanks",
    "contractor",
    "on",
    "day",
    "last",
    "stay",
    "engagement",
    "assignment",
    "until",
    "till",
    "til",
    "through",
    "thru",
];

/// Every word of the sentence belongs to it, so that nothing else is meant.
fn extension(scene: &Scene<'_>, sentence: Sentence) -> Option<Proposal> {
    const VERBS: &[&str] = &["extend", "prolong", "lengthen"];
    let verb = (sentence.from..sentence.to).find(|at| VERBS.contains(&scene.word(*at)))?;
    let mut people = scene.lattice.spans_in(sentence.from, sentence.to).filter(|s| s.person());
    let (person, None) = (people.next()?, people.next()) else { return None };
    let when = joiners::last_day(scene, verb, sentence.to, &["to"])
        .filter(|when| !when.past(&scene.context.now))?;
    let inside = |at: usize, span: &Span| (span.from..span.to).contains(&at);
    let belongs = |at: usize| {
        at == verb
            || !scene.tokens[at].word()
            || inside(at, person)
            || (when.from..when.to).contains(&at)
            || BESIDE.contains(&scene.word(at))
    };
    if !(sentence.from..sentence.to).all(belongs) || scene.lattice.literal[verb] {
        return None;
    }
    let user = match person.what {
        What::People(..) => sure_person(scene, person)?,
        // "Ada was prolonged. Please extend her account to that date."
        What::Pronoun => {
            let before = scene.lattice.spans_in(0, sentence.from);
            let named = before.filter(|span| matches!(span.what, What::People(..)));
            sure_person(scene, named.last()?)?
        }
        _ => return None,
    };
    let because = |from: usize, to: usize, gave: &str| Because {
        words: scene.said(from, to),
        gave: gave.to_owned(),
        quoted: false,
    };
    let arguments =
        [("user".to_owned(), user), ("end_date".to_owned(), Value::from(when.date.to_string()))];
    Some(Proposal {
        action: EXTENSION.to_owned(),
        arguments: arguments.into_iter().collect(),
        because: vec![
            because(verb, verb + 1, "action"),
            because(person.from, person.to, "user"),
            because(when.from, when.to, "end_date"),
        ],
    })
}
