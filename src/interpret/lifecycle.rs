//! Joiners, leavers and movers, as HR writes of them: what happens is told, and what should
//! be done about it is asked for in general ("kindly arrange everything"), in a form, a table
//! or a list. And what is asked for in the same breath as a process becomes part of it.
//!
//! - [`read`]   events that are told → the process they ask for
//! - [`absorb`] orders beside a leaver → arguments of the leaver
//! - [`contractors`] who is set up for a time, whose time is made longer
//! - [`mod@facts`]  a post, an office or a manager that is told of, and is to be put right
//! - [`guest`]  a guest of whom several sentences tell
//! - [`of_a_thing`] what goes is a thing, and nobody leaves
//! - [`movers`] a list of movers that is not read line by line
//! - [`shut_out`] "his last day is Friday, close his account": a leaver, and no block
//! - [`listed`] who is named together
//! - [`several`] leavers with a sentence each, and whoever is to be waited with
//!
//! Not here: orders with a verb of their own ("offboard Ada"); those are frames.

mod absorbed;
mod asked;
mod beginnings;
mod contractors;
mod days;
mod events;
mod facts;
mod facts_signs;
mod guests;
mod joiners;
mod listed;
mod movers;
mod names;
mod of_a_thing;
mod options;
mod posts;
mod several;
mod shut_out;
mod stand_ins;
mod wishes;

use serde_json::{Value, json};

