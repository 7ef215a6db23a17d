//! Conditional Access policies.

use reqwest::Method;
use serde_json::Value;

use super::{Calls, Door, Found, Read, With};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        ca_policy::{PolicyId, sendable},
        change::{PolicyChange, Sight, policies::SAYS},
        ids::TenantId,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// Where policies are.
pub(crate) const POLICIES: &str = "/identity/conditionalAccess/policies";

pub(crate) fn path(policy: &PolicyId) -> String {
    format!("{POLICIES}/{}", policy.guid().hyphenated())
}

/// `tenant/guid` of an object that Graph showed.
pub(super) fn made(tenant: &TenantId, body: &Value) -> Option<String> {
    body["id"].as_str().map(|id| format!("{tenant}/{id}"))
}

impl Calls for PolicyChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::CreatePolicy { tenant, definition } => {
                let name = definition.get("displayName").and_then(Value::as_str);
                let name = encoded(&name.unwrap_or_default().replace('\'', "''"));
                let path = format!("{POLICIES}?$filter=displayName%20eq%20'{name}'");
                Read::list(tenant, path, 20, Reading::POLICIES)
            }
            Self::UpdatePolicy { policy, .. } | Self::DeletePolicy { policy, .. } => {
                Read::one(policy.tenant(), path(policy), Reading::POLICIES)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let see = |id: Option<String>, shown: &Value| {
            let says = Value::Object(sendable(shown));
            Sight::Object { id, values: [(SAYS.to_owned(), says)].into() }
        };
        Ok(match self {
            Self::CreatePolicy { tenant, .. } => {
                // Names are not unique: the one that says what was wanted is the one.
                let all = found[0].many().unwrap_or_default().iter();
                let mut all = all.map(|shown| see(made(tenant, shown), shown));
                let fits = all.clone().find(|sight| super::holds(self, sight));
                fits.or_else(|| all.next()).unwrap_or(Sight::Missing)
            }
            Self::UpdatePolicy { .. } | Self::DeletePolicy { .. } => {
                found[0].one().map_or(Sight::Missing, |shown| see(None, shown))
            }
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let ask = match self {
            Self::CreatePolicy { definition, .. } => {
                Ask::of(Method::POST, POLICIES, Some(Value::Object(definition.clone())))
            }
            Self::UpdatePolicy { policy, set, .. } => {
                Ask::of(Method::PATCH, path(policy), Some(Value::Object(set.clone())))
            }
            Self::DeletePolicy { policy, .. } => Ask::of(Method::DELETE, path(policy), None),
        };
        Ok(Door::Graph(ask))
    }

    fn output(&self, answer: &Value) -> Output {
        match self {
            Self::CreatePolicy { tenant, .. } => Output { id: made(tenant, answer), secret: None },
            _ => Output::default(),
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        if answer.status == 404 && matches!(self, Self::DeletePolicy { .. }) {
            return Some(Meaning::AlreadySo);
        }
        if answer.status != 400 {
            return None;
        }
        // The number in front is all that tells them apart.
        let number: String =
            answer.message().chars().take_while(char::is_ascii_digit).take(6).collect();
        let why = match number.as_str() {
            "1007" => "it does not have the form that Conditional Access takes",
            "1012" => "it names applications and user actions at once; only one of them can stand",
            "1032" => "its conditions and controls do not go together",
            _ if refusals::says(answer, "does not exist") => {
                "it names somebody or something that is not there any more"
            }
            _ => "it breaks a rule of Conditional Access",
        };
        let number = if number.is_empty() { "400".to_owned() } else { number };
        Some(refusals::no(&format!("Conditional Access refuses the policy: {why} ({number})")))
    }
}
