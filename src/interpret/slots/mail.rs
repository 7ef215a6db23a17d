//! Which mailbox and who else; members, days.
//!
//! Not here: where mail goes on to ([`super::forwarding`]).

use serde_json::Value;

use super::{Filled, because, people::person, which};
use crate::{
    actions::wording::Sort,
    domain::trouble::Ask,
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        lexicon::{object_class, object_classes},
        scene::Scene,
        text,
    },
};

/// Words that may stand between a preposition and a name.
pub(super) const BETWEEN: &[&str] =
    &["the", "his", "her", "their", "our", "my", "a", "shared", "mailbox"];

/// Whatever could own a mailbox: people, shared mailboxes, addresses nobody has.
pub(super) fn owners<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> Vec<&'s Span> {
    let sort = |at: &usize| scene.index.named[*at].sort == Sort::Mailbox;
    let fits = |span: &&Span| {
        let inside = span.from >= predicate.from && span.to <= predicate.to;
        let owner = span.person() || matches!(&span.what, What::Named(all) if all.iter().any(sort));
        inside && owner && !span.negated && !scene.lattice.literal[span.from]
    };
    scene.lattice.spans.iter().filter(fits).collect()
}

/// The word before a span, articles left out.
pub(super) fn before<'s>(scene: &'s Scene<'_>, span: &Span) -> &'s str {
    let mut at = span.from;
    while at > 0 && BETWEEN.contains(&scene.word(at - 1)) {
        at -= 1;
    }
    match at.checked_sub(1) {
        Some(at) if scene.tokens[at].is('>') => "to",
        Some(at) => scene.word(at),
        None => "",
    }
}

/// Is one of these said right behind a span, a possessive left out?
fn followed_by(scene: &Scene<'_>, span: &Span, classes: &[&str]) -> bool {
    let classes = object_classes(classes);
    (span.to..span.to + 3).take_while(|at| *at < scene.tokens.len()).any(|at| {
        let hit = scene.lattice.hit_at.get(at).copied().flatten();
        let other = scene.lattice.span_at.get(at).copied().flatten();
        // "in her Outlook": where she looks at it.
        other.is_none()
            && scene.word(at) != "outlook"
            && hit.is_some_and(|hit| scene.lattice.hits[hit].classes & classes != 0)
    })
}

const MAIL: &[&str] = &["mailbox", "shared_mailbox", "onedrive", "calendar"];

/// How much a span looks like the mailbox of "give A access to B".
fn as_mailbox(scene: &Scene<'_>, span: &Span) -> i32 {
    let mut weight = match before(scene, span) {
        "as" | "on" | "in" | "into" | "of" => 3,
        "to" => 2,
        "for" | "give" | "let" | "allow" | "grant" | "by" => -2,
        "from" => -1,
        _ => 0,
    };
    if followed_by(scene, span, MAIL) {
        weight += 4;
    }
    if followed_by(scene, span, &["full_access", "send_as", "on_behalf", "access"]) {
        weight -= 3;
    }
    if matches!(span.what, What::Named(_)) {
        weight += 5;
    }
    if matches!(span.what, What::Me) {
        weight -= 4;
    }
    // "send on behalf of me"
    let behalf = span.from >= 2
        && scene.word(span.from - 1) == "of"
        && scene.word(span.from - 2) == "behalf"
        || span.from >= 1 && scene.word(span.to) == "behalf" && scene.word(span.from - 1) == "on";
    if behalf {
        weight += 8;
    }
    weight
}

