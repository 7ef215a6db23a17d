//! Several who leave, each with what is told of them: a line of a list, or a name with a day.
//!
//! "Leavers: 1) Ada Park - 29 May - mail to Bo 2) Cy Lee - 12 June, wipe devices", "Ada on the
//! 23rd and Bo on the 30th, both at noon"
//!
//! Not here: one who leaves, and those of whom nothing is told one by one.

use serde_json::{Map, Value, json};

use super::{
    marks::{Run, begins_line, line_end, says},
    pieces::runs,
};
use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Because, Proposal, Understood},
    },
    interpret::{
        dates::When,
        entities::{Span, What},
        lifecycle::{asked_for, former, headed},
        scene::Scene,
        slots::{self, sure_person},
    },
};

const LEAVER: &str = "offboard_user";
/// What belongs to somebody who leaves.
const OF_A_LEAVER: &[&str] = &[
    LEAVER,
    "disable_user",
    "set_forwarding",
    "remove_forwarding",
    "convert_to_shared_mailbox",
    "wipe_device",
];
/// Longer lists are sheets.
const LEAVERS_MAX: usize = 20;
const LEAVES: &[&str] = &[
    "leaver",
    "leavers",
    "leaving",
    "offboard",
    "offboarding",
    "offboardings",
    "offboarded",
    "exit",
    "exits",
    "exiting",
    "departure",
    "departures",
    "separation",
    "separations",
    "lows",
    "terminations",
    "eoc",
];
const DOUBTS: &[&str] = &[
    "if",
    "whether",
    "might",
    "maybe",
    "perhaps",
    "unless",
    "dont",
    "not",
    "never",
    "wait",
    "cancelled",
    "hold",
];
const MAILS: &[&str] = &[
    "mail",
    "mails",
    "email",
    "emails",
    "forward",
    "forwarded",
    "forwarding",
    "redirect",
    "redirected",
    "fwd",
    "inbox",
];

/// Somebody who leaves, and where what is told of them stands.
struct Leaver {
    user: Value,
    span: Span,
    piece: Run,
}

/// Reads those who leave. Says whether there were several, each with a piece of their own.
pub(in crate::interpret) fn departures(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
) -> bool {
    let known = catalog.iter().any(|entry| entry.about.id == LEAVER);
    let looks = |id: &str| {
        catalog.iter().any(|entry| entry.about.id == id && entry.about.risk == Risk::Read)
    };
    let fits = |one: &Proposal| OF_A_LEAVER.contains(&one.action.as_str()) || looks(&one.action);
    let quoted = scene.sentences.iter().any(|sentence| sentence.quoted);
    let runs = runs(scene, quoted);
    let said = |any: &[&str]| runs.iter().any(|run| says(scene, *run, any));
    let asked = scene.asked || asked_for(scene) || headed(scene);
    if !known || !asked || !said(LEAVES) || !understood.proposals.iter().all(fits) {
        return false;
    }
    // "Deactivate the accounts of the following leavers": that, and no process.
    let only = understood.proposals.iter().all(|one| one.action == "disable_user");
    if only && !understood.proposals.is_empty() {
        return false;
    }
    let Some(mut all) = listed(scene, &runs).or_else(|| dated(scene, &runs)) else { return false };
    // Nobody is both among those who leave and taken out again.
    let (from, to) = (all[0].span.from, all[all.len() - 1].piece.1);
    let except = except(scene, &runs, &mut all);
    let doubt = runs.iter().any(|run| says(scene, (run.0, run.1.min(from).max(run.0)), DOUBTS));
    if all.len() < 2 && !except || doubt || all.is_empty() {
        return false;
    }
    let shared: Vec<Run> = runs
        .iter()
        .flat_map(|run| [(run.0, run.1.min(from)), (run.0.max(to), run.1)])
        .filter(|(from, to)| from < to)
        .collect();
    let made: Vec<Proposal> = all.iter().map(|one| proposal(scene, one, &shared)).collect();
    understood.proposals.retain(|one| !fits(one));
    understood.questions.retain(|open| !OF_A_LEAVER.contains(&open.proposal.action.as_str()));
    understood.proposals.extend(made);
    true
}

fn person(span: &Span) -> bool {
    matches!(span.what, What::People(..)) && !span.negated
}

