//! Slack's end of Socket Mode (docs "Using Socket Mode").

use std::{collections::HashMap, time::Duration};

use axum::{
    extract::{
        Query, State as Extract,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use super::{
    deliver::{Answered, Sent},
    world::Workspace,
};

/// docs: up to ten connections per app.
const CONNECTIONS_MAX: usize = 10;
/// Events kept for a bot that does not acknowledge; the oldest go first.
const UNACKED_MAX: usize = 1000;
/// Slack pings about this often (unconfirmed).
const PING_EVERY: Duration = Duration::from_secs(10);

/// The connections and what is not acknowledged on them.
pub(super) struct Wires {
    pub tickets: Vec<String>,
    open: Vec<Wire>,
    /// Events that were not acknowledged yet, with the connection they went to.
    unacked: Vec<Unacked>,
    next: usize,
    count: watch::Sender<usize>,
    opened: u64,
}

impl Default for Wires {
    fn default() -> Self {
        let (count, _) = watch::channel(0);
        Self {
            tickets: Vec::new(),
            open: Vec::new(),
            unacked: Vec::new(),
            next: 0,
            count,
            opened: 0,
        }
    }
}

struct Wire {
    id: u64,
    to: mpsc::Sender<Out>,
}

struct Unacked {
    envelope: String,
    wire: Option<u64>,
    payload: Value,
    attempt: u32,
}

enum Out {
    Say(Value),
    /// Drop the connection without a word.
    Cut,
}

impl Workspace {
    /// How many connections the bot has open now, to be waited on.
    pub fn connections(&self) -> watch::Receiver<usize> {
        self.state().wires.count.subscribe()
    }

    /// How many connections the bot has opened since the start.
    pub fn connections_opened(&self) -> u64 {
        self.state().wires.opened
    }

    /// How many events wait for an ack.
    pub fn unacknowledged(&self) -> usize {
        self.state().wires.unacked.len()
    }

    /// Sends a `disconnect` on every connection: `warning`, `refresh_requested`,
    /// `too_many_websockets` or `link_disabled`. The connections stay open.
    pub fn ask_to_reconnect(&self, reason: &str) {
        let frame = json!({ "type": "disconnect", "reason": reason, "debug_info": { "host": "simulated" } });
        for wire in &self.state().wires.open {
            // A full or closed queue is a dead connection.
            let _dead = wire.to.try_send(Out::Say(frame.clone()));
        }
    }

    /// Breaks every connection without a word.
    pub fn cut_connections(&self) {
        for wire in &self.state().wires.open {
            let _dead = wire.to.try_send(Out::Cut);
        }
    }

    /// Sends every event without an ack once more, as Slack does after a while.
    pub fn resend_unacknowledged(&self) {
        let mut state = self.state();
        let waiting = std::mem::take(&mut state.wires.unacked);
        for event in waiting {
            state.wires.send_event(event.payload, event.attempt + 1, event.envelope);
        }
    }

    pub(super) async fn send_envelope(&self, sent: &Sent) -> Answered {
        let (acked, ack) = oneshot::channel();
        let envelope = self.state().fresh("env-");
        let sent_off = {
            let mut state = self.state();
            state.awaiting.insert(envelope.clone(), acked);
            if sent.kind == "events_api" {
                state.wires.send_event(sent.payload.clone(), 0, envelope.clone())
            } else {
                let frame = json!({
                    "envelope_id": envelope, "type": sent.kind, "accepts_response_payload": true, "payload": sent.payload,
                });
                state.wires.send(frame).is_some()
            }
        };
        if !sent_off {
            self.state().awaiting.remove(&envelope);
            return Answered::nothing();
        }
        let Ok(Ok(payload)) = timeout(self.setup().patience, ack).await else {
            self.state().awaiting.remove(&envelope);
            return Answered::nothing();
        };
        let body = if payload.is_null() { String::new() } else { payload.to_string() };
        Answered { status: Some(200), body, no_retry: false }
    }

    fn heard(&self, text: &str) {
        let Ok(frame) = serde_json::from_str::<Value>(text) else { return };
        let Some(envelope) = frame["envelope_id"].as_str() else { return };
        let mut state = self.state();
        state.wires.unacked.retain(|event| event.envelope != envelope);
        if let Some(waiting) = state.awaiting.remove(envelope) {
            // Whoever waited may have lost patience.
            let _late = waiting.send(frame.get("payload").cloned().unwrap_or(Value::Null));
        }
    }

    fn connect(&self) -> (u64, mpsc::Receiver<Out>) {
        let (to, out) = mpsc::channel(256);
        let mut state = self.state();
        let wires = &mut state.wires;
        wires.opened += 1;
        let id = wires.opened;
        let hello = json!({
            "type": "hello", "num_connections": wires.open.len() + 1,
            "connection_info": { "app_id": self.setup().app },
            "debug_info": { "host": "simulated", "approximate_connection_time": 18_060 },
        });
        // The queue is new and empty.
        let _sent = to.try_send(Out::Say(hello));
        wires.open.push(Wire { id, to });
        wires.count.send_replace(wires.open.len());
        // What went to connections that are gone goes to this one.
        let alive: Vec<u64> = wires.open.iter().map(|wire| wire.id).collect();
        let (lost, kept) = std::mem::take(&mut wires.unacked)
            .into_iter()
            .partition(|event| event.wire.is_none_or(|id| !alive.contains(&id)));
        wires.unacked = kept;
        let lost: Vec<Unacked> = lost;
        for event in lost {
            wires.send_event(event.payload, event.attempt + 1, event.envelope);
        }
        (id, out)
    }

    fn disconnect(&self, id: u64) {
        let mut state = self.state();
        state.wires.open.retain(|wire| wire.id != id);
        let left = state.wires.open.len();
        state.wires.count.send_replace(left);
    }
}

impl Wires {
    /// To one connection, any of them. Which one it was.
    fn send(&mut self, frame: Value) -> Option<u64> {
        if self.open.is_empty() {
            return None;
        }
        self.next = (self.next + 1) % self.open.len();
        let wire = self.open.get(self.next)?;
        wire.to.try_send(Out::Say(frame)).ok().map(|()| wire.id)
    }

    fn send_event(&mut self, payload: Value, attempt: u32, envelope: String) -> bool {
        let mut frame = json!({
            "envelope_id": envelope, "type": "events_api", "accepts_response_payload": false, "payload": payload,
        });
        if attempt > 0 {
            frame["retry_attempt"] = attempt.into();
            frame["retry_reason"] = "timeout".into();
        }
        let wire = self.send(frame);
        if self.unacked.len() >= UNACKED_MAX {
            self.unacked.remove(0);
        }
        self.unacked.push(Unacked { envelope, wire, payload, attempt });
        wire.is_some()
    }
}

pub(super) async fn upgrade(
    Extract(workspace): Extract<Workspace>,
    Query(asked): Query<HashMap<String, String>>,
    socket: WebSocketUpgrade,
) -> Response {
    let taken = {
        let mut state = workspace.state();
        let ticket = asked.get("ticket").map(String::as_str).unwrap_or_default();
        let at = state.wires.tickets.iter().position(|one| one == ticket);
        // A ticket is for one connection.
        at.map(|at| state.wires.tickets.remove(at)).is_some()
            && state.wires.open.len() < CONNECTIONS_MAX
    };
    if !taken {
        return StatusCode::FORBIDDEN.into_response();
    }
    socket.on_upgrade(move |socket| serve(workspace, socket))
}

async fn serve(workspace: Workspace, mut socket: WebSocket) {
    let (id, mut out) = workspace.connect();
    let mut pings = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            said = out.recv() => match said {
                Some(Out::Say(frame)) => {
                    if socket.send(Message::Text(frame.to_string().into())).await.is_err() {
                        break;
                    }
                }
                Some(Out::Cut) | None => break,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => workspace.heard(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
            _ = pings.tick() => {
                if socket.send(Message::Ping("simulated".into())).await.is_err() {
                    break;
                }
            }
        }
    }
    workspace.disconnect(id);
}
