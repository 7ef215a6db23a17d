//! A new list, group or shared mailbox of which several sentences tell: "I need a distribution
//! list, Board Papers. Ada, Bo and me in it, Ada as owner."
//!
//! Not here: forms, and people who go into what is there already.

use serde_json::{Map, Value};

use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Because, Proposal, Understood},
    },
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots::sure_person,
        text::Sort,
    },
};

const GROUP: &str = "create_group";
const MAILBOX: &str = "create_shared_mailbox";
/// So many sentences behind it may say who is in it.
const SENTENCES_MAX: usize = 4;
/// A name has at most so many words.
const WORDS_MAX: usize = 6;

/// How people call what is new, and what it is.
const KINDS: &[(&str, &str, Option<&str>)] = &[
    ("distribution list", GROUP, Some("distribution")),
    ("distribution group", GROUP, Some("distribution")),
    ("mailing list", GROUP, Some("distribution")),
    ("mail list", GROUP, Some("distribution")),
    ("security group", GROUP, Some("security")),
    ("teams group", GROUP, Some("microsoft365")),
    ("teams team", GROUP, Some("microsoft365")),
    ("teams channel", GROUP, Some("microsoft365")),
    ("microsoft team", GROUP, Some("microsoft365")),
    ("shared box", MAILBOX, None),
    ("shared mailbox", MAILBOX, None),
    ("shared inbox", MAILBOX, None),
    ("common address", MAILBOX, None),
    ("common mailbox", MAILBOX, None),
    ("team mailbox", MAILBOX, None),
];

/// Finds what is to be made if nothing else was understood, and puts in who belongs to it.
/// Says whether it made something.
pub(super) fn gather(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) -> bool {
    let reads = |one: &Proposal| {
        catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
    };
    let makes = |one: &Proposal| [GROUP, MAILBOX].contains(&one.action.as_str());
    let known = understood.proposals.iter().filter(|one| makes(one)).count();
    let mut made = false;
    // "… would like a shared mailbox named Post, with Ada inside": what is not there yet gives no
    // rights on somebody else's.
    let rights = |one: &Proposal| {
        ["add_mailbox_permission", "add_send_as"].contains(&one.action.as_str())
            && new_mailbox(scene)
    };
    if known == 0 && understood.proposals.iter().all(|one| reads(one) || rights(one)) {
        let Some(new) = wished(scene, catalog) else { return false };
        understood.proposals.clear();
        understood.questions.retain(|open| !rights(&open.proposal));
        understood.questions.retain(|open| !makes(&open.proposal));
        understood.questions.retain(|open| open.proposal.action != "add_to_group");
        understood.proposals.push(new);
        made = true;
    } else if known != 1 {
        return false;
    }
    if let Some(one) = understood.proposals.iter_mut().find(|one| makes(one)) {
        fill(scene, one);
    }
    made
}

/// Is a mailbox spoken of that is to be made: "a shared mailbox named …", "a new shared mailbox"?
fn new_mailbox(scene: &Scene<'_>) -> bool {
    let own = scene.sentences.iter().filter(|one| !one.quoted);
    own.flat_map(|one| one.from..one.to).any(|at| {
        let kind = KINDS.iter().any(|(words, id, _)| {
            let to = (at + 2).min(scene.tokens.len());
            *id == MAILBOX && scene.key(at, to) == *words
        });
        let back = |back: usize| at.checked_sub(back).map_or("", |at| scene.word(at));
        let named = (at + 2..at + 7)
            .any(|at| ["named", "called", "titled", "name"].contains(&scene.word(at)));
        kind && (back(1) == "new" || back(1) == "a" && named)
    })
}

