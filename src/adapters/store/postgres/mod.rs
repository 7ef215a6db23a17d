//! The store on a PostgreSQL server, for any number of replicas of this program.
//!
//! - [`open`](mod@open) the address, the schema (`migrations/`), the key
//! - [`link`]   a statement on its way: transactions, and life behind a pooler
//! - [`again`]  one transaction, run again when that is right
//! - [`bell`]   replicas wake each other
//! - [`fill`]   takes everything of another store
//! - [`upkeep`] what the program does with any store
//!
//! A turn is one transaction. Whoever writes a request names the version it read; whoever
//! was second changes no row, and that is a conflict. Work is claimed passing over what
//! others are just claiming, under leases fenced by a token that counts up. Numbers of
//! requests come from a row that is locked until the turn ends; numbers of facts are given
//! under a lock, after their turns: neither has gaps. Transactions that the server takes back
//! because they waited for each other are run again, and those whose connection broke before
//! they were to be committed.
//!
//! A connection that breaks while it commits leaves open whether the turn was saved. It is
//! told as a failure; whoever tries again finds the version counted up, or the delivery
//! answered.
//!
//! Not here: anything that another store does the same way; that is one floor up.

mod again;
mod bell;
mod fill;
mod link;
mod open;
mod upkeep;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

pub(super) use self::fill::Filling;
pub use self::open::OpenError;
use self::{again::turn, bell::Bell, link::Server};
use super::{
    at::{at, not_before},
    due, lease, read, read_counted, read_record, read_rows, read_sign_in, read_snapshot,
    read_standing, record,
    save::{self, Means, Saves},
    script::Script,
    subjects::{self, Whose},
    telling, tidy,
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
    /// Connections at most, at least 1; one more listens, unless the server is pooled.
    pub connections: u32,
    /// A pooler in transaction mode stands in front: nothing may need a session.
    pub pooled: bool,
    /// How long the answer to a delivery, and a message's place after it was said, are kept.
    pub kept: SignedDuration,
    /// Counts what was saved; nobody if empty.
    pub witness: Option<Witness>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            worker: "countersign".to_owned(),
            connections: 10,
            pooled: false,
            kept: SignedDuration::from_hours(8 * 24),
            witness: None,
        }
    }
}

/// The store on a server.
#[derive(Debug)]
pub struct PostgresStore {
    server: Server,
    means: Means,
    bell: Bell,
    /// Without what a connection of the pool is set to.
    direct: PgConnectOptions,
}

#[async_trait]
impl Saves for PostgresStore {
    fn means(&self) -> &Means {
        &self.means
    }

