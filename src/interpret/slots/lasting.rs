//! Until when something is given.

use serde_json::Value;

use super::{Filled, because};
use crate::interpret::{clauses::Predicate, dates::When, scene::Scene};

/// "Until the end of March, give Ada …": so far from its head a time is of the whole sentence.
const HEAD_WORDS_MAX: usize = 4;

/// Until when something is given: the time right behind "until", in the same sentence.
pub(super) fn lasts(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let said = |at: usize| ["until", "till", "til", "through", "thru"].contains(&scene.word(at));
    // "my reply on till Monday, and add Ada to …": what ends another order ends not this one.
    let own =
        |when: &When| when.from >= predicate.from || when.from <= sentence.from + HEAD_WORDS_MAX;
    let until = |when: &&When| {
        when.from > sentence.from
            && when.to <= sentence.to
            && own(when)
            && !scene.lattice.literal[when.from]
            && !when.now
            && (1..=2).any(|back| when.from.checked_sub(back).is_some_and(said))
    };
    match scene.whens.iter().find(until) {
        Some(when) => Filled::Value(
            Value::String(when.text()),
            Some(because(scene, when.from, when.to, "", predicate.quoted)),
        ),
        None => Filled::Absent,
    }
}

/// "The secret runs out next week, a new one please": when the old one ends.
pub(super) fn of_an_end(scene: &Scene<'_>, when: &When) -> bool {
    const ENDS: &[&str] = &[
        "runs", "expires", "expire", "expiring", "lapses", "lapse", "lapsing", "ends", "end",
        "due", "dies", "dying", "out", "over",
    ];
    let from = scene.sentence(when.from).from;
    let clause = (from..when.from)
        .rev()
        .find(|at| !scene.tokens[*at].word() && !scene.tokens[*at].is('-'))
        .map_or(from, |at| at + 1);
    (clause..when.from).any(|at| ENDS.contains(&scene.word(at)))
}
