//! What goes when its time is over.

use rusqlite::Connection;

use super::writer::broken_by;
use crate::ports::store::StoreError;

/// Deletes what is past its time; says how many rows. Deliveries and messages that
/// were said are past it when they are older than `kept_since`, and nothing waits that
/// changes them.
pub(super) fn sweep(tx: &Connection, now: i64, kept_since: i64) -> Result<u64, StoreError> {
    let by_now = [
        "UPDATE step SET sealed_before = NULL, sealed_after = NULL
             WHERE (sealed_before IS NOT NULL OR sealed_after IS NOT NULL)
                 AND request_id IN (SELECT request_id FROM snapshot WHERE until <= ?)",
        "DELETE FROM secret WHERE expires_at <= ?",
        "DELETE FROM secret_link WHERE expires_at <= ?",
        "DELETE FROM heard WHERE until <= ?",
        "DELETE FROM snapshot WHERE until <= ?",
    ];
    let by_age = [
        "DELETE FROM inbox WHERE at <= ?",
        "DELETE FROM outbox WHERE state <> 'waiting' AND at <= ? AND message_id NOT IN (
             SELECT instead_of FROM outbox WHERE instead_of IS NOT NULL AND state = 'waiting')",
    ];
    let dated = by_now.map(|sql| (sql, now)).into_iter().chain(by_age.map(|sql| (sql, kept_since)));
    // Nobody signs what is over.
    let over = "DELETE FROM shown WHERE EXISTS (SELECT 1 FROM request
        WHERE request.request_id = shown.request_id AND open = 0)";
    let mut rows = tx.execute(over, []).map_err(broken_by)? as u64;
    for (sql, before) in dated {
        rows += tx.execute(sql, [before]).map_err(broken_by)? as u64;
    }
    Ok(rows)
}
