//! Whom: one person, a question, or the manager of somebody.

use super::{Filled, because};
use serde_json::Value;

use crate::{
    domain::trouble::{Ask, Choice, Question},
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        index::Index,
        scene::Scene,
    },
};

pub(super) fn people(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let spans = scene.people(predicate);
    if spans.is_empty() {
        return vec![Filled::Ask(whom(None))];
    }
    spans.iter().map(|span| person(scene, span, &span.what, Scene::reads(predicate))).collect()
}

pub(super) fn person(scene: &Scene<'_>, span: &Span, what: &What, reads: bool) -> Filled {
    let said = scene.said(span.from, span.to);
    let quoted = scene.sentence(span.from).quoted;
    let value = |at: usize| {
        let upn = scene.index.somebody(at).upn.to_owned();
        Filled::Value(Value::String(upn), Some(because(scene, span.from, span.to, "", quoted)))
    };
    match what {
        What::People(all, _) => {
            let left = narrowed(scene, span, all);
            match left.as_slice() {
                [one] => value(*one),
                _ => Filled::Ask(which_person(scene.index, &left, &said)),
            }
        }
        What::Me => match scene.index.address(scene.context.requester.upn.as_str()) {
            Some(at) => value(at),
            None => Filled::Value(Value::String(scene.context.requester.upn.to_string()), None),
        },
        What::Manager(of) if reads => person(scene, span, of, reads),
        What::Manager(of) => {
            let owner = match of.as_ref() {
                What::Pronoun => scene.people_before(span),
                other => other.clone(),
            };
            let manager = match owner {
                What::People(all, _) if all.len() == 1 => scene.index.somebody(all[0]).manager,
                What::Me => scene
                    .index
                    .person(scene.context.requester.upn.as_str())
                    .and_then(|person| person.manager),
                _ => None,
            };
            match manager {
                Some(manager) => Filled::Value(
                    Value::String(manager.upn.to_string()),
                    Some(because(scene, span.from, span.to, "", quoted)),
                ),
                None => Filled::Ask(whom(Some(said))),
            }
        }
        _ => Filled::Ask(whom(Some(said))),
    }
}

/// Uses what the sentence says of them: "in finance", "the sales one".
fn narrowed(scene: &Scene<'_>, span: &Span, all: &[usize]) -> Vec<usize> {
    if all.len() < 2 {
        return all.to_vec();
    }
    let sentence = scene.sentence(span.from);
    for at in sentence.from..sentence.to {
        let free = scene.tokens[at].word()
            && scene.lattice.span_at[at].is_none()
            && !scene.lattice.literal[at];
        let hint = scene.word(at);
        if !free
            || hint.len() < 2
            || ["the", "of", "and", "account", "accounts", "manager", "user"].contains(&hint)
        {
            continue;
        }
        let left: Vec<usize> = all.iter().copied().filter(|p| scene.index.fits(*p, hint)).collect();
        if left.len() == 1 {
            return left;
        }
    }
    all.to_vec()
}

/// Whom?
pub fn whom(said: Option<String>) -> Question {
    Question { ask: Ask::Whom, said: said.filter(|said| !said.is_empty()), choices: Vec::new() }
}

/// Which of these?
pub fn which_person(index: &Index, people: &[usize], said: &str) -> Question {
    let choices = people.iter().map(|at| {
        let person = index.somebody(*at);
        let mut detail = person.upn.to_owned();
        if let Some(department) = person.department {
            detail = format!("{detail} · {department}");
        }
        if let Some(manager) = person.manager {
            detail = format!("{detail} · reports to {}", manager.name);
        }
        Choice { value: person.upn.to_owned(), label: person.name.to_owned(), detail }
    });
    Question::which(Ask::WhichPerson, Some(said.to_owned()), choices)
}
