//! What a Conditional Access policy must look like
//! (learn.microsoft.com/graph/api/resources/conditionalaccesspolicy and the resources below it).

use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::{
    refusals::{self, Refusal},
    state::{Props, State},
};

const STATES: &[&str] = &["enabled", "disabled", "enabledForReportingButNotEnforced"];
const CLIENTS: &[&str] = &[
    "all",
    "browser",
    "mobileAppsAndDesktopClients",
    "exchangeActiveSync",
    "easSupported",
    "other",
];
const CONTROLS: &[&str] = &[
    "block",
    "mfa",
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
];
const RISKS: &[&str] = &["low", "medium", "high", "hidden", "none"];

/// What the service itself writes.
pub(super) fn is_stamp(name: &str) -> bool {
    ["createdDateTime", "modifiedDateTime"].contains(&name)
}

pub(super) fn check(state: &State, props: &Props) -> Result<(), Refusal> {
    for (name, value) in props {
        let right = match name.as_str() {
            "displayName" => value.as_str().is_some_and(|name| (1..=256).contains(&name.len())),
            "state" => is_one_of(value, STATES),
            "conditions" => value.is_object(),
            "grantControls" | "sessionControls" => value.is_object() || value.is_null(),
            "description" => value.is_string() || value.is_null(),
            _ => false,
        };
        if !right {
            return Err(refusals::policy_schema());
        }
    }
    if !["displayName", "state", "conditions"].iter().all(|name| props.contains_key(*name)) {
        return Err(refusals::policy_schema());
    }
    let conditions = props["conditions"].as_object().ok_or_else(refusals::policy_schema)?;
    check_conditions(state, conditions)?;
    check_controls(props)
}

fn is_one_of(value: &Value, allowed: &[&str]) -> bool {
    value.as_str().is_some_and(|value| allowed.contains(&value))
}

/// A list of texts; a text alone is no list, and null is none either.
fn texts(value: &Value) -> Result<Vec<&str>, Refusal> {
    let items = value.as_array().ok_or_else(refusals::policy_schema)?;
    items.iter().map(|item| item.as_str().ok_or_else(refusals::policy_schema)).collect()
}

fn some<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Vec<&'a str>, Refusal> {
    object.get(name).map_or(Ok(Vec::new()), texts)
}

fn check_conditions(state: &State, conditions: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in conditions {
        let right = match name.as_str() {
            // A null that a GET showed cannot be sent back (public notes on 1007).
            "applications"
            | "users"
            | "locations"
            | "platforms"
            | "devices"
            | "clientApplications"
            | "authenticationFlows" => value.is_object(),
            "clientAppTypes" => texts(value)?.iter().all(|kind| CLIENTS.contains(kind)),
            "userRiskLevels" | "signInRiskLevels" | "servicePrincipalRiskLevels" => {
                texts(value)?.iter().all(|level| RISKS.contains(level))
            }
            name => name.contains('@'),
        };
        if !right {
            return Err(refusals::policy_schema());
        }
    }
    let applications = conditions.get("applications").and_then(Value::as_object);
    let users = conditions.get("users").and_then(Value::as_object);
    let clients = conditions.contains_key("clientApplications");
    let applications = applications.ok_or_else(|| refusals::policy_rule_missing("Applications"))?;
    check_applications(applications)?;
    match users {
        Some(users) => check_users(state, users)?,
        None if clients => {}
        None => return Err(refusals::policy_rule_missing("Users")),
    }
    match conditions.get("locations").and_then(Value::as_object) {
        Some(locations) => check_locations(state, locations),
        None => Ok(()),
    }
}

