//! Who gets a new manager, and who that is: "make Lee Ada's manager", "change Ada's line
//! manager to Lee", "Ada should report to Lee".

use super::{Filled, people::person, which};
use crate::{
    domain::trouble::Ask,
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        lexicon::object_class,
        scene::Scene,
    },
};

/// The one who gets a manager, and the manager.
fn pair(scene: &Scene<'_>, predicate: &Predicate) -> (Option<Span>, Option<Span>) {
    let inside = |span: &&Span| {
        span.from >= predicate.from
            && span.to <= predicate.to
            && span.person()
            && !span.negated
            && !(span.what == What::Me && ["i", "we"].contains(&scene.word(span.from)))
    };
    let people: Vec<&Span> = scene.lattice.spans.iter().filter(inside).collect();
    // "… as Ada's manager": a span that names the relation itself.
    let relation = people.iter().find_map(|span| match &span.what {
        What::Manager(of) => {
            Some((span.from, Span { what: of.as_ref().clone(), ..(**span).clone() }))
        }
        _ => None,
    });
    let after_to = |span: &&&Span| {
        span.from
            .checked_sub(1)
            .is_some_and(|at| ["to", "as", "with", "be", "is"].contains(&scene.word(at)))
            && span.from > predicate.verb
    };
    let behind = people.iter().rev().find(after_to);
    if let Some((from, owner)) = relation {
        let manager = behind.filter(|span| span.from != from);
        let other = || people.iter().rev().find(|span| span.from != from && !scene.aside(span));
        let manager = manager.or_else(other).map(|span| (*span).clone());
        return (Some(owner), manager);
    }
    let hit = scene.lattice.hits.iter().find(|hit| {
        let wanted = object_class("manager_of") | object_class("reports_to");
        hit.from >= predicate.from && hit.to <= predicate.to && hit.classes & wanted != 0
    });
    let Some(hit) = hit else { return (None, None) };
    let reports = hit.classes & object_class("reports_to") != 0;
    if reports {
        let user = people.iter().rev().find(|span| span.to <= hit.from);
        let manager = people.iter().find(|span| span.from >= hit.to);
        return (user.map(|span| (*span).clone()), manager.map(|span| (*span).clone()));
    }
    // "Ada's line manager", "her new manager"
    let owner = people.iter().rev().find(|span| {
        span.to <= hit.from
            && (span.to..hit.from)
                .all(|at| ["new", "line", "direct", "current"].contains(&scene.word(at)))
            && span.to + 3 > hit.from
    });
    // "the manager of Ada", "the manager for Ada"
    let of = people.iter().find(|span| {
        span.from >= hit.to
            && span.from <= hit.to + 2
            && span.from.checked_sub(1).is_some_and(|at| ["of", "for"].contains(&scene.word(at)))
    });
    let user = owner.or(of).map(|span| (*span).clone());
    let taken = user.as_ref().map(|span| span.from);
    let free = |span: &&&Span| Some(span.from) != taken;
    let manager =
        people.iter().rev().filter(free).find(|span| after_to(span) && span.from >= hit.to);
    let manager = manager.or_else(|| {
        people.iter().filter(free).find(|span| span.to <= hit.from && span.from > predicate.verb)
    });
    let manager =
        manager.or_else(|| people.iter().rev().filter(free).find(|span| span.from >= hit.to));
    let manager = manager.map(|span| (*span).clone());
    // "Please make Lee the manager": of whom the message is about.
    let user = user.or_else(|| {
        let found = scene.people(predicate);
        found.into_iter().find(|span| manager.as_ref().is_none_or(|other| other.from != span.from))
    });
    (user, manager)
}

fn filled(scene: &Scene<'_>, span: Option<Span>) -> Vec<Filled> {
    let Some(span) = span else { return vec![which(Ask::Whom)] };
    if span.what == What::Pronoun {
        let all = scene.antecedents(&span);
        return all.iter().map(|span| person(scene, span, &span.what, false)).collect();
    }
    vec![person(scene, &span, &span.what, false)]
}

/// Who gets a new manager.
pub(super) fn managed(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let (user, manager) = pair(scene, predicate);
    let pronoun = user.as_ref().filter(|span| span.what == What::Pronoun);
    // "set his manager to Ada": he is somebody of the thread, not she.
    if let (Some(pronoun), Some(manager)) = (pronoun, &manager) {
        let others: Vec<Span> = scene
            .antecedents(pronoun)
            .into_iter()
            .filter(|span| span.what != manager.what)
            .collect();
        if others.is_empty() {
            let before = scene.thread_person();
            return filled(scene, before.map(|what| Span { what, ..pronoun.clone() }));
        }
    }
    let all = user.as_ref().map(|user| listed(scene, predicate, user, manager.as_ref()));
    match all {
        Some(all) if all.len() > 1 => {
            all.iter().map(|span| person(scene, span, &span.what, false)).collect()
        }
        _ => filled(scene, user),
    }
}

/// "the manager of Ada and Bo": all of the list that begins with the first.
fn listed(
    scene: &Scene<'_>,
    predicate: &Predicate,
    user: &Span,
    manager: Option<&Span>,
) -> Vec<Span> {
    let of = user.from.checked_sub(1).map_or("", |at| scene.word(at));
    if !["of", "for"].contains(&of) {
        return Vec::new();
    }
    let others = scene.lattice.spans_in(user.from, predicate.to).filter(|span| {
        matches!(span.what, What::People(..))
            && !span.negated
            && manager.is_none_or(|manager| manager.from != span.from)
    });
    scene.cluster(others, true)
}

/// The new manager.
pub(super) fn manager(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    filled(scene, pair(scene, predicate).1)
}
