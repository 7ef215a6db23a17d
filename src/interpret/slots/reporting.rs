//! To whom somebody new reports, and who answers for a guest.

use super::{Filled, newcomer::labelled, people::person};
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    scene::Scene,
};

const MANAGERS: &[&str] = &[
    "manager",
    "line manager",
    "mgr",
    "reports to",
    "report to",
    "reporting to",
    "reporting directly to",
    "reports directly to",
    "report directly to",
    "reporting into",
    "report into",
    "reports into",
    "boss",
    "chief",
    "supervisor",
    "superior",
    "responsible",
    "rm",
    "depend of",
    "depend on",
    "managed by",
    "attached to",
    "under the responsibility of",
    "answer to",
    "answers to",
    "answering to",
    "leader",
];

pub(super) const SPONSORS: &[&str] =
    &["sponsor", "sponsors", "sponsored by", "sponsor for her", "inviter"];

/// "reporting to Ada Park", "Manager: Ada Park".
pub(super) fn manager(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    let found = labelled_person(scene, predicate, (from, to), MANAGERS);
    let found = or_me(scene, predicate, found, MANAGERS);
    // "agent in my team"
    let mine = |span: &&Span| {
        span.what == What::Team(Box::new(What::Me))
            && ["in", "to", "joining", "joins"].contains(&scene.word(span.from.wrapping_sub(1)))
    };
    match (found, scene.lattice.spans_in(from, to).find(mine)) {
        (Filled::Absent, Some(span)) => person(scene, span, &What::Me, predicate.quoted),
        (found, _) => found,
    }
}

/// Whoever stands behind a label, or the one who writes: "I am his boss".
pub(super) fn or_me(
    scene: &Scene<'_>,
    predicate: &Predicate,
    found: Filled,
    labels: &[&str],
) -> Filled {
    let mine = |span: &&Span| span.what == What::Me && i_am_the(scene, span, labels);
    match (found, scene.lattice.spans.iter().find(mine)) {
        (Filled::Absent, Some(span)) => person(scene, span, &span.what, predicate.quoted),
        (found, _) => found,
    }
}

/// Whoever stands behind one of these labels.
pub(super) fn labelled_person(
    scene: &Scene<'_>,
    predicate: &Predicate,
    (from, to): (usize, usize),
    labels: &[&str],
) -> Filled {
    let mut starts = labelled(scene, from, to, labels);
    if labels.contains(&"manager") {
        starts.extend((from..to).filter(|at| scene.word(*at) == "under").map(|at| at + 1));
        // "IS: Ada Park", "IS is Ada Park": the immediate superior
        let short = |at: &usize| scene.word(*at) == "is" && scene.said(*at, at + 1) == "IS";
        let behind = |at: usize| {
            let is = |at: usize| {
                scene.word(at) == "is" || scene.tokens.get(at).is_some_and(|token| token.is(':'))
            };
            at + 1 + usize::from(is(at + 1))
        };
        starts.extend((from..to).filter(short).map(behind));
    }
    // "Adele Vance becomes his manager"
    let becomes = |span: &Span| {
        let is = ["becomes", "is", "will"].contains(&scene.word(span.to));
        is && (span.to + 1..span.to + 5).any(|at| {
            ["his", "her", "their", "the", "new"].contains(&scene.word(at))
                && (at + 1..at + 3).any(|at| labels.contains(&scene.word(at)))
        })
    };
    // "with Lee Gu as manager", not "Lee Gu as Account Manager"
    let as_one = |span: &Span| {
        let small = ["his", "her", "their", "the", "a", "line", "new"];
        let label = (span.to + 1..span.to + 4).find(|at| !small.contains(&scene.word(*at)));
        span.what != What::Nobody
            && scene.word(span.to) == "as"
            && label.is_some_and(|at| labels.contains(&scene.word(at)))
    };
    let led = |span: &&Span| {
        let inside = span.from >= from && span.to <= to;
        span.person() && (starts.contains(&span.from) || inside && (becomes(span) || as_one(span)))
    };
    let led = |span: &&Span| led(span) && span.what != What::Pronoun;
    // "the manager of her to Ada", as an order has it
    let to = starts.iter().find_map(|start| {
        let owner = scene.span(*start).filter(|span| span.from == *start)?;
        let next = scene.span(owner.to + 1).filter(|next| next.from == owner.to + 1)?;
        (scene.word(owner.to) == "to" && next.person()).then_some(next)
    });
    match to.or_else(|| scene.lattice.spans.iter().find(led)) {
        Some(span) => person(scene, span, &span.what, predicate.quoted),
        None => Filled::Absent,
    }
}

/// "I am his boss", "I'll be her line manager", "with me as the sponsor"
fn i_am_the(scene: &Scene<'_>, me: &Span, labels: &[&str]) -> bool {
    let is = ["im", "ill"].contains(&scene.word(me.from))
        || ["am", "will", "shall", "as"].contains(&scene.word(me.to));
    is && (me.to..me.to + 5).any(|at| {
        ["his", "her", "their", "the", "as", "a"].contains(&scene.word(at))
            && (at + 1..at + 3).any(|at| labels.contains(&scene.word(at)))
    })
}
