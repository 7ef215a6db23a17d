//! Remembers, one whole turn at a time.
//!
//! A [`Turn`] is everything one step of a request writes: the request at its new
//! version, plan revisions, steps, votes, facts, messages to say, secrets. It is
//! saved in one transaction or not at all; a request that was changed meanwhile
//! makes it a [`StoreError::Conflict`], and the caller reads again.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    chat::{CardRef, ChatUser, Inbound, Place},
    decision::Vote,
    fact::Fact,
    ids::{Digest, Nonce, Number, RequestId, StepId, TenantId, UserId},
    message::{Audience, Message},
    plan::Frozen,
    request::Request,
    secret::Secret,
    sign_in::{IdentityLink, Linking, SignIn},
    snapshot::Snapshot,
    standing::Use,
    step::StepRun,
    users::PersonRef,
};
pub use crate::ports::copies::{Gathered, Showing, Stale};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the request, or took its lease, since it was read.
    #[error("the request was changed meanwhile")]
    Conflict,
    /// This delivery was handled before; the answer that was given then.
    #[error("handled before")]
    Repeated(Box<Answer>),
    /// Another request holds a resource that is needed.
    #[error("{resource} is in use by {holder}")]
    Locked {
        /// Which.
        resource: String,
        /// By which request.
        holder: RequestId,
    },
    /// The database failed: full, read-only, damaged, busy for too long. Nothing was saved.
    #[error("the store failed")]
    Broken(#[source] anyhow::Error),
}

/// What was answered to a delivery, so that its repeats get the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The sentence to show the person who pressed or asked, if any.
    pub say: Option<Message>,
    /// The request whose card is shown in its new state, if any.
    pub request: Option<RequestId>,
}

/// One write of a whole turn. Empty fields write nothing.
#[derive(Debug, Default)]
pub struct Turn {
    /// The time of the turn.
    pub at: Timestamp,
    /// Whose directory it is about, where nothing else in it says so.
    pub of: Option<TenantId>,
    /// The delivery this turn handles; a second turn with the same key is refused.
    pub inbox: Option<(String, Answer)>,
    /// A delivery that is acknowledged before it is handled (Slack wants its answer in
    /// 3 s): kept sealed until a turn with its key is saved, so that a crash loses nothing.
    pub received: Option<Inbound>,
    /// Requests at their new state, with the version they were read at (`None`: new).
    pub requests: Vec<(Request, Option<u64>)>,
    /// The lease this turn is written under; refused when it was lost.
    pub lease: Option<Lease>,
    /// Give the lease back.
    pub release: bool,
    /// New immutable plans.
    pub revisions: Vec<Frozen>,
    /// Steps at their new state; new ones need their revision in the same turn or before.
    pub steps: Vec<(RequestId, StepRun)>,
    /// Votes cast.
    pub votes: Vec<Vote>,
    /// What the record keeps.
    pub facts: Vec<Fact>,
    /// Messages to say, in this order.
    pub say: Vec<Say>,
    /// What is said in the place of earlier messages.
    pub instead: Vec<Instead>,
    /// New copies of a request's card.
    pub copies: Vec<Copy>,
    /// Who was shown every step of a plan.
    pub shown: Vec<Showing>,
    /// Every copy of these requests' cards is drawn again.
    pub redraw: Vec<RequestId>,
    /// A copy that the answer to this delivery shows as well, and until when that answer may
    /// arrive: what is drawn sooner is drawn once more then. Only a copy that is drawn again.
    pub in_answer: Option<(Uuid, Timestamp)>,
    /// New secrets, bound to a step, in the turn of its intent.
    pub secrets: Vec<NewSecret>,
    /// Links made for secrets (the value moves under a key from the link's token).
    pub links: Vec<NewLink>,
    /// The link this turn opens, by its token's SHA-256: the value is deleted, and what its
    /// message would have said in the end is not said. Refused when there is no such link,
    /// it was opened before, or it expired.
    pub open_link: Option<[u8; 32]>,
    /// Links that open no more, because a newer value took the place of theirs: the value is
    /// deleted, and what the message would have said in the end is not said. One that was
    /// opened meanwhile, or expired, is left as it is.
    pub void_links: Vec<[u8; 32]>,
    /// Parts of what somebody had. A part that is there already stays as it was written.
    pub snapshots: Vec<Snapshot>,
    /// Secrets that are no longer wanted.
    pub forget_secrets: Vec<(RequestId, StepId)>,
    /// Uses of standing approvals. The turn is a conflict when one is over or revoked, or its
    /// day is full.
    pub uses: Vec<Use>,
    /// People counted against the limits of mass changes. The turn is a conflict when one would
    /// be passed.
    pub counted: Vec<Counted>,
    /// Resources a request takes while it runs; refused when another holds one.
    pub lock: Vec<(RequestId, String)>,
    /// Requests that give all theirs back.
    pub unlock: Vec<RequestId>,
    /// What was said in a thread, kept for "this user", sealed, for a limited time.
    pub heard: Vec<HeardInThread>,
    /// Conversations the bot may use, and those it may not any more.
    pub conversations: Vec<Conversation>,
    /// Sign-ins at their new state, with the version they were read at. A new one (`None`)
    /// takes the place of an older one of the same account for the same.
    pub sign_ins: Vec<(SignIn, Option<u64>)>,
    /// Sign-ins that are over, as they were read; refused when one was changed since.
    pub sign_ins_over: Vec<SignIn>,
    /// Whose chat accounts are, from now on.
    pub linking: Vec<Linking>,
}

