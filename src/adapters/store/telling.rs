//! Handing out what is to be told, and noting what became of it.
//!
//! What is handed out belongs to one teller until `claimed_until`; then it is handed
//! out again, and counts as tried: he may have said it before he fell, so the next one
//! looks for it first, where the chat lets him.

use uuid::Uuid;

use super::{
    at::not_before,
    broken_by,
    database::{Database, Row, Sql, values},
    rows,
};
use crate::{
    adapters::store::sealing::Sealing,
    ports::store::{Stale, StoreError, TRIES_IN_TURN, Told, Unsaid},
};

/// A message as handed out: still sealed.
pub(super) struct UnsaidRow {
    id: Uuid,
    instead_of: Option<Uuid>,
    tries: u32,
    sealed: Vec<u8>,
    tenant: Uuid,
}

impl UnsaidRow {
    /// Opens it.
    pub(super) fn open(self, sealing: &Sealing) -> Result<Unsaid, StoreError> {
        let key = self.id.to_string();
        let say = sealing.open_json("outbox", &key, &self.sealed).map_err(broken_by)?;
        let of = (!self.tenant.is_nil()).then(|| self.tenant.into());
        Ok(Unsaid { say, instead_of: self.instead_of, tries: self.tries, of })
    }
}

/// A copy as handed out: still sealed.
pub(super) struct StaleRow {
    id: Uuid,
    wanted: i64,
    tries: u32,
    sealed: Vec<u8>,
    card: Option<Vec<u8>>,
}

impl StaleRow {
    /// Opens it.
    pub(super) fn open(self, sealing: &Sealing) -> Result<Stale, StoreError> {
        let copy = rows::copy(sealing, self.id, &self.sealed, self.card.as_deref())?;
        Ok(Stale { copy, wanted: self.wanted.cast_unsigned(), tries: self.tries })
    }
}

/// A message that may be handed out at `?1`: it is due, nobody has it, and no earlier one to the
/// same conversation is in somebody's hands, or waits for one of its first `?2` tries. Messages
/// that take the place of others have no turn to keep.
macro_rules! in_turn {
    ($greatest:literal) => {
        concat!(
            "state = 'waiting' AND ",
            $greatest,
            "(next_at, claimed_until) <= ?1 AND NOT EXISTS (
                 SELECT 1 FROM outbox AS earlier
                 WHERE earlier.lane = outbox.lane AND earlier.state = 'waiting'
                   AND earlier.rowid < outbox.rowid AND earlier.instead_of IS NULL
                   AND (earlier.claimed_until > ?1
                        OR (earlier.next_at > ?1 AND earlier.tries < ?2)))"
        )
    };
}

/// Whether a message waits to be said now.
pub(super) async fn may_say(db: &mut impl Database, now: i64) -> Result<bool, StoreError> {
    let sql = Sql::Each {
        sqlite: concat!("SELECT 1 FROM outbox WHERE ", in_turn!("max"), " LIMIT 1"),
        postgres: concat!("SELECT 1 FROM outbox WHERE ", in_turn!("greatest"), " LIMIT 1"),
    };
    Ok(db.first(sql, &values![now, TRIES_IN_TURN]).await?.is_some())
}

/// Whether a card waits to be drawn now.
pub(super) async fn may_draw(db: &mut impl Database, now: i64) -> Result<bool, StoreError> {
    let sql = Sql::Each {
        sqlite: "SELECT 1 FROM card_copy
             WHERE drawn < wanted AND given_up = 0 AND max(next_at, claimed_until) <= ? LIMIT 1",
        postgres: "SELECT 1 FROM card_copy
             WHERE drawn < wanted AND given_up = 0 AND greatest(next_at, claimed_until) <= ? LIMIT 1",
    };
    Ok(db.first(sql, &values![now]).await?.is_some())
}

