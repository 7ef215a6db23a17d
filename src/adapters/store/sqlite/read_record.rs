//! Reading the record: headers always, payloads while their subject's key is kept.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    read::Reader,
    subjects::{Whose, opened},
    writer::broken_by,
};
use crate::{
    adapters::store::sealing::SubjectKey,
    domain::ids::TenantId,
    ports::store::{Head, Recorded, StoreError},
};

const SALT_BYTES: usize = 16;

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    header: Vec<u8>,
    payload_hash: Vec<u8>,
    tenant_id: Vec<u8>,
    subject: Option<String>,
    payload: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
}

impl Reader {
    pub(super) async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, header, payload_hash, fact.tenant_id, fact_payload.subject,
                 fact_payload.sealed AS payload, subject_key.sealed AS key
             FROM record JOIN fact USING (position) LEFT JOIN fact_payload USING (position)
             LEFT JOIN subject_key ON subject_key.subject = fact_payload.subject
                 AND subject_key.tenant_id = fact_payload.tenant_id
             WHERE seq >= ? ORDER BY seq LIMIT ?",
        )
        .bind(seq.cast_signed())
        .bind(limit)
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        let mut keys = BTreeMap::new();
        rows.into_iter().map(|row| self.recorded(row, &mut keys)).collect()
    }

    fn recorded(
        &self,
        row: Row,
        keys: &mut BTreeMap<Whose, SubjectKey>,
    ) -> Result<Recorded, StoreError> {
        let payload_hash: [u8; 32] =
            row.payload_hash[..].try_into().map_err(|_| broken_by(anyhow::anyhow!("a hash")))?;
        let mut payload = None;
        if let (Some(subject), Some(sealed), Some(key)) = (row.subject, row.payload, row.key) {
            let tenant = Uuid::from_slice(&row.tenant_id).map_err(broken_by)?;
            let bound = format!("{subject}/{}", hex::encode(payload_hash));
            let whose = (TenantId::from(tenant), subject);
            if !keys.contains_key(&whose) {
                let key = opened(&whose, &key, &self.sealing).map_err(broken_by)?;
                keys.insert(whose.clone(), key);
            }
            payload = match keys[&whose].open(&bound, &sealed) {
                Ok(salted) if salted.len() >= SALT_BYTES => {
                    let (salt, text) = salted.split_at(SALT_BYTES);
                    Some((salt.to_vec(), text.to_vec()))
                }
                // Altered, or from before its subject was forgotten: the leaf still stands.
                _ => {
                    tracing::warn!(seq = row.seq, "a payload of the record does not open");
                    None
                }
            };
        }
        Ok(Recorded { seq: row.seq.cast_unsigned(), header: row.header, payload_hash, payload })
    }

    pub(super) async fn head(&self) -> Result<Option<Head>, StoreError> {
        type Row = (i64, Vec<u8>, String, String, Vec<u8>);
        let row: Option<Row> = sqlx::query_as(
            "SELECT size, root, at, key_id, signature FROM head ORDER BY size DESC LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(broken_by)?;
        row.map(|(size, root, at, key, signature)| {
            Ok(Head {
                size: size.cast_unsigned(),
                root: root[..].try_into().map_err(broken_by)?,
                at: at.parse().map_err(broken_by)?,
                key,
                signature,
            })
        })
        .transpose()
    }
}
