//! Joiners, leavers and movers, as HR writes of them: what happens is told, and what should
//! be done about it is asked for in general ("kindly arrange everything"), in a form, a table
//! or a list. And what is asked for in the same breath as a process becomes part of it.
//!
//! - [`read`]   events that are told → the process they ask for
//! - [`absorb`] orders beside a leaver → arguments of the leaver
//!
//! Not here: orders with a verb of their own ("offboard Ada"); those are frames.

mod events;
mod joiners;

use serde_json::{Value, json};

use self::events::{Event, events};
pub(super) use self::joiners::first_day;
use crate::{
    actions::{Entry, wording::Frame},
    domain::{
        area::Risk,
        proposal::{Proposal, Understood},
    },
    interpret::{
        clauses::{Act, Predicate, Sentence},
        dates::When,
        entities::{Span, What},
        frames::Fit,
        scene::Scene,
        slots,
    },
};

const LEAVER: &str = "offboard_user";
const JOINER: &str = "onboard_user";
const MOVER: &str = "transfer_user";

/// What a leaver's process takes in when it is asked for beside.
const OF_A_LEAVER: &[&str] =
    &[LEAVER, "set_forwarding", "convert_to_shared_mailbox", "wipe_device"];
/// What a joiner's process takes in.
const OF_A_JOINER: &[&str] =
    &[JOINER, "create_user", "assign_license", "add_to_group", "set_manager", "update_user"];
/// What a mover's process takes in.
const OF_A_MOVER: &[&str] = &[MOVER, "update_user", "set_manager"];

fn way() -> &'static Frame {
    const WAY: Frame = Frame::of(&[], &[]);
    &WAY
}

/// Reads events that are told, where something is asked for and nothing else is understood
/// of the message. Says whether it was one.
pub(super) fn read(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) -> bool {
    let entry = |id: &str| catalog.iter().find(|entry| entry.about.id == id);
    let found = events(scene);
    if found.is_empty() || !asks(scene) {
        return false;
    }
    let only = |of: &[&str]| {
        let writes = |one: &&Proposal| {
            catalog
                .iter()
                .any(|entry| entry.about.id == one.action && entry.about.risk > Risk::Read)
        };
        understood.proposals.iter().filter(writes).all(|one| of.contains(&one.action.as_str()))
    };
    let read = |event: &Event| -> Option<(Vec<Proposal>, &'static [&'static str])> {
        match event {
            Event::Leaves(sentence, at) if only(OF_A_LEAVER) => {
                let mut left = told(scene, entry(LEAVER)?, *sentence, *at);
                for one in &mut left {
                    at_its_end(scene, one);
                }
                Some((left, OF_A_LEAVER))
            }
            Event::Moves(sentence, at) if only(OF_A_MOVER) => {
                let mut moved = told(scene, entry(MOVER)?, *sentence, *at);
                moved.retain(|one| one.arguments.contains_key("department"));
                Some((moved, OF_A_MOVER))
            }
            Event::Joins(sentence) if only(OF_A_JOINER) => {
                Some((joiners::joiners(scene, entry(JOINER)?, *sentence), OF_A_JOINER))
            }
            _ => None,
        }
    };
    // "She is leaving us. Her last day is Friday.": the last one says most.
    for (made, of) in found.iter().filter_map(read) {
        if made.is_empty() {
            continue;
        }
        if of != OF_A_LEAVER {
            understood.proposals.retain(|one| !of.contains(&one.action.as_str()));
        }
        understood.proposals.retain(|one| one.action != LEAVER);
        understood.proposals.extend(made);
        understood.questions.clear();
        return true;
    }
    false
}

/// The event of a sentence with this action's arguments, for everybody it is about. Nothing
/// where somebody is not clear.
fn told(scene: &Scene<'_>, entry: &Entry, sentence: Sentence, at: usize) -> Vec<Proposal> {
    let fit = Fit { entry, frame: way() };
    let mut all = Vec::new();
    for span in whom(scene, sentence, at) {
        let only = Sentence { from: span.from, to: span.to, ..sentence };
        let (made, open) = slots::fill(scene, &whole(only), &fit, &[]);
        let (true, [one]) = (open.is_empty(), made.as_slice()) else { return Vec::new() };
        if one.arguments.get("user") != slots::sure_person(scene, &span).as_ref() {
            return Vec::new();
        }
        let mut one = one.clone();
        if !one.arguments.contains_key(slots::AT)
            && let Some(when) = day_in(scene, sentence)
        {
            one.arguments.insert(slots::AT.to_owned(), json!(when.text()));
        }
        all.push(one);
    }
    all
}

