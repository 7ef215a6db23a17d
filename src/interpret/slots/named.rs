//! Devices, mailboxes, roles, policies, apps, workbooks; and who else is named.

use serde_json::Value;

use super::{Filled, because, people::person, said_here, which};
use crate::{
    actions::wording::Sort,
    domain::trouble::{Ask, Choice, Question},
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        governed,
        lexicon::{object_class, object_of},
        scene::Scene,
    },
};

/// What people call a device, and what the directory calls its form.
const FORMS: &[(&str, &[&str])] = &[
    (
        "laptop",
        &["laptop", "laptops", "notebook", "macbook", "surface", "computer", "pc", "machine"],
    ),
    ("desktop", &["desktop", "workstation", "computer", "pc", "machine"]),
    (
        "phone",
        &[
            "phone",
            "mobile",
            "iphone",
            "handset",
            "android",
            "cell",
            "smartphone",
            "pixel",
            "galaxy",
            "fone",
            "cellphone",
            "telephone",
        ],
    ),
    ("tablet", &["tablet", "ipad"]),
];

/// Does somebody call a device so?
pub(in crate::interpret) fn is_device(word: &str) -> bool {
    FORMS.iter().any(|(_, words)| words.contains(&word))
}

fn inside(predicate: &Predicate, span: &Span) -> bool {
    span.from >= predicate.from && span.to <= predicate.to && !span.negated
}

/// The things of this sort that the predicate names.
fn named<'s>(
    scene: &'s Scene<'_>,
    predicate: &Predicate,
    sort: Sort,
) -> impl Iterator<Item = (&'s Span, Vec<usize>)> {
    let spans: Vec<&Span> =
        scene.lattice.spans.iter().filter(|span| inside(predicate, span)).collect();
    spans.into_iter().filter_map(move |span| {
        let What::Named(all) = &span.what else { return None };
        let fit = |at: &usize| scene.index.named[*at].sort == sort;
        let all: Vec<usize> = all.iter().copied().filter(fit).collect();
        (!all.is_empty()).then_some((span, all))
    })
}

fn value(scene: &Scene<'_>, predicate: &Predicate, span: &Span, at: usize) -> Filled {
    let why = said_here(scene, span, predicate.quoted);
    Filled::Value(Value::String(scene.index.named[at].value.clone()), why)
}

fn one_of(scene: &Scene<'_>, said: Option<String>, all: &[usize]) -> Filled {
    let choice = |at: &usize| {
        let named = &scene.index.named[*at];
        let detail = [named.form.as_deref(), named.owner.as_deref()];
        Choice {
            value: named.value.clone(),
            label: named.name.clone(),
            detail: detail.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        }
    };
    let choices = all.iter().take(10).map(choice).collect();
    Filled::Ask(Question { ask: Ask::WhichOne, said, choices })
}

/// Things of one sort, by name.
pub(super) fn things(
    scene: &Scene<'_>,
    predicate: &Predicate,
    sort: Sort,
    memory: &[Span],
) -> Vec<Filled> {
    // "take role A off her, role B will do": another clause speaks of another role.
    let mut before: Option<(usize, usize)> = None;
    let mut apart = false;
    let joined = |(span, _): &(&Span, Vec<usize>)| {
        let person = before.is_some_and(|last| {
            scene.lattice.spans_in(last.1, span.from).any(Span::person)
                && (last.1..span.from).any(|at| scene.tokens[at].is(','))
        });
        apart |= sort == Sort::Role && person;
        before = Some((span.from, span.to));
        !apart
    };
    let one = |(span, all): (&Span, Vec<usize>)| match all.as_slice() {
        [one] => value(scene, predicate, span, *one),
        _ => one_of(scene, Some(scene.said(span.from, span.to)), &all),
    };
    let found: Vec<Filled> = named(scene, predicate, sort).filter(joined).map(one).collect();
    if !found.is_empty() {
        return found;
    }
    // "She now has LT-30, register her as owner of this device": what was named, and not what
    // else she has.
    let this = (predicate.from..predicate.to).any(|at| {
        ["this", "that"].contains(&scene.word(at))
            && (is_device(scene.word(at + 1)) || scene.word(at + 1) == "device")
    });
    // "wipe the second one": of those that were listed.
    let this = this || governed::nth(scene, predicate).is_some();
    if sort == Sort::Device && this {
        let pointed = pointed(scene, predicate, sort, memory);
        if !pointed.is_empty() {
            return pointed;
        }
    }
    if sort == Sort::Device
        && let Some(filled) = device_of(scene, predicate)
    {
        return vec![filled];
    }
    let pointed = pointed(scene, predicate, sort, memory);
    if pointed.is_empty() { vec![which(Ask::WhatOne)] } else { pointed }
}

