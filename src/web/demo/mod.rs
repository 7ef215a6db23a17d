//! The demo's page, mounted beside the product's own routes by `countersign demo` only.
//!
//! - [`page`]     the routes, as console/README.md lists them
//! - [`guard`]    only this machine's own browser gets in
//! - [`files`]    the page itself, and the renderers from disk
//! - [`in_slack`] what people do in Slack; [`in_teams`] in Teams: acts of the simulators,
//!   which send signed requests to the product
//! - [`news`]     a new snapshot whenever something happened, to everybody who watches
//! - [`snapshot`] what the page shows; [`record`] the record in words
//!
//! Not here: a door into the desk. The page reads the record, and otherwise knows
//! only what Slack, Teams and the tenant show.

mod files;
mod guard;
mod in_slack;
mod in_teams;
mod news;
mod record;
mod snapshot;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    adapters::store::upkeep::Upkeep,
    sim::{microsoft::World, slack::Workspace, teams::BotService},
};

/// What people do has at most this many bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What the page is about: the simulated world, and the product's record.
pub struct Stage {
    /// Contoso's directory.
    pub world: World,
    /// Its Slack.
    pub slack: Workspace,
    /// Its Teams.
    pub teams: BotService,
    /// The product's store, for the record.
    pub store: Arc<dyn Upkeep>,
    /// Who is played on the page.
    pub seats: Vec<Seat>,
}

/// Somebody who is played on the page.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The Entra object id.
    pub id: String,
    /// The sign-in name.
    pub upn: String,
    /// The name shown.
    pub name: String,
    /// The job.
    pub title: String,
    /// The Slack user.
    pub slack: String,
    /// What people type after the @ in Slack.
    pub handle: String,
    /// The address in Teams.
    pub mri: String,
    /// What they do in the demo.
    pub role: Role,
}

/// What somebody does in the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Asks.
    Technician,
    /// Signs; may ask too.
    Approver,
    /// May do neither.
    Colleague,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Approver => "approver",
            Self::Colleague => "colleague",
        }
    }
}

/// What the page is made of.
pub struct Page {
    /// What it is about.
    pub stage: Arc<Stage>,
    /// The folder with the renderers.
    pub renderers: PathBuf,
    /// Ends what would wait for ever.
    pub stop: watch::Receiver<bool>,
}

/// What the routes share.
#[derive(Clone)]
struct Shared {
    stage: Arc<Stage>,
    renderers: Arc<PathBuf>,
    news: watch::Receiver<Arc<str>>,
    stop: watch::Receiver<bool>,
}

/// The page's routes. Starts to follow what happens.
pub fn page(page: Page) -> Router {
    let Page { stage, renderers, stop } = page;
    let news = news::follow(stage.clone(), stop.clone());
    Router::new()
        .route("/", get(files::index))
        .route("/static/{name}", get(files::of_page))
        .route("/dist/{name}", get(files::renderer))
        .route("/demo/state", get(news::state))
        .route("/demo/events", get(news::events))
        .route("/demo/slack/say", post(in_slack::say))
        .route("/demo/slack/press", post(in_slack::press))
        .route("/demo/slack/submit", post(in_slack::submit))
        .route("/demo/slack/close", post(in_slack::close))
        .route("/demo/slack/search", post(in_slack::search))
        .route("/demo/teams/say", post(in_teams::say))
        .route("/demo/teams/press", post(in_teams::press))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(guard::only_this_machine))
        .with_state(Shared { stage, renderers: Arc::new(renderers), news, stop })
}

/// Why something cannot be done, and what to do instead.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    error: String,
    hint: &'static str,
}

impl Refusal {
    /// A real client would not have offered it.
    fn cannot(error: &impl ToString, hint: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: error.to_string(), hint }
    }

    /// The product did not take what was sent to it.
    fn not_taken(status: Option<u16>) -> Self {
        let error = match status {
            Some(status) => format!("Countersign answered {status}."),
            None => "Countersign did not answer in time.".to_owned(),
        };
        Self {
            status: StatusCode::BAD_GATEWAY,
            error,
            hint: "Its log, in the terminal where the demo runs, says why.",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut error = self.error;
        if let Some(first) = error.get(..1).map(str::to_uppercase) {
            error.replace_range(..1, &first);
        }
        if !error.ends_with('.') {
            error.push('.');
        }
        (self.status, Json(json!({ "error": error, "hint": self.hint }))).into_response()
    }
}

type Done = Result<Json<Value>, Refusal>;

/// It was done, and there is nothing more to say.
fn done() -> Json<Value> {
    Json(json!({}))
}