/// The mailbox, and who gets a right on it or loses it.
fn pair<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> (Option<&'s Span>, Vec<&'s Span>) {
    let all = owners(scene, predicate);
    let best = all.iter().map(|span| as_mailbox(scene, span)).max();
    let mailbox = all.iter().rposition(|span| Some(as_mailbox(scene, span)) == best);
    match (mailbox, all.len()) {
        // One alone: whoever stands where a mailbox stands.
        (Some(_), 1) if best <= Some(0) => (None, all),
        (Some(at), _) => {
            // The same mailbox named twice is nobody.
            let twice =
                |span: &Span| matches!(span.what, What::Named(_)) && span.what == all[at].what;
            let others = all.iter().enumerate();
            let others = others.filter(|(other, span)| *other != at && !twice(span));
            (Some(all[at]), others.map(|(_, span)| *span).collect())
        }
        (None, _) => (None, Vec::new()),
    }
}

pub(super) fn value(scene: &Scene<'_>, predicate: &Predicate, span: &Span) -> Filled {
    match &span.what {
        What::Named(all) => {
            let sort = |at: &&usize| scene.index.named[**at].sort == Sort::Mailbox;
            let why = because(scene, span.from, span.to, "", predicate.quoted);
            match all.iter().find(sort) {
                Some(at) => {
                    Filled::Value(Value::String(scene.index.named[*at].value.clone()), Some(why))
                }
                None => which(Ask::WhatMailbox),
            }
        }
        What::Nobody => written(scene, predicate, span).unwrap_or_else(|| which(Ask::WhatMailbox)),
        What::Pronoun => match scene.antecedents(span).first() {
            Some(found) if found.what != What::Pronoun => person(scene, found, &found.what, false),
            _ => which(Ask::WhatMailbox),
        },
        what => person(scene, span, what, false),
    }
}

/// An address as it was written.
fn written(scene: &Scene<'_>, predicate: &Predicate, span: &Span) -> Option<Filled> {
    let at = (span.from..span.to).find(|at| scene.tokens[*at].sort == text::Sort::Address)?;
    let said = scene.tokens[at].folded.clone();
    let why = because(scene, span.from, span.to, "", predicate.quoted);
    Some(Filled::Value(Value::String(said), Some(why)))
}

/// On which mailbox, or into whose files.
pub(super) fn mailbox_of(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let (mailbox, others) = pair(scene, predicate);
    let spoken = || spoken_of(scene, predicate);
    // "Ada would like Bo to be able to send on her behalf": not Bo's own.
    let hers = mailbox.filter(|span| is_whose(scene, span));
    if let Some(span) = hers
        && let Some(owner) = somebody_else(scene, span, &others)
    {
        return vec![value(scene, predicate, &owner)];
    }
    let mailbox = mailbox.cloned().or_else(spoken);
    vec![mailbox.map_or_else(|| which(Ask::WhatMailbox), |span| value(scene, predicate, &span))]
}

/// "his mailbox", "on her behalf", "on behalf of him": a pronoun that says whose it is.
fn is_whose(scene: &Scene<'_>, span: &Span) -> bool {
    let back = |back: usize| span.from.checked_sub(back).map_or("", |at| scene.word(at));
    let next = scene.word(span.to);
    span.what == What::Pronoun
        && (["mailbox", "inbox", "behalf"].contains(&next) && back(1) != "she"
            || back(1) == "of" && back(2) == "behalf")
}

/// Whom a pronoun means that cannot mean these: the one other person named before it.
fn somebody_else(scene: &Scene<'_>, pronoun: &Span, others: &[&Span]) -> Option<Span> {
    let meant = scene.antecedents(pronoun);
    let also = |span: &Span| others.iter().any(|other| other.what == span.what);
    if !meant.iter().any(also) {
        return None;
    }
    let quoted = scene.sentence(pronoun.from).quoted;
    let named = scene.lattice.spans.iter().filter(|span| {
        span.to <= pronoun.from
            && matches!(&span.what, What::People(all, _) if all.len() == 1)
            && scene.sentence(span.from).quoted == quoted
            && !also(span)
    });
    let mut found = named.peekable();
    let first = (*found.peek()?).clone();
    found.all(|span| span.what == first.what).then_some(first)
}

