//! Which group, which licence.

use super::{Filled, said_here};
use serde_json::Value;

use crate::{
    domain::trouble::{Ask, Choice, Question},
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        governed,
        index::Index,
        lexicon::{object_class, verb_class},
        scene::Scene,
    },
};

/// The value of a group: its name, or its id when others bear the same name.
pub(in crate::interpret) fn group_value(index: &Index, at: usize) -> String {
    let group = &index.groups[at];
    if index.namesakes(at) > 1 { group.id.to_string() } else { group.name.clone() }
}

pub(super) fn groups(
    scene: &Scene<'_>,
    predicate: &Predicate,
    into: bool,
    memory: &[Span],
) -> Vec<Filled> {
    let mut spans = scene.groups(predicate, into);
    let everything = (predicate.from..predicate.to).any(|at| {
        ["all", "every", "any"].contains(&scene.word(at))
            && (1..=4).any(|next| {
                ["group", "groups", "memberships", "lists"].contains(&scene.word(at + next))
            })
    });
    if spans.is_empty() && everything && !into {
        return vec![Filled::Value(Value::String("ALL".to_owned()), None)];
    }
    if spans.is_empty() {
        spans = recalled(scene, predicate, memory, |what| matches!(what, What::Group(_)));
    }
    if spans.is_empty() {
        spans = only_group(scene, predicate);
    }
    if spans.is_empty() {
        return vec![Filled::Ask(Question {
            ask: Ask::WhatGroup,
            said: None,
            choices: Vec::new(),
        })];
    }
    let one = |span: &Span| {
        let said = scene.said(span.from, span.to);
        match &span.what {
            What::Group(all) if all.len() == 1 => Filled::Value(
                Value::String(group_value(scene.index, all[0])),
                said_here(scene, span, predicate.quoted),
            ),
            What::Group(all) => Filled::Ask(Question::which(
                Ask::WhichGroup,
                Some(said),
                all.iter().map(|at| crate::actions::look::group_choice(&scene.index.groups[*at])),
            )),
            _ => {
                Filled::Ask(Question { ask: Ask::WhatGroup, said: Some(said), choices: Vec::new() })
            }
        }
    };
    spans.iter().map(one).collect()
}

