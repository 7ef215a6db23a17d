//! Reading: on connections of their own that cannot write, without waiting for the writer.

use std::sync::Arc;

use sqlx::{SqlitePool, sqlite::SqliteRow};
use uuid::Uuid;

use super::{at::instant, rows::RequestRow, writer::broken_by};
use crate::{
    adapters::store::sealing::{NotOpened, Sealing},
    domain::{
        chat::Inbound,
        ids::{Number, RequestId, StepId, TenantId, UserId},
        request::Request,
        secret::Secret,
    },
    ports::store::{Conversation, HeardInThread, StoreError},
};

/// What is read, and the keys to open it.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) pool: SqlitePool,
    pub(super) sealing: Arc<Sealing>,
}

type Read<T> = Result<T, StoreError>;

impl sqlx::FromRow<'_, SqliteRow> for RequestRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        use sqlx::Row as _;
        let id: &[u8] = row.try_get("request_id")?;
        let id = Uuid::from_slice(id).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Self {
            id: RequestId(id),
            number: row.try_get("number")?,
            version: row.try_get("version")?,
            sealed: row.try_get("sealed")?,
        })
    }
}

fn guid(id: &Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}

impl Reader {
    fn open_all(&self, rows: Vec<RequestRow>) -> Read<Vec<Request>> {
        rows.into_iter().map(|row| row.open(&self.sealing)).collect()
    }

    pub(super) async fn unhandled(&self, limit: u32) -> Read<Vec<Inbound>> {
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "SELECT delivery_key, sealed_delivery FROM inbox WHERE sealed_answer IS NULL
             ORDER BY at, delivery_key LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        rows.iter()
            .map(|(key, sealed)| self.sealing.open_json("inbox", key, sealed).map_err(broken_by))
            .collect()
    }

    pub(super) async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Read<Option<Request>> {
        let row: Option<RequestRow> = sqlx::query_as(
            "SELECT request_id, number, version, sealed FROM request WHERE tenant_id = ? AND number = ?",
        )
        .bind(guid(&tenant.guid()))
        .bind(number.0.cast_signed())
        .fetch_optional(&self.pool)
        .await
        .map_err(broken_by)?;
        row.map(|row| row.open(&self.sealing)).transpose()
    }

    pub(super) async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Read<Vec<Request>> {
        let rows: Vec<RequestRow> = match about {
            Some(user) if user.tenant() != tenant => Vec::new(),
            Some(user) => sqlx::query_as(
                "SELECT request.request_id, number, version, sealed
                 FROM request_subject JOIN request USING (request_id, tenant_id)
                 WHERE tenant_id = ? AND subject_id = ? AND open = 1 ORDER BY number DESC LIMIT ?",
            )
            .bind(guid(&tenant.guid()))
            .bind(guid(&user.guid()))
            .bind(limit)
            .fetch_all(&self.pool)
            .await
            .map_err(broken_by)?,
            None => sqlx::query_as(
                "SELECT request_id, number, version, sealed FROM request
                 WHERE tenant_id = ? AND open = 1 ORDER BY number DESC LIMIT ?",
            )
            .bind(guid(&tenant.guid()))
            .bind(limit)
            .fetch_all(&self.pool)
            .await
            .map_err(broken_by)?,
        };
        self.open_all(rows)
    }

    pub(super) async fn made_in(&self, place: &str, limit: u32) -> Read<Vec<Request>> {
        let rows = sqlx::query_as(
            "SELECT request_id, number, version, sealed FROM request
             WHERE origin_place = ? ORDER BY rowid DESC LIMIT ?",
        )
        .bind(place)
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        self.open_all(rows)
    }

    pub(super) async fn overdue(&self, now: i64, limit: u32) -> Read<Vec<Request>> {
        let rows = sqlx::query_as(
            "SELECT request_id, number, version, sealed FROM request
             WHERE due_at IS NOT NULL AND due_at <= ? AND state IN ('clarifying', 'pending')
             ORDER BY due_at LIMIT ?",
        )
        .bind(now)
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        self.open_all(rows)
    }

    pub(super) async fn thread(&self, place: &str, limit: u32) -> Read<Vec<HeardInThread>> {
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as(
            "SELECT sealed FROM heard WHERE place_key = ? ORDER BY at DESC, heard_id DESC LIMIT ?",
        )
        .bind(place)
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        rows.iter()
            .rev()
            .map(|(sealed,)| self.sealing.open_json("heard", place, sealed).map_err(broken_by))
            .collect()
    }

    pub(super) async fn conversations(&self, user: &UserId) -> Read<Vec<Conversation>> {
        type Row = (String, bool, i64, Vec<u8>, Option<Vec<u8>>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT place_key, open, at, sealed, sealed_with FROM conversation
             WHERE user_tenant = ? AND user_id = ? ORDER BY at DESC, rowid DESC",
        )
        .bind(guid(&user.tenant().guid()))
        .bind(guid(&user.guid()))
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        rows.into_iter()
            .map(|(key, open, at, place, with)| {
                let with_row = format!("{key}/with");
                let with = with.map(|w| self.sealing.open_json("conversation", &with_row, &w));
                Ok(Conversation {
                    place: self.sealing.open_json("conversation", &key, &place)?,
                    with: with.transpose()?,
                    user: Some(user.clone()),
                    open,
                    at: instant(at),
                })
            })
            .collect::<Result<_, NotOpened>>()
            .map_err(broken_by)
    }

    pub(super) async fn secret(&self, id: &RequestId, step: StepId) -> Read<Option<Secret>> {
        let sealed: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT sealed FROM secret WHERE request_id = ? AND step_id = ?")
                .bind(guid(&id.0))
                .bind(step.0)
                .fetch_optional(&self.pool)
                .await
                .map_err(broken_by)?;
        let Some((sealed,)) = sealed else { return Ok(None) };
        let row = format!("{id}/{step}");
        let value = self.sealing.open("secret", &row, &sealed).map_err(broken_by)?;
        let value = std::str::from_utf8(&value).map_err(broken_by)?;
        Ok(Some(Secret::new(value)))
    }
}
