//! What "it", "that one", "that phone", "5 more" and "him" mean, where only one thing or
//! person can be meant.
//!
//! Not here: rights on a mailbox ([`super::rights`]).

use super::{
    Edit, again,
    described::{Kind, Thing, named},
    only_person, own,
};
use crate::interpret::{
    clauses::Sentence,
    entities::What,
    scene::Scene,
    slots,
    text::{Sort, Token},
};

/// The words that are looked at.
const POINTS: &[&str] = &[
    "it",
    "its",
    "that",
    "this",
    "the",
    "one",
    "them",
    "those",
    "of",
    "more",
    "additional",
    "extra",
    "further",
    "another",
    "him",
    "her",
    "unlock",
    "reenable",
    "unblock",
    "reactivate",
];
/// Words of "it is late": nothing is pointed at.
const EMPTY: &[&str] = &[
    "is", "was", "isnt", "wasnt", "seems", "looks", "appears", "would", "will", "wont", "happens",
    "took", "takes", "rains", "depends", "seemed", "looked",
];
/// Behind "that" they make it the subject of what is to be done.
const MODALS: &[&str] =
    &["can", "could", "should", "must", "may", "needs", "has", "ought", "might"];
/// Behind "that" they end what is said of it.
const BEHIND: &[&str] = &[
    "away",
    "off",
    "back",
    "please",
    "pls",
    "now",
    "again",
    "from",
    "too",
    "today",
    "tomorrow",
    "tonight",
    "asap",
    "to",
    "remotely",
    "completely",
];
/// Before "that" they make something else of it.
const BEFORE: &[&str] = &[
    "after",
    "before",
    "like",
    "for",
    "of",
    "with",
    "about",
    "than",
    "so",
    "and",
    "or",
    "but",
    "because",
    "know",
    "think",
    "said",
    "says",
    "sure",
    "hope",
    "confirm",
    "confirmed",
    "mind",
    "all",
    "in",
    "at",
    "by",
    "see",
    "told",
];
/// Behind "the same" they make it a likeness.
const LIKE: &[&str] = &[
    "for", "as", "thing", "with", "to", "goes", "problem", "issue", "story", "way", "person",
    "day", "time", "group", "role", "licence", "license", "mailbox", "rights", "access", "here",
];
/// Before "one" they want one of what was spoken of.
const WANTS: &[&str] =
    &["need", "needs", "want", "wants", "get", "gets", "have", "require", "requires"];
/// With these verbs more seats are bought.
const BUYS: &[&str] =
    &["buy", "order", "purchase", "procure", "get", "add", "acquire", "take", "cancel", "return"];
/// A right is taken so, and a thing too: with somebody named beside, it may be either.
const TAKES: &[&str] = &[
    "take",
    "taken",
    "remove",
    "removed",
    "withdraw",
    "withdrawn",
    "revoke",
    "revoked",
    "cancel",
    "cancelled",
    "pull",
    "strip",
    "drop",
    "lose",
    "lift",
    "end",
    "stop",
];

/// All that is pointed at in these sentences.
pub(super) fn edits(scene: &Scene<'_>, all: &[Sentence]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut things: Vec<Vec<Thing>> = Vec::new();
    for (number, sentence) in all.iter().enumerate() {
        let own = named(scene, all, *sentence);
        things.push(own);
        let mut at = sentence.from;
        while at < sentence.to {
            // No work is done for words that point at nothing.
            if !POINTS.contains(&scene.tokens[at].folded.as_str()) {
                at += 1;
                continue;
            }
            let known = &things[..=number];
            let edit = mails(scene, all, at)
                .or_else(|| pronoun(scene, *sentence, at, known))
                .or_else(|| more(scene, *sentence, at, known))
                .or_else(|| person(scene, all, at));
            match edit {
                Some(edit) => {
                    at = edit.to.max(at + 1);
                    edits.push(edit);
                }
                None => at += 1,
            }
        }
    }
    edits
}

/// "Is it possible that Ada gets my mails? Forward them to her": whose mails "them" are.
fn mails(scene: &Scene<'_>, all: &[Sentence], at: usize) -> Option<Edit> {
    const BACK_MAX: usize = 60;
    const SENDS: &[&str] = &["forward", "redirect", "divert", "send", "route", "pass", "reroute"];
    const MAILS: &[&str] = &["mail", "mails", "email", "emails", "messages", "post", "inbox"];
    let before = at.checked_sub(1).map_or("", |at| scene.word(at));
    let points = ["them", "those", "it"].contains(&scene.word(at)) && SENDS.contains(&before);
    let from = all.first().filter(|_| points)?.from.max(at.saturating_sub(BACK_MAX));
    let mut whose = (from..at).filter(|at| MAILS.contains(&scene.word(*at))).filter_map(|noun| {
        let owner = scene.span(noun.checked_sub(1)?)?;
        let mine = owner.what == What::Me && scene.word(owner.from) == "my";
        let named = owner.named() && scene.tokens[owner.to - 1].possessive;
        (mine || named).then(|| (owner.clone(), noun))
    });
    let (owner, noun) = whose.next()?;
    let same = whose.all(|(other, _)| other.what == owner.what);
    let mut said = again(scene, (owner.from, owner.to), owner.what != What::Me);
    said.extend(again(scene, (noun, noun + 1), false));
    same.then(|| Edit { from: at, to: at + 1, said })
}

