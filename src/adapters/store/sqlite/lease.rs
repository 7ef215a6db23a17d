//! Leases: who carries out a request, fenced by a token that counts up.

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::{rows::RequestRow, script::id, writer::broken_by};
use crate::{
    domain::ids::RequestId,
    ports::store::{Lease, StoreError},
};

/// Takes the lease of the request that has been due for the longest.
pub(super) fn claim(
    tx: &Connection,
    now: i64,
    until: i64,
    owner: &str,
) -> Result<Option<(RequestRow, Lease)>, StoreError> {
    let mut statement = tx
        .prepare_cached(
            "UPDATE request SET lease_token = lease_token + 1, lease_until = ?2, lease_owner = ?3
             WHERE request_id = (
                 SELECT request_id FROM request
                 WHERE due_at IS NOT NULL AND due_at <= ?1
                   AND state IN ('approved', 'scheduled', 'running')
                   AND (lease_until IS NULL OR lease_until <= ?1)
                 ORDER BY due_at LIMIT 1)
             RETURNING request_id, number, version, sealed, lease_token",
        )
        .map_err(broken_by)?;
    statement
        .query_row((now, until, owner), |row| {
            let request = RequestId(Uuid::from_bytes(row.get(0)?));
            let found = RequestRow {
                id: request,
                number: row.get(1)?,
                version: row.get(2)?,
                sealed: row.get(3)?,
            };
            let token: i64 = row.get(4)?;
            Ok((found, Lease { request, token: token.cast_unsigned() }))
        })
        .optional()
        .map_err(broken_by)
}

/// Keeps a lease for longer, if it was not lost.
pub(super) fn renew(tx: &Connection, lease: &Lease, until: i64) -> Result<(), StoreError> {
    let kept = tx
        .prepare_cached(
            "UPDATE request SET lease_until = ?3
             WHERE request_id = ?1 AND lease_token = ?2 AND lease_until IS NOT NULL",
        )
        .and_then(|mut s| s.execute((id(lease.request.0), lease.token.cast_signed(), until)))
        .map_err(broken_by)?;
    if kept == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
