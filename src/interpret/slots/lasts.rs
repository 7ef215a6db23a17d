//! Until when something is given.
//!
//! Not here: when to run ([`super::times`]).

use serde_json::Value;

use super::{Filled, because};
use crate::interpret::{clauses::Predicate, dates::When, scene::Scene};

/// A time within so many tokens opens the sentence, and holds for all of it.
const OPENS: usize = 4;

/// Until when something is given: the time right behind "until", in the same sentence.
pub(super) fn lasts(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let said = |at: usize| ["until", "till", "til", "through", "thru"].contains(&scene.word(at));
    // "Reply from tomorrow till Monday, and add Ada to G": the end of what was said before.
    let of_another_clause = |when: &When| {
        let opens = when.from <= sentence.from + OPENS;
        when.to <= predicate.from && !opens
    };
    let until = |when: &&When| {
        when.from > sentence.from
            && when.to <= sentence.to
            && !scene.lattice.literal[when.from]
            && !when.now
            && !of_another_clause(when)
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