/// Messages to say, oldest first, each conversation's in their order.
pub(super) async fn unsaid(
    tx: &mut impl Database,
    now: i64,
    until: i64,
    limit: u32,
) -> Result<Vec<UnsaidRow>, StoreError> {
    tx.alone_with_the_outbox().await?;
    let sql = Sql::Each {
        sqlite: concat!(
            "UPDATE outbox SET claimed_until = ?3, tries = tries + (claimed_until > 0)
             WHERE rowid IN (SELECT rowid FROM outbox WHERE ",
            in_turn!("max"),
            " ORDER BY rowid LIMIT ?4)
             RETURNING rowid, message_id, tries, sealed, instead_of, tenant_id"
        ),
        postgres: concat!(
            "WITH due AS MATERIALIZED (SELECT rowid FROM outbox WHERE ",
            in_turn!("greatest"),
            " ORDER BY rowid LIMIT ?4 FOR UPDATE SKIP LOCKED)
             UPDATE outbox SET claimed_until = ?3, tries = tries + (claimed_until > 0)::int
             FROM due WHERE outbox.rowid = due.rowid
             RETURNING outbox.rowid, message_id, tries, sealed, instead_of, tenant_id"
        ),
    };
    let rows = tx.rows(sql, &values![now, TRIES_IN_TURN, until, limit]).await?;
    in_order(rows, |row| {
        let (id, tries, sealed) = (row.take()?, row.take()?, row.take()?);
        Ok(UnsaidRow { id, tries, sealed, instead_of: row.take()?, tenant: row.take()? })
    })
}

/// Copies to draw, oldest first.
pub(super) async fn stale(
    tx: &mut impl Database,
    now: i64,
    until: i64,
    limit: u32,
) -> Result<Vec<StaleRow>, StoreError> {
    let sql = Sql::Each {
        sqlite: "UPDATE card_copy SET claimed_until = ?2, tries = tries + (claimed_until > 0) WHERE rowid IN (
                 SELECT rowid FROM card_copy
                 WHERE drawn < wanted AND given_up = 0 AND max(next_at, claimed_until) <= ?1
                 ORDER BY rowid LIMIT ?3)
             RETURNING rowid, copy_id, wanted, tries, sealed, sealed_card",
        postgres: "WITH due AS MATERIALIZED (
                 SELECT rowid FROM card_copy
                 WHERE drawn < wanted AND given_up = 0 AND greatest(next_at, claimed_until) <= ?1
                 ORDER BY rowid LIMIT ?3 FOR UPDATE SKIP LOCKED)
             UPDATE card_copy SET claimed_until = ?2, tries = tries + (claimed_until > 0)::int
             FROM due WHERE card_copy.rowid = due.rowid
             RETURNING card_copy.rowid, copy_id, wanted, tries, sealed, sealed_card",
    };
    let rows = tx.rows(sql, &values![now, until, limit]).await?;
    in_order(rows, |row| {
        let (id, wanted, tries) = (row.take()?, row.take()?, row.take()?);
        Ok(StaleRow { id, wanted, tries, sealed: row.take()?, card: row.take()? })
    })
}