/// What "it" means of what was named before; "both" and "them" mean all of it.
fn pointed(scene: &Scene<'_>, predicate: &Predicate, sort: Sort, memory: &[Span]) -> Vec<Filled> {
    let said = |words: &[&str]| {
        (predicate.verb + 1..predicate.to).any(|at| words.contains(&scene.word(at)))
    };
    let many = said(&["them", "both", "these", "those"]);
    // "the device", "that mailbox"
    let own = object_of(sort);
    let called = scene.lattice.hits.iter().any(|hit| {
        hit.from > predicate.verb
            && hit.to <= predicate.to
            && hit.classes & own != 0
            && (1..=2)
                .filter_map(|back| hit.from.checked_sub(back))
                .any(|at| ["the", "this", "that", "said"].contains(&scene.word(at)))
    });
    let nth = governed::nth(scene, predicate);
    if !many && !called && nth.is_none() && !said(&["it", "that", "same", "this"]) {
        return Vec::new();
    }
    let mut all: Vec<(&Span, usize)> = Vec::new();
    for span in memory {
        let What::Named(found) = &span.what else { continue };
        let [one] = found.as_slice() else { continue };
        if scene.index.named[*one].sort == sort {
            all.retain(|(_, other)| other != one);
            all.push((span, *one));
        }
    }
    if let Some(nth) = nth {
        let one = governed::pick(&all, nth);
        return one.map(|(span, one)| value(scene, predicate, span, *one)).into_iter().collect();
    }
    let first = if many { 0 } else { all.len().saturating_sub(1) };
    all[first..].iter().map(|(span, one)| value(scene, predicate, span, *one)).collect()
}

/// "Megan's laptop", "his phone".
fn device_of(scene: &Scene<'_>, predicate: &Predicate) -> Option<Filled> {
    let words = predicate.from..predicate.to;
    let forms: Vec<&str> = FORMS
        .iter()
        .filter(|(_, said)| {
            words.clone().any(|at| said.contains(&scene.word(at)) && !is_fine(scene, at))
        })
        .map(|(form, _)| *form)
        .collect();
    let spans = scene.people(predicate);
    let [span] = spans.as_slice() else { return None };
    let upn = match person(scene, span, &span.what, false) {
        Filled::Value(Value::String(upn), _) => upn,
        Filled::Ask(question) => return Some(Filled::Ask(question)),
        _ => return None,
    };
    let mut all = scene.index.owned(Sort::Device, &upn);
    let narrow: Vec<usize> = all
        .iter()
        .copied()
        .filter(|at| {
            let form = scene.index.named[*at].form.as_deref().unwrap_or_default();
            forms.is_empty() || forms.contains(&form)
        })
        .collect();
    if !forms.is_empty() {
        all = narrow;
    }
    match all.as_slice() {
        [] => None,
        [one] => Some(value(scene, predicate, span, *one)),
        _ => Some(one_of(scene, Some(scene.said(span.from, span.to)), &all)),
    }
}

/// "Wipe it please, laptop's OK", "her phone is fine": what nothing is to be done with.
fn is_fine(scene: &Scene<'_>, at: usize) -> bool {
    const FINE: &[&str] =
        &["ok", "okay", "fine", "safe", "here", "good", "unaffected", "stays", "alright"];
    let is = ["is", "was", "isnt"].contains(&scene.word(at + 1));
    let next = at + 1 + usize::from(is);
    (is || scene.tokens[at].possessive || scene.word(next) == "stays")
        && (next..next + 2).any(|at| FINE.contains(&scene.word(at)))
}

/// Whose mailbox: the span, and its address or the person it is.
fn mailbox_span(scene: &Scene<'_>, predicate: &Predicate) -> Option<Span> {
    if let Some((span, _)) = named(scene, predicate, Sort::Mailbox).next() {
        return Some(span.clone());
    }
    let mail = object_class("mailbox") | object_of(Sort::Mailbox) | object_class("forwarding");
    let people: Vec<&Span> = scene
        .lattice
        .spans
        .iter()
        .filter(|span| inside(predicate, span) && span.person())
        .collect();
    let next = |at: usize| scene.lattice.hit_at.get(at).copied().flatten();
    let is_mail =
        |hit: Option<usize>| hit.is_some_and(|hit| scene.lattice.hits[hit].classes & mail != 0);
    let owns = |span: &&&Span| {
        is_mail(next(span.to)) || is_mail(next(span.to + 1)) && scene.word(span.to) != "to"
    };
    let of = |span: &&&Span| {
        let before = |back: usize| span.from.checked_sub(back);
        let word = before(1).map_or("", |at| scene.word(at));
        ["of", "for", "on", "from"].contains(&word) && is_mail(before(2).and_then(next))
    };
    people.iter().find(owns).or_else(|| people.iter().find(of)).map(|span| (*span).clone())
}

