//! `/healthz`: the process answers. `/readyz`: it can work.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use crate::web::Doors;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The store answers, and nothing is paused.
pub async fn ready(State(doors): State<Doors>) -> (StatusCode, Json<Value>) {
    match doors.desk.store.paused().await {
        Ok(paused) => (StatusCode::OK, Json(json!({ "store": "ok", "paused": paused }))),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "store": "failed" }))),
    }
}
