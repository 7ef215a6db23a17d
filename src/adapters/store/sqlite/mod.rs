//! The store in one `SQLite` file (write-ahead log, every commit on the disk).
//!
//! - [`open`](mod@open) the file, its schema (`migrations/`), its key; backup
//! - [`writer`]   one thread writes; all turns that wait share one commit
//! - [`whole`]    everything, with nobody else at it
//! - [`near`] [`reader`] reads, on connections that cannot write
//! - [`upkeep`]   what the program does with any store
//!
//! Two drivers meet here: `sqlx` for the schema and long reads, `rusqlite` for the writer
//! and the reads of a click, which then cost no hop between threads. Both are the same
//! library.
//!
//! Not here: polling. [`SqliteStore::changed`] says when something was written.

mod near;
mod open;
mod reader;
mod upkeep;
mod whole;
mod writer;

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

pub use self::open::OpenError;
pub(super) use self::whole::{Piece, Whole};
use self::{
    near::{Here, Near, at_once},
    reader::Reader,
    writer::Writer,
};
use super::{
    at::{at, not_before},
    broken_by, due, lease, read, read_counted, read_record, read_rows, read_sign_in, read_snapshot,
    read_standing, record,
    save::{self, Means, Saves},
    script::Script,
    subjects::{self, Whose},
    telling::{self, StaleRow, UnsaidRow},
    tidy,
    witness::{Seen, Witness},
};
use crate::{
    domain::{
        chat::{ChatUser, Inbound},
        decision::Vote,
        ids::{Number, RequestId, StepId, TenantId, UserId},
        plan::Frozen,
        request::Request,
        secret::Secret,
        sign_in::{IdentityLink, SignIn},
        snapshot::Snapshot,
        step::StepRun,
    },
    ports::store::{
        Answer, Conversation, Copy, Head, HeardInThread, Lease, Recorded, RowStates, Saved,
        Showing, SignInKey, Stale, Stands, Store, StoreError, Told, Turn, Unsaid, WaitingLink,
    },
};

/// What the operator may turn.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who takes leases, for the operator's eyes: a host name.
    pub worker: String,
    /// Connections that read at the same time, at least 1.
    pub readers: u32,
    /// How long a write waits for another process on the same file.
    pub busy: Duration,
    /// The file may have at most so many pages of 4 KiB; no limit if empty.
    pub pages_max: Option<u32>,
    /// How long the answer to a delivery, and a message's place after it was said, are kept.
    pub kept: SignedDuration,
    /// Counts what was saved; nobody if empty.
    pub witness: Option<Witness>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            worker: "countersign".to_owned(),
            readers: 3,
            busy: Duration::from_secs(5),
            pages_max: None,
            kept: SignedDuration::from_hours(8 * 24),
            witness: None,
        }
    }
}

/// The store in one file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    writer: Writer,
    reader: Reader,
    near: Near,
    means: Means,
    changed: watch::Receiver<u64>,
    options: Options,
}

impl SqliteStore {
    /// Counts up after each commit of this process, so that workers need not poll.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    /// Writes what waits in the log into the file and empties the log, so that nothing that
    /// was erased is left there. False: somebody reads just now, and it is still there.
    async fn checkpoint(&self) -> Result<bool, StoreError> {
        let (path, busy) = (self.path.clone(), self.options.busy);
        let emptied = tokio::task::spawn_blocking(move || {
            let connection = rusqlite::Connection::open(path)?;
            connection.busy_timeout(busy)?;
            let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
            connection.query_row(truncate, [], |row| row.get::<_, i64>(0)).map(|busy| busy == 0)
        });
        emptied.await.map_err(broken_by)?.map_err(broken_by)
    }
}

#[async_trait]
impl Saves for SqliteStore {
    fn means(&self) -> &Means {
        &self.means
    }