    async fn stored_keys(&self, missing: Vec<Whose>) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
        turn!(self, |tx| subjects::stored(tx, &missing, &self.means.sealing))
    }

    async fn run(&self, script: Script) -> Result<Saved, StoreError> {
        turn!(self, |tx| script.run(tx, &self.means.sealing))
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError> {
        save::save(self, &turn).await
    }

    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        read::answered(&mut self.server.read().await?, &self.means.sealing, key).await
    }

    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        read::unhandled(&mut self.server.read().await?, &self.means.sealing, limit).await
    }

    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError> {
        read::request(&mut self.server.read().await?, &self.means.sealing, id).await
    }

    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError> {
        read::numbered(&mut self.server.read().await?, &self.means.sealing, tenant, number).await
    }

    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError> {
        read::plan(&mut self.server.read().await?, &self.means.sealing, id, revision).await
    }

    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError> {
        read::votes(&mut self.server.read().await?, &self.means.sealing, id, revision).await
    }

    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError> {
        read::steps(&mut self.server.read().await?, &self.means.sealing, id).await
    }

    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError> {
        read::copies(&mut self.server.read().await?, &self.means.sealing, id).await
    }

    async fn copies_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Copy>, StoreError> {
        read::copies_since(&mut self.server.read().await?, &self.means.sealing, since, limit).await
    }

    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError> {
        read::was_shown(&mut self.server.read().await?, showing).await
    }

    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        read::open(&mut self.server.read().await?, &self.means.sealing, tenant, about, limit).await
    }

    async fn rows(
        &self,
        batch: &RequestId,
        state: Option<&str>,
        after: Number,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let of = (state.unwrap_or_default(), after);
        read_rows::rows(&mut self.server.read().await?, &self.means.sealing, batch, of, limit).await
    }

    async fn row_states(&self, batch: &RequestId) -> Result<RowStates, StoreError> {
        read_rows::row_states(&mut self.server.read().await?, batch).await
    }

    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError> {
        read::made_in(&mut self.server.read().await?, &self.means.sealing, place, limit).await
    }

    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError> {
        read::thread(&mut self.server.read().await?, &self.means.sealing, place, limit).await
    }

    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError> {
        read::conversations(&mut self.server.read().await?, &self.means.sealing, user).await
    }

    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError> {
        read::secret(&mut self.server.read().await?, &self.means.sealing, id, step).await
    }

    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        read_snapshot::snapshots(&mut self.server.read().await?, &self.means.sealing, id).await
    }

    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError> {
        let sealing = &self.means.sealing;
        read_snapshot::took_from(&mut self.server.read().await?, sealing, user, limit).await
    }

    async fn standing(
        &self,
        tenant: &TenantId,
        after: Timestamp,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let sealing = &self.means.sealing;
        read_standing::standing(&mut self.server.read().await?, sealing, tenant, after, limit).await
    }

    async fn used(&self, of: &RequestId, day: Timestamp) -> Result<u32, StoreError> {
        read_standing::used(&mut self.server.read().await?, of, day).await
    }

    async fn counted(
        &self,
        requester: &UserId,
        since: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        read_counted::counted(&mut self.server.read().await?, requester, at(since)).await
    }

    async fn sign_in(
        &self,
        by: SignInKey<'_>,
        now: Timestamp,
    ) -> Result<Option<SignIn>, StoreError> {
        read_sign_in::sign_in(&mut self.server.read().await?, &self.means.sealing, by, now).await
    }

    async fn identity(
        &self,
        tenant: &TenantId,
        who: &ChatUser,
    ) -> Result<Option<IdentityLink>, StoreError> {
        let sealing = &self.means.sealing;
        read_sign_in::identity(&mut self.server.read().await?, sealing, tenant, who).await
    }

    async fn identities(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<IdentityLink>, StoreError> {
        let sealing = &self.means.sealing;
        read_sign_in::identities(&mut self.server.read().await?, sealing, tenant, limit).await
    }

    async fn shared_with(&self, who: &UserId) -> Result<Vec<UserId>, StoreError> {
        read_sign_in::shared_with(&mut self.server.read().await?, who).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError> {
        let (now, until) = (at(now), at(until));
        if !lease::may_claim(&mut self.server.read().await?, now).await? {
            return Ok(None);
        }
        let claimed = turn!(self, |tx| lease::claim(tx, now, until, &self.means.worker))?;
        let Some((row, lease)) = claimed else { return Ok(None) };
        self.bell.ring();
        Ok(Some((row.open(&self.means.sealing)?, lease)))
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        turn!(self, |tx| lease::renew(tx, lease, at(until)))
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError> {
        due::overdue(&mut self.server.read().await?, &self.means.sealing, at(now), limit).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        due::next_due(&mut self.server.read().await?).await
    }

    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !telling::may_say(&mut self.server.read().await?, now).await? {
            return Ok(Vec::new());
        }
        let rows = turn!(self, |tx| telling::unsaid(tx, now, until, limit))?;
        if !rows.is_empty() {
            self.bell.ring();
        }
        rows.into_iter().map(|row| row.open(&self.means.sealing)).collect()
    }

    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError> {
        let (now, until) = (at(now), not_before(until));
        if !telling::may_draw(&mut self.server.read().await?, now).await? {
            return Ok(Vec::new());
        }
        let rows = turn!(self, |tx| telling::stale(tx, now, until, limit))?;
        if !rows.is_empty() {
            self.bell.ring();
        }
        rows.into_iter().map(|row| row.open(&self.means.sealing)).collect()
    }

    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError> {
        turn!(self, |tx| telling::said(tx, &self.means.sealing, *id, &told))?;
        self.means.seen(Seen::Said(&told));
        Ok(())
    }

    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError> {
        read::stands(&mut self.server.read().await?, &self.means.sealing, *id).await
    }

    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError> {
        let wanted = wanted.cast_signed();
        turn!(self, |tx| telling::drawn(tx, &self.means.sealing, *id, wanted, &told))?;
        self.means.seen(Seen::Drawn(&told));
        Ok(())
    }

    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError> {
        read::link(&mut self.server.read().await?, &self.means.sealing, token_hash, at(now)).await
    }

    async fn links_about(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Vec<WaitingLink>, StoreError> {
        read::links_about(&mut self.server.read().await?, &self.means.sealing, user, at(now)).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let (kept_since, now) = (self.means.kept_since(now), at(now));
        turn!(self, |tx| tidy::sweep(tx, now, kept_since))
    }

    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError> {
        turn!(self, |tx| record::number_facts(tx, limit))
    }

    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        read_record::record(&mut self.server.read().await?, &self.means.sealing, seq, limit).await
    }

    async fn head(&self) -> Result<Option<Head>, StoreError> {
        read_record::head(&mut self.server.read().await?).await
    }

    async fn sign(&self, head: &Head, peaks: &[[u8; 32]]) -> Result<(), StoreError> {
        let peaks = peaks.concat();
        turn!(self, |tx| record::sign(tx, head, &peaks))
    }

    async fn peaks(&self, size: u64) -> Result<Option<Vec<[u8; 32]>>, StoreError> {
        read_record::peaks(&mut self.server.read().await?, size).await
    }

    async fn paused(&self) -> Result<bool, StoreError> {
        tidy::paused(&mut self.server.read().await?).await
    }

    async fn pause(&self, yes: bool) -> Result<(), StoreError> {
        turn!(self, |tx| tidy::pause(tx, yes))
    }
}
