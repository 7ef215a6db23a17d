//! A process that dies on command, at a write of its store or at a call it makes.
//!
//! - [`Fate`]     counts the points of a life and lets the process die at those it was told
//! - [`Crashing`] a store whose writes are points
//! - [`Fate::gate`] what every call to the outside passes, and each is a point
//!
//! A dead process does nothing: its store and its calls never answer again. At a point
//! it dies either before anything happens, or after it happened and before it is learnt.
//!
//! Not here: taking the house down and up again; the test does.

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::{Request as Asked, State as Extract},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use countersign::{
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
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

/// On which side of a point the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// It never happens.
    Before,
    /// It happens, and the process never learns.
    After,
}

/// What sort of point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Of its store.
    Write,
    /// To Microsoft, Slack or Teams.
    Call,
}

/// A death: at the `nth` point (from 1) since the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// Which point.
    pub nth: u32,
    /// On which side of it.
    pub when: When,
}

/// What happened so far.
#[derive(Debug, Default, Clone)]
pub struct Diary {
    /// Points passed since the last death.
    pub since: u32,
    /// Points passed at all.
    pub points: u32,
    /// Where the process died.
    pub died_at: Vec<(Sort, String, When)>,
    /// All points by their names.
    pub names: BTreeMap<(Sort, String), u32>,
}

#[derive(Default)]
struct Book {
    armed: bool,
    deaths: VecDeque<Death>,
    told: Diary,
    /// Counts the processes; what belongs to an earlier one is dead.
    process: u64,
}

/// Decides when the process dies. Clones are the same one.
#[derive(Clone)]
pub struct Fate {
    book: Arc<Mutex<Book>>,
    dead: Arc<watch::Sender<bool>>,
}

impl Fate {
    /// The process lives until it is told otherwise.
    pub fn new() -> Self {
        Self { book: Arc::default(), dead: Arc::new(watch::Sender::new(false)) }
    }

    /// From now on points count.
    pub fn arm(&self, deaths: impl IntoIterator<Item = Death>) {
        let mut book = self.book.lock().unwrap();
        book.armed = true;
        book.deaths = deaths.into_iter().collect();
        book.told = Diary::default();
    }

    /// From now on nothing counts any more.
    pub fn disarm(&self) {
        self.book.lock().unwrap().armed = false;
    }

    /// What happened so far.
    pub fn told(&self) -> Diary {
        self.book.lock().unwrap().told.clone()
    }

    /// The process is dead.
    pub fn is_dead(&self) -> bool {
        *self.dead.borrow()
    }

    /// Waits until the process is dead.
    pub async fn died(&self) {
        let mut dead = self.dead.subscribe();
        dead.wait_for(|dead| *dead).await.expect("fate outlives everybody");
    }

    /// A new process begins.
    pub fn revive(&self) {
        self.book.lock().unwrap().process += 1;
        self.dead.send_replace(false);
    }

    fn die(&self) {
        self.dead.send_replace(true);
    }

    fn process(&self) -> u64 {
        self.book.lock().unwrap().process
    }

    /// Counts a point. Says whether the process dies there, and on which side; of a
    /// point before which it dies, nothing happens any more.
    fn reach(&self, sort: Sort, name: &str) -> Option<When> {
        let mut book = self.book.lock().unwrap();
        if !book.armed {
            return None;
        }
        book.told.since += 1;
        book.told.points += 1;
        *book.told.names.entry((sort, name.to_owned())).or_default() += 1;
        let next = book.deaths.front().copied()?;
        if book.told.since != next.nth {
            return None;
        }
        book.deaths.pop_front();
        book.told.since = 0;
        book.told.died_at.push((sort, name.to_owned(), next.when));
        Some(next.when)
    }

    /// Everything the house calls passes here.
    pub fn gate(&self, routes: Router) -> Router {
        routes.layer(from_fn_with_state(self.clone(), pass))
    }

