//! Changes of Conditional Access policies.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{
    ca_policy::{PolicyId, covers},
    change::{Effect, Kind, Object, Repeat, Sight},
    ids::TenantId,
    trouble::Reason,
};

/// A change of a Conditional Access policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum PolicyChange {
    /// A policy is made.
    CreatePolicy {
        /// Where.
        tenant: TenantId,
        /// Everything it says.
        definition: Map<String, Value>,
    },
    /// Members of a policy are set. What is set replaces the old value whole, so a change
    /// of one list brings all conditions along, as they were read.
    UpdatePolicy {
        /// Which.
        policy: PolicyId,
        /// What they will be.
        set: Map<String, Value>,
        /// What they were when this was planned.
        was: Map<String, Value>,
    },
    /// A policy is deleted.
    DeletePolicy {
        /// Which.
        policy: PolicyId,
        /// Everything it said, so that it can be made again.
        definition: Map<String, Value>,
    },
}

/// All three together (learn.microsoft.com/graph/api/conditionalaccessroot-post-policies).
const WRITE: super::Rights =
    &[&["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"]];
const REMOVE: super::Rights = &[&["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"]];

/// [`PolicyChange::CreatePolicy`].
pub const CREATE_POLICY: Kind = Kind::of("create_policy", WRITE).repeated(Repeat::ReadFirst);
/// [`PolicyChange::UpdatePolicy`].
pub const UPDATE_POLICY: Kind = Kind::of("update_policy", WRITE);
/// [`PolicyChange::DeletePolicy`].
pub const DELETE_POLICY: Kind = Kind::of("delete_policy", REMOVE);

/// All of them.
pub const KINDS: &[Kind] = &[CREATE_POLICY, UPDATE_POLICY, DELETE_POLICY];

/// The value under which a sight holds what the policy says.
pub const SAYS: &str = "definition";

impl Effect for PolicyChange {
    fn kind(&self) -> Kind {
        match self {
            Self::CreatePolicy { .. } => CREATE_POLICY,
            Self::UpdatePolicy { .. } => UPDATE_POLICY,
            Self::DeletePolicy { .. } => DELETE_POLICY,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::CreatePolicy { tenant, .. } => Object::New(tenant),
            Self::UpdatePolicy { policy, .. } | Self::DeletePolicy { policy, .. } => {
                Object::Other(policy.tenant(), format!("policy:{policy}"))
            }
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        let says = seen.value(SAYS);
        let shows = |wanted: &Map<String, Value>| {
            says.is_some_and(|says| covers(&Value::Object(wanted.clone()), says))
        };
        match self {
            Self::CreatePolicy { definition, .. } => shows(definition),
            Self::UpdatePolicy { set, .. } => shows(set),
            Self::DeletePolicy { .. } => *seen == Sight::Missing,
        }
    }

    /// Setting conditions whole would take back what somebody else changed meanwhile.
    fn moved(&self, seen: &Sight) -> Option<Reason> {
        let (Self::UpdatePolicy { was, .. }, Some(says)) = (self, seen.value(SAYS)) else {
            return None;
        };
        let same = covers(&Value::Object(was.clone()), says);
        (!same).then(|| Reason::Moved { what: "=policy".to_owned() })
    }

    fn called(&self) -> &'static str {
        "policy"
    }
}
