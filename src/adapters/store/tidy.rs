//! What goes when its time is over, and the operator's switch.

use super::database::{Database, values};
use crate::ports::store::StoreError;

/// Deletes what is past its time; says how many rows. Deliveries and messages that
/// were said are past it when they are older than `kept_since`, and nothing waits that
/// changes them.
pub(super) async fn sweep(
    tx: &mut impl Database,
    now: i64,
    kept_since: i64,
) -> Result<u64, StoreError> {
    let by_now = [
        "UPDATE step SET sealed_before = NULL, sealed_after = NULL
             WHERE (sealed_before IS NOT NULL OR sealed_after IS NOT NULL)
                 AND request_id IN (SELECT request_id FROM snapshot WHERE until <= ?)",
        "DELETE FROM secret WHERE expires_at <= ?",
        "DELETE FROM secret_link WHERE expires_at <= ?",
        "DELETE FROM heard WHERE until <= ?",
        "DELETE FROM snapshot WHERE until <= ?",
        "DELETE FROM sign_in WHERE expires_at <= ?",
    ];
    let by_age = [
        "DELETE FROM inbox WHERE at <= ? AND delivery_key NOT LIKE 'once/%'",
        "DELETE FROM quota WHERE window_at <= ?",
        "DELETE FROM outbox WHERE state <> 'waiting' AND at <= ? AND message_id NOT IN (
             SELECT instead_of FROM outbox WHERE instead_of IS NOT NULL AND state = 'waiting')",
    ];
    let dated = by_now.map(|sql| (sql, now)).into_iter().chain(by_age.map(|sql| (sql, kept_since)));
    // Nobody signs what is over.
    let over = "DELETE FROM shown WHERE EXISTS (SELECT 1 FROM request
        WHERE request.request_id = shown.request_id AND open = 0)";
    let mut rows = tx.change(over, &[]).await?;
    for (sql, before) in dated {
        rows += tx.change(sql, &values![before]).await?;
    }
    Ok(rows)
}

/// Is everything paused?
pub(super) async fn paused(db: &mut impl Database) -> Result<bool, StoreError> {
    let row = db.first("SELECT paused FROM switch", &[]).await?;
    row.map_or(Ok(false), |mut row| row.take())
}

/// Pauses or resumes everything.
pub(super) async fn pause(tx: &mut impl Database, yes: bool) -> Result<(), StoreError> {
    tx.change("UPDATE switch SET paused = ?", &values![yes]).await.map(drop)
}