/// Whom a word such as "leaving" is about: the only people named before it, else those of a
/// form, else the only ones behind it. Several in different places are a doubt.
fn whom(scene: &Scene<'_>, sentence: Sentence, at: usize) -> Vec<Span> {
    const LABELS: &[&str] =
        &["employee", "name", "full name", "employee name", "leaver", "user", "staff member"];
    let mut before = lists(scene, sentence.from, at);
    if let Some(only) = before.pop() {
        return if before.is_empty() { only } else { Vec::new() };
    }
    if let Some(span) = scene.fielded(LABELS, |what| matches!(what, What::People(..))) {
        return vec![span];
    }
    let mut behind = lists(scene, at + 1, sentence.to);
    match behind.pop() {
        Some(only) if behind.is_empty() => only,
        _ => Vec::new(),
    }
}

/// The people named there, those joined by "and" together. Whoever is only addressed stands
/// apart by a comma.
fn lists(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Vec<Span>> {
    let mut found: Vec<Vec<Span>> = Vec::new();
    for span in &scene.lattice.spans {
        let named = span.from >= from
            && span.to <= to
            && span.named()
            && !scene.aside(span)
            && !scene.lattice.literal[span.from];
        if !named {
            continue;
        }
        let joined = |last: &Span| {
            (last.to..span.from).all(|at| scene.word(at) == "and" || scene.tokens[at].is('&'))
        };
        match found.last_mut() {
            Some(list) if list.last().is_some_and(joined) => list.push(span.clone()),
            _ => found.push(vec![span.clone()]),
        }
    }
    found
}

/// The first day that is named there and lies ahead.
fn day_in<'s>(scene: &'s Scene<'_>, sentence: Sentence) -> Option<&'s When> {
    scene.whens.iter().find(|when| {
        let before = when.from.checked_sub(1).map_or("", |at| scene.word(at));
        when.from >= sentence.from
            && when.to <= sentence.to
            && !when.now
            && !when.past(&scene.context.now)
            && !scene.lattice.literal[when.from]
            && !["since", "until", "till"].contains(&before)
    })
}

/// "… at the end of that day": of a day alone, the hour at which it ends here.
fn at_its_end(scene: &Scene<'_>, one: &mut Proposal) {
    let ends = own(scene).into_iter().any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let behind = |words: &[&str]| (at + 2..at + 4).any(|at| words.contains(&scene.word(at)));
        (word, next) == ("end", "of") && behind(&["day"])
            || (word, next) == ("close", "of") && behind(&["business", "play"])
            || ["cob", "eod"].contains(&word)
    });
    let time = scene.context.end_of_day;
    if let Some(Value::String(day)) = one.arguments.get_mut(slots::AT)
        && ends
        && !day.contains('T')
    {
        *day = format!("{day}T{:02}:{:02}", time.hour(), time.minute());
    }
}

/// All of a sentence, as if one verb governed it.
fn whole(sentence: Sentence) -> Predicate {
    Predicate {
        from: sentence.from,
        verb: sentence.from,
        to: sentence.to,
        classes: 0,
        particle: None,
        act: Act::Request,
        quoted: sentence.quoted,
    }
}

/// Is something asked for at all? A polite word, or a form.
fn asks(scene: &Scene<'_>) -> bool {
    const ASKS: &[&str] =
        &["please", "pls", "plz", "kindly", "grateful", "arrange", "appreciate", "need", "needs"];
    let own = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    let polite = |at: usize| {
        let word = scene.word(at);
        let could = ["could", "would", "can"].contains(&word)
            && ["you", "we", "someone", "somebody"].contains(&scene.word(at + 1));
        (ASKS.contains(&word) || could) && !scene.lattice.literal[at]
    };
    // "onboard Ada Park"
    let order = |sentence: &Sentence| scene.word(sentence.from) == "onboard";
    own.into_iter().any(polite) || scene.sentences.iter().any(order) || labels(scene) >= 2
}

/// Lines of a form: a label, a mark, a value.
fn labels(scene: &Scene<'_>) -> usize {
    let begins = |at: usize| {
        at == 0
            || scene.tokens[at - 1].sort == crate::interpret::text::Sort::Line
            || ['-', '•', '*', '|'].iter().any(|mark| scene.tokens[at - 1].is(*mark))
    };
    let label = |at: &usize| {
        let colon = (1..=3).find(|words| {
            scene.tokens.get(at + words).is_some_and(|token| token.is(':') || token.is('|'))
        });
        scene.tokens[*at].word() && begins(*at) && colon.is_some()
    };
    (0..scene.tokens.len()).filter(label).count()
}

