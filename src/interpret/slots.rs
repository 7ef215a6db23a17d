//! A fitting frame → complete proposals, or what must be asked. Nothing is chosen
//! between candidates that match equally well, except by what the message says.

use serde_json::{Map, Value};

use crate::{
    actions::{Entry, wording::Slot},
    domain::{
        proposal::{Because, Open, Proposal},
        trouble::{Ask, Choice, Question},
    },
    interpret::{
        clauses::Predicate,
        dates::When,
        entities::{Span, What},
        frames::{self, Fit},
        index::Index,
        lexicon::object_class,
        scene::Scene,
    },
};

/// The argument that says when to run, for the desk: it is no action's own.
pub const AT: &str = "at";

/// A value, or why there is none.
#[derive(Debug, Clone)]
enum Filled {
    Value(Value, Option<Because>),
    Ask(Question),
    Absent,
}

/// At most so many proposals come from one predicate.
const PRODUCT_MAX: usize = 40;

/// Fills a frame's slots.
pub fn fill(
    scene: &Scene<'_>,
    predicate: &Predicate,
    fit: &Fit<'_>,
    memory: &[Span],
) -> (Vec<Proposal>, Vec<Open>) {
    let mut rows: Vec<Vec<(&str, Filled)>> = vec![Vec::new()];
    for (argument, slot) in fit.entry.about.wording.slots {
        let off = fit.frame.sets.contains(&"off");
        if off && matches!(slot, Slot::Message | Slot::Start | Slot::End) {
            continue;
        }
        let next: Vec<Vec<(&str, Filled)>> = rows
            .iter()
            .flat_map(|row| {
                let person = row.first().map(|(_, filled)| filled);
                let values = values(scene, predicate, *slot, person, memory);
                values
                    .into_iter()
                    .map(|value| {
                        let mut row = row.clone();
                        row.push((*argument, value));
                        row
                    })
                    .collect::<Vec<_>>()
            })
            .take(PRODUCT_MAX)
            .collect();
        rows = next;
    }
    let (mut proposals, mut opens) = (Vec::new(), Vec::new());
    for row in rows {
        let mut proposal = Proposal {
            action: fit.entry.about.id.to_owned(),
            arguments: Map::new(),
            because: vec![because(
                scene,
                predicate.verb,
                predicate.verb + 1,
                "action",
                predicate.quoted,
            )],
        };
        for argument in fit.frame.sets {
            proposal.arguments.insert((*argument).to_owned(), Value::Bool(true));
        }
        let mut question = None;
        for (argument, filled) in row {
            match filled {
                Filled::Value(value, why) => {
                    proposal.arguments.insert(argument.to_owned(), value);
                    proposal
                        .because
                        .extend(why.map(|why| Because { gave: argument.to_owned(), ..why }));
                }
                Filled::Ask(asked) => question = question.or(Some((argument, asked))),
                Filled::Absent => {}
            }
        }
        let ooo = fit.entry.about.wording.slots.iter().any(|(_, slot)| *slot == Slot::Message);
        if !ooo
            && !Scene::reads(predicate)
            && let Some(asked) = schedule(scene, predicate, &mut proposal)
        {
            question = question.or(Some((AT, asked)));
        }
        match question {
            None => proposals.push(proposal),
            Some((argument, question)) => {
                opens.push(Open { proposal, argument: argument.to_owned(), question });
            }
        }
    }
    (proposals, opens)
}

fn because(scene: &Scene<'_>, from: usize, to: usize, gave: &str, quoted: bool) -> Because {
    Because { words: scene.said(from, to), gave: gave.to_owned(), quoted }
}

