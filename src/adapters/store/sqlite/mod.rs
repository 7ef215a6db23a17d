//! The store in one `SQLite` file (write-ahead log, every commit on the disk).
//!
//! - [`open`](mod@open) the file, its schema (`migrations/`), its key; backup
//! - [`writer`]   one thread writes; all turns that wait share one commit
//! - [`turn`]     a turn becomes sealed statements: a [`script`]
//! - [`lease`] [`telling`] [`tidy`] [`record`]  the other writes, one idea each
//! - [`near`] [`read`] [`read_record`] [`read_snapshot`] what is read, on connections that cannot write; [`rows`]
//! - [`gauges`] [`witness`] how full it is; who counts what was saved
//! - [`subjects`] the keys of those whom the record is about; [`forget`] and how one goes
//! - [`at`](mod@at) instants as they are stored
//!
//! Two drivers meet here: `sqlx` for the schema and long reads, `rusqlite` for the writer
//! and the reads of a click, which then cost no hop between threads. Both are the same
//! library.
//!
//! Not here: polling. [`SqliteStore::changed`] says when something was written.

mod at;
mod forget;
mod gauges;
mod lease;
mod near;
mod open;
mod read;
mod read_record;
mod read_snapshot;
mod record;
mod rows;
mod script;
mod subjects;
mod telling;
mod tidy;
mod turn;
mod witness;
mod writer;

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

