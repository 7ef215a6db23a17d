//! Groups and people on one side of something new or of a policy; what a list is
//! narrowed to.

use serde_json::Value;

use super::{Filled, because, newcomer, people::person};
use crate::{
    actions::wording::{Filter, Side},
    interpret::{
        clauses::Predicate,
        entities::{Span, What},
        lexicon::{object_class, verb_classes},
        scene::Scene,
        text::Sort,
    },
};

/// Words that spare whom they govern.
const SPARE: &[&str] =
    &["exclude", "excluding", "exempt", "exempting", "except", "excludes", "excluded", "without"];
/// Words that end what a word of the other side governs.
const INCLUDE: &[&str] =
    &["include", "includes", "including", "included", "applies", "apply", "for", "to"];

/// Is what stands here spared? The nearest of both sorts of words before it says so.
fn spared(scene: &Scene<'_>, predicate: &Predicate, at: usize) -> bool {
    let from = scene.sentence(predicate.verb).from;
    let last = (from..at).rev().find_map(|at| {
        let word = if scene.span(at).is_none() { scene.word(at) } else { "" };
        let spares = SPARE.contains(&word);
        (spares || INCLUDE[..6].contains(&word)).then_some(spares)
    });
    let behind = (at..(at + 8).min(scene.sentence(predicate.verb).to))
        .filter(|at| scene.span(*at).is_none())
        .any(|at| {
            ["excluded", "exempt", "exempted", "exclusion", "exception", "exclusions"]
                .contains(&scene.word(at))
        });
    let leaves = predicate.classes & verb_classes(&["exempt", "leave"]) != 0;
    last.unwrap_or(behind || leaves)
}

/// What speaks of it: the sentence, without what a policy is called.
fn here<'s>(scene: &'s Scene<'_>, predicate: &Predicate) -> impl Iterator<Item = &'s Span> {
    let sentence = scene.sentence(predicate.verb);
    let (from, to) = (predicate.from, sentence.to.max(predicate.to));
    let inside = move |span: &&Span| span.from >= from && span.to <= to;
    scene.lattice.spans.iter().filter(inside).filter(|span| !scene.lattice.literal[span.from])
}

/// Groups on this side, as a list.
pub(super) fn groups(scene: &Scene<'_>, predicate: &Predicate, side: Side) -> Filled {
    let places = scene.places(predicate.from, scene.sentence(predicate.verb).to, false);
    let mut all: Vec<Value> = Vec::new();
    for span in here(scene, predicate) {
        let What::Group(groups) = &span.what else { continue };
        let [one] = groups.as_slice() else { continue };
        // "in Engineering" is a department where it is not called a group.
        let named = ["group", "groups", "list", "team"].contains(&scene.word(span.to));
        let place = places.iter().any(|(from, to, _)| *from == span.from && *to == span.to);
        let listed = scene.word(span.to) == "and"
            && scene.span(span.to + 1).is_some_and(|next| {
                matches!(next.what, What::Group(_))
                    && ["group", "groups"].contains(&scene.word(next.to))
            });
        let named = named || listed;
        let into = span.from.checked_sub(1).is_some_and(|at| {
            ["group", "groups", ":", "and", ","].contains(&scene.word(at))
                || scene.word(at) == "the" && named
        });
        if place && !named && !into
            || spared(scene, predicate, span.from) != (side == Side::Without)
        {
            continue;
        }
        let name = Value::String(scene.index.groups[*one].name.clone());
        if !all.contains(&name) {
            all.push(name);
        }
    }
    if all.is_empty() { Filled::Absent } else { Filled::Value(Value::Array(all), None) }
}

/// People on this side, as a list; one who is not clear is asked for.
pub(super) fn users(scene: &Scene<'_>, predicate: &Predicate, side: Side) -> Filled {
    let mut all: Vec<Value> = Vec::new();
    for span in here(scene, predicate).filter(|span| span.named() || span.what == What::Me) {
        let own = ["i", "we", "me"].contains(&scene.word(span.from)) && span.from < predicate.verb;
        if own || scene.aside(span) && !span.negated {
            continue;
        }
        if spared(scene, predicate, span.from) != (side == Side::Without) {
            continue;
        }
        match person(scene, span, &span.what, false) {
            Filled::Value(value, _) if !all.contains(&value) => all.push(value),
            Filled::Ask(asked) => return Filled::Ask(asked),
            _ => {}
        }
    }
    if all.is_empty() { Filled::Absent } else { Filled::Value(Value::Array(all), None) }
}

/// What a list is narrowed to.
pub(super) fn filter(scene: &Scene<'_>, predicate: &Predicate, filter: Filter) -> Filled {
    let end = scene.sentence(predicate.verb).to;
    match filter {
        Filter::Department => {
            match newcomer::place(scene, predicate, (predicate.from, end), false) {
                Filled::Absent => whose_things(scene, predicate, end),
                found => found,
            }
        }
        Filter::Office => newcomer::place(scene, predicate, (predicate.from, end), true),
        Filter::Title => title(scene, predicate, end),
        Filter::Manager => reports_to(scene, predicate, end),
        Filter::Words => words(scene, predicate, end),
    }
}

