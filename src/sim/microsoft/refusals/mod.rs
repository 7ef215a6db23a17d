//! Every error body of Graph, each with its source.
//!
//! - [`asking`]  tokens, rights, addresses, query options, batches, throttling
//! - [`objects`] users, licences, groups, mailboxes
//! - [`estate`]  policies, applications, domains, files
//! - [`people`]  profiles, authentication methods, passes
//! - [`circles`] making groups, guests, roles, devices
//! - [`mail`]    Outlook's items and `OneDrive`
//!
//! Not here: the token endpoint's (`aadsts`) and Exchange's (`exchange::trouble`).
//!
//! "Public code" means that the text stands in public repositories as the service's answer;
//! "unconfirmed" means that nobody has shown it to us yet.

mod asking;
mod circles;
mod estate;
mod mail;
mod objects;
mod people;

use serde_json::{Map, Value, json};

pub(super) use asking::*;
pub(super) use circles::*;
pub(super) use estate::*;
pub(super) use mail::*;
pub(super) use objects::*;
pub(super) use people::*;

use super::{
    call::Answer,
    turn::{Turn, seconds},
};

/// What the service will not do.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub details: Vec<Value>,
    pub retry_after: Option<String>,
    /// A second code inside `innerError`, where the workload has one.
    pub inner: Option<&'static str>,
}

pub(super) type Outcome = Result<Answer, Refusal>;

fn refuse(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        status,
        code,
        message: message.into(),
        details: Vec::new(),
        retry_after: None,
        inner: None,
    }
}

impl Refusal {
    fn with_detail(mut self, code: &str, target: &str) -> Self {
        self.details.push(json!({ "code": code, "message": self.message, "target": target }));
        self
    }

    fn with_inner(mut self, code: &'static str) -> Self {
        self.inner = Some(code);
        self
    }

    /// Graph's error body (learn.microsoft.com/graph/errors).
    pub fn answer(&self, turn: &Turn<'_>) -> Answer {
        let mut error = Map::new();
        error.insert("code".into(), json!(self.code));
        error.insert("message".into(), json!(self.message));
        if !self.details.is_empty() {
            error.insert("details".into(), json!(self.details));
        }
        let date = seconds(turn.now);
        let mut inner = json!({
            "date": date.trim_end_matches('Z'),
            "request-id": turn.request_id,
            "client-request-id": turn.client_request_id,
        });
        if let Some(code) = self.inner {
            inner["code"] = json!(code);
        }
        error.insert("innerError".into(), inner);
        let mut answer = Answer::json(self.status, json!({ "error": error }));
        if let Some(wait) = &self.retry_after {
            answer = answer.with("Retry-After", wait.clone());
        }
        if self.status == 401 {
            answer = answer.with("WWW-Authenticate", "Bearer realm=\"\", authorization_uri=\"\"");
        }
        answer
    }
}
