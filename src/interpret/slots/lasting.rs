//! Until when something is given.

use serde_json::Value;

use super::{Filled, because};
use crate::interpret::{clauses::Predicate, dates::When, scene::Scene};

/// The time right behind "until", in what the verb governs.
pub(super) fn lasts(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let said = |at: usize| ["until", "till", "til", "through", "thru"].contains(&scene.word(at));
    let until = |when: &&When| {
        when.from > predicate.verb
            && when.to <= predicate.to
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
