//! What somebody new will be: a post behind its label, behind "as", or before a department.

use super::{
    Filled,
    newcomer::{WORDS_MAX, labelled, phrase, text},
};
use crate::interpret::{clauses::Predicate, entities::What, scene::Scene};

const TITLES: &[&str] =
    &["job title", "title", "position", "role", "designation", "post", "new post", "function"];

/// "Job title: Paralegal", "as a Paralegal".
pub(super) fn title(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    let as_one = (from..to)
        .filter(|at| ["as", "like"].contains(&scene.word(*at)))
        .map(|at| at + 1 + usize::from(["a", "an", "our", "the"].contains(&scene.word(at + 1))));
    let capital = |at: &usize| scene.tokens.get(*at).is_some_and(|token| token.capital);
    // "He will be Route Planner", "she becomes Buyer", not "… will be Ada's assistant"
    let becomes = (from..to)
        .filter(|at| scene.word(*at) == "becomes")
        .map(|at| at + 1 + usize::from(["a", "an", "our", "the"].contains(&scene.word(at + 1))));
    let becomes = (from..to)
        .filter(|at| {
            let will =
                ["will", "to", "shall", "hell", "shell", "theyll"].contains(&scene.word(*at));
            will && scene.word(at + 1) == "be"
        })
        .map(|at| at + 2 + usize::from(["a", "an", "our", "the"].contains(&scene.word(at + 2))))
        .chain(becomes)
        .filter(|at| scene.lattice.span_at.get(*at).copied().flatten().is_none());
    let labelled = labelled(scene, from, to, TITLES).into_iter();
    let mut starts = labelled.chain(as_one).chain(becomes).filter(capital);
    let found = starts.find_map(|at| phrase(scene, at, to));
    let found = found.or_else(|| before_department(scene, from, to));
    found.map_or(Filled::Absent, |run| text(scene, predicate, run))
}

/// "…, Lab Technician in R&D, …", "…, Account Executive, Sales, …": the capitalised words
/// between a mark and the department.
fn before_department(scene: &Scene<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    let small =
        |at: usize| ["in", "the", "our", "department", "at", "of"].contains(&scene.word(at));
    scene.places(from, to, false).into_iter().find_map(|(start, _, _)| {
        let mut end = start;
        while end > from && (small(end - 1) || scene.tokens[end - 1].is(',')) {
            end -= 1;
        }
        let part = |at: usize| {
            let token = &scene.tokens[at];
            let joins = ["of", "and"].contains(&token.folded.as_str()) || token.is('&');
            // "Brand Designer" is also somebody here by their post.
            let known = scene.span(at).is_some_and(|span| {
                let post = scene.index.titled(&scene.key(span.from, span.to));
                match span.what {
                    What::People(..) => post.is_empty(),
                    // "Customer Service Agent", in a group of that name
                    What::Group(_) => false,
                    _ => true,
                }
            });
            let date = scene.whens.iter().any(|when| (when.from..when.to).contains(&at));
            !known && !date && (token.word() && token.capital || joins)
        };
        let mut begin = end;
        while begin > from && end - begin < WORDS_MAX && part(begin - 1) {
            begin -= 1;
        }
        let lead = begin.checked_sub(1)?;
        let marked =
            [',', ':', '(', '-', '\u{2013}'].iter().any(|mark| scene.tokens[lead].is(*mark))
                || ["a", "an", "our", "both", "as", "new"].contains(&scene.word(lead));
        (end < start && begin < end && begin > from && marked && scene.tokens[begin].capital)
            .then_some((begin, end))
    })
}