/// "I'd like a security group Atlas Contractors", "we need a distribution list, Board Papers".
fn wished(scene: &Scene<'_>, catalog: &[Entry]) -> Option<Proposal> {
    const WISHES: &[&str] = &[
        "get", "need", "like", "want", "wants", "please", "pls", "could", "create", "make", "have",
        "set",
    ];
    const DOUBTS: &[&str] = &[
        "not", "dont", "no", "if", "whether", "who", "which", "how", "what", "was", "already",
        "remove", "delete", "access", "join", "add", "rename", "existing",
    ];
    let own = scene.sentences.iter().copied().filter(|one| !one.quoted);
    own.into_iter().find_map(|sentence| {
        let (at, behind, kind) = (sentence.from..sentence.to).find_map(|at| {
            let kind = KINDS.iter().find(|(words, ..)| {
                scene.key(at, (at + 2).min(sentence.to)) == *words && at + 2 <= sentence.to
            })?;
            Some((at, at + 2, kind))
        })?;
        let article = (sentence.from.max(at.saturating_sub(2))..at)
            .any(|at| ["a", "new", "one", "another"].contains(&scene.word(at)));
        let says = |any: &[&str], to: usize| {
            (sentence.from..to).any(|at| any.contains(&scene.word(at)) && scene.span(at).is_none())
        };
        let (id, sort) = (kind.1, kind.2);
        let offered = catalog.iter().any(|entry| entry.about.id == id);
        if !article || !offered || !says(WISHES, at) || says(DOUBTS, at) {
            return None;
        }
        let (from, to) = name(scene, sentence, behind)?;
        let mut arguments = Map::new();
        arguments.insert("display_name".to_owned(), Value::String(scene.said(from, to)));
        if let Some(sort) = sort {
            arguments.insert("group_type".to_owned(), Value::String(sort.to_owned()));
        }
        let address = (to..sentence.to).find(|at| scene.tokens[*at].sort == Sort::Address);
        if let Some(address) = address.filter(|_| id == MAILBOX) {
            let address = scene.tokens[address].folded.clone();
            arguments.insert("address".to_owned(), Value::String(address));
        }
        let because =
            Because { words: scene.said(at, behind), gave: "action".to_owned(), quoted: false };
        Some(Proposal { action: id.to_owned(), arguments, because: vec![because] })
    })
}

/// The name behind it: after a comma, "called" or "name it", or the next capitals.
fn name(scene: &Scene<'_>, sentence: Sentence, behind: usize) -> Option<(usize, usize)> {
    let led = (behind..sentence.to).find(|at| {
        ["called", "named", "titled"].contains(&scene.word(*at))
            || ["name", "call"].contains(&scene.word(*at)) && scene.word(at + 1) == "it"
    });
    let start = match led {
        Some(at) => at + 1 + usize::from(scene.word(at + 1) == "it"),
        None => {
            behind
                + usize::from(
                    [',', ':', '-']
                        .iter()
                        .any(|mark| scene.tokens.get(behind).is_some_and(|t| t.is(*mark))),
                )
        }
    };
    let part = |at: &usize| {
        let token = &scene.tokens[*at];
        let known = scene
            .span(*at)
            .is_some_and(|span| matches!(span.what, What::People(..) | What::Group(_) | What::Me));
        let joins = *at > start
            && (token.is('&') || token.is('-') || ["of", "and"].contains(&scene.word(*at)));
        let figure = *at > start && token.folded.bytes().all(|byte| byte.is_ascii_digit());
        !known && (token.word() && (token.capital || figure) || joins)
    };
    let end = (start..sentence.to.min(start + WORDS_MAX)).take_while(part).count() + start;
    (end > start && scene.tokens[end - 1].word() && scene.tokens[start].capital)
        .then_some((start, end))
}

