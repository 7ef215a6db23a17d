//! The path of a request: hear → plan → decide → save → say.
//!
//! - [`Desk::receive`] keeps a delivery before it is acknowledged, where there is no time to handle it
//! - [`Desk::handle`]  handles one delivery, once: words ([`hear`]) or a button ([`press`])
//! - [`tenants`] a desk for each tenant, and which of them hears; [`which`] asks which one is meant
//! - [`people`]  who is called what, kept fresh; [`roll`] what that is made of
//! - [`templates`] named ways to ask, some of the form filled in
//! - [`things`]  what else has a name: devices
//! - [`sign_in`] signing in at Entra: whose a Slack account is, and a signature that takes it
//! - [`named`]   actions that the rules name are there
//! - [`who`]     who somebody in a chat is in the directory, and what they are a member of
//! - [`hear`]    words → proposals → a waiting request, an answer or a question
//! - [`with_model`] a language model is asked about what was left open
//! - [`attached`] a table that came as a file
//! - [`mod@batch`] a table of people → one request
//! - [`aside`]   help, how things stand, taking a request back
//! - [`propose`] proposals → a request, saved whole with its cards
//! - [`weigh`]   proposals → plans, and what policy says about them
//! - [`ways`]    to more rights that a plan opens
//! - [`seats`]   do others wait for the same seats?
//! - [`limits`]  too many people at once?
//! - [`places`]  where the cards of a request go
//! - [`gather`]  more cards than one approver can read are listed on one
//! - [`press`]   a button → a decision, saved whole; [`mod@button`] could it be on that card?
//! - [`mod@ballot`] a vote as it is cast: as what somebody signs, and who is asked next
//! - [`pick`]    an answer to a question, by a choice or through a form
//! - [`signers`] whose signatures still count at the run
//! - [`form`]    a form drawn for somebody; [`suggest`] what its pickers find
//! - [`fill`]    a form that was filled in → the same path as words
//! - [`client`]  a program that proposes in somebody's name
//! - [`amend`]   what was asked, as a form: a new request takes the place of the old one
//! - [`read`]    where what was looked up appears, and its pages
//! - [`signers`] whose signatures still count at the run
//! - [`drift`]   what moved since a plan was shown, and the request that asks for it anew
//! - [`after`]   buttons on what has run: stop, retry, doubt, undo; [`restore`] what an
//!   offboarding took is given back
//! - [`rehearse`] what a plan would do, played in a tenant that is not real
//! - [`drafts`]  first and last days of the directory → proposals, once each
//! - [`details`] every step of a plan whose card only counts them
//! - [`review`]  what was signed alone, looked at afterwards
//! - [`escalate`] a request that waits for long is shown to further people
//! - [`standing`] a class of requests that is signed once, beforehand
//! - [`talk`]    a question back to whoever asked, and the answer
//! - [`caller`]  a number by which the subject of a request is recognised
//! - [`trim`]    steps that are unticked on a card that waits
//! - [`reveal`]  a one-time link → its secret, once
//! - [`show`]    a request → the card's view
//! - [`tell`]    says what was saved to be said, and draws the cards anew
//! - [`record`]  numbers and signs the record, posts its heads
//! - [`operators`] tells whoever runs the service what it needs, such as a new secret
//! - [`sweep`]   expires, takes up what was left
//!
//! Each turn looks, asks the heart, and saves the new request, what must be said
//! and what must run in one transaction. Speaking and doing happen afterwards,
//! from what was saved.
//!
//! Not here: HTTP, SQL, and the shape of a card.

pub mod after;
pub mod amend;
pub mod aside;
mod attached;
pub(crate) mod ballot;
mod batch;
mod button;
mod caller;
pub mod client;
pub mod details;
pub mod drafts;
pub mod drift;
pub mod escalate;
pub mod fill;
pub mod form;
mod gather;
pub mod hear;
mod limits;
pub mod named;
pub mod operators;
pub mod people;
pub mod pick;
pub mod places;
pub mod press;
pub mod propose;
pub mod read;
pub mod record;
pub mod rehearse;
mod restore;
pub mod reveal;
pub mod review;
mod roll;
mod seats;
pub mod show;
pub mod sign_in;
pub mod signers;
pub mod standing;
pub mod suggest;
pub mod sweep;
pub mod talk;
pub mod tell;
pub mod templates;
pub mod tenants;
pub mod things;
pub mod trim;
mod ways;
pub mod weigh;
pub mod which;
pub mod who;
pub mod with_model;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};
use serde_json::Value;
use tracing::Instrument as _;

use crate::{
    config::{Approvals, Places, Policy},
    desk::{
        drafts::Days, people::People, sign_in::Entrance, standing::automation::Looked,
        templates::Templates, tenants::Channels, who::Known,
    },
    domain::{
        chat::{Heard, Inbound, Platform},
        decision::VoteKey,
        fact::Fact,
        form::given::Given,
        ids::{RequestId, TenantId, Upn},
        message::{Message, SorryView},
        page::PageKey,
        request::Request,
        trouble::{Reason, Trouble},
    },
    interpret,
    policy::Rules,
    ports::{
        chat::Chat,
        clock::Clock,
        faces::Faces,
        model::Model,
        rehearsal::Rehearsals,
        store::{Answer, Conversation, Store, StoreError, Turn},
        trace::SPANS,
        world::World,
    },
};