fn values(
    scene: &Scene<'_>,
    predicate: &Predicate,
    slot: Slot,
    person: Option<&Filled>,
    memory: &[Span],
) -> Vec<Filled> {
    match slot {
        Slot::Person => people(scene, predicate),
        Slot::GroupInto => groups(scene, predicate, true, memory),
        Slot::GroupOutOf => groups(scene, predicate, false, memory),
        Slot::Licence => licences(scene, predicate, None, false, memory),
        Slot::LicenceHeld => licences(scene, predicate, person, true, memory),
        Slot::Message => vec![message(scene, predicate)],
        Slot::Start => vec![bound(scene, predicate, true)],
        Slot::End => vec![bound(scene, predicate, false)],
        Slot::ChangeAtSignIn => vec![change_at_sign_in(scene, predicate)],
    }
}

fn people(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let spans = scene.people(predicate);
    if spans.is_empty() {
        return vec![Filled::Ask(whom(None))];
    }
    spans.iter().map(|span| person(scene, span, &span.what, Scene::reads(predicate))).collect()
}

fn person(scene: &Scene<'_>, span: &Span, what: &What, reads: bool) -> Filled {
    let said = scene.said(span.from, span.to);
    let quoted = scene.sentence(span.from).quoted;
    let value = |at: usize| {
        let upn = scene.index.people[at].who.upn.to_string();
        Filled::Value(Value::String(upn), Some(because(scene, span.from, span.to, "", quoted)))
    };
    match what {
        What::People(all, _) => {
            let left = narrowed(scene, span, all);
            match left.as_slice() {
                [one] => value(*one),
                _ => Filled::Ask(which_person(scene.index, &left, &said)),
            }
        }
        What::Me => match scene.index.address(scene.context.requester.upn.as_str()) {
            Some(at) => value(at),
            None => Filled::Value(Value::String(scene.context.requester.upn.to_string()), None),
        },
        What::Manager(of) if reads => person(scene, span, of, reads),
        What::Manager(of) => {
            let owner = match of.as_ref() {
                What::Pronoun => scene.people_before(span),
                other => other.clone(),
            };
            let manager = match owner {
                What::People(all, _) if all.len() == 1 => {
                    scene.index.people[all[0]].manager.clone()
                }
                What::Me => scene
                    .index
                    .person(scene.context.requester.upn.as_str())
                    .and_then(|p| p.manager.clone()),
                _ => None,
            };
            match manager {
                Some(manager) => Filled::Value(
                    Value::String(manager.upn.to_string()),
                    Some(because(scene, span.from, span.to, "", quoted)),
                ),
                None => Filled::Ask(whom(Some(said))),
            }
        }
        _ => Filled::Ask(whom(Some(said))),
    }
}

/// Uses what the sentence says of them: "in finance", "the sales one".
fn narrowed(scene: &Scene<'_>, span: &Span, all: &[usize]) -> Vec<usize> {
    if all.len() < 2 {
        return all.to_vec();
    }
    let sentence = scene.sentence(span.from);
    for at in sentence.from..sentence.to {
        let free = scene.tokens[at].word()
            && scene.lattice.span_at[at].is_none()
            && !scene.lattice.literal[at];
        let hint = scene.word(at);
        if !free
            || hint.len() < 2
            || ["the", "of", "and", "account", "accounts", "manager", "user"].contains(&hint)
        {
            continue;
        }
        let left: Vec<usize> = all.iter().copied().filter(|p| scene.index.fits(*p, hint)).collect();
        if left.len() == 1 {
            return left;
        }
    }
    all.to_vec()
}

/// Whom?
pub fn whom(said: Option<String>) -> Question {
    Question { ask: Ask::Whom, said: said.filter(|said| !said.is_empty()), choices: Vec::new() }
}

/// Which of these?
pub fn which_person(index: &Index, people: &[usize], said: &str) -> Question {
    let choices = people.iter().take(10).map(|at| {
        let person = &index.people[*at];
        let mut detail = person.who.upn.to_string();
        for more in [person.department.as_deref(), person.manager.as_ref().map(|m| m.name.as_str())]
            .into_iter()
            .flatten()
        {
            detail.push_str(" · ");
            detail.push_str(more);
        }
        Choice { value: person.who.upn.to_string(), label: person.who.name.clone(), detail }
    });
    Question { ask: Ask::WhichPerson, said: Some(said.to_owned()), choices: choices.collect() }
}

