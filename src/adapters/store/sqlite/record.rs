//! The record's order and its signed heads.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::writer::broken_by;
use crate::ports::store::{Head, StoreError};

/// Numbers facts in the order in which they were written; says how many.
///
/// Positions count up with each insert and the writers of one file take turns, so
/// every fact beyond the last numbered position is new.
pub(super) fn number_facts(tx: &Connection, limit: u32) -> Result<u32, StoreError> {
    let last: Option<(i64, i64)> = tx
        .prepare_cached("SELECT seq, position FROM record ORDER BY seq DESC LIMIT 1")
        .and_then(|mut statement| {
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .map_err(broken_by)?;
    let (seq, position) = last.unwrap_or((-1, 0));
    let numbered = tx
        .prepare_cached(
            "INSERT INTO record (seq, position)
             SELECT ?1 + row_number() OVER (ORDER BY position), position
             FROM (SELECT position FROM fact WHERE position > ?2 ORDER BY position LIMIT ?3)",
        )
        .and_then(|mut statement| statement.execute((seq, position, limit)))
        .map_err(broken_by)?;
    Ok(u32::try_from(numbered).unwrap_or(u32::MAX))
}

/// Keeps a signed head, if it is larger than the newest.
pub(super) fn sign(tx: &Connection, head: &Head) -> Result<(), StoreError> {
    let kept = tx
        .prepare_cached(
            "INSERT INTO head (size, root, at, key_id, signature)
             SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?1 > coalesce((SELECT max(size) FROM head), -1)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                head.size,
                head.root,
                head.at.to_string(),
                head.key,
                head.signature
            ])
        })
        .map_err(broken_by)?;
    if kept == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
