//! What a sentence without a verb adds to the one before it: "A new secret for Stock Sync, please.
//! 12 months, label sync-b."
//!
//! Not here: what the details mean.

use super::{Edit, own};
use crate::interpret::{
    clauses::Sentence,
    entities::{Span, What},
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
    let brackets = all.iter().flat_map(|sentence| brackets(scene, *sentence));
    pairs.filter_map(mark).chain(brackets).collect()
}

/// "Ada Park (Finance) unlock": where she is says nothing of what is to be done.
fn brackets(scene: &Scene<'_>, sentence: Sentence) -> Vec<Edit> {
    let one = |span: &&Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
    let people = scene.lattice.spans_in(sentence.from, sentence.to).filter(one);
    let aside = |span: &Span| {
        let open = Some(span.to).filter(|at| *at < sentence.to && scene.tokens[*at].is('('))?;
        let close = (open + 2..(open + 6).min(sentence.to)).find(|at| scene.tokens[*at].is(')'))?;
        let named = scene.index.department(&scene.key(open + 1, close));
        named.then(|| Edit { from: open, to: close + 1, said: Vec::new() })
    };
    people.filter_map(aside).collect()
}

fn comma(scene: &Scene<'_>, at: usize) -> Token {
    own(scene, ",", at, at + 1)
}

/// "6 months, label ci-2026", "Call it 2027", "Valid for a year".
fn adds(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let words: Vec<usize> =
        (sentence.from..sentence.to).filter(|at| scene.tokens[*at].word()).collect();
    let Some(first) = words.first().copied() else { return false };
    let names = scene
        .lattice
        .spans_in(sentence.from, sentence.to)
        .any(|span| span.person() && span.what != What::Nobody);
    // "…; owner=Ada; members=Bo, Cy"
    let sets = ["owner", "owners", "member", "members", "description", "type"]
        .contains(&scene.word(first))
        && ['=', ':'].iter().any(|mark| scene.tokens.get(first + 1).is_some_and(|t| t.is(*mark)))
        && sentence.from.checked_sub(1).is_some_and(|at| scene.tokens[at].is(';'));
    if sets {
        return true;
    }
    let (word, next) = (scene.word(first), scene.word(first + 1));
    // "A mailbox for the press, please. press@contoso.com, display name Press Office, …"
    let address = scene.tokens[first].sort == Sort::Address
        && scene.span(first).is_none_or(|span| span.what == What::Nobody);
    let labels = ["name", "title", "address", "members", "member", "owner", "type", "description"];
    // "Name: Lab devices. Grant: compliant device. Included: Lab Users."
    let settings = [
        "grant", "grants", "control", "included", "excluded", "include", "exclude", "state",
        "mode", "scope", "target", "targets", "applies", "redirect", "validity", "label",
    ];
    let marked =
        (first + 1..first + 4).any(|at| scene.tokens.get(at).is_some_and(|token| token.is(':')));
    if settings.contains(&word) && marked {
        return sentence.to - sentence.from <= 2 * TOKENS_MAX;
    }
    let labelled = labels.contains(&word) || (word, next) == ("display", "name");
    if address && scene.tokens.get(first + 1).is_some_and(|next| next.is(','))
        || labelled && next != "of"
    {
        return sentence.to - sentence.from <= 2 * TOKENS_MAX;
    }
    let spans = ["months", "month", "years", "year"].contains(&next)
        && (slots::figure(word).is_some() || ["one", "a"].contains(&word));
    let called = ["call", "name", "label", "title"].contains(&word) && next == "it"
        || ["label", "labelled", "labeled", "named", "called", "valid", "validity", "lifetime"]
            .contains(&word);
    !names && sentence.to - sentence.from <= TOKENS_MAX && (spans || called)
}