/// "put Ada in the list of Warehouse Staff": the one group that is named at all.
fn only_group(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Span> {
    let inside = |span: &&Span| {
        span.from >= predicate.from
            && span.to <= predicate.to
            && matches!(span.what, What::Group(_))
            && !span.negated
    };
    let mut found = scene.lattice.spans.iter().filter(inside);
    match (found.next(), found.next()) {
        (Some(only), None) => vec![only.clone()],
        _ => Vec::new(),
    }
}

/// "it", "that one": what was named last of this sort.
fn recalled(
    scene: &Scene<'_>,
    predicate: &Predicate,
    memory: &[Span],
    wanted: fn(&What) -> bool,
) -> Vec<Span> {
    const LABELS: &[&str] = &[
        "group",
        "groups",
        "group name",
        "distribution list",
        "list",
        "dl",
        "team",
        "licence",
        "license",
        "licence type",
        "license type",
        "product",
        "sku",
        "security group",
    ];
    let points = (predicate.verb + 1..predicate.to)
        .any(|at| ["it", "that", "them", "those", "same"].contains(&scene.word(at)));
    let mut all: Vec<&Span> = Vec::new();
    let before = |span: &&Span| wanted(&span.what) && span.from <= predicate.to;
    for span in memory.iter().filter(before) {
        all.retain(|other| other.what != span.what);
        all.push(span);
    }
    if let Some(nth) = governed::nth(scene, predicate)
        && let Some(one) = governed::pick(&all, nth)
    {
        return vec![(*one).clone()];
    }
    let last = memory.iter().rev().find(before);
    if points || governed::ends_here(scene, predicate) || governed::only_whom(scene, predicate) {
        return last.cloned().into_iter().collect();
    }
    if let Some(value) = scene.fielded(LABELS, wanted) {
        return vec![value];
    }
    // "Grace is missing from Project Atlas, please add her": the only one there is.
    let things: Vec<&Span> = scene
        .lattice
        .spans
        .iter()
        .filter(|span| wanted(&span.what) && !span.negated && span.to <= predicate.verb)
        .collect();
    let only = things.first().filter(|first| things.iter().all(|span| span.what == first.what));
    let near = only.filter(|span| scene.sentence(span.from) == scene.sentence(predicate.verb));
    near.map(|span| (*span).clone()).into_iter().collect()
}

/// The part number of a licence; which one, where several are called so.
pub(in crate::interpret) fn sku_value(scene: &Scene<'_>, span: &Span, skus: &[usize]) -> Filled {
    let quoted = scene.sentence(span.from).quoted;
    if let [one] = skus {
        let part = scene.index.skus[*one].part_number.clone();
        return Filled::Value(Value::String(part), said_here(scene, span, quoted));
    }
    let choice = |at: &usize| {
        let sku = &scene.index.skus[*at];
        let (value, detail) = (sku.part_number.clone(), sku.part_number.clone());
        Choice { value, label: sku.name.clone(), detail }
    };
    let said = Some(scene.said(span.from, span.to));
    Filled::Ask(Question::which(Ask::WhichLicence, said, skus.iter().map(choice)))
}

/// "from Visio to Project", "Visio for Project": the one that somebody gets.
fn moved_into(scene: &Scene<'_>, span: &Span) -> bool {
    const INTO: &[&str] = &["to", "into", "onto", "for", "with", "by"];
    let before = (1..=3).filter_map(|back| span.from.checked_sub(back));
    let lead = before
        .map(|at| scene.word(at))
        .find(|word| !["a", "an", "the", "their", "his", "her", "our"].contains(word));
    lead.is_some_and(|word| INTO.contains(&word))
}

/// One licence goes and another comes: both are named.
pub fn swaps_licences(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let mut into = scene
        .lattice
        .spans
        .iter()
        .filter(|span| {
            matches!(span.what, What::Sku(_))
                && span.from >= predicate.from
                && span.to <= predicate.to
        })
        .map(|span| moved_into(scene, span));
    let first = into.next();
    first.is_some_and(|first| into.any(|other| other != first))
}

pub(super) fn licences(
    scene: &Scene<'_>,
    predicate: &Predicate,
    person: Option<&Filled>,
    held: bool,
    memory: &[Span],
) -> Vec<Filled> {
    let inside = |from: usize, to: usize| from >= predicate.from && to <= predicate.to;
    let sku = |span: &&Span| matches!(span.what, What::Sku(_)) && inside(span.from, span.to);
    let mut spans: Vec<Span> =
        scene.lattice.spans.iter().filter(sku).filter(|s| !s.negated).cloned().collect();
    if predicate.classes & verb_class("move") != 0 {
        spans.retain(|span| moved_into(scene, span) != held);
    }
    let spared = scene.lattice.spans.iter().filter(sku).any(|span| span.negated);
    let upn = match person {
        Some(Filled::Value(Value::String(upn), _)) => Some(upn.as_str()),
        _ => None,
    };
    let holds = upn.and_then(|upn| scene.index.person(upn)).and_then(|person| person.held);
    if spans.is_empty() {
        spans = recalled(scene, predicate, memory, |what| matches!(what, What::Sku(_)));
    }
    let value = |part: &str, why| Filled::Value(Value::String(part.to_owned()), why);
    let all = object_class("all_licences");
    let plural =
        scene.lattice.hits.iter().any(|hit| hit.classes & all != 0 && inside(hit.from, hit.to));
    if spans.is_empty() && held && !plural {
        // "The Copilot trial is over. Take the licence off her.": the one that was spoken of,
        // whatever else she holds.
        let said = |span: &&Span| {
            matches!(span.what, What::Sku(_)) && span.to > 0 && span.to <= predicate.from
        };
        let mut named: Vec<&Span> = memory.iter().filter(said).collect();
        named.dedup_by(|one, other| one.what == other.what);
        if let [one] = named.as_slice() {
            spans.push((*one).clone());
        }
    }
    if spans.is_empty() && held {
        if plural && !spared {
            return vec![value("ALL", None)];
        }
        if let Some([one]) = holds
            && !spared
        {
            return vec![value(one, None)];
        }
    }
    if spans.is_empty() {
        return vec![Filled::Ask(Question {
            ask: Ask::WhatLicence,
            said: None,
            choices: Vec::new(),
        })];
    }
    let one = |span: &Span| {
        let What::Sku(all) = &span.what else { return Filled::Absent };
        let mut left: Vec<usize> = all.clone();
        if held
            && left.len() > 1
            && let Some(holds) = holds
        {
            let owned = |at: &usize| holds.contains(&scene.index.skus[*at].part_number);
            if left.iter().any(owned) {
                left.retain(owned);
            }
        }
        sku_value(scene, span, &left)
    };
    spans.iter().map(one).collect()
}
