//! Those who start → proposals: where the other rooms read nobody, or less of them.
//!
//! Somebody is proposed only with a wish that they be set up, and with at least two things
//! that are told of them. What was read before stands, and gets what it lacks.

use serde_json::{Map, Value};

use super::{
    facts::Facts,
    held::{goes, held, news, possible, stopped, wanted},
    marks::says,
    pieces::{Told, beside, runs, told},
};
use crate::{
    actions::Entry,
    domain::proposal::{Because, Open, Proposal, Understood},
    interpret::scene::Scene,
};

const JOINER: &str = "onboard_user";
const ACCOUNT: &str = "create_user";
/// So much is told of whoever is to be set up, at least.
const FACTS_MIN: usize = 2;
/// What is said of who starts, taken for a wish of its own.
const OF_A_JOINER: &[&str] = &[
    "remove_license",
    JOINER,
    ACCOUNT,
    "assign_license",
    "add_to_group",
    "set_manager",
    "update_user",
];
/// Beside these, a new name is that of a thing, or of somebody who is only let in.
const NO_JOINER: &[&str] = &[
    "invite_guest",
    "create_app",
    "set_up_contractor",
    "workbook_add_row",
    "workbook_update_row",
    "transfer_user",
    "add_sponsor",
];
/// These only where a thing that is new is spoken of.
const NEW_THINGS: &[&str] = &["create_group", "create_shared_mailbox"];

/// Reads whoever starts. Says whether somebody does.
pub(in crate::interpret) fn arrivals(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
) -> bool {
    let known = |id: &str| catalog.iter().any(|entry| entry.about.id == id);
    let other = understood.proposals.iter().any(|one| NO_JOINER.contains(&one.action.as_str()));
    if !known(JOINER) || other {
        return false;
    }
    let quoted = scene.sentences.iter().any(|sentence| sentence.quoted);
    let runs = runs(scene, quoted);
    if !possible(scene, &runs) {
        return false;
    }
    let all = told(scene, &runs);
    let starts = |id: &str| [JOINER, ACCOUNT].contains(&id);
    if stopped(scene, &runs) {
        understood.questions.retain(|open| !starts(&open.proposal.action));
    }
    // News, or what is to wait, whoever read a wish in it.
    if news(scene, &runs) || held(scene, &runs) {
        // What is told of somebody's manager by the way is no wish for them.
        let told_of = Facts::of(scene, &runs, None);
        let managers: Vec<&Value> = all
            .iter()
            .filter_map(|one| one.facts.value("manager"))
            .chain(told_of.value("manager"))
            .collect();
        understood.proposals.retain(|one| {
            let user = one.arguments.get("user");
            let theirs = OF_A_JOINER.contains(&one.action.as_str())
                && user.is_some_and(|user| managers.contains(&user));
            one.action != JOINER && !theirs
        });
        return false;
    }
    let gets = all.iter().any(|one| one.facts.tells("licenses") || one.facts.tells("groups"));
    let day = all.iter().any(|one| one.facts.tells("start_date"));
    let sure =
        !all.is_empty() && all.iter().all(|one| one.facts.count() >= FACTS_MIN && one.facts.core());
    let leaves = all.iter().any(|one| {
        let home = runs.iter().find(|run| (run.0..run.1).contains(&one.who.from));
        home.is_some_and(|home| goes(scene, *home))
    });
    let things = understood.proposals.iter().any(|one| NEW_THINGS.contains(&one.action.as_str()));
    let thing =
        ["mailbox", "inbox", "distribution", "mailing", "called", "named", "guest", "invite"];
    let spoken = runs.iter().any(|run| says(scene, *run, &thing));
    let guest = runs.iter().any(|run| says(scene, *run, &["guest", "guests", "invite"]));
    let goes_too = understood.proposals.iter().any(|one| one.action == "offboard_user");
    let begins =
        ["start", "starts", "starting", "joins", "joiner", "starter", "new", "replacement"];
    let both = all.iter().all(|one| {
        let home = runs.iter().find(|run| (run.0..run.1).contains(&one.who.from));
        home.is_some_and(|home| says(scene, *home, &begins))
    });
    if leaves || things && spoken || guest || goes_too && !both {
        return false;
    }
    if !sure || !wanted(scene, &runs, gets, day) {
        return false;
    }
    settle(scene, understood, &all)
}