/// The value of a group: its name, or its id when others bear the same name.
fn group_value(index: &Index, at: usize) -> String {
    let group = &index.groups[at];
    if index.namesakes(at) > 1 { group.id.to_string() } else { group.name.clone() }
}

fn groups(scene: &Scene<'_>, predicate: &Predicate, into: bool, memory: &[Span]) -> Vec<Filled> {
    let mut spans = scene.groups(predicate, into);
    let everything = (predicate.from..predicate.to).any(|at| {
        ["all", "every", "any"].contains(&scene.word(at))
            && (1..=4).any(|next| {
                ["group", "groups", "memberships", "lists"].contains(&scene.word(at + next))
            })
    });
    if spans.is_empty() && everything && !into {
        return vec![Filled::Value(Value::String("ALL".to_owned()), None)];
    }
    if spans.is_empty() {
        spans = recalled(scene, predicate, memory, |what| matches!(what, What::Group(_)));
    }
    if spans.is_empty() {
        return vec![Filled::Ask(Question {
            ask: Ask::WhatGroup,
            said: None,
            choices: Vec::new(),
        })];
    }
    let one = |span: &Span| {
        let said = scene.said(span.from, span.to);
        match &span.what {
            What::Group(all) if all.len() == 1 => Filled::Value(
                Value::String(group_value(scene.index, all[0])),
                Some(because(scene, span.from, span.to, "", predicate.quoted)),
            ),
            What::Group(all) => Filled::Ask(Question {
                ask: Ask::WhichGroup,
                said: Some(said),
                choices: all
                    .iter()
                    .take(10)
                    .map(|at| crate::actions::look::group_choice(&scene.index.groups[*at]))
                    .collect(),
            }),
            _ => {
                Filled::Ask(Question { ask: Ask::WhatGroup, said: Some(said), choices: Vec::new() })
            }
        }
    };
    spans.iter().map(one).collect()
}

/// "it", "that one": what was named last of this sort.
fn recalled(
    scene: &Scene<'_>,
    predicate: &Predicate,
    memory: &[Span],
    wanted: fn(&What) -> bool,
) -> Vec<Span> {
    const LABELS: &[&str] = &[
        "group",
        "groups",
        "group name",
        "distribution list",
        "list",
        "dl",
        "team",
        "licence",
        "license",
        "licence type",
        "license type",
        "product",
        "sku",
        "security group",
    ];
    let points = (predicate.verb + 1..predicate.to)
        .any(|at| ["it", "that", "them", "those", "same"].contains(&scene.word(at)));
    let last = memory.iter().rev().find(|span| wanted(&span.what));
    if points || frames::ends_here(scene, predicate) {
        return last.cloned().into_iter().collect();
    }
    if let Some(value) = scene.fielded(LABELS, wanted) {
        return vec![value];
    }
    // "Grace is missing from Project Atlas, please add her": the only one there is.
    let things: Vec<&Span> = scene
        .lattice
        .spans
        .iter()
        .filter(|span| wanted(&span.what) && !span.negated && span.to <= predicate.verb)
        .collect();
    let only = things.first().filter(|first| things.iter().all(|span| span.what == first.what));
    let near = only.filter(|span| scene.sentence(span.from) == scene.sentence(predicate.verb));
    near.map(|span| (*span).clone()).into_iter().collect()
}