use self::{
    at::{at, not_before},
    near::Near,
    read::Reader,
    subjects::{Keys, Subjects},
    writer::{Writer, broken_by},
};
pub use self::{
    forget::{Acquaintance, Erased, Forgetting, Kept},
    gauges::Gauges,
    open::OpenError,
    witness::{Seen, Witness},
};
use super::sealing::Sealing;
use crate::{
    domain::{
        chat::Inbound,
        decision::Vote,
        ids::{Number, RequestId, StepId, TenantId, UserId},
        plan::Frozen,
        request::Request,
        secret::Secret,
        snapshot::Snapshot,
        step::StepRun,
    },
    ports::store::{
        Answer, Conversation, Copy, Head, HeardInThread, Lease, Recorded, Saved, Showing, Stale,
        Stands, Store, StoreError, Told, Turn, Unsaid, WaitingLink,
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
    sealing: Arc<Sealing>,
    subjects: Subjects,
    changed: watch::Receiver<u64>,
    options: Options,
}

impl SqliteStore {
    /// Counts up after each commit of this process, so that workers need not poll.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    /// Tells the witness of something that is on the disk.
    fn seen(&self, seen: Seen<'_>) {
        if let Some(witness) = &self.options.witness {
            witness.see(seen);
        }
    }

    async fn save_under(&self, turn: &Turn, keys: &Keys) -> Result<Saved, StoreError> {
        let script = turn::script(turn, &self.sealing, keys)?;
        let sealing = Arc::clone(&self.sealing);
        self.writer.run(move |tx| script.run(tx, &sealing)).await
    }

    /// Has another process forgotten one of these subjects? Then their keys are read anew.
    async fn forgotten_since(&self, turn: &Turn, keys: &Keys) -> Result<bool, StoreError> {
        self.subjects.close(keys.keys());
        let now = self.keys_of(turn).await?;
        Ok(keys.iter().any(|(whose, key)| now.get(whose).is_none_or(|n| n.sealed != key.sealed)))
    }

    /// The open keys of a turn's subjects; a new one is on the disk before it is used.
    async fn keys_of(&self, turn: &Turn) -> Result<Keys, StoreError> {
        let whose = turn.facts.iter().map(|f| (f.header.tenant.clone(), f.subject.clone()));
        let kept = turn.snapshots.iter().map(turn::snapshot::whose);
        let (mut keys, missing) = self.subjects.of(whose.chain(kept));
        if !missing.is_empty() {
            let sealing = Arc::clone(&self.sealing);
            let stored = self.writer.run(move |tx| subjects::stored(tx, missing, &sealing)).await?;
            for (whose, sealed) in stored {
                let key =
                    self.subjects.keep(whose.clone(), &sealed, &self.sealing).map_err(broken_by)?;
                keys.insert(whose, key);
            }
        }
        Ok(keys)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError> {
        let keys = self.keys_of(&turn).await?;
        let saved = match self.save_under(&turn, &keys).await {
            Err(StoreError::Conflict) if self.forgotten_since(&turn, &keys).await? => {
                let keys = self.keys_of(&turn).await?;
                self.save_under(&turn, &keys).await?
            }
            other => other?,
        };
        self.seen(Seen::Saved(&turn));
        Ok(saved)
    }

    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        self.near.answered(key)
    }

    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        self.reader.unhandled(limit).await
    }

    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError> {
        self.near.request(id)
    }

    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError> {
        self.reader.numbered(tenant, number).await
    }

    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError> {
        self.near.plan(id, revision)
    }

    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError> {
        self.near.votes(id, revision)
    }

    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError> {
        self.near.steps(id)
    }

    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError> {
        self.near.copies(id)
    }

    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError> {
        self.near.was_shown(showing)
    }

    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        self.reader.open(tenant, about, limit).await
    }

    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.reader.made_in(place, limit).await
    }

    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError> {
        self.reader.thread(place, limit).await
    }

    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError> {
        self.reader.conversations(user).await
    }

    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError> {
        self.reader.secret(id, step).await
    }

    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        self.reader.snapshots(id).await
    }

    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.reader.took_from(user, limit).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError> {
        let (now, until, owner) = (at(now), at(until), self.options.worker.clone());
        if !self.near.may_claim(now)? {
            return Ok(None);
        }
        let claimed = self.writer.run(move |tx| lease::claim(tx, now, until, &owner)).await?;
        claimed.map(|(row, lease)| Ok((row.open(&self.sealing)?, lease))).transpose()
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        let (lease, until) = (lease.clone(), at(until));
        self.writer.run(move |tx| lease::renew(tx, &lease, until)).await
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.reader.overdue(at(now), limit).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.near.next_due()
    }

    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !self.near.may_say(now)? {
            return Ok(Vec::new());
        }
        let rows = self.writer.run(move |tx| telling::unsaid(tx, now, until, limit)).await?;
        let open = |row: telling::UnsaidRow| {
            let key = row.id.to_string();
            let say = self.sealing.open_json("outbox", &key, &row.sealed).map_err(broken_by)?;
            Ok(Unsaid { say, instead_of: row.instead_of, tries: row.tries })
        };
        rows.into_iter().map(open).collect()
    }

    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !self.near.may_draw(now)? {
            return Ok(Vec::new());
        }
        let rows = self.writer.run(move |tx| telling::stale(tx, now, until, limit)).await?;
        let open = |row: telling::StaleRow| {
            let copy = rows::copy(&self.sealing, row.id, &row.sealed, row.card.as_deref())?;
            Ok(Stale { copy, wanted: row.wanted.cast_unsigned(), tries: row.tries })
        };
        rows.into_iter().map(open).collect()
    }

    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError> {
        let (id, sealing) = (*id, Arc::clone(&self.sealing));
        let noted = told.clone();
        self.writer.run(move |tx| telling::said(tx, &sealing, id, &told)).await?;
        self.seen(Seen::Said(&noted));
        Ok(())
    }

    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError> {
        self.near.stands(*id)
    }

    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError> {
        let (id, wanted, sealing) = (*id, wanted.cast_signed(), Arc::clone(&self.sealing));
        let noted = told.clone();
        self.writer.run(move |tx| telling::drawn(tx, &sealing, id, wanted, &told)).await?;
        self.seen(Seen::Drawn(&noted));
        Ok(())
    }

    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError> {
        self.near.link(token_hash, at(now))
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let kept_since = at(now.saturating_sub(self.options.kept).unwrap_or(Timestamp::MIN));
        let now = at(now);
        self.writer.run(move |tx| tidy::sweep(tx, now, kept_since)).await
    }

    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError> {
        self.writer.run(move |tx| record::number_facts(tx, limit)).await
    }

    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        self.reader.record(seq, limit).await
    }

    async fn head(&self) -> Result<Option<Head>, StoreError> {
        self.reader.head().await
    }

    async fn sign(&self, head: &Head) -> Result<(), StoreError> {
        let head = head.clone();
        self.writer.run(move |tx| record::sign(tx, &head)).await
    }

    async fn paused(&self) -> Result<bool, StoreError> {
        self.near.paused()
    }

    async fn pause(&self, yes: bool) -> Result<(), StoreError> {
        let switch = move |tx: &rusqlite::Connection| {
            tx.execute("UPDATE switch SET paused = ?", [yes]).map(drop).map_err(broken_by)
        };
        self.writer.run(switch).await
    }
}
