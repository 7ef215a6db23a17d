//! A right on a mailbox that was told of, and is taken away or wanted back: "He still sends as
//! sales@. Please take that away", "She lost the jobs inbox, can she have it back?"
//!
//! What is taken is the right, never the mailbox. Not here: rights that are asked for with
//! their own words.

use super::{
    Edit, again, only_person, own,
    wishes::{wanted, wished},
};
use crate::{
    actions::wording,
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        text::{Sort, Token},
    },
};

/// So a right is taken.
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
    "canceled",
    "pull",
    "pulled",
    "strip",
    "stripped",
    "lift",
    "lifted",
    "end",
    "ended",
    "stop",
    "stopped",
    "undo",
    "rescind",
    "rescinded",
    "drop",
    "claw",
    "discontinue",
    "discontinued",
    "close",
    "closed",
];
/// What somebody does who has a right.
const USES: &[&str] = &[
    "access",
    "read",
    "reads",
    "reading",
    "open",
    "opens",
    "opening",
    "see",
    "sees",
    "seeing",
    "view",
    "into",
    "need",
    "needs",
    "needed",
    "use",
    "uses",
    "using",
    "rights",
    "permission",
    "permissions",
    "right",
    "check",
    "checking",
    "checks",
];
/// A right, in one word.
const NOUNS: &[&str] = &[
    "access",
    "right",
    "rights",
    "permission",
    "permissions",
    "delegation",
    "privilege",
    "ability",
];
/// Who lost something wants it back.
pub(super) const LOST: &[&str] =
    &["cant", "cannot", "lost", "loses", "lose", "disappeared", "gone", "unable"];

/// A right that was told of.
pub(super) struct Told {
    pub(super) holder: Span,
    mailbox: (usize, usize, bool),
    /// Send as, on behalf, full access: what is said of it.
    kinds: Vec<&'static str>,
    lost: bool,
    end: usize,
}

/// The clauses in which a right that was told of is taken or given back, as orders.
pub(super) fn edits(scene: &Scene<'_>, all: &[Sentence]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut told: Option<(usize, Told)> = None;
    for (number, sentence) in all.iter().enumerate() {
        if let Some(right) = right(scene, all, *sentence) {
            told = Some((number, right));
        }
        if let Some(edit) = wished(scene, all, number).or_else(|| wanted(scene, all, *sentence)) {
            edits.push(edit);
            continue;
        }
        let Some((of, right)) = told.as_ref().filter(|(of, _)| number <= of + 2) else { continue };
        let from = if *of == number { right.end } else { sentence.from };
        // Another mailbox, or somebody else: another matter.
        let spans = || scene.lattice.spans_in(from, sentence.to);
        let other = spans().any(|span| is_mailbox(scene, span))
            || spans().any(|span| {
                matches!(span.what, What::People(..)) && span.what != right.holder.what
            });
        if other {
            continue;
        }
        let edit = (from..sentence.to).find_map(|at| {
            taken(scene, *sentence, at, right).or_else(|| back(scene, *sentence, at, right))
        });
        if let Some(edit) = edit {
            edits.push(edit);
            told = None;
        }
    }
    edits
}

pub(super) fn is_mailbox(scene: &Scene<'_>, span: &Span) -> bool {
    matches!(&span.what, What::Named(all) if all.len() == 1
        && scene.index.named[all[0]].sort == wording::Sort::Mailbox)
}