/// The first person of each line of a list.
fn listed(scene: &Scene<'_>, runs: &[Run]) -> Option<Vec<Leaver>> {
    let mut all: Vec<Leaver> = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| person(span)) {
        let inside = runs.iter().any(|run| run.0 <= span.from && span.to <= run.1);
        let marked = span.from > 0 && !scene.tokens[span.from - 1].word();
        if !inside || !marked || !begins_line(scene, span.from) {
            continue;
        }
        let user = sure_person(scene, span)?;
        if all.iter().any(|one| one.user == user) || all.len() >= LEAVERS_MAX {
            return None;
        }
        let piece = (span.to, line_end(scene, span.to));
        if does(scene, span.to, piece) {
            return None;
        }
        all.push(Leaver { user, span: span.clone(), piece });
    }
    // "Offboard Ada, please: - Bo gets her mail - Cy her mailbox": they stay.
    let first = all.first().map_or(0, |one| one.span.from);
    let before = scene.lattice.spans_in(0, first).any(|span| {
        person(span)
            && runs
                .iter()
                .any(|run| run.0 <= span.from && span.to <= run.1 && says(scene, *run, LEAVES))
    });
    if before {
        return None;
    }
    // Each line tells something, or the list is only of names.
    (all.len() >= 2).then_some(all)
}

/// "Bo gets her mail": somebody does something, and does not leave.
fn does(scene: &Scene<'_>, at: usize, line: Run) -> bool {
    const DOES: &[&str] = &[
        "gets", "takes", "receives", "needs", "should", "will", "has", "must", "can", "is",
        "covers", "to", "stays", "keeps", "wants", "needed", "inherits", "owns", "remains",
    ];
    const GOES: &[&str] =
        &["leaves", "leaving", "last", "finishes", "ends", "exits", "goes", "leave"];
    DOES.contains(&scene.word(at)) && !says(scene, line, GOES)
}

/// "Ada on the 23rd and Bo on the 30th", "Ada (12th) and Bo (26th)": each with a day behind.
fn dated(scene: &Scene<'_>, runs: &[Run]) -> Option<Vec<Leaver>> {
    const NEAR: usize = 4;
    let run = runs.iter().find(|run| {
        says(scene, **run, LEAVES)
            && scene.lattice.spans_in(run.0, run.1).filter(|span| person(span)).count() >= 2
    })?;
    let people: Vec<&Span> =
        scene.lattice.spans_in(run.0, run.1).filter(|span| person(span)).collect();
    let mut all = Vec::new();
    for (number, span) in people.iter().enumerate() {
        let end = people.get(number + 1).map_or(run.1, |next| next.from);
        let day = scene.whens.iter().find(|when| {
            when.dated && when.from >= span.to && when.from <= span.to + NEAR && when.to <= end
        })?;
        // Up to the comma behind the day: what follows is of both.
        let piece = (span.to, day.to);
        all.push(Leaver { user: sure_person(scene, span)?, span: (*span).clone(), piece });
    }
    (all.len() >= 2 && all.len() <= LEAVERS_MAX).then_some(all)
}

/// "except #2", "except Ada", "ignore line 2": takes them out. Says whether somebody is; where
/// it is not clear who, nobody is left.
fn except(scene: &Scene<'_>, runs: &[Run], all: &mut Vec<Leaver>) -> bool {
    const EXCEPT: &[&str] = &["except", "excluding", "ignore", "skip", "apart", "besides", "not"];
    let last = all.last().map_or(0, |one| one.piece.1);
    let behind = runs.iter().filter(|run| run.1 > last);
    let at = behind.flat_map(|run| run.0.max(last)..run.1).find(|at| {
        EXCEPT.contains(&scene.word(*at))
            && !(at + 1..at + 5).any(|at| {
                ["forward", "forwarding", "convert", "wipe", "mail"].contains(&scene.word(at))
            })
    });
    let stays = |at: usize| ["staying", "stays", "rescinded", "remains"].contains(&scene.word(at));
    let Some(at) = at else {
        if runs.iter().any(|run| (run.0.max(last)..run.1).any(stays)) {
            all.clear();
        }
        return false;
    };
    let number = (at + 1..at + 5).find_map(|at| scene.word(at).parse::<usize>().ok());
    let named = scene
        .lattice
        .spans_in(at, scene.sentence(at).to)
        .find(|span| matches!(span.what, What::People(..)));
    let who = named.and_then(|span| sure_person(scene, span));
    let before = all.len();
    match (number, who) {
        (_, Some(who)) => all.retain(|one| one.user != who),
        (Some(number), None) if (1..=before).contains(&number) => {
            all.remove(number - 1);
        }
        _ => {}
    }
    if all.len() == before {
        all.clear();
    }
    true
}

