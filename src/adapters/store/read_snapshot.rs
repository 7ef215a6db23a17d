//! Reading what somebody had, while the key of whom it is of is kept.

use uuid::Uuid;

use super::{
    at::instant,
    broken_by,
    database::{Database, Row, values},
    rows::requests,
    sealing::Sealing,
    subjects::{Whose, opened},
    turn::snapshot,
};
use crate::{
    domain::{
        ids::{RequestId, StepId, TenantId, UserId},
        request::Request,
        snapshot::Snapshot,
    },
    ports::store::StoreError,
};

/// What a request kept of those it takes something from.
pub(super) async fn snapshots(
    db: &mut impl Database,
    sealing: &Sealing,
    id: &RequestId,
) -> Result<Vec<Snapshot>, StoreError> {
    let sql = "SELECT snapshot.tenant_id, snapshot.subject, step_id, part, taken_at, until,
             snapshot.sealed, subject_key.sealed
         FROM snapshot LEFT JOIN subject_key ON subject_key.subject = snapshot.subject
             AND subject_key.tenant_id = snapshot.tenant_id
         WHERE request_id = ? ORDER BY step_id, snapshot.subject, part";
    let rows = db.rows(sql, &values![id.0]).await?;
    let parts: Result<Vec<_>, _> = rows.into_iter().map(|row| part(*id, row, sealing)).collect();
    Ok(parts?.into_iter().flatten().collect())
}

/// `None`: whoever it was of was forgotten.
fn part(
    request: RequestId,
    mut row: Row,
    sealing: &Sealing,
) -> Result<Option<Snapshot>, StoreError> {
    let (tenant, subject): (Uuid, String) = (row.take()?, row.take()?);
    let (step, part): (u16, String) = (row.take()?, row.take()?);
    let (taken_at, until): (i64, i64) = (row.take()?, row.take()?);
    let sealed: Vec<u8> = row.take()?;
    let Some(key) = row.take::<Option<Vec<u8>>>()? else { return Ok(None) };
    let whose: Whose = (TenantId::from(tenant), subject);
    let key = opened(&whose, &key, sealing).map_err(broken_by)?;
    let bound = snapshot::row(&part, step, &request.to_string());
    // Met again after being forgotten, they have a new key, which opens nothing old.
    let Ok(value) = key.open(&bound, &sealed) else { return Ok(None) };
    Ok(Some(Snapshot {
        request,
        subject: whose.1.parse().map_err(|_| broken_by(anyhow::anyhow!("an object id")))?,
        step: Some(StepId(step)).filter(|step| step.0 > 0),
        part,
        value: serde_json::from_slice(&value).map_err(broken_by)?,
        taken_at: instant(taken_at),
        until: instant(until),
    }))
}

/// Requests that took something from somebody, newest first.
pub(super) async fn took_from(
    db: &mut impl Database,
    sealing: &Sealing,
    user: &UserId,
    limit: u32,
) -> Result<Vec<Request>, StoreError> {
    let sql = "SELECT request_id, number, version, sealed FROM request
         WHERE request_id IN (SELECT request_id FROM request_subject
                 WHERE tenant_id = ? AND subject_id = ?)
             AND request_id IN (SELECT request_id FROM snapshot WHERE subject = ?)
         ORDER BY number DESC LIMIT ?";
    let bound = values![user.tenant().guid(), user.guid(), user.to_string(), limit];
    requests(db.rows(sql, &bound).await?, sealing)
}
