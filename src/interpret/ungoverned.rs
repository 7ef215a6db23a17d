//! Words near a verb that it does not govern: what something is for, what was told before, what
//! a property becomes, what something new is called.
//!
//! Not here: what it governs ([`super::governed`]).

use super::governed::WEAK;
use crate::interpret::{
    clauses::Predicate,
    entities::Hit,
    lexicon::{LOOSE, foreign_classes, object_class, object_classes, verb_class, verb_classes},
    scene::Scene,
};

/// "make her an administrator for the mailbox migration": what it is for is no object.
pub(super) fn only_why(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> bool {
    const WORKS: &[&str] = &[
        "migration",
        "migrations",
        "move",
        "project",
        "rollout",
        "cutover",
        "upgrade",
        "audit",
        "cleanup",
        "merger",
        "switchover",
        "review",
        "rebuild",
        "workshop",
        "demo",
        "pilot",
    ];
    let mut at = hit.from;
    while at > predicate.verb + 1
        && ["the", "our", "this", "that", "a", "an", "next", "new", "coming"]
            .contains(&scene.word(at - 1))
    {
        at -= 1;
    }
    let asks = hit.to == hit.from + 1
        && ["permission", "access"].contains(&scene.word(hit.from))
        && hit.from.checked_sub(1).is_some_and(|at| scene.word(at) == "for")
        && (predicate.from..hit.from)
            .any(|at| ["ask", "asking", "asked"].contains(&scene.word(at)));
    asks || at > predicate.verb + 1
        && ["for", "during"].contains(&scene.word(at - 1))
        && WORKS.contains(&scene.word(hit.to))
}

/// "He cannot connect to the VPN, please add him to …": what is only told of before the
/// order, and is none of ours, is not what the order is about.
pub(super) fn of_another_clause(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> bool {
    const FINITE: &[&str] = &[
        "cannot", "cant", "can", "is", "was", "are", "were", "has", "have", "had", "got", "does",
        "doesnt", "did", "isnt", "keeps", "fails", "says", "will", "needs", "went", "gets",
    ];
    if hit.to > predicate.verb || hit.classes & foreign_classes() == 0 {
        return false;
    }
    let from = scene.sentence(predicate.verb).from;
    let comma =
        (hit.to..predicate.verb).find(|at| [',', ';'].iter().any(|m| scene.tokens[*at].is(*m)));
    let told = comma.is_some_and(|comma| (from..comma).any(|at| FINITE.contains(&scene.word(at))));
    let weak = object_classes(WEAK) | object_classes(LOOSE);
    let own = || {
        scene.lattice.hits.iter().any(|other| {
            other.from > predicate.verb && other.to <= predicate.to && other.classes & !weak != 0
        })
    };
    told && (hit.classes & !object_class("other") == 0 || own())
}

/// "her title should be changed to Depot Manager": what a property becomes is no object.
pub(super) fn in_new_value(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> bool {
    let field = object_class("field");
    let value = object_classes(&["manager_of", "role", "owner"]);
    let changes = predicate.classes & verb_classes(&["change", "set"]) != 0;
    let led = |from: usize| {
        (from..hit.from)
            .any(|at| ["to", "as"].contains(&scene.word(at)) || scene.tokens[at].is('='))
    };
    changes
        && hit.classes & value != 0
        && scene.tokens[hit.from].capital
        && scene.lattice.hits.iter().any(|other| {
            other.from >= predicate.from
                && other.to <= hit.from
                && other.classes & field != 0
                && other.classes & object_class("manager_of") == 0
                && led(other.to)
        })
}

/// "an app called Badge Printer": what something new is called is no object.
pub(super) fn in_new_name(scene: &Scene<'_>, predicate: &Predicate, hit: &Hit) -> bool {
    let create = predicate.classes & verb_class("create") != 0;
    let lead = (predicate.verb + 1..hit.from.min(predicate.to))
        .any(|at| ["called", "named"].contains(&scene.word(at)));
    // "rename the policy to Guest terms"
    let renames = ["rename", "renamed", "retitle"].contains(&scene.word(predicate.verb))
        && (predicate.verb + 1..hit.from.min(predicate.to))
            .any(|at| scene.word(at) == "to" && scene.span(at).is_none());
    if renames {
        return true;
    }
    // "list the apps called payroll"
    let lists = Scene::reads(predicate);
    lead && (lists || create && scene.tokens[hit.from].capital)
}