/// Puts in who belongs to it and who owns it, as the sentences behind it say.
fn fill(scene: &Scene<'_>, made: &mut Proposal) {
    let Some(name) = made.arguments.get("display_name").and_then(Value::as_str) else { return };
    let name = crate::interpret::text::key(name);
    let words = name.split(' ').count();
    let Some(at) = (0..scene.tokens.len()).find(|at| {
        // A mark may stand within a name.
        (words..words + 3).any(|words| {
            let to = (at + words).min(scene.tokens.len());
            scene.key(*at, to) == name
        })
    }) else {
        return;
    };
    let own = scene.sentence(at);
    let shared = made.action == MAILBOX;
    let behind =
        scene.sentences.iter().filter(|one| one.from >= own.to && one.quoted == own.quoted);
    let mut members: Vec<Value> = Vec::new();
    let mut owner: Option<Value> = None;
    let mut because: Vec<Because> = Vec::new();
    let mut read = |from: usize, to: usize, all: bool| {
        for span in scene.lattice.spans_in(from, to) {
            let me = span.what == What::Me && is_me(scene, span);
            if !(matches!(span.what, What::People(..)) || me) || span.negated {
                continue;
            }
            let Some(person) = sure_person(scene, span) else { continue };
            let gave = if owns(scene, span, to) {
                owner.get_or_insert(person);
                "owner"
            } else if all && !(me && speaks(scene, span)) {
                if !members.contains(&person) {
                    members.push(person);
                }
                "members"
            } else {
                continue;
            };
            let words = scene.said(span.from, span.to);
            because.push(Because { words, gave: gave.to_owned(), quoted: own.quoted });
        }
    };
    let lead = |any: &[&str]| (at..own.to).find(|at| any.contains(&scene.word(*at)));
    // "…, for Ada and me"
    let whom = (at..own.to).find(|at| {
        scene.word(*at) == "for"
            && scene
                .span(at + 1)
                .is_some_and(|span| span.from == at + 1 && matches!(span.what, What::People(..)))
    });
    let with = lead(&["with", "let"]).or(whom).or_else(|| lead(&["for"]));
    read(own.from, with.unwrap_or(own.to), false);
    if let Some(with) = with {
        // "a shared mailbox called Tenders for Ada and Bo"
        let whose = whom == Some(with) || shared && scene.span(with + 1).is_some_and(Span::named);
        read(with, own.to, scene.word(with) != "for" || whose);
    }
    for sentence in behind.take(SENTENCES_MAX) {
        let all = belongs(scene, *sentence);
        read(sentence.from, sentence.to, all);
    }
    let before = made.arguments.get("members").and_then(Value::as_array).cloned();
    let mut all = before.unwrap_or_default();
    members.retain(|one| !all.contains(one));
    all.append(&mut members);
    if !all.is_empty() {
        made.arguments.insert("members".to_owned(), Value::Array(all));
    }
    if let Some(owner) = owner.filter(|_| made.action == GROUP) {
        made.arguments.entry("owner").or_insert(owner);
    }
    made.because.extend(because);
}

/// "Ada and Bo in it", "they should be on it", "members: …", "start it with Ada in".
fn belongs(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from..sentence.to).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let ends = scene.tokens.get(at + 1).is_none_or(|token| !token.word());
        ["in", "on", "to", "inside"].contains(&word) && ["it", "there"].contains(&next)
            || ["member", "members", "membership", "inside"].contains(&word)
            || word == "in" && ends && at > sentence.from
            || (word, next) == ("start", "it")
            || ["have", "use", "get", "share"].contains(&word) && next == "it"
            || word == "access" && !["to"].contains(&next)
    })
}

fn is_me(scene: &Scene<'_>, span: &Span) -> bool {
    ["me", "myself", "i"].contains(&scene.word(span.from)) && span.to == span.from + 1
}

/// "I need", "give me": who asks, and no member.
fn speaks(scene: &Scene<'_>, span: &Span) -> bool {
    let before = span.from.checked_sub(1).map_or("", |at| scene.word(at));
    scene.word(span.from) == "i" && !scene.beside_others(span)
        || ["let", "tell", "give", "for", "make", "ask", "to"].contains(&before)
}

/// "me as owner", "Patti is to be the owner", "owned by Ada", "that I own".
fn owns(scene: &Scene<'_>, span: &Span, end: usize) -> bool {
    let own = |at: usize| ["owner", "own", "owns", "owning"].contains(&scene.word(at));
    let ahead = (span.to..end.min(span.to + 6))
        .take_while(|at| !scene.tokens[*at].is(',') && scene.word(*at) != "and");
    let after = ahead.into_iter().any(own);
    let before = (span.from.saturating_sub(3)..span.from)
        .any(|at| ["owned", "owner", "owners"].contains(&scene.word(at)));
    after || before && !["and"].contains(&span.from.checked_sub(1).map_or("", |at| scene.word(at)))
}