/// `RETURNING` promises no order: the first value of each row says its place.
fn in_order<T>(
    rows: Vec<Row>,
    read: impl Fn(&mut Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let placed = |mut row: Row| Ok((row.take()?, read(&mut row)?));
    let mut placed: Vec<(i64, T)> =
        rows.into_iter().map(placed).collect::<Result<_, StoreError>>()?;
    placed.sort_by_key(|(place, _)| *place);
    Ok(placed.into_iter().map(|(_, row)| row).collect())
}

/// What became of a message. Its words go when it is said, and when it never will be.
pub(super) async fn said(
    tx: &mut impl Database,
    sealing: &Sealing,
    message: Uuid,
    told: &Told,
) -> Result<(), StoreError> {
    let (sql, value) = match told {
        Told::Said(card) | Told::Doubtful(card, _) => {
            let row = format!("{message}/card");
            let card = card.as_ref().map(|card| sealing.seal_json("outbox", &row, card));
            let sql = "UPDATE outbox SET state = 'said', sealed = NULL, sealed_card = ?2
                 WHERE message_id = ?1 AND state = 'waiting'";
            (sql, card.into())
        }
        Told::NotYet(next) => {
            let sql = "UPDATE outbox SET next_at = ?2, claimed_until = 0
                 WHERE message_id = ?1 AND state = 'waiting'";
            (sql, not_before(*next).into())
        }
        Told::Later(next) => {
            let sql = "UPDATE outbox SET next_at = ?2, tries = tries + 1, claimed_until = 0
                 WHERE message_id = ?1 AND state = 'waiting'";
            (sql, not_before(*next).into())
        }
        Told::Never(why) => {
            let why = sealing.seal("outbox", &format!("{message}/why"), why.as_bytes());
            let sql = "UPDATE outbox SET state = 'given_up', sealed = NULL, why = ?2
                 WHERE message_id = ?1 AND state = 'waiting'";
            (sql, why.into())
        }
    };
    tx.change(sql, &[message.into(), value]).await.map(drop)
}

/// A card was drawn. While an earlier try may still arrive (`?4`, or what was noted before), it is
/// wanted once more after that. The draw for which that time had come ends the doubt.
macro_rules! stands {
    ($greatest:literal, $least:literal) => {
        concat!(
            "UPDATE card_copy SET drawn = ", $greatest, "(drawn, ", $least, "(wanted, ?2)),
                 wanted = CASE WHEN wanted <= ?2 AND (?4 > 0 OR (doubtful_until > 0 AND next_at <> doubtful_until))
                     THEN wanted + 1 ELSE wanted END,
                 next_at = CASE WHEN wanted <= ?2 AND (?4 > 0 OR (doubtful_until > 0 AND next_at <> doubtful_until))
                     THEN ", $greatest, "(doubtful_until, ?4) ELSE next_at END,
                 doubtful_until = CASE WHEN ?4 > 0 OR next_at <> doubtful_until
                     THEN ", $greatest, "(doubtful_until, ?4) ELSE 0 END,
                 tries = 0, claimed_until = 0, sealed_card = coalesce(?3, sealed_card)
             WHERE copy_id = ?1"
        )
    };
}

/// What became of a copy. While it was drawn, more may have been wanted: then it stays stale.
pub(super) async fn drawn(
    tx: &mut impl Database,
    sealing: &Sealing,
    copy: Uuid,
    wanted: i64,
    told: &Told,
) -> Result<(), StoreError> {
    let (sql, value): (Sql, _) = match told {
        Told::Said(card) | Told::Doubtful(card, _) => {
            let row = format!("{copy}/card");
            let card = card.as_ref().map(|card| sealing.seal_json("card_copy", &row, card));
            let until = if let Told::Doubtful(_, until) = told { not_before(*until) } else { 0 };
            let sql =
                Sql::Each { sqlite: stands!("max", "min"), postgres: stands!("greatest", "least") };
            return tx.change(sql, &values![copy, wanted, card, until]).await.map(drop);
        }
        Told::NotYet(next) => {
            let sql = "UPDATE card_copy SET next_at = ?3, claimed_until = 0
                 WHERE copy_id = ?1 AND drawn < ?2";
            (sql.into(), not_before(*next).into())
        }
        Told::Later(next) => {
            let sql = "UPDATE card_copy SET next_at = ?3, tries = tries + 1, claimed_until = 0
                 WHERE copy_id = ?1 AND drawn < ?2";
            (sql.into(), not_before(*next).into())
        }
        Told::Never(why) => {
            let why = sealing.seal("card_copy", &format!("{copy}/why"), why.as_bytes());
            let sql = "UPDATE card_copy SET given_up = 1, why = ?3 WHERE copy_id = ?1 AND ?2 >= 0";
            (sql.into(), why.into())
        }
    };
    tx.change(sql, &[copy.into(), wanted.into(), value]).await.map(drop)
}
