//! One struct per concern. Every key has its comment in `countersign.example.toml`.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::Context;
use jiff::{SignedDuration, civil::Time, tz::TimeZone};
use serde::{Deserialize, Deserializer, de};

use crate::{
    config::{
        api::Api,
        database::{Database, Postgres},
        endpoints::Endpoints,
        model::Model,
        policy::Policy,
        telemetry::Telemetry,
        templates::Template,
        tenants::Customer,
        timing::Timing,
    },
    domain::{ids::TenantId, secret::Secret},
};

/// Everything the operator decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The SQLite file, or the PostgreSQL server.
    pub database: Database,
    /// How a PostgreSQL server is used.
    #[serde(default)]
    pub postgres: Postgres,
    /// Whose directory.
    pub tenant: Tenant,
    /// Customers' directories beside it. None if it is not said.
    #[serde(default)]
    pub tenants: Vec<Customer>,
    /// The keys that seal and sign.
    pub keys: Keys,
    /// Where the doors listen.
    #[serde(default)]
    pub server: Server,
    /// The app registration that acts in the tenant.
    pub microsoft: Microsoft,
    /// The Teams bot, if there is one.
    pub teams: Option<Teams>,
    /// The Slack app, if there is one.
    pub slack: Option<Slack>,
    /// Whether people sign in at Entra from a chat. Not if it is not said.
    #[serde(default)]
    pub sign_in: SignIn,
    /// Where approval cards are posted.
    #[serde(default)]
    pub approvals: Approvals,
    /// Where signed heads of the record are posted.
    #[serde(default)]
    pub heads: Places,
    /// Where whoever runs the service is told what it needs.
    #[serde(default)]
    pub operators: Places,
    /// First and last days of the directory as proposals. None if it is not said.
    #[serde(default)]
    pub drafts: Drafts,
    /// Who may ask, and who must sign. Empty: nobody.
    #[serde(default)]
    pub policy: Policy,
    /// Named ways to ask for an action, by name.
    #[serde(default)]
    pub templates: BTreeMap<String, Template>,
    /// Programs that may propose. None if it is not said.
    #[serde(default)]
    pub api: Api,
    /// A language model that helps to read words, if there is one.
    pub model: Option<Model>,
    /// Where traces go, if anywhere.
    pub telemetry: Option<Telemetry>,
    /// Outside addresses.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// How long things are kept.
    #[serde(default)]
    pub retention: Retention,
    /// How long things are held and waited for.
    #[serde(default)]
    pub timing: Timing,
}

/// Whose directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The directory's GUID.
    pub id: TenantId,
    /// What cards call it. Wanted when there are `[[tenants]]` beside it.
    pub name: Option<String>,
    /// Slack channel ids (`C…`) in which everything is about it, when there are others.
    #[serde(default)]
    pub slack_channels: Vec<String>,
    /// The same in Teams, by conversation id (`19:…`).
    #[serde(default)]
    pub teams_conversations: Vec<String>,
    /// For dates in words and on cards.
    #[serde(default = "utc", deserialize_with = "time_zone")]
    pub time_zone: TimeZone,
    /// What "end of day" means.
    #[serde(default = "five")]
    pub end_of_day: Time,
}

/// The keys that seal and sign: a file made by `countersign keys new`, or the two values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The file. Refused when others can read it.
    pub file: Option<PathBuf>,
    /// 32 bytes in base64: seals what is stored.
    #[serde(default, deserialize_with = "secret")]
    pub encryption: Option<Secret>,
    /// 32 bytes in base64: signs votes and heads of the record.
    #[serde(default, deserialize_with = "secret")]
    pub signing: Option<Secret>,
}

/// Where the doors listen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port of the doors.
    pub listen: SocketAddr,
    /// The https address people and services reach it under; one-time links start with it.
    pub public_url: Option<String>,
    /// Address and port of `/metrics`, apart from the doors.
    pub metrics_listen: Option<SocketAddr>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3978)),
            public_url: None,
            metrics_listen: None,
        }
    }
}

/// The app registration that acts in the tenant: a secret, a certificate with its key, or a token
/// of the platform it runs on (workload identity federation).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Microsoft {
    /// Application (client) id.
    pub client_id: String,
    /// Its secret.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<Secret>,
    /// Or: the certificate's PEM file…
    pub certificate: Option<PathBuf>,
    /// …and its private key's PEM file.
    pub private_key: Option<PathBuf>,
    /// Or: the file in which the platform keeps a token that the registration trusts. Read anew
    /// each time.
    pub federated_token_path: Option<PathBuf>,
    /// It acts in the name of the partner's service account: set for the customers whose `access`
    /// is `partner`.
    #[serde(skip)]
    pub(crate) partner: bool,
}

