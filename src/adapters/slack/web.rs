//! Slack's Web API: the methods we need, and what their answers mean.
//!
//! Arguments go as a form (`application/x-www-form-urlencoded`), because that is
//! the one form that every method takes; `blocks`, `view` and `metadata` are JSON
//! in it. Neither arguments nor answers are ever logged.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, StatusCode, Url, header};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    installed::Installation,
    pace::{Pace, Rate},
};
use crate::{
    adapters::http,
    domain::secret::Secret,
    ports::{chat::ChatError, clock::Clock},
};

/// An answer longer than this is not read.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// When Slack says "later" without saying when.
const WAIT_DEFAULT: Duration = Duration::from_secs(10);
/// Slack's waits are believed up to here.
const WAIT_MAX: Duration = Duration::from_mins(5);
/// After a connection that could not be made: nothing was sent, so just try again.
const WAIT_UNREACHABLE: Duration = Duration::from_secs(2);

/// The methods we call. Tiers: docs.slack.dev, each method's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Posts a message. `chat:write`.
    PostMessage,
    /// Replaces one of our messages. `chat:write`.
    Update,
    /// Shows a message to one person. `chat:write`.
    PostEphemeral,
    /// Opens a direct message. `im:write`.
    OpenConversation,
    /// About a channel. `channels:read`, `groups:read`, `im:read`.
    ConversationInfo,
    /// The last messages of a channel. `channels:history`, `groups:history`, `im:history`.
    History,
    /// The messages of a thread. As [`Self::History`].
    Replies,
    /// About a person. `users:read`, and `users:read.email` for the address.
    UserInfo,
    /// The people of a workspace. `users:read`, and `users:read.email` for addresses.
    UserList,
    /// The members of a channel. `channels:read`, `groups:read`, `im:read`.
    Members,
    /// Opens a form. No scope.
    OpenView,
    /// Replaces a form that is open. No scope.
    UpdateView,
    /// Whose token this is. No scope.
    AuthTest,
    /// The members of a user group. `usergroups:read`.
    GroupMembers,
    /// About a file. `files:read`.
    FileInfo,
    /// Opens a Socket Mode connection. An app-level token with `connections:write`.
    OpenSocket,
}

impl Method {
    /// Its name in Slack's documentation.
    pub fn name(self) -> &'static str {
        match self {
            Self::PostMessage => "chat.postMessage",
            Self::Update => "chat.update",
            Self::PostEphemeral => "chat.postEphemeral",
            Self::OpenConversation => "conversations.open",
            Self::ConversationInfo => "conversations.info",
            Self::History => "conversations.history",
            Self::Replies => "conversations.replies",
            Self::UserInfo => "users.info",
            Self::UserList => "users.list",
            Self::Members => "conversations.members",
            Self::OpenView => "views.open",
            Self::UpdateView => "views.update",
            Self::AuthTest => "auth.test",
            Self::GroupMembers => "usergroups.users.list",
            Self::FileInfo => "files.info",
            Self::OpenSocket => "apps.connections.open",
        }
    }

    fn rate(self) -> Rate {
        match self {
            // "Several hundred a minute" for a whole workspace.
            Self::PostMessage => Rate::new(200, 50),
            // Tier 2: 20 a minute.
            Self::GroupMembers | Self::UserList => Rate::new(3000, 10),
            // Tier 3: 50 a minute.
            Self::Update
            | Self::OpenConversation
            | Self::ConversationInfo
            | Self::History
            | Self::Replies
            | Self::OpenSocket => Rate::new(1200, 25),
            // Tier 4: 100 a minute.
            Self::PostEphemeral
            | Self::UserInfo
            | Self::OpenView
            | Self::UpdateView
            | Self::Members
            | Self::FileInfo
            | Self::AuthTest => Rate::new(600, 50),
        }
    }

    /// Calling it twice does no more than calling it once.
    fn is_repeatable(self) -> bool {
        !matches!(self, Self::PostMessage | Self::PostEphemeral | Self::OpenView | Self::OpenSocket)
    }
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Too early by our own count: nothing was sent.
    #[error("our own pace says to wait {} ms", wait.as_millis())]
    Early {
        /// How long.
        wait: Duration,
    },
    /// Too early by Slack's count (429, `ratelimited`).
    #[error("Slack asks to wait {} s", wait.as_secs())]
    Busy {
        /// How long.
        wait: Duration,
    },
    /// No connection could be made: nothing was sent.
    #[error("Slack cannot be reached")]
    Away,
    /// `ok: false`, with Slack's name for the error.
    #[error("Slack refused {method}: {error}")]
    Said {
        /// The method.
        method: &'static str,
        /// Slack's error code; only letters, digits, `_` and `.`.
        error: String,
    },
    /// It may or may not have happened: no answer, half of one, a 5xx, or no JSON.
    #[error("Slack did not answer {method}")]
    Unsure {
        /// The method.
        method: &'static str,
        /// For the log.
        #[source]
        source: anyhow::Error,
    },
}

