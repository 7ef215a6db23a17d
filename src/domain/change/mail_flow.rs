//! Changes of how mail flows through the tenant.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::domain::{
    change::{Effect, Kind, Object, Sight},
    ids::TenantId,
    mail::AutoForwarding,
};

/// A change of the flow of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum MailFlowChange {
    /// A transport rule is switched on or off; everything in it stays.
    SwitchTransportRule {
        /// Of which tenant.
        tenant: TenantId,
        /// Its `Guid`.
        rule: Uuid,
        /// On?
        on: bool,
    },
    /// Mail may forward itself outside, or not.
    SetAutoForwarding {
        /// Of which tenant.
        tenant: TenantId,
        /// The outbound spam policy's name.
        policy: String,
        /// What it allows.
        mode: AutoForwarding,
    },
}

/// What Exchange Online wants of an app that changes mail flow or holds.
pub(super) const ADMINISTRATOR: super::Rights =
    &[&["exchange:Exchange.ManageAsApp", "role:Exchange Administrator"]];

/// [`MailFlowChange::SwitchTransportRule`].
pub const SWITCH_TRANSPORT_RULE: Kind =
    Kind::of("switch_transport_rule", ADMINISTRATOR).seen_within(300);
/// [`MailFlowChange::SetAutoForwarding`].
pub const SET_AUTO_FORWARDING: Kind =
    Kind::of("set_auto_forwarding", ADMINISTRATOR).seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[SWITCH_TRANSPORT_RULE, SET_AUTO_FORWARDING];

/// Under which name a look shows whether a rule is on.
pub const ENABLED: &str = "enabled";
/// Under which name a look shows what the policy allows.
pub const MODE: &str = "mode";

impl Effect for MailFlowChange {
    fn kind(&self) -> Kind {
        match self {
            Self::SwitchTransportRule { .. } => SWITCH_TRANSPORT_RULE,
            Self::SetAutoForwarding { .. } => SET_AUTO_FORWARDING,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::SwitchTransportRule { tenant, rule, .. } => {
                Object::Other(tenant, format!("transport_rule:{tenant}/{rule}"))
            }
            Self::SetAutoForwarding { tenant, policy, .. } => {
                Object::Other(tenant, format!("outbound_policy:{tenant}/{policy}"))
            }
        }
    }

    fn called(&self) -> &'static str {
        match self {
            Self::SwitchTransportRule { .. } => "rule",
            Self::SetAutoForwarding { .. } => "policy",
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::SwitchTransportRule { on, .. } => seen.value(ENABLED) == Some(&json!(on)),
            Self::SetAutoForwarding { mode, .. } => {
                seen.value(MODE) == Some(&json!(mode.as_exchange()))
            }
        }
    }
}