/// By what a sign-in is found.
#[derive(Debug, Clone, Copy)]
pub enum SignInKey<'a> {
    /// SHA-256 of its link's token.
    Token(&'a Digest),
    /// SHA-256 of the `state` of the way it is on.
    State(&'a Digest),
    /// The chat account that is to be linked by it.
    LinkOf(&'a ChatUser),
}

/// How the rows of a batch stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowStates {
    /// How many are in each state, by its stored name.
    pub states: BTreeMap<String, u32>,
    /// The earliest instant at which something is due for one of them; for one that is carried
    /// out just now that may be long ago.
    pub due: Option<Timestamp>,
}

/// People whom a request is about, counted when its turn is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Who asked.
    pub requester: UserId,
    /// How many people.
    pub people: u32,
    /// The step of time they are counted in.
    pub window: Timestamp,
    /// Those counted after this are counted together.
    pub since: Timestamp,
    /// At most so many, of everybody's requests.
    pub most: Option<u32>,
    /// At most so many, of this requester's.
    pub most_each: Option<u32>,
}

/// What a save gave.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The requests' ids, numbers and new versions, in the order of the turn.
    pub requests: Vec<(RequestId, Number, u64)>,
}

/// The right to carry out one request for a while, fenced by a token that counts up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Of which request.
    pub request: RequestId,
    /// Counts up with each claim.
    pub token: u64,
}

/// A delivery key that begins so is kept for good, however long others are: what is saved under
/// it is done once and never again. For the house's own few keys; no chat's begins so.
pub const ONCE: &str = "once/";

/// A message to say once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// Of the message; also the key of its tries.
    pub id: Uuid,
    /// To whom.
    pub to: SayTo,
    /// What.
    pub what: Message,
}

/// Says something in the place of an earlier message: that one is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// What is said now, to whom the earlier one was said.
    pub say: Say,
    /// The earlier message.
    pub of: Uuid,
    /// Not before this.
    pub from: Timestamp,
}

/// Where a message stands that was to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// Not said yet.
    NotYet,
    /// There.
    At(CardRef),
    /// Nowhere it could be changed: it was never said, or to one person in passing.
    Nowhere,
}

/// To whom something is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum SayTo {
    /// Everybody in a place.
    Place {
        /// Where.
        place: Place,
    },
    /// One person, in their personal conversation with the bot.
    Person {
        /// Who.
        user: ChatUser,
    },
    /// One person in a place, seen by nobody else.
    Whisper {
        /// Where.
        place: Place,
        /// Who.
        user: ChatUser,
    },
}

/// So often a message is tried while later ones to the same conversation wait for it. After
/// that they pass it by.
pub const TRIES_IN_TURN: u32 = 3;