/// "Ada must read the Info mailbox. Could you grant her full access?", "Ben: convert his
/// mailbox, give Ada full access": the one mailbox that was spoken of before.
pub(super) fn spoken_of(scene: &Scene<'_>, predicate: &Predicate) -> Option<Span> {
    if let Some(head) = scene.heading(predicate.verb) {
        return Some(head);
    }
    let sort = |at: &usize| scene.index.named[*at].sort == Sort::Mailbox;
    let quoted = scene.sentence(predicate.verb).quoted;
    let before = |span: &&Span| {
        span.to <= predicate.from.max(predicate.verb)
            && scene.sentence(span.from).quoted == quoted
            && !span.negated
            && matches!(&span.what, What::Named(all) if all.iter().any(sort))
    };
    let mut found = scene.lattice.spans.iter().filter(before);
    let first = found.next()?;
    found.all(|span| span.what == first.what).then(|| first.clone())
}

/// Who gets a right, or loses it.
pub(super) fn delegates(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let (mailbox, mut others) = pair(scene, predicate);
    // "Ada is busy, so give Bo the right to send on her behalf": not Ada, whose it is.
    if let Some(pronoun) = mailbox.filter(|span| is_whose(scene, span) && others.len() > 1) {
        let meant = scene.antecedents(pronoun);
        others.retain(|span| !meant.iter().any(|owner| owner.what == span.what));
    }
    // "let Ada in while Bo is away": Bo gets nothing.
    let others: Vec<&Span> =
        match others.iter().filter(|span| !in_another_clause(scene, span)).count() {
            0 => others,
            _ => others.into_iter().filter(|span| !in_another_clause(scene, span)).collect(),
        };
    let me = |span: &&&Span| span.what != What::Me;
    let named: Vec<&Span> = if others.iter().filter(me).count() > 0 && others.len() > 1 {
        others.iter().filter(me).copied().collect()
    } else {
        others
    };
    if named.is_empty() && mailbox.is_some_and(|span| matches!(span.what, What::Me)) {
        return vec![which(Ask::Whom)];
    }
    if named.is_empty() {
        return vec![which(Ask::Whom)];
    }
    named.into_iter().map(|span| value(scene, predicate, span)).collect()
}

/// "while Ada is on leave", "because Bo works there": the subject of a clause of its own.
fn in_another_clause(scene: &Scene<'_>, span: &Span) -> bool {
    const LEADS: &[&str] = &[
        "while", "when", "because", "since", "although", "though", "whereas", "until", "till", "as",
    ];
    const FINITE: &[&str] = &[
        "is", "are", "was", "has", "will", "goes", "works", "does", "cannot", "cant", "isnt",
        "wont", "needs", "went", "left", "said", "says",
    ];
    let before = span.from.checked_sub(1).map_or("", |at| scene.word(at));
    // "…, he is standing in for Ada"
    let told = (span.from.saturating_sub(7)..span.from).any(|at| {
        scene.tokens[at].is(',')
            && ["he", "she", "they"].contains(&scene.word(at + 1))
            && FINITE.contains(&scene.word(at + 2))
    });
    told || LEADS.contains(&before) && FINITE.contains(&scene.word(span.to))
}

/// "full access and, in addition, the right to send on its behalf": both.
pub(super) fn permissions(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let one = permission(scene, predicate);
    let full = object_class("full_access");
    let hit = scene.lattice.hits.iter().find(|hit| {
        hit.from >= predicate.from && hit.to <= predicate.to && hit.classes & full != 0
    });
    let behalf = (predicate.from..predicate.to).find(|at| scene.word(*at) == "behalf");
    let and = |from: usize, to: usize| {
        (from.min(to)..from.max(to)).any(|at| ["and", "plus", "also"].contains(&scene.word(at)))
    };
    let both = hit.zip(behalf).is_some_and(|(hit, behalf)| and(hit.to, behalf));
    match one {
        Filled::Value(Value::String(said), why) if both && said == "send_on_behalf" => {
            let full = Filled::Value(Value::String("full_access".to_owned()), None);
            vec![full, Filled::Value(Value::String(said), why)]
        }
        one => vec![one],
    }
}

