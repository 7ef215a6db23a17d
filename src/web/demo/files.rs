//! The page itself, which travels in the binary, and its renderers, which do not.

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use include_dir::{Dir, include_dir};

use super::Shared;

static PAGE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/console/static");

/// No script, style or connection but our own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A renderer is at most this large; the largest has some 500 KB.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// `/`
pub async fn index() -> Response {
    embedded("index.html")
}

/// `/static/…`
pub async fn of_page(Path(name): Path<String>) -> Response {
    embedded(&name)
}

/// `/dist/…`: from disk, because they are built by Node; 404 without them.
pub async fn renderer(State(shared): State<Shared>, Path(name): Path<String>) -> Response {
    let Some(kind) = kind_of(&name).filter(|_| is_plain(&name)) else { return missing() };
    let file = shared.renderers.join(&name);
    match tokio::fs::metadata(&file).await {
        Ok(about) if about.is_file() && about.len() <= FILE_BYTES_MAX => {}
        _ => return missing(),
    }
    match tokio::fs::read(&file).await {
        Ok(bytes) => guarded(kind, bytes),
        Err(_) => missing(),
    }
}

fn embedded(name: &str) -> Response {
    match (PAGE.get_file(name), kind_of(name)) {
        (Some(file), Some(kind)) => guarded(kind, file.contents()),
        _ => missing(),
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, guarded("text/plain; charset=utf-8", "There is no such file."))
        .into_response()
}

/// A name and nothing that leads elsewhere.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !name.starts_with('.')
}

fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

fn guarded(kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for good in ["adaptivecards.js", "slack-blocks.css", "slack-blocks.js.LEGAL.txt"] {
            assert!(is_plain(good) && kind_of(good).is_some(), "{good}");
        }
        for bad in ["../keys.toml", "a/b.js", ".env.js", "a\\b.js", "%2e%2e.js"] {
            assert!(!is_plain(bad), "{bad}");
        }
        assert_eq!(kind_of("demo-3978.db"), None);
    }
}