/// "everybody who is an Account Executive", "all people who are buyers": a post that somebody
/// here has.
fn title(scene: &Scene<'_>, predicate: &Predicate, end: usize) -> Filled {
    const WORDS_MAX: usize = 5;
    let from = predicate.verb + 1;
    let found = (from..end).filter(|at| scene.span(*at).is_none()).find_map(|at| {
        (1..=WORDS_MAX.min(end - at)).rev().find_map(|words| {
            let key = scene.key(at, at + words);
            let one = key.strip_suffix('s').unwrap_or(&key);
            let known = [key.as_str(), one].into_iter().find_map(|key| {
                let somebody = scene.index.titled(key).first().copied()?;
                scene.index.somebody(somebody).title.map(str::to_owned)
            });
            known.map(|title| (at, at + words, title))
        })
    });
    let Some((from, to, title)) = found else { return Filled::Absent };
    Filled::Value(Value::String(title), Some(because(scene, from, to, "", predicate.quoted)))
}

/// "which Sales accounts are blocked", "Engineering's laptops": of a department.
fn whose_things(scene: &Scene<'_>, predicate: &Predicate, end: usize) -> Filled {
    const THINGS: &[&str] = &[
        "accounts",
        "users",
        "people",
        "staff",
        "employees",
        "devices",
        "laptops",
        "machines",
        "phones",
        "computers",
        "logins",
        "folk",
        "folks",
        "noncompliant",
        "non",
    ];
    let owns = |(from, to, _): &(usize, usize, String)| {
        THINGS.contains(&scene.word(*to)) || scene.tokens[to - 1].possessive && *from < end
    };
    let found = scene.places(predicate.from, end, false).into_iter().find(owns);
    let Some((from, to, name)) = found else { return Filled::Absent };
    Filled::Value(Value::String(name), Some(because(scene, from, to, "", predicate.quoted)))
}

/// "who reports to Ada?", "Ada's direct reports", "who is on my team".
fn reports_to(scene: &Scene<'_>, predicate: &Predicate, end: usize) -> Filled {
    let reports = object_class("reports_to");
    let spoken = scene
        .lattice
        .hits
        .iter()
        .any(|hit| hit.classes & reports != 0 && hit.from >= predicate.from && hit.to <= end);
    let inside = |span: &&Span| span.person() && span.from >= predicate.from && span.to <= end;
    // "my team": a span of its own, which names no single person.
    let team = scene.lattice.spans.iter().filter(inside).find(|span| {
        ["team", "reports", "reportees"].contains(&scene.word(span.to - 1))
            && span.to - span.from > 1
    });
    if let Some(team) = team {
        let owner = scene.owner_of(team);
        return match person(scene, &owner, &owner.what, false) {
            Filled::Ask(_) => Filled::Absent,
            sure => sure,
        };
    }
    if !spoken {
        return Filled::Absent;
    }
    // "I need to see everybody who reports to Ada": behind it, whoever else is spoken of.
    let hits = scene.lattice.hits.iter().filter(|hit| hit.classes & reports != 0);
    let behind = hits
        .filter(|hit| hit.from >= predicate.from && hit.to <= end)
        .find_map(|hit| scene.span(hit.to).filter(|span| span.named() && span.from == hit.to));
    if let Some(span) = behind {
        return optional(person(scene, span, &span.what, false));
    }
    let asks = |span: &&Span| {
        !(span.what == What::Me && ["me", "us"].contains(&scene.word(span.from)) && {
            span.from <= predicate.verb + 1
        })
    };
    match scene.lattice.spans.iter().filter(inside).find(asks) {
        Some(span) => person(scene, span, &span.what, false),
        None => Filled::Absent,
    }
}

fn optional(filled: Filled) -> Filled {
    match filled {
        Filled::Ask(_) => Filled::Absent,
        sure => sure,
    }
}

/// "groups with phoenix in the name", "apps called …", "groups starting with …".
fn words(scene: &Scene<'_>, predicate: &Predicate, end: usize) -> Filled {
    let inside = |(open, close): &&(usize, usize)| {
        *open > predicate.verb && *close <= end && close - open > 1
    };
    if let Some((open, close)) = scene.lattice.literals.iter().find(inside) {
        return said(scene, predicate, open + 1, *close);
    }
    for at in predicate.verb + 1..end {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let start = match (word, next) {
            ("called" | "named" | "containing" | "contain" | "contains" | "matching", _) => at + 1,
            ("starting" | "beginning" | "start" | "begin", "with") | ("name", "like") => at + 2,
            ("with" | "w" | "something", _) if named_behind(scene, at, end) => at + 1,
            ("have" | "has" | "having", _)
                if next != "with" && scene.word(at + 2) == "in" && named_behind(scene, at, end) =>
            {
                at + 1
            }
            _ => continue,
        };
        let stop = (start..end.min(start + 4))
            .find(|at| {
                !scene.tokens[*at].word()
                    || ["in", "as", "please", "pls"].contains(&scene.word(*at))
            })
            .unwrap_or(end.min(start + 4));
        if stop > start {
            return said(scene, predicate, start, stop);
        }
    }
    Filled::Absent
}

/// "with phoenix in the name"
fn named_behind(scene: &Scene<'_>, at: usize, end: usize) -> bool {
    let inside = (at + 2..end.min(at + 6)).find(|at| scene.word(*at) == "in");
    inside.is_some_and(|at| (at + 1..at + 4).any(|at| ["name", "names"].contains(&scene.word(at))))
}

fn said(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    let words = scene.said(from, to).trim().trim_end_matches(['.', '?', '!']).to_owned();
    let line = (from..to).any(|at| scene.tokens[at].sort == Sort::Line);
    if words.is_empty() || line {
        return Filled::Absent;
    }
    Filled::Value(Value::String(words), Some(because(scene, from, to, "", predicate.quoted)))
}
