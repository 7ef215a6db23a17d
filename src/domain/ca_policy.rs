//! A Conditional Access policy: what it says, and what would lock everyone out.
//!
//! The whole definition is kept as Graph gave it, so that a deleted policy can be made
//! again and a changed one set back; what people read is taken from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::domain::ids::ObjectId;

/// Marks the ids of policies. Never made.
#[derive(Debug)]
pub enum OfPolicy {}

/// A Conditional Access policy of one tenant.
pub type PolicyId = ObjectId<OfPolicy>;

/// A policy as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaPolicy {
    /// Its id.
    pub id: PolicyId,
    /// `displayName`.
    pub name: String,
    /// Whether it is enforced.
    pub state: PolicyState,
    /// Everything it says, as it can be sent again.
    pub definition: Map<String, Value>,
}

/// Whether a policy is enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyState {
    /// Enforced.
    Enabled,
    /// Evaluated and written to the sign-in log, not enforced.
    ReportOnly,
    /// Off.
    Disabled,
}

impl PolicyState {
    /// Graph's word for it.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::ReportOnly => "enabledForReportingButNotEnforced",
            Self::Disabled => "disabled",
        }
    }

    /// From Graph's word.
    pub fn from_wire(word: &str) -> Option<Self> {
        [Self::Enabled, Self::ReportOnly, Self::Disabled].into_iter().find(|s| s.wire() == word)
    }

    /// In plain words.
    pub fn plain(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::ReportOnly => "report only",
            Self::Disabled => "disabled",
        }
    }

    /// Its key in the text file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enabled => "=policy_enabled",
            Self::ReportOnly => "=policy_report_only",
            Self::Disabled => "=policy_disabled",
        }
    }
}

/// What a policy asks of a sign-in that it applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// No sign-in.
    Block,
    /// A second factor.
    Mfa,
    /// A device that Intune calls compliant.
    CompliantDevice,
}

impl Grant {
    /// Graph's word for it.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Mfa => "mfa",
            Self::CompliantDevice => "compliantDevice",
        }
    }
}

/// What the service writes itself, and refuses to be told.
const STAMPS: &[&str] =
    &["id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"];

/// A definition that can be sent: without what the service stamps, without nulls (a null it
/// showed is refused when it is sent back: 1007), an authentication strength by its id alone.
pub fn sendable(shown: &Value) -> Map<String, Value> {
    let mut clean = match bare(shown) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for stamp in STAMPS {
        clean.remove(*stamp);
    }
    if let Some(Value::Object(grants)) = clean.get_mut("grantControls") {
        let id = grants.get("authenticationStrength").and_then(|strength| strength.get("id"));
        if let Some(id) = id.cloned() {
            grants.insert("authenticationStrength".into(), json!({ "id": id }));
        }
    }
    clean
}

/// Without nulls and annotations; a type stays, where a value needs one.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| {
                !value.is_null() && (!name.contains('@') || name.as_str() == "@odata.type")
            })
            .map(|(name, value)| (name.clone(), bare(value)))
            .collect(),
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// The texts of a list inside a definition, such as `conditions.users.includeUsers`.
pub fn texts<'a>(definition: &'a Map<String, Value>, path: &[&str]) -> Vec<&'a str> {
    let mut steps = path.iter();
    let first = steps.next().and_then(|name| definition.get(*name));
    let found = steps.try_fold(first, |found, name| Some(found?.get(*name))).flatten();
    found.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Does `seen` say everything that `wanted` says? The service adds empty lists and nulls of
/// its own; lists have no order.
pub fn covers(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Object(wanted), seen) => wanted
            .iter()
            .filter(|(name, _)| !name.contains('@'))
            .all(|(name, value)| covers(value, seen.get(name).unwrap_or(&Value::Null))),
        (Value::Array(wanted), Value::Array(seen)) => {
            wanted.len() == seen.len()
                && wanted.iter().all(|one| seen.iter().any(|other| covers(one, other)))
        }
        (Value::Array(wanted), Value::Null) => wanted.is_empty(),
        (wanted, seen) => wanted == seen,
    }
}

/// All users, all applications, blocked, and nobody left out: nobody could sign in to
/// mend it.
pub fn locks_everyone_out(definition: &Map<String, Value>) -> bool {
    let users = |list: &str| texts(definition, &["conditions", "users", list]);
    let everyone = users("includeUsers").contains(&"All");
    let everything =
        texts(definition, &["conditions", "applications", "includeApplications"]).contains(&"All");
    let blocked = texts(definition, &["grantControls", "builtInControls"]).contains(&"block");
    let left_out = ["excludeUsers", "excludeGroups", "excludeRoles"]
        .iter()
        .any(|list| !users(list).is_empty());
    everyone && everything && blocked && !left_out
}