/// Orders beside a leaver become its arguments: forwarding, the conversion, wiping.
pub(super) fn absorb(scene: &Scene<'_>, understood: &mut Understood) {
    let leavers: Vec<String> = understood
        .proposals
        .iter()
        .filter(|one| one.action == LEAVER)
        .filter_map(|one| one.arguments.get("user")?.as_str().map(str::to_owned))
        .collect();
    if leavers.is_empty() {
        return;
    }
    let forward = understood
        .proposals
        .iter()
        .find(|one| one.action == "set_forwarding" && of_leaver(one, "mailbox", &leavers));
    let forward = forward.and_then(|one| one.arguments.get("forward_to").cloned());
    let forward = forward.or_else(|| onward(scene));
    let wipe = wiped(scene);
    let shared = said_shared(scene);
    // "… and have his mail forwarded to Lynne": she stays.
    understood.proposals.retain(|one| {
        one.action != LEAVER || forward.is_none() || one.arguments.get("user") != forward.as_ref()
    });
    for one in understood.proposals.iter_mut().filter(|one| one.action == LEAVER) {
        if let Some(to) = &forward {
            one.arguments.insert("forward_to".to_owned(), to.clone());
        }
        if let Some(wipe) = wipe {
            one.arguments.insert("wipe_devices".to_owned(), json!(wipe));
        }
        if shared {
            one.arguments.insert("convert_mailbox".to_owned(), json!(true));
        }
    }
    let delegate = delegate(scene, &understood.proposals);
    understood.proposals.extend(delegate);
    let gone = |one: &Proposal| match one.action.as_str() {
        "set_forwarding" | "convert_to_shared_mailbox" => of_leaver(one, "mailbox", &leavers),
        "wipe_device" => wipe.is_some(),
        _ => false,
    };
    understood.proposals.retain(|one| !gone(one));
    understood.questions.retain(|open| {
        !["set_forwarding", "convert_to_shared_mailbox", "wipe_device", LEAVER]
            .contains(&open.proposal.action.as_str())
    });
}

fn of_leaver(one: &Proposal, argument: &str, leavers: &[String]) -> bool {
    let of = one.arguments.get(argument).and_then(Value::as_str);
    of.is_some_and(|of| leavers.iter().any(|leaver| leaver == of))
}

/// Not said of it: "no", "without", "do not" within a few words before.
fn denied(scene: &Scene<'_>, at: usize) -> bool {
    (1..=3)
        .filter_map(|back| at.checked_sub(back))
        .any(|at| ["no", "not", "dont", "without", "never", "nor"].contains(&scene.word(at)))
}

/// The own words among the tokens, outside quotation marks.
fn own(scene: &Scene<'_>) -> Vec<usize> {
    let all = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    all.filter(|at| !scene.lattice.literal[*at]).collect()
}

/// "wipe his devices", "Devices: wipe", "all her devices are wiped"; false: "without wiping".
fn wiped(scene: &Scene<'_>) -> Option<bool> {
    const WIPES: &[&str] = &["wipe", "wiped", "wiping", "erase", "erased"];
    const DEVICES: &[&str] = &["devices", "equipment"];
    let at = own(scene).into_iter().find(|at| WIPES.contains(&scene.word(*at)))?;
    let near = (at.saturating_sub(5)..at + 6).any(|at| DEVICES.contains(&scene.word(at)));
    near.then(|| !denied(scene, at))
}

/// "convert her mailbox to a shared one", "Mailbox: convert to shared".
fn said_shared(scene: &Scene<'_>) -> bool {
    own(scene).into_iter().any(|at| {
        ["convert", "converted", "turn", "make"].contains(&scene.word(at))
            && (at + 1..at + 8).any(|at| scene.word(at) == "shared")
            && !denied(scene, at)
    })
}

/// "forward her emails to her manager", "Forward to: Lee Gu".
fn onward(scene: &Scene<'_>) -> Option<Value> {
    let at = own(scene).into_iter().find(|at| {
        ["forward", "forwarded", "redirect"].contains(&scene.word(*at)) && !denied(scene, *at)
    })?;
    let end = scene.sentence(at).to;
    let to = (at + 1..end).find(|at| scene.word(*at) == "to")?;
    let mut from = to + 1;
    while from < end && (scene.tokens[from].is(':') || scene.word(from) == "the") {
        from += 1;
    }
    let span = scene.lattice.spans.iter().find(|span| span.from == from && span.person())?;
    slots::sure_person(scene, span)
}

/// "Mailbox: …, delegate to Lee Gu": a right of its own, at the leaver's time.
fn delegate(scene: &Scene<'_>, proposals: &[Proposal]) -> Option<Proposal> {
    if proposals.iter().any(|one| one.action == "add_mailbox_permission") {
        return None;
    }
    let mut leavers = proposals.iter().filter(|one| one.action == LEAVER);
    let (Some(leaver), None) = (leavers.next(), leavers.next()) else { return None };
    let at = own(scene).into_iter().find(|at| {
        ["delegate", "delegated"].contains(&scene.word(*at)) && scene.word(at + 1) == "to"
    })?;
    let after = |span: &&Span| span.from == at + 2 && matches!(span.what, What::People(..));
    let span = scene.lattice.spans.iter().find(after)?;
    let mut arguments = serde_json::Map::new();
    arguments.insert("mailbox".to_owned(), leaver.arguments.get("user")?.clone());
    arguments.insert("user".to_owned(), slots::sure_person(scene, span)?);
    arguments.insert("permission".to_owned(), json!("full_access"));
    if let Some(when) = leaver.arguments.get(slots::AT) {
        arguments.insert(slots::AT.to_owned(), when.clone());
    }
    Some(Proposal {
        action: "add_mailbox_permission".to_owned(),
        arguments,
        because: leaver.because.clone(),
    })
}
