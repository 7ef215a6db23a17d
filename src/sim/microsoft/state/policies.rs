//! Conditional Access: policies and named locations, in Graph's own words.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Props, Sku, State};

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Policies {
    pub policies: Vec<Policy>,
    pub locations: Vec<Location>,
}

/// One policy. Its properties are as they were written, without what the service adds.
#[derive(Debug, Clone)]
pub(in super::super) struct Policy {
    pub id: Uuid,
    pub props: Props,
}

#[derive(Debug, Clone)]
pub(in super::super) struct Location {
    pub id: Uuid,
    pub props: Props,
}

impl Policy {
    pub fn name(&self) -> &str {
        self.props.get("displayName").and_then(Value::as_str).unwrap_or_default()
    }

    /// As Graph shows it: what was never set is there all the same, as null or an empty list.
    pub fn view(&self) -> Value {
        let written = |name: &str| self.props.get(name).cloned().unwrap_or(Value::Null);
        json!({
            "id": self.id, "templateId": null, "displayName": written("displayName"),
            "createdDateTime": written("createdDateTime"),
            "modifiedDateTime": written("modifiedDateTime"), "state": written("state"),
            "deletedDateTime": null,
            "conditions": conditions(&written("conditions")),
            "grantControls": grants(&written("grantControls")),
            "sessionControls": written("sessionControls"),
        })
    }
}

impl Location {
    pub fn view(&self) -> Value {
        let mut view = self.props.clone();
        view.insert("id".into(), json!(self.id));
        Value::Object(view)
    }
}

/// `given` over `shape`: what is absent is taken from the shape.
fn over(shape: Value, given: &Value) -> Value {
    match (shape, given) {
        (shape, Value::Null) => shape,
        (Value::Object(mut shape), Value::Object(given)) => {
            for (name, value) in given {
                let under = shape.remove(name).unwrap_or(Value::Null);
                shape.insert(name.clone(), over(under, value));
            }
            Value::Object(shape)
        }
        (_, given) => given.clone(),
    }
}

fn conditions(given: &Value) -> Value {
    let shape = json!({
        "userRiskLevels": [], "signInRiskLevels": [], "servicePrincipalRiskLevels": [],
        "clientAppTypes": ["all"], "insiderRiskLevels": null, "platforms": null,
        "locations": null, "devices": null, "clientApplications": null,
        "authenticationFlows": null,
        "applications": {
            "includeApplications": [], "excludeApplications": [], "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [], "applicationFilter": null,
        },
        "users": {
            "includeUsers": [], "excludeUsers": [], "includeGroups": [], "excludeGroups": [],
            "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": null,
            "excludeGuestsOrExternalUsers": null,
        },
    });
    over(shape, given)
}

fn grants(given: &Value) -> Value {
    if given.is_null() {
        return Value::Null;
    }
    let shape = json!({
        "operator": "OR", "builtInControls": [], "customAuthenticationFactors": [],
        "termsOfUse": [], "authenticationStrength": null,
    });
    over(shape, given)
}

impl State {
    pub fn policy(&self, id: Uuid) -> Option<&Policy> {
        self.policies.policies.iter().find(|policy| policy.id == id)
    }

    /// Conditional Access comes with Entra ID P1.
    pub fn has_conditional_access(&self) -> bool {
        let premium = |sku: &Sku| sku.plans.iter().any(|plan| plan.name.starts_with("AAD_PREMIUM"));
        self.skus.iter().any(|sku| sku.enabled > 0 && premium(sku))
    }
}
