//! Devices as Intune manages them: reading, wiping, retiring
//! (learn.microsoft.com/graph/api/resources/intune-devices-manageddevice).

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Body, Call},
        odata::{kinds_fleet::MANAGED_DEVICE, page},
        refusals::{self, Outcome, Refusal},
        state::{
            State,
            fleet::{Action, Managed},
        },
        turn::{Turn, seconds},
        views,
    },
    object, unknown,
    users::find as find_user,
};

/// The names of remote actions as the service lists them (remoteAction, the Intune
/// enumeration; that `actionName` uses these words is unconfirmed).
const WIPE: &str = "factoryReset";
const WIPE_KEEPING_ENROLMENT: &str = "factoryResetKeepEnrollmentData";
const RETIRE: &str = "removeCompanyData";

const READ_SCOPES: &str =
    "DeviceManagementManagedDevices.Read.All, DeviceManagementManagedDevices.ReadWrite.All";
const PRIVILEGED_SCOPE: &str = "DeviceManagementManagedDevices.PrivilegedOperations.All";

pub(super) fn routes(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    if !turn.state().has_plan("INTUNE_A") {
        return Err(refusals::no_intune());
    }
    match (call.method.as_str(), path) {
        ("GET", []) => list(turn, call),
        ("GET", [key]) => get(turn, call, key),
        ("POST", [key, "wipe" | "microsoft.graph.wipe"]) => wipe(turn, call, key),
        ("POST", [key, "retire" | "microsoft.graph.retire"]) => retire(turn, key),
        (_, [] | [_] | [_, "wipe" | "retire"]) => Err(refusals::no_method()),
        (_, path) => Err(unknown(path)),
    }
}

fn may_read(turn: &Turn<'_>) -> Result<(), Refusal> {
    if turn.caller.has(access::MANAGED_READ) {
        return Ok(());
    }
    Err(refusals::intune_denied(READ_SCOPES))
}

fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<&'a Managed, Refusal> {
    let missing = || refusals::no_managed_device(key);
    let id = Uuid::try_parse(key).map_err(|_| missing())?;
    let found = turn.state().fleet.managed.get(&id);
    found.filter(|device| device.is_there(turn.now)).ok_or_else(missing)
}

fn view(turn: &Turn<'_>, device: &Managed) -> Value {
    let state: &State = turn.state();
    let mut view = views::full(&device.props, device.id, &MANAGED_DEVICE);
    if let Some(user) = device.user.and_then(|id| state.users.get(&id)) {
        let mail = user.props.get("mail").cloned().unwrap_or(Value::Null);
        let name = user.props.get("displayName").cloned().unwrap_or(Value::Null);
        view.insert("userId".into(), json!(user.id));
        view.insert("userPrincipalName".into(), json!(user.upn()));
        view.insert("userDisplayName".into(), name);
        view.insert("emailAddress".into(), mail);
    }
    let results: Vec<Value> = device
        .actions
        .iter()
        .map(|action| {
            let (state, at) = action.state(device, turn.now);
            json!({
                "actionName": action.name, "actionState": state,
                "startDateTime": seconds(action.at), "lastUpdatedDateTime": seconds(at),
            })
        })
        .collect();
    view.insert("deviceActionResults".into(), json!(results));
    view.insert("managementState".into(), json!(management(device, turn)));
    Value::Object(view)
}

/// `managementState` follows the last action that makes the device leave.
fn management(device: &Managed, turn: &Turn<'_>) -> &'static str {
    let last = device.actions.last();
    match last.map(|action| (action.name, action.state(device, turn.now).0)) {
        Some((RETIRE, "done")) => "retireIssued",
        Some((RETIRE, _)) => "retirePending",
        Some((WIPE | WIPE_KEEPING_ENROLMENT, "done")) => "wipeIssued",
        Some((WIPE | WIPE_KEEPING_ENROLMENT, _)) => "wipePending",
        _ => "managed",
    }
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    may_read(turn)?;
    let all = turn.state().fleet.enrolled(turn.now).map(|device| view(turn, device)).collect();
    page::list(turn, call, &MANAGED_DEVICE, all, &page::nothing)
}

fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    may_read(turn)?;
    let found = view(turn, find(turn, key)?);
    page::one(turn, call, &MANAGED_DEVICE, &found, &page::nothing)
}

/// `managedDevices` of a user.
pub(super) fn of_user(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    if !turn.state().has_plan("INTUNE_A") {
        return Err(refusals::no_intune());
    }
    may_read(turn)?;
    let user = find_user(turn.state(), key)?.id;
    let theirs = turn.state().fleet.enrolled(turn.now).filter(|it| it.user == Some(user));
    let all = theirs.map(|device| view(turn, device)).collect();
    page::list(turn, call, &MANAGED_DEVICE, all, &page::nothing)
}

/// Parameters of the wipe action, all of them optional.
const WIPE_PARAMETERS: &[&str] = &[
    "keepEnrollmentData",
    "keepUserData",
    "macOsUnlockCode",
    "obliterationBehavior",
    "persistEsimDataPlan",
    "useProtectedWipe",
];

fn wipe(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    if !turn.caller.has(access::WIPE) {
        return Err(refusals::intune_denied(PRIVILEGED_SCOPE));
    }
    let none = Map::new();
    let body = if matches!(call.body, Body::Empty) { &none } else { object(call)? };
    if let Some(strange) = body.keys().find(|name| !WIPE_PARAMETERS.contains(&name.as_str())) {
        return Err(refusals::undeclared_property(strange));
    }
    let keeps = body.get("keepEnrollmentData") == Some(&Value::Bool(true));
    if !find(turn, key)?.can_wipe {
        return Err(refusals::action_not_supported("wipe"));
    }
    let name = if keeps { WIPE_KEEPING_ENROLMENT } else { WIPE };
    let mut told = Value::Object(body.clone());
    if let Some(code) = told.get_mut("macOsUnlockCode") {
        *code = json!("(set)");
    }
    queue(turn, key, "device.wipe", Action { name, at: turn.now, leaves: !keeps }, told)
}

fn retire(turn: &mut Turn<'_>, key: &str) -> Outcome {
    if !turn.caller.has(access::RETIRE) {
        return Err(refusals::intune_denied(PRIVILEGED_SCOPE));
    }
    let action = Action { name: RETIRE, at: turn.now, leaves: true };
    queue(turn, key, "device.retire", action, Value::Null)
}

/// Repeating queues again: nothing here looks whether the same was asked before.
fn queue(turn: &mut Turn<'_>, key: &str, what: &str, action: Action, told: Value) -> Outcome {
    let id = find(turn, key)?.id;
    if let Some(device) = turn.change().fleet.managed.get_mut(&id) {
        device.actions.push(action);
    }
    turn.felt(what, id, Value::Null, told);
    Ok(Answer::empty(204))
}
