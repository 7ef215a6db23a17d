//! Where mail goes on to, whose it is, and whether a copy stays.
//!
//! Not here: who has a right on a mailbox ([`super::mail`]).

use serde_json::Value;

use super::{
    Filled, because,
    mail::{BETWEEN, before, owners, spoken_of, value},
    which,
};
use crate::{
    domain::trouble::Ask,
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        scene::Scene,
    },
};

/// Where mail goes on to: whoever stands behind "to".
fn onward<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> Option<&'s Span> {
    let all = owners(scene, predicate);
    let behind = |words: &[&str]| {
        let mut all = all.iter().rev().copied();
        all.find(|span| words.contains(&before(scene, span)) && span.from > predicate.from)
    };
    // "redirect all that comes to sales@ into info@": into is where it goes.
    let into = behind(&["into", "onto"]).filter(|into| all.iter().any(|span| span.to <= into.from));
    // "mail to sales@ ought to land with Ada"
    let lands = (predicate.from..predicate.to)
        .any(|at| ["land", "lands", "end", "ends", "go", "goes"].contains(&scene.word(at)));
    // "all mail to payroll@ should also reach Ada": whose mail it is, and who gets it.
    let reaches = || {
        let of = all.iter().copied().find(|span| mail_to(scene, span))?;
        all.iter().rev().copied().find(|span| {
            let word = span.from.checked_sub(1).map_or("", |at| scene.word(at));
            span.from >= of.to && ["reach", "reaches", "reaching"].contains(&word)
        })
    };
    let to = || {
        let found = behind(&["to"])?;
        let other = all.iter().rev().copied().find(|span| {
            before(scene, span) == "to" && span.from > found.to && !mail_to(scene, span)
        });
        if mail_to(scene, found) { other } else { Some(found) }
    };
    let with = || behind(&["with"]).filter(|_| lands);
    into.or_else(with).or_else(reaches).or_else(to).or_else(|| behind(&["to"]))
}

/// "mail to sales@", "whatever is sent to sales@": whose mail is spoken of.
fn mail_to(scene: &Scene<'_>, span: &Span) -> bool {
    const MAIL: &[&str] = &[
        "mail",
        "mails",
        "email",
        "emails",
        "message",
        "messages",
        "everything",
        "anything",
        "whatever",
        "post",
        "sent",
        "addressed",
        "coming",
        "comes",
        "arriving",
        "written",
    ];
    let mut at = span.from;
    while at > 0 && BETWEEN.contains(&scene.word(at - 1)) {
        at -= 1;
    }
    at > 1 && scene.word(at - 1) == "to" && MAIL.contains(&scene.word(at - 2))
}

/// Whose mail goes on.
pub(super) fn forwarded(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let to = onward(scene, predicate);
    let own = owners(scene, predicate)
        .into_iter()
        .find(|span| to.is_none_or(|to| to.from != span.from) && !matches!(span.what, What::Me));
    if let Some(span) = own {
        return vec![value(scene, predicate, span)];
    }
    // "stop the forwarding for that mailbox": the one that was spoken of.
    let points = (predicate.from..predicate.to).any(|at| {
        ["that", "this", "said"].contains(&scene.word(at))
            && ["mailbox", "inbox", "address"].contains(&scene.word(at + 1))
    });
    if let Some(spoken) = points.then(|| spoken_of(scene, predicate)).flatten() {
        return vec![value(scene, predicate, &spoken)];
    }
    // "forward it to Adele", "my mail": as any verb's person, the target left out.
    let narrow = Predicate { to: to.map_or(predicate.to, |to| to.from), ..*predicate };
    let found = scene.people(&narrow);
    let found = found.first().filter(|span| to.is_none_or(|to| to.from != span.from));
    vec![found.map_or_else(|| which(Ask::WhatMailbox), |span| value(scene, predicate, span))]
}

/// Where to.
pub(super) fn forward_to(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    if let Some(span) = onward(scene, predicate) {
        return match value(scene, predicate, span) {
            Filled::Ask(asked) if asked.ask == Ask::WhatMailbox => which(Ask::WhatAddress),
            filled => filled,
        };
    }
    which(Ask::WhatAddress)
}

/// "keep a copy", "without a copy".
pub(super) fn keep_copy(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let copy =
        (predicate.verb..sentence.to).find(|at| ["copy", "copies"].contains(&scene.word(*at)));
    // "… until Sunday. A copy must stay in the mailbox, too."
    let next = scene.sentences.around(sentence.to).filter(|next| next.quoted == sentence.quoted);
    let copy = copy.or_else(|| {
        let next = next?;
        let at = (next.from..next.to).find(|at| ["copy", "copies"].contains(&scene.word(*at)))?;
        let stays = ["stay", "stays", "remain", "remains", "keep", "kept", "leave", "left"];
        (next.from..next.to).any(|at| stays.contains(&scene.word(at))).then_some(at)
    });
    // "…, leaving the originals where they are"
    let stays = ["stay", "remain", "remains", "where", "keep", "kept", "leave", "leaving", "left"];
    let original = (predicate.verb..sentence.to)
        .filter(|_| copy.is_none())
        .find(|at| ["original", "originals"].contains(&scene.word(*at)));
    if let Some(at) = original
        && (predicate.verb..sentence.to).any(|at| stays.contains(&scene.word(at)))
    {
        let why = because(scene, at, at + 1, "", predicate.quoted);
        return Filled::Value(Value::Bool(true), Some(why));
    }
    let Some(copy) = copy else { return Filled::Absent };
    let from = copy.saturating_sub(6).max(predicate.verb);
    let not =
        (from..copy).any(|at| ["no", "not", "dont", "without", "never"].contains(&scene.word(at)));
    let why = because(scene, from, copy + 1, "", predicate.quoted);
    Filled::Value(Value::Bool(!not), Some(why))
}
