//! The reads on the way of a click, and the looks for work after every commit: made
//! where they are asked for, without a hop to another thread.
//!
//! A read here takes some microseconds: it finds its rows by their key, in pages that
//! the system holds in memory, and in write-ahead mode no writer is waited for. Two
//! hops between threads and a check of the connection would take longer than that.
//! Long and rare reads stay in [`super::read`].

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Params, Row};
use uuid::Uuid;

use super::{
    at::instant,
    rows::{self, RequestRow},
    script::id,
    writer::broken_by,
};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        decision::Vote,
        ids::{RequestId, StepId, TenantId, UserId},
        plan::Frozen,
        request::Request,
        step::StepRun,
    },
    ports::store::{Answer, Copy, Instead, Say, Showing, Stands, StoreError, WaitingLink},
};

/// Connections kept open when nobody reads.
const KEPT_MAX: usize = 4;
/// Pages each connection keeps, in KiB: the system keeps the rest.
const CACHE_KIB: i64 = 512;
/// Statements kept ready on each.
const STATEMENTS_KEPT: usize = 32;

type Read<T> = Result<T, StoreError>;

/// Reads at once.
pub(super) struct Near {
    path: PathBuf,
    busy: Duration,
    idle: Mutex<Vec<Connection>>,
    sealing: Arc<Sealing>,
}

/// A copy's id, its sealed body and its sealed place.
type CopyRow = ([u8; 16], Vec<u8>, Option<Vec<u8>>);

impl std::fmt::Debug for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "reads of {}", self.path.display())
    }
}

impl Near {
    /// With one connection open.
    pub(super) fn open(
        path: &Path,
        busy: Duration,
        sealing: Arc<Sealing>,
    ) -> rusqlite::Result<Self> {
        let first = connect(path, busy)?;
        Ok(Self { path: path.to_owned(), busy, idle: Mutex::new(vec![first]), sealing })
    }

