//! The doors.
//!
//! - [`router`]  all routes, in reading order
//! - [`teams`]   `POST /api/messages`: token → activity → desk → answer
//! - [`slack`]   `POST /slack/…`: signature → payload → desk → 200
//! - [`api`]     `/api/v1/…`: programs propose, over a token of their own
//! - [`links`]   `/s/`: a page with a button, and the one `POST` that opens a link
//! - [`sign_in`] `/sign-in/`: to Entra and back
//! - [`guesses`] wrong tokens of such links, by client
//! - [`health`]  `/healthz`, `/readyz`
//! - [`metrics`] counts; its page has an address of its own
//! - [`open`]    holds the doors open: so many connections, each with its time
//! - [`demo`]    the demo's page; only `countersign demo` mounts it
//!
//! A door proves who is there before it reads on. Bodies have a limit before they
//! are read. Nothing is acknowledged that is not stored.
//!
//! Not here: what happens to what came in. The desk knows.

pub mod api;
pub mod demo;
pub mod guesses;
pub mod health;
pub mod links;
pub mod metrics;
pub mod open;
pub mod sign_in;
pub mod slack;
pub mod teams;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn_with_state, map_response},
    routing::{get, post},
};
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument as _;

use crate::{
    adapters::{
        slack::door::SlackDoor,
        store::upkeep::Upkeep,
        teams::{chat::TeamsChat, door::TeamsDoor, tokenless::TokenlessDoor},
    },
    desk::{Desk, tenants::Desks},
    domain::{
        chat::{ChatUser, Inbound, Place},
        trouble::chain,
    },
    ports::clock::Clock,
    web::metrics::Metrics,
};

/// A body has at most this many bytes.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// A request is answered, or given up, after this long.
const REQUEST_SECONDS_MAX: u64 = 30;
/// So many acknowledged messages are handled at once; more wait, stored.
const AT_ONCE: usize = 64;

/// What the doors open to.
#[derive(Clone)]
pub struct Doors {
    /// The path of a request, for every tenant.
    pub desks: Arc<Desks>,
    /// The desk that answers: the operator's own, until it is known which.
    pub desk: Arc<Desk>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Teams, if it is on.
    pub teams: Option<Arc<TeamsEntrance>>,
    /// Slack over HTTP, if it is on.
    pub slack: Option<Arc<SlackDoor>>,
    /// How long an answer may take before the work goes on without it.
    pub patience: Patience,
    /// Bounds what is handled after it was acknowledged.
    pub hands_full: Arc<Semaphore>,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Asked how full it is; nothing is said of that if empty.
    pub full: Option<Arc<dyn Upkeep>>,
    /// Chats that do not answer.
    pub away: Arc<health::Away>,
    /// Bounds how often links are guessed at.
    pub guesses: Arc<guesses::Guesses>,
    /// Programs that may propose, if any are named.
    pub api: Option<Arc<api::clients::Clients>>,
}

impl std::fmt::Debug for Doors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the doors")
    }
}

/// How long each chat is kept waiting for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Slack shows an error to the person after 3 seconds (docs.slack.dev, "Interactivity").
    pub slack: Duration,
    /// Teams gives up on an invoke after 10 to 15 seconds.
    pub teams: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { slack: Duration::from_secs(2), teams: Duration::from_secs(8) }
    }
}

/// The ways in from Teams.
pub struct TeamsEntrance {
    /// For activities with a token.
    pub door: TeamsDoor,
    /// For activities without one, in the demo only.
    pub tokenless: Option<TokenlessDoor>,
    /// Learns where tenants want to be answered.
    pub chat: Arc<TeamsChat>,
}

impl Doors {
    /// With room for a bounded number of messages at once.
    pub fn new(desks: Arc<Desks>, clock: Arc<dyn Clock>) -> Self {
        let metrics = Arc::new(Metrics::new(clock.now()));
        Self {
            desk: desks.home().clone(),
            desks,
            clock,
            metrics,
            full: None,
            teams: None,
            slack: None,
            patience: Patience::default(),
            hands_full: Arc::new(Semaphore::new(AT_ONCE)),
            away: Arc::default(),
            guesses: Arc::default(),
            api: None,
        }
    }

    /// Stores a delivery, so that it may be acknowledged, and handles it afterwards.
    pub async fn take(&self, inbound: Inbound) -> StatusCode {
        if let Err(error) = self.desks.receive(inbound.clone()).await {
            tracing::error!(error = %chain(&error), "A delivery could not be stored; it is not acknowledged");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let (desks, room) = (self.desks.clone(), self.hands_full.clone());
        let handled = async move {
            let Ok(_room) = room.acquire().await else { return };
            if let Err(error) = desks.handle_received(inbound).await {
                tracing::error!(error = %chain(&error), "A stored delivery could not be handled; it is taken up again later");
            }
        };
        tokio::spawn(handled.in_current_span());
        StatusCode::OK
    }
}

impl Doors {
    /// The same doors, to the desk that answers a delivery; to the operator's own when the store
    /// does not say which that is.
    pub(crate) async fn seated(&self, inbound: &Inbound) -> Self {
        let desk = self.desks.for_delivery(inbound).await.unwrap_or_else(|error| {
            tracing::error!(error = %chain(&error), "The tenant of a delivery could not be read");
            self.desk.clone()
        });
        Self { desk, ..self.clone() }
    }

    /// The same for somebody in a place, who did not say more.
    pub(crate) fn seated_for(&self, from: &ChatUser, place: &Place) -> Self {
        Self { desk: self.desks.for_person(from, place).clone(), ..self.clone() }
    }
}

/// From a chat to Entra and back, where the operator wants it.
fn signing_in(doors: &Doors) -> Router<Doors> {
    if doors.desk.sign_ins.is_none() {
        return Router::new();
    }
    Router::new()
        .route("/sign-in/", get(sign_in::page))
        .route("/sign-in/done", get(sign_in::page))
        .route("/sign-in/sign_in.js", get(sign_in::script))
        .route("/sign-in/begin", post(sign_in::begin))
        .route("/sign-in/back", post(sign_in::back))
        .route("/sign-in/confirm", post(sign_in::confirm))
}

/// All routes.
pub fn router(doors: Doors) -> Router {
    let counting = from_fn_with_state(doors.metrics.clone(), metrics::count);
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/messages", post(teams::messages).head(teams::probe))
        .route("/api/v1/proposals", post(api::propose))
        .route("/api/v1/requests/{id}", get(api::request))
        .route("/api/v1/openapi.json", get(api::description))
        .merge(
            Router::new()
                .route("/slack/events", post(slack::events))
                .route("/slack/interactions", post(slack::interactions))
                .route("/slack/commands", post(slack::commands))
                .layer(map_response(slack::no_retry)),
        )
        .route("/s/", get(links::page))
        .route("/s/link.js", get(links::script))
        .route("/s/link.css", get(links::style))
        .route("/s/open", post(links::open))
        .merge(signing_in(&doors))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            Duration::from_secs(REQUEST_SECONDS_MAX),
        ))
        .layer(counting)
        .with_state(doors)
}
