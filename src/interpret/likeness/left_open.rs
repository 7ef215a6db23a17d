//! What a sentence leaves open that is like a wish, and who gets what somebody else loses.
//!
//! Not here: proposals. Nothing is proposed by what is left open; it is asked.

use super::{
    NONE, cells,
    directions::{not_meant, turned},
    doubts::{bare, sure, wished},
    like,
    wish::frame,
};
use crate::{
    actions::{Entry, wording::Frame},
    domain::{
        area::Risk,
        proposal::{Open, Proposal},
    },
    interpret::{
        asked_back,
        clauses::{Act, Predicate, Sentence},
        entities::Span,
        frames::Fit,
        lexicon::verb_classes,
        scene::Scene,
        slots,
        text::Token,
    },
};

/// What a sentence leaves open that is like a wish for a change, where nothing came of it.
pub(in crate::interpret) fn left_open(
    scene: &Scene<'_>,
    sentence: Sentence,
    catalog: &[Entry],
) -> Option<Open> {
    let cells = cells::of_scene(scene, sentence.from, sentence.to);
    let liking = like(&cells).filter(|liking| liking.label != NONE)?;
    let entry = catalog.iter().find(|entry| entry.about.id == liking.label)?;
    let unsure = bare(&cells)
        || turned(&cells, &liking.label)
        || !wished(scene, sentence)
        || !sure(scene, sentence, entry, &liking)
        || not_meant(scene, sentence, &liking.label);
    if unsure || entry.about.risk == Risk::Read {
        return None;
    }
    let frame = frame(scene, sentence, entry)?;
    let predicate = asked(sentence, liking.at, frame);
    let (made, questions) = slots::fill(scene, &predicate, &Fit { entry, frame }, &[]);
    let about = || made.into_iter().find_map(|one| asked_back::about(entry, one));
    questions.into_iter().next().or_else(about)
}

/// The sentence as what asks by such a frame, its verb here.
pub(super) fn asked(sentence: Sentence, verb: usize, frame: &Frame) -> Predicate {
    Predicate {
        from: sentence.from,
        verb,
        to: sentence.to,
        classes: verb_classes(frame.verbs),
        particle: None,
        act: Act::Request,
        quoted: sentence.quoted,
    }
}

/// "Ada must not have it any more, it is Bo who takes it": who gets a right does not lose it.
pub(super) fn takes_over(scene: &Scene<'_>, sentence: Sentence, one: &Proposal) -> bool {
    const TAKES: &[&str] = &["who", "takes", "gets", "instead", "in", "inherits", "will"];
    let user = one.arguments.get("user");
    let mut spans = scene.lattice.spans_in(sentence.from, sentence.to).filter(|span| span.named());
    let gets = |span: &Span| {
        let word = scene.word(span.to);
        TAKES.contains(&word)
            && (word != "in" || !scene.tokens.get(span.to + 1).is_some_and(Token::word))
            && (word != "will" || ["take", "get"].contains(&scene.word(span.to + 1)))
    };
    spans.any(|span| gets(span) && slots::sure_person(scene, span).as_ref() == user)
}
