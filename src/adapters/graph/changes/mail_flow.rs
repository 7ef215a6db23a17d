//! Transport rules and the outbound spam policy, through Exchange.

use serde_json::json;

use super::{Calls, Door, Found, Read, With};
use crate::{
    adapters::exchange::Cmdlet,
    domain::{
        change::{
            MailFlowChange, Sight,
            mail_flow::{ENABLED, MODE},
        },
        trouble::Reason,
    },
};

impl Calls for MailFlowChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::SwitchTransportRule { tenant, .. } => {
                Read::cmdlet(tenant, Cmdlet::transport_rules())
            }
            Self::SetAutoForwarding { tenant, .. } => {
                Read::cmdlet(tenant, Cmdlet::outbound_policies())
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let all = found[0].many().unwrap_or_default();
        let text = |value: &serde_json::Value, name: &str| -> String {
            value[name].as_str().unwrap_or_default().to_lowercase()
        };
        Ok(match self {
            Self::SwitchTransportRule { rule, .. } => {
                let rule = rule.hyphenated().to_string();
                let found = all.iter().find(|found| text(found, "Guid") == rule);
                found.map_or(Sight::Missing, |found| {
                    Sight::object([(ENABLED, json!(found["State"] == "Enabled"))])
                })
            }
            Self::SetAutoForwarding { policy, .. } => {
                let found =
                    all.iter().find(|found| text(found, "Identity") == policy.to_lowercase());
                found.map_or(Sight::Missing, |found| {
                    Sight::object([(MODE, found["AutoForwardingMode"].clone())])
                })
            }
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Exchange(match self {
            Self::SwitchTransportRule { rule, on, .. } => Cmdlet::switch_transport_rule(*rule, *on),
            Self::SetAutoForwarding { policy, mode, .. } => {
                Cmdlet::set_auto_forwarding(policy, *mode)
            }
        }))
    }
}
