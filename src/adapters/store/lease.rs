//! Leases: who carries out a request, fenced by a token that counts up.

use super::{
    database::{Database, Sql, values},
    due::{new_rows, plain, rows_again},
    rows::RequestRow,
};
use crate::ports::store::{Lease, StoreError};

/// Due, signed, and not carried out by anybody just now. A row's first turn ends access, so
/// nobody's second begins while another row of the same batch is in its first.
macro_rules! free {
    (rows_again) => {
        concat!(
            free!(@ rows_again),
            " AND parent_id NOT IN (SELECT parent_id FROM request
                 WHERE lease_until IS NOT NULL AND due_at IS NOT NULL AND lease_until > ?1
                   AND relation = 'item' AND lease_token = 1)"
        )
    };
    ($range:ident) => {
        free!(@ $range)
    };
    (@ $range:ident) => {
        concat!(
            $range!(),
            " AND due_at <= ?1 AND state IN ('approved', 'scheduled', 'running')
                 AND (lease_until IS NULL OR lease_until <= ?1)"
        )
    };
}

macro_rules! look {
    ($range:ident) => {
        concat!("EXISTS (SELECT 1 FROM request WHERE ", free!($range), ")")
    };
}

macro_rules! take {
    ($range:ident) => {
        Sql::Each {
            sqlite: concat!(
                "UPDATE request SET lease_token = lease_token + 1, lease_until = ?2, lease_owner = ?3
                 WHERE request_id = (SELECT request_id FROM request WHERE ",
                free!($range),
                " ORDER BY due_at LIMIT 1)
                 RETURNING request_id, number, version, sealed, lease_token"
            ),
            postgres: concat!(
                "WITH next AS MATERIALIZED (SELECT request_id, tenant_id FROM request WHERE ",
                free!($range),
                " ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                 UPDATE request SET lease_token = lease_token + 1, lease_until = ?2, lease_owner = ?3
                 FROM next
                 WHERE request.request_id = next.request_id AND request.tenant_id = next.tenant_id
                 RETURNING request.request_id, number, version, sealed, lease_token"
            ),
        }
    };
}

pub(super) const MAY: &str =
    concat!("SELECT 1 WHERE ", look!(plain), " OR ", look!(new_rows), " OR ", look!(rows_again));

/// In the order in which they are tried.
pub(super) const TAKES: [Sql; 3] = [take!(plain), take!(new_rows), take!(rows_again)];

/// Whether a claim may find a request: workers ask after every commit, and mostly there is
/// nothing, which need not trouble a writer.
pub(super) async fn may_claim(db: &mut impl Database, now: i64) -> Result<bool, StoreError> {
    Ok(db.first(MAY, &values![now]).await?.is_some())
}

/// Takes the lease of the request that has been due for the longest; rows of batches come last,
/// those that were never taken up before those that were. Of several replicas that ask at once,
/// each passes over what another one is just taking.
pub(super) async fn claim(
    tx: &mut impl Database,
    now: i64,
    until: i64,
    owner: &str,
) -> Result<Option<(RequestRow, Lease)>, StoreError> {
    for take in TAKES {
        if let Some(mut row) = tx.first(take, &values![now, until, owner]).await? {
            let found = RequestRow::of(&mut row)?;
            let lease = Lease { request: found.id, token: row.take::<i64>()?.cast_unsigned() };
            return Ok(Some((found, lease)));
        }
    }
    Ok(None)
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
