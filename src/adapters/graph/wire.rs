//! One request out, one answer back, no decisions; and what may be logged of it.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use bytes::Bytes;
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap},
};
use serde_json::{Map, Value, json};
use tracing::Instrument as _;

use crate::{
    adapters::{graph::settings::RequestLog, http, telemetry},
    domain::secret::Secret,
    ports::{clock::Clock, trace::SPANS},
};

/// How much of an error's body is kept, for the log.
const SAID_CHARS_MAX: usize = 500;

/// What is sent along.
pub(crate) enum Payload {
    /// Nothing.
    None,
    /// A JSON document.
    Json(Value),
    /// An HTML form (the token endpoint).
    Form(Vec<(&'static str, String)>),
}

/// A request.
pub(crate) struct Sent<'a> {
    pub method: Method,
    /// Absolute.
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub bearer: Option<&'a Secret>,
    pub payload: Payload,
    pub timeout: Duration,
    pub bytes_max: usize,
}

/// An answer, whatever it says.
pub(crate) struct Raw {
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// `request-id`: what Microsoft's support asks for.
    pub request_id: Option<String>,
    /// `x-ms-throttle-limit-percentage`: 0.8 to 1.8 when the limit is near.
    pub throttle: Option<f64>,
    pub body: Bytes,
}

/// Sends requests.
pub(crate) struct Wire {
    http: reqwest::Client,
    log: Option<RequestLog>,
    clock: Arc<dyn Clock>,
}

impl Wire {
    pub fn new(http: reqwest::Client, log: Option<RequestLog>, clock: Arc<dyn Clock>) -> Self {
        Self { http, log, clock }
    }

    /// A fresh `client-request-id`.
    pub fn key(&self) -> String {
        self.clock.uuid().to_string()
    }

    /// Sends, and reads the whole answer. An error means that nobody knows whether
    /// the request arrived.
    pub async fn send(&self, sent: Sent<'_>) -> anyhow::Result<Raw> {
        let line = self.log.as_ref().map(|_| loggable(&sent));
        let span = tracing::info_span!(
            target: SPANS, "microsoft", service = service(&sent.url),
            method = sent.method.as_str(), status = tracing::field::Empty
        );
        let answer = self.send_quietly(sent).instrument(span.clone()).await;
        if let Ok(raw) = &answer {
            span.record("status", raw.status);
        }
        if let (Some(log), Some(mut line)) = (&self.log, line) {
            if let (Ok(raw), Value::Object(fields)) = (&answer, &mut line) {
                fields.insert("status".into(), raw.status.into());
            }
            log.note(&line);
        }
        answer
    }

    async fn send_quietly(&self, sent: Sent<'_>) -> anyhow::Result<Raw> {
        let mut request = self
            .http
            .request(sent.method, &sent.url)
            .timeout(sent.timeout)
            .header(ACCEPT, "application/json");
        for (name, value) in sent.headers {
            request = request.header(name, value);
        }
        if let Some(context) = telemetry::traceparent() {
            request = request.header("traceparent", context);
        }
        if let Some(bearer) = sent.bearer {
            let mut value =
                reqwest::header::HeaderValue::from_str(&format!("Bearer {}", bearer.reveal()))
                    .context("the token is no header value")?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        request = match sent.payload {
            Payload::None => request,
            Payload::Json(body) => request
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(body.to_string()),
            Payload::Form(fields) => request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form(&fields)),
        };
        // The address may hold a person's sign-in name: it stays out of the error.
        let answer = request.send().await.map_err(reqwest::Error::without_url)?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = http::read(answer, sent.bytes_max).await.map_err(|error| match error {
            http::BodyError::Cut(source) => http::BodyError::Cut(source.without_url()),
            long @ http::BodyError::TooLong(_) => long,
        })?;
        Ok(Raw {
            status,
            retry_after: http::retry_after(&headers),
            request_id: text(&headers, "request-id"),
            throttle: text(&headers, "x-ms-throttle-limit-percentage")
                .and_then(|said| said.parse().ok()),
            body,
        })
    }
}

/// Which of Microsoft's services it is; the address itself may name a person.
fn service(url: &str) -> &'static str {
    if url.contains("/oauth2/") {
        "sign_in"
    } else if url.contains("/adminapi/") {
        "exchange"
    } else {
        "graph"
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// What was said, cut to what a log line holds.
pub(crate) fn said(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(4 * SAID_CHARS_MAX)])
        .chars()
        .take(SAID_CHARS_MAX)
        .collect()
}

