//! The JSON of chat completions, as all of these servers speak it.
//!
//! Sources: platform.openai.com, "Create chat completion"; docs.vllm.ai, "OpenAI-Compatible
//! Server"; ollama/ollama, `docs/openai.md`. What is sent is what all of them take: no
//! `max_tokens` (newer models of `OpenAI` refuse it, others know no other name), no `store`.

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::prompt::Turn;

/// The name of the schema: letters, digits, `_` and `-`, at most 64.
const SCHEMA_NAME: &str = "reading";

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: Vec<Value>,
    temperature: u8,
    stream: bool,
    response_format: Value,
}

impl<'a> Request<'a> {
    pub fn of(model: &'a str, turns: &[Turn], schema: &Value) -> Self {
        let message = |turn: &Turn| json!({ "role": turn.role, "content": turn.content });
        Self {
            model,
            messages: turns.iter().map(message).collect(),
            temperature: 0,
            stream: false,
            response_format: json!({
                "type": "json_schema",
                "json_schema": { "name": SCHEMA_NAME, "strict": true, "schema": schema },
            }),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data")
    }
}

/// What came back. There is much more in it that nobody here reads.
#[derive(Deserialize)]
pub(super) struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Content,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    content: Option<String>,
    refusal: Option<String>,
}

impl Completion {
    /// The text of the first choice.
    pub fn read(body: &[u8]) -> anyhow::Result<String> {
        let read: Self = serde_json::from_slice(body)
            .map_err(|error| anyhow::anyhow!("no JSON of a completion: {:?}", error.classify()))?;
        let first = read.choices.into_iter().next().context("a completion without a choice")?;
        if first.message.refusal.is_some() {
            bail!("the model declined");
        }
        if first.finish_reason.as_deref() == Some("length") {
            bail!("the model's answer was cut off at its length");
        }
        first.message.content.context("a completion without a text")
    }
}

/// The code of an error document, if it is one short word.
pub(super) fn error_code(body: &[u8]) -> Option<String> {
    let read: Value = serde_json::from_slice(body).ok()?;
    let code = read["error"]["code"].as_str().or_else(|| read["error"]["type"].as_str())?;
    let plain = code.len() <= 60 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_the_first_choice_is_read_and_nothing_else() {
        let body = json!({ "id": "x", "choices": [
            { "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": "{}" } },
        ], "usage": { "total_tokens": 3 } });
        assert_eq!(Completion::read(body.to_string().as_bytes()).unwrap(), "{}");
    }

    #[test]
    fn what_is_no_whole_answer_is_none() {
        let of = |message: Value, reason: &str| {
            json!({ "choices": [{ "message": message, "finish_reason": reason }] }).to_string()
        };
        for body in [
            "<html>".to_owned(),
            "{\"choices\": [".to_owned(),
            json!({ "choices": [] }).to_string(),
            of(json!({ "content": "{}" }), "length"),
            of(json!({ "content": null, "refusal": "I cannot" }), "stop"),
            of(json!({ "content": null }), "stop"),
        ] {
            assert!(Completion::read(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn an_error_is_told_by_its_code_and_never_by_its_message() {
        let body = br#"{"error": {"code": "invalid_api_key", "message": "Incorrect API key provided: sk-1"}}"#;
        assert_eq!(error_code(body).as_deref(), Some("invalid_api_key"));
        assert_eq!(error_code(br#"{"error": {"code": "you said: reset Ada"}}"#), None);
        assert_eq!(error_code(b"<html>"), None);
    }
}
