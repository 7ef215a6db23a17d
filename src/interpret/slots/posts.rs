//! What somebody new will be: a post behind its label, behind "as", or before a department.

use serde_json::Value;

use super::{
    Filled,
    newcomer::{WORDS_MAX, labelled, phrase, text},
};
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    lifecycle,
    scene::Scene,
};

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
        .filter(|at| {
            let nobody = |span: &Span| span.what == What::Nobody && !scene.word(*at).contains('@');
            scene.span(*at).is_none_or(nobody)
        });
    let labelled = labelled(scene, from, to, TITLES).into_iter();
    let mut starts = labelled.chain(as_one).chain(becomes).filter(capital);
    let found = starts.find_map(|at| phrase(scene, at, to));
    let found = found.or_else(|| unlabelled(scene, from, to));
    found.map_or(Filled::Absent, |run| match text(scene, predicate, run) {
        Filled::Value(Value::String(said), why) if !scene.tokens[run.0].capital => {
            Filled::Value(Value::String(lifecycle::titled(&said)), why)
        }
        other => other,
    })
}

/// The post beside the department or the name.
fn unlabelled(scene: &Scene<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    let newcomer = lifecycle::newcomer_at(scene, from, to);
    // Whoever starts is no post.
    let name = |run: &(usize, usize)| {
        newcomer.as_ref().is_none_or(|(name, ..)| *name != scene.said(run.0, run.1))
    };
    before_department(scene, from, to, &name)
        .or_else(|| behind_department(scene, from, to))
        .or_else(|| before_name(scene, from, newcomer.as_ref()?.1))
        .or_else(|| newcomer.as_ref().and_then(|(_, at, end)| small(scene, (*at, *end), to)))
}

/// "amanda clarke, agent in customer service, …": the post behind a name without capitals.
fn small(scene: &Scene<'_>, (at, end): (usize, usize), to: usize) -> Option<(usize, usize)> {
    let run = phrase(scene, end + 1, to).filter(|_| !scene.tokens[at].capital)?;
    (run.0..run.1).any(|at| lifecycle::is_post(scene.word(at))).then_some(run)
}

/// "a new Controller, Vera Lind, …": the post before the name.
fn before_name(scene: &Scene<'_>, from: usize, at: usize) -> Option<(usize, usize)> {
    let end = at.checked_sub(1).filter(|at| scene.tokens[*at].is(','))?;
    let part =
        |at: usize| scene.tokens[at].word() && (scene.tokens[at].capital || scene.word(at) == "of");
    let mut begin = end;
    while begin > from && end - begin < WORDS_MAX && part(begin - 1) {
        begin -= 1;
    }
    let lead = begin.checked_sub(1).map_or("", |at| scene.word(at));
    let announced = ["new", "a", "an", "our", "incoming", "another"].contains(&lead);
    (begin < end && announced && scene.tokens[begin].capital).then_some((begin, end))
}

/// "-> HR, Learning Specialist, …", "comes to Operations on 1 April, Supply Planner": the post
/// behind the department, up to the next comma.
fn behind_department(scene: &Scene<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    scene.places(from, to, false).into_iter().find_map(|(_, end, _)| {
        let date = scene.whens.iter().find(|when| (end..end + 2).contains(&when.from));
        let mark = date.map_or(end, |when| when.to);
        let begin = scene.tokens.get(mark).filter(|token| token.is(',')).map(|_| mark + 1)?;
        let (begin, end) = phrase(scene, begin, to)?;
        let part = |at: usize| {
            let known = scene.span(at).is_some_and(|span| span.what != What::Nobody);
            scene.tokens[at].word() && scene.tokens[at].capital && !known
        };
        let post = lifecycle::is_post(scene.word(end - 1)) && (begin..end).all(part);
        post.then_some((begin, end))
    })
}

/// "…, Lab Technician in R&D, …", "…, Account Executive, Sales, …": the capitalised words
/// between a mark and the department.
fn before_department(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
    no_name: &dyn Fn(&(usize, usize)) -> bool,
) -> Option<(usize, usize)> {
    let small = |at: usize| {
        ["in", "the", "our", "department", "at", "of", "joining", "joins"].contains(&scene.word(at))
    };
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
                    // "Talent Sourcer" is nobody, and no name
                    What::Nobody => scene.word(span.from).contains('@'),
                    _ => true,
                }
            });
            !known && !scene.dated(at) && (token.word() && token.capital || joins)
        };
        let mut begin = end;
        while begin > from && end - begin < WORDS_MAX && part(begin - 1) {
            begin -= 1;
        }
        let lead = begin.checked_sub(1)?;
        let marked = [',', ':', '(', '-', '\u{2013}', '?', '.', '!']
            .iter()
            .any(|mark| scene.tokens[lead].is(*mark))
            || ["a", "an", "our", "both", "as", "new"].contains(&scene.word(lead));
        (end < start && begin < end && begin > from && marked && scene.tokens[begin].capital)
            .then_some((begin, end))
            .filter(no_name)
    })
}