    async fn stored_keys(&self, missing: Vec<Whose>) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
        let sealing = Arc::clone(&self.means.sealing);
        self.writer.run(move |tx| at_once(subjects::stored(tx, &missing, &sealing))).await
    }

    async fn run(&self, script: Script) -> Result<Saved, StoreError> {
        let sealing = Arc::clone(&self.means.sealing);
        self.writer.run(move |tx| at_once(script.run(tx, &sealing))).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError> {
        save::save(self, &turn).await
    }

    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        self.near.read(|db| at_once(read::answered(db, &self.means.sealing, key)))
    }

    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        read::unhandled(&mut self.reader.clone(), &self.means.sealing, limit).await
    }

    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError> {
        self.near.read(|db| at_once(read::request(db, &self.means.sealing, id)))
    }

    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError> {
        read::numbered(&mut self.reader.clone(), &self.means.sealing, tenant, number).await
    }

    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError> {
        self.near.read(|db| at_once(read::plan(db, &self.means.sealing, id, revision)))
    }

    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError> {
        self.near.read(|db| at_once(read::votes(db, &self.means.sealing, id, revision)))
    }

    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError> {
        self.near.read(|db| at_once(read::steps(db, &self.means.sealing, id)))
    }

    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError> {
        self.near.read(|db| at_once(read::copies(db, &self.means.sealing, id)))
    }

    async fn copies_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Copy>, StoreError> {
        self.near.read(|db| at_once(read::copies_since(db, &self.means.sealing, since, limit)))
    }

    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError> {
        self.near.read(|db| at_once(read::was_shown(db, showing)))
    }

    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        read::open(&mut self.reader.clone(), &self.means.sealing, tenant, about, limit).await
    }

    async fn rows(
        &self,
        batch: &RequestId,
        state: Option<&str>,
        after: Number,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let wanted = (state.unwrap_or_default(), after);
        read_rows::rows(&mut self.reader.clone(), &self.means.sealing, batch, wanted, limit).await
    }

    async fn row_states(&self, batch: &RequestId) -> Result<RowStates, StoreError> {
        read_rows::row_states(&mut self.reader.clone(), batch).await
    }

    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError> {
        read::made_in(&mut self.reader.clone(), &self.means.sealing, place, limit).await
    }

    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError> {
        read::thread(&mut self.reader.clone(), &self.means.sealing, place, limit).await
    }

    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError> {
        read::conversations(&mut self.reader.clone(), &self.means.sealing, user).await
    }

    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError> {
        read::secret(&mut self.reader.clone(), &self.means.sealing, id, step).await
    }

    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        read_snapshot::snapshots(&mut self.reader.clone(), &self.means.sealing, id).await
    }

    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError> {
        let sealing = &self.means.sealing;
        read_snapshot::took_from(&mut self.reader.clone(), sealing, user, limit).await
    }

    async fn standing(
        &self,
        tenant: &TenantId,
        after: Timestamp,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let sealing = &self.means.sealing;
        read_standing::standing(&mut self.reader.clone(), sealing, tenant, after, limit).await
    }

    async fn used(&self, of: &RequestId, day: Timestamp) -> Result<u32, StoreError> {
        read_standing::used(&mut self.reader.clone(), of, day).await
    }

    async fn counted(
        &self,
        requester: &UserId,
        since: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        read_counted::counted(&mut self.reader.clone(), requester, at(since)).await
    }

    async fn sign_in(
        &self,
        by: SignInKey<'_>,
        now: Timestamp,
    ) -> Result<Option<SignIn>, StoreError> {
        self.near.read(|db| at_once(read_sign_in::sign_in(db, &self.means.sealing, by, now)))
    }

    async fn identity(
        &self,
        tenant: &TenantId,
        who: &ChatUser,
    ) -> Result<Option<IdentityLink>, StoreError> {
        self.near.read(|db| at_once(read_sign_in::identity(db, &self.means.sealing, tenant, who)))
    }

    async fn identities(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<IdentityLink>, StoreError> {
        let sealing = &self.means.sealing;
        read_sign_in::identities(&mut self.reader.clone(), sealing, tenant, limit).await
    }

    async fn shared_with(&self, who: &UserId) -> Result<Vec<UserId>, StoreError> {
        self.near.read(|db| at_once(read_sign_in::shared_with(db, who)))
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError> {
        let (now, until, owner) = (at(now), at(until), self.means.worker.clone());
        if !self.near.read(|db| at_once(lease::may_claim(db, now)))? {
            return Ok(None);
        }
        let claim = move |tx: &mut Here<'_>| at_once(lease::claim(tx, now, until, &owner));
        let claimed = self.writer.run(claim).await?;
        claimed.map(|(row, lease)| Ok((row.open(&self.means.sealing)?, lease))).transpose()
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        let (lease, until) = (lease.clone(), at(until));
        self.writer.run(move |tx| at_once(lease::renew(tx, &lease, until))).await
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError> {
        due::overdue(&mut self.reader.clone(), &self.means.sealing, at(now), limit).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.near.read(|db| at_once(due::next_due(db)))
    }

    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !self.near.read(|db| at_once(telling::may_say(db, now)))? {
            return Ok(Vec::new());
        }
        let take = move |tx: &mut Here<'_>| at_once(telling::unsaid(tx, now, until, limit));
        let rows: Vec<UnsaidRow> = self.writer.run(take).await?;
        rows.into_iter().map(|row| row.open(&self.means.sealing)).collect()
    }

    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !self.near.read(|db| at_once(telling::may_draw(db, now)))? {
            return Ok(Vec::new());
        }
        let take = move |tx: &mut Here<'_>| at_once(telling::stale(tx, now, until, limit));
        let rows: Vec<StaleRow> = self.writer.run(take).await?;
        rows.into_iter().map(|row| row.open(&self.means.sealing)).collect()
    }

    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError> {
        let (id, sealing) = (*id, Arc::clone(&self.means.sealing));
        let noted = told.clone();
        self.writer.run(move |tx| at_once(telling::said(tx, &sealing, id, &told))).await?;
        self.means.seen(Seen::Said(&noted));
        Ok(())
    }

    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError> {
        self.near.read(|db| at_once(read::stands(db, &self.means.sealing, *id)))
    }

    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError> {
        let (id, wanted, sealing) = (*id, wanted.cast_signed(), Arc::clone(&self.means.sealing));
        let noted = told.clone();
        let note =
            move |tx: &mut Here<'_>| at_once(telling::drawn(tx, &sealing, id, wanted, &told));
        self.writer.run(note).await?;
        self.means.seen(Seen::Drawn(&noted));
        Ok(())
    }

    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError> {
        self.near.read(|db| at_once(read::link(db, &self.means.sealing, token_hash, at(now))))
    }

    async fn links_about(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Vec<WaitingLink>, StoreError> {
        self.near.read(|db| at_once(read::links_about(db, &self.means.sealing, user, at(now))))
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let (kept_since, now) = (self.means.kept_since(now), at(now));
        self.writer.run(move |tx| at_once(tidy::sweep(tx, now, kept_since))).await
    }

    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError> {
        self.writer.run(move |tx| at_once(record::number_facts(tx, limit))).await
    }

    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        read_record::record(&mut self.reader.clone(), &self.means.sealing, seq, limit).await
    }

    async fn head(&self) -> Result<Option<Head>, StoreError> {
        read_record::head(&mut self.reader.clone()).await
    }

    async fn sign(&self, head: &Head, peaks: &[[u8; 32]]) -> Result<(), StoreError> {
        let (head, peaks) = (head.clone(), peaks.concat());
        self.writer.run(move |tx| at_once(record::sign(tx, &head, &peaks))).await
    }

    async fn peaks(&self, size: u64) -> Result<Option<Vec<[u8; 32]>>, StoreError> {
        read_record::peaks(&mut self.reader.clone(), size).await
    }

    async fn paused(&self) -> Result<bool, StoreError> {
        self.near.read(|db| at_once(tidy::paused(db)))
    }

    async fn pause(&self, yes: bool) -> Result<(), StoreError> {
        self.writer.run(move |tx| at_once(tidy::pause(tx, yes))).await
    }
}
