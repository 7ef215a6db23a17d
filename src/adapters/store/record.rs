//! The record's order and its signed heads.

use super::database::{Database, Sql, values};
use crate::ports::store::{Head, StoreError};

/// Numbers facts in the order in which they were written; says how many.
///
/// In `SQLite`, positions count up with each insert and the writers of one file take turns,
/// so every fact beyond the last numbered position is new. In PostgreSQL turns commit in any
/// order, so what has no number yet waits in a table of its own.
pub(super) async fn number_facts(tx: &mut impl Database, limit: u32) -> Result<u32, StoreError> {
    tx.alone_with_the_record().await?;
    let last = tx.first("SELECT seq, position FROM record ORDER BY seq DESC LIMIT 1", &[]).await?;
    let (seq, position): (i64, i64) = match last {
        Some(mut row) => (row.take()?, row.take()?),
        None => (-1, 0),
    };
    let sql = Sql::Each {
        sqlite: "INSERT INTO record (seq, position)
             SELECT ?1 + row_number() OVER (ORDER BY position), position
             FROM (SELECT position FROM fact WHERE position > ?2 ORDER BY position LIMIT ?3)",
        postgres: "WITH next AS MATERIALIZED (
                 SELECT position FROM fact_waiting ORDER BY position LIMIT ?3),
             numbered AS (DELETE FROM fact_waiting WHERE position IN (SELECT position FROM next))
             INSERT INTO record (seq, position)
             SELECT ?1 + row_number() OVER (ORDER BY position), position FROM next",
    };
    let numbered = tx.change(sql, &values![seq, position, limit]).await?;
    Ok(u32::try_from(numbered).unwrap_or(u32::MAX))
}

/// Keeps a signed head, if it is larger than the newest, with the peaks of its tree.
pub(super) async fn sign(
    tx: &mut impl Database,
    head: &Head,
    peaks: &[u8],
) -> Result<(), StoreError> {
    tx.alone_with_the_record().await?;
    let kept = tx
        .change(
            "INSERT INTO head (size, root, at, key_id, signature, peaks)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?1 > coalesce((SELECT max(size) FROM head), -1)",
            &values![
                head.size.cast_signed(),
                head.root.to_vec(),
                head.at.to_string(),
                head.key.as_str(),
                head.signature.clone(),
                peaks.to_vec(),
            ],
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
