//! The Web API: `/api/{method}`.

use std::collections::HashMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{faults::Trouble, files, forms, looking, posting, socket, world::Workspace};

/// Slack's web server refuses larger ones; the true limit is unconfirmed.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// `ok: false`: the error's name, and what is said besides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub error: &'static str,
    pub more: Value,
}

impl From<&'static str> for Refusal {
    fn from(error: &'static str) -> Self {
        Self { error, more: Value::Null }
    }
}

/// The arguments of a call, as text.
pub(super) struct Arguments(HashMap<String, String>);

impl Arguments {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// A method: its name, the scopes of which one is needed, whether it takes JSON
/// bodies, and what it does. Scopes and content types: docs, each method's page.
struct Method {
    name: &'static str,
    scopes: &'static [&'static str],
    json: bool,
    run: fn(&Workspace, &Arguments) -> Result<Value, Refusal>,
}

const CONVERSATIONS_READ: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
// Which of them is needed depends on the channel; `looking` checks that.
const NONE: &[&str] = &[];

const METHODS: &[Method] = &[
    Method { name: "auth.test", scopes: NONE, json: true, run: looking::auth_test },
    Method { name: "users.info", scopes: &["users:read"], json: false, run: looking::user_info },
    Method { name: "users.list", scopes: &["users:read"], json: false, run: looking::user_list },
    Method {
        name: "conversations.members",
        scopes: CONVERSATIONS_READ,
        json: false,
        run: looking::members,
    },
    Method {
        name: "usergroups.users.list",
        scopes: &["usergroups:read"],
        json: false,
        run: looking::group_members,
    },
    Method {
        name: "conversations.info",
        scopes: CONVERSATIONS_READ,
        json: false,
        run: looking::conversation_info,
    },
    Method { name: "conversations.history", scopes: NONE, json: false, run: looking::history },
    Method { name: "conversations.replies", scopes: NONE, json: false, run: looking::replies },
    Method {
        name: "conversations.open",
        scopes: &["im:write"],
        json: true,
        run: looking::open_conversation,
    },
    Method {
        name: "chat.postMessage",
        scopes: &["chat:write"],
        json: true,
        run: posting::post_message,
    },
    Method { name: "chat.update", scopes: &["chat:write"], json: true, run: posting::update },
    Method {
        name: "chat.postEphemeral",
        scopes: &["chat:write"],
        json: true,
        run: posting::post_ephemeral,
    },
    Method { name: "views.open", scopes: NONE, json: true, run: posting::open_view },
    Method { name: "views.update", scopes: NONE, json: true, run: forms::update_view },
];

impl Workspace {
    /// `/api/…` and the address of Socket Mode, to be served on one port.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/api/{method}", post(call))
            .route("/link/", get(socket::upgrade))
            .route("/files-pri/{id}/{*name}", get(files::download))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(self.clone())
    }
}

async fn call(
    Extract(workspace): Extract<Workspace>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let trouble = workspace.next_fault(&name);
    match trouble {
        Some(Trouble::RateLimited(seconds)) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            let body = axum::Json(json!({ "ok": false, "error": "ratelimited" }));
            return (StatusCode::TOO_MANY_REQUESTS, wait, body).into_response();
        }
        Some(Trouble::Status(status)) => {
            return html(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        }
        Some(Trouble::Html) => return html(StatusCode::OK),
        Some(Trouble::Says(error)) => return refused(&error.into()),
        Some(Trouble::CutAfter | Trouble::HtmlAfter) | None => {}
    }
    let done = workspace.dispatch(&name, &headers, &body);
    match (trouble, done) {
        (Some(Trouble::CutAfter), _) => cut(),
        (Some(Trouble::HtmlAfter), _) => html(StatusCode::OK),
        (_, Ok(mut answer)) => {
            answer["ok"] = true.into();
            // docs "Installing with OAuth": every answer tells the token's scopes in this header.
            let scopes = [("x-oauth-scopes", workspace.setup().scopes.join(","))];
            (scopes, axum::Json(answer)).into_response()
        }
        (_, Err(refusal)) => refused(&refusal),
    }
}

impl Workspace {
    fn dispatch(&self, name: &str, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
        let token = token(headers)?;
        let setup = self.setup();
        if name == "apps.connections.open" {
            // docs apps.connections.open: an app-level token is needed.
            return match token {
                token if token == setup.app_token => self.ticket(headers),
                token if token == setup.bot_token => Err("not_allowed_token_type".into()),
                _ => Err("invalid_auth".into()),
            };
        }
        if token != setup.bot_token {
            // docs: `invalid_auth`, and `not_allowed_token_type` for an app-level token.
            let other =
                if token == setup.app_token { "not_allowed_token_type" } else { "invalid_auth" };
            return Err(other.into());
        }
        if name == "files.info" {
            self.may(&["files:read"])?;
            return files::info(self, &arguments(headers, body, false)?, headers);
        }
        let method = METHODS.iter().find(|method| method.name == name).ok_or("unknown_method")?;
        self.may(method.scopes)?;
        let arguments = arguments(headers, body, method.json)?;
        (method.run)(self, &arguments)
    }

    /// docs: `missing_scope` says what is needed and what the token has.
    pub(super) fn may(&self, one_of: &[&str]) -> Result<(), Refusal> {
        let scopes = &self.setup().scopes;
        if one_of.is_empty() || one_of.iter().any(|scope| scopes.iter().any(|own| own == scope)) {
            return Ok(());
        }
        let more = json!({ "needed": one_of.join(","), "provided": scopes.join(",") });
        Err(Refusal { error: "missing_scope", more })
    }
}

fn token(headers: &HeaderMap) -> Result<&str, Refusal> {
    let value = headers.get(header::AUTHORIZATION).ok_or("not_authed")?;
    value
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| "invalid_auth".into())
}

fn arguments(headers: &HeaderMap, body: &[u8], json: bool) -> Result<Arguments, Refusal> {
    let kind =
        headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let pairs = form_urlencoded::parse(body);
        return Ok(Arguments(
            pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        ));
    }
    if kind.starts_with("application/json") {
        // Methods that only read ignore a JSON body (docs list no JSON for them).
        let said: HashMap<String, Value> = if json {
            serde_json::from_slice(body).map_err(|_| Refusal::from("invalid_json"))?
        } else {
            HashMap::new()
        };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let given = said.into_iter().filter(|(_, value)| !value.is_null());
        return Ok(Arguments(given.map(|(name, value)| (name, text(value))).collect()));
    }
    if body.is_empty() { Ok(Arguments(HashMap::new())) } else { Err("invalid_post_type".into()) }
}

fn refused(refusal: &Refusal) -> Response {
    let mut answer = json!({ "ok": false, "error": refusal.error });
    for (name, value) in refusal.more.as_object().into_iter().flatten() {
        answer[name] = value.clone();
    }
    axum::Json(answer).into_response()
}

fn html(status: StatusCode) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "text/html")],
        "<!DOCTYPE html><title>Server Error | Slack</title>",
    )
        .into_response()
}

/// Half of an answer, then nothing.
fn cut() -> Response {
    let half = futures::stream::iter([
        Ok(Bytes::from_static(b"{\"ok\":true,")),
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut on purpose")),
    ]);
    Body::from_stream(half).into_response()
}
