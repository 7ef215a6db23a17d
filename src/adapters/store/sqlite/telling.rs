//! Handing out what is to be told, and noting what became of it.
//!
//! What is handed out belongs to one teller until `claimed_until`; then it is handed
//! out again, and counts as tried: he may have said it before he fell, so the next one
//! looks for it first, where the chat lets him.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{at::not_before, script::id, writer::broken_by};
use crate::{
    adapters::store::sealing::Sealing,
    ports::store::{StoreError, Told},
};

/// A message as handed out: still sealed.
pub(super) struct UnsaidRow {
    pub(super) id: Uuid,
    pub(super) instead_of: Option<Uuid>,
    pub(super) tries: u32,
    pub(super) sealed: Vec<u8>,
}

/// A copy as handed out: still sealed.
pub(super) struct StaleRow {
    pub(super) id: Uuid,
    pub(super) wanted: i64,
    pub(super) tries: u32,
    pub(super) sealed: Vec<u8>,
    pub(super) card: Option<Vec<u8>>,
}

/// Messages to say, oldest first.
pub(super) fn unsaid(
    tx: &Connection,
    now: i64,
    until: i64,
    limit: u32,
) -> Result<Vec<UnsaidRow>, StoreError> {
    let mut statement = tx
        .prepare_cached(
            "UPDATE outbox SET claimed_until = ?2, tries = tries + (claimed_until > 0) WHERE rowid IN (
                 SELECT rowid FROM outbox
                 WHERE state = 'waiting' AND max(next_at, claimed_until) <= ?1
                 ORDER BY rowid LIMIT ?3)
             RETURNING rowid, message_id, tries, sealed, instead_of",
        )
        .map_err(broken_by)?;
    let rows = statement
        .query_map((now, until, limit), |row| {
            let order: i64 = row.get(0)?;
            let id = Uuid::from_bytes(row.get(1)?);
            let instead_of = row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes);
            Ok((order, UnsaidRow { id, instead_of, tries: row.get(2)?, sealed: row.get(3)? }))
        })
        .map_err(broken_by)?;
    in_order(rows)
}

/// Copies to draw, oldest first.
pub(super) fn stale(
    tx: &Connection,
    now: i64,
    until: i64,
    limit: u32,
) -> Result<Vec<StaleRow>, StoreError> {
    let mut statement = tx
        .prepare_cached(
            "UPDATE card_copy SET claimed_until = ?2, tries = tries + (claimed_until > 0) WHERE rowid IN (
                 SELECT rowid FROM card_copy
                 WHERE drawn < wanted AND given_up = 0 AND max(next_at, claimed_until) <= ?1
                 ORDER BY rowid LIMIT ?3)
             RETURNING rowid, copy_id, wanted, tries, sealed, sealed_card",
        )
        .map_err(broken_by)?;
    let rows = statement
        .query_map((now, until, limit), |row| {
            let order: i64 = row.get(0)?;
            let stale = StaleRow {
                id: Uuid::from_bytes(row.get(1)?),
                wanted: row.get(2)?,
                tries: row.get(3)?,
                sealed: row.get(4)?,
                card: row.get(5)?,
            };
            Ok((order, stale))
        })
        .map_err(broken_by)?;
    in_order(rows)
}

/// `RETURNING` promises no order.
fn in_order<T>(
    rows: impl Iterator<Item = rusqlite::Result<(i64, T)>>,
) -> Result<Vec<T>, StoreError> {
    let mut rows: Vec<(i64, T)> = rows.collect::<Result<_, _>>().map_err(broken_by)?;
    rows.sort_by_key(|(order, _)| *order);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// What became of a message. Its words go when it is said, and when it never will be.
pub(super) fn said(
    tx: &Connection,
    sealing: &Sealing,
    message: Uuid,
    told: &Told,
) -> Result<(), StoreError> {
    match told {
        Told::Said(card) => {
            let row = format!("{message}/card");
            let card = card.as_ref().map(|card| sealing.seal_json("outbox", &row, card));
            tx.prepare_cached(
                "UPDATE outbox SET state = 'said', sealed = NULL, sealed_card = ?2
                 WHERE message_id = ?1 AND state = 'waiting'",
            )
            .and_then(|mut s| s.execute(params![id(message), card]))
        }
        Told::NotYet(next) => tx
            .prepare_cached(
                "UPDATE outbox SET next_at = ?2, claimed_until = 0
                 WHERE message_id = ?1 AND state = 'waiting'",
            )
            .and_then(|mut s| s.execute(params![id(message), not_before(*next)])),
        Told::Later(next) => tx
            .prepare_cached(
                "UPDATE outbox SET next_at = ?2, tries = tries + 1, claimed_until = 0
                 WHERE message_id = ?1 AND state = 'waiting'",
            )
            .and_then(|mut s| s.execute(params![id(message), not_before(*next)])),
        Told::Never(why) => {
            let why = sealing.seal("outbox", &format!("{message}/why"), why.as_bytes());
            tx.prepare_cached(
                "UPDATE outbox SET state = 'given_up', sealed = NULL, why = ?2
                 WHERE message_id = ?1 AND state = 'waiting'",
            )
            .and_then(|mut s| s.execute(params![id(message), why]))
        }
    }
    .map(drop)
    .map_err(broken_by)
}

/// What became of a copy. While it was drawn, more may have been wanted: then it stays stale.
pub(super) fn drawn(
    tx: &Connection,
    sealing: &Sealing,
    copy: Uuid,
    wanted: i64,
    told: &Told,
) -> Result<(), StoreError> {
    match told {
        Told::Said(card) => {
            let row = format!("{copy}/card");
            let card = card.as_ref().map(|card| sealing.seal_json("card_copy", &row, card));
            tx.prepare_cached(
                "UPDATE card_copy SET drawn = max(drawn, min(wanted, ?2)), tries = 0, claimed_until = 0,
                     sealed_card = coalesce(?3, sealed_card)
                 WHERE copy_id = ?1",
            )
            .and_then(|mut s| s.execute(params![id(copy), wanted, card]))
        }
        Told::NotYet(next) => tx
            .prepare_cached(
                "UPDATE card_copy SET next_at = ?3, claimed_until = 0
                 WHERE copy_id = ?1 AND drawn < ?2",
            )
            .and_then(|mut s| s.execute(params![id(copy), wanted, not_before(*next)])),
        Told::Later(next) => tx
            .prepare_cached(
                "UPDATE card_copy SET next_at = ?3, tries = tries + 1, claimed_until = 0
                 WHERE copy_id = ?1 AND drawn < ?2",
            )
            .and_then(|mut s| s.execute(params![id(copy), wanted, not_before(*next)])),
        Told::Never(why) => {
            let why = sealing.seal("card_copy", &format!("{copy}/why"), why.as_bytes());
            tx.prepare_cached("UPDATE card_copy SET given_up = 1, why = ?2 WHERE copy_id = ?1")
                .and_then(|mut s| s.execute(params![id(copy), why]))
        }
    }
    .map(drop)
    .map_err(broken_by)
}
