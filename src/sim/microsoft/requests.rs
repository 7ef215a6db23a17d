//! The log of everything that was asked, without secrets.

use std::collections::VecDeque;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Requests kept; the oldest are forgotten first.
const REQUESTS_MAX: usize = 10_000;

/// A body above this many bytes is not kept.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// Stands where a password stood. It has the shape of one.
const PASSWORD_PLACEHOLDER: &str = "Placeholder-0000";

/// Stands where a token or a client secret stood.
const SECRET_PLACEHOLDER: &str = "placeholder";

/// One request, one line of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Logged {
    /// In capitals.
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// Lower-case names; bearer tokens and cookies are replaced.
    pub headers: Map<String, Value>,
    /// The JSON body or the form, with secrets replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// What was answered; absent when the connection was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

#[derive(Default)]
pub(super) struct RequestLog {
    lines: VecDeque<Logged>,
}

impl RequestLog {
    pub fn append(&mut self, line: Logged) {
        self.lines.push_back(line);
        if self.lines.len() > REQUESTS_MAX {
            self.lines.pop_front();
        }
    }

    pub fn entries(&self) -> Vec<Logged> {
        self.lines.iter().cloned().collect()
    }
}

/// Headers as they may be kept.
pub(super) fn clean_headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut kept = Map::new();
    for (name, value) in headers {
        let value = value.to_str().unwrap_or_default();
        let clean = match name.as_str() {
            "authorization" => clean_authorization(value),
            "cookie" | "proxy-authorization" => SECRET_PLACEHOLDER.to_owned(),
            _ => value.to_owned(),
        };
        kept.insert(name.as_str().to_owned(), Value::String(clean));
    }
    kept
}

fn clean_authorization(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    format!("{scheme} {SECRET_PLACEHOLDER}")
}

/// A body as it may be kept. Whatever cannot be read cannot be cleaned, so it is left out.
pub(super) fn clean_body(bytes: &[u8], is_form: bool) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    if bytes.len() > BODY_BYTES_MAX {
        return Some(json!(format!("({} bytes, not kept)", bytes.len())));
    }
    if is_form {
        return Some(Value::String(clean_form(&String::from_utf8_lossy(bytes))));
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(bytes) else {
        return Some(json!(format!("({} bytes that are not JSON)", bytes.len())));
    };
    clean_json(&mut body);
    Some(body)
}

fn clean_form(form: &str) -> String {
    let clean = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={SECRET_PLACEHOLDER}"),
        _ => pair.to_owned(),
    };
    form.split('&').map(clean).collect::<Vec<_>>().join("&")
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "client_secret",
        "client_assertion",
        "refresh_token",
        "password",
        "assertion",
        "code",
        "code_verifier",
    ]
    .contains(&name.as_str())
}

fn clean_json(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let folded = name.to_ascii_lowercase();
                if folded == "authorization" {
                    let scheme = member.as_str().map(clean_authorization).unwrap_or_default();
                    *member = Value::String(scheme);
                } else if folded.ends_with("password") && member.is_string() {
                    *member = json!(PASSWORD_PLACEHOLDER);
                } else {
                    clean_json(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clean_json),
        _ => {}
    }
}