/// Full Access, unless something is to be sent on somebody's behalf.
fn permission(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let behalf = object_class("on_behalf");
    let said = scene.lattice.hits.iter().any(|hit| {
        hit.from >= predicate.from && hit.to <= predicate.to && hit.classes & behalf != 0
    });
    // "the right “send on behalf”", in quotation marks.
    // … "on her behalf", "on Diego's behalf"
    let said = said
        || (predicate.from..predicate.to).any(|at| {
            scene.word(at) == "on"
                && (at + 1..(at + 5).min(predicate.to)).any(|at| scene.word(at) == "behalf")
        });
    let value = if said { "send_on_behalf" } else { "full_access" };
    Filled::Value(Value::String(value.to_owned()), None)
}

/// Everybody named, as a list.
pub(super) fn members(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let end = scene.form_end(scene.sentence(predicate.verb).to.max(predicate.to));
    let here = |span: &&Span| {
        span.from > predicate.verb
            && span.to <= end
            && (matches!(span.what, What::People(..) | What::Manager(_))
                || scene.beside_others(span))
            && !span.negated
            && !scene.lattice.literal[span.from]
    };
    let mut all = Vec::new();
    let mut why = None;
    for span in scene.lattice.spans.iter().filter(here) {
        match person(scene, span, &span.what, false) {
            Filled::Value(value, because) => {
                all.push(value);
                why = why.or(because);
            }
            Filled::Ask(asked) => return Filled::Ask(asked),
            Filled::Absent => {}
        }
    }
    if all.is_empty() { Filled::Absent } else { Filled::Value(Value::Array(all), why) }
}

/// The address something new gets: one that nobody has yet.
pub(super) fn new_address(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let at = (predicate.from..sentence.to).find(|at| {
        let known = scene.lattice.span_at[*at].map(|span| &scene.lattice.spans[span].what);
        scene.tokens[*at].sort == text::Sort::Address && !matches!(known, Some(What::People(..)))
    });
    match at {
        Some(at) => {
            let why = because(scene, at, at + 1, "", predicate.quoted);
            Filled::Value(Value::String(scene.tokens[at].folded.clone()), Some(why))
        }
        None => Filled::Absent,
    }
}

/// Everything in quotation marks, as a list.
pub(super) fn quoted_names(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let inside = |(open, close): &&(usize, usize)| {
        *open > predicate.verb && *close <= sentence.to && close - open > 1
    };
    let all: Vec<Value> = scene
        .lattice
        .literals
        .iter()
        .filter(inside)
        .map(|(open, close)| Value::String(scene.said(open + 1, *close).trim().to_owned()))
        .collect();
    if all.is_empty() { Filled::Absent } else { Filled::Value(Value::Array(all), None) }
}

/// "all inbox rules".
pub(super) fn all_of_them(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let said = (predicate.from..predicate.to).any(|at| ["all", "every"].contains(&scene.word(at)));
    if said { Filled::Value(Value::Bool(true), None) } else { Filled::Absent }
}

/// "for 365 days", "for 7 years".
pub(super) fn days(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let found = (predicate.from..sentence.to).find_map(|at| {
        let number: u32 = scene.word(at).parse().ok()?;
        let each = match scene.word(at + 1) {
            "day" | "days" => 1,
            "month" | "months" => 30,
            "year" | "years" => 365,
            _ => return None,
        };
        Some((at, number.saturating_mul(each)))
    });
    match found {
        Some((at, days)) => {
            let why = because(scene, at, at + 2, "", predicate.quoted);
            Filled::Value(Value::from(days), Some(why))
        }
        None => Filled::Absent,
    }
}
