//! `/api/v1/…`: programs propose. Nothing here signs.
//!
//! - [`propose`]  `POST /api/v1/proposals`: token → rate → body → desk → 201
//! - [`request`]  `GET /api/v1/requests/{id}`: how one's own request stands
//! - [`clients`]  whose token it is, compared in constant time, and how often they call
//! - [`openapi`]  the description, made from the catalogue
//! - [`problem`]  errors as `application/problem+json`, each with its field and the remedy
//!
//! Not here: anything but proposing. There is no route that approves, cancels or reads
//! the directory.

pub mod clients;
pub mod openapi;
pub mod problem;

use axum::{
    Json,
    body::to_bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    desk::client::{Asking, Program, Proposed},
    domain::{ids::RequestId, trouble::chain},
    web::{
        Doors,
        api::{
            clients::{Clients, NotAdmitted},
            problem::Problem,
        },
    },
};

/// A proposal is far below this many bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// An idempotency key has at most so many characters.
const KEY_CHARS_MAX: usize = 200;

/// The body of a proposal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    action: String,
    #[serde(default)]
    arguments: Map<String, Value>,
    at: Option<String>,
    on_behalf_of: Option<String>,
}

/// Proposes.
pub async fn propose(State(doors): State<Doors>, request: Request) -> Response {
    let Some(clients) = doors.api.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let (head, body) = request.into_parts();
    // Nothing of the body is read before it is known whose it is.
    let program = match admitted(&doors, &clients, &head.headers) {
        Ok(program) => program,
        Err(problem) => return *problem,
    };
    let key = match idempotency_key(&doors, &head.headers) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let wrong =
            Problem::about(&doors.desk, StatusCode::UNSUPPORTED_MEDIA_TYPE, "api_type", &[]);
        return wrong.into_response();
    }
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        let most = BODY_BYTES_MAX.to_string();
        let fields = [("most", most.as_str())];
        return Problem::about(&doors.desk, StatusCode::PAYLOAD_TOO_LARGE, "api_large", &fields)
            .into_response();
    };
    let asking = match serde_json::from_slice::<Body>(&body) {
        Ok(Body { action, arguments, at, on_behalf_of }) => {
            Asking { action, arguments, at, on_behalf_of }
        }
        Err(error) => {
            let why = error.to_string();
            let fields = [("why", why.as_str())];
            return Problem::about(&doors.desk, StatusCode::BAD_REQUEST, "api_json", &fields)
                .into_response();
        }
    };
    match Box::pin(doors.desk.propose_for(&program, &asking, &key)).await {
        Ok(Ok(Proposed { request, before })) => match doors.desk.seen(request).await {
            Ok(seen) => {
                let url = clients.url_of(&seen.id);
                let mut answer = json!(seen);
                answer["url"] = json!(url);
                let status = if before { StatusCode::OK } else { StatusCode::CREATED };
                let mut answer = (status, Json(answer)).into_response();
                if let Ok(url) = HeaderValue::from_str(&url) {
                    answer.headers_mut().insert(header::LOCATION, url);
                }
                not_kept(answer)
            }
            Err(error) => unstored(&doors, &error),
        },
        Ok(Err(refused)) => Problem::refused(&doors.desk, &refused).into_response(),
        Err(error) => unstored(&doors, &error),
    }
}

fn unstored(doors: &Doors, error: &crate::ports::store::StoreError) -> Response {
    tracing::error!(error = %chain(error), "A program's proposal could not be stored");
    Problem::about(&doors.desk, StatusCode::SERVICE_UNAVAILABLE, "api_unstored", &[])
        .into_response()
}

/// How a request of one's own stands.
pub async fn request(
    State(doors): State<Doors>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(clients) = doors.api.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let program = match admitted(&doors, &clients, &headers) {
        Ok(program) => program,
        Err(problem) => return *problem,
    };
    let unknown = || {
        Problem::about(&doors.desk, StatusCode::NOT_FOUND, "api_no_request", &[]).into_response()
    };
    let Ok(id) = id.parse::<RequestId>() else { return unknown() };
    match doors.desk.seen_by(&program, &id).await {
        Ok(Some(seen)) => {
            let mut answer = json!(seen);
            answer["url"] = json!(clients.url_of(&id));
            not_kept(Json(answer).into_response())
        }
        Ok(None) => unknown(),
        Err(error) => unstored(&doors, &error),
    }
}

/// The description. It says nothing about this tenant, so it needs no token.
pub async fn description(State(doors): State<Doors>) -> Response {
    match &doors.api {
        Some(clients) => Json(clients.description()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whose token it is, if they may call now.
fn admitted(
    doors: &Doors,
    clients: &Clients,
    headers: &HeaderMap,
) -> Result<Program, Box<Response>> {
    let refused = |why: NotAdmitted| match why {
        NotAdmitted::Unknown => {
            let status = StatusCode::UNAUTHORIZED;
            let mut answer = Problem::about(&doors.desk, status, "api_token", &[]).into_response();
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            answer
        }
        NotAdmitted::Busy { most, wait } => {
            let (most, seconds) = (most.to_string(), wait.to_string());
            let fields = [("most", most.as_str()), ("seconds", &seconds)];
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut answer =
                Problem::about(&doors.desk, status, "api_busy", &fields).into_response();
            if let Ok(wait) = HeaderValue::from_str(&seconds) {
                answer.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            answer
        }
    };
    clients.admit(headers, doors.clock.now()).map_err(|why| Box::new(refused(why)))
}

fn idempotency_key(doors: &Doors, headers: &HeaderMap) -> Result<String, Problem> {
    let said = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let shaped = (1..=KEY_CHARS_MAX).contains(&said.len())
        && said.bytes().all(|byte| byte.is_ascii_graphic());
    if shaped {
        return Ok(said.to_owned());
    }
    let problem = Problem::about(&doors.desk, StatusCode::BAD_REQUEST, "api_key", &[]);
    Err(problem.of_field("Idempotency-Key"))
}

fn not_kept(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
