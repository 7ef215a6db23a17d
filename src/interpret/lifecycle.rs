//! Joiners, leavers and movers, as HR writes of them: what happens is told, and what should
//! be done about it is asked for in general ("kindly arrange everything"), in a form, a table
//! or a list. And what is asked for in the same breath as a process becomes part of it.
//!
//! - [`read`]   events that are told → the process they ask for
//! - [`absorb`] orders beside a leaver → arguments of the leaver
//! - [`contractors`] who is set up for a time, whose time is made longer
//! - [`guest`]  a guest of whom several sentences tell
//! - [`of_a_thing`] what goes is a thing, and nobody leaves
//!
//! Not here: orders with a verb of their own ("offboard Ada"); those are frames.

mod absorbed;
mod contractors;
mod events;
mod guests;
mod joiners;
mod names;
mod of_a_thing;

use serde_json::{Value, json};

use self::{
    absorbed::own,
    events::{Event, events},
};
pub(super) use self::{
    absorbed::{absorb, with_it},
    contractors::open as open_of_a_contractor,
    guests::guest,
    joiners::{first_day, former, last_day},
};
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
/// What may be asked for beside a leaver or a mover, and stands for itself.
const BESIDE: &[&str] = &[
    "add_mailbox_permission",
    "add_send_as",
    "add_to_group",
    "remove_from_group",
    "revoke_sessions",
    "set_out_of_office",
    "assign_license",
    "remove_license",
];
/// What a joiner's process takes in.
const OF_A_JOINER: &[&str] =
    &[JOINER, "create_user", "assign_license", "add_to_group", "set_manager", "update_user"];
/// What a mover's process takes in.
const OF_A_MOVER: &[&str] = &[MOVER, "update_user", "set_manager"];

/// Is it a joiner, a leaver or a mover?
pub(super) fn is_process(one: &Proposal) -> bool {
    [LEAVER, JOINER, MOVER, contractors::CONTRACTOR].contains(&one.action.as_str())
}

/// Is it a joiner?
pub(super) fn is_joiner(one: &Proposal) -> bool {
    [JOINER, contractors::CONTRACTOR].contains(&one.action.as_str())
}

fn way() -> &'static Frame {
    const WAY: Frame = Frame::of(&[], &[]);
    &WAY
}