/// The Teams bot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    /// The bot's app id.
    pub app_id: String,
    /// Its secret.
    #[serde(default, deserialize_with = "secret")]
    pub app_secret: Option<Secret>,
    /// Or: the certificate's PEM file…
    pub certificate: Option<PathBuf>,
    /// …and its private key's PEM file.
    pub private_key: Option<PathBuf>,
    /// The app's home tenant; empty for a legacy multi-tenant bot.
    pub app_tenant: Option<String>,
    /// Entra tenants whose people may use the bot; the `[tenant]` alone if empty.
    #[serde(default)]
    pub allowed_tenants: Vec<String>,
    /// Host names of connectors that may get the bot's token, beyond the cloud's own.
    #[serde(default)]
    pub service_hosts: Vec<String>,
}

/// The Slack app.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slack {
    /// From "Basic Information": signs what Slack sends. Not needed in Socket Mode.
    #[serde(default, deserialize_with = "secret")]
    pub signing_secret: Option<Secret>,
    /// The one before, during a rotation.
    #[serde(default, deserialize_with = "secret")]
    pub previous_signing_secret: Option<Secret>,
    /// `xoxb-…`.
    #[serde(deserialize_with = "secret_required")]
    pub bot_token: Secret,
    /// `xapp-…`: switches Socket Mode on.
    #[serde(default, deserialize_with = "secret")]
    pub app_token: Option<Secret>,
    /// `A…`, from "Basic Information".
    pub app_id: String,
    /// `T…`: the workspace it is installed in.
    pub team_id: String,
    /// `E…`, for an install across a whole organisation.
    pub enterprise_id: Option<String>,
    /// The workspace enforces single sign-on from this tenant, so a confirmed mail address is proof enough of who asks.
    #[serde(default)]
    pub mail_is_identity: bool,
    /// Slack user id → sign-in name, set by the operator.
    #[serde(default)]
    pub people: BTreeMap<String, String>,
}

/// Signing in at Entra from a chat.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Whoever writes in Slack and is nobody's account yet is offered to link it by a sign-in;
    /// and approvers sign in afresh where `policy.step_up` says so.
    pub enabled: bool,
}

impl SignIn {
    /// Where people come back to, under the address of the doors.
    pub fn redirect(public_url: &str) -> String {
        format!("{}/sign-in/done", public_url.trim_end_matches('/'))
    }
}

/// Where approval cards are posted. Approvers named by sign-in name get one in
/// their own chat with the bot besides.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Approvals {
    /// Slack channel ids (`C…`).
    pub slack_channels: Vec<String>,
    /// Teams conversation ids (`19:…`), which the bot must have been added to.
    pub teams_conversations: Vec<String>,
    /// Also in each named approver's personal chat?
    #[serde(default)]
    pub personal: Option<bool>,
}

/// Conversations that something is posted to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Places {
    /// Slack channel ids (`C…`).
    pub slack_channels: Vec<String>,
    /// Teams conversation ids (`19:…`), which the bot must have been added to.
    pub teams_conversations: Vec<String>,
}

/// Which days of the directory become proposals, and in whose name. Nobody signs less for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drafts {
    /// In whose name they are made: the sign-in name of somebody who may ask for it. Nothing
    /// is proposed if it is not said.
    pub requester: Option<String>,
    /// So many days before, 1 to 90.
    pub days_before: u16,
    /// Allowing sign-in on the first day (`employeeHireDate`) of an account that is blocked?
    pub joiners: bool,
    /// Offboarding on the last day (`employeeLeaveDateTime`)?
    pub leavers: bool,
}

impl Default for Drafts {
    fn default() -> Self {
        Self { requester: None, days_before: 14, joiners: true, leavers: true }
    }
}

impl Drafts {
    /// So many days before somebody's last day it is proposed; nothing where it never is.
    pub fn ends(&self) -> Option<u16> {
        (self.requester.is_some() && self.leavers).then_some(self.days_before)
    }
}

/// How long things are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// The words people said, sealed.
    pub words: SignedDuration,
    /// A one-time link that nobody opened.
    pub links: SignedDuration,
    /// The keys of handled deliveries.
    pub deliveries: SignedDuration,
    /// What somebody had before an offboarding took it, sealed.
    pub snapshots: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            words: SignedDuration::from_hours(30 * 24),
            links: SignedDuration::from_hours(48),
            deliveries: SignedDuration::from_hours(48),
            snapshots: SignedDuration::from_hours(90 * 24),
        }
    }
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

fn five() -> Time {
    jiff::civil::time(17, 0, 0, 0)
}

fn time_zone<'de, D: Deserializer<'de>>(from: D) -> Result<TimeZone, D::Error> {
    let name = String::deserialize(from)?;
    TimeZone::get(&name).context("").map_err(|_| {
        de::Error::custom(format!("`{name}` is no time zone; write one such as Europe/London"))
    })
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

fn secret_required<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}
