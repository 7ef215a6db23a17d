//! Carries out what was approved, across crashes.
//!
//! - [`Engine::advance`] takes a request as far as it goes now, and says when to come back
//! - [`walk`]            what follows for each step from what was seen: pure
//! - [`pace`]            how long to wait before looking or trying again: pure
//! - [`ended`]           the sentence for whoever asked, when it is over
//! - [`rehearse`] a plan played at once, in a tenant that is not real
//! - [`link`]            one-time links: the value under a key made from the link's token
//!
//! ```text
//! claim → proof from the stored votes → look (one batch) and the signers' rights → intent saved
//!   → calls (batches) → look → result saved
//! ```
//!
//! Steps that may begin together do so in one wave: one save of what is begun, batches in
//! parallel, one look, one save of what came of it. The look that reads a wave back is the first
//! look at the next one as well, and a step that only has to come after another goes in the same
//! message with it where the service keeps the order.
//!
//! Before the first step that takes something away from somebody, all of what they had is
//! read and kept; what ends their access does not wait for that.
//!
//! A step is recorded as started before its call and as finished after it. A step
//! found started is read back before anything is repeated.
//!
//! Not here: who may sign (the desk says, see [`Signers`]), and any sleeping: time is handed in, and whoever calls
//! [`Engine::advance`] waits until the instant it names.

pub mod ended;
pub mod link;
pub mod pace;
pub mod rehearse;
pub mod walk;

mod run;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument as _;

use crate::{
    domain::{
        decision::{Vote, VoteKey},
        ids::{RequestId, StepId, TenantId},
        plan::{Frozen, Note, Plan},
        request::Request,
        step::StepRun,
        trouble::{self, Reason},
    },
    ports::{
        clock::Clock,
        hands::Hands,
        store::{Lease, Store, StoreError, Turn},
        trace::SPANS,
        world::World,
    },
};

/// A call is not begun when less than this part of the lease is left.
const LEASE_MARGIN: i32 = 3;
/// What is about a tenant without a door is looked at again after this.
const SHUT_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Says whose signatures still count.
#[async_trait]
pub trait Signers: Send + Sync {
    /// Those of these votes whose voter may still sign this plan, by what the directory and
    /// the rules say now (at most 60 s old). A no is always among them.
    async fn still(
        &self,
        request: &Request,
        plan: &Plan,
        votes: &[Vote],
    ) -> trouble::Result<Vec<Vote>>;
}

/// Says what moved since a plan was shown, and asks for it anew.
#[async_trait]
pub trait Anew: Send + Sync {
    /// The steps of these parts that do not begin, because what was shown of them is not so any
    /// more (at most 60 s old), and why. Steps that end access are never among them.
    async fn moved(
        &self,
        request: &Request,
        plan: &Plan,
        parts: &BTreeSet<u16>,
    ) -> trouble::Result<Vec<(StepId, Reason)>>;

    /// Puts a new request into the turn, of the same person, for what did not begin because it
    /// [`Reason::Drifted`]; the runs then name it. What has one already gets no second.
    async fn ask_anew(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        runs: &mut [StepRun],
    ) -> Result<(), StoreError>;

    /// Puts a request for all of it, at its time, into the turn, because of a note that its card
    /// begins with. Nothing where whoever asked is not there any more.
    async fn ask_again(
        &self,
        turn: &mut Turn,
        request: &Request,
        frozen: &Frozen,
        why: Note,
    ) -> Result<Option<RequestId>, StoreError>;
}

/// The door to one tenant: nothing of another can be read or changed through it.
#[derive(Clone)]
pub struct Door {
    /// Changes it.
    pub hands: Arc<dyn Hands>,
    /// Looks at what somebody has, before it is taken away.
    pub world: Arc<dyn World>,
}

/// Carries out approved plans.
pub struct Engine {
    /// What is remembered.
    pub store: Arc<dyn Store>,
    /// The doors to the tenants. What is about another one waits.
    pub tenants: BTreeMap<TenantId, Door>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// Reads the rights of those who signed again.
    pub signers: Arc<dyn Signers>,
    /// Compares what was signed with what is.
    pub anew: Arc<dyn Anew>,
    /// Seals votes; an `Approved` is made only through it.
    pub votes: Arc<VoteKey>,
    /// What one-time links start with: `https://host`, no slash at the end.
    pub public_url: String,
    /// How long a link opens.
    pub links_live: SignedDuration,
    /// How long what somebody had is kept after it was taken away.
    pub snapshots_live: SignedDuration,
    /// How long a worker may keep a request without a sign of life.
    pub lease: SignedDuration,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the engine")
    }
}

/// When to come back to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It ended, or waits for people.
    Ended,
    /// Nothing to do before this.
    At(Timestamp),
    /// Another worker has it.
    Lost,
}

impl Engine {
    /// Takes the lease of a request that is due, if there is one.
    pub async fn claim(&self) -> Result<Option<(Request, Lease)>, StoreError> {
        let now = self.clock.now();
        self.store.claim(now, now + self.lease).await
    }

    /// Takes the lease of a request that is due, if there is one, and takes it as
    /// far as it goes now. `None`: nothing is due.
    pub async fn work(&self) -> Result<Option<Next>, StoreError> {
        let Some((request, lease)) = self.claim().await? else { return Ok(None) };
        self.advance(&request, &lease).await.map(Some)
    }

    /// Takes a leased request as far as it goes now. The lease is given back when
    /// it ends or waits. Safe to call again after a crash at any point.
    pub async fn advance(&self, request: &Request, lease: &Lease) -> Result<Next, StoreError> {
        let span = tracing::info_span!(target: SPANS, "run", request = %request.id);
        let done = async {
            match self.tenants.get(&request.tenant) {
                Some(door) => Box::pin(run::Run::new((self, door), request, lease).go()).await,
                None => self.shut(request, lease).await,
            }
        };
        let done = done.instrument(span).await;
        match done {
            Err(StoreError::Conflict) => Ok(Next::Lost),
            other => other,
        }
    }

    /// Nothing is done in a tenant that the settings do not name; it waits until they do.
    async fn shut(&self, request: &Request, lease: &Lease) -> Result<Next, StoreError> {
        tracing::error!(
            request.id = %request.id, tenant = %request.tenant,
            "A request is about a tenant that the settings do not name; it waits. Name the tenant again under [[tenants]], or stop the request"
        );
        let at = self.clock.now() + SHUT_FOR;
        let waiting = Request { due_at: Some(at), ..request.clone() };
        let turn = Turn {
            at: self.clock.now(),
            lease: Some(lease.clone()),
            release: true,
            requests: vec![(waiting, Some(request.version))],
            ..Turn::default()
        };
        self.store.save(turn).await.map(|_| Next::At(at))
    }
}
