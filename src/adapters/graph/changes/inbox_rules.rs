//! Inbox rules, through Exchange, which sees the hidden ones too.

use serde_json::json;

use super::{Calls, Door, Found, Read, With, known};
use crate::{
    adapters::exchange::{Cmdlet, shapes as exchange},
    domain::{
        change::{InboxRuleChange, Sight, inbox_rules::ENABLED},
        trouble::Reason,
    },
};

impl Calls for InboxRuleChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::SwitchInboxRule { user, .. } | Self::RemoveInboxRule { user, .. }) = self;
        let user = known(user)?;
        Ok(vec![Read::cmdlet(user.tenant(), Cmdlet::inbox_rules(user))])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let (Self::SwitchInboxRule { rule, .. } | Self::RemoveInboxRule { rule, .. }) = self;
        let Some(rules) = found[0].many() else { return Ok(Sight::Missing) };
        let found = rules.iter().find(|found| exchange::rule_id(found).as_ref() == Some(rule));
        Ok(found.map_or(Sight::Missing, |found| {
            Sight::object([(ENABLED, json!(found["Enabled"] == true))])
        }))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Exchange(match self {
            Self::SwitchInboxRule { user, rule, on } => {
                Cmdlet::switch_inbox_rule(known(user)?, rule, *on)
            }
            Self::RemoveInboxRule { user, rule } => Cmdlet::remove_inbox_rule(known(user)?, rule),
        }))
    }
}
