//! Standing approvals: where each stands, and its uses, counted so that two at the same
//! instant cannot both take the last place of a day.

use super::{
    super::{at::at, database::values, script::Or},
    Sheet,
};
use crate::domain::{request::Request, standing::Use};

impl Sheet<'_> {
    /// Where it stands, once it was signed.
    pub(super) fn standing(&mut self, request: &Request) {
        let Some(held) = &request.in_force else { return };
        self.script.add(
            "INSERT INTO standing (request_id, tenant_id, until, revoked_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (request_id, tenant_id)
                 DO UPDATE SET until = excluded.until, revoked_at = excluded.revoked_at",
            values![
                request.id.0,
                request.tenant.guid(),
                at(held.until),
                held.revoked.as_ref().map(|revoked| at(revoked.at)),
            ],
            Or::Defect("a standing approval was not kept"),
        );
    }

    /// A use: refused when it is over or revoked, or its day is full.
    pub(super) fn used(&mut self, used: &Use) {
        self.script.add(
            "INSERT INTO quota (tenant_id, name, window_at, used)
             SELECT tenant_id, ?2, ?3, ?4 FROM standing
             WHERE request_id = ?1 AND revoked_at IS NULL AND until > ?5 AND ?4 <= ?6
             ON CONFLICT (tenant_id, name, window_at)
                 DO UPDATE SET used = quota.used + excluded.used
                 WHERE quota.used + excluded.used <= ?6",
            values![
                used.of.0,
                name(used),
                at(used.day),
                used.count,
                self.at,
                u32::from(used.per_day),
            ],
            Or::Conflict,
        );
    }
}

fn name(used: &Use) -> String {
    super::super::read_standing::name(&used.of)
}
