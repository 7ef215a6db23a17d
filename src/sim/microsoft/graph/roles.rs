//! Directory roles: who holds them, who may activate them, giving and taking them
//! (learn.microsoft.com/graph/api/resources/unifiedroleassignment).

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        catalog,
        odata::{
            kinds::{ROLE_ASSIGNMENT, ROLE_DEFINITION},
            kinds_fleet::ELIGIBLE,
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{Assignment, Role, State},
        turn::Turn,
        views,
    },
    groups, members, object, unknown,
};

pub(super) fn routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", ["roleAssignments"]) => assignments(turn, call),
        ("POST", ["roleAssignments"]) => assign(turn, call),
        ("GET", ["roleAssignments", id]) => assignment(turn, call, id),
        ("DELETE", ["roleAssignments", id]) => remove(turn, id),
        ("GET", ["roleDefinitions"]) => definitions(turn, call),
        ("GET", ["roleDefinitions", id]) => definition(turn, call, id),
        ("GET", ["roleEligibilityScheduleInstances"]) => eligible(turn, call),
        (
            _,
            ["roleAssignments" | "roleDefinitions" | "roleEligibilityScheduleInstances"]
            | ["roleAssignments" | "roleDefinitions", _],
        ) => Err(refusals::no_method()),
        (_, path) => Err(unknown(path)),
    }
}

fn assignments(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let state = turn.state();
    let all = state.assignments.iter().map(views::assignment).collect();
    page::list(turn, call, &ROLE_ASSIGNMENT, all, &|held, name| neighbour(state, held, name))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Assignment, Refusal> {
    state.assignments.iter().find(|held| held.id == id).ok_or_else(|| refusals::no_object(id))
}

fn assignment(turn: &Turn<'_>, call: &Call, id: &str) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let state = turn.state();
    let view = views::assignment(find(state, id)?);
    page::one(turn, call, &ROLE_ASSIGNMENT, &view, &|held, name| neighbour(state, held, name))
}

fn neighbour(state: &State, held: &Value, name: &str) -> Value {
    let id = |member: &str| held[member].as_str().and_then(|id| Uuid::try_parse(id).ok());
    if name == "roleDefinition" {
        let role = state.roles.iter().find(|role| Some(role.template) == id("roleDefinitionId"));
        return role.map_or(Value::Null, views::role_definition);
    }
    id("principalId").and_then(|id| groups::object(state, id)).unwrap_or(Value::Null)
}

fn definitions(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let all = turn.state().roles.iter().map(views::role_definition).collect();
    page::list(turn, call, &ROLE_DEFINITION, all, &page::nothing)
}

fn role<'a>(state: &'a State, id: &str) -> Result<&'a Role, Refusal> {
    let template = Uuid::try_parse(id).ok();
    let same = |role: &&Role| Some(role.template) == template;
    state.roles.iter().find(same).ok_or_else(|| refusals::no_role_definition(id))
}

fn definition(turn: &Turn<'_>, call: &Call, id: &str) -> Outcome {
    turn.caller.need(access::ROLE_READ)?;
    let view = views::role_definition(role(turn.state(), id)?);
    page::one(turn, call, &ROLE_DEFINITION, &view, &page::nothing)
}

/// Roles that somebody may activate (learn.microsoft.com/graph/api,
/// rbacapplication-list-roleeligibilityscheduleinstances).
fn eligible(turn: &Turn<'_>, call: &Call) -> Outcome {
    if !turn.caller.has(access::ELIGIBLE_READ) {
        return Err(refusals::scope_not_granted(
            "RoleEligibilitySchedule.Read.Directory,RoleManagement.Read.Directory,RoleManagement.Read.All,RoleManagement.ReadWrite.Directory",
        ));
    }
    let state = turn.state();
    if !state.has_plan("AAD_PREMIUM_P2") {
        return Err(refusals::needs_p2());
    }
    let view = |held: &Assignment| {
        let mut view = views::assignment(held);
        view["startDateTime"] = json!("2024-02-01T08:00:00Z");
        view["endDateTime"] = Value::Null;
        view["memberType"] = json!("Direct");
        view["roleEligibilityScheduleId"] = json!(catalog::id_from("schedule", &held.id));
        view
    };
    let all = state.eligible.iter().map(view).collect();
    page::list(turn, call, &ELIGIBLE, all, &|held, name| neighbour(state, held, name))
}

fn assign(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ROLE_WRITE)?;
    let body = object(call)?;
    let known = ["principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"];
    let strange = |name: &&String| !name.contains('@') && !known.contains(&name.as_str());
    if let Some(strange) = body.keys().find(strange) {
        return Err(refusals::undeclared_property(strange));
    }
    let text = |name: &str| {
        let missing = || refusals::missing_of(name, "UnifiedRoleAssignment");
        body.get(name).and_then(Value::as_str).ok_or_else(missing)
    };
    let template = role(turn.state(), text("roleDefinitionId")?)?.template;
    let principal = members::known(turn.state(), text("principalId")?)?;
    // Administrative units and single objects as scopes are not simulated.
    if text("directoryScopeId")? != "/" {
        return Err(refusals::no_object(text("directoryScopeId")?));
    }
    let state = turn.state();
    if state.groups.get(&principal).is_some_and(|group| !group.is_role_assignable()) {
        return Err(refusals::not_role_assignable());
    }
    if state.assignments.iter().any(|held| held.principal == principal && held.role == template) {
        return Err(refusals::already_assigned());
    }
    let id = catalog::id_from("assignment", &format!("{principal}{template}")).simple().to_string();
    let held = Assignment { id, principal, role: template };
    let view = views::assignment(&held);
    turn.change().assignments.push(held);
    felt(turn, "role.assign", principal, template);
    let location = format!(
        "{}/v1.0/{}/{}",
        turn.origin,
        ROLE_ASSIGNMENT.set,
        view["id"].as_str().unwrap_or_default()
    );
    Ok(page::written(turn, 201, &ROLE_ASSIGNMENT, &view).with("Location", location))
}

fn remove(turn: &mut Turn<'_>, id: &str) -> Outcome {
    turn.caller.need(access::ROLE_WRITE)?;
    let state = turn.state();
    let held = find(state, id)?.clone();
    let global = catalog::role_template("Global Administrator").and_then(|id| id.parse().ok());
    let enabled = |id: &Uuid| {
        let user = state.users.get(id);
        user.is_some_and(|user| user.props.get("accountEnabled") != Some(&json!(false)))
    };
    let active = |other: &&Assignment| {
        let group = state.groups.get(&other.principal);
        let members = group.map(|group| state.members_of(group)).unwrap_or_default();
        Some(other.role) == global && (enabled(&other.principal) || members.iter().any(enabled))
    };
    let left = state.assignments.iter().filter(|other| other.id != held.id).filter(active).count();
    if Some(held.role) == global && left == 0 {
        return Err(refusals::last_global_administrator());
    }
    turn.change().assignments.retain(|other| other.id != held.id);
    felt(turn, "role.remove", held.principal, held.role);
    Ok(Answer::empty(204))
}

/// The ledger names both: who, and the role in the values.
fn felt(turn: &mut Turn<'_>, what: &str, principal: Uuid, template: Uuid) {
    let role = turn.core.state.roles.iter().find(|role| role.template == template);
    let named = json!({ "id": template, "role": role.map(|role| role.name.clone()) });
    let (before, after) =
        if what == "role.assign" { (Value::Null, named) } else { (named, Value::Null) };
    turn.felt(what, principal, before, after);
}