/// Reads events that are told, where something is asked for and nothing else is understood
/// of the message. Says whether it was one.
pub(super) fn read(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) -> bool {
    if contractors::set_up(scene, understood, catalog)
        || contractors::extended(scene, understood, catalog)
    {
        return true;
    }
    let entry = |id: &str| catalog.iter().find(|entry| entry.about.id == id);
    let found = events(scene);
    let headed = headed(scene);
    if found.is_empty() || !headed && !asks(scene) {
        return false;
    }
    // "New starter: Ada Park, Buyer, Procurement, …": where that is all, it is the request.
    let alone = scene.sentences.len() == 1;
    if headed && alone && matches!(found.as_slice(), [Event::Joins(_)]) {
        understood.proposals.clear();
    }
    let is_read = |one: &Proposal| {
        catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
    };
    let only = |of: &[&str], beside: &[&str]| {
        let writes = |one: &&Proposal| !is_read(one);
        let fits = |one: &str| of.contains(&one) || beside.contains(&one);
        understood.proposals.iter().filter(writes).all(|one| fits(&one.action))
    };
    let read = |event: &Event| -> Option<(Vec<Proposal>, &'static [&'static str])> {
        match event {
            Event::Leaves(sentence, at) if only(OF_A_LEAVER, BESIDE) => {
                let mut left = told(scene, entry(LEAVER)?, *sentence, *at);
                for one in &mut left {
                    at_its_hour(scene, one);
                    at_its_end(scene, one);
                }
                Some((left, OF_A_LEAVER))
            }
            Event::Moves(sentence, at) if only(OF_A_MOVER, BESIDE) => {
                let mut moved = told(scene, entry(MOVER)?, *sentence, *at);
                moved.retain(|one| one.arguments.contains_key("department"));
                Some((moved, OF_A_MOVER))
            }
            Event::Joins(sentence) => {
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
        let whom: Vec<_> = made.iter().filter_map(|one| one.arguments.get("user")).collect();
        // What is asked for somebody else is another matter.
        let others = of != OF_A_JOINER
            && understood.proposals.iter().any(|one| {
                let beside = BESIDE.contains(&one.action.as_str());
                beside
                    && !["user", "mailbox"].iter().any(|name| {
                        one.arguments.get(*name).is_some_and(|value| whom.contains(&value))
                    })
            });
        if others {
            continue;
        }
        if of == OF_A_MOVER {
            understood.proposals.retain(|one| !of.contains(&one.action.as_str()));
        }
        understood.proposals.retain(|one| {
            let joins = of == OF_A_JOINER && joiners::said_of(one, &made, is_read(one));
            let moves = of == OF_A_MOVER && !names_its_group(scene, one);
            one.action != LEAVER && !joins && !moves
        });
        let mut made = made;
        joiners::without_groups_of_others(&mut made, &understood.proposals);
        understood.proposals.extend(made);
        understood.questions.clear();
        return true;
    }
    false
}

/// "She moves to Sales": no group whose name only begins so.
fn names_its_group(scene: &Scene<'_>, one: &Proposal) -> bool {
    let Some(group) = one.arguments.get("group").and_then(Value::as_str) else { return true };
    let key = crate::interpret::text::key(group);
    let mut spans = scene.lattice.spans.iter();
    spans.any(|span| matches!(span.what, What::Group(_)) && scene.key(span.from, span.to) == key)
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
        if let Some((when, last)) = day_in(scene, sentence)
            && (last || !one.arguments.contains_key(slots::AT))
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
    // "process her as a leaver, Amara wants …": told of before, and not of Amara.
    let pronoun = (sentence.from..at)
        .filter_map(|at| scene.span(at))
        .any(|span| matches!(span.what, What::Pronoun) && span.to <= at);
    let mut before = lists(scene, sentence.from, at);
    if before.is_empty() && pronoun {
        return Vec::new();
    }
    if let Some(only) = before.pop() {
        return if before.is_empty() { only } else { Vec::new() };
    }
    if let Some(span) = scene.fielded(LABELS, |what| matches!(what, What::People(..))) {
        return vec![span];
    }
    let mut behind = lists(scene, at + 1, sentence.to);
    // "exit for Omar Haddad, mails to Katherine"
    let directly = |list: &Vec<Span>| {
        let of = list[0].from.checked_sub(1).map_or("", |at| scene.word(at));
        let colon = scene.tokens[at + 1].is(':');
        list[0].from <= at + 2 && (["for", "of"].contains(&of) || colon)
    };
    if behind.first().is_some_and(directly) {
        return behind.swap_remove(0);
    }
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
        // "Ada Park (ada@…)": the same person twice.
        let again = found.iter().flatten().any(|other| match (&other.what, &span.what) {
            (What::People(one, _), What::People(two, _)) => one == two,
            _ => false,
        });
        if !named || again {
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

/// The last day that is named there (and that it is), else the first day that lies ahead.
fn day_in(scene: &Scene<'_>, sentence: Sentence) -> Option<(When, bool)> {
    let ahead = |when: &&When| {
        let before = when.from.checked_sub(1).map_or("", |at| scene.word(at));
        when.from >= sentence.from
            && when.to <= sentence.to
            && !when.now
            && when.dated
            && !when.past(&scene.context.now)
            && !scene.lattice.literal[when.from]
            && !["since", "until", "till"].contains(&before)
            && !former(scene, when)
    };
    let last = |when: &&When| {
        let from = scene.sentence(when.from).from.max(when.from.saturating_sub(8));
        (from..when.from).any(|at| {
            scene.word(at) == "lwd"
                || ["last", "final"].contains(&scene.word(at))
                    && (at + 1..at + 3).any(|at| scene.word(at) == "day")
        })
    };
    let all = || scene.whens.iter().filter(ahead);
    let found = all().find(last).map(|when| (*when, true));
    found.or_else(|| all().next().map(|when| (*when, false)))
}

/// "… at 6:30 pm on her last day": the one hour that is said at all.
fn at_its_hour(scene: &Scene<'_>, one: &mut Proposal) {
    let mut clocks = scene.whens.iter().filter(|when| !when.dated);
    let (Some(clock), None) = (clocks.next().and_then(|when| when.time), clocks.next()) else {
        return;
    };
    if let Some(Value::String(day)) = one.arguments.get_mut(slots::AT)
        && !day.contains('T')
    {
        *day = format!("{day}T{:02}:{:02}", clock.hour(), clock.minute());
    }
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

/// "New starter: …", "Leaver: …", "Admission on Monday: …": a heading says what is wanted.
fn headed(scene: &Scene<'_>) -> bool {
    const HEADS: &[&str] = &[
        "starter",
        "hire",
        "joiner",
        "joinee",
        "admission",
        "arrival",
        "incorporation",
        "leaver",
        "exit",
        "mover",
        "onboarding",
        "offboarding",
        "onboard",
        "offboard",
    ];
    const NEW: &[&str] =
        &["starter", "hire", "joiner", "joinee", "employee", "colleague", "worker"];
    scene.sentences.iter().filter(|sentence| !sentence.quoted).any(|sentence| {
        let colon = (sentence.from..sentence.to.min(sentence.from + 8))
            .find(|at| scene.tokens[*at].is(':'));
        let begins = colon.is_some_and(|colon| {
            (sentence.from..colon).take(3).any(|at| HEADS.contains(&scene.word(at)))
        });
        let new = |at: usize| scene.word(at) == "new" && NEW.contains(&scene.word(at + 1));
        begins || new(sentence.from)
    })
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
        // "Thank you to prepare her account"
        let thanks = ["thank", "thanks"].contains(&word)
            && (at + 1..at + 3).any(|at| scene.word(at) == "to");
        (ASKS.contains(&word) || could || thanks) && !scene.lattice.literal[at]
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