/// A turn is tried at most so often when others change the same request.
const CONFLICTS_MAX: usize = 8;

/// How chat accounts are tied to the directory, as the operator set it.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    /// The Slack workspace (or organisation) the bot is installed in.
    pub slack_realm: String,
    /// Slack user id → sign-in name.
    pub slack: BTreeMap<String, Upn>,
    /// A confirmed Slack mail address is proof enough of who somebody is.
    pub slack_mail: bool,
    /// Slack user ids that the operator gave to people of other tenants.
    pub others: BTreeSet<String>,
}

/// Seats people whom no directory knows, in the demo only: who somebody is, by the
/// chat account and the sign-in name the chat gives.
pub type Seating =
    dyn Fn(&crate::domain::chat::ChatUser, Option<&Upn>) -> Option<Upn> + Send + Sync;

/// Everything a turn needs. Made in `app.rs`.
pub struct Desk {
    /// Whose directory.
    pub tenant: TenantId,
    /// The operator's own desk, whose people work at this one too; nothing if this is it.
    pub home: Option<Arc<Desk>>,
    /// Which tenant a conversation is about.
    pub channels: Arc<Channels>,
    /// For dates in words.
    pub zone: TimeZone,
    /// What "end of day" means.
    pub end_of_day: Time,
    /// What is remembered.
    pub store: Arc<dyn Store>,
    /// Looks at the directory.
    pub directory: Arc<dyn World>,
    /// The chats that are switched on.
    pub chats: BTreeMap<Platform, Arc<dyn Chat>>,
    /// Draws messages.
    pub faces: Arc<dyn Faces>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// Who may ask, and who must sign; see [`Desk::rules`].
    pub rules: RwLock<Arc<Rules>>,
    /// Seals votes.
    pub votes: Arc<VoteKey>,
    /// Seals the pages of answers.
    pub pages: Arc<PageKey>,
    /// Where approval cards go.
    pub approvals: Approvals,
    /// Where signed heads of the record go.
    pub heads: Places,
    /// Where whoever runs the service is told what it needs.
    pub operators: Places,
    /// Which days of the directory become proposals, and when they are looked at next.
    pub days: Days,
    /// When the set of the profile is looked at next.
    pub automation: Looked,
    /// Named ways to ask for an action.
    pub templates: Templates,
    /// How chat accounts are tied to the directory.
    pub identities: Identities,
    /// Signs people in at Entra, if the operator wants it.
    pub sign_ins: Option<Entrance>,
    /// Puts up tenants that are not real.
    pub rehearsals: Arc<dyn Rehearsals>,
    /// The demo's seats.
    pub seating: Option<Arc<Seating>>,
    /// How long words are kept.
    pub words_live: SignedDuration,
    /// A teller keeps what it was handed for at most this long.
    pub telling: SignedDuration,
    /// Helps to read words, if the operator named one.
    pub model: Option<Arc<dyn Model>>,
    /// Names people are called by.
    pub people: People,
    /// Who was seen lately, at most 60 s old.
    pub known: Known,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the desk of {}", self.tenant)
    }
}

