//! People counted against the limits of mass changes, so that two requests at the same instant
//! cannot both slip under one.

use super::{
    super::{at::at, database::values, read_counted::names, script::Or},
    Sheet,
};
use crate::ports::store::Counted;

/// The row that whoever counts holds until their turn is over: no window is ever this late.
const HELD_WINDOW: i64 = i64::MAX;
/// No limit.
const NONE: i64 = -1;

impl Sheet<'_> {
    /// Counts, or refuses the turn as a conflict.
    pub(super) fn counted(&mut self, counted: &Counted) {
        let tenant = counted.requester.tenant().guid();
        let [all, each] = names(&counted.requester);
        // Whoever comes second waits here, and then reads what the first one wrote.
        self.script.add(
            "INSERT INTO quota (tenant_id, name, window_at, used) VALUES (?, ?, ?, 0)
             ON CONFLICT (tenant_id, name, window_at) DO UPDATE SET used = quota.used",
            values![tenant, all.clone(), HELD_WINDOW],
            Or::Fine,
        );
        let most = |most: Option<u32>| most.map_or(NONE, i64::from);
        for (name, most) in [(all, most(counted.most)), (each, most(counted.most_each))] {
            self.script.add(
                "INSERT INTO quota (tenant_id, name, window_at, used)
                 SELECT ?1, ?2, ?3, ?4
                 WHERE ?5 < 0 OR ?4 + (SELECT coalesce(sum(used), 0) FROM quota
                     WHERE tenant_id = ?1 AND name = ?2 AND window_at > ?6) <= ?5
                 ON CONFLICT (tenant_id, name, window_at)
                     DO UPDATE SET used = quota.used + excluded.used",
                values![
                    tenant,
                    name,
                    at(counted.window),
                    i64::from(counted.people),
                    most,
                    at(counted.since),
                ],
                Or::Conflict,
            );
        }
    }
}
