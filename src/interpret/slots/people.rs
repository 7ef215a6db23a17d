//! Whom: one person, a question, or the manager of somebody.

use super::{Filled, because};
use serde_json::Value;

use crate::{
    domain::{
        ids::UserId,
        trouble::{Ask, Choice, Question},
    },
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        index::{Index, Surely},
        scene::Scene,
    },
};

pub(super) fn people(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let spans = scene.people(predicate);
    if spans.is_empty() {
        return vec![Filled::Ask(whom(None))];
    }
    let reads = Scene::reads(predicate);
    spans
        .iter()
        .flat_map(|span| match &span.what {
            What::Team(_) if all_of_them(scene, span) => team(scene, span),
            what => vec![person(scene, span, what, reads)],
        })
        .collect()
}

/// "everyone on my team", "my whole team", "her direct reports"; not "Alex from my team".
fn all_of_them(scene: &Scene<'_>, team: &Span) -> bool {
    let from = team.from.saturating_sub(4);
    (from..team.to).any(|at| {
        ["everyone", "everybody", "all", "whole", "entire", "each", "every", "reports"]
            .contains(&scene.word(at))
    })
}

/// "everyone on my team", "her direct reports": each of them. More are a question: nobody
/// reads a card with so many names.
fn team(scene: &Scene<'_>, span: &Span) -> Vec<Filled> {
    const TEAM_MAX: usize = 30;
    let id = whose(scene, span);
    let all = id.map(|id| scene.index.reports(id, TEAM_MAX)).unwrap_or_default();
    if all.is_empty() {
        return vec![person(scene, span, &span.what, false)];
    }
    let one = |at: usize| Span { what: What::People(vec![at], Surely::Exact), ..span.clone() };
    all.into_iter().map(one).map(|one| person(scene, &one, &one.what, false)).collect()
}

pub(in crate::interpret) fn person(
    scene: &Scene<'_>,
    span: &Span,
    what: &What,
    reads: bool,
) -> Filled {
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

/// Whose team it is.
fn whose<'s>(scene: &'s Scene<'_>, team: &Span) -> Option<&'s UserId> {
    match &scene.owner_of(team).what {
        What::Me => scene.index.person(scene.context.requester.upn.as_str()).map(|me| me.id),
        What::People(all, _) if all.len() == 1 => Some(scene.index.somebody(all[0]).id),
        _ => None,
    }
}

/// Uses what the sentence says of them: "in finance", "the sales one".
fn narrowed(scene: &Scene<'_>, span: &Span, all: &[usize]) -> Vec<usize> {
    if all.len() < 2 {
        return all.to_vec();
    }
    let sentence = scene.sentence(span.from);
    // "Alex from my team"
    let team = scene.lattice.spans.iter().find(|other| {
        matches!(other.what, What::Team(_))
            && (sentence.from..sentence.to).contains(&other.from)
            && other.from >= span.to
            && other.from <= span.to + 2
    });
    if let Some(manager) = team.and_then(|team| whose(scene, team)) {
        let reports = |at: &usize| {
            scene.index.somebody(*at).manager.is_some_and(|manager_of| manager_of.id == *manager)
        };
        let left: Vec<usize> = all.iter().copied().filter(reports).collect();
        if left.len() == 1 {
            return left;
        }
    }
    let mut told: Vec<usize> = Vec::new();
    for at in sentence.from..sentence.to {
        let free = scene.tokens[at].word()
            && scene.lattice.span_at[at].is_none()
            && !scene.lattice.literal[at];
        let hint = scene.word(at);
        if !free
            || denied(scene, at)
            || hint.len() < 2
            || NO_HINTS.contains(&hint)
            || !beside(scene, span, at)
        {
            continue;
        }
        let fits = all.iter().copied().filter(|person| scene.index.fits(*person, hint));
        if let [one] = fits.collect::<Vec<_>>().as_slice() {
            told.push(*one);
        }
    }
    // "the driver Rachel Stone", "Rachel Stone (the driver)": a post that several have.
    for other in scene.lattice.spans_in(sentence.from, sentence.to) {
        let What::People(others, _) = &other.what else { continue };
        let near = other.to <= span.from && other.to + 1 >= span.from
            || other.from >= span.to && other.from <= span.to + 3;
        let both: Vec<usize> = all.iter().copied().filter(|at| others.contains(at)).collect();
        if let ([one], true) = (both.as_slice(), near && other.from != span.from)
            && !denied(scene, other.from)
        {
            told.push(*one);
        }
    }
    told.dedup();
    // "Megan is back. … It's Megan Byrne I mean.": said in full elsewhere.
    let full = scene.lattice.spans.iter().filter(|other| {
        other.to > other.from + 1 && !(sentence.from..sentence.to).contains(&other.from)
    });
    let mut full = full.filter_map(|other| match &other.what {
        What::People(found, _) if found.len() == 1 && all.contains(&found[0]) => Some(found[0]),
        _ => None,
    });
    if told.is_empty()
        && span.to == span.from + 1
        && let Some(first) = full.next()
        && full.all(|other| other == first)
    {
        told.push(first);
    }
    // What speaks for two of them speaks for none.
    if told.len() == 1 { told } else { all.to_vec() }
}

/// "(the driver, not the HR one)"
fn denied(scene: &Scene<'_>, at: usize) -> bool {
    (at.saturating_sub(2)..at).any(|at| scene.word(at) == "not")
}

/// Words of titles and departments that say nothing of somebody.
const NO_HINTS: &[&str] = &["the", "of", "and", "account", "accounts", "manager", "user"];

/// Is a word said of this person? "Wei from Engineering", "Wei, the data engineer", "our data
/// engineer Wei"; "It is …" is no department.
fn beside(scene: &Scene<'_>, span: &Span, at: usize) -> bool {
    const PLACES: &[&str] = &["in", "from", "at", "of", "over", "within"];
    const ARTICLES: &[&str] = &["the", "our", "my", "his", "her"];
    let word = |back: usize| at.checked_sub(back).map_or("", |at| scene.word(at));
    let placed =
        PLACES.contains(&word(1)) || ARTICLES.contains(&word(1)) && PLACES.contains(&word(2));
    if scene.word(at) == "it" && !placed && scene.said(at, at + 1) != "IT" {
        return false;
    }
    if at >= span.to { at < span.to + if placed { 8 } else { 4 } } else { at + 4 >= span.from }
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