/// One token's way to the Web API.
pub struct WebApi {
    pub(super) http: Client,
    base: Url,
    pub(super) token: Secret,
    clock: Arc<dyn Clock>,
    pace: Mutex<Pace>,
}

impl WebApi {
    /// `base` is `https://slack.com/api/`, or the simulator's; `http` comes from
    /// [`http::client_for`] and brings the time limit (ten seconds is good).
    pub fn new(http: Client, base: &Url, token: Secret, clock: Arc<dyn Clock>) -> Self {
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self { http, base, token, clock, pace: Mutex::default() }
    }

    /// Where the API is.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Calls a method. `channel` is given where Slack limits each channel by itself.
    pub async fn call(
        &self,
        method: Method,
        arguments: &[(&str, &str)],
        channel: Option<&str>,
    ) -> Result<Value, ApiError> {
        self.paced(|pace, now| pace.take((method.name(), method.rate()), channel, now))
            .map_err(|wait| ApiError::Early { wait })?;
        let mut answer = self.once(method, arguments).await;
        if method.is_repeatable() && matches!(answer, Err(ApiError::Unsure { .. })) {
            tokio::time::sleep(self.jitter()).await;
            answer = self.once(method, arguments).await;
        }
        let wait = match &answer {
            Err(ApiError::Busy { wait }) => Some(*wait),
            Err(ApiError::Away) => Some(WAIT_UNREACHABLE),
            _ => None,
        };
        if let Some(wait) = wait {
            self.paced(|pace, now| pace.hold(method.name(), channel, now, wait));
        }
        answer
    }

