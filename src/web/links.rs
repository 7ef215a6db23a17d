//! `/s/`: a page with a button, and the one `POST` that opens a link.
//!
//! The token stands in the fragment, which no server sees when the page is fetched,
//! so previews and scanners that follow a link consume nothing. Only the button's
//! script sends it, as JSON from the page itself.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{domain::trouble::chain, web::Doors};

const PAGE: &str = include_str!("assets/link.html");
const SCRIPT: &str = include_str!("assets/link.js");
const STYLE: &str = include_str!("assets/link.css");
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the button sends.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

fn guarded(kind: &'static str, body: impl IntoResponse) -> Response {
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

/// Opens a link, once.
pub async fn open(
    State(doors): State<Doors>,
    headers: HeaderMap,
    Json(Token { token }): Json<Token>,
) -> Response {
    // Browsers say where a request comes from; another site's page may not open links.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| site != "same-origin") {
        return (
            StatusCode::FORBIDDEN,
            guarded("application/json", json!({ "error": "other site" }).to_string()),
        )
            .into_response();
    }
    let (status, body) = match doors.desk.reveal(&token).await {
        Ok(Some(secret)) => (StatusCode::OK, json!({ "secret": secret.reveal() })),
        Ok(None) => (StatusCode::GONE, json!({ "error": "gone" })),
        Err(error) => {
            tracing::error!(error = %chain(&error), "A one-time link could not be opened");
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "error": "store" }))
        }
    };
    (status, guarded("application/json", body.to_string())).into_response()
}
