//! Any model behind `POST {base}/chat/completions`: `OpenAI`, Azure `OpenAI`, Ollama, vLLM,
//! the server of llama.cpp.
//!
//! - [`ChatCompletions`] one question, one answer, in time: bounded in bytes, in calls at once
//!   and in tries
//! - [`breaker`] leaves a model alone that keeps failing
//! - [`prompt`]  what is said to it
//! - [`wire`]    the JSON of a request and of an answer
//!
//! Not here: what may be asked, and what an answer is worth. Neither words nor answers are
//! ever logged.

pub mod breaker;
mod prompt;
mod wire;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use async_trait::async_trait;
use reqwest::{Client, StatusCode, Url, header};
use tokio::sync::Semaphore;

use self::{
    breaker::Breaker,
    prompt::Turn,
    wire::{Completion, Request},
};
use crate::{
    adapters::http,
    domain::secret::Secret,
    ports::{
        clock::Clock,
        model::{Answer, Model, Question, Silence},
    },
};

/// A request is not longer than this: 8 kB of words, the schema twice, the short list.
const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// An answer is not longer than this.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// So many questions are out at once; one more goes unanswered, and waits for none of them.
const AT_ONCE: usize = 4;

/// How the key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer …`: everybody.
    Bearer,
    /// `api-key: …`: Azure. Source: learn.microsoft.com, "Azure `OpenAI` in Microsoft Foundry
    /// Models REST API reference", section "Authentication".
    ApiKey,
}

/// Where a model is, and how it is spoken to.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The base, up to and with `/v1`. Azure: `https://NAME.openai.azure.com/openai/v1`
    /// (learn.microsoft.com, "Azure `OpenAI` in Microsoft Foundry Models v1 API").
    pub base: Url,
    /// The model's name; with Azure, the deployment's.
    pub name: String,
    /// The key, if one is wanted.
    pub key: Option<Secret>,
    /// How the key is sent.
    pub header: KeyHeader,
    /// For everything together: connecting, asking, and the second try.
    pub timeout: Duration,
}

/// A model behind the chat completions of `OpenAI`.
pub struct ChatCompletions {
    http: Client,
    url: Url,
    settings: Settings,
    clock: Arc<dyn Clock>,
    breaker: Mutex<Breaker>,
    at_once: Semaphore,
}

impl std::fmt::Debug for ChatCompletions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the model {}", self.settings.name)
    }
}

impl ChatCompletions {
    /// Nothing is sent yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let base = settings.base.as_str().trim_end_matches('/');
        let url: Url = format!("{base}/chat/completions").parse().context("the model's address")?;
        Ok(Self {
            http: http::client_for(&url, settings.timeout),
            url,
            settings,
            clock,
            breaker: Mutex::default(),
            at_once: Semaphore::new(AT_ONCE),
        })
    }

    /// Asks, and once more when what came is no answer.
    async fn converse(&self, question: &Question) -> Result<Answer, Silence> {
        let schema = question.schema();
        let mut turns = prompt::opening(question, &schema);
        let said = self.complete(&turns, &schema).await?;
        let wrong = match question.read(&said) {
            Ok(answer) => return Ok(answer),
            Err(wrong) => wrong,
        };
        turns.extend(prompt::again(&said, &wrong));
        let said = self.complete(&turns, &schema).await?;
        question.read(&said).map_err(Silence::Unfit)
    }

    async fn complete(
        &self,
        turns: &[Turn],
        schema: &serde_json::Value,
    ) -> Result<String, Silence> {
        let body = Request::of(&self.settings.name, turns, schema).bytes();
        if body.len() > REQUEST_BYTES_MAX {
            return Err(Silence::Refused(format!(
                "a question of more than {REQUEST_BYTES_MAX} bytes is not sent"
            )));
        }
        let mut request =
            self.http.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = &self.settings.key {
            let key = key.reveal().trim();
            request = match self.settings.header {
                KeyHeader::Bearer => request.bearer_auth(key),
                KeyHeader::ApiKey => {
                    let mut value = header::HeaderValue::from_str(key)
                        .context("the key has characters that no header takes")
                        .map_err(Silence::Unreachable)?;
                    value.set_sensitive(true);
                    request.header("api-key", value)
                }
            };
        }
        let answer = request.body(body).send().await.map_err(lost)?;
        let status = answer.status();
        let body = http::read(answer, ANSWER_BYTES_MAX)
            .await
            .map_err(|error| Silence::Unreachable(error.into()))?;
        if !status.is_success() {
            return Err(Silence::Refused(refusal(status, &body)));
        }
        Completion::read(&body).map_err(Silence::Unreachable)
    }

    fn breaker<T>(&self, with: impl FnOnce(&mut Breaker) -> T) -> T {
        with(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Model for ChatCompletions {
    async fn ask(&self, question: &Question) -> Result<Answer, Silence> {
        let Ok(_turn) = self.at_once.try_acquire() else { return Err(Silence::Busy) };
        if !self.breaker(|breaker| breaker.lets_through(self.clock.now())) {
            return Err(Silence::Resting);
        }
        let asked = tokio::time::timeout(self.settings.timeout, self.converse(question)).await;
        let answer = asked.unwrap_or(Err(Silence::TooLate));
        let now = self.clock.now();
        self.breaker(|breaker| match answer {
            Ok(_) => breaker.went_well(),
            Err(_) => breaker.failed(now),
        });
        answer
    }
}

fn lost(error: reqwest::Error) -> Silence {
    if error.is_timeout() {
        return Silence::TooLate;
    }
    Silence::Unreachable(error.without_url().into())
}

/// What the status says, with the code of an error document (never its message: it may
/// repeat what was sent).
fn refusal(status: StatusCode, body: &[u8]) -> String {
    match wire::error_code(body) {
        Some(code) => format!("{status} ({code})"),
        None => status.to_string(),
    }
}