fn licences(
    scene: &Scene<'_>,
    predicate: &Predicate,
    person: Option<&Filled>,
    held: bool,
    memory: &[Span],
) -> Vec<Filled> {
    let inside = |from: usize, to: usize| from >= predicate.from && to <= predicate.to;
    let sku = |span: &&Span| matches!(span.what, What::Sku(_)) && inside(span.from, span.to);
    let mut spans: Vec<Span> =
        scene.lattice.spans.iter().filter(sku).filter(|s| !s.negated).cloned().collect();
    let spared = scene.lattice.spans.iter().filter(sku).any(|span| span.negated);
    let upn = match person {
        Some(Filled::Value(Value::String(upn), _)) => Some(upn.as_str()),
        _ => None,
    };
    let holds = upn.and_then(|upn| scene.index.person(upn)).and_then(|person| person.held.clone());
    if spans.is_empty() {
        spans = recalled(scene, predicate, memory, |what| matches!(what, What::Sku(_)));
    }
    let value = |part: &str, why| Filled::Value(Value::String(part.to_owned()), why);
    if spans.is_empty() && held {
        let all = object_class("all_licences");
        let plural =
            scene.lattice.hits.iter().any(|hit| hit.classes & all != 0 && inside(hit.from, hit.to));
        if plural && !spared {
            return vec![value("ALL", None)];
        }
        if let Some([one]) = holds.as_deref()
            && !spared
        {
            return vec![value(one, None)];
        }
    }
    if spans.is_empty() {
        return vec![Filled::Ask(Question {
            ask: Ask::WhatLicence,
            said: None,
            choices: Vec::new(),
        })];
    }
    let one = |span: &Span| {
        let What::Sku(all) = &span.what else { return Filled::Absent };
        let mut left: Vec<usize> = all.clone();
        if held
            && left.len() > 1
            && let Some(holds) = &holds
        {
            let owned = |at: &usize| holds.contains(&scene.index.skus[*at].part_number);
            if left.iter().any(owned) {
                left.retain(owned);
            }
        }
        match left.as_slice() {
            [one] => value(
                &scene.index.skus[*one].part_number,
                Some(because(scene, span.from, span.to, "", predicate.quoted)),
            ),
            _ => Filled::Ask(Question {
                ask: Ask::WhichLicence,
                said: Some(scene.said(span.from, span.to)),
                choices: left
                    .iter()
                    .take(10)
                    .map(|at| {
                        let sku = &scene.index.skus[*at];
                        Choice {
                            value: sku.part_number.clone(),
                            label: sku.name.clone(),
                            detail: sku.part_number.clone(),
                        }
                    })
                    .collect(),
            }),
        }
    };
    spans.iter().map(one).collect()
}

/// What the automatic reply says: the quoted words, or all after "saying".
fn message(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let found = scene
        .lattice
        .literals
        .iter()
        .find(|(open, close)| *open > predicate.verb && close - open > 2);
    match found {
        Some((open, close)) => {
            let (start, end) = (scene.tokens[open + 1].start, scene.tokens[close - 1].end);
            let words = scene.text.clean[start..end].trim();
            let why = because(scene, open + 1, *close, "", predicate.quoted);
            Filled::Value(Value::String(words.to_owned()), Some(why))
        }
        None => Filled::Ask(Question { ask: Ask::WhatMessage, said: None, choices: Vec::new() }),
    }
}

