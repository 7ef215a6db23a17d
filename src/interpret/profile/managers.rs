//! Who manages somebody: before the name or behind it, by any word for it.

use serde_json::Value;

use super::marks::Run;
use crate::{
    domain::trouble::Question,
    interpret::{
        entities::{Span, What},
        lifecycle::is_post,
        scene::Scene,
        slots::{self, Filled},
        text::Sort,
    },
};

/// Words for it.
const MANAGERS: &[&str] = &[
    "manager",
    "managers",
    "mgr",
    "boss",
    "supervisor",
    "superior",
    "responsible",
    "lead",
    "leader",
    "chief",
    "tutor",
    "rm",
    "head",
];
/// Before whom somebody reports to.
const LEADS: &[&str] = &[
    "report",
    "reports",
    "reporting",
    "answer",
    "answers",
    "answering",
    "under",
    "managed",
    "led",
    "supervised",
    "mentored",
    "beneath",
    "underneath",
    "depends",
    "overseen",
    "work",
    "works",
    "working",
];
/// Small words between the two.
const SMALL: &[&str] = &[
    "to",
    "in",
    "into",
    "is",
    "by",
    "will",
    "be",
    "directly",
    "the",
    "of",
    "from",
    "then",
    "becomes",
    "our",
    "colleague",
    "straight",
    "on",
    "remains",
    "stays",
    "still",
    "also",
    "both",
    "as",
    "line",
    "new",
    "responsibility",
    "for",
    "them",
    "each",
    "all",
    "supervision",
    "changes",
    "name",
    "direct",
    "now",
    "go",
    "should",
    "his",
    "her",
    "their",
    "it",
    "s",
];
/// Behind whoever does it: "Roland Pike looks after her", "… will manage him".
const DOES: &[&str] = &[
    "manages",
    "manage",
    "supervises",
    "supervise",
    "leads",
    "oversees",
    "managing",
    "supervising",
];

/// Somebody, or the question who.
pub(super) enum Manager {
    Is(Value, Run),
    Asks(Question),
}

/// Who manages whoever this run is about.
pub(super) fn manager(scene: &Scene<'_>, (from, to): Run) -> Option<Manager> {
    let inside = scene.lattice.spans_in(from, to);
    let people = inside.filter(|span| matches!(span.what, What::People(..) | What::Me));
    let found = people.into_iter().find(|span| !span.negated && manages(scene, span, from, to));
    // "as Technician with Ada", "in Retail, with me"
    let with = |span: &&Span| {
        let before = span.from.checked_sub(2).map_or("", |at| scene.word(at));
        let beside = is_post(before)
            || span.from > 1 && scene.tokens[span.from - 2].is(',')
            || before == "department";
        let ends = scene.tokens.get(span.to).is_none_or(|next| !next.word());
        scene.word(span.from.wrapping_sub(1)) == "with" && beside && ends && span.from > from
    };
    let found = found.or_else(|| {
        let inside = scene.lattice.spans_in(from, to);
        inside.filter(|span| matches!(span.what, What::People(..) | What::Me)).find(with)
    });
    if let Some(span) = found {
        return Some(match slots::person(scene, span, &span.what, false) {
            Filled::Value(value, _) => Manager::Is(value, (span.from, span.to)),
            Filled::Ask(question) => Manager::Asks(question),
            Filled::Absent => return None,
        });
    }
    writer(scene, (from, to))
}

/// "reporting to the undersigned", "reporting to yourself" in a mail that was handed over, "in my
/// team".
fn writer(scene: &Scene<'_>, (from, to): Run) -> Option<Manager> {
    let me = || {
        let requester = scene.context.requester.upn.as_str();
        let person = scene.index.person(requester);
        Value::String(person.map_or(requester, |person| person.upn).to_owned())
    };
    let said = (from..to).find(|at| {
        let word = scene.word(*at);
        let quoted = scene.sentence(*at).quoted;
        let one = word == "undersigned" && !quoted
            || ["yourself", "you"].contains(&word) && quoted
            || word == "team"
                && *at > 1
                && scene.word(at - 1) == "my"
                && !quoted
                && (!scene.tokens[at - 2].word()
                    || ["in", "to", "on", "joins", "joining", "integrates", "strengthens"]
                        .contains(&scene.word(at - 2)));
        // "ill be looking after him"
        let mine = ["ill", "im"].contains(&word)
            && !quoted
            && (at + 1..to.min(at + 5)).any(|at| {
                scene.word(at) == "looking" && scene.word(at + 1) == "after"
                    || ["manager", "boss", "supervisor"].contains(&scene.word(at))
                    || scene.word(at) == "managing"
            });
        mine || one && (word == "team" || led(scene, *at, from))
    })?;
    Some(Manager::Is(me(), (said, said + 1)))
}

/// Is this somebody said to be the manager?
fn manages(scene: &Scene<'_>, span: &Span, from: usize, to: usize) -> bool {
    led(scene, span.from, from) || follows(scene, span, to)
}

/// "reporting to …", "manager: …", "under …", "his boss will be …"
fn led(scene: &Scene<'_>, at: usize, from: usize) -> bool {
    const BACK_MAX: usize = 7;
    let stop = from.max(at.saturating_sub(BACK_MAX));
    for before in (stop..at).rev() {
        let token = &scene.tokens[before];
        let word = scene.word(before);
        if MANAGERS.contains(&word) || LEADS.contains(&word) {
            // "reports from", "the head of Sales is …"
            return !(word == "head" && scene.word(before + 1) != "is");
        }
        let mark = matches!(token.sort, Sort::Mark(':' | '=' | '-' | '–' | '(' | '.' | '|'));
        // "Boss. Ada"? A full stop ends it.
        let stops = token.is('.') && scene.tokens.get(before + 1).is_none_or(|next| !next.glued);
        let passes = SMALL.contains(&word)
            || mark && !stops
            || scene
                .span(before)
                .is_some_and(|s| matches!(s.what, What::Pronoun | What::Me) && s.to <= at);
        if !passes || token.sort == Sort::Line {
            return false;
        }
    }
    false
}

/// "Ada is her manager", "with Ada as line manager", "Ada looks after her", "Ada manages them"
fn follows(scene: &Scene<'_>, span: &Span, to: usize) -> bool {
    const AHEAD_MAX: usize = 7;
    // "megan bowens her manager", "I'm her manager", of whoever wrote it
    let last = scene.word(span.to.saturating_sub(1));
    let hers = ["her", "his", "their"].contains(&scene.word(span.to));
    let mut tied = hers && (last.ends_with('s') || ["im", "ill"].contains(&scene.word(span.from)));
    for at in span.to..to.min(span.to + AHEAD_MAX) {
        let word = scene.word(at);
        let next = scene.word(at + 1);
        if DOES.contains(&word) && !tied
            || word == "looks" && next == "after"
            || word == "looking" && next == "after"
            || word == "takes" && (at + 1..at + 4).any(|at| scene.word(at) == "on")
        {
            return true;
        }
        if tied && MANAGERS.contains(&word) {
            return word != "lead" && word != "head";
        }
        tied |= ["as", "is", "will", "becomes", "am", "ll", "im", "be"].contains(&word)
            || span.what == What::Me && ["im", "ill"].contains(&scene.word(span.from));
        let small = [
            "as", "is", "will", "be", "becomes", "her", "his", "their", "the", "new", "line", "am",
            "direct", "a", "and", "tutor", "would", "going", "to", "acting",
        ];
        if !small.contains(&word) {
            // "I'm his boss": the span itself says "I'm".
            return span.what == What::Me && MANAGERS.contains(&word) && tied;
        }
    }
    false
}