use self::{
    absorbed::own,
    asked::asks,
    days::{at_its_end, at_its_hour, day_in, on_the_day_ordered, takes_effect},
    events::{Event, events},
    listed::{lists, says_which, stays},
    movers::{by_the_move, names_its_group},
    shut_out::shuts_out,
};
pub(super) use self::{
    absorbed::{absorb, delegates, not_the_namesake, with_it},
    asked::{asks as asked_for, headed},
    contractors::open as open_of_a_contractor,
    facts::facts,
    guests::guest,
    joiners::{first_day, former, last_day},
    movers::not_one_line_for_all,
    names::{capitals, newcomer, newcomer_at, titled},
    options::{onward as sent_on, said_shared as made_shared, wiped as devices_wiped},
    posts::is_post,
    shut_out::guests_are_blocked,
    stand_ins::{sponsored, swapped},
};
use crate::{
    actions::{Entry, wording::Frame},
    domain::{
        area::Risk,
        proposal::{Proposal, Understood},
    },
    interpret::{
        clauses::{Act, Predicate, Sentence},
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
/// The same, where an account is closed and not only blocked.
const OF_WHO_IS_SHUT_OUT: &[&str] =
    &[LEAVER, "set_forwarding", "convert_to_shared_mailbox", "wipe_device", SHUT_OUT];
const SHUT_OUT: &str = "disable_user";
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

/// Is it said of somebody who moves?
pub(super) fn is_part_of_a_move(one: &Proposal) -> bool {
    OF_A_MOVER.contains(&one.action.as_str()) && one.action != MOVER
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
    // "He goes to Sales on 1 March. He will report to Ada.": the one asks for the other.
    let part = |one: &Proposal| {
        one.action == "set_manager" && found.iter().any(|event| matches!(event, Event::Moves(..)))
    };
    let with_it =
        absorbed::that_day(scene) && found.iter().any(|event| matches!(event, Event::Moves(..)));
    let beside = |one: &Proposal| with_it && BESIDE.contains(&one.action.as_str());
    let part = |one: &Proposal| part(one) || beside(one);
    // "He finishes on Friday. Kill his account that day.": what was ordered was asked for.
    let shut = understood.proposals.iter().any(|one| {
        [SHUT_OUT, "wipe_device", "convert_to_shared_mailbox"].contains(&one.action.as_str())
    });
    let asked = scene.asked || asks(scene) || shut || understood.proposals.iter().any(part);
    if !headed && !asked {
        return false;
    }
    if found.is_empty() {
        return nameless(scene, understood, entry(JOINER), asked, None);
    }
    // "Cosmo Bell, cosmo@else.org, is coming in": a guest with an address of their own.
    let guest = own(scene)
        .into_iter()
        .any(|at| ["guest", "guests"].contains(&scene.word(at)) && scene.span(at).is_none());
    let joins = |event: &Event| matches!(event, Event::Joins(_));
    // "New starter: Ada Park, Buyer, Procurement, …": where that is all, it is the request.
    let alone = scene.sentences.len() == 1;
    if headed && alone && found.len() == 1 && joins(&found[0]) {
        understood.proposals.clear();
    }
    let leavers = entry(LEAVER).and_then(|entry| several::leavers(scene, entry));
    if let Some(leavers) = leavers.filter(|_| only_leave(&found, understood, catalog)) {
        understood.proposals.retain(|one| only_looks(catalog, one));
        understood.questions.clear();
        understood.proposals.extend(leavers);
        return true;
    }
    let mut taken: Vec<&[&str]> = Vec::new();
    // "She is leaving us. Her last day is Friday.": the last one says most.
    let both = both_ordered(scene);
    let (leaving, others): (Vec<&Event>, Vec<&Event>) =
        found.iter().partition(|event| both && matches!(event, Event::Leaves(..)));
    let all = leaving.into_iter().chain(others);
    for event in all.filter(|event| !guest || !joins(event)) {
        let Some((made, of)) = process(scene, understood, catalog, event) else { continue };
        if made.is_empty() || taken.contains(&of) {
            continue;
        }
        if put(scene, understood, catalog, made, of, !taken.is_empty()) {
            taken.push(of);
            if !both {
                break;
            }
        }
    }
    let event = found.iter().find_map(|event| match event {
        Event::Joins(sentence) if !guest => Some(*sentence),
        _ => None,
    });
    !taken.is_empty() || nameless(scene, understood, entry(JOINER), asked && event.is_some(), event)
}

/// Does the message only tell of leavers, and ask for nothing but that their accounts be closed?
fn only_leave(found: &[Event], understood: &Understood, catalog: &[Entry]) -> bool {
    let closes = |one: &Proposal| {
        [LEAVER, "disable_user"].contains(&one.action.as_str()) || only_looks(catalog, one)
    };
    found.iter().all(|event| matches!(event, Event::Leaves(..)))
        && understood.proposals.iter().all(closes)
}

fn only_looks(catalog: &[Entry], one: &Proposal) -> bool {
    catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
}

/// The process that an event asks for, and what it takes in; nothing where something else is
/// asked for too.
fn process(
    scene: &Scene<'_>,
    understood: &Understood,
    catalog: &[Entry],
    event: &Event,
) -> Option<(Vec<Proposal>, &'static [&'static str])> {
    let entry = |id: &str| catalog.iter().find(|entry| entry.about.id == id);
    let only = |of: &[&str]| {
        let fits = |one: &str| of.contains(&one) || BESIDE.contains(&one);
        let mut writes = understood.proposals.iter().filter(|one| !only_looks(catalog, one));
        writes.all(|one| fits(&one.action))
    };
    match event {
        Event::Leaves(sentence, at)
            if only(OF_A_LEAVER) || only(OF_WHO_IS_SHUT_OUT) && shuts_out(scene) =>
        {
            let mut left = told(scene, entry(LEAVER)?, *sentence, *at);
            for one in &mut left {
                at_its_hour(scene, one);
                at_its_end(scene, one);
                on_the_day_ordered(scene, one);
            }
            Some((left, OF_A_LEAVER))
        }
        Event::Moves(sentence, at) if only(OF_A_MOVER) => {
            let mut moved = told(scene, entry(MOVER)?, *sentence, *at);
            moved.retain(|one| one.arguments.contains_key("department"));
            for one in &mut moved {
                takes_effect(scene, one);
            }
            Some((moved, OF_A_MOVER))
        }
        Event::Joins(sentence) => {
            Some((joiners::joiners(scene, entry(JOINER)?, *sentence), OF_A_JOINER))
        }
        _ => None,
    }
}

/// Puts a process in the place of what was only said of it. Says whether it could: what is
/// asked for somebody else is another matter.
fn put(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
    mut made: Vec<Proposal>,
    of: &[&str],
    second: bool,
) -> bool {
    let whom: Vec<_> = made.iter().filter_map(|one| one.arguments.get("user")).collect();
    let theirs = |one: &Proposal| {
        ["user", "mailbox"]
            .iter()
            .any(|name| one.arguments.get(*name).is_some_and(|value| whom.contains(&value)))
    };
    let others = of != OF_A_JOINER
        && understood
            .proposals
            .iter()
            .any(|one| BESIDE.contains(&one.action.as_str()) && !theirs(one));
    if others {
        return false;
    }
    if of == OF_A_MOVER {
        understood.proposals.retain(|one| !of.contains(&one.action.as_str()));
    }
    if of == OF_A_LEAVER {
        understood.proposals.retain(|one| one.action != SHUT_OUT || !theirs(one));
    }
    understood.proposals.retain(|one| {
        let reads = only_looks(catalog, one);
        let joins = of == OF_A_JOINER && joiners::said_of(one, &made, reads);
        let moves = of == OF_A_MOVER && (!names_its_group(scene, one) || by_the_move(one));
        (one.action != LEAVER || second) && !joins && !moves
    });
    joiners::without_groups_of_others(&mut made, &understood.proposals);
    if let ([moved], true) = (made.as_slice(), of == OF_A_MOVER) {
        let beside = stand_ins::groups_of_a_move(scene, moved);
        let of_them = |one: &Proposal| {
            let group = one.arguments.get("group");
            beside.iter().any(|other| other.arguments.get("group") == group)
        };
        understood.proposals.retain(|one| !of_them(one));
        understood.proposals.extend(beside);
    }
    understood.proposals.extend(made);
    understood.questions.clear();
    true
}

/// "Onboard her please, and offboard him on his last day": both, by their own words.
fn both_ordered(scene: &Scene<'_>) -> bool {
    let says = |any: &[&str]| own(scene).into_iter().any(|at| any.contains(&scene.word(at)));
    let begins =
        ["onboard", "onboarding", "backfill", "replacement", "successor", "starts", "starter"];
    says(&begins) && says(&["offboard", "offboarding", "leaver"])
}

/// Somebody starts, and nobody says who: their name is asked for, where nothing else is asked.
fn nameless(
    scene: &Scene<'_>,
    understood: &mut Understood,
    entry: Option<&Entry>,
    asked: bool,
    event: Option<Sentence>,
) -> bool {
    const BACK: &[&str] =
        &["cancel", "cancelled", "backed", "withdrew", "withdrawn", "declined", "withdraw"];
    let quiet = understood.proposals.is_empty() && understood.questions.is_empty();
    let quiet = quiet && !own(scene).into_iter().any(|at| BACK.contains(&scene.word(at)));
    let sentence = event.or_else(|| beginnings::nameless(scene));
    let (true, Some(entry), Some(sentence)) = (quiet && asked, entry, sentence) else {
        return false;
    };
    let Some(open) = joiners::nameless(scene, entry, sentence) else { return false };
    understood.questions.push(open);
    true
}

/// "Onboard Lee, E3, reporting to Ada": what is said of who starts is not for Ada, where she is
/// named as the manager alone. Nor is what "her" is given or loses.
pub(super) fn not_for_the_manager(scene: &Scene<'_>, understood: &mut Understood) {
    let once = |manager: &Value| {
        let named = |span: &&Span| {
            matches!(span.what, What::People(..))
                && slots::sure_person(scene, span).as_ref() == Some(manager)
        };
        scene.lattice.spans.iter().filter(named).count() == 1
    };
    let joiners = understood.proposals.iter().filter(|one| is_joiner(one));
    let managers: Vec<Value> =
        joiners.filter_map(|one| one.arguments.get("manager").cloned()).filter(once).collect();
    understood.proposals.retain(|one| {
        is_joiner(one) || !one.arguments.get("user").is_some_and(|user| managers.contains(user))
    });
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
        let user = slots::sure_person(scene, &span);
        if one.arguments.get("user") != user.as_ref() {
            return Vec::new();
        }
        if user.is_some_and(|user| several::held(scene, &user)) {
            continue;
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
    if let Some(all) = scene.counted(sentence.from, sentence.to) {
        return all;
    }
    // "process her as a leaver, Amara wants …": told of before, and not of Amara.
    let pronoun = (sentence.from..at)
        .filter_map(|at| scene.span(at))
        .any(|span| matches!(span.what, What::Pronoun) && span.to <= at);
    let mut before = lists(scene, sentence.from, at);
    if before.is_empty() && pronoun {
        let many = (sentence.from..at).find_map(|at| {
            let them = ["them", "they"].contains(&scene.word(at));
            scene.span(at).filter(|_| them)
        });
        let all = many.map(|span| scene.antecedents(span)).unwrap_or_default();
        return if all.len() > 1 && all.iter().all(Span::named) { all } else { Vec::new() };
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