/// The one thing that can be meant here: of the same sentence before, else of the two before it.
fn meant(things: &[Vec<Thing>], at: usize, fits: impl Fn(&Thing) -> bool) -> Option<&Thing> {
    let near = things.iter().rev().take(3);
    let mut near = near.map(|all| all.iter().filter(|one| one.at < at).collect::<Vec<_>>());
    let found = near.find(|all| all.iter().any(|one| fits(one)))?;
    let fitting: Vec<&&Thing> = found.iter().filter(|one| fits(one)).collect();
    let [one] = fitting.as_slice() else { return None };
    Some(one)
}

/// "that mailbox", "the policy", and nothing behind it that says which.
fn called(scene: &Scene<'_>, at: usize) -> bool {
    const CALLED: &[&str] = &[
        "mailbox",
        "inbox",
        "group",
        "list",
        "licence",
        "license",
        "policy",
        "rule",
        "app",
        "application",
        "workbook",
        "spreadsheet",
    ];
    CALLED.contains(&scene.word(at + 1))
        && !["of", "for", "called", "named"].contains(&scene.word(at + 2))
        && scene.span(at + 2).is_none_or(|span| !span.is_thing())
}

/// "it", "that one", "its", "that phone".
fn pronoun(
    scene: &Scene<'_>,
    sentence: Sentence,
    at: usize,
    things: &[Vec<Thing>],
) -> Option<Edit> {
    if scene.lattice.literal[at] {
        return None;
    }
    let (word, next) = (scene.word(at), scene.word(at + 1));
    let before =
        at.checked_sub(1).filter(|at| *at >= sentence.from).map_or("", |at| scene.word(at));
    let ends = at + 1 >= sentence.to || !scene.tokens[at + 1].word();
    let called = called(scene, at);
    let behind = at + 2 >= sentence.to || !scene.tokens[at + 2].word();
    let (to, owns) = match word {
        "it" if next == "all" && !EMPTY.contains(&scene.word(at + 2)) => (at + 2, false),
        "it" if !EMPTY.contains(&next)
            && !["as", "how", "so", "call", "name", "label", "title"].contains(&before)
            // "her manager signed off on it": what was asked, and no thing.
            && (before != "on" || at < 3 || scene.word(at - 2) != "off") =>
        {
            (at + 1, false)
        }
        "its" if !ends => (at + 1, true),
        "them" if ["out", "off"].contains(&next) => (at + 1, false),
        "that" | "this" if next == "one" => (at + 2, false),
        "the" if next == "same" && !LIKE.contains(&scene.word(at + 2)) => (at + 2, false),
        "the" if next == "said" => (at + 3, false),
        "one" if (ends || BEHIND.contains(&next)) && WANTS.contains(&before) => (at + 1, false),
        "that" | "this" | "the" if slots::is_device(next) => (at + 2, false),
        "that" | "this" | "said" if called => (at + 2, false),
        // "… of the policy.": nothing behind it says which.
        "the" if called && behind => (at + 2, false),
        "that" | "this" if MODALS.contains(&next) && before != "so" => (at + 1, false),
        "that" | "this" if (ends || BEHIND.contains(&next)) && !BEFORE.contains(&before) => {
            let verb = !before.is_empty() && scene.span(at - 1).is_none();
            if !verb {
                return None;
            }
            (at + 1, false)
        }
        _ => return None,
    };
    let named = scene.span(to).is_some_and(|span| span.is_thing() && span.from == to);
    let device = to == at + 2 && slots::is_device(next);
    let called = called && to == at + 2;
    if named || device && scene.tokens[at + 1].possessive {
        return None;
    }
    let takes = (sentence.from..sentence.to).any(|at| TAKES.contains(&scene.word(at)));
    let forwards = (sentence.from..sentence.to).any(|at| scene.word(at).starts_with("forward"));
    let fits = |thing: &Thing| {
        let right = takes && thing.with_people && thing.sort == Kind::Mailbox && !forwards;
        if called && !thing.nouns.contains(&next) {
            return false;
        }
        let one = word != "one" || thing.sort == Kind::Licence;
        // "leave them out of it": who is left out, and what of.
        let them = thing.group && (sentence.from..at).any(|at| scene.word(at) == "them");
        let one = one && !them && (word != "them" || thing.group);
        // "Ada's group should be excluded from it": what of, and not the group.
        let spared = before == "from"
            && (sentence.from..at)
                .any(|at| ["excluded", "exempt", "exempted", "excepted"].contains(&scene.word(at)));
        let one = one && !(spared && thing.group);
        (!device || thing.sort == Kind::Device) && !right && one
    };
    let thing = meant(things, at, fits)?;
    // Whatever is meant has been said before another clause began.
    let said_before = (thing.at..at).any(|at| {
        matches!(scene.tokens[at].sort, Sort::Mark(_) | Sort::Line)
            || ["and", "so", "but", "then", "because"].contains(&scene.word(at))
    });
    if !said_before {
        return None;
    }
    let mut said = thing.said.clone();
    if let Some(last) = said.last_mut().filter(|_| owns) {
        last.possessive = true;
    }
    Some(Edit { from: at, to, said })
}

