//! How full the house is: for `/metrics` and `/readyz`.

use jiff::{SignedDuration, Timestamp};

use super::{SqliteStore, read::Reader, writer::broken_by};
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

impl SqliteStore {
    /// How full the house is.
    pub async fn gauges(&self) -> Result<Gauges, StoreError> {
        let mut gauges = self.reader.gauges().await?;
        gauges.paused = self.near.paused()?;
        gauges.writes = self.writer.waiting();
        gauges.paused = self.near.paused()?;
        Ok(gauges)
    }
}

impl Reader {
    async fn gauges(&self) -> Result<Gauges, StoreError> {
        let open: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, count(*) FROM request
             WHERE state IN ('clarifying', 'pending', 'approved', 'scheduled', 'running')
             GROUP BY state ORDER BY state",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(broken_by)?;
        // Facts are never deleted, so their positions count them.
        let (deliveries, messages, cards, facts): (i64, i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM inbox WHERE sealed_answer IS NULL),
                 (SELECT count(*) FROM outbox WHERE state = 'waiting' AND instead_of IS NULL),
                 (SELECT count(*) FROM card_copy WHERE drawn < wanted AND given_up = 0),
                 (SELECT coalesce(max(position), 0) FROM fact)",
        )
        .fetch_one(&self.pool)
        .await
        .map_err(broken_by)?;
        let uncovered: Option<(Vec<u8>,)> = sqlx::query_as(
            "SELECT header FROM fact WHERE position > coalesce(
                 (SELECT position FROM record WHERE seq = (SELECT max(size) - 1 FROM head)), 0)
             ORDER BY position LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(broken_by)?;
        let uncovered_since = match uncovered {
            Some((header,)) => {
                Some(serde_json::from_slice::<Header>(&header).map_err(broken_by)?.at)
            }
            None => None,
        };
        let counted = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok(Gauges {
            requests: open.into_iter().map(|(state, count)| (state, counted(count))).collect(),
            writes: 0,
            deliveries: counted(deliveries),
            messages: counted(messages),
            cards: counted(cards),
            facts: counted(facts),
            head_at: self.head().await?.map(|head| head.at),
            uncovered_since,
            paused: false,
        })
    }
}
