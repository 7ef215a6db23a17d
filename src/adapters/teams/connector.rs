//! One call to the Bot Connector: where the token may go, what is tried again.
//!
//! Tried again: 412, 429, 502, 503, 504 (Microsoft's page “Rate limiting for bots”),
//! at most three times in all, and a 401 once with a fresh token. Not 500, and not a
//! send whose answer was lost: that may have happened, and says so.

use std::{fmt, fmt::Write as _, sync::Arc, time::Duration};

use anyhow::anyhow;
use futures::future::BoxFuture;
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::Value;

use crate::{
    adapters::{
        http,
        teams::{
            credential::{Bearer, SignIn},
            hosts::ServiceHosts,
            pace::Pace,
        },
    },
    ports::{
        chat::{ChatError, FileError},
        clock::Clock,
    },
};

/// A call is given up after this, unless another limit is set.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(15);
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
const TRIES: u32 = 3;
/// The longest wait between two tries. Whoever is told to wait longer comes back.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// After the bot could not sign in.
const SIGN_IN_WAIT: Duration = Duration::from_secs(30);

/// Lets time pass. Tests let none pass.
pub type Pause = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// The runtime's own.
pub fn real_pause() -> Pause {
    Arc::new(|wait| Box::pin(tokio::time::sleep(wait)))
}

/// Calls connectors with the bot's token.
pub struct Connector {
    outside: Client,
    this_machine: Client,
    hosts: ServiceHosts,
    sign_in: SignIn,
    pace: Pace,
    clock: Arc<dyn Clock>,
    pause: Pause,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// How. Only a POST may happen twice when it is repeated.
    pub method: Method,
    /// The connector, from a verified activity or the settings.
    pub service_url: &'a str,
    /// The rest of the address, from [`path`].
    pub path: String,
    /// What to send.
    pub body: Option<&'a Value>,
    /// Whose turn it takes, if it counts.
    pub conversation: Option<&'a str>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a connector that {:?}", self.sign_in)
    }
}

impl Connector {
    /// A connector that only speaks to `hosts`.
    pub fn new(sign_in: SignIn, hosts: ServiceHosts, clock: Arc<dyn Clock>, pause: Pause) -> Self {
        let (outside, this_machine) = (http::client(ANSWER_WITHIN), http::direct(ANSWER_WITHIN));
        Self { outside, this_machine, hosts, sign_in, pace: Pace::default(), clock, pause }
    }

    /// The same, that waits and speaks otherwise.
    #[must_use]
    pub fn with(
        mut self,
        hosts: impl FnOnce(ServiceHosts) -> ServiceHosts,
        pause: Option<Pause>,
    ) -> Self {
        self.hosts = hosts(self.hosts);
        self.pause = pause.unwrap_or(self.pause);
        self
    }

    /// The same, that gives a call up after this long.
    #[must_use]
    pub fn answering_within(mut self, limit: Duration) -> Self {
        (self.outside, self.this_machine) = (http::client(limit), http::direct(limit));
        self
    }

