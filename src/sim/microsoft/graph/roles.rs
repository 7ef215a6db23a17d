//! Directory roles and who holds them.

use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{
        access,
        call::Call,
        odata::{
            kinds::{ROLE_ASSIGNMENT, ROLE_DEFINITION},
            page,
        },
        refusals::Outcome,
        state::State,
        turn::Turn,
        views,
    },
    groups,
};

pub(super) fn assignments(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let state = turn.state();
    let all = state.assignments.iter().map(views::assignment).collect();
    page::list(turn, call, &ROLE_ASSIGNMENT, all, &|held, name| neighbour(state, held, name))
}

fn neighbour(state: &State, held: &Value, name: &str) -> Value {
    let id = |member: &str| held[member].as_str().and_then(|id| Uuid::try_parse(id).ok());
    if name == "roleDefinition" {
        let role = state.roles.iter().find(|role| Some(role.template) == id("roleDefinitionId"));
        return role.map_or(Value::Null, views::role_definition);
    }
    id("principalId").and_then(|id| groups::object(state, id)).unwrap_or(Value::Null)
}

pub(super) fn definitions(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let all = turn.state().roles.iter().map(views::role_definition).collect();
    page::list(turn, call, &ROLE_DEFINITION, all, &page::nothing)
}
