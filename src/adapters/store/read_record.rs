//! Reading the record: headers always, payloads while their subject's key is kept.
//!
//! A subject is forgotten when its key's row is there without a key. Met again, it has a
//! new key: what is older than that key does not open and was forgotten. Every other
//! payload that is not there or does not open was destroyed.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    at::instant,
    broken_by,
    database::{self, Database, values},
    subjects::{Whose, opened},
};
use crate::{
    adapters::store::sealing::{Sealing, SubjectKey},
    domain::{fact::Header, ids::TenantId},
    ports::store::{Head, Payload, Recorded, StoreError},
};

const SALT_BYTES: usize = 16;

struct Row {
    seq: i64,
    header: Vec<u8>,
    payload_hash: Vec<u8>,
    tenant_id: Uuid,
    subject: Option<String>,
    payload: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
    key_made_at: Option<i64>,
    forgotten_at: Option<i64>,
}

impl Row {
    fn of(mut row: database::Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.take()?,
            header: row.take()?,
            payload_hash: row.take()?,
            tenant_id: row.take()?,
            subject: row.take()?,
            payload: row.take()?,
            key: row.take()?,
            key_made_at: row.take()?,
            forgotten_at: row.take()?,
        })
    }

    fn is_older_than_its_key(&self) -> bool {
        let header: Option<Header> = serde_json::from_slice(&self.header).ok();
        let made_at = self.key_made_at.map(instant);
        header.zip(made_at).is_some_and(|(header, made_at)| header.at < made_at)
    }
}

/// Keys that were opened, and those that do not open.
type Keys = BTreeMap<Whose, Option<SubjectKey>>;

/// The record from `seq` on.
pub(super) async fn record(
    db: &mut impl Database,
    sealing: &Sealing,
    seq: u64,
    limit: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let sql = "SELECT seq, header, payload_hash, fact.tenant_id, fact_payload.subject,
             fact_payload.sealed AS payload, subject_key.sealed AS key,
             subject_key.made_at AS key_made_at, subject_key.forgotten_at
         FROM record JOIN fact USING (position) LEFT JOIN fact_payload USING (position)
         LEFT JOIN subject_key ON subject_key.subject = fact_payload.subject
             AND subject_key.tenant_id = fact_payload.tenant_id
         WHERE seq >= ? ORDER BY seq LIMIT ?";
    let rows = db.rows(sql, &values![seq.cast_signed(), limit]).await?;
    let mut opening = Opening { sealing, keys: Keys::new() };
    rows.into_iter().map(|row| opening.recorded(Row::of(row)?)).collect()
}

/// The newest signed head.
pub(super) async fn head(db: &mut impl Database) -> Result<Option<Head>, StoreError> {
    let sql = "SELECT size, root, at, key_id, signature FROM head ORDER BY size DESC LIMIT 1";
    let Some(mut row) = db.first(sql, &[]).await? else { return Ok(None) };
    let (size, root, at): (i64, Vec<u8>, String) = (row.take()?, row.take()?, row.take()?);
    Ok(Some(Head {
        size: size.cast_unsigned(),
        root: root[..].try_into().map_err(broken_by)?,
        at: at.parse().map_err(broken_by)?,
        key: row.take()?,
        signature: row.take()?,
    }))
}

/// The peaks that were kept with a head, one after the other.
pub(super) async fn peaks(
    db: &mut impl Database,
    size: u64,
) -> Result<Option<Vec<[u8; 32]>>, StoreError> {
    let sql = "SELECT peaks FROM head WHERE size = ?";
    let row = db.first(sql, &values![size.cast_signed()]).await?;
    let kept = row.map(|mut row| row.take::<Option<Vec<u8>>>()).transpose()?.flatten();
    let Some(kept) = kept else { return Ok(None) };
    let (peaks, rest) = kept.as_chunks();
    Ok(rest.is_empty().then(|| peaks.to_vec()))
}

struct Opening<'a> {
    sealing: &'a Sealing,
    keys: Keys,
}

impl Opening<'_> {
    fn recorded(&mut self, row: Row) -> Result<Recorded, StoreError> {
        let payload_hash: [u8; 32] =
            row.payload_hash[..].try_into().map_err(|_| broken_by(anyhow::anyhow!("a hash")))?;
        let payload = self.payload(&row, &payload_hash);
        if payload == Payload::Destroyed {
            tracing::warn!(seq = row.seq, "a payload of the record was destroyed");
        }
        Ok(Recorded { seq: row.seq.cast_unsigned(), header: row.header, payload_hash, payload })
    }

    fn payload(&mut self, row: &Row, payload_hash: &[u8; 32]) -> Payload {
        let (Some(subject), Some(sealed)) = (&row.subject, &row.payload) else {
            return Payload::Destroyed;
        };
        let Some(key) = &row.key else {
            return match row.forgotten_at {
                Some(_) => Payload::Forgotten { subject: subject.clone() },
                None => Payload::Destroyed,
            };
        };
        let whose = (TenantId::from(row.tenant_id), subject.clone());
        if !self.keys.contains_key(&whose) {
            self.keys.insert(whose.clone(), opened(&whose, key, self.sealing).ok());
        }
        let key = self.keys[&whose].as_ref();
        let bound = format!("{subject}/{}", hex::encode(payload_hash));
        let salted = key.and_then(|key| key.open(&bound, sealed).ok());
        match salted {
            Some(salted) if salted.len() >= SALT_BYTES => {
                let (salt, text) = salted.split_at(SALT_BYTES);
                Payload::Kept { salt: salt.to_vec(), text: text.to_vec() }
            }
            // Only a key that opens shows that there is a newer one at all.
            _ if key.is_some() && row.is_older_than_its_key() => {
                Payload::Forgotten { subject: subject.clone() }
            }
            _ => Payload::Destroyed,
        }
    }
}
