//! Reading standing approvals, and how much of a day is used.

use jiff::Timestamp;

use super::{
    at::at,
    database::{Database, values},
    rows::requests,
    sealing::Sealing,
};
use crate::{
    domain::{
        ids::{RequestId, TenantId},
        request::Request,
    },
    ports::store::StoreError,
};

/// What the uses of a standing approval are counted under.
pub(super) fn name(of: &RequestId) -> String {
    format!("standing/{of}")
}

/// Those that were signed and end after an instant, newest first.
pub(super) async fn standing(
    db: &mut impl Database,
    sealing: &Sealing,
    tenant: &TenantId,
    after: Timestamp,
    limit: u32,
) -> Result<Vec<Request>, StoreError> {
    let sql = "SELECT request_id, number, version, sealed FROM request
         WHERE request_id IN (SELECT request_id FROM standing WHERE tenant_id = ? AND until > ?)
         ORDER BY number DESC LIMIT ?";
    requests(db.rows(sql, &values![tenant.guid(), at(after), limit]).await?, sealing)
}

/// How much of a day is used.
pub(super) async fn used(
    db: &mut impl Database,
    of: &RequestId,
    day: Timestamp,
) -> Result<u32, StoreError> {
    let sql = "SELECT used FROM quota WHERE name = ? AND window_at = ?";
    let row = db.first(sql, &values![name(of), at(day)]).await?;
    row.map_or(Ok(0), |mut row| row.take())
}
