//! Holds and archives, through Exchange.

use serde_json::json;

use super::{Calls, Door, Found, Read, With, known, mailboxes::mailbox_read};
use crate::{
    adapters::exchange::{Cmdlet, shapes as exchange},
    domain::{
        change::{
            ComplianceChange, Sight,
            compliance::{ARCHIVE, HOLD_DAYS, ON_HOLD},
        },
        trouble::Reason,
    },
};

impl Calls for ComplianceChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::SetLitigationHold { user, .. } | Self::EnableArchive { user }) = self;
        Ok(vec![mailbox_read(user)?])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
        let mailbox = exchange::mailbox(body);
        Ok(Sight::object([
            (ON_HOLD, json!(mailbox.hold.is_some())),
            (HOLD_DAYS, json!(mailbox.hold.and_then(|hold| hold.days))),
            (ARCHIVE, json!(mailbox.archive)),
        ]))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Exchange(match self {
            Self::SetLitigationHold { user, on, days, comment } => {
                Cmdlet::set_hold(known(user)?, *on, *days, comment.as_deref())
            }
            Self::EnableArchive { user } => Cmdlet::enable_archive(known(user)?),
        }))
    }
}
