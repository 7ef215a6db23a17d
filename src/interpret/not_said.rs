//! Values that say nothing: "change his title as discussed", "name to follow, reporting to Roland".
//! What stands for a value that is not said is asked for.

use serde_json::Value;

use crate::{
    domain::{
        proposal::{Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        entities::{Span, What},
        scene::Scene,
        text::{fold, key},
    },
};

/// In the place of a value they name none.
const NO_VALUE: &[&str] = &[
    "discussed",
    "agreed",
    "requested",
    "usual",
    "before",
    "follows",
    "below",
    "above",
    "attached",
    "mentioned",
    "planned",
    "advised",
    "instructed",
    "soon",
    "tbc",
    "tbd",
    "required",
    "needed",
];

/// What somebody who starts is given.
const OF_A_STARTER: &[&str] = &["assign_license", "add_to_group", "set_manager", "update_user"];

/// Turns such proposals into questions.
pub(super) fn settle(scene: &Scene<'_>, understood: &mut Understood) {
    let mut asked: Vec<(Proposal, &str, Ask)> = Vec::new();
    understood.proposals.retain_mut(|one| match one.action.as_str() {
        "update_user" => {
            let Some(fields) = one.arguments.get_mut("fields").and_then(Value::as_object_mut)
            else {
                return true;
            };
            let before = fields.len();
            fields.retain(|_, value| {
                !value.as_str().is_some_and(|said| NO_VALUE.contains(&fold(said).as_str()))
            });
            if fields.is_empty() && before > 0 {
                one.arguments.remove("fields");
                asked.push((one.clone(), "fields", Ask::WhatOne));
                return false;
            }
            true
        }
        // "… to be in Sales Leads": a group is no post.
        "transfer_user" if titled_like_a_group(scene, one) => false,
        "onboard_user" | "create_user" if named_like_the_manager(scene, one) => {
            one.arguments.remove("display_name");
            asked.push((one.clone(), "display_name", Ask::WhatName));
            false
        }
        _ => true,
    });
    // "A new starter for Victor's crew, no name yet. Can you set them up, E5?": nothing is Victor's.
    let nameless = |one: &Proposal| {
        one.action == "onboard_user" && !one.arguments.contains_key("display_name")
    };
    let asks = understood.questions.iter().any(|open| nameless(&open.proposal));
    if asks || starts_without_a_name(scene, understood) {
        let theirs = |one: &Proposal| OF_A_STARTER.contains(&one.action.as_str());
        understood.proposals.retain(|one| !theirs(one));
        understood.questions.retain(|open| !theirs(&open.proposal));
        if !asks && understood.proposals.is_empty() {
            let (arguments, because) = (serde_json::Map::new(), Vec::new());
            let one = Proposal { action: "onboard_user".to_owned(), arguments, because };
            asked.push((one, "display_name", Ask::WhatName));
        }
    }
    // Whoever is deleted need not be hidden first.
    let deleted: Vec<Value> = understood
        .proposals
        .iter()
        .filter(|one| one.action == "delete_user")
        .filter_map(|one| one.arguments.get("user").cloned())
        .collect();
    understood.proposals.retain(|one| {
        one.action != "hide_from_address_list"
            || !one.arguments.get("mailbox").is_some_and(|whose| deleted.contains(whose))
    });
    understood.questions.extend(asked.into_iter().map(|(proposal, argument, ask)| Open {
        proposal,
        argument: argument.to_owned(),
        question: Question { ask, said: None, choices: Vec::new() },
    }));
}

/// Somebody new starts, and the message says that their name is not known yet.
fn starts_without_a_name(scene: &Scene<'_>, understood: &Understood) -> bool {
    const STARTS: &[&str] = &["starter", "joiner", "hire", "newcomer", "recruit", "pa", "intern"];
    const LATER: &[&str] =
        &["yet", "tbc", "tba", "tbd", "unknown", "follow", "follows", "later", "pending"];
    let own = || scene.sentences.iter().filter(|sentence| !sentence.quoted);
    let says = |words: &[&str], from: usize, to: usize| {
        (from..to).any(|at| words.contains(&scene.word(at)))
    };
    let starts = own().any(|sentence| says(STARTS, sentence.from, sentence.to));
    let later = own().any(|sentence| {
        let (from, to) = (sentence.from, sentence.to);
        says(&["name", "names"], from, to) && says(LATER, from, to)
    });
    let named = understood.proposals.iter().any(|one| {
        one.arguments
            .get("display_name")
            .and_then(Value::as_str)
            .is_some_and(|said| said.contains(' '))
    });
    starts && later && !named
}

/// Is the new post the name of a group, or the department only a part of one?
fn titled_like_a_group(scene: &Scene<'_>, one: &Proposal) -> bool {
    let text = |name: &str| one.arguments.get(name).and_then(Value::as_str);
    let group = |span: &Span| matches!(span.what, What::Group(_));
    let named = |said: &str| {
        let said = key(said);
        scene.lattice.spans.iter().any(|span| group(span) && scene.key(span.from, span.to) == said)
    };
    if text("job_title").is_some_and(named) {
        return true;
    }
    let Some(department) = text("department") else { return false };
    let all = scene.places(0, scene.tokens.len(), false);
    let mut said = all.iter().filter(|(_, _, place)| place == department).peekable();
    let inside = |from: usize, to: usize| {
        scene.span(from).is_some_and(|span| group(span) && (span.from < from || span.to > to))
    };
    said.peek().is_some() && said.all(|(from, to, _)| inside(*from, *to))
}

/// "…, reporting to Roland": one name alone, which is the manager's.
fn named_like_the_manager(scene: &Scene<'_>, one: &Proposal) -> bool {
    let text = |name: &str| one.arguments.get(name).and_then(Value::as_str);
    let (Some(name), Some(manager)) = (text("display_name"), text("manager")) else { return false };
    let name = fold(name);
    let person = scene.index.person(manager);
    !name.contains(' ')
        && person.is_some_and(|person| person.name.split(' ').any(|part| fold(part) == name))
}