    /// Whose token this is: at the start, and for the doctor.
    pub async fn whoami(&self) -> Result<Whoami, ApiError> {
        let said = self.call(Method::AuthTest, &[], None).await?;
        let text =
            |name: &str| said[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let (Some(user), team) = (text("user_id"), text("team_id")) else {
            return Err(unsure(Method::AuthTest, anyhow::anyhow!("the answer names no user")));
        };
        let org_wide = said["is_enterprise_install"].as_bool() == Some(true);
        Ok(Whoami { user, team, enterprise: text("enterprise_id"), org_wide })
    }

    /// The members of a Slack user group (`S…`), as user ids.
    pub async fn group_members(&self, group: &str) -> Result<Vec<String>, ApiError> {
        let said = self.call(Method::GroupMembers, &[("usergroup", group)], None).await?;
        let users = said["users"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(users.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn paced<T>(&self, with: impl FnOnce(&mut Pace, jiff::Timestamp) -> T) -> T {
        let now = self.clock.now();
        with(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner), now)
    }

    /// Between 50 and 305 ms.
    fn jitter(&self) -> Duration {
        let mut chance = [0];
        self.clock.fill(&mut chance);
        Duration::from_millis(50 + u64::from(chance[0]))
    }

    async fn once(&self, method: Method, arguments: &[(&str, &str)]) -> Result<Value, ApiError> {
        let address = self
            .base
            .join(method.name())
            .map_err(|error| unsure(method, anyhow::Error::new(error)))?;
        let token = bearer(&self.token).map_err(|_| said(method, "invalid_auth"))?;
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(arguments).finish();
        let sent = self
            .http
            .post(address)
            .header(header::AUTHORIZATION, token)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => {
                return Err(ApiError::Away);
            }
            Err(error) => return Err(unsure(method, anyhow::Error::new(error.without_url()))),
        };
        let (status, wait) = (answer.status(), http::retry_after(answer.headers()));
        let wait = wait.unwrap_or(WAIT_DEFAULT).clamp(Duration::from_secs(1), WAIT_MAX);
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(ApiError::Busy { wait });
        }
        let body = http::read(answer, ANSWER_BYTES_MAX)
            .await
            .map_err(|error| unsure(method, anyhow::anyhow!("{error}")))?;
        if !status.is_success() {
            return Err(unsure(method, anyhow::anyhow!("status {}", status.as_u16())));
        }
        read(method, &body, wait)
    }
}

/// Spaces and line ends around a token (files have them) are not part of it.
pub(super) fn bearer(token: &Secret) -> Result<header::HeaderValue, header::InvalidHeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", token.reveal().trim()));
    let mut value = header::HeaderValue::from_str(&text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whoami {
    /// The bot's user (`U…`).
    pub user: String,
    /// The workspace; `None` for some org-wide tokens.
    pub team: Option<String>,
    /// The organisation, if there is one.
    pub enterprise: Option<String>,
    /// The token is for the whole organisation.
    pub org_wide: bool,
}

impl Whoami {
    /// The install that this token speaks for; none if Slack named no workspace.
    pub fn installation(&self) -> Option<Installation> {
        let team = self.team.as_deref();
        match self.enterprise.as_deref().filter(|_| self.org_wide) {
            Some(enterprise) => {
                Some(Installation::organisation(enterprise, team.as_slice(), &self.user))
            }
            None => Some(Installation::workspace(team?, self.enterprise.as_deref(), &self.user)),
        }
    }
}

fn read(method: Method, body: &[u8], wait: Duration) -> Result<Value, ApiError> {
    let answer: Value = serde_json::from_slice(body)
        .map_err(|_| unsure(method, anyhow::anyhow!("{} bytes that are no JSON", body.len())))?;
    match answer["ok"].as_bool() {
        Some(true) => Ok(answer),
        Some(false) => match answer["error"].as_str().unwrap_or("unknown_error") {
            "ratelimited" | "rate_limited" | "message_limit_exceeded" => {
                Err(ApiError::Busy { wait })
            }
            // Slack's own failures come as 200 too, and may have happened after the work.
            error @ ("internal_error"
            | "fatal_error"
            | "request_timeout"
            | "service_unavailable") => Err(unsure(method, anyhow::anyhow!("{error}"))),
            error => Err(said(method, error)),
        },
        None => Err(unsure(method, anyhow::anyhow!("an answer without `ok`"))),
    }
}

fn said(method: Method, error: &str) -> ApiError {
    let error =
        error.chars().filter(|c| c.is_ascii_alphanumeric() || "_.".contains(*c)).take(64).collect();
    ApiError::Said { method: method.name(), error }
}

fn unsure(method: Method, source: anyhow::Error) -> ApiError {
    ApiError::Unsure { method: method.name(), source }
}

impl From<ApiError> for ChatError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Early { wait } => Self::Early { wait },
            ApiError::Busy { wait } => Self::Busy { wait },
            ApiError::Away => Self::Busy { wait: WAIT_UNREACHABLE },
            ApiError::Unsure { .. } => Self::Unsure(anyhow::Error::new(error)),
            // The error names of each method's page on docs.slack.dev.
            ApiError::Said { error, .. } => match error.as_str() {
                "message_not_found" => Self::Gone,
                "channel_not_found"
                | "not_in_channel"
                | "is_archived"
                | "user_not_in_channel"
                | "messages_tab_disabled"
                | "restricted_action"
                | "restricted_action_read_only_channel"
                | "restricted_action_thread_only_channel"
                | "restricted_action_non_threadable_channel"
                | "channel_is_limited_access"
                | "cannot_dm_bot"
                | "user_disabled"
                | "user_not_found"
                | "user_not_visible"
                | "account_inactive"
                | "token_revoked"
                | "token_expired"
                | "invalid_auth"
                | "not_authed"
                | "missing_scope"
                | "team_access_not_granted"
                | "ekm_access_denied" => Self::NotAllowed(error),
                _ => Self::Refused(error),
            },
        }
    }
}
