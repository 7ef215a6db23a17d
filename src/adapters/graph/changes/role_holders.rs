//! Directory roles: given and taken by assignments for the whole tenant.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Calls, Door, Found, Read, With, known};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
    },
    domain::{
        change::{RoleChange, Sight},
        trouble::Reason,
    },
};

/// Assignments read of one user.
const ASSIGNMENTS_MAX: usize = 1_000;
/// Under which roles are given and taken.
pub(super) const ASSIGNMENTS: &str = "/roleManagement/directory/roleAssignments";

impl Calls for RoleChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::AssignRole { user, .. } | Self::RemoveRole { user, .. }) = self;
        let user = known(user)?;
        let id = user.guid().hyphenated();
        let path = format!("{ASSIGNMENTS}?$filter=principalId%20eq%20'{id}'");
        Ok(vec![Read::list(user.tenant(), path, ASSIGNMENTS_MAX, Reading::ROLES)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let items = found[0].many().unwrap_or_default();
        let whole = items.iter().filter(|item| item["directoryScopeId"] == "/");
        let roles: Vec<&Value> = whole.map(|item| &item["roleDefinitionId"]).collect();
        Ok(Sight::object([("roles", json!(roles))]))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Graph(match self {
            Self::AssignRole { user, role } => {
                let body = json!({
                    "principalId": known(user)?.guid(), "roleDefinitionId": role.guid(),
                    "directoryScopeId": "/",
                });
                Ask::of(Method::POST, ASSIGNMENTS, Some(body))
            }
            Self::RemoveRole { assignment, .. } => {
                let id = crate::adapters::graph::wire::encoded(assignment);
                Ask::of(Method::DELETE, format!("{ASSIGNMENTS}/{id}"), None)
            }
        }))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let says = |part: &str| refusals::says(answer, part);
        match (self, answer.status) {
            (Self::AssignRole { .. }, 400 | 409) if says("conflicting object") => {
                Some(Meaning::AlreadySo)
            }
            (Self::AssignRole { .. }, 404) if says("role definition") => {
                Some(refusals::no("the directory does not know this role any more"))
            }
            (Self::RemoveRole { .. }, 404) => Some(Meaning::AlreadySo),
            (Self::RemoveRole { .. }, 400) if says("global administrator") => Some(refusals::no(
                "it is the last one who holds Global Administrator, and Microsoft keeps that one; \
                 give the role to somebody else first",
            )),
            _ => None,
        }
    }
}
