//! One request as the services see it, and the answer.

use axum::http::HeaderMap;
use serde_json::Value;

/// Path, query and body, already taken apart.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub method: String,
    /// Decoded segments after the version. `users('x')` is already `users`, `x`.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Empty,
    Json(Value),
    /// There was something, and it was not JSON.
    Unreadable,
}

impl Call {
    /// `address` is what follows the version, with its query.
    pub fn new(method: &str, address: &str, headers: Vec<(String, String)>, body: Body) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self {
            method: method.to_ascii_uppercase(),
            path: segments(path),
            query: pairs(query),
            headers,
            body,
        }
    }

    /// The first header of that name, ignoring case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |(found, _): &&(String, String)| found.eq_ignore_ascii_case(name);
        self.headers.iter().find(same).map(|(_, value)| value.as_str())
    }
}

pub(super) fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let pair = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    headers.iter().map(pair).collect()
}

fn segments(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for raw in path.split('/').filter(|raw| !raw.is_empty()) {
        let segment = decode(raw, false);
        match segment.strip_suffix(')').and_then(|open| open.split_once('(')) {
            Some((name, key)) if !key.is_empty() => {
                found.push(name.to_owned());
                found.push(match key.strip_prefix('\'').and_then(|key| key.strip_suffix('\'')) {
                    Some(quoted) => quoted.replace("''", "'"),
                    None => key.to_owned(),
                });
            }
            _ => found.push(segment),
        }
    }
    found
}

/// The pairs of a query or of a form, decoded.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name, true), decode(value, true))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

/// Percent-decodes; bytes that are no UTF-8 are replaced.
fn decode(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'%' => {
                let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    Some(byte) => {
                        bytes.push(byte);
                        rest = &after[2..];
                    }
                    None => bytes.push(b'%'),
                }
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes everything that is not plain in a query value.
pub(super) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    encoded
}

/// A status, extra headers and perhaps a JSON body, or a page.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Option<Value>,
    /// HTML, for people.
    pub page: Option<String>,
}

impl Answer {
    pub fn json(status: u16, body: Value) -> Self {
        Self { body: Some(body), ..Self::empty(status) }
    }

    pub fn page(status: u16, html: String) -> Self {
        let page = Self { page: Some(html), ..Self::empty(status) };
        page.with("Content-Type", "text/html; charset=utf-8")
    }

    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, page: None }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Call};

    #[test]
    fn a_guest_address_and_a_key_in_parentheses_are_taken_apart() {
        let call = Call::new("get", "/users/a%23EXT%23@b.c/manager", Vec::new(), Body::Empty);
        assert_eq!(call.path, ["users", "a#EXT#@b.c", "manager"]);
        let call = Call::new(
            "get",
            "servicePrincipals(appId='x')?$select=id,appId&$filter=a+eq%20'b'",
            Vec::new(),
            Body::Empty,
        );
        assert_eq!(call.path, ["servicePrincipals", "appId='x'"]);
        assert_eq!(call.query[1], ("$filter".to_owned(), "a eq 'b'".to_owned()));
    }
}