/// Percent-encoded for any place in a URL: only unreserved characters stay
/// (RFC 3986, section 2.3). A guest's `#EXT#` becomes `%23EXT%23`.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes any text");
        }
    }
    out
}

fn form(fields: &[(&'static str, String)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The request as a log may have it.
fn loggable(sent: &Sent<'_>) -> Value {
    let mut headers = Map::new();
    for (name, value) in &sent.headers {
        headers.insert((*name).to_owned(), value.clone().into());
    }
    if sent.bearer.is_some() {
        headers.insert("Authorization".into(), "Bearer ***".into());
    }
    let body = match &sent.payload {
        Payload::None => Value::Null,
        Payload::Json(body) => {
            headers.insert("Content-Type".into(), "application/json; charset=utf-8".into());
            without_secrets(body)
        }
        Payload::Form(fields) => {
            headers.insert("Content-Type".into(), "application/x-www-form-urlencoded".into());
            let hidden: Vec<_> = fields
                .iter()
                .map(|(name, value)| {
                    (*name, if is_secret(name) { "***".to_owned() } else { value.clone() })
                })
                .collect();
            form(&hidden).into()
        }
    };
    let path = sent
        .url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .unwrap_or_default();
    let mut line = json!({ "method": sent.method.as_str(), "path": path, "headers": headers });
    if !body.is_null() {
        line["body"] = body;
    }
    line
}

/// A copy of a document with the values of secrets replaced.
fn without_secrets(body: &Value) -> Value {
    match body {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let kept = if is_secret(name) && value.is_string() {
                    "***".into()
                } else {
                    without_secrets(value)
                };
                (name.clone(), kept)
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "password"
            | "newpassword"
            | "currentpassword"
            | "client_secret"
            | "client_assertion"
            | "code"
            | "code_verifier"
            | "refresh_token"
            | "authorization"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_guests_and_quotes_are_encoded() {
        assert_eq!(
            encoded("ada_fabrikam.com#EXT#@contoso.com"),
            "ada_fabrikam.com%23EXT%23%40contoso.com"
        );
        assert_eq!(encoded("o'brien é&+"), "o%27brien%20%C3%A9%26%2B");
    }

    #[test]
    fn a_log_line_holds_neither_token_nor_password() {
        let bearer = Secret::new("ey.secret.token");
        let line = loggable(&Sent {
            method: Method::POST,
            url: "https://graph.microsoft.com/v1.0/$batch?x=1".into(),
            headers: vec![("client-request-id", "k".into())],
            bearer: Some(&bearer),
            payload: Payload::Json(json!({"requests": [{"body":
                {"passwordProfile": {"password": "Hunter-2", "forceChange": true}}}]})),
            timeout: Duration::from_secs(1),
            bytes_max: 1,
        });
        let said = line.to_string();
        assert!(!said.contains("Hunter") && !said.contains("ey.secret"), "{said}");
        assert_eq!(line["path"], "/v1.0/$batch?x=1");
        let form = loggable(&Sent {
            method: Method::POST,
            url: "https://login/t/token".into(),
            headers: vec![],
            bearer: None,
            payload: Payload::Form(vec![("client_secret", "s3cr3t".into())]),
            timeout: Duration::from_secs(1),
            bytes_max: 1,
        });
        assert_eq!(form["body"], "client_secret=%2A%2A%2A");
    }
}
