//! Reading the rows of a batch: the requests that it is the parent of.

use super::{
    at::instant,
    database::{Database, values},
    rows::requests,
    sealing::Sealing,
};
use crate::{
    domain::{
        ids::{Number, RequestId},
        request::Request,
    },
    ports::store::{RowStates, StoreError},
};

/// Rows after a number, in their order; in one state only, unless that is empty.
pub(super) async fn rows(
    db: &mut impl Database,
    sealing: &Sealing,
    batch: &RequestId,
    (state, after): (&str, Number),
    limit: u32,
) -> Result<Vec<Request>, StoreError> {
    let sql = "SELECT request_id, number, version, sealed FROM request
         WHERE parent_id = ?1 AND relation = 'item' AND number > ?2 AND (?3 = '' OR state = ?3)
         ORDER BY number LIMIT ?4";
    let after = after.0.cast_signed();
    requests(db.rows(sql, &values![batch.0, after, state, limit]).await?, sealing)
}

/// How many rows stand in each state, and when the next of them is due.
pub(super) async fn row_states(
    db: &mut impl Database,
    batch: &RequestId,
) -> Result<RowStates, StoreError> {
    let sql = "SELECT state, count(*), min(due_at) FROM request
         WHERE parent_id = ? AND relation = 'item' GROUP BY state";
    let mut all = RowStates::default();
    for mut row in db.rows(sql, &values![batch.0]).await? {
        let (state, count): (String, u32) = (row.take()?, row.take()?);
        let due = row.take::<Option<i64>>()?.map(instant);
        all.due = [all.due, due].into_iter().flatten().min();
        all.states.insert(state, count);
    }
    Ok(all)
}
