//! The partner's refresh token: one row, sealed.

use super::{
    at::instant,
    broken_by,
    database::{Database, values},
    sealing::Sealing,
};
use crate::{
    domain::secret::Secret,
    ports::{partner::PartnerToken, store::StoreError},
};

const TABLE: &str = "partner_token";
const ROW: &str = "1";

/// The newest one.
pub(super) async fn token(
    db: &mut impl Database,
    sealing: &Sealing,
) -> Result<Option<PartnerToken>, StoreError> {
    let Some(mut row) = db.first("SELECT at, sealed FROM partner_token", &[]).await? else {
        return Ok(None);
    };
    let (at, sealed): (i64, Vec<u8>) = (row.take()?, row.take()?);
    let value = sealing.open(TABLE, ROW, &sealed).map_err(broken_by)?;
    let value = std::str::from_utf8(&value).map_err(broken_by)?;
    Ok(Some(PartnerToken { value: Secret::new(value), at: instant(at) }))
}

/// As it is kept.
pub(super) fn sealed(sealing: &Sealing, value: &Secret) -> Vec<u8> {
    sealing.seal(TABLE, ROW, value.reveal().as_bytes())
}

/// Keeps one in the place of the one before.
pub(super) async fn keep(
    tx: &mut impl Database,
    at: i64,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO partner_token (one, at, sealed) VALUES (1, ?, ?)
        ON CONFLICT (one) DO UPDATE SET at = excluded.at, sealed = excluded.sealed";
    tx.change(sql, &values![at, sealed]).await.map(drop)
}
