//! What a sentence without a verb adds to the one before it: "A new secret for Stock Sync, please.
//! 12 months, label sync-b."
//!
//! Not here: what the details mean.

use super::{Edit, own};
use crate::interpret::{
    clauses::Sentence,
    entities::Span,
    scene::Scene,
    slots,
    text::{Sort, Token},
};

/// A sentence that only adds something is not longer than this, in tokens.
const TOKENS_MAX: usize = 14;

/// The marks before such sentences, as commas.
pub(super) fn edits(scene: &Scene<'_>, all: &[Sentence]) -> Vec<Edit> {
    let pairs = all.windows(2).filter(|pair| pair[0].to == pair[1].from && adds(scene, pair[1]));
    let mark = |pair: &[Sentence]| {
        let at = pair[0].to.checked_sub(1)?;
        let ends = matches!(scene.tokens[at].sort, Sort::Mark('.' | '!' | ';') | Sort::Line);
        ends.then(|| Edit { from: at, to: at + 1, said: vec![comma(scene, at)] })
    };
    pairs.filter_map(mark).collect()
}

fn comma(scene: &Scene<'_>, at: usize) -> Token {
    own(scene, ",", at, at + 1)
}

/// "6 months, label ci-2026", "Call it 2027", "Valid for a year".
fn adds(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let words: Vec<usize> =
        (sentence.from..sentence.to).filter(|at| scene.tokens[*at].word()).collect();
    let Some(first) = words.first().copied() else { return false };
    let names = scene.lattice.spans_in(sentence.from, sentence.to).any(Span::person);
    // "…; owner=Ada; members=Bo, Cy"
    let sets = ["owner", "owners", "member", "members", "description", "type"]
        .contains(&scene.word(first))
        && ['=', ':'].iter().any(|mark| scene.tokens.get(first + 1).is_some_and(|t| t.is(*mark)))
        && sentence.from.checked_sub(1).is_some_and(|at| scene.tokens[at].is(';'));
    if sets {
        return true;
    }
    let (word, next) = (scene.word(first), scene.word(first + 1));
    let spans = ["months", "month", "years", "year"].contains(&next)
        && (slots::figure(word).is_some() || ["one", "a"].contains(&word));
    let called = ["call", "name", "label", "title"].contains(&word) && next == "it"
        || ["label", "labelled", "labeled", "named", "called", "valid", "validity", "lifetime"]
            .contains(&word);
    !names && sentence.to - sentence.from <= TOKENS_MAX && (spans || called)
}
