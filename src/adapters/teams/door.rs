//! The door of `POST /api/messages`: bytes in, [`FromTeams`] out, or a refusal.

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use jiff::Timestamp;

use crate::adapters::teams::{
    activity::Activity,
    cloud::Endpoints,
    decode::{self, Decoded},
    forms::Asks,
    hosts::{ServiceHosts, comparable},
    token::{TokenCheck, TrustedCaller, Verified},
};

/// The longest body that is read. The route sets the same limit before reading.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What the door needs to know.
#[derive(Debug, Clone)]
pub struct TeamsSettings {
    /// The bot's app (client) id.
    pub app_id: String,
    /// The tenants whose people may speak to the bot. Empty means none, and is refused.
    pub tenants: Vec<String>,
    /// Where the Bot Framework is.
    pub endpoints: Endpoints,
    /// Other hosts the signing keys may be fetched from. Usually none.
    pub key_hosts: Vec<String>,
    /// Other apps that may send activities. Usually none.
    pub trusted_callers: Vec<TrustedCaller>,
}

/// Something Teams really said: token, connector, channel and tenant were checked.
/// There is no other way to get one, but for the demo's
/// [`TokenlessDoor`](super::tokenless::TokenlessDoor).
#[derive(Debug)]
pub struct FromTeams {
    decoded: Decoded,
    asks: Asks,
}

impl FromTeams {
    /// What it was.
    pub fn into_decoded(self) -> Decoded {
        self.decoded
    }

    /// What it was, to look at.
    pub fn decoded(&self) -> &Decoded {
        &self.decoded
    }

    /// Whether somebody waits for the body of the answer: an invoke, for at most ten
    /// seconds. Everything else is answered 200 with an empty body at once.
    pub fn wants_answer(&self) -> bool {
        self.asks != Asks::Nothing
    }

    /// How it wants to be answered.
    pub fn asks(&self) -> Asks {
        self.asks
    }

    /// Reads an activity whose sender and tenant were checked. For doors only.
    pub(super) fn read(activity: &Activity, tenant: &str) -> Result<Self, DoorRefusal> {
        let decoded = decode::decode(activity, tenant).map_err(DoorRefusal::bad)?;
        Ok(Self { decoded, asks: Asks::of(activity) })
    }
}

/// Why something was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct DoorRefusal {
    /// The whole answer to the sender, who learns no more.
    pub status: StatusCode,
    /// For the log. Holds nothing of what was sent.
    pub why: &'static str,
}

impl DoorRefusal {
    /// 401: who says so?
    pub(super) fn unknown(why: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, why }
    }

    /// 403: not from there.
    pub(super) fn barred(why: &'static str) -> Self {
        Self { status: StatusCode::FORBIDDEN, why }
    }

    /// 400: not an activity.
    pub(super) fn bad(why: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, why }
    }
}

/// Lets in what the Bot Framework vouches for.
#[derive(Debug)]
pub struct TeamsDoor {
    token: TokenCheck,
    tenants: Vec<String>,
    hosts: ServiceHosts,
}

impl TeamsDoor {
    /// A door for this bot. Fails when its app id or the list of tenants is missing:
    /// there is no open door.
    pub fn new(settings: &TeamsSettings) -> anyhow::Result<Self> {
        let tenants: Vec<_> =
            settings.tenants.iter().map(|tenant| tenant.trim().to_lowercase()).collect();
        anyhow::ensure!(
            !tenants.is_empty() && !tenants.contains(&String::new()),
            "teams.tenants is not set"
        );
        let TeamsSettings { app_id, endpoints, key_hosts, trusted_callers, .. } = settings;
        Ok(Self {
            token: TokenCheck::new(app_id, endpoints, key_hosts, trusted_callers)?,
            tenants,
            hosts: ServiceHosts::of(endpoints)?,
        })
    }

    /// Checks a request and reads it. The token is checked before anything of the
    /// body is looked at, and then the body against the token.
    pub async fn read(
        &self,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<FromTeams, DoorRefusal> {
        self.admit(headers, now).await?.read(&body)
    }

    /// Checks the token alone: for a route that reads no body of a stranger.
    pub async fn admit(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Admitted<'_>, DoorRefusal> {
        let verified = self.token.check(headers, now).await.map_err(DoorRefusal::unknown)?;
        Ok(Admitted { door: self, verified })
    }
}

/// A request whose token is good. Its body has yet to agree with the token.
#[derive(Debug)]
pub struct Admitted<'a> {
    door: &'a TeamsDoor,
    verified: Verified,
}

impl Admitted<'_> {
    /// Reads the body, and compares it with the token and with what is allowed.
    pub fn read(self, body: &Bytes) -> Result<FromTeams, DoorRefusal> {
        let Self { door, verified } = self;
        let activity = parse(body)?;
        let channel = activity.channel_id.as_deref().unwrap_or_default();
        if channel != "msteams" || !verified.endorses(channel) {
            let why = "the activity is of a channel the key does not vouch for";
            return Err(DoorRefusal::barred(why));
        }
        let service_url = activity.service_url.as_deref();
        let service_url = service_url.ok_or(DoorRefusal::bad("the activity names no connector"))?;
        let other = |vouched: &String| comparable(vouched) != comparable(service_url);
        if verified.service_url.as_ref().is_some_and(other) {
            let why = "the activity names another connector than its token";
            return Err(DoorRefusal::barred(why));
        }
        door.hosts.allow(service_url).map_err(DoorRefusal::barred)?;
        let tenant = activity.tenant().map_err(DoorRefusal::barred)?;
        if !door.tenants.contains(&tenant) {
            return Err(DoorRefusal::barred("the activity is of a tenant that is not allowed"));
        }
        FromTeams::read(&activity, &tenant)
    }
}

/// Reads the body as one activity.
pub(super) fn parse(body: &Bytes) -> Result<Activity, DoorRefusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(DoorRefusal {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            why: "the body is too long",
        });
    }
    serde_json::from_slice(body).map_err(|_| DoorRefusal::bad("the body is not an activity"))
}