    /// What stands before the house's store.
    pub fn store(&self, real: Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::new(Crashing { real, process: self.process(), fate: self.clone() })
    }
}

async fn pass(Extract(fate): Extract<Fate>, asked: Asked, next: Next) -> Response {
    if fate.is_dead() {
        return pending().await;
    }
    let name = format!("{} {}", asked.method(), plain(asked.uri().path()));
    match fate.reach(Sort::Call, &name) {
        None => next.run(asked).await,
        Some(When::Before) => {
            fate.die();
            pending().await
        }
        Some(When::After) => {
            drop(next.run(asked).await);
            fate.die();
            pending().await
        }
    }
}

/// A path without the ids in it.
fn plain(path: &str) -> String {
    let part = |part: &str| {
        let id =
            part.len() > 24 || part.contains(':') || part.contains("%3A") || part.contains("17000");
        if id { "…".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A store whose process can die at each write.
pub struct Crashing {
    real: Arc<dyn Store>,
    process: u64,
    fate: Fate,
}

impl Crashing {
    async fn alive(&self) {
        if self.fate.is_dead() || self.fate.process() != self.process {
            pending::<()>().await;
        }
    }

    /// A read: a dead process reads nothing.
    async fn read<T>(&self, work: impl Future<Output = T>) -> T {
        self.alive().await;
        let got = work.await;
        self.alive().await;
        got
    }

    /// A write that always changes something.
    async fn write<T>(&self, name: &str, work: impl Future<Output = T>) -> T {
        self.alive().await;
        match self.fate.reach(Sort::Write, name) {
            Some(When::Before) => {
                self.fate.die();
                pending().await
            }
            Some(When::After) => {
                drop(work.await);
                self.fate.die();
                pending().await
            }
            None => self.finished(work).await,
        }
    }

    /// A write that may find nothing to do, and then is no point. Dying before it is
    /// dying after the point before, so it is done in any case.
    async fn hand_out<T>(
        &self,
        name: &str,
        work: impl Future<Output = Result<T, StoreError>>,
        found: impl Fn(&T) -> bool,
    ) -> Result<T, StoreError> {
        self.alive().await;
        let got = work.await;
        self.alive().await;
        if got.as_ref().is_ok_and(found) && self.fate.reach(Sort::Write, name).is_some() {
            self.fate.die();
            pending::<()>().await;
        }
        got
    }

    async fn finished<T>(&self, work: impl Future<Output = T>) -> T {
        let got = work.await;
        self.alive().await;
        got
    }
}

/// What a turn is for, by what stands in it.
fn name(turn: &Turn) -> String {
    let mut name = "save".to_owned();
    let mut add = |is: bool, what: &str| {
        if is {
            name.push(' ');
            name.push_str(what);
        }
    };
    add(turn.received.is_some(), "received");
    add(turn.inbox.is_some(), "inbox");
    add(!turn.requests.is_empty(), turn.requests.first().map_or("", |(r, _)| r.stage.name()));
    add(!turn.votes.is_empty(), "vote");
    add(!turn.steps.is_empty(), "steps");
    add(!turn.snapshots.is_empty(), "snapshot");
    add(!turn.secrets.is_empty(), "secret");
    add(!turn.links.is_empty(), "link");
    add(turn.open_link.is_some(), "opened");
    add(turn.release, "release");
    name
}

#[async_trait]
impl Store for Crashing {
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError> {
        self.write(&name(&turn), self.real.save(turn)).await
    }

    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        self.read(self.real.answered(key)).await
    }

    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        self.read(self.real.unhandled(limit)).await
    }

    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError> {
        self.read(self.real.request(id)).await
    }

    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError> {
        self.read(self.real.numbered(tenant, number)).await
    }

    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError> {
        self.read(self.real.plan(id, revision)).await
    }

    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError> {
        self.read(self.real.votes(id, revision)).await
    }

    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError> {
        self.read(self.real.steps(id)).await
    }

    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError> {
        self.read(self.real.copies(id)).await
    }

    async fn copies_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Copy>, StoreError> {
        self.read(self.real.copies_since(since, limit)).await
    }

    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError> {
        self.read(self.real.was_shown(showing)).await
    }

    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.open(tenant, about, limit)).await
    }

    async fn rows(
        &self,
        batch: &RequestId,
        state: Option<&str>,
        after: Number,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.rows(batch, state, after, limit)).await
    }

    async fn row_states(&self, batch: &RequestId) -> Result<RowStates, StoreError> {
        self.read(self.real.row_states(batch)).await
    }

    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.made_in(place, limit)).await
    }

    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError> {
        self.read(self.real.thread(place, limit)).await
    }

    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError> {
        self.read(self.real.conversations(user)).await
    }

    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError> {
        self.read(self.real.secret(id, step)).await
    }

    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError> {
        self.read(self.real.snapshots(id)).await
    }

    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.took_from(user, limit)).await
    }

    async fn standing(
        &self,
        tenant: &TenantId,
        after: Timestamp,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.standing(tenant, after, limit)).await
    }

    async fn used(&self, of: &RequestId, day: Timestamp) -> Result<u32, StoreError> {
        self.read(self.real.used(of, day)).await
    }

    async fn counted(
        &self,
        requester: &UserId,
        since: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        self.read(self.real.counted(requester, since)).await
    }

    async fn sign_in(
        &self,
        by: SignInKey<'_>,
        now: Timestamp,
    ) -> Result<Option<SignIn>, StoreError> {
        self.read(self.real.sign_in(by, now)).await
    }

    async fn identity(
        &self,
        tenant: &TenantId,
        who: &ChatUser,
    ) -> Result<Option<IdentityLink>, StoreError> {
        self.read(self.real.identity(tenant, who)).await
    }

    async fn identities(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<IdentityLink>, StoreError> {
        self.read(self.real.identities(tenant, limit)).await
    }

    async fn shared_with(&self, who: &UserId) -> Result<Vec<UserId>, StoreError> {
        self.read(self.real.shared_with(who)).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError> {
        self.hand_out("claim", self.real.claim(now, until), Option::is_some).await
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        self.write("renew", self.real.renew(lease, until)).await
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError> {
        self.read(self.real.overdue(now, limit)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(self.real.next_due()).await
    }

    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError> {
        self.hand_out("unsaid", self.real.unsaid(now, until, limit), |found| !found.is_empty())
            .await
    }

    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError> {
        self.hand_out("stale", self.real.stale(now, until, limit), |found| !found.is_empty()).await
    }

    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError> {
        self.write("said", self.real.said(id, told)).await
    }

    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError> {
        self.read(self.real.stands(id)).await
    }

    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError> {
        self.write("drawn", self.real.drawn(id, wanted, told)).await
    }

    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError> {
        self.read(self.real.link(token_hash, now)).await
    }

    async fn links_about(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Vec<WaitingLink>, StoreError> {
        self.read(self.real.links_about(user, now)).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.hand_out("sweep", self.real.sweep(now), |rows| *rows > 0).await
    }

    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError> {
        self.hand_out("number_facts", self.real.number_facts(limit), |facts| *facts > 0).await
    }

    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        self.read(self.real.record(seq, limit)).await
    }

    async fn head(&self) -> Result<Option<Head>, StoreError> {
        self.read(self.real.head()).await
    }

    async fn sign(&self, head: &Head, peaks: &[[u8; 32]]) -> Result<(), StoreError> {
        self.write("sign", self.real.sign(head, peaks)).await
    }

    async fn peaks(&self, size: u64) -> Result<Option<Vec<[u8; 32]>>, StoreError> {
        self.read(self.real.peaks(size)).await
    }

    async fn paused(&self) -> Result<bool, StoreError> {
        self.read(self.real.paused()).await
    }

    async fn pause(&self, yes: bool) -> Result<(), StoreError> {
        self.write("pause", self.real.pause(yes)).await
    }
}
