//! Reading the record: headers always, payloads while their subject's key is kept.
//!
//! A subject is forgotten when its key's row is there without a key. Met again, it has a
//! new key: what is older than that key does not open and was forgotten. Every other
//! payload that is not there or does not open was destroyed.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    at::instant,
    read::Reader,
    subjects::{Whose, opened},
    writer::broken_by,
};
use crate::{
    adapters::store::sealing::SubjectKey,
    domain::{fact::Header, ids::TenantId},
    ports::store::{Head, Payload, Recorded, StoreError},
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
    key_made_at: Option<i64>,
    forgotten_at: Option<i64>,
}

impl Row {
    fn is_older_than_its_key(&self) -> bool {
        let header: Option<Header> = serde_json::from_slice(&self.header).ok();
        let made_at = self.key_made_at.map(instant);
        header.zip(made_at).is_some_and(|(header, made_at)| header.at < made_at)
    }
}

/// Keys that were opened, and those that do not open.
type Keys = BTreeMap<Whose, Option<SubjectKey>>;

impl Reader {
    pub(super) async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, header, payload_hash, fact.tenant_id, fact_payload.subject,
                 fact_payload.sealed AS payload, subject_key.sealed AS key,
                 subject_key.made_at AS key_made_at, subject_key.forgotten_at
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
        let mut keys = Keys::new();
        rows.into_iter().map(|row| self.recorded(row, &mut keys)).collect()
    }

    fn recorded(&self, row: Row, keys: &mut Keys) -> Result<Recorded, StoreError> {
        let payload_hash: [u8; 32] =
            row.payload_hash[..].try_into().map_err(|_| broken_by(anyhow::anyhow!("a hash")))?;
        let payload = self.payload(&row, &payload_hash, keys)?;
        if payload == Payload::Destroyed {
            tracing::warn!(seq = row.seq, "a payload of the record was destroyed");
        }
        Ok(Recorded { seq: row.seq.cast_unsigned(), header: row.header, payload_hash, payload })
    }

    fn payload(
        &self,
        row: &Row,
        payload_hash: &[u8; 32],
        keys: &mut Keys,
    ) -> Result<Payload, StoreError> {
        let (Some(subject), Some(sealed)) = (&row.subject, &row.payload) else {
            return Ok(Payload::Destroyed);
        };
        let Some(key) = &row.key else {
            return Ok(match row.forgotten_at {
                Some(_) => Payload::Forgotten { subject: subject.clone() },
                None => Payload::Destroyed,
            });
        };
        let tenant = Uuid::from_slice(&row.tenant_id).map_err(broken_by)?;
        let whose = (TenantId::from(tenant), subject.clone());
        if !keys.contains_key(&whose) {
            keys.insert(whose.clone(), opened(&whose, key, &self.sealing).ok());
        }
        let bound = format!("{subject}/{}", hex::encode(payload_hash));
        let salted = keys[&whose].as_ref().and_then(|key| key.open(&bound, sealed).ok());
        Ok(match salted {
            Some(salted) if salted.len() >= SALT_BYTES => {
                let (salt, text) = salted.split_at(SALT_BYTES);
                Payload::Kept { salt: salt.to_vec(), text: text.to_vec() }
            }
            // Only a key that opens shows that there is a newer one at all.
            _ if keys[&whose].is_some() && row.is_older_than_its_key() => {
                Payload::Forgotten { subject: subject.clone() }
            }
            _ => Payload::Destroyed,
        })
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
