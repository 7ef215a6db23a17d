//! Of two times that fit, the one that is meant.
//!
//! Not here: which fit ([`super::times`]).

use crate::interpret::{clauses::Predicate, dates::When, scene::Scene};

/// "She is back on Monday, her account … at 8am that day": of two times that fit, the one with
/// the hour of the same day, or the one behind the colon if the first is only told.
pub(super) fn nearer<'s>(
    scene: &'s Scene<'_>,
    predicate: &Predicate,
    first: &'s When,
    fits: &impl Fn(&&When) -> bool,
) -> &'s When {
    const TELLS: &[&str] = &["will", "is", "are", "has", "starts", "leaves", "goes", "takes"];
    let sentence = scene.sentence(first.from);
    let behind = |when: &&When| when.from >= first.to && when.to <= sentence.to;
    let mut others = scene.whens.iter().filter(behind).filter(fits);
    let Some(other) = others.next().filter(|_| predicate.from <= first.from) else { return first };
    let colon = (first.to..other.from).any(|at| scene.tokens[at].is(':'));
    let told = (sentence.from..first.from).any(|at| TELLS.contains(&scene.word(at)));
    let hour = first.time.is_none() && other.time.is_some() && first.date == other.date;
    if hour || colon && told && other.dated { other } else { first }
}