    /// Closes what is idle.
    pub(super) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Read<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let connection = match taken {
            Some(connection) => connection,
            None => connect(&self.path, self.busy).map_err(broken_by)?,
        };
        let got = read(&connection).map_err(broken_by);
        let mut idle = idle();
        if idle.len() < KEPT_MAX {
            idle.push(connection);
        }
        got
    }

    fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Read<Option<T>> {
        self.with(|c| c.prepare_cached(sql)?.query_row(values, row).optional())
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Read<Vec<T>> {
        self.with(|c| c.prepare_cached(sql)?.query_map(values, row)?.collect())
    }

    pub(super) fn answered(&self, key: &str) -> Read<Option<Answer>> {
        let sealed: Option<Option<Vec<u8>>> =
            self.first("SELECT sealed_answer FROM inbox WHERE delivery_key = ?", [key], |row| {
                row.get(0)
            })?;
        let sealed = sealed.flatten();
        sealed.map(|s| self.sealing.open_json("inbox", key, &s)).transpose().map_err(broken_by)
    }

    pub(super) fn request(&self, request: &RequestId) -> Read<Option<Request>> {
        let row = self.first(
            "SELECT number, version, sealed FROM request WHERE request_id = ?",
            [id(request.0)],
            |row| {
                let (number, version, sealed) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(RequestRow { id: *request, number, version, sealed })
            },
        )?;
        row.map(|row| row.open(&self.sealing)).transpose()
    }

    pub(super) fn plan(&self, request: &RequestId, revision: u32) -> Read<Option<Frozen>> {
        let sealed: Option<Vec<u8>> = self.first(
            "SELECT sealed FROM plan_revision WHERE request_id = ? AND revision = ?",
            (id(request.0), revision),
            |row| row.get(0),
        )?;
        let Some(sealed) = sealed else { return Ok(None) };
        let row = format!("{request}/{revision}");
        let bytes = self.sealing.open("plan_revision", &row, &sealed).map_err(broken_by)?;
        Frozen::read(bytes.to_vec()).map(Some).map_err(broken_by)
    }

    pub(super) fn votes(&self, request: &RequestId, revision: u32) -> Read<Vec<Vote>> {
        let rows: Vec<([u8; 16], [u8; 16], Vec<u8>)> = self.all(
            "SELECT voter_tenant, voter_id, sealed FROM vote WHERE request_id = ? AND revision = ?
             ORDER BY at, voter_id",
            (id(request.0), revision),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        rows.iter()
            .map(|(tenant, voter, sealed)| {
                let tenant = TenantId::from(Uuid::from_bytes(*tenant));
                let voter: UserId = tenant.object(Uuid::from_bytes(*voter));
                let row = format!("{request}/{revision}/{voter}");
                self.sealing.open_json("vote", &row, sealed).map_err(broken_by)
            })
            .collect()
    }

    pub(super) fn steps(&self, request: &RequestId) -> Read<Vec<StepRun>> {
        type Sealed = (u16, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);
        let rows: Vec<Sealed> = self.all(
            "SELECT step_id, step.sealed, sealed_before, sealed_after
             FROM step JOIN request USING (request_id, tenant_id, revision)
             WHERE request_id = ? AND step.state IS NOT NULL ORDER BY step_id",
            [id(request.0)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        rows.into_iter()
            .map(|(step, sealed, before, after)| {
                let row = format!("{request}/{step}");
                let sight = |part: &str, sealed: Option<Vec<u8>>| {
                    let row = format!("{row}/{part}");
                    sealed.map(|s| self.sealing.open_json("step", &row, &s)).transpose()
                };
                let run: StepRun =
                    self.sealing.open_json("step", &row, &sealed).map_err(broken_by)?;
                let before = sight("before", before).map_err(broken_by)?;
                let seen = sight("after", after).map_err(broken_by)?;
                Ok(StepRun { before, seen, ..run })
            })
            .collect()
    }

    pub(super) fn copies(&self, request: &RequestId) -> Read<Vec<Copy>> {
        let rows: Vec<CopyRow> = self.all(
            "SELECT copy_id, sealed, sealed_card FROM card_copy WHERE request_id = ? ORDER BY rowid",
            [id(request.0)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        rows.iter()
            .map(|(copy, sealed, card)| {
                rows::copy(&self.sealing, Uuid::from_bytes(*copy), sealed, card.as_deref())
            })
            .collect()
    }

    pub(super) fn was_shown(&self, showing: &Showing) -> Read<bool> {
        let found = self.first(
            "SELECT 1 FROM shown WHERE request_id = ? AND digest = ? AND who = ?",
            (id(showing.request.0), showing.plan.0, showing.account().0),
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    pub(super) fn link(&self, token_hash: &[u8; 32], now: i64) -> Read<Option<WaitingLink>> {
        type Ending = Option<([u8; 16], [u8; 16], i64, Vec<u8>)>;
        let found: Option<(WaitingLink, Ending)> = self.first(
            "SELECT request_id, step_id, link.sealed, outbox.message_id, instead_of, next_at, outbox.sealed
             FROM secret_link AS link LEFT JOIN outbox
                 ON instead_of = link.message_id AND state = 'waiting'
             WHERE token_hash = ? AND expires_at > ?",
            (token_hash, now),
            |row| {
                let request = RequestId(Uuid::from_bytes(row.get(0)?));
                let (step, sealed) = (StepId(row.get(1)?), row.get(2)?);
                let ending = row.get::<_, Option<[u8; 16]>>(3)?.map(|id| {
                    Ok::<_, rusqlite::Error>((id, row.get(4)?, row.get(5)?, row.get(6)?))
                });
                Ok((WaitingLink { request, step, sealed, ending: None }, ending.transpose()?))
            },
        )?;
        let Some((link, ending)) = found else { return Ok(None) };
        let ending = ending.map(|(id, of, from, sealed)| {
            let id = Uuid::from_bytes(id).to_string();
            let say: Say = self.sealing.open_json("outbox", &id, &sealed).map_err(broken_by)?;
            Ok::<_, StoreError>(Instead { say, of: Uuid::from_bytes(of), from: instant(from) })
        });
        Ok(Some(WaitingLink { ending: ending.transpose()?, ..link }))
    }

    pub(super) fn stands(&self, message: Uuid) -> Read<Stands> {
        let found: Option<(String, Option<Vec<u8>>)> = self.first(
            "SELECT state, sealed_card FROM outbox WHERE message_id = ?",
            [id(message)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        match found {
            Some((state, _)) if state == "waiting" => Ok(Stands::NotYet),
            Some((_, Some(card))) => {
                let row = format!("{message}/card");
                self.sealing.open_json("outbox", &row, &card).map(Stands::At).map_err(broken_by)
            }
            _ => Ok(Stands::Nowhere),
        }
    }

    pub(super) fn paused(&self) -> Read<bool> {
        let paused = self.first("SELECT paused FROM switch", [], |row| row.get(0))?;
        Ok(paused.unwrap_or(false))
    }

    pub(super) fn next_due(&self) -> Read<Option<jiff::Timestamp>> {
        let next: Option<Option<i64>> = self.first(
            "SELECT min(due) FROM (
                 SELECT min(due_at) AS due FROM (SELECT due_at FROM request
                     WHERE due_at IS NOT NULL AND lease_until IS NULL ORDER BY due_at LIMIT 1)
                 UNION ALL SELECT min(max(due_at, lease_until)) FROM request
                     WHERE lease_until IS NOT NULL AND due_at IS NOT NULL
                 UNION ALL SELECT min(max(next_at, claimed_until)) FROM outbox WHERE state = 'waiting'
                 UNION ALL SELECT min(max(next_at, claimed_until)) FROM card_copy
                     WHERE drawn < wanted AND given_up = 0)",
            [],
            |row| row.get(0),
        )?;
        Ok(next.flatten().map(instant))
    }

    /// Whether a claim may find a request: workers ask after every commit, and mostly
    /// there is nothing, which need not trouble the writer.
    pub(super) fn may_claim(&self, now: i64) -> Read<bool> {
        let found = self.first(
            "SELECT 1 FROM request
             WHERE due_at IS NOT NULL AND due_at <= ?1
               AND state IN ('approved', 'scheduled', 'running')
               AND (lease_until IS NULL OR lease_until <= ?1) LIMIT 1",
            [now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether a message waits to be said now.
    pub(super) fn may_say(&self, now: i64) -> Read<bool> {
        let found = self.first(
            "SELECT 1 FROM outbox WHERE state = 'waiting' AND max(next_at, claimed_until) <= ? LIMIT 1",
            [now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether a card waits to be drawn now.
    pub(super) fn may_draw(&self, now: i64) -> Read<bool> {
        let found = self.first(
            "SELECT 1 FROM card_copy
             WHERE drawn < wanted AND given_up = 0 AND max(next_at, claimed_until) <= ? LIMIT 1",
            [now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}

/// A connection that cannot write.
fn connect(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}
