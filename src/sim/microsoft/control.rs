//! `/_sim/*`: look at the world, break it, and put it back. Never beside a real tenant.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{faults::Fault, ledger::Effect, world::World};

/// `GET /_sim/ledger`, `GET /_sim/state?user=`, `GET|POST|DELETE /_sim/faults`,
/// `POST /_sim/reset`, `GET /_sim/requests`; and what an administrator does to applications
/// ([`control_apps`](super::control_apps)).
pub fn control_router(world: World) -> Router {
    Router::new()
        .route("/_sim/ledger", get(ledger))
        .route("/_sim/state", get(state))
        .route("/_sim/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/_sim/reset", post(reset))
        .route("/_sim/requests", get(requests))
        .with_state(world.clone())
        .merge(super::control_apps::router(world))
}

async fn ledger(State(world): State<World>) -> Json<Vec<Effect>> {
    Json(world.ledger())
}

#[derive(Deserialize)]
struct Which {
    user: Option<String>,
}

async fn state(State(world): State<World>, Query(which): Query<Which>) -> Response {
    let found = match which.user {
        Some(user) => world.user(&user),
        None => Some(world.tenant()),
    };
    match found {
        Some(view) => Json(view).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "no such user" }))).into_response(),
    }
}

async fn faults(State(world): State<World>) -> Json<Vec<Fault>> {
    Json(world.faults().list())
}

/// One fault or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pinned {
    One(Fault),
    Many(Vec<Fault>),
}

async fn add_faults(State(world): State<World>, Json(pinned): Json<Pinned>) -> Response {
    let pinned = match pinned {
        Pinned::One(fault) => vec![fault],
        Pinned::Many(faults) => faults,
    };
    for fault in pinned {
        if !world.faults().push(fault) {
            let full = json!({ "error": "the board is full" });
            return (StatusCode::INSUFFICIENT_STORAGE, Json(full)).into_response();
        }
    }
    Json(world.faults().list()).into_response()
}

async fn clear_faults(State(world): State<World>) -> StatusCode {
    world.faults().clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(world): State<World>) -> StatusCode {
    world.reset();
    StatusCode::NO_CONTENT
}

/// One JSON object a line.
async fn requests(State(world): State<World>) -> Response {
    let line = |logged| {
        let value = serde_json::to_value(logged).unwrap_or(Value::Null);
        format!("{value}\n")
    };
    let lines: String = world.requests().into_iter().map(line).collect();
    ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
}
