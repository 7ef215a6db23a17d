//! Several leavers, each told of in a sentence of their own with a day of their own; and whoever
//! is to be waited with.
//!
//! "Ada leaves on 3 May. Bo finishes on 9 May. Cy is still undecided. Please close the first two."
//!
//! Not here: leavers of one sentence, and lists.

use serde_json::{Value, json};

use super::{
    absorbed::own,
    days::{at_its_end, at_its_hour, day_in},
    events::{doubtful, leaves},
    of_a_thing::of_a_thing,
    options::onward,
    told,
};
use crate::{
    actions::Entry,
    domain::proposal::Proposal,
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots::{self, sure_person},
    },
};

/// At most so many are read one by one.
const LEAVERS_MAX: usize = 12;

/// Everybody of two or more who leaves by a sentence of their own; nothing where it is not just
/// those that the message counts.
pub(super) fn leavers(scene: &Scene<'_>, entry: &Entry) -> Option<Vec<Proposal>> {
    let mut found: Vec<Proposal> = Vec::new();
    let sentences = scene.sentences.iter().copied().filter(|one| !one.quoted);
    for sentence in sentences {
        if found.len() >= LEAVERS_MAX {
            return None;
        }
        let Some(made) = leaver(scene, entry, sentence) else { continue };
        let user = made.arguments.get("user");
        if found.iter().any(|one| one.arguments.get("user") == user) {
            return None;
        }
        found.push(made);
    }
    // Whose mail goes to whom is not guessed.
    if found.len() < 2 || onward(scene).is_some() {
        return None;
    }
    Some(if counted(scene).is_none_or(|count| count == found.len()) { found } else { Vec::new() })
}

/// The one person who leaves by this sentence, on its day.
fn leaver(scene: &Scene<'_>, entry: &Entry, sentence: Sentence) -> Option<Proposal> {
    let at = leaves(scene, sentence)?;
    let named = scene.lattice.spans_in(sentence.from, sentence.to).filter(|span| named(span));
    let (when, _) = day_in(scene, sentence)?;
    if named.count() != 1 || doubtful(scene, sentence) || of_a_thing(scene, sentence, at) {
        return None;
    }
    let made = told(scene, entry, sentence, at);
    let [one] = made.as_slice() else { return None };
    let mut one = one.clone();
    one.arguments.insert(slots::AT.to_owned(), json!(when.text()));
    at_its_hour(scene, &mut one);
    at_its_end(scene, &mut one);
    Some(one)
}

fn named(span: &Span) -> bool {
    matches!(span.what, What::People(..))
}

/// "both accounts", "all three", "the two first", "the first two".
fn counted(scene: &Scene<'_>) -> Option<usize> {
    const NUMBERS: &[(&str, usize)] = &[("two", 2), ("three", 3), ("four", 4), ("five", 5)];
    own(scene).into_iter().find_map(|at| {
        let word = |at: usize| scene.word(at);
        let before = at.checked_sub(1).map_or("", word);
        let of_them = ["all", "these", "those"].contains(&before)
            || before == "first"
            || word(at + 1) == "first"
            || word(at + 1) == "of" && word(at + 2) == "them";
        let number = NUMBERS.iter().find(|(name, _)| *name == word(at)).filter(|_| of_them);
        (word(at) == "both").then_some(2).or(number.map(|(_, count)| *count))
    })
}

/// Is somebody to be waited with: "her date is still under discussion", "please wait with him"?
pub(super) fn held(scene: &Scene<'_>, user: &Value) -> bool {
    let own = scene.sentences.iter().copied().filter(|one| !one.quoted);
    own.into_iter().filter(|one| waits(scene, *one)).any(|sentence| {
        let mut people = scene.lattice.spans_in(sentence.from, sentence.to).filter(|s| named(s));
        match (people.next(), people.next()) {
            (Some(only), None) => sure_person(scene, only).as_ref() == Some(user),
            (None, None) => {
                // "Please wait with him.": of whoever was named before.
                let last = scene.lattice.spans.iter().rfind(|one| {
                    named(one)
                        && one.to <= sentence.from
                        && scene.sentences.around(one.from).is_some()
                });
                last.and_then(|span| sure_person(scene, span)).as_ref() == Some(user)
            }
            _ => false,
        }
    })
}

/// "wait with", "on hold", "still open", "not agreed yet".
fn waits(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const OPEN: &[&str] =
        &["open", "discussed", "discussion", "unclear", "undecided", "negotiated"];
    const SETTLED: &[&str] = &["agreed", "decided", "fixed", "settled", "known", "clear", "final"];
    (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let ahead = |any: &[&str]| {
            (at + 1..sentence.to.min(at + 5)).any(|at| any.contains(&scene.word(at)))
        };
        (word, next) == ("wait", "with")
            || (word, next) == ("on", "hold")
            || (word, next) == ("hold", "off")
            || ["still", "under"].contains(&word) && ahead(OPEN)
            || word == "not" && ahead(SETTLED)
            || ["undecided", "tbc", "tbd"].contains(&word)
    })
}
