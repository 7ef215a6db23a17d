//! Values that say nothing: "change his title as discussed", "name to follow, reporting to Roland".
//! What stands for a value that is not said is asked for.

use serde_json::Value;

use crate::{
    domain::{
        proposal::{Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{scene::Scene, text::fold},
};

/// In the place of a value they name none.
const NO_VALUE: &[&str] = &[
    "discussed", "agreed", "requested", "usual", "before", "follows", "below", "above", "attached",
    "mentioned", "planned", "advised", "instructed", "soon", "tbc", "tbd", "required", "needed",
];

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
        "onboard_user" | "create_user" if named_like_the_manager(scene, one) => {
            one.arguments.remove("display_name");
            asked.push((one.clone(), "display_name", Ask::WhatName));
            false
        }
        _ => true,
    });
    understood.questions.extend(asked.into_iter().map(|(proposal, argument, ask)| Open {
        proposal,
        argument: argument.to_owned(),
        question: Question { ask, said: None, choices: Vec::new() },
    }));
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