/// A message that waits to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// The message.
    pub say: Say,
    /// The earlier message whose place it takes.
    pub instead_of: Option<Uuid>,
    /// How often it was tried.
    pub tries: u32,
    /// Whose directory the turn was about that said it.
    pub of: Option<TenantId>,
}

/// One copy of a request's card, posted or to be posted. It is drawn from the
/// request as it stands, so all copies agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// Of the copy; also the key of its tries.
    pub id: Uuid,
    /// Of which request.
    pub request: RequestId,
    /// For whom.
    pub audience: Audience,
    /// Where.
    pub to: SayTo,
    /// The value its buttons carry.
    pub nonce: Nonce,
    /// The message it became.
    pub card: Option<CardRef>,
    /// It is a line of a card that lists several, and can only be opened there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathered: Option<Gathered>,
}

/// What became of a try to say something or to draw a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It stands there now.
    Said(Option<CardRef>),
    /// It stands there now, and an earlier try whose fate nobody knows may still arrive until
    /// then and put something older in its place. A card is drawn once more after that.
    Doubtful(Option<CardRef>, Timestamp),
    /// It was not tried: nothing was sent. Hand it out again, not before this.
    NotYet(Timestamp),
    /// It was tried and did not work. Try again, not before this.
    Later(Timestamp),
    /// It can never be said; why, for the log and the record.
    Never(String),
}

/// A secret made for a step, sealed at rest, bound to request and step.
#[derive(Debug)]
pub struct NewSecret {
    /// For which request.
    pub request: RequestId,
    /// For which step.
    pub step: StepId,
    /// Who will receive it.
    pub recipient: UserId,
    /// The value.
    pub value: Secret,
    /// When it is deleted, opened or not.
    pub expires_at: Timestamp,
}

/// A one-time link to a secret: the value is sealed anew under a key made from the
/// link's token, of which only the SHA-256 is kept; the first copy is deleted.
#[derive(Debug)]
pub struct NewLink {
    /// For which request.
    pub request: RequestId,
    /// For which step.
    pub step: StepId,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The value, sealed under a key made from the token.
    pub sealed: Vec<u8>,
    /// When it stops opening.
    pub expires_at: Timestamp,
    /// The message it is sent in.
    pub message: Uuid,
}

/// A link that still opens. Whoever shows its value first saves a turn that opens it.
#[derive(Debug, PartialEq, Eq)]
pub struct WaitingLink {
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// For which request.
    pub request: RequestId,
    /// For which step.
    pub step: StepId,
    /// The value, sealed under a key made from the token.
    pub sealed: Vec<u8>,
    /// What its message says once the link ran out.
    pub ending: Option<Instead>,
}

/// Something said in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardInThread {
    /// [`Place::key`].
    pub place: String,
    /// Whose directory.
    pub tenant: TenantId,
    /// By a person (true) or by the bot.
    pub person: bool,
    /// The words, with typed passwords replaced. Sealed at rest.
    pub words: String,
    /// Whom it was about, once that was known.
    pub about: Vec<PersonRef>,
    /// When.
    pub at: Timestamp,
    /// When it is deleted.
    pub until: Timestamp,
}

/// A conversation the bot was met in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Where.
    pub place: Place,
    /// With whom, for a personal one.
    pub with: Option<ChatUser>,
    /// The directory object it belongs to, once known.
    pub user: Option<UserId>,
    /// May the bot speak there?
    pub open: bool,
    /// When this was learned.
    pub at: Timestamp,
}

/// A fact with its place in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Counts from 0 without gaps.
    pub seq: u64,
    /// The canonical bytes of its header.
    pub header: Vec<u8>,
    /// SHA-256(salt ‖ payload).
    pub payload_hash: [u8; 32],
    /// What is left of its payload.
    pub payload: Payload,
}

/// What is left of a fact's payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// All of it.
    Kept {
        /// Random bytes before the text, so that its hash tells nothing.
        salt: Vec<u8>,
        /// JSON text.
        text: Vec<u8>,
    },
    /// Its subject was forgotten, and nobody can read it any more. The record says so in a
    /// fact of its own ([`Fact::forgetting`]); without one this is a claim of the database.
    Forgotten {
        /// Whose key is gone.
        subject: String,
    },
    /// It is gone or does not open, and nobody was forgotten.
    Destroyed,
}

