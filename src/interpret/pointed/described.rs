//! The things that are named in a sentence, or described: "Ben's mailbox", "she lost her phone", "my
//! iPad"; and what each may be called later.
//!
//! Not here: which of them is meant ([`super::things`]).

use super::{again, only_person, own};
use crate::{
    actions::wording,
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots,
        text::{Sort, Token},
    },
};

/// Something that was named or described.
pub(super) struct Thing {
    pub(super) sort: Kind,
    /// Where it stands.
    pub(super) at: usize,
    pub(super) said: Vec<Token>,
    /// Somebody is spoken of in the same sentence.
    pub(super) with_people: bool,
    /// It is a group of people.
    pub(super) group: bool,
    /// What it may be called: "that policy".
    pub(super) nouns: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Device,
    Mailbox,
    Licence,
    Other,
}

/// The things of one sentence.
pub(super) fn named(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> Vec<Thing> {
    let spans = || scene.lattice.spans_in(sentence.from, sentence.to);
    let with_people = spans().any(|span| span.person() && span.what != What::Me);
    let mut found: Vec<Thing> = Vec::new();
    for span in spans().filter(|span| !span.negated) {
        let Some(sort) = kind(scene, span) else { continue };
        let mut said = again(scene, (span.from, span.to), false);
        if sort == Kind::Mailbox && scene.tokens[span.from].sort != Sort::Address {
            said.push(own(scene, "mailbox", span.from, span.to));
        }
        let folded = |said: &[Token]| said.iter().map(|t| t.folded.clone()).collect::<Vec<_>>();
        if !found.iter().any(|other| folded(&other.said) == folded(&said)) {
            let group = matches!(span.what, What::Group(_));
            let nouns = nouns(scene, span);
            found.push(Thing { sort, at: span.from, said, with_people, group, nouns });
        }
    }
    if !found.iter().any(|thing| thing.sort == Kind::Device) {
        found.extend(described(scene, all, sentence));
    }
    if found.is_empty() {
        found.extend(owned(scene, all, sentence));
    }
    found
}

/// "Ben's mailbox", "his mailbox", "the Ada Park account".
fn owned(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> Option<Thing> {
    let noun = |at: &usize| {
        ["mailbox", "inbox", "account"].contains(&scene.word(*at))
            && scene.span(*at).is_none()
            && !scene.lattice.literal[*at]
    };
    let at = (sentence.from..sentence.to).rfind(noun)?;
    let his = at.checked_sub(1).is_some_and(|at| ["his", "her", "their"].contains(&scene.word(at)));
    let owner =
        owner(scene, sentence, at).or_else(|| only_person(scene, all, at).filter(|_| his))?;
    let mut said = again(scene, (owner.from, owner.to), true);
    said.push(own(scene, scene.word(at), at, at + 1));
    Some(Thing {
        sort: Kind::Mailbox,
        at,
        said,
        with_people: scene.word(at) != "account",
        group: false,
        nouns: MAILBOX,
    })
}

fn kind(scene: &Scene<'_>, span: &Span) -> Option<Kind> {
    match &span.what {
        What::Sku(one) if one.len() == 1 => Some(Kind::Licence),
        What::Group(_) => Some(Kind::Other),
        What::Named(one) if one.len() == 1 => match scene.index.named[one[0]].sort {
            wording::Sort::Device => Some(Kind::Device),
            wording::Sort::Mailbox => Some(Kind::Mailbox),
            wording::Sort::Role => None,
            _ => Some(Kind::Other),
        },
        _ => None,
    }
}

/// "Ada's laptop", "she lost her phone", "the tablet of Ada".
fn described(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> Option<Thing> {
    let device = |at: &usize| {
        slots::is_device(scene.word(*at))
            && scene.span(*at).is_none()
            && !scene.lattice.literal[*at]
    };
    let devices: Vec<usize> = (sentence.from..sentence.to).filter(device).collect();
    let whose: Vec<usize> =
        devices.iter().copied().filter(|at| owner(scene, sentence, *at).is_some()).collect();
    let at = match (whose.as_slice(), devices.as_slice()) {
        ([one], _) | ([], [one]) => *one,
        _ => return None,
    };
    let owner = owner(scene, sentence, at).or_else(|| only_person(scene, all, at));
    let mut said = match owner {
        Some(owner) => again(scene, (owner.from, owner.to), true),
        None if mine(scene, at) || i_lost(scene, all, sentence) => {
            vec![own(scene, "my", at, at + 1)]
        }
        None => return None,
    };
    said.push(own(scene, scene.word(at), at, at + 1));
    Some(Thing { sort: Kind::Device, at, said, with_people: false, group: false, nouns: &[] })
}

/// "Lost: my iPad."
fn mine(scene: &Scene<'_>, at: usize) -> bool {
    (1..=2).filter_map(|back| at.checked_sub(back)).any(|at| {
        scene.word(at) == "my" && scene.span(at).is_some_and(|span| span.what == What::Me)
    })
}

/// "I have lost the telephone of the company": mine, where nobody is named.
fn i_lost(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> bool {
    const LOST: &[&str] = &["lost", "left", "broke", "broken", "dropped", "misplaced", "forgot"];
    let named = all.iter().any(|one| scene.lattice.spans_in(one.from, one.to).any(Span::named));
    let mut places = sentence.from..sentence.to;
    !named
        && places.any(|at| {
            ["i", "ive"].contains(&scene.word(at))
                && (at + 1..at + 3).any(|at| LOST.contains(&scene.word(at)))
        })
}

const MAILBOX: &[&str] = &["mailbox", "inbox"];

/// What a thing of its sort is called.
fn nouns(scene: &Scene<'_>, span: &Span) -> &'static [&'static str] {
    match &span.what {
        What::Sku(_) => &["licence", "license", "seat", "plan"],
        What::Group(_) => &["group", "list", "dl", "team"],
        What::Named(all) => match all.first().map(|one| scene.index.named[*one].sort) {
            Some(wording::Sort::Mailbox) => MAILBOX,
            Some(wording::Sort::Policy) => &["policy", "rule"],
            Some(wording::Sort::App) => &["app", "application"],
            Some(wording::Sort::Workbook) => &["workbook", "file", "spreadsheet"],
            _ => &[],
        },
        _ => &[],
    }
}

/// Whose it is said to be, by name.
fn owner(scene: &Scene<'_>, sentence: Sentence, device: usize) -> Option<Span> {
    let one = |span: &&Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
    let before = scene.lattice.spans_in(sentence.from, device).filter(one);
    let owns = before.filter(|span| {
        span.to + 2 >= device && scene.tokens[span.to - 1].possessive || span.to == device
    });
    let behind = (scene.word(device + 1) == "of").then(|| scene.span(device + 2)).flatten();
    owns.last().or(behind.filter(one)).cloned()
}
