//! Who is named in a run of words, those joined by "and" together; and who of them stays.
//!
//! Not here: what becomes of them.

use super::options;
use crate::interpret::{
    entities::{Span, What},
    scene::Scene,
};

/// "Rachel Stone the driver": a post beside a name says which.
pub(super) fn says_which(scene: &Scene<'_>, span: &Span) -> bool {
    let titled = !scene.index.titled(&scene.key(span.from, span.to)).is_empty();
    let mut before = (span.from.saturating_sub(3)..span.from).filter_map(|at| scene.span(at));
    titled && before.any(|other| other.to <= span.from && matches!(other.what, What::People(..)))
}

/// "Bo must read it", "Bo gets his mail": whoever is given something stays.
pub(super) fn stays(scene: &Scene<'_>, span: &Span) -> bool {
    const GIVEN: &[&str] =
        &["read", "open", "see", "access", "mail", "mails", "mailbox", "inbox", "emails"];
    const GETS: &[&str] =
        &["must", "needs", "should", "gets", "takes", "receives", "wants", "has", "can", "is"];
    GETS.contains(&scene.word(span.to))
        && (span.to..span.to + 6).any(|at| GIVEN.contains(&scene.word(at)))
}

/// The people named there, those joined by "and" together. Whoever is only addressed stands
/// apart by a comma.
pub(super) fn lists(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Vec<Span>> {
    let gets = (from..to).find_map(|at| options::onward_at(scene, at)).map(|(at, _)| at);
    let mut found: Vec<Vec<Span>> = Vec::new();
    for span in &scene.lattice.spans {
        let named = span.from >= from
            && Some(span.from) != gets
            && span.to <= to
            && span.named()
            && !scene.aside(span)
            && !stays(scene, span)
            && !says_which(scene, span)
            && !scene.lattice.literal[span.from];
        // "Ada Park (ada@…)": the same person twice.
        let again = found.iter().flatten().any(|other| match (&other.what, &span.what) {
            (What::People(one, _), What::People(two, _)) => one == two,
            _ => false,
        });
        if !named || again {
            continue;
        }
        let joined = |last: &Span| {
            (last.to..span.from).all(|at| scene.word(at) == "and" || scene.tokens[at].is('&'))
        };
        match found.last_mut() {
            Some(list) if list.last().is_some_and(joined) => list.push(span.clone()),
            _ => found.push(vec![span.clone()]),
        }
    }
    found
}
