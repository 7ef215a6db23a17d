//! Who may see into somebody's `OneDrive`.
//! learn.microsoft.com/graph/api: drive-get, driveitem-invite, driveitem-list-permissions,
//! permission-delete.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        catalog,
        refusals::{self, Outcome, Refusal},
        state::mail::DrivePermission,
        turn::Turn,
    },
    object,
    users::find,
};

/// The owner, when there is a drive: somebody licensed for `SharePoint`.
fn owner(turn: &Turn<'_>, key: &str, needs: access::Needs) -> Result<Uuid, Refusal> {
    if !turn.caller.has(needs) {
        return Err(refusals::drive_denied());
    }
    let user = find(turn.state(), key)?;
    let plans = turn.state().plans_of(user);
    let licensed = catalog::DRIVE_PLANS.iter().any(|plan| plans.contains(plan));
    if licensed { Ok(user.id) } else { Err(refusals::no_drive()) }
}

fn shown(turn: &Turn<'_>, permission: &DrivePermission) -> Value {
    let user = turn.state().users.get(&permission.user);
    let name = user.and_then(|user| user.props.get("displayName"));
    let email = turn.state().name_of(permission.user);
    json!({
        "id": permission.id, "roles": [permission.role],
        "grantedToV2": { "user": { "id": permission.user, "displayName": name, "email": email } },
    })
}

fn held(turn: &Turn<'_>, owner: Uuid) -> Vec<DrivePermission> {
    let own = DrivePermission { id: "owner".to_owned(), user: owner, role: "owner".to_owned() };
    let given = turn.state().mail.drives.get(&owner).cloned().unwrap_or_default();
    std::iter::once(own).chain(given).collect()
}

pub(super) fn permissions(turn: &Turn<'_>, key: &str) -> Outcome {
    let id = owner(turn, key, access::DRIVE_READ)?;
    let all: Vec<Value> = held(turn, id).iter().map(|found| shown(turn, found)).collect();
    Ok(Answer::json(200, json!({ "value": all })))
}

pub(super) fn invite(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let body = object(call)?;
    let id = owner(turn, key, access::DRIVE_WRITE)?;
    let role = match body.get("roles").and_then(|roles| roles[0].as_str()) {
        Some(role @ ("read" | "write")) => role.to_owned(),
        _ => return Err(refusals::bad_share("The roles are invalid.")),
    };
    let recipients = body.get("recipients").and_then(Value::as_array).cloned().unwrap_or_default();
    if recipients.is_empty() {
        return Err(refusals::bad_share("At least one recipient is needed."));
    }
    let mut given = Vec::new();
    for recipient in &recipients {
        let key = ["objectId", "email", "alias"].iter().find_map(|name| recipient[*name].as_str());
        let user = key.and_then(|key| turn.state().user(key));
        let user =
            user.ok_or_else(|| refusals::bad_share("The recipient could not be resolved."))?;
        let permission = catalog::id_from("drive permission", &format!("{id}{}", user.id));
        let permission = permission.simple().to_string();
        given.push(DrivePermission { id: permission, user: user.id, role: role.clone() });
    }
    for permission in &given {
        let drive = turn.change().mail.drives.entry(id).or_default();
        let before = drive.iter().position(|known| known.user == permission.user);
        let before = before.map(|at| drive.remove(at));
        drive.push(permission.clone());
        let who = turn.state().name_of(permission.user);
        turn.felt(
            "drive.grant",
            id,
            json!(before.map(|known| json!({ "user": who, "role": known.role }))),
            json!({ "user": who, "role": permission.role }),
        );
    }
    let all: Vec<Value> = given.iter().map(|found| shown(turn, found)).collect();
    Ok(Answer::json(200, json!({ "value": all })))
}

pub(super) fn revoke(turn: &mut Turn<'_>, key: &str, permission: &str) -> Outcome {
    let id = owner(turn, key, access::DRIVE_WRITE)?;
    let drive = turn.change().mail.drives.entry(id).or_default();
    let at = drive.iter().position(|known| known.id == permission);
    let Some(at) = at else { return Err(refusals::no_drive_item()) };
    let gone = drive.remove(at);
    let who = turn.state().name_of(gone.user);
    turn.felt("drive.revoke", id, json!({ "user": who, "role": gone.role }), Value::Null);
    Ok(Answer::empty(204))
}