fn check_applications(applications: &Map<String, Value>) -> Result<(), Refusal> {
    let known = [
        "includeApplications",
        "excludeApplications",
        "includeUserActions",
        "includeAuthenticationContextClassReferences",
    ];
    if applications.keys().any(|name| !known.contains(&name.as_str()) && !name.contains('@')) {
        return Err(refusals::policy_schema());
    }
    let included = some(applications, "includeApplications")?;
    let actions = some(applications, "includeUserActions")?;
    let contexts = some(applications, "includeAuthenticationContextClassReferences")?;
    if !(included.is_empty() || actions.is_empty() && contexts.is_empty()) {
        return Err(refusals::policy_targets());
    }
    if included.is_empty() && actions.is_empty() && contexts.is_empty() {
        return Err(refusals::policy_rule_missing("Applications"));
    }
    let special = ["All", "None", "Office365", "MicrosoftAdminPortals"];
    for id in included.into_iter().chain(some(applications, "excludeApplications")?) {
        if !special.contains(&id) && Uuid::try_parse(id).is_err() {
            return Err(refusals::policy_unknown_id(id));
        }
    }
    Ok(())
}

fn check_users(state: &State, users: &Map<String, Value>) -> Result<(), Refusal> {
    let mut included = 0;
    for (name, value) in users {
        let known: &dyn Fn(&str) -> bool = match name.as_str() {
            "includeUsers" | "excludeUsers" => &|id| {
                ["All", "None", "GuestsOrExternalUsers"].contains(&id)
                    || Uuid::try_parse(id).is_ok_and(|id| state.users.contains_key(&id))
            },
            "includeGroups" | "excludeGroups" => {
                &|id| Uuid::try_parse(id).is_ok_and(|id| state.groups.contains_key(&id))
            }
            "includeRoles" | "excludeRoles" => &|id| {
                let id = Uuid::try_parse(id).ok();
                state.roles.iter().any(|role| Some(role.template) == id)
            },
            "includeGuestsOrExternalUsers" | "excludeGuestsOrExternalUsers"
                if value.is_object() =>
            {
                included += usize::from(name.starts_with("include"));
                continue;
            }
            name if name.contains('@') => continue,
            _ => return Err(refusals::policy_schema()),
        };
        let ids = texts(value)?;
        if let Some(id) = ids.iter().find(|id| !known(id)) {
            return Err(refusals::policy_unknown_id(id));
        }
        included += if name.starts_with("include") { ids.len() } else { 0 };
    }
    if included == 0 { Err(refusals::policy_rule_missing("Users")) } else { Ok(()) }
}

fn check_locations(state: &State, locations: &Map<String, Value>) -> Result<(), Refusal> {
    for name in ["includeLocations", "excludeLocations"] {
        for id in some(locations, name)? {
            let named = Uuid::try_parse(id).ok();
            let known = ["All", "AllTrusted"].contains(&id)
                || state.policies.locations.iter().any(|found| Some(found.id) == named);
            if !known {
                return Err(refusals::policy_unknown_id(id));
            }
        }
    }
    Ok(())
}

fn check_controls(props: &Props) -> Result<(), Refusal> {
    let grants = props.get("grantControls").and_then(Value::as_object);
    let session = props.get("sessionControls").is_some_and(Value::is_object);
    let Some(grants) = grants else {
        return if session { Ok(()) } else { Err(refusals::policy_controls()) };
    };
    if !grants.get("operator").is_some_and(|operator| is_one_of(operator, &["AND", "OR"])) {
        return Err(refusals::policy_schema());
    }
    let controls = some(grants, "builtInControls")?;
    if controls.iter().any(|control| !CONTROLS.contains(control)) {
        return Err(refusals::policy_schema());
    }
    let others = grants.get("authenticationStrength").is_some_and(Value::is_object)
        || !some(grants, "termsOfUse")?.is_empty();
    // Blocking stands alone; and a policy that asks for nothing is none.
    let alone = !controls.contains(&"block") || controls.len() == 1 && !others && !session;
    let asks = !controls.is_empty() || others || session;
    if alone && asks { Ok(()) } else { Err(refusals::policy_controls()) }
}