/// These, and an account behind them: nothing else is to be set up.
const PLAIN: &[&str] =
    &["normal", "plain", "just", "basic", "simple", "ordinary", "regular", "bare", "only"];
const ACCOUNTS: &[&str] = &["account", "accounts", "id", "ids", "login", "logins"];
/// Without one of these nobody asks for a list of people.
const LISTS: &[&str] = &[
    "list",
    "show",
    "who",
    "whom",
    "which",
    "how",
    "everyone",
    "everybody",
    "names",
    "all",
    "tell",
];

/// Puts them beside what was read of the same people.
fn settle(scene: &Scene<'_>, understood: &mut Understood, all: &[Told]) -> bool {
    let plain = (0..scene.tokens.len()).any(|at| {
        PLAIN.contains(&scene.word(at))
            && (at + 1..at + 4).any(|next| ACCOUNTS.contains(&scene.word(next)))
    });
    let before: Vec<&Proposal> = understood
        .proposals
        .iter()
        .filter(|one| [JOINER, ACCOUNT].contains(&one.action.as_str()))
        .collect();
    let names = |one: &Proposal| {
        one.arguments.get("display_name").and_then(Value::as_str).map(str::to_lowercase)
    };
    let same = before.len() == all.len()
        && all
            .iter()
            .all(|told| before.iter().any(|one| names(one) == Some(told.who.name.to_lowercase())));
    if !before.is_empty() && before.len() > all.len() {
        return false;
    }
    let mut made = Vec::new();
    let mut asked = Vec::new();
    for told in all {
        let name = told.who.name.to_lowercase();
        let earlier = before.iter().find(|one| names(one) == Some(name.clone()));
        let mut one = proposal(scene, told, plain && !told.facts.tells("start_date"));
        if let Some(earlier) = earlier.filter(|_| same) {
            // "Only plain accounts for both": no process, whatever was read first.
            if one.action != ACCOUNT {
                one.action.clone_from(&earlier.action);
            }
            over(&mut one, earlier, all.len() == 1);
        }
        match told.facts.asks.clone().filter(|(name, _)| !one.arguments.contains_key(*name)) {
            Some((argument, question)) => {
                asked.push(Open { proposal: one, argument: argument.to_owned(), question });
            }
            None => made.push(one),
        }
    }
    let managers: Vec<&Value> =
        made.iter().filter_map(|one| one.arguments.get("manager")).collect();
    let requester = Value::String(scene.context.requester.upn.to_string());
    // "…, me as manager, E3": nothing is for the manager, and nothing for nobody.
    let said = |one: &Proposal| {
        let user = one.arguments.get("user").or_else(|| one.arguments.get("mailbox"));
        OF_A_JOINER.contains(&one.action.as_str())
            && user.is_none_or(|user| managers.contains(&user) || *user == requester)
    };
    let listed = (0..scene.tokens.len()).any(|at| LISTS.contains(&scene.word(at)));
    let made_up = |one: &Proposal| {
        NEW_THINGS.contains(&one.action.as_str()) || one.action == "list_users" && !listed
    };
    understood.proposals.retain(|one| !said(one) && !made_up(one));
    understood.questions.retain(|open| {
        let action = open.proposal.action.as_str();
        !OF_A_JOINER.contains(&action) && !NEW_THINGS.contains(&action) && action != "transfer_user"
    });
    understood.proposals.extend(made);
    understood.questions.extend(asked);
    true
}