/// Who has which right on which mailbox, if a sentence tells of one.
pub(super) fn right(scene: &Scene<'_>, all: &[Sentence], sentence: Sentence) -> Option<Told> {
    let spans = || scene.lattice.spans_in(sentence.from, sentence.to);
    let any =
        |words: &[&str]| (sentence.from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let shared =
        spans().find(|span| is_mailbox(scene, span)).map(|span| (span.from, span.to, false));
    let persons = || spans().filter(|span| matches!(span.what, What::People(..)));
    let of_somebody = || {
        let owns = persons().find(|span| {
            scene.tokens[span.to - 1].possessive
                && ["mailbox", "inbox", "mails", "mail"].contains(&scene.word(span.to))
        })?;
        Some((owns.from, owns.to, true))
    };
    let mailbox = shared.or_else(of_somebody).or_else(|| {
        // "… thanked our Info mailbox. Ada still sends as that address."
        let points = (sentence.from..sentence.to).any(|at| {
            ["that", "this", "the", "said"].contains(&scene.word(at))
                && ["address", "mailbox", "inbox"].contains(&scene.word(at + 1))
        });
        let from = all.first().map_or(sentence.from, |first| first.from);
        let mut before =
            scene.lattice.spans_in(from, sentence.from).filter(|span| is_mailbox(scene, span));
        let one = before.next().filter(|_| points)?;
        before.all(|span| span.what == one.what).then_some((one.from, one.to, false))
    })?;
    let mut holders = persons().filter(|span| span.from != mailbox.0);
    let holder = match (holders.next(), holders.next()) {
        (Some(one), None) => one.clone(),
        (None, _) => {
            let points = spans().any(|span| span.what == What::Pronoun);
            only_person(scene, all, sentence.to).filter(|one| points && one.from != mailbox.0)?
        }
        _ => return None,
    };
    let mut kinds = Vec::new();
    let sends = any(&["send", "sends", "sending", "sent", "answer", "answers", "reply", "write"]);
    if any(&["behalf"]) {
        kinds.push("send on behalf");
    } else if sends && any(&["as", "from", "under"]) {
        kinds.push("send as");
    }
    if any(USES) && kinds.is_empty() || any(&["access", "read", "open"]) && !any(&["send on"]) {
        kinds.push("access");
    }
    if kinds.is_empty() && !any(LOST) {
        return None;
    }
    if kinds.is_empty() {
        kinds.push("access");
    }
    let end = mailbox.1.max(holder.to.min(sentence.to));
    Some(Told { holder, mailbox, kinds, lost: any(LOST), end })
}

/// "take that away from her", "that right may be withdrawn", "cancel it for him".
fn taken(scene: &Scene<'_>, sentence: Sentence, at: usize, right: &Told) -> Option<Edit> {
    if !TAKES.contains(&scene.word(at)) || scene.lattice.literal[at] || scene.span(at).is_some() {
        return None;
    }
    let past = |at: usize| {
        scene.word(at).ends_with("ed") || ["taken", "withdrawn"].contains(&scene.word(at))
    };
    if past(at) {
        // "that can be taken away", "the said access may please be withdrawn"
        let be = (at.saturating_sub(4).max(sentence.from)..at).find(|at| scene.word(*at) == "be");
        let subject = be.and_then(|be| {
            (sentence.from..be)
                .rev()
                .find_map(|start| pointer(scene, sentence, start))
                .filter(|(_, end)| *end <= be)
        });
        if let Some((start, _)) = subject {
            let to = tail(scene, sentence, at + 1);
            return Some(order(scene, start, to, right, true));
        }
        // "have that removed"
        let mut held =
            (1..=4).filter_map(|back| at.checked_sub(back)).filter(|at| *at >= sentence.from);
        let (start, end) = held.find_map(|start| pointer(scene, sentence, start))?;
        let has = start.checked_sub(1).is_some_and(|at| ["have", "get"].contains(&scene.word(at)));
        return (has && end == at)
            .then(|| order(scene, start - 1, tail(scene, sentence, at + 1), right, false));
    }
    let mut next = at + 1;
    while ["back", "away", "off"].contains(&scene.word(next)) {
        next += 1;
    }
    let (_, end) = pointer(scene, sentence, next)?;
    Some(order(scene, at, tail(scene, sentence, end), right, false))
}

/// "can she have it back", "give it back to him".
fn back(scene: &Scene<'_>, sentence: Sentence, at: usize, right: &Told) -> Option<Edit> {
    let word = scene.word(at);
    let again = ["have", "get", "give", "restore"].contains(&word) && right.lost;
    if !again || scene.lattice.literal[at] {
        return None;
    }
    let skipped = usize::from(scene.span(at + 1).is_some_and(Span::person) && word == "give");
    let (_, end) = pointer(scene, sentence, at + 1 + skipped)?;
    let back = scene.word(end) == "back" || word == "restore";
    if !back {
        return None;
    }
    // "can she …": asked of us, whoever is the subject.
    let subject = (sentence.from..at)
        .rev()
        .take(3)
        .find(|at| ["can", "could", "may", "please"].contains(&scene.word(*at)));
    let mut said = vec![own(scene, "please", at, at + 1)];
    said.extend(given(scene, right, at));
    Some(Edit { from: subject.unwrap_or(at), to: tail(scene, sentence, end), said })
}

/// What points at a right: "that", "it", "the said access", "that right".
fn pointer(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Option<(usize, usize)> {
    if at >= sentence.to
        || !["that", "this", "it", "the", "his", "her", "their"].contains(&scene.word(at))
    {
        return None;
    }
    let mut end = at + 1;
    while ["said", "same", "old", "send", "as", "mailbox"].contains(&scene.word(end)) {
        end += 1;
    }
    if NOUNS.contains(&scene.word(end)) {
        return Some((at, end + 1));
    }
    let alone = ["that", "this", "it"].contains(&scene.word(at)) && end == at + 1;
    let behind = scene.tokens.get(end).filter(|_| end < sentence.to);
    let ends = behind.is_none_or(|next| !next.word())
        || [
            "away",
            "off",
            "back",
            "please",
            "pls",
            "from",
            "for",
            "now",
            "again",
            "can",
            "should",
            "must",
            "may",
            "needs",
            "has",
            "removed",
            "withdrawn",
            "revoked",
            "cancelled",
            "taken",
            "today",
            "asap",
        ]
        .contains(&scene.word(end));
    (alone && ends).then_some((at, end))
}

/// One past the words that only say from whom: "away again from her".
fn tail(scene: &Scene<'_>, sentence: Sentence, from: usize) -> usize {
    let mut at = from;
    loop {
        let small = ["away", "off", "back", "again", "too", "for", "from", "to"];
        let person = scene.span(at).filter(|span| span.person() && at > from);
        match person {
            Some(span) if span.to <= sentence.to => at = span.to,
            _ if at < sentence.to && small.contains(&scene.word(at)) => {
                // "from Monday" is no part of it.
                let leads = ["for", "from", "to"].contains(&scene.word(at))
                    && !scene.span(at + 1).is_some_and(Span::person);
                if leads {
                    return at;
                }
                at += 1;
            }
            _ => return at,
        }
    }
}

fn order(scene: &Scene<'_>, from: usize, to: usize, right: &Told, asks: bool) -> Edit {
    let mut said: Vec<Token> = Vec::new();
    let say = |said: &mut Vec<Token>, words: &str| {
        said.extend(words.split(' ').map(|word| own(scene, word, from, to)));
    };
    if asks {
        say(&mut said, "please");
    }
    for (number, kind) in right.kinds.iter().enumerate() {
        if number > 0 {
            say(&mut said, "and");
        }
        say(&mut said, "remove");
        say(&mut said, kind);
        say(&mut said, if *kind == "access" { "to" } else { "on" });
        said.extend(mailbox(scene, right, from));
        say(&mut said, "from");
        said.extend(again(scene, (right.holder.from, right.holder.to), false));
    }
    Edit { from, to, said }
}

fn given(scene: &Scene<'_>, right: &Told, at: usize) -> Vec<Token> {
    let mut said = vec![own(scene, "give", at, at + 1)];
    said.extend(again(scene, (right.holder.from, right.holder.to), false));
    let kind = right.kinds.first().copied().unwrap_or("access");
    let words = if kind == "access" { "full access to" } else { kind };
    said.extend(words.split(' ').map(|word| own(scene, word, at, at + 1)));
    if kind != "access" {
        said.push(own(scene, "on", at, at + 1));
    }
    said.extend(mailbox(scene, right, at));
    said
}

pub(super) fn mailbox(scene: &Scene<'_>, right: &Told, at: usize) -> Vec<Token> {
    let (from, to, somebodys) = right.mailbox;
    let mut said = again(scene, (from, to), somebodys);
    let address = scene.tokens[from].sort == Sort::Address;
    if !address {
        said.push(own(scene, "mailbox", at, at + 1));
    }
    said
}