/// Adds to a list inside `conditions.users`, without doubling. False: all were there.
pub fn add(definition: &mut Map<String, Value>, list: &str, ids: &[String]) -> bool {
    let conditions = definition.entry("conditions").or_insert_with(|| json!({}));
    let Value::Object(conditions) = conditions else { return false };
    let users = conditions.entry("users").or_insert_with(|| json!({}));
    let Value::Object(users) = users else { return false };
    let Value::Array(items) = users.entry(list).or_insert_with(|| json!([])) else { return false };
    let before = items.len();
    for id in ids {
        if !items.iter().any(|known| known.as_str() == Some(id)) {
            items.push(json!(id));
        }
    }
    items.len() > before
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{PolicyState, add, covers, locks_everyone_out, sendable, texts};

    fn block_all() -> Map<String, Value> {
        let Value::Object(policy) = json!({
            "conditions": {
                "applications": { "includeApplications": ["All"] },
                "users": { "includeUsers": ["All"], "excludeUsers": [] },
            },
            "grantControls": { "operator": "OR", "builtInControls": ["block"] },
        }) else {
            unreachable!("an object")
        };
        policy
    }

    #[test]
    fn what_is_sent_back_is_what_the_service_takes() {
        let shown = json!({
            "@odata.context": "x", "id": "1", "templateId": null, "displayName": "A",
            "createdDateTime": "2024-01-01T00:00:00Z", "sessionControls": null,
            "conditions": {
                "platforms": null, "clientAppTypes": ["all"], "userRiskLevels": [],
                "users": {
                    "includeUsers": ["All"], "includeGuestsOrExternalUsers": {
                        "guestOrExternalUserTypes": "b2bCollaborationGuest",
                        "externalTenants": {
                            "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                            "membershipKind": "all",
                        },
                    },
                },
            },
            "grantControls": {
                "operator": "OR", "authenticationStrength@odata.context": "y",
                "authenticationStrength": { "id": "2", "displayName": "Phishing-resistant" },
            },
        });
        let sent = Value::Object(sendable(&shown));
        assert_eq!(sent["displayName"], "A");
        for gone in ["id", "templateId", "createdDateTime", "sessionControls", "@odata.context"] {
            assert!(sent.get(gone).is_none(), "{gone}");
        }
        assert!(sent["conditions"].get("platforms").is_none());
        assert_eq!(sent["conditions"]["userRiskLevels"], json!([]));
        let guests = &sent["conditions"]["users"]["includeGuestsOrExternalUsers"];
        assert_eq!(guests["externalTenants"]["membershipKind"], "all");
        assert!(guests["externalTenants"].get("@odata.type").is_some());
        assert_eq!(sent["grantControls"]["authenticationStrength"], json!({ "id": "2" }));
    }

    #[test]
    fn blocking_everybody_needs_somebody_left_out() {
        let mut policy = block_all();
        assert!(locks_everyone_out(&policy));
        assert!(add(&mut policy, "excludeUsers", &["u".to_owned()]));
        assert!(!locks_everyone_out(&policy));
        assert!(!add(&mut policy, "excludeUsers", &["u".to_owned()]), "it is there already");
        assert_eq!(texts(&policy, &["conditions", "users", "excludeUsers"]), ["u"]);
        let mut mfa = block_all();
        mfa["grantControls"]["builtInControls"] = json!(["mfa"]);
        assert!(!locks_everyone_out(&mfa));
    }

    #[test]
    fn what_the_service_adds_changes_nothing() {
        let wanted = json!({ "users": { "includeUsers": ["a", "b"], "excludeUsers": [] } });
        let seen =
            json!({ "users": { "includeUsers": ["b", "a"], "includeRoles": [] }, "x": null });
        assert!(covers(&wanted, &seen));
        assert!(!covers(&seen, &json!({ "users": { "includeUsers": ["a"] } })));
        assert!(!covers(&json!({ "state": "enabled" }), &json!({})));
    }

    #[test]
    fn each_state_has_one_word() {
        for state in [PolicyState::Enabled, PolicyState::ReportOnly, PolicyState::Disabled] {
            assert_eq!(PolicyState::from_wire(state.wire()), Some(state));
        }
        assert_eq!(PolicyState::from_wire("report_only"), None);
    }
}