fn proposal(scene: &Scene<'_>, one: &Leaver, shared: &[Run]) -> Proposal {
    let quoted = scene.sentence(one.span.from).quoted;
    let words = |(from, to): Run| scene.said(from, to);
    let because = |words: String, gave: &str| Because { words, gave: gave.to_owned(), quoted };
    let name = words((one.span.from, one.span.to));
    let mut arguments = Map::new();
    let mut why = vec![because(name.clone(), "action"), because(name, "user")];
    arguments.insert("user".to_owned(), one.user.clone());
    let mut put = |name: &str, found: Option<(Value, Run)>| {
        if let Some((value, run)) = found {
            arguments.insert(name.to_owned(), value);
            why.push(because(scene.said(run.0, run.1), name));
        }
    };
    let own = [one.piece];
    put(slots::AT, day(scene, &own, shared));
    put("forward_to", onward(scene, &own).or_else(|| onward(scene, shared)));
    let yes = |found: Option<Run>| found.map(|run| (json!(true), run));
    let none = says(scene, one.piece, &["not", "dont", "no", "without"]);
    let becomes = |runs: &[Run]| word(scene, runs, &["shared"]);
    put("convert_mailbox", yes(becomes(&own).or_else(|| becomes(shared).filter(|_| !none))));
    let wipes = |runs: &[Run]| word(scene, runs, &["wipe", "wiped", "wiping", "erase", "erased"]);
    put("wipe_devices", yes(wipes(&own).or_else(|| wipes(shared).filter(|_| !none))));
    Proposal { action: LEAVER.to_owned(), arguments, because: why }
}

/// The day of one, else of all, and the hour of either.
fn day(scene: &Scene<'_>, own: &[Run], shared: &[Run]) -> Option<(Value, Run)> {
    let inside =
        |when: &When, runs: &[Run]| runs.iter().any(|run| run.0 <= when.from && when.to <= run.1);
    let ahead = |when: &&When| {
        when.dated && !when.now && !when.past(&scene.context.now) && !former(scene, when)
    };
    let first =
        |runs: &[Run]| scene.whens.iter().filter(ahead).find(|when| inside(when, runs)).copied();
    let mut when = first(own).or_else(|| first(shared))?;
    if when.time.is_none() {
        let clock = |runs: &[Run]| {
            scene
                .whens
                .iter()
                .find(|other| {
                    other.time.is_some()
                        && (!other.dated || other.date == when.date)
                        && inside(other, runs)
                })
                .and_then(|other| other.time)
        };
        let ends =
            |runs: &[Run]| word(scene, runs, &["eod", "cob"]).map(|_| scene.context.end_of_day);
        when.time = clock(own).or_else(|| clock(shared)).or_else(|| ends(shared));
    }
    Some((Value::String(when.text()), (when.from, when.to)))
}

/// Who gets the mail: "mail to Bo", "forward to accounts@…"; nobody by "no forwarding".
fn onward(scene: &Scene<'_>, runs: &[Run]) -> Option<(Value, Run)> {
    const NEAR: usize = 6;
    runs.iter().find_map(|run| {
        let at = (run.0..run.1).find(|at| MAILS.contains(&scene.word(*at)))?;
        let no = (run.0.max(at.saturating_sub(3))..at)
            .any(|at| ["no", "not", "without", "dont"].contains(&scene.word(at)));
        let to = (at + 1..run.1.min(at + NEAR)).find(|at| {
            ["to", "with", "for"].contains(&scene.word(*at))
                || scene.tokens[*at].is('>')
                || scene.tokens[*at].is(':')
                || scene.tokens[*at].is('→')
        })?;
        let mut spans = scene.lattice.spans_in(to, run.1.min(to + NEAR));
        let span = spans.find(|span| span.person() || span.is_thing()).filter(|_| !no)?;
        let value = match &span.what {
            What::Named(all) => {
                let mailbox = |at: &&usize| {
                    scene.index.named[**at].sort == crate::actions::wording::Sort::Mailbox
                };
                Value::String(scene.index.named[*all.iter().find(mailbox)?].value.clone())
            }
            _ => sure_person(scene, span)?,
        };
        Some((value, (span.from, span.to)))
    })
}

/// One of these words, and not denied.
fn word(scene: &Scene<'_>, runs: &[Run], any: &[&str]) -> Option<Run> {
    let all = runs.iter().flat_map(|run| (run.0..run.1).map(|at| (at, run.0)));
    let found = all.into_iter().find(|(at, from)| {
        any.contains(&scene.word(*at))
            && !(at.saturating_sub(4).max(*from)..*at).any(|at| {
                ["no", "not", "dont", "without", "never", "nothing"].contains(&scene.word(at))
            })
    });
    found.map(|(at, _)| (at, at + 1))
}
