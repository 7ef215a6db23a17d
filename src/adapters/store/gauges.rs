//! How full the house is: for `/metrics` and `/readyz`.

use jiff::{SignedDuration, Timestamp};

use super::{
    broken_by,
    database::{Database, Row, Sql},
    read_record, tidy,
};
use crate::{domain::fact::Header, ports::store::StoreError};

/// One look at what is stored and waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Requests that are not final, by state.
    pub requests: Vec<(String, u64)>,
    /// Writes that wait for the writer.
    pub writes: u64,
    /// Deliveries that were acknowledged and not handled.
    pub deliveries: u64,
    /// Messages to say; not those that only change an older one, which wait for its time.
    pub messages: u64,
    /// Cards that show less than their request.
    pub cards: u64,
    /// Facts written, numbered or not.
    pub facts: u64,
    /// When the newest head was signed.
    pub head_at: Option<Timestamp>,
    /// When the oldest fact was written that no head covers.
    pub uncovered_since: Option<Timestamp>,
    /// Everything is paused.
    pub paused: bool,
}

impl Gauges {
    /// How far the record is behind what happened.
    pub fn behind(&self, now: Timestamp) -> SignedDuration {
        self.uncovered_since.map_or(SignedDuration::ZERO, |since| {
            now.duration_since(since).max(SignedDuration::ZERO)
        })
    }
}

/// Requests that are not final, by state: found by the index of those that are open.
pub(super) const OPEN: &str = "SELECT state, count(*) FROM request
     WHERE open = 1 AND state IN ('clarifying', 'pending', 'approved', 'scheduled', 'running')
     GROUP BY state ORDER BY state";

/// How full the house is, without what waits in this process.
pub(super) async fn gauges(db: &mut impl Database) -> Result<Gauges, StoreError> {
    let open = db.rows(OPEN, &[]).await?;
    let requests = open.into_iter().map(|mut row| Ok((row.take()?, count(&mut row)?)));
    let requests = requests.collect::<Result<_, StoreError>>()?;
    // Facts are never deleted, so in `SQLite` their positions count them.
    let waiting = Sql::Each {
        sqlite: "SELECT (SELECT count(*) FROM inbox WHERE sealed_answer IS NULL),
             (SELECT count(*) FROM outbox WHERE state = 'waiting' AND instead_of IS NULL),
             (SELECT count(*) FROM card_copy WHERE drawn < wanted AND given_up = 0),
             (SELECT coalesce(max(position), 0) FROM fact)",
        postgres: "SELECT (SELECT count(*) FROM inbox WHERE sealed_answer IS NULL),
             (SELECT count(*) FROM outbox WHERE state = 'waiting' AND instead_of IS NULL),
             (SELECT count(*) FROM card_copy WHERE drawn < wanted AND given_up = 0),
             (SELECT coalesce(max(seq) + 1, 0) FROM record) + (SELECT count(*) FROM fact_waiting)",
    };
    let mut waiting = db.first(waiting, &[]).await?.unwrap_or_else(|| Row::new(Vec::new()));
    let uncovered = Sql::Each {
        sqlite: "SELECT header FROM fact WHERE position > coalesce(
                 (SELECT position FROM record WHERE seq = (SELECT max(size) - 1 FROM head)), 0)
             ORDER BY position LIMIT 1",
        postgres: "SELECT header FROM fact WHERE position = coalesce(
                 (SELECT position FROM record WHERE seq = coalesce((SELECT max(size) FROM head), 0)),
                 (SELECT min(position) FROM fact_waiting))",
    };
    let uncovered_since = match db.first(uncovered, &[]).await? {
        Some(mut row) => {
            let header: Vec<u8> = row.take()?;
            Some(serde_json::from_slice::<Header>(&header).map_err(broken_by)?.at)
        }
        None => None,
    };
    Ok(Gauges {
        requests,
        writes: 0,
        deliveries: count(&mut waiting)?,
        messages: count(&mut waiting)?,
        cards: count(&mut waiting)?,
        facts: count(&mut waiting)?,
        head_at: read_record::head(db).await?.map(|head| head.at),
        uncovered_since,
        paused: tidy::paused(db).await?,
    })
}

fn count(row: &mut Row) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.take::<i64>()?).unwrap_or(0))
}
