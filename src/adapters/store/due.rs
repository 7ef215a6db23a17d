//! The one timer: what is due, and when something is next.
//!
//! Rows of batches are carried out after everything else, so what is due comes in three ranges,
//! and each has an index of its own in the order in which it is due. A batch of thousands costs
//! the timer, the sweeper and a claim (see [`super::lease`]) no more than one request.

use super::{
    at::instant,
    database::{Database, Sql, values},
    rows,
    sealing::Sealing,
};
use crate::{domain::request::Request, ports::store::StoreError};

/// Everything but rows of batches.
macro_rules! plain {
    () => {
        "due_at IS NOT NULL AND relation IS DISTINCT FROM 'item'"
    };
}
pub(super) use plain;

/// Rows of batches that were never taken up.
macro_rules! new_rows {
    () => {
        "due_at IS NOT NULL AND relation = 'item' AND lease_token = 0"
    };
}
pub(super) use new_rows;

/// Rows of batches that were.
macro_rules! rows_again {
    () => {
        "due_at IS NOT NULL AND relation = 'item' AND lease_token > 0"
    };
}
pub(super) use rows_again;

macro_rules! first {
    ($range:ident) => {
        concat!(
            "SELECT (SELECT due_at FROM request WHERE ",
            $range!(),
            " AND lease_until IS NULL ORDER BY due_at LIMIT 1) AS due"
        )
    };
}

/// `$later` is the function that gives the greater of two.
macro_rules! next {
    ($later:literal) => {
        concat!(
            "SELECT min(due) FROM (",
            first!(plain),
            " UNION ALL ",
            first!(new_rows),
            " UNION ALL ",
            first!(rows_again),
            " UNION ALL SELECT min(",
            $later,
            "(due_at, lease_until)) FROM request
                 WHERE lease_until IS NOT NULL AND due_at IS NOT NULL
             UNION ALL SELECT min(",
            $later,
            "(next_at, claimed_until)) FROM outbox WHERE state = 'waiting'
             UNION ALL SELECT min(",
            $later,
            "(next_at, claimed_until)) FROM card_copy WHERE drawn < wanted AND given_up = 0) AS dues"
        )
    };
}

pub(super) const NEXT: Sql = Sql::Each { sqlite: next!("max"), postgres: next!("greatest") };

/// Requests past their time that nobody carries out. It is its batch that expires, never a row.
pub(super) const OVERDUE: &str = concat!(
    "SELECT request_id, number, version, sealed FROM request WHERE ",
    plain!(),
    " AND due_at <= ? AND state IN ('clarifying', 'pending') ORDER BY due_at LIMIT ?"
);

/// Requests past their time that nobody carries out.
pub(super) async fn overdue(
    db: &mut impl Database,
    sealing: &Sealing,
    now: i64,
    limit: u32,
) -> Result<Vec<Request>, StoreError> {
    rows::requests(db.rows(OVERDUE, &values![now, limit]).await?, sealing)
}

/// The next instant at which something is due.
pub(super) async fn next_due(
    db: &mut impl Database,
) -> Result<Option<jiff::Timestamp>, StoreError> {
    let row = db.first(NEXT, &[]).await?;
    let next = row.map(|mut row| row.take::<Option<i64>>()).transpose()?;
    Ok(next.flatten().map(instant))
}
