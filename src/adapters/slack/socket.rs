//! Socket Mode: Slack's events over connections that we open.
//!
//! ```text
//! apps.connections.open → wss://…ticket → hello → envelopes → … → disconnect
//!                                           │                       │
//!                        door → your turn → ack           open the next one first
//! ```
//!
//! An envelope is acknowledged after its [`Delivery`] was answered, that is when
//! the turn is on disk. One that is not acknowledged comes again.

use std::{sync::Arc, time::Duration};

use reqwest::Url;
use serde_json::Value;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout},
};

use super::{
    door::{FromSlack, SlackDoor},
    link::{self, Ended, Link},
    web::{ApiError, Method, WebApi},
};
use crate::ports::clock::Clock;

/// Something that came in, and where its answer goes.
#[derive(Debug)]
pub struct Delivery {
    /// What was said.
    pub heard: FromSlack,
    /// Send once the turn is durable: `None`, or what Slack should show at once
    /// ([`super::payload::form_errors`]). Dropped unanswered, Slack sends it again.
    pub done: oneshot::Sender<Option<Value>>,
}

/// The waits of a connection. All have an end.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// For `apps.connections.open`, the connection, and `hello`, each.
    pub open: Duration,
    /// With no frame for this long the connection is dead. Slack pings about every 10 s.
    pub silence: Duration,
    /// For the answer to one delivery; Slack's patience ends after 3 s, and the
    /// ack of a later answer may still spare a repeat.
    pub turn: Duration,
    /// The old connection goes when nothing came over it for this long after a new
    /// one was open, and every turn is answered,
    pub quiet: Duration,
    /// but at the latest after this long.
    pub retire: Duration,
    /// Before the second try to connect; doubles with each further one.
    pub backoff: Duration,
    /// The longest wait between two tries.
    pub backoff_max: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            open: s(10),
            silence: s(30),
            turn: s(10),
            quiet: s(2),
            retire: s(15),
            backoff: s(1),
            backoff_max: s(30),
        }
    }
}

/// Why Socket Mode ended for good. The operator has to do something.
#[derive(Debug, thiserror::Error)]
pub enum SocketStop {
    /// `disconnect` with `link_disabled`.
    #[error(
        "Socket Mode is switched off in the app's settings; switch it on, or configure the HTTP addresses"
    )]
    Disabled,
    /// The app-level token is wrong, or lacks `connections:write`.
    #[error(
        "Slack refuses the app-level token ({0}); make one with connections:write under Basic Information"
    )]
    Token(String),
    /// Whoever takes the deliveries is gone.
    #[error("nobody takes what Slack sends")]
    NobodyListens,
    /// It was asked to stop.
    #[error("Socket Mode was stopped")]
    Stopped,
}

/// A Socket Mode client for one app.
pub struct SocketMode {
    /// With the app-level token (`xapp-…`).
    pub api: WebApi,
    /// Reads the envelopes.
    pub door: Arc<SlackDoor>,
    /// Chance for the jitter.
    pub clock: Arc<dyn Clock>,
    /// Takes what came in. Its bound is the number of turns that may wait.
    pub to: mpsc::Sender<Delivery>,
    /// How long to wait for what.
    pub waits: Waits,
}

/// One connection failed before its `hello`.
enum NotOpen {
    Stop(SocketStop),
    After(Duration),
    Failed(&'static str),
}

impl SocketMode {
    /// Keeps a connection open until `stop` becomes true or something only the
    /// operator can mend happens.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> SocketStop {
        let mut old: Option<Link> = None;
        let mut short_lives = 0;
        loop {
            let opened = tokio::select! {
                opened = self.connect(short_lives) => opened,
                _ = stop.wait_for(|stop| *stop) => return SocketStop::Stopped,
            };
            let mut link = match opened {
                Ok(link) => link,
                Err(stop) => return stop,
            };
            // Only now, with the new one greeted, may the old one go.
            if let Some(old) = old.take() {
                old.retire();
            }
            let since = Instant::now();
            let ended = tokio::select! {
                ended = link.ended() => ended,
                _ = stop.wait_for(|stop| *stop) => {
                    link.retire();
                    return SocketStop::Stopped;
                }
            };
            // A connection that ends at once is not to be opened again and again.
            short_lives = if since.elapsed() < self.waits.silence { short_lives + 1 } else { 0 };
            match ended {
                Ended::Refresh => old = Some(link),
                Ended::Closed(why) => {
                    tracing::info!(why, "The Socket Mode connection ended; opening another");
                }
                Ended::Disabled => return SocketStop::Disabled,
                Ended::NobodyListens => return SocketStop::NobodyListens,
            }
        }
    }

    /// Tries until it is open; waits before the first try if `failed` is not 0.
    async fn connect(&self, failed: u32) -> Result<Link, SocketStop> {
        let mut wait =
            self.waits.backoff.saturating_mul(1 << failed.min(10)).min(self.waits.backoff_max);
        if failed > 0 {
            tokio::time::sleep(self.jittered(wait)).await;
        }
        loop {
            let pause = match self.open().await {
                Ok(link) => return Ok(link),
                Err(NotOpen::Stop(stop)) => return Err(stop),
                Err(NotOpen::After(asked)) => asked,
                Err(NotOpen::Failed(why)) => {
                    tracing::warn!(why, "Slack's Socket Mode could not be reached; trying again");
                    self.jittered(wait)
                }
            };
            tokio::time::sleep(pause).await;
            wait = (wait * 2).min(self.waits.backoff_max);
        }
    }

    async fn open(&self) -> Result<Link, NotOpen> {
        let asked = timeout(self.waits.open, self.api.call(Method::OpenSocket, &[], None)).await;
        let said = match asked {
            Ok(Ok(said)) => said,
            Ok(Err(ApiError::Early { wait } | ApiError::Busy { wait })) => {
                return Err(NotOpen::After(wait));
            }
            Ok(Err(ApiError::Away)) => return Err(NotOpen::Failed("Slack cannot be reached")),
            Ok(Err(ApiError::Unsure { .. })) | Err(_) => {
                return Err(NotOpen::Failed("apps.connections.open did not answer"));
            }
            Ok(Err(ApiError::Said { error, .. })) => {
                return Err(NotOpen::Stop(SocketStop::Token(error)));
            }
        };
        let address = said["url"].as_str().and_then(|url| url.parse::<Url>().ok());
        let Some(address) = address.filter(|url| self.may_go_to(url)) else {
            return Err(NotOpen::Failed("apps.connections.open gave no address that may be used"));
        };
        link::open(address, self.door.clone(), self.to.clone(), self.waits)
            .await
            .map_err(NotOpen::Failed)
    }

    /// `wss`, or `ws` to the very host of a simulator that is spoken to without TLS.
    fn may_go_to(&self, url: &Url) -> bool {
        let base = self.api.base();
        url.scheme() == "wss"
            || (url.scheme() == "ws" && base.scheme() == "http" && url.host() == base.host())
    }

    /// Between half of it and all of it.
    fn jittered(&self, wait: Duration) -> Duration {
        let mut chance = [0];
        self.clock.fill(&mut chance);
        wait / 2 + wait * u32::from(chance[0]) / 512
    }
}
