//! One request to Graph, what came back, and how far that can be trusted.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::{
    adapters::graph::{
        client::again,
        tray::Twice,
        wire::{Raw, said},
    },
    domain::trouble::Trouble,
};

/// When a 429 does not say how long.
const BUSY_DEFAULT: Duration = Duration::from_secs(10);

/// One request to Graph.
#[derive(Clone, PartialEq)]
pub(crate) struct Ask {
    pub method: Method,
    /// Under the version: `/users/…`, with its query, encoded.
    pub path: String,
    pub body: Option<Value>,
    /// `client-request-id`; a fresh one when there is none.
    pub key: Option<String>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// It is made only once the first of its batch was answered well.
    pub follows: bool,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self::of(Method::GET, path, None)
    }

    pub fn of(method: Method, path: impl Into<String>, body: Option<Value>) -> Self {
        Self { method, path: path.into(), body, key: None, headers: Vec::new(), follows: false }
    }

    /// Counting, searching and sorting what is filtered need this
    /// (learn.microsoft.com/graph/aad-advanced-queries).
    pub fn eventual(self) -> Self {
        self.with("ConsistencyLevel", "eventual")
    }

    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }

    pub fn keyed(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// After the first of its batch.
    pub fn following(self) -> Self {
        Self { follows: true, ..self }
    }

    /// Needs the header of advanced queries.
    pub fn is_advanced(&self) -> bool {
        advanced(&self.path)
    }
}

/// Whoever counts asks an advanced query, which needs `ConsistencyLevel: eventual`, also on
/// each further page (learn.microsoft.com/graph/aad-advanced-queries).
pub(crate) fn advanced(address: &str) -> bool {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    path.ends_with("/$count") || query.split('&').any(|pair| pair == "$count=true")
}

/// What Graph answered to one ask. A body that is neither empty nor JSON never
/// becomes an answer: it came from something else on the way.
#[derive(Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub request_id: Option<String>,
    /// How near the limit is; see [`Raw::throttle`].
    pub throttle: Option<f64>,
    pub body: Value,
}

impl Answer {
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `error.code`.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("")
    }

    /// `error.message`.
    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or("")
    }

    /// How long a write that was answered 429 or 503 should wait; `None` when the
    /// answer does not prove that nothing happened.
    pub fn told_to_wait(&self) -> Option<Duration> {
        match self.status {
            429 => Some(self.retry_after.unwrap_or(BUSY_DEFAULT)),
            503 => self.retry_after,
            _ => None,
        }
    }

    /// The same answer for another item of a batch that was turned away whole.
    pub fn bare(&self) -> Self {
        Self {
            status: self.status,
            retry_after: self.retry_after,
            request_id: self.request_id.clone(),
            throttle: self.throttle,
            body: Value::Null,
        }
    }

    /// For the log: status, code, what was said (cut), and the service's id of it.
    pub fn cause(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "status {}, request-id {}: {}",
            self.status,
            self.request_id.as_deref().unwrap_or("-"),
            said(self.body.to_string().as_bytes()),
        )
    }

    /// Reads what came over the wire.
    pub fn read(raw: &Raw) -> anyhow::Result<Self> {
        let body =
            if raw.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&raw.body) };
        let answer = |body| Self {
            status: raw.status,
            retry_after: raw.retry_after,
            request_id: raw.request_id.clone(),
            throttle: raw.throttle,
            body,
        };
        match body {
            Ok(body) => answer(body).checked(),
            Err(_) if speaks_by_status(raw.status) => Ok(answer(Value::Null)),
            Err(_) => anyhow::bail!("status {}, no JSON: {}", raw.status, said(&raw.body)),
        }
    }

    /// One item of a batch's answer.
    pub fn read_item(item: &Value) -> anyhow::Result<Self> {
        let header = |name: &str| {
            item["headers"].as_object()?.iter().find_map(|(key, value)| {
                key.eq_ignore_ascii_case(name).then(|| value.as_str()).flatten()
            })
        };
        let status = item["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Self {
            status: status.ok_or_else(|| anyhow::anyhow!("an item without a status"))?,
            retry_after: header("Retry-After")
                .and_then(|said| said.trim().parse::<u64>().ok())
                .map(|seconds| Duration::from_secs(seconds.min(24 * 60 * 60))),
            request_id: header("request-id").map(str::to_owned),
            throttle: header("x-ms-throttle-limit-percentage").and_then(|said| said.parse().ok()),
            body: item["body"].clone(),
        }
        .checked()
    }

    /// Refuses what Graph would not say: a redirect, text as a body, a refusal
    /// without an error document.
    fn checked(self) -> anyhow::Result<Self> {
        let fits = match self.status {
            200..300 => self.body.is_null() || self.body.is_object(),
            status if speaks_by_status(status) => true,
            400.. => self.body["error"].is_object(),
            _ => false,
        };
        if fits { Ok(self) } else { Err(self.cause().context("this is no answer of Graph")) }
    }
}

/// These mean the same with any body: asked again or waited for.
pub(crate) fn speaks_by_status(status: u16) -> bool {
    matches!(status, 401 | 429) || status >= 500
}

/// How one ask ended, before anybody judges the answer.
pub(crate) enum Outcome {
    Answered(Answer),
    /// Nothing was sent.
    Unsent(Trouble),
    /// Nothing was sent, because the quota is used up.
    Full(Duration),
    /// Nobody knows.
    Lost(anyhow::Error),
}

impl Twice for Outcome {
    fn twice(&self) -> Self {
        match self {
            Self::Answered(answer) => Self::Answered(answer.clone()),
            Self::Unsent(trouble) => Self::Unsent(again(trouble)),
            Self::Full(wait) => Self::Full(*wait),
            Self::Lost(error) => Self::Lost(anyhow::anyhow!("{error:#}")),
        }
    }
}
