//! Slack over a socket: the same way in as over HTTP.

use std::{sync::Arc, time::Instant};

use axum::body::to_bytes;
use tokio::sync::{mpsc, watch};

use crate::{
    adapters::slack::{
        door::SlackDoor,
        socket::{Delivery, SocketMode, SocketStop, Waits},
        web::WebApi,
    },
    ports::clock::Clock,
    web::{self, Doors},
};

/// So many deliveries may wait for their turn.
const WAITING_MAX: usize = 64;

/// What Socket Mode needs.
pub struct Socket {
    /// With the app-level token.
    pub api: WebApi,
    /// Reads the envelopes.
    pub door: Arc<SlackDoor>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a Socket Mode client")
    }
}

impl Socket {
    /// Keeps the connection and takes what comes, until told to stop.
    pub async fn run(self, doors: Doors, stop: watch::Receiver<bool>) {
        let (to, mut from) = mpsc::channel::<Delivery>(WAITING_MAX);
        let taking = tokio::spawn(async move {
            while let Some(delivery) = from.recv().await {
                tokio::spawn(take(doors.clone(), delivery));
            }
        });
        let client = SocketMode {
            api: self.api,
            door: self.door,
            clock: self.clock,
            to,
            waits: Waits::default(),
        };
        match client.run(stop).await {
            SocketStop::Stopped => {}
            ended => {
                tracing::error!(why = %ended, "Socket Mode ended; nothing from Slack is heard");
            }
        }
        let _ = taking.await;
    }
}

/// One delivery; it is acknowledged only when it was stored, as over HTTP.
async fn take(doors: Doors, delivery: Delivery) {
    let Delivery { heard, done } = delivery;
    let began = Instant::now();
    let response = web::slack::decoded(&doors, heard.into_decoded()).await;
    doors.metrics.answered("slack_socket", &response, began.elapsed());
    if !response.status().is_success() {
        return;
    }
    let body = to_bytes(response.into_body(), web::BODY_BYTES_MAX).await.unwrap_or_default();
    let _ = done.send(serde_json::from_slice(&body).ok());
}
