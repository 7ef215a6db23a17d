//! Somebody who is described and not named: "the new chap from Facilities".
//!
//! Not here: descriptions that the directory answers ("Ada's manager", "my team").

use super::Scene;
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
};

/// Before a description.
const POINTS: &[&str] = &["the", "our", "that", "this", "a", "an", "some", "another", "my"];
/// People without a name.
const PEOPLE: &[&str] = &[
    "chap",
    "bloke",
    "guy",
    "fella",
    "fellow",
    "lad",
    "lass",
    "lady",
    "gentleman",
    "woman",
    "man",
    "girl",
    "boy",
    "kid",
    "gal",
    "dude",
    "colleague",
    "newbie",
    "person",
    "temp",
    "intern",
    "trainee",
    "apprentice",
    "student",
];
/// Words between the two: "the tall new chap".
const BETWEEN_MAX: usize = 2;

impl Scene<'_> {
    /// Somebody described behind the verb or before it, where the message and its thread name
    /// nobody who could be meant: nobody we know, so that it is asked whom.
    pub(in super::super) fn described(&self, predicate: &Predicate) -> Option<Span> {
        if Self::reads(predicate) || self.thread_person().is_some() {
            return None;
        }
        if self.lattice.spans.iter().any(|span| span.named() && self.read_here(span)) {
            return None;
        }
        (predicate.from..predicate.to).find_map(|at| self.description(at, predicate.to))
    }

    /// A description that begins here.
    fn description(&self, at: usize, to: usize) -> Option<Span> {
        if !POINTS.contains(&self.word(at)) || self.lattice.literal[at] {
            return None;
        }
        let free = |at: usize| self.lattice.span_at[at].is_none() && self.tokens[at].word();
        let last = (at + BETWEEN_MAX + 2).min(to);
        let noun = (at + 1..last).take_while(|at| free(*at));
        let noun = noun.into_iter().find(|at| PEOPLE.contains(&self.word(*at)))?;
        // "the man page", "our student portal": something else is meant.
        let other = self.lattice.hit_at.get(noun + 1).copied().flatten().is_some();
        let whose = self.tokens[noun].possessive;
        (!other || whose).then(|| Span {
            from: at,
            to: noun + 1,
            what: What::Nobody,
            negated: false,
        })
    }
}
