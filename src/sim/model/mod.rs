//! A service of language models with recorded answers, which refuses what the real ones
//! refuse.
//!
//! - [`Service`] `POST /v1/chat/completions`: who asks, of which model, and what is recorded
//! - [`strict`]  the rules of a strict schema
//!
//! It reads no words: an answer is looked up by a part of the message. Not here: anything of
//! the product.
//!
//! Sources: platform.openai.com, "Create chat completion", "Error codes" and "Structured
//! Outputs"; learn.microsoft.com, "Azure `OpenAI` in Microsoft Foundry Models REST API
//! reference" for `api-key`; 'unconfirmed' is what no page says.

pub mod strict;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::post,
};
use serde_json::{Map, Value, json};

/// What goes wrong on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes after this long.
    Slow(Duration),
    /// This status, with an error document.
    Status(u16),
    /// 200, with an HTML body: a proxy's page.
    Html,
    /// 200, and the JSON of the completion breaks off.
    CutOff,
    /// 200, and the text of the model is this, whatever the schema says (servers that do not
    /// enforce it: ollama/ollama#8063).
    Says(String),
    /// 200, and the text ends at the limit: `finish_reason` is `length`.
    Length,
    /// 200, and the model declines: `refusal` instead of a text.
    Declines,
}

/// The service.
#[derive(Debug, Clone)]
pub struct Service {
    name: String,
    key: Option<String>,
    state: Arc<Mutex<Memory>>,
}

#[derive(Debug, Default)]
struct Memory {
    recorded: Vec<(String, Value)>,
    faults: VecDeque<(Fault, u32)>,
    asked: Vec<Value>,
}

impl Service {
    /// One model, and the key that it wants, if any.
    pub fn new(name: &str, key: Option<&str>) -> Self {
        Self { name: name.to_owned(), key: key.map(str::to_owned), state: Arc::default() }
    }

    /// Records an answer: the actions for every message that holds these words. What an
    /// action does not name is null, as a strict schema makes it.
    pub fn answers(&self, part: &str, actions: Value) {
        self.state().recorded.insert(0, (part.to_owned(), actions));
    }

    /// Lets the next `times` calls go wrong.
    pub fn fault(&self, fault: Fault, times: u32) {
        self.state().faults.push_back((fault, times));
    }

    /// The bodies of all requests so far.
    pub fn asked(&self) -> Vec<Value> {
        self.state().asked.clone()
    }

    /// The routes.
    pub fn router(&self) -> Router {
        Router::new().route("/v1/chat/completions", post(complete)).with_state(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, Memory> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut state = self.state();
        let (fault, left) = state.faults.front_mut()?;
        *left = left.saturating_sub(1);
        let (fault, over) = (fault.clone(), *left == 0);
        if over {
            state.faults.pop_front();
        }
        Some(fault)
    }

    fn refuses(&self, headers: &HeaderMap, body: &Value) -> Option<Response> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let given = bearer.or_else(|| text("api-key"));
        if let Some(key) = &self.key
            && given != Some(key)
        {
            let message = format!("Incorrect API key provided: {}", given.unwrap_or_default());
            return Some(error(StatusCode::UNAUTHORIZED, "invalid_api_key", &message));
        }
        let name = body["model"].as_str().unwrap_or_default();
        if name != self.name {
            let message = format!("The model `{name}` does not exist");
            return Some(error(StatusCode::NOT_FOUND, "model_not_found", &message));
        }
        let bad =
            |message: &str| Some(error(StatusCode::BAD_REQUEST, "invalid_request_error", message));
        if body["messages"].as_array().is_none_or(Vec::is_empty) {
            return bad("messages: too short");
        }
        let format = &body["response_format"];
        if format["type"] != "json_schema" {
            return bad("this service was recorded for json_schema alone");
        }
        let schema = &format["json_schema"];
        let named = schema["name"].as_str().is_some_and(|name| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            (1..=64).contains(&name.len()) && name.chars().all(plain)
        });
        if !named {
            return bad("response_format.json_schema.name does not match ^[a-zA-Z0-9_-]{1,64}$");
        }
        if schema["strict"] == true
            && let Err(wrong) = strict::check(&schema["schema"])
        {
            return bad(&format!("Invalid schema for response_format: {wrong}"));
        }
        None
    }

    /// The recorded answer to the last message of the writer.
    fn recorded(&self, body: &Value) -> String {
        let messages = body["messages"].as_array().cloned().unwrap_or_default();
        let of_user = |message: &&Value| message["role"] == "user";
        let said = messages.iter().find(of_user).and_then(|one| one["content"].as_str());
        let said: Value = serde_json::from_str(said.unwrap_or_default()).unwrap_or_default();
        let words = said["message"].as_str().unwrap_or_default();
        let state = self.state();
        let found = state.recorded.iter().find(|(part, _)| words.contains(part.as_str()));
        let Some((_, actions)) = found else {
            return json!({ "decision": "nothing", "actions": [] }).to_string();
        };
        let names = &body["response_format"]["json_schema"]["schema"]["properties"]["actions"];
        let names = names["items"]["properties"].as_object().cloned().unwrap_or_default();
        let whole = |action: &Value| {
            let mut all: Map<String, Value> =
                names.keys().map(|name| (name.clone(), Value::Null)).collect();
            all.extend(action.as_object().cloned().unwrap_or_default());
            Value::Object(all)
        };
        let actions: Vec<Value> = actions.as_array().into_iter().flatten().map(whole).collect();
        json!({ "decision": "propose", "actions": actions }).to_string()
    }
}

async fn complete(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return error(StatusCode::BAD_REQUEST, "invalid_request_error", "not JSON");
    };
    service.state().asked.push(body.clone());
    if let Some(refusal) = service.refuses(&headers, &body) {
        return refusal;
    }
    let said = service.recorded(&body);
    let stop = |text: &str| {
        completion(&service.name, &json!({ "role": "assistant", "content": text }), "stop")
    };
    match service.next_fault() {
        None => stop(&said).into_response(),
        Some(Fault::Slow(long)) => {
            tokio::time::sleep(long).await;
            stop(&said).into_response()
        }
        Some(Fault::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            error(status, "server_error", "The server had an error while processing your request")
        }
        Some(Fault::Html) => {
            Html("<html><body>Sign in to the network</body></html>").into_response()
        }
        Some(Fault::CutOff) => {
            let whole = stop(&said).0.to_string();
            let half: String = whole.chars().take(whole.chars().count() / 2).collect();
            ([(header::CONTENT_TYPE, "application/json")], half).into_response()
        }
        Some(Fault::Says(text)) => stop(&text).into_response(),
        Some(Fault::Length) => {
            let half: String = said.chars().take(said.chars().count() / 2).collect();
            let message = json!({ "role": "assistant", "content": half });
            completion(&service.name, &message, "length").into_response()
        }
        Some(Fault::Declines) => {
            let message = json!({ "role": "assistant", "content": null, "refusal": "I cannot help with that." });
            completion(&service.name, &message, "stop").into_response()
        }
    }
}

fn completion(model: &str, message: &Value, reason: &str) -> axum::Json<Value> {
    axum::Json(json!({
        "id": "chatcmpl-recorded",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": model,
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": reason }],
        "usage": { "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0 },
    }))
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body =
        json!({ "error": { "message": message, "type": code, "param": null, "code": code } });
    (status, axum::Json(body)).into_response()
}