/// "and make her change it at next logon"; "no need to change it".
fn change_at_sign_in(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let any =
        |from: usize, words: &[&str]| (from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let change = (predicate.verb + 1..sentence.to)
        .find(|at| ["change", "changing", "changed", "choose", "pick"].contains(&scene.word(*at)));
    let Some(change) = change.filter(|_| {
        any(
            predicate.verb,
            &[
                "next", "first", "force", "forced", "must", "make", "have", "need", "forcing",
                "without",
            ],
        )
    }) else {
        return Filled::Absent;
    };
    let not = (predicate.verb + 1..change)
        .any(|at| ["dont", "not", "no", "without", "never"].contains(&scene.word(at)));
    Filled::Value(Value::Bool(!not), None)
}

/// When the automatic reply begins, or ends.
fn bound(scene: &Scene<'_>, predicate: &Predicate, start: bool) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let outside = |when: &&When| !scene.lattice.literal[when.from];
    let here = |when: &&When| when.from >= sentence.from && when.to <= sentence.to;
    let mut whens: Vec<&When> = scene.whens.iter().filter(outside).filter(here).collect();
    if whens.is_empty() {
        whens = scene.whens.iter().filter(outside).collect();
    }
    let ends = |when: &When| {
        (1..=2).any(|back| {
            when.from.checked_sub(back).is_some_and(|at| {
                [
                    "until",
                    "till",
                    "til",
                    "through",
                    "to",
                    "thru",
                    "ending",
                    "ends",
                    "end",
                    "back",
                    "returns",
                    "returning",
                    "return",
                ]
                .contains(&scene.word(at))
                    || scene.tokens[at].is('-')
                    || scene.tokens[at].is('\u{2013}')
            })
        })
    };
    let between = whens.len() == 2 && !whens.iter().any(|when| ends(when));
    let found = whens.iter().enumerate().find(|(number, when)| {
        let end = if between { *number == 1 } else { ends(when) };
        end != start && !when.now
    });
    match found {
        Some((_, when)) => Filled::Value(
            Value::String(when.text()),
            Some(because(scene, when.from, when.to, "", predicate.quoted)),
        ),
        None => Filled::Absent,
    }
}

/// Puts the time to run into the proposal; a question when it is over already.
fn schedule(scene: &Scene<'_>, predicate: &Predicate, proposal: &mut Proposal) -> Option<Question> {
    let sentence = scene.sentence(predicate.verb);
    let fits = |when: &&When| {
        let before = when.from.checked_sub(1).map_or("", |at| scene.word(at));
        !scene.lattice.literal[when.from] && !["since", "last", "until", "till"].contains(&before)
    };
    let inside = |when: &&When| when.from >= predicate.from && when.to <= predicate.to;
    let here = |when: &&When| when.from >= sentence.from && when.to <= sentence.to;
    let mut found = scene
        .whens
        .iter()
        .filter(fits)
        .find(inside)
        .or_else(|| scene.whens.iter().filter(fits).find(here));
    let that_day = (predicate.from..predicate.to).any(|at| {
        ["that", "this"].contains(&scene.word(at))
            && ["date", "day", "time"].contains(&scene.word(at + 1))
    });
    let that_day = that_day
        || (predicate.from..sentence.to).any(|at| {
            ["that", "same"].contains(&scene.word(at))
                && ["date", "day"].contains(&scene.word(at + 1))
        });
    if found.is_none() && that_day {
        found = scene.whens.iter().rfind(|when| when.to <= predicate.from);
    }
    let mut when = *found?;
    if !when.dated
        && that_day
        && let Some(day) = scene.whens.iter().rfind(|day| day.dated && day.to <= when.from)
    {
        when = When { date: day.date, dated: true, ..when };
    }
    if when.now {
        return None;
    }
    if when.past(&scene.context.now) {
        return Some(Question {
            ask: Ask::When,
            said: Some(scene.said(when.from, when.to)),
            choices: Vec::new(),
        });
    }
    proposal.arguments.insert(AT.to_owned(), Value::String(when.text()));
    proposal.because.push(because(scene, when.from, when.to, AT, predicate.quoted));
    None
}

/// The first argument that is still missing.
pub fn missing(entry: &Entry, proposal: &Proposal) -> Option<(&'static str, Ask)> {
    let off = proposal.arguments.get("off").is_some_and(|off| *off == Value::Bool(true));
    entry.about.wording.slots.iter().find_map(|(argument, slot)| {
        if proposal.arguments.contains_key(*argument) {
            return None;
        }
        let ask = match slot {
            Slot::Person => Ask::Whom,
            Slot::GroupInto | Slot::GroupOutOf => Ask::WhatGroup,
            Slot::Licence | Slot::LicenceHeld => Ask::WhatLicence,
            Slot::Message if !off => Ask::WhatMessage,
            Slot::Message | Slot::Start | Slot::End | Slot::ChangeAtSignIn => return None,
        };
        Some((*argument, ask))
    })
}
