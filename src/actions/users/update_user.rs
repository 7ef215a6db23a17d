//! Change properties of somebody's account.
//!
//! What the directory keeps goes in one request. What `SharePoint` keeps, the leaving date
//! and the identities stand apart: each has its own request, and its own right.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, Change, Values, accounts},
        ids::Upn,
        plan::{Draft, Note, Step, Value},
        properties::{Keeper, Property, property, shown},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Change properties of a user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// What becomes what? Graph's names, such as `jobTitle` or `officeLocation`; an empty
    /// value clears.
    pub fields: Map<String, Json>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["change", "set"], &["field"])],
    slots: &[("user", Slot::Person), ("fields", Slot::Fields)],
    examples: &[
        "set John Doe's job title to Senior Buyer",
        "change the department of john.doe@contoso.com to Finance",
        "please update John Doe's office location to Leeds",
    ],
};

impl Action for UpdateUser {
    const ABOUT: About = About {
        id: "update_user",
        title: "Change user properties",
        area: Area::Users,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &["update_user"],
        may: &[
            accounts::UPDATE_USER,
            accounts::UPDATE_PROFILE,
            accounts::SET_LEAVE_DATE,
            accounts::SET_IDENTITIES,
        ],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        let fields = [("jobTitle".to_owned(), Json::from("Senior Account Manager"))];
        Self { user: "john.doe@contoso.com".to_owned(), fields: fields.into_iter().collect() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        let wanted = accepted(&self.fields)?;
        let names: Vec<&str> = wanted.iter().map(|(property, _)| property.name).collect();
        let now = look.properties(&user.id, &names).await?.unwrap_or_default();
        let changing: Vec<(&Property, Json)> =
            wanted.into_iter().filter(|(property, value)| differs(&now, property, value)).collect();
        if changing.is_empty() {
            let what = format!("{} has these values already", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        synced(&user, &changing)?;
        renamed(look, asked, &changing).await?;
        let mut draft = Draft::about(user.to_ref());
        steps(&mut draft, &user, &now, &changing);
        notes(&mut draft, &user, &changing);
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let mut fields = Map::new();
        for (step, run) in done.iter().filter(|(_, run)| run.state == StepState::Done) {
            let (Change::Account(change), Some(before)) = (&step.change, &run.before) else {
                continue;
            };
            let names = touched(change);
            for name in names {
                if let Some(value) = before.value(&name) {
                    fields.insert(name, value.clone());
                }
            }
        }
        let user = done.iter().find_map(|(step, _)| step.change.user()?.known().cloned());
        match user {
            Some(user) if !fields.is_empty() => {
                vec![propose(&Self { user: user.to_string(), fields })]
            }
            _ => Vec::new(),
        }
    }
}

/// The names of the properties a change writes.
fn touched(change: &AccountChange) -> Vec<String> {
    match change {
        AccountChange::UpdateUser { properties, .. } => properties.keys().cloned().collect(),
        AccountChange::UpdateProfile { property, .. } => vec![property.clone()],
        AccountChange::SetLeaveDate { .. } => vec!["employeeLeaveDateTime".to_owned()],
        AccountChange::SetIdentities { .. } => vec!["identities".to_owned()],
        _ => Vec::new(),
    }
}

/// The properties with values as Graph takes them.
fn accepted(fields: &Map<String, Json>) -> Result<Vec<(&'static Property, Json)>, Reason> {
    if fields.is_empty() {
        let why = "name at least one property and its value".to_owned();
        return Err(Reason::WrongArgument { field: "fields".to_owned(), why });
    }
    fields
        .iter()
        .map(|(name, said)| {
            let wrong = |why: String| Reason::WrongArgument { field: name.clone(), why };
            let property = property(name).ok_or_else(|| wrong(elsewhere(name)))?;
            Ok((property, property.accept(said).map_err(wrong)?))
        })
        .collect()
}

/// Why a property is not written here.
fn elsewhere(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "accountenabled" => "ask to block or allow sign-in instead".to_owned(),
        "passwordprofile" | "password" => "ask to reset the password instead".to_owned(),
        "manager" => "ask to set the manager instead".to_owned(),
        "assignedlicenses" | "licenses" => "ask to assign or remove licences instead".to_owned(),
        "proxyaddresses" => "Exchange keeps the addresses; it is not written here".to_owned(),
        _ => "a user has no property of this name that can be written".to_owned(),
    }
}

fn differs(now: &Values, property: &Property, wanted: &Json) -> bool {
    let seen = now.get(property.name).unwrap_or(&Json::Null);
    match (seen, wanted) {
        (Json::Object(seen), Json::Object(wanted)) => {
            wanted.iter().any(|(name, value)| seen.get(name).unwrap_or(&Json::Null) != value)
        }
        (Json::Null, Json::Array(wanted)) => !wanted.is_empty(),
        _ => seen != wanted,
    }
}

/// Of an account mastered in Active Directory only a few properties are written here.
fn synced(user: &User, changing: &[(&Property, Json)]) -> Result<(), Reason> {
    // "Unable to update the specified properties for on-premises mastered Directory Sync objects".
    const HERE: &[&str] = &["usageLocation", "passwordPolicies", "preferredLanguage"];
    let there = changing.iter().find(|(property, _)| {
        property.keeper != Keeper::SharePoint && !HERE.contains(&property.name)
    });
    match there {
        Some(_) if user.synced => look::not_synced(user),
        _ => Ok(()),
    }
}

/// A new sign-in name must be one and be free.
async fn renamed(look: &dyn World, asked: &Asked, changing: &[(&Property, Json)]) -> Result<()> {
    let name = changing.iter().find(|(property, _)| property.name == "userPrincipalName");
    let Some((_, Json::String(name))) = name else { return Ok(()) };
    let upn: Upn = name.parse().map_err(Reason::from)?;
    if look.is_free(&asked.tenant, &upn).await? {
        return Ok(());
    }
    Err(Reason::NotPossible { what: format!("somebody signs in as {upn} already") }.into())
}

fn steps(draft: &mut Draft, user: &User, now: &Values, changing: &[(&Property, Json)]) {
    let value = |property: &Property, wanted: &Json| {
        let before = now.get(property.name).unwrap_or(&Json::Null);
        let before = match (before, wanted) {
            (Json::Object(seen), Json::Object(wanted)) => Json::Object(
                seen.iter()
                    .filter(|(name, _)| wanted.contains_key(*name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            ),
            _ => before.clone(),
        };
        Value::new(property.name, shown(&before), shown(wanted))
    };
    let id = || user.id.clone().into();
    let kept = |keeper: &Keeper| matches!(keeper, Keeper::Directory | Keeper::Sensitive);
    let (directory, apart): (Vec<_>, Vec<_>) =
        changing.iter().partition(|(property, _)| kept(&property.keeper));
    if !directory.is_empty() {
        let properties: Values = directory
            .iter()
            .map(|(property, wanted)| (property.name.to_owned(), wanted.clone()))
            .collect();
        let values = directory.iter().map(|(property, wanted)| value(property, wanted)).collect();
        draft.step(
            AccountChange::UpdateUser { user: id(), properties },
            &[("user", &user.name)],
            values,
        );
    }
    for (property, wanted) in apart {
        let change = match property.keeper {
            Keeper::LifeCycle => AccountChange::SetLeaveDate { user: id(), value: wanted.clone() },
            Keeper::Identities => {
                AccountChange::SetIdentities { user: id(), value: wanted.clone() }
            }
            _ => AccountChange::UpdateProfile {
                user: id(),
                property: property.name.to_owned(),
                value: wanted.clone(),
            },
        };
        let values = vec![value(property, wanted)];
        draft.step(change, &[("user", &user.name)], values);
    }
}

fn notes(draft: &mut Draft, user: &User, changing: &[(&Property, Json)]) {
    let name = [("user", user.name.as_str())];
    let any = |keeper: Keeper| changing.iter().any(|(property, _)| property.keeper == keeper);
    if any(Keeper::SharePoint) {
        draft.notes.push(Note::new("profile_apart", &name));
    }
    if changing.iter().any(|(property, _)| property.name == "userPrincipalName") {
        draft.notes.push(Note::new("sign_in_name_changes", &name));
    }
    if changing.iter().any(|(property, _)| property.name == "usageLocation") {
        draft.notes.push(Note::new("usage_location_matters", &name));
    }
}
