//! Several people as one list, whoever is named as an owner, the guest of two people.

use serde_json::Value;

use super::{Filled, because, people::whom};
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    scene::Scene,
};

/// One person's sign-in name; an address that is nobody's here as it stands.
fn upn(scene: &Scene<'_>, span: &Span) -> Option<String> {
    match &span.what {
        What::People(all, _) => match all.as_slice() {
            [one] => Some(scene.index.somebody(*one).upn.to_owned()),
            _ => None,
        },
        What::Me => Some(scene.context.requester.upn.to_string()),
        What::Nobody => {
            let word = scene.word(span.from);
            word.contains('@').then(|| word.to_owned())
        }
        _ => None,
    }
}

/// The people named from the predicate on, to the end of its sentence.
fn named(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Span> {
    let end = scene.form_end(scene.sentence(predicate.verb).to.max(predicate.to));
    let spans = scene.lattice.spans.iter().filter(|span| {
        span.from >= predicate.from
            && span.to <= end
            && (span.named()
                || span.what == What::Me && (scene.beside_others(span) || is_owner(scene, span)))
            && !span.negated
            && !scene.lattice.literal[span.from]
            // "a list called Hull Drivers": what is new is nobody.
            && !(span.what == What::Nobody
                && span.from > 0
                && ["called", "named"].contains(&scene.word(span.from - 1)))
    });
    spans.cloned().collect()
}

/// "owned by Lee", "owner: Lee", "Lee as the owner".
fn is_owner(scene: &Scene<'_>, span: &Span) -> bool {
    let before = (1..=4).filter_map(|back| span.from.checked_sub(back)).map(|at| scene.word(at));
    let owner = |word: &str| ["owner", "owners", "owned"].contains(&word);
    // "me as owner, Ada and Bo in it": of the one before.
    let of_another = (1..=4).filter_map(|back| span.from.checked_sub(back)).any(|at| {
        let as_owner = owner(scene.word(at))
            && (1..=2).filter_map(|back| at.checked_sub(back)).any(|at| scene.word(at) == "as");
        as_owner && (at..span.from).any(|at| scene.tokens[at].is(','))
    });
    if of_another {
        return false;
    }
    if (scene.word(span.to), scene.word(span.to + 1)) == ("in", "charge")
        || ["owns", "own"].contains(&scene.word(span.to)) && scene.word(span.to + 1) == "it"
    {
        return true;
    }
    let mut before = before.take_while(|word| !["member", "members", "with"].contains(word));
    let after = (span.to..span.to + 3).map(|at| scene.word(at)).collect::<Vec<_>>();
    before.any(owner) || after.first() == Some(&"as") && after.iter().any(|word| owner(word))
}

/// Several people as one list; whoever is not clear is asked for.
pub(super) fn people(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let mut spans = named(scene, predicate);
    spans.retain(|span| !is_owner(scene, span));
    let mut names: Vec<Value> = Vec::new();
    for span in &spans {
        let Some(upn) = upn(scene, span) else {
            // "a list named Fire Wardens London, with Joni on it"
            if span.what == What::Nobody && spans.len() > 1 && scene.tokens[span.from].capital {
                continue;
            }
            return Filled::Ask(whom(Some(scene.said(span.from, span.to))));
        };
        if !names.contains(&Value::String(upn.clone())) {
            names.push(Value::String(upn));
        }
    }
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => Filled::Value(
            Value::Array(names),
            Some(because(scene, first.from, last.to, "", predicate.quoted)),
        ),
        _ => Filled::Ask(whom(None)),
    }
}

fn one(scene: &Scene<'_>, predicate: &Predicate, span: Option<&Span>) -> Filled {
    match span.and_then(|span| Some((span, upn(scene, span)?))) {
        Some((span, upn)) => Filled::Value(
            Value::String(upn),
            Some(because(scene, span.from, span.to, "", predicate.quoted)),
        ),
        None => Filled::Ask(whom(span.map(|span| scene.said(span.from, span.to)))),
    }
}

/// Whoever is named as an owner.
pub(super) fn owner(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let spans = named(scene, predicate);
    match spans.iter().find(|span| is_owner(scene, span)) {
        None => i_own_it(scene, predicate),
        span => one(scene, predicate, span),
    }
}

/// "Create a group for us, please. I'll own it."
fn i_own_it(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let from = scene.sentence(predicate.verb).from;
    let owns = |at: &usize| {
        scene.word(*at) == "own"
            && ["it", "this", "that"].contains(&scene.word(at + 1))
            && ["ill", "i", "will", "shall"].contains(&scene.word(at - 1))
            && !scene.lattice.literal[*at]
            && scene.sentence(*at).quoted == predicate.quoted
    };
    match (from + 1..scene.tokens.len()).find(owns) {
        Some(at) if !predicate.quoted => Filled::Value(
            Value::String(scene.context.requester.upn.to_string()),
            Some(because(scene, at - 1, at + 2, "", false)),
        ),
        _ => Filled::Ask(whom(None)),
    }
}

/// Of two people the guest: somebody of another organisation, or the one who is called so.
pub(super) fn guest(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let spans = named(scene, predicate);
    let foreign = |span: &&Span| {
        span.what == What::Nobody || upn(scene, span).is_some_and(|upn| upn.contains("#ext#"))
    };
    let called = |span: &&Span| {
        let before = span.from.checked_sub(1).map_or("", |at| scene.word(at));
        ["guest", "for", "of"].contains(&before)
    };
    let found = spans.iter().find(foreign).or_else(|| spans.iter().find(called));
    if found.is_some() {
        return one(scene, predicate, found);
    }
    // "… and put me down as his sponsor": the guest who was named before.
    let pronoun = scene
        .lattice
        .spans_in(predicate.from, predicate.to)
        .filter(|span| span.what == What::Pronoun)
        .flat_map(|span| scene.antecedents(span))
        .find(|span| upn(scene, span).is_some_and(|upn| upn.contains("#ext#")));
    one(scene, predicate, pronoun.as_ref())
}
