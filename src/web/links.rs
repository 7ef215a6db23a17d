//! `/s/`: a page with a button, and the one `POST` that opens a link.
//!
//! The token stands in the fragment, which no server sees when the page is fetched,
//! so previews and scanners that follow a link consume nothing. Only the button's
//! script sends it, as JSON from the page itself.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use crate::{
    domain::{ids::Digest, secret::Secret, trouble::chain},
    web::{Doors, guesses},
};

const PAGE: &str = include_str!("assets/link.html");
const SCRIPT: &str = include_str!("assets/link.js");
const STYLE: &str = include_str!("assets/link.css");
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the button sends is far below this many bytes.
const BODY_BYTES_MAX: usize = 1024;

/// What the button sends.
#[derive(Deserialize)]
struct Token {
    token: String,
}

/// A page, or what one asked for, that is kept nowhere and loads nothing from elsewhere.
pub(super) fn guarded(kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    (headers, body).into_response()
}

/// The page: a button, and nothing that opens by itself.
pub async fn page() -> Response {
    guarded("text/html; charset=utf-8", PAGE)
}

/// Its script.
pub async fn script() -> Response {
    guarded("text/javascript; charset=utf-8", SCRIPT)
}

/// Its looks.
pub async fn style() -> Response {
    guarded("text/css; charset=utf-8", STYLE)
}

fn refused(status: StatusCode, error: &'static str) -> Response {
    (status, guarded("application/json", json!({ "error": error }).to_string())).into_response()
}

/// What a page of ours sends, and from where. Nothing of the body is read before the headers are
/// right.
pub(super) async fn own_json<T: DeserializeOwned>(
    request: Request,
    bytes_max: usize,
) -> Result<(guesses::Client, T), Response> {
    let (head, body) = request.into_parts();
    let said = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    // Browsers say where a request comes from; another site's page may not open links.
    if said("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(refused(StatusCode::FORBIDDEN, "other site"));
    }
    // A form of another site cannot send JSON without asking first, and is not answered.
    if said("content-type").map(|kind| kind.split(';').next().unwrap_or_default().trim())
        != Some("application/json")
    {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not json"));
    }
    let Ok(body) = to_bytes(body, bytes_max).await else {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "too large"));
    };
    match serde_json::from_slice(&body) {
        Ok(sent) => Ok((guesses::client(&head.extensions, &head.headers), sent)),
        Err(_) => Err(refused(StatusCode::BAD_REQUEST, "not understood")),
    }
}

/// Opens a link, once.
pub async fn open(State(doors): State<Doors>, request: Request) -> Response {
    let (who, token) = match own_json(request, BODY_BYTES_MAX).await {
        Ok((who, Token { token })) => (who, Secret::new(token)),
        Err(refused) => return refused,
    };
    let too_many = doors.guesses.too_many(who, doors.clock.now());
    let _turn = doors.guesses.turn(too_many).await;
    match doors.desk.reveal(token.reveal()).await {
        Ok(Some(secret)) => {
            guarded("application/json", json!({ "secret": secret.reveal() }).to_string())
        }
        Ok(None) if too_many => {
            let mut answer = refused(StatusCode::TOO_MANY_REQUESTS, "busy");
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            answer
        }
        Ok(None) => {
            doors.guesses.wrong(who, Digest::of(token.reveal().as_bytes()), doors.clock.now());
            refused(StatusCode::GONE, "gone")
        }
        Err(error) => {
            tracing::error!(error = %chain(&error), "A one-time link could not be opened");
            refused(StatusCode::SERVICE_UNAVAILABLE, "store")
        }
    }
}