/// "Buy 5 more": of the licence that was spoken of.
fn more(scene: &Scene<'_>, sentence: Sentence, at: usize, things: &[Vec<Thing>]) -> Option<Edit> {
    // "Cancel eight of them."
    let of_them =
        scene.word(at) == "of" && ["them", "those", "these"].contains(&scene.word(at + 1));
    let adds =
        of_them || ["more", "additional", "extra", "further", "another"].contains(&scene.word(at));
    // "5 more", "a further 5"
    let before = at.checked_sub(1).is_some_and(|at| slots::figure(scene.word(at)).is_some());
    let behind = !before && slots::figure(scene.word(at + 1)).is_some();
    let counted = before || behind;
    let buys = (sentence.from..at).any(|at| BUYS.contains(&scene.word(at)));
    // "Two more please." alone
    let alone = before
        && at == sentence.from + 1
        && (at + 1..sentence.to).all(|at| {
            let small = ["seats", "licences", "licenses", "of", "them", "please", "pls", "then"];
            !scene.tokens[at].word() || small.contains(&scene.word(at))
        });
    let buys = buys || alone;
    let named = scene
        .lattice
        .spans_in(sentence.from, sentence.to)
        .any(|span| !matches!(span.what, What::Me | What::Nobody));
    let mut to = at + 1 + usize::from(behind);
    while ["seats", "licences", "licenses", "ones", "of", "those", "them", "these"]
        .contains(&scene.word(to))
    {
        to += 1;
    }
    let ends = to >= sentence.to
        || !scene.tokens[to].word()
        || ["please", "pls", "now", "today", "asap", "for"].contains(&scene.word(to));
    if !adds || !counted || !buys || named || !ends {
        return None;
    }
    let licence = meant(things, at, |thing| thing.sort == Kind::Licence)?;
    let mut said: Vec<Token> = Vec::new();
    if !of_them {
        said.push(own(scene, "more", at, at + 1));
    }
    if alone {
        said.splice(0..0, [own(scene, "buy", at - 1, at), scene.tokens[at - 1].clone()]);
    }
    if behind {
        said.extend(again(scene, (at + 1, at + 2), false));
    }
    said.extend(licence.said.clone());
    said.push(own(scene, "licences", at, at + 1));
    Some(Edit { from: at - usize::from(alone), to, said })
}

/// "enter him as owner": the one person named so far.
fn person(scene: &Scene<'_>, all: &[Sentence], at: usize) -> Option<Edit> {
    let next = scene.word(at + 1);
    let ends = scene.tokens.get(at + 1).is_none_or(|next| !next.word());
    // "… and is locked now. Please unlock."
    let opens = at
        .checked_sub(1)
        .is_some_and(|at| ["please", "pls", "kindly", "to"].contains(&scene.word(at)));
    let bare = ["unlock", "reenable", "unblock", "reactivate"].contains(&scene.word(at));
    if bare && opens && ends && scene.span(at).is_none() {
        let one = only_person(scene, all, at)?;
        let mut said = scene.tokens[at..=at].to_vec();
        said.extend(again(scene, (one.from, one.to), false));
        return Some(Edit { from: at, to: at + 1, said });
    }
    let object = ["as", "to", "from", "in", "on", "off", "into", "onto", "please", "down"];
    let him = match scene.word(at) {
        "him" => true,
        "her" => ends || object.contains(&next),
        _ => false,
    };
    let span = scene.span(at).filter(|span| him && span.what == What::Pronoun && !span.negated)?;
    let one = only_person(scene, all, at)?;
    let said = again(scene, (one.from, one.to), false);
    Some(Edit { from: span.from, to: span.to, said })
}
