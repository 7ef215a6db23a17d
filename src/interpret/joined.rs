//! What is asked for somebody who is only being made or invited: "invite ada@else.org and
//! put them in Project Atlas" is one request, for nobody of the directory yet.

use serde_json::Value;

use crate::domain::proposal::{Open, Proposal, Understood};

/// What joins what makes somebody, and under which name.
fn joins(made: &Proposal, open: &Open) -> Option<(&'static str, &'static str, bool)> {
    let maker = made.action.as_str();
    let found = match open.proposal.action.as_str() {
        "add_to_group" => ("group", "groups", true),
        "assign_license" if maker == "create_user" => ("license", "licenses", true),
        "set_manager" if maker == "create_user" => ("manager", "manager", false),
        "add_sponsor" if maker == "invite_guest" => ("sponsor", "sponsor", false),
        _ => return None,
    };
    let whom = ["user", "guest"].contains(&open.argument.as_str());
    // Somebody named who is not known is somebody else.
    let called = |said: &str| {
        ["display_name", "email"]
            .iter()
            .any(|name| made.arguments.get(*name).is_some_and(|n| n == said))
    };
    let unnamed =
        open.question.said.as_deref().is_none_or(|said| !said.contains([' ', '@']) || called(said));
    (whom && unnamed).then_some(found)
}

/// Puts questions about the one who is made into what makes them.
pub(super) fn join(understood: &mut Understood) {
    let is_new =
        |one: &&mut Proposal| ["create_user", "invite_guest"].contains(&one.action.as_str());
    let mut found = understood.proposals.iter_mut().filter(is_new);
    let (Some(newcomer), None) = (found.next(), found.next()) else { return };
    understood.questions.retain(|open| {
        let Some((from, to, list)) = joins(newcomer, open) else { return true };
        let Some(value) = open.proposal.arguments.get(from).cloned() else { return true };
        if !list {
            newcomer.arguments.entry(to).or_insert(value);
            return false;
        }
        let all = newcomer.arguments.entry(to).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all
            && !all.contains(&value)
        {
            all.push(value);
        }
        false
    });
}
