//! Leases: who carries out a request, fenced by a token that counts up.

use super::{
    database::{Database, Sql, values},
    rows::RequestRow,
};
use crate::ports::store::{Lease, StoreError};

/// Whether a claim may find a request: workers ask after every commit, and mostly there is
/// nothing, which need not trouble a writer.
pub(super) async fn may_claim(db: &mut impl Database, now: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM request
         WHERE due_at IS NOT NULL AND due_at <= ?1
           AND state IN ('approved', 'scheduled', 'running')
           AND (lease_until IS NULL OR lease_until <= ?1) LIMIT 1";
    Ok(db.first(sql, &values![now]).await?.is_some())
}

/// Takes the lease of the request that has been due for the longest; rows of batches come last,
/// those that were never taken up before those that were. A row's first turn ends access, so
/// nobody's second begins while another row of the same batch is in its first. Of several replicas that ask at once,
/// each passes over what another one is just taking.
pub(super) async fn claim(
    tx: &mut impl Database,
    now: i64,
    until: i64,
    owner: &str,
) -> Result<Option<(RequestRow, Lease)>, StoreError> {
    let sql = Sql::Each {
        sqlite:
            "UPDATE request SET lease_token = lease_token + 1, lease_until = ?2, lease_owner = ?3
             WHERE request_id = (
                 SELECT request_id FROM request
                 WHERE due_at IS NOT NULL AND due_at <= ?1
                   AND state IN ('approved', 'scheduled', 'running')
                   AND (lease_until IS NULL OR lease_until <= ?1)
                   AND (relation IS NULL OR relation <> 'item' OR lease_token = 0
                     OR parent_id NOT IN (SELECT parent_id FROM request
                       WHERE due_at IS NOT NULL AND lease_until > ?1
                         AND relation = 'item' AND lease_token = 1))
                 ORDER BY CASE WHEN relation = 'item' THEN CASE WHEN lease_token > 0 THEN 2 ELSE 1 END
                     ELSE 0 END, due_at LIMIT 1)
             RETURNING request_id, number, version, sealed, lease_token",
        postgres: "WITH next AS MATERIALIZED (
                 SELECT request_id, tenant_id FROM request
                 WHERE due_at IS NOT NULL AND due_at <= ?1
                   AND state IN ('approved', 'scheduled', 'running')
                   AND (lease_until IS NULL OR lease_until <= ?1)
                   AND (relation IS NULL OR relation <> 'item' OR lease_token = 0
                     OR parent_id NOT IN (SELECT parent_id FROM request
                       WHERE due_at IS NOT NULL AND lease_until > ?1
                         AND relation = 'item' AND lease_token = 1))
                 ORDER BY CASE WHEN relation = 'item' THEN CASE WHEN lease_token > 0 THEN 2 ELSE 1 END
                     ELSE 0 END, due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
             UPDATE request SET lease_token = lease_token + 1, lease_until = ?2, lease_owner = ?3
             FROM next
             WHERE request.request_id = next.request_id AND request.tenant_id = next.tenant_id
             RETURNING request.request_id, number, version, sealed, lease_token",
    };
    let Some(mut row) = tx.first(sql, &values![now, until, owner]).await? else {
        return Ok(None);
    };
    let found = RequestRow::of(&mut row)?;
    let lease = Lease { request: found.id, token: row.take::<i64>()?.cast_unsigned() };
    Ok(Some((found, lease)))
}

/// Keeps a lease for longer, if it was not lost.
pub(super) async fn renew(
    tx: &mut impl Database,
    lease: &Lease,
    until: i64,
) -> Result<(), StoreError> {
    let kept = tx
        .change(
            "UPDATE request SET lease_until = ?3
             WHERE request_id = ?1 AND lease_token = ?2 AND lease_until IS NOT NULL",
            &values![lease.request.0, lease.token.cast_signed(), until],
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
