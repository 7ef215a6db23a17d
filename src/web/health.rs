//! `/healthz`: the process answers. `/readyz`: it can work.

use axum::{Json, extract::State, http::StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{domain::trouble::chain, web::Doors};

/// The record is a second behind when all is well; more than this, and nobody continues it.
const RECORD_BEHIND_MAX: SignedDuration = SignedDuration::from_secs(60);

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 when the store answers, the directory's names are known, the record is
/// continued and a chat is on; 503 otherwise. A pause is somebody's wish, and ready.
pub async fn ready(State(doors): State<Doors>) -> (StatusCode, Json<Value>) {
    let desk = &doors.desk;
    let mut is = json!({
        "store": "ok",
        "paused": false,
        "directory": if desk.people.names().is_empty() { "names not read yet" } else { "ok" },
        "record": "ok",
        "chats": desk.chats.keys().map(|platform| platform.as_str()).collect::<Vec<_>>(),
    });
    match desk.store.paused().await {
        Ok(paused) => is["paused"] = paused.into(),
        Err(error) => {
            tracing::error!(error = %chain(&error), "The store does not answer");
            is["store"] = "failed".into();
        }
    }
    if let Some(store) = &doors.full {
        match store.gauges().await {
            Ok(gauges) if gauges.behind(doors.clock.now()) <= RECORD_BEHIND_MAX => {}
            Ok(_) => is["record"] = "not continued".into(),
            Err(_) => is["store"] = "failed".into(),
        }
    }
    let well = ["store", "directory", "record"].iter().all(|key| is[*key] == "ok")
        && !desk.chats.is_empty();
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(is))
}
