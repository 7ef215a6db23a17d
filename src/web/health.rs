//! `/healthz`: the process answers. `/readyz`: it can work.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{Json, extract::State, http::StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    domain::{chat::Platform, trouble::chain},
    web::Doors,
};

/// The record is a second behind when all is well; more than this, and nobody continues it.
const RECORD_BEHIND_MAX: SignedDuration = SignedDuration::from_secs(60);

/// Chats that cannot be used for now, and why.
#[derive(Debug, Default)]
pub struct Away(Mutex<BTreeMap<&'static str, String>>);

impl Away {
    /// It does not answer, or not as it should.
    pub fn is_gone(&self, chat: Platform, why: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(chat.as_str(), why);
    }

    /// It answers.
    pub fn is_back(&self, chat: Platform) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(chat.as_str());
    }

    fn all(&self) -> BTreeMap<&'static str, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 when the store answers, the directory's names are known, the record is
/// continued and one chat at least can be reached; 503 otherwise. A chat that is away is named.
/// A pause is somebody's wish, and ready. How long the bot's credentials last is shown and
/// changes nothing: taking the bot out of service would not make a new one.
pub async fn ready(State(doors): State<Doors>) -> (StatusCode, Json<Value>) {
    let desk = &doors.desk;
    let away = doors.away.all();
    let mut is = json!({
        "store": "ok",
        "paused": false,
        "directory": if desk.people.names().is_empty() { "names not read yet" } else { "ok" },
        "record": "ok",
        "credentials": doors.metrics.credentials.shown(doors.clock.now()),
        "unreachable": &away,
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
        && desk.chats.len() > away.len();
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(is))
}