/// What was read before counts for more where one is told of, and for less where several are.
fn over(one: &mut Proposal, earlier: &Proposal, alone: bool) {
    for (name, value) in &earlier.arguments {
        let odd = name == "job_title"
            && value.as_str().is_some_and(|said| said.bytes().any(|byte| byte.is_ascii_digit()));
        if !one.arguments.contains_key(name)
            || alone
                && !odd
                && !["groups", "licenses", "department", "office_location"].contains(&name.as_str())
        {
            one.arguments.insert(name.clone(), value.clone());
        }
    }
}

fn proposal(scene: &Scene<'_>, told: &Told, plain: bool) -> Proposal {
    let quoted = scene.sentence(told.who.from).quoted;
    let (mut arguments, mut because) = told.facts.arguments(scene);
    let words = scene.said(told.who.from, told.who.to);
    arguments.insert("display_name".to_owned(), Value::String(told.who.name.clone()));
    because.insert(0, Because { words: words.clone(), gave: "action".to_owned(), quoted });
    because.push(Because { words, gave: "display_name".to_owned(), quoted });
    if plain {
        arguments.remove("end_date");
    }
    let action = if plain { ACCOUNT } else { JOINER }.to_owned();
    Proposal { action, arguments, because }
}

/// Rows of a table that say who starts get what the words around it say of all of them, or of
/// one of them by the first name.
pub(in crate::interpret) fn around(scene: &Scene<'_>, understood: &mut Understood) {
    let joiner = |one: &&mut Proposal| [JOINER, ACCOUNT].contains(&one.action.as_str());
    let mut rows: Vec<&mut Proposal> = understood.proposals.iter_mut().filter(joiner).collect();
    let name = |one: &Proposal| {
        let name = one.arguments.get("display_name").and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    };
    let names: Vec<String> = rows.iter().map(|one| name(one)).collect();
    let quoted = scene.sentences.iter().any(|sentence| sentence.quoted);
    let facts = beside(scene, &runs(scene, quoted), &names);
    for (row, facts) in rows.iter_mut().zip(facts) {
        let (arguments, because): (Map<String, Value>, _) = facts.arguments(scene);
        for (name, value) in arguments {
            let fits =
                name != "end_date" && !(name == "job_title" && rows_are_titled(&row.arguments));
            if fits && !row.arguments.contains_key(&name) {
                row.because
                    .extend(because.iter().filter(|one: &&Because| one.gave == name).cloned());
                row.arguments.insert(name, value);
            }
        }
    }
}

fn rows_are_titled(arguments: &Map<String, Value>) -> bool {
    arguments.contains_key("job_title")
}

/// The one who moves gets the post, the manager and the office that are told of them, where
/// these are new.
pub(in crate::interpret) fn moved(scene: &Scene<'_>, understood: &mut Understood) {
    const FILLED: &[&str] = &["job_title", "manager", "office_location"];
    let mut movers = understood.proposals.iter_mut().filter(|one| one.action == "transfer_user");
    let (Some(one), None) = (movers.next(), movers.next()) else { return };
    let user = one.arguments.get("user").and_then(Value::as_str).map(str::to_owned);
    let Some(person) = user.as_deref().and_then(|upn| scene.index.person(upn)) else { return };
    let quoted = scene.sentences.iter().any(|sentence| sentence.quoted);
    let facts = Facts::of(scene, &runs(scene, quoted), None);
    let (arguments, because) = facts.arguments(scene);
    let now = |value: &Value| {
        let said = value.as_str().unwrap_or_default();
        [person.title, person.office]
            .into_iter()
            .flatten()
            .any(|now| now.eq_ignore_ascii_case(said))
            || said == person.upn
    };
    for (name, value) in arguments {
        if FILLED.contains(&name.as_str()) && !one.arguments.contains_key(&name) && !now(&value) {
            one.because.extend(because.iter().filter(|because| because.gave == name).cloned());
            one.arguments.insert(name, value);
        }
    }
}
