//! Reading what somebody had, while the key of whom it is of is kept.

use uuid::Uuid;

use super::{
    at::instant,
    read::Reader,
    rows::RequestRow,
    subjects::{Whose, opened},
    turn::snapshot,
    writer::broken_by,
};
use crate::{
    domain::{
        ids::{RequestId, StepId, TenantId, UserId},
        request::Request,
        snapshot::Snapshot,
    },
    ports::store::StoreError,
};

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: Vec<u8>,
    subject: String,
    step_id: u16,
    part: String,
    taken_at: i64,
    until: i64,
    sealed: Vec<u8>,
    key: Option<Vec<u8>>,
}

impl Reader {
    pub(super) async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT snapshot.tenant_id, subject, step_id, part, taken_at, until,
                 snapshot.sealed, subject_key.sealed AS key
             FROM snapshot LEFT JOIN subject_key USING (subject, tenant_id)
             WHERE request_id = ? ORDER BY step_id, subject, part",
        )
        .bind(id.0.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        let parts: Result<Vec<_>, _> = rows.into_iter().map(|row| self.part(*id, row)).collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    /// `None`: whoever it was of was forgotten.
    fn part(&self, request: RequestId, row: Row) -> Result<Option<Snapshot>, StoreError> {
        let Some(key) = &row.key else { return Ok(None) };
        let tenant = Uuid::from_slice(&row.tenant_id).map_err(broken_by)?;
        let whose: Whose = (TenantId::from(tenant), row.subject);
        let key = opened(&whose, key, &self.sealing).map_err(broken_by)?;
        let bound = snapshot::row(&row.part, row.step_id, &request.to_string());
        // Met again after being forgotten, they have a new key, which opens nothing old.
        let Ok(value) = key.open(&bound, &row.sealed) else { return Ok(None) };
        Ok(Some(Snapshot {
            request,
            subject: whose.1.parse().map_err(|_| broken_by(anyhow::anyhow!("an object id")))?,
            step: Some(StepId(row.step_id)).filter(|step| step.0 > 0),
            part: row.part,
            value: serde_json::from_slice(&value).map_err(broken_by)?,
            taken_at: instant(row.taken_at),
            until: instant(row.until),
        }))
    }

    pub(super) async fn took_from(
        &self,
        user: &UserId,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let rows: Vec<RequestRow> = sqlx::query_as(
            "SELECT request_id, number, version, sealed FROM request
             WHERE request_id IN (SELECT request_id FROM request_subject
                     WHERE tenant_id = ?1 AND subject_id = ?2)
                 AND request_id IN (SELECT request_id FROM snapshot WHERE subject = ?3)
             ORDER BY number DESC LIMIT ?4",
        )
        .bind(user.tenant().guid().as_bytes().as_slice())
        .bind(user.guid().as_bytes().as_slice())
        .bind(user.to_string())
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        rows.into_iter().map(|row| row.open(&self.sealing)).collect()
    }
}
