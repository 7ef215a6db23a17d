//! A wish that is plainly there, and of which nothing came: what it leaves open is asked, before
//! nothing is said.
//!
//! Only where the whole message made no proposal and no question, in the requester's own words,
//! and with a word that wishes for something. Nothing is proposed here.

use super::{
    clauses::{self, Act, Sentence, sentences},
    forms::Forms,
    frames, handed,
    likeness::left_open::left_open,
    regions::{Part, Region},
    scene::Scene,
    slots, token_range, withheld,
};
use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Open, Proposal},
        trouble::Question,
    },
};

/// Somebody is asked to do something.
const ASKS: &[&str] = &["please", "pls", "plz", "kindly", "needs", "need", "request", "asap"];
/// Longer messages, in lines, are lists.
const LINES_MAX: usize = 2;
/// So many sentences are looked at.
const SENTENCES_MAX: usize = 12;

/// What is to be asked of a message of which nothing came.
pub(super) fn open(mut scene: Scene<'_>, parts: &[Region], catalog: &[Entry]) -> Option<Open> {
    // A list says of each of several people what is to be, and one question is none of theirs.
    let lines = scene.text.clean.lines().filter(|line| !line.trim().is_empty());
    if lines.count() > LINES_MAX {
        return None;
    }
    for region in parts.iter().filter(|region| region.part == Part::Own) {
        let (from, to) = token_range(&scene.tokens, region);
        let all = sentences(&scene.tokens, &scene.lattice, from, to, false);
        // What a form says is asked about by the forms.
        Forms::default().read(&mut scene, catalog, (from, to), all);
    }
    withheld::set_aside(&mut scene);
    if handed::speaks_to_another(&scene) {
        return None;
    }
    let own: Vec<Sentence> =
        scene.sentences.iter().filter(|sentence| !sentence.quoted).copied().collect();
    own.into_iter().take(SENTENCES_MAX).find_map(|sentence| of_sentence(&scene, sentence, catalog))
}

fn of_sentence(scene: &Scene<'_>, sentence: Sentence, catalog: &[Entry]) -> Option<Open> {
    let says = |words: &[&str]| {
        (sentence.from..sentence.to)
            .any(|at| !scene.lattice.literal[at] && words.contains(&scene.word(at)))
    };
    let you = (sentence.from..sentence.to).any(|at| {
        ["can", "could", "would", "will"].contains(&scene.word(at))
            && ["you", "u", "we", "i", "someone", "somebody"].contains(&scene.word(at + 1))
    });
    if !says(ASKS) && !you || clauses::supposes(scene, sentence) {
        return None;
    }
    let acts = clauses::predicates(&scene.tokens, &scene.lattice, sentence);
    if acts.iter().any(|one| matches!(one.act, Act::Negated | Act::Question | Act::Capability)) {
        return None;
    }
    if let Some(open) = left_open(scene, sentence, catalog) {
        return Some(open);
    }
    acts.iter().filter(|one| one.act == Act::Request).find_map(|predicate| {
        let fits = frames::fits(scene, predicate, catalog, &[]);
        fits.iter().filter(|fit| fit.entry.about.risk != Risk::Read).find_map(|fit| {
            let (made, questions) = slots::fill(scene, predicate, fit, &[]);
            questions
                .into_iter()
                .next()
                .or_else(|| made.into_iter().find_map(|one| about(fit.entry, one)))
        })
    })
}

/// Of whom or what, where it could be read and was not sure enough to be proposed.
pub(super) fn about(entry: &Entry, mut one: Proposal) -> Option<Open> {
    let (argument, _) = entry.about.wording.slots.first()?;
    one.arguments.remove(*argument);
    one.because.retain(|because| because.gave != *argument);
    let (argument, ask) = slots::missing(entry, &one)?;
    let question = Question { ask, said: None, choices: Vec::new() };
    Some(Open { proposal: one, argument: argument.to_owned(), question })
}
