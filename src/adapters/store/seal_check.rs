//! Does this key belong to this database? A new one is marked with the key; an old one has to
//! open with it.

use super::{
    database::{Database, Row, values},
    sealing::{NotOpened, Sealing},
};
use crate::ports::store::StoreError;

/// What a database of the right key says when its check value is opened.
const CHECK: &[u8] = b"countersign store 1";

/// Within a transaction: marks a new database, and opens the mark of an old one.
pub(super) async fn check(
    tx: &mut impl Database,
    keys: &Sealing,
) -> Result<Result<(), NotOpened>, StoreError> {
    let find = "SELECT sealed FROM seal_check";
    let mut found = tx.first(find, &[]).await?;
    if found.is_none() {
        let mark = "INSERT INTO seal_check (one, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING";
        let sealed = keys.seal("seal_check", "1", CHECK);
        tx.change(mark, &values![sealed]).await?;
        found = tx.first(find, &[]).await?;
    }
    let sealed: Vec<u8> = found.unwrap_or_else(|| Row::new(Vec::new())).take()?;
    Ok(keys.open("seal_check", "1", &sealed).map(drop))
}
