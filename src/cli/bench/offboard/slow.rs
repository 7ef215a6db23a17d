//! A service as far away as Microsoft's: each answer takes its time, and each call is noted.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::time::Instant;

/// One call to Graph, or a batch of independent ones.
pub const GRAPH: Duration = Duration::from_millis(150);
/// One cmdlet of Exchange, or a batch.
pub const EXCHANGE: Duration = Duration::from_secs(1);
/// The largest body.
const BODY_BYTES_MAX: usize = 4 << 20;

/// One call, as the service felt it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Through the door of Exchange.
    pub exchange: bool,
    /// What was asked: method and path, of each item of a batch.
    pub asked: Vec<String>,
    /// When it came.
    pub from: Instant,
    /// When its answer left.
    pub to: Instant,
}

/// Every call to Graph and Exchange so far. Tokens are no such calls.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<Seen>>>);

impl Calls {
    /// All of them, by when they came.
    pub fn all(&self) -> Vec<Seen> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        all.sort_by_key(|seen| seen.from);
        all
    }

    /// Forgets those so far.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Answers late. Items of a batch that depend on others take their time after them.
pub async fn slowly(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let from = Instant::now();
    let path = request.uri().path().to_owned();
    let exchange = path.starts_with("/adminapi/");
    if !exchange && !path.starts_with("/v1.0/") {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return axum::http::StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let sent: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let items = sent["requests"].as_array().cloned().unwrap_or_default();
    let depends = |item: &Value| item["dependsOn"].as_array().is_some_and(|on| !on.is_empty());
    let links: u32 = if items.iter().any(depends) { 2 } else { 1 };
    let mut asked: Vec<String> = items.iter().map(said).collect();
    if asked.is_empty() {
        let cmdlet = sent["CmdletInput"]["CmdletName"].as_str();
        let alone = format!("{} {path}", head.method);
        asked.push(cmdlet.map_or(alone, str::to_owned));
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let takes = if exchange { EXCHANGE } else { GRAPH * links };
    tokio::time::sleep_until(from + takes).await;
    let seen = Seen { exchange, asked, from, to: Instant::now() };
    calls.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    answer
}

fn said(item: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let cmdlet = text(&item["body"]["CmdletInput"]["CmdletName"]);
    if cmdlet.is_empty() {
        let url = text(&item["url"]);
        let path = url.split('?').next().unwrap_or_default();
        format!("{} {path}", text(&item["method"]))
    } else {
        cmdlet
    }
}
