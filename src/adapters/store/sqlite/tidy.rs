//! What goes: an opened link, and everything past its time.

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::writer::broken_by;
use crate::{
    domain::ids::{RequestId, StepId},
    ports::store::{Opened, StoreError},
};

/// Deletes a link and gives its value, unless its time is over.
pub(super) fn open_link(
    tx: &Connection,
    token_hash: [u8; 32],
    now: i64,
) -> Result<Opened, StoreError> {
    let mut delete = tx
        .prepare_cached(
            "DELETE FROM secret_link WHERE token_hash = ?
             RETURNING request_id, step_id, expires_at, sealed",
        )
        .map_err(broken_by)?;
    let found = delete
        .query_row([token_hash], |row| {
            let request = RequestId(Uuid::from_bytes(row.get(0)?));
            let expires_at: i64 = row.get(2)?;
            Ok((request, StepId(row.get(1)?), expires_at, row.get(3)?))
        })
        .optional()
        .map_err(broken_by)?;
    Ok(match found {
        Some((request, step, expires_at, sealed)) if expires_at > now => {
            Opened::Once { request, step, sealed }
        }
        _ => Opened::Nothing,
    })
}

/// Deletes what is past its time; says how many rows. Deliveries and messages that
/// were said are past it when they are older than `kept_since`.
pub(super) fn sweep(tx: &Connection, now: i64, kept_since: i64) -> Result<u64, StoreError> {
    let by_now = [
        "DELETE FROM secret WHERE expires_at <= ?",
        "DELETE FROM secret_link WHERE expires_at <= ?",
        "DELETE FROM heard WHERE until <= ?",
        "DELETE FROM snapshot WHERE until <= ?",
    ];
    let by_age = [
        "DELETE FROM inbox WHERE at <= ?",
        "DELETE FROM outbox WHERE state <> 'waiting' AND at <= ?",
    ];
    let dated = by_now.map(|sql| (sql, now)).into_iter().chain(by_age.map(|sql| (sql, kept_since)));
    let mut rows = 0;
    for (sql, before) in dated {
        rows += tx.execute(sql, [before]).map_err(broken_by)? as u64;
    }
    Ok(rows)
}