    /// Reads a file that came with a message. Its address opens it: no token goes there, and
    /// none is told where it went.
    pub async fn download(&self, address: &str, max: usize) -> Result<Vec<u8>, FileError> {
        let url = self.hosts.allow_file(address).ok_or(FileError::Elsewhere)?;
        let client = if http::is_loopback(&url) { &self.this_machine } else { &self.outside };
        let sent = client.get(url).send().await;
        let answer = sent.map_err(|error| FileError::Away(error.without_url().into()))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FileError::Gone),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(FileError::Forbidden),
            status => return Err(FileError::Away(anyhow!("status {}", status.as_u16()))),
        }
        match http::read(answer, max).await {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(http::BodyError::TooLong(_)) => Err(FileError::TooLarge),
            Err(error) => Err(FileError::Away(error.into())),
        }
    }

    /// Makes a call. `Value::Null` for an empty answer, which the service sends where
    /// its documents promise a body.
    pub async fn call(&self, call: Call<'_>) -> Result<Value, ChatError> {
        let base =
            self.hosts.allow(call.service_url).map_err(|why| ChatError::Refused(why.to_owned()))?;
        let url: Url = format!("{}{}", base.as_str().trim_end_matches('/'), call.path)
            .parse()
            .map_err(|_| ChatError::Refused("the call has no address".to_owned()))?;
        let mut fresh_token = false;
        let mut tries = 0;
        loop {
            // Between two tries of one call, waiting for our pace is part of the first try.
            self.take_turn(&call).await.map_err(|wait| match tries {
                0 => ChatError::Early { wait },
                _ => ChatError::Busy { wait },
            })?;
            let token =
                self.sign_in.token().await.map_err(|_| ChatError::Busy { wait: SIGN_IN_WAIT })?;
            let failed = match self.once(&call, &url, &token).await {
                Ok(said) => return Ok(said),
                Err(Failed::Token) if !fresh_token => {
                    fresh_token = true;
                    self.sign_in.forget(&token).await;
                    continue;
                }
                Err(failed) => failed,
            };
            tries += 1;
            let (wait, end) = match failed {
                Failed::Token => {
                    return Err(ChatError::Refused(
                        "the bot's token is not accepted (401)".to_owned(),
                    ));
                }
                Failed::For(error) => return Err(error),
                Failed::Again { after, end } => (after.unwrap_or_else(|| self.backoff(tries)), end),
            };
            if let (Some(conversation), End::Busy) = (call.conversation, &end) {
                self.pace.hold(conversation, self.clock.now(), wait);
            }
            if tries >= TRIES || wait > WAIT_MAX {
                return Err(end.after(wait));
            }
            (self.pause)(wait).await;
        }
    }

    /// Waits for its turn, or says how long that would be if that is too long.
    async fn take_turn(&self, call: &Call<'_>) -> Result<(), Duration> {
        let Some(conversation) = call.conversation else { return Ok(()) };
        let wait = self.pace.turn(conversation, self.clock.now())?;
        if !wait.is_zero() {
            (self.pause)(wait).await;
        }
        Ok(())
    }

    async fn once(&self, call: &Call<'_>, url: &Url, token: &Bearer) -> Result<Value, Failed> {
        let client = if http::is_loopback(url) { &self.this_machine } else { &self.outside };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
            .map_err(|_| Failed::Token)?;
        bearer.set_sensitive(true);
        let mut request =
            client.request(call.method.clone(), url.clone()).header(AUTHORIZATION, bearer);
        if let Some(body) = call.body {
            request = request.json(body);
        }
        let lost = |error: anyhow::Error| {
            if call.method == Method::POST {
                Failed::For(ChatError::Unsure(error))
            } else {
                Failed::Again { after: None, end: End::Unsure(error) }
            }
        };
        match request.send().await {
            // Nothing was sent.
            Err(error) if error.is_connect() => Err(Failed::Again { after: None, end: End::Busy }),
            Err(error) => Err(lost(error.without_url().into())),
            Ok(answer) if answer.status().is_success() => {
                let body = http::read(answer, ANSWER_BYTES_MAX)
                    .await
                    .map_err(|error| lost(error.into()))?;
                Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
            }
            Ok(answer) => Err(refused(call, answer).await),
        }
    }

    /// 2 s, 4 s, … with as much again by chance, at most 20 s.
    fn backoff(&self, tries: u32) -> Duration {
        let mut chance = [0; 2];
        self.clock.fill(&mut chance);
        let part = f64::from(u16::from_le_bytes(chance)) / f64::from(u16::MAX);
        Duration::from_secs(2 << (tries - 1).min(4)).mul_f64(1.0 + part).min(WAIT_MAX)
    }
}

/// Why one try failed.
enum Failed {
    Token,
    For(ChatError),
    Again { after: Option<Duration>, end: End },
}

/// What the failure is called when it is not tried again.
enum End {
    Busy,
    Unsure(anyhow::Error),
}

impl End {
    fn after(self, wait: Duration) -> ChatError {
        match self {
            Self::Busy => ChatError::Busy { wait },
            Self::Unsure(error) => ChatError::Unsure(error),
        }
    }
}

async fn refused(call: &Call<'_>, answer: Response) -> Failed {
    let status = answer.status();
    let after = http::retry_after(answer.headers());
    let code = code(answer).await;
    let named = || format!("{code} ({})", status.as_u16());
    let error = match status {
        StatusCode::UNAUTHORIZED => return Failed::Token,
        StatusCode::PRECONDITION_FAILED
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE => {
            return Failed::Again { after, end: End::Busy };
        }
        // A gateway does not know whether it happened.
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            return Failed::Again { after, end: End::Unsure(anyhow!("{}", named())) };
        }
        // A message or a member; of a send, the conversation.
        StatusCode::NOT_FOUND if call.method != Method::POST => ChatError::Gone,
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => ChatError::NotAllowed(named()),
        status if status.is_server_error() => ChatError::Unsure(anyhow!("{}", named())),
        _ => ChatError::Refused(named()),
    };
    Failed::For(error)
}

/// The service's own word for an error, such as `BotNotInConversationRoster`.
async fn code(answer: Response) -> String {
    let body = http::read(answer, ANSWER_BYTES_MAX).await.unwrap_or_default();
    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = said.pointer("/error/code").and_then(Value::as_str).unwrap_or("no code");
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').take(60).collect()
}

/// `/v3/conversations/…`, with each part percent-encoded. The error is a part that
/// would change the address.
pub fn path(parts: &[&str]) -> Result<String, ChatError> {
    let mut path = "/v3".to_owned();
    for part in parts {
        if part.is_empty() || *part == "." || *part == ".." {
            return Err(ChatError::Refused("an id is not one of the service's".to_owned()));
        }
        path.push('/');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                path.push(char::from(byte));
            } else {
                write!(path, "%{byte:02X}").expect("writing to a string");
            }
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_encoded_as_one_part_of_the_path() {
        let path = path(&[
            "conversations",
            "19:a@thread.tacv2;messageid=1",
            "activities",
            "a/../b?c#d%2e",
        ])
        .unwrap();
        assert_eq!(
            path,
            "/v3/conversations/19%3Aa%40thread.tacv2%3Bmessageid%3D1/activities/a%2F..%2Fb%3Fc%23d%252e"
        );
    }

    #[test]
    fn an_id_that_would_climb_is_refused() {
        for bad in ["", ".", ".."] {
            assert!(path(&["conversations", bad, "activities"]).is_err(), "{bad}");
        }
    }
}
