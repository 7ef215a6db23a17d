//! Signs what people did and sends it to the bot, over HTTP or Socket Mode.

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use ring::hmac;
use serde_json::Value;

use super::world::Workspace;

/// How the bot is reached. An app has one of the two.
#[derive(Debug, Clone)]
pub enum Transport {
    /// Signed requests to `/slack/events`, `/slack/interactions` and
    /// `/slack/commands` under this address.
    Http(Url),
    /// Envelopes over the connections that the bot opened.
    Socket,
}

/// What is sent to the bot, so that it can be sent again.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub(super) kind: &'static str,
    pub(super) payload: Value,
}

impl Sent {
    pub(super) fn event(payload: Value) -> Self {
        Self { kind: "events_api", payload }
    }

    /// Any interaction payload; also one that no honest client sends.
    pub fn interaction(payload: Value) -> Self {
        Self { kind: "interactive", payload }
    }

    pub(super) fn command(payload: Value) -> Self {
        Self { kind: "slash_commands", payload }
    }

    /// The payload.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// Where it goes over HTTP.
    pub fn path(&self) -> &'static str {
        match self.kind {
            "events_api" => "/slack/events",
            "interactive" => "/slack/interactions",
            _ => "/slack/commands",
        }
    }

    /// The content type and the raw body over HTTP.
    pub fn body(&self) -> (&'static str, String) {
        const FORM: &str = "application/x-www-form-urlencoded";
        let form = |pairs: Vec<(&str, String)>| {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        match self.kind {
            "events_api" => ("application/json", self.payload.to_string()),
            "interactive" => (FORM, form(vec![("payload", self.payload.to_string())])),
            _ => {
                let fields = self.payload.as_object().into_iter().flatten();
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (FORM, form(fields.map(|(name, value)| (name.as_str(), text(value))).collect()))
            }
        }
    }
}

/// What the bot answered within Slack's patience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status; 200 for an ack in Socket Mode; none if nothing came in time.
    pub status: Option<u16>,
    /// The body, or the ack's payload.
    pub body: String,
    /// The bot asked not to send it again.
    pub no_retry: bool,
}

impl Answered {
    /// Slack takes it for delivered.
    pub fn is_ok(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    pub(super) fn nothing() -> Self {
        Self { status: None, body: String::new(), no_retry: false }
    }
}

/// An event that will be sent again.
#[derive(Debug, Clone)]
pub(super) struct Retry {
    sent: Sent,
    number: u8,
    due: Timestamp,
}

impl Workspace {
    /// How the bot is reached from now on.
    pub fn reach_bot(&self, transport: Transport) {
        self.state().transport = Some(transport);
    }

    /// Whether events that were not answered are kept to be sent again.
    pub fn keep_retries(&self, keep: bool) {
        self.state().retrying = keep;
    }

    /// The two headers over these bytes, made at `at`.
    pub fn sign(&self, body: &[u8], at: Timestamp) -> [(&'static str, String); 2] {
        let timestamp = at.as_second().to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.setup().signing_secret.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        for part in [b"v0:", timestamp.as_bytes(), b":", body] {
            context.update(part);
        }
        let signature = format!("v0={}", hex::encode(context.sign()));
        [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature)]
    }

    /// Sends again what is due by the clock. docs "Events API": at once, after a
    /// minute, after five minutes; the same event id each time.
    pub async fn send_due_retries(&self) -> Vec<Answered> {
        let now = self.setup().clock.now();
        let due = {
            let mut state = self.state();
            let (due, later) =
                std::mem::take(&mut state.retries).into_iter().partition(|retry| retry.due <= now);
            state.retries = later;
            let due: Vec<Retry> = due;
            due
        };
        let mut answers = Vec::new();
        for retry in due {
            answers.push(self.deliver(&retry.sent, Some(retry.number)).await);
        }
        answers
    }

    pub(super) async fn deliver(&self, sent: &Sent, retry: Option<u8>) -> Answered {
        let transport = self.state().transport.clone();
        let answer = match transport {
            Some(Transport::Http(base)) => self.post(&base, sent, retry).await,
            // Socket Mode keeps what was not acknowledged itself.
            Some(Transport::Socket) => return self.send_envelope(sent).await,
            None => Answered::nothing(),
        };
        if sent.kind == "events_api" && !answer.is_ok() && !answer.no_retry {
            self.remember(sent, retry.unwrap_or(0) + 1);
        }
        answer
    }

    fn remember(&self, sent: &Sent, number: u8) {
        let wait = match number {
            1 => 0,
            2 => 60,
            3 => 300,
            _ => return,
        };
        let now = self.setup().clock.now();
        let due = now.saturating_add(SignedDuration::from_secs(wait)).unwrap_or(now);
        let mut state = self.state();
        if state.retrying {
            state.retries.push(Retry { sent: sent.clone(), number, due });
        }
    }

    async fn post(&self, base: &Url, sent: &Sent, retry: Option<u8>) -> Answered {
        let Ok(address) = base.join(sent.path()) else { return Answered::nothing() };
        let (kind, body) = sent.body();
        let mut request = self.inner.http.post(address).header("content-type", kind);
        for (name, value) in self.sign(body.as_bytes(), self.setup().clock.now()) {
            request = request.header(name, value);
        }
        if let Some(number) = retry {
            request = request
                .header("X-Slack-Retry-Num", number.to_string())
                .header("X-Slack-Retry-Reason", "http_error");
        }
        let Ok(answer) = request.body(body).send().await else { return Answered::nothing() };
        let status = Some(answer.status().as_u16());
        let no_retry = answer.headers().get("X-Slack-No-Retry").is_some_and(|value| value == "1");
        // A body that breaks off is none.
        let body = answer.text().await.unwrap_or_default();
        Answered { status, body, no_retry }
    }
}