impl Recorded {
    /// The payload's text, while it is kept.
    pub fn said(&self) -> Option<&[u8]> {
        match &self.payload {
            Payload::Kept { text, .. } => Some(text),
            Payload::Forgotten { .. } | Payload::Destroyed => None,
        }
    }
}

/// A signed statement about the record's first `size` facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many facts it covers.
    pub size: u64,
    /// The Merkle root over their leaves.
    pub root: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// Which key.
    pub key: String,
    /// Ed25519 over size, root and time.
    pub signature: Vec<u8>,
}

/// Remembers. Two real ones and a fake keep the same contract (`tests/store.rs`).
#[async_trait]
pub trait Store: Send + Sync {
    /// Saves a whole turn, or nothing. When it returns, the turn is on the disk.
    async fn save(&self, turn: Turn) -> Result<Saved, StoreError>;

    /// The answer given to a delivery, if it was handled.
    async fn answered(&self, key: &str) -> Result<Option<Answer>, StoreError>;
    /// Deliveries that were received and not handled yet, oldest first, at most `limit`.
    async fn unhandled(&self, limit: u32) -> Result<Vec<Inbound>, StoreError>;
    /// A request.
    async fn request(&self, id: &RequestId) -> Result<Option<Request>, StoreError>;
    /// A request by its number.
    async fn numbered(
        &self,
        tenant: &TenantId,
        number: Number,
    ) -> Result<Option<Request>, StoreError>;
    /// The plan of a revision, from its stored bytes.
    async fn plan(&self, id: &RequestId, revision: u32) -> Result<Option<Frozen>, StoreError>;
    /// The votes on a revision, oldest first.
    async fn votes(&self, id: &RequestId, revision: u32) -> Result<Vec<Vote>, StoreError>;
    /// The steps, in order.
    async fn steps(&self, id: &RequestId) -> Result<Vec<StepRun>, StoreError>;
    /// The copies of its card.
    async fn copies(&self, id: &RequestId) -> Result<Vec<Copy>, StoreError>;
    /// Copies of anybody's cards that were made after an instant, newest first, at most `limit`.
    async fn copies_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Copy>, StoreError>;
    /// Was this person shown every step of this plan? Forgotten when its request is over.
    async fn was_shown(&self, showing: &Showing) -> Result<bool, StoreError>;
    /// Requests that are not final, newest first, at most `limit`; of one subject, if given. Rows
    /// of a batch are only found by their subject.
    async fn open(
        &self,
        tenant: &TenantId,
        about: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError>;
    /// The rows of a batch after a number, in their order, at most `limit`; in the state with this
    /// name, if one is given.
    async fn rows(
        &self,
        batch: &RequestId,
        state: Option<&str>,
        after: Number,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError>;
    /// How many rows of a batch stand where, and when the next of them is due.
    async fn row_states(&self, batch: &RequestId) -> Result<RowStates, StoreError>;
    /// The latest requests of any state made in a place, newest first; no rows of batches.
    async fn made_in(&self, place: &str, limit: u32) -> Result<Vec<Request>, StoreError>;
    /// What was said in a thread, oldest first, the last `limit`.
    async fn thread(&self, place: &str, limit: u32) -> Result<Vec<HeardInThread>, StoreError>;
    /// The conversations with somebody, newest first.
    async fn conversations(&self, user: &UserId) -> Result<Vec<Conversation>, StoreError>;
    /// The sealed-at-rest value made for a step, if its link was not made yet.
    async fn secret(&self, id: &RequestId, step: StepId) -> Result<Option<Secret>, StoreError>;

    /// What a request kept of what somebody had, by steps; what was swept or forgotten is not
    /// among it.
    async fn snapshots(&self, id: &RequestId) -> Result<Vec<Snapshot>, StoreError>;
    /// Requests about somebody that keep some of what they had, newest first, at most `limit`.
    async fn took_from(&self, user: &UserId, limit: u32) -> Result<Vec<Request>, StoreError>;

    /// Standing approvals that were signed and end after an instant, revoked ones among them,
    /// newest first, at most `limit`.
    async fn standing(
        &self,
        tenant: &TenantId,
        after: Timestamp,
        limit: u32,
    ) -> Result<Vec<Request>, StoreError>;
    /// How much of a standing approval is used on the day that began at this instant.
    async fn used(&self, of: &RequestId, day: Timestamp) -> Result<u32, StoreError>;

    /// How many people were counted after an instant: of everybody's requests, and of this
    /// requester's.
    async fn counted(&self, requester: &UserId, since: Timestamp)
    -> Result<(u32, u32), StoreError>;

    /// A sign-in that is not over.
    async fn sign_in(
        &self,
        by: SignInKey<'_>,
        now: Timestamp,
    ) -> Result<Option<SignIn>, StoreError>;
    /// Whose a chat account is now, by a sign-in.
    async fn identity(
        &self,
        tenant: &TenantId,
        who: &ChatUser,
    ) -> Result<Option<IdentityLink>, StoreError>;
    /// All links that hold, at most `limit`.
    async fn identities(
        &self,
        tenant: &TenantId,
        limit: u32,
    ) -> Result<Vec<IdentityLink>, StoreError>;
    /// Everybody whose account one of this person's chat accounts is or ever was, without
    /// themselves.
    async fn shared_with(&self, who: &UserId) -> Result<Vec<UserId>, StoreError>;

    /// Takes the lease of a request that is approved, due or abandoned by its worker. Rows of
    /// batches come after everything else, and those never taken up before those that were: so
    /// the first turn of every row comes before the second of any.
    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Request, Lease)>, StoreError>;
    /// Keeps a lease for longer.
    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError>;
    /// Requests in Clarifying or Pending for which something is due (a reminder, their end), at most `limit`.
    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Request>, StoreError>;
    /// The next instant at which anything is due: a request, a message, a card.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Messages to say now, oldest first; each is handed out to one teller until `until`.
    /// A teller who never said what became of one counts as a try: it may stand there.
    async fn unsaid(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unsaid>, StoreError>;
    /// Copies to draw now; each is handed out to one teller until `until`, and counted
    /// as tried like messages.
    async fn stale(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Stale>, StoreError>;
    /// What became of a message. A message that was said is kept without its words.
    async fn said(&self, id: &Uuid, told: Told) -> Result<(), StoreError>;
    /// Where a message stands that was to be said.
    async fn stands(&self, id: &Uuid) -> Result<Stands, StoreError>;
    /// What became of a copy; `wanted` as it was handed out.
    async fn drawn(&self, id: &Uuid, wanted: u64, told: Told) -> Result<(), StoreError>;

    /// The link with this token, while it opens. Reading it opens nothing: [`Turn::open_link`] does.
    async fn link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<WaitingLink>, StoreError>;
    /// Links that still open, of requests about somebody, the oldest first, at most 20.
    async fn links_about(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Vec<WaitingLink>, StoreError>;
    /// Deletes what is past its time: secrets, links, words of threads, snapshots with what
    /// the steps of their requests saw, old deliveries, who was shown plans that are over. Says how many rows.
    async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Numbers facts that have no place in the record yet, at most `limit`; says how many.
    async fn number_facts(&self, limit: u32) -> Result<u32, StoreError>;
    /// The record from `seq` on.
    async fn record(&self, seq: u64, limit: u32) -> Result<Vec<Recorded>, StoreError>;
    /// The newest signed head.
    async fn head(&self) -> Result<Option<Head>, StoreError>;
    /// Keeps a signed head, and the peaks of the tree it is over; refused when it is not larger
    /// than the newest.
    async fn sign(&self, head: &Head, peaks: &[[u8; 32]]) -> Result<(), StoreError>;
    /// The peaks that were kept with the head over so many facts; none when there were none.
    async fn peaks(&self, size: u64) -> Result<Option<Vec<[u8; 32]>>, StoreError>;

    /// Is everything paused by the operator?
    async fn paused(&self) -> Result<bool, StoreError>;
    /// Pauses or resumes everything.
    async fn pause(&self, yes: bool) -> Result<(), StoreError>;
}