/// A mailbox, by address: somebody's, or a shared one.
pub(super) fn mailbox(scene: &Scene<'_>, predicate: &Predicate, memory: &[Span]) -> Vec<Filled> {
    let own = mailbox_span(scene, predicate);
    let pointed = pointed(scene, predicate, Sort::Mailbox, memory);
    if own.is_none() && !pointed.is_empty() {
        return pointed;
    }
    // "that one can go": one of the mailboxes, and nobody's.
    let thing = (predicate.from..predicate.to).any(|at| {
        ["that", "this"].contains(&scene.word(at)) && scene.word(at + 1) == "one"
            || scene.word(at) == "it" && scene.word(at + 1) != "is"
    });
    let here = |span: &Span| span.from >= predicate.from && span.to <= predicate.to && span.named();
    let span = own.or_else(|| {
        // "convert ben walters to shared": the one whom the verb is about.
        scene.people(predicate).into_iter().next().filter(|span| !thing || here(span))
    });
    let Some(span) = span else { return vec![which(Ask::WhatMailbox)] };
    if span.what == What::Pronoun {
        let all = scene.antecedents(&span);
        return all.iter().map(|span| person(scene, span, &span.what, false)).collect();
    }
    vec![match &span.what {
        What::Named(all) => {
            let fit = |at: &usize| scene.index.named[*at].sort == Sort::Mailbox;
            let all: Vec<usize> = all.iter().copied().filter(fit).collect();
            match all.as_slice() {
                [one] => value(scene, predicate, &span, *one),
                _ => one_of(scene, Some(scene.said(span.from, span.to)), &all),
            }
        }
        what => person(scene, &span, what, false),
    }]
}

/// "an automatic reply on reception@contoso.com": the shared mailbox that is said right behind
/// the reply, before anybody else is.
pub(super) fn replying(scene: &Scene<'_>, predicate: &Predicate) -> Option<Filled> {
    let (span, all) = named(scene, predicate, Sort::Mailbox)
        .find(|(span, _)| !scene.lattice.literal[span.from])?;
    let [one] = all.as_slice() else { return None };
    let mut at = span.from;
    while at > 0
        && ["the", "our", "shared", "mailbox", "inbox", "address"].contains(&scene.word(at - 1))
    {
        at -= 1;
    }
    let before = at.checked_sub(1).map_or("", |at| scene.word(at));
    let alone = !scene.lattice.spans_in(predicate.from, span.from).any(Span::named);
    let led = ["on", "of", "for", "in", "from", "at"].contains(&before);
    (alone && led).then(|| value(scene, predicate, span, *one))
}

/// Somebody who is not the first: "make Lee Grace's manager", "… to Grace".
pub(super) fn second(
    scene: &Scene<'_>,
    predicate: &Predicate,
    first: Option<&Filled>,
) -> Vec<Filled> {
    let taken = match first {
        Some(Filled::Value(Value::String(taken), _)) => taken.as_str(),
        _ => "",
    };
    let box_of = mailbox_span(scene, predicate);
    let others = scene.lattice.spans.iter().filter(|span| {
        inside(predicate, span)
            && span.person()
            && box_of.as_ref().is_none_or(|mailbox| mailbox.from != span.from)
    });
    let mut found = Vec::new();
    for span in others {
        match person(scene, span, &span.what, false) {
            Filled::Value(Value::String(upn), _) if upn == taken => {}
            _ if !taken.is_empty() && scene.word(span.from) == taken => {}
            filled => found.push(filled),
        }
    }
    // "put me down as his sponsor": his says whose.
    if found.iter().any(|filled| matches!(filled, Filled::Value(..))) {
        found.retain(|filled| matches!(filled, Filled::Value(..)));
    }
    if found.is_empty() { vec![which(Ask::Whom)] } else { found }
}

/// A mail address: as written, or somebody's.
pub(super) fn address(scene: &Scene<'_>, predicate: &Predicate, first: Option<&Filled>) -> Filled {
    let taken = match first {
        Some(Filled::Value(Value::String(taken), _)) => taken.to_lowercase(),
        _ => String::new(),
    };
    let written = (predicate.from..predicate.to).find_map(|at| {
        let said = &scene.tokens[at].folded;
        (said.contains('@') && said.contains('.') && *said != taken).then_some((at, said.clone()))
    });
    if let Some((at, said)) = written {
        let why = because(scene, at, at + 1, "", predicate.quoted);
        return Filled::Value(Value::String(said), Some(why));
    }
    second(scene, predicate, first).into_iter().next().unwrap_or(Filled::Absent)
}