impl Desk {
    /// Keeps a delivery that will be handled after it is acknowledged. Typed
    /// passwords are taken out before anything is stored. One that is kept already may
    /// be acknowledged too.
    pub async fn receive(&self, mut inbound: Inbound) -> Result<(), StoreError> {
        match &mut inbound.what {
            Heard::Said { words, .. } => words.0 = interpret::redact(&words.0).words,
            Heard::Pressed(press) => {
                if let Some(note) = &mut press.note {
                    note.0 = interpret::redact(&note.0).words;
                }
            }
            Heard::Filled(filled) => {
                for given in filled.answers.values_mut() {
                    if let Given::One(text) = given {
                        *text = interpret::redact(text).words;
                    }
                }
            }
            _ => {}
        }
        let turn = Turn { at: self.clock.now(), received: Some(inbound), ..Turn::default() };
        match self.store.save(turn).await {
            Ok(_) | Err(StoreError::Repeated(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Handles one delivery, and gives the answer to the door that waits for it. A
    /// repeated one gets the answer that was given.
    pub async fn handle(&self, inbound: Inbound) -> Result<Answer, StoreError> {
        self.take_up(inbound, false).await
    }

    /// Handles a delivery that was acknowledged before: no door waits for the answer
    /// to a button, so it is said in the chat.
    pub async fn handle_received(&self, inbound: Inbound) -> Result<Answer, StoreError> {
        self.take_up(inbound, true).await
    }

    pub(crate) async fn take_up(
        &self,
        inbound: Inbound,
        aloud: bool,
    ) -> Result<Answer, StoreError> {
        let span = tracing::info_span!(
            target: SPANS, "desk", tenant = %self.tenant, kind = kind(&inbound.what),
            request = about(&inbound.what).map(tracing::field::display)
        );
        self.handled(inbound, aloud).instrument(span).await
    }

    async fn handled(&self, inbound: Inbound, aloud: bool) -> Result<Answer, StoreError> {
        if let Some(answer) = self.store.answered(&inbound.key).await? {
            return Ok(answer);
        }
        let key = inbound.key.clone();
        let done = match &inbound.what {
            Heard::Said { .. } => self.hear_again(&inbound).await,
            Heard::Pressed(press) => Box::pin(self.press(&inbound, press, aloud)).await,
            Heard::Wants(wants) => Box::pin(self.show_form(&inbound, wants)).await,
            Heard::Filled(filled) => Box::pin(self.fill_aloud(&inbound, filled)).await,
            Heard::Turned(turned) => self.turn_aloud(&inbound, turned).await,
            Heard::Met => self.met(&inbound, true).await,
            Heard::Parted => self.met(&inbound, false).await,
        };
        match done {
            Err(StoreError::Repeated(answer)) => Ok(*answer),
            Err(StoreError::Conflict) => {
                // Lost every race; the next delivery or the sweeper tries again.
                tracing::warn!(inbound.key = %key, "A delivery met a busy request too often");
                Err(StoreError::Conflict)
            }
            other => other,
        }
    }

    /// Words, read again where somebody else was first at what they ask for.
    async fn hear_again(&self, inbound: &Inbound) -> Result<Answer, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            match Box::pin(self.hear(inbound)).await {
                Err(StoreError::Conflict) => {}
                other => return other,
            }
        }
        Err(StoreError::Conflict)
    }

    /// The bot may, or may not any more, speak somewhere.
    async fn met(&self, inbound: &Inbound, open: bool) -> Result<Answer, StoreError> {
        let mut turn = self.turn(inbound, Answer::default());
        let user = if open { self.person(&inbound.from, &inbound.place).await.ok() } else { None };
        turn.conversations.push(Conversation { open, ..self.conversation(inbound, user.as_ref()) });
        self.store.save(turn).await?;
        Ok(Answer::default())
    }

    fn conversation(
        &self,
        inbound: &Inbound,
        who: Option<&crate::policy::Standing>,
    ) -> Conversation {
        let personal = inbound.place.kind == crate::domain::chat::PlaceKind::Personal;
        Conversation {
            place: crate::domain::chat::Place { thread: None, ..inbound.place.clone() },
            with: personal.then(|| inbound.from.clone()),
            user: who.filter(|_| personal).map(|who| who.user.id.clone()),
            open: true,
            at: self.clock.now(),
        }
    }

    fn turn(&self, inbound: &Inbound, answer: Answer) -> Turn {
        let inbox = Some((inbound.key.clone(), answer));
        Turn { at: self.clock.now(), of: Some(self.tenant.clone()), inbox, ..Turn::default() }
    }

    fn fact(&self, request: &Request, kind: &str, payload: Value) -> Fact {
        Fact::about(request, kind, self.clock.uuid(), self.clock.now(), payload)
    }

    /// The rules that are in force.
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other rules in force, if they can be read; gives their version. What waits for
    /// signatures keeps the rule it was shown with, and who is in its sets is read by the new ones.
    pub fn reload(&self, policy: &Policy) -> anyhow::Result<String> {
        let rules = self.read_rules(policy)?;
        let version = rules.version.clone();
        self.put_in_force(rules);
        Ok(version)
    }

    /// Rules as this desk reads them.
    fn read_rules(&self, policy: &Policy) -> anyhow::Result<Rules> {
        named::check(policy)?;
        Rules::read_of(policy, self.whose())
    }

    fn put_in_force(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        self.known.forget();
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What may be said of a trouble; the cause goes to the log, once.
fn sorry(trouble: &Trouble) -> Message {
    if let Trouble::Unreachable { what, source } = trouble {
        tracing::error!(service = what, error = %format!("{source:#}"), "A service failed a request");
    }
    Message::Sorry(SorryView { reason: trouble.reason() })
}

fn refused(reason: Reason) -> Message {
    Message::Sorry(SorryView { reason })
}

/// What sort of delivery it is, and the request that it is about, for a trace.
fn kind(heard: &Heard) -> &'static str {
    match heard {
        Heard::Said { .. } => "said",
        Heard::Pressed(_) => "pressed",
        Heard::Wants(_) => "wants",
        Heard::Filled(_) => "filled",
        Heard::Turned(_) => "turned",
        Heard::Met => "met",
        Heard::Parted => "parted",
    }
}

fn about(heard: &Heard) -> Option<RequestId> {
    match heard {
        Heard::Pressed(press) => Some(press.request),
        Heard::Filled(filled) => filled.of.as_ref().map(|of| of.request),
        _ => None,
    }
}
