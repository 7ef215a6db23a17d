//! One struct per concern. Every key has its comment in `countersign.example.toml`.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::{Context, bail, ensure};
use jiff::{SignedDuration, civil::Time, tz::TimeZone};
use serde::{Deserialize, Deserializer, de};

use crate::domain::{area::Area, ids::TenantId, secret::Secret};

/// Everything the operator decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The SQLite file.
    pub database: String,
    /// Whose directory.
    pub tenant: Tenant,
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
    /// Where approval cards are posted.
    #[serde(default)]
    pub approvals: Approvals,
    /// Who may ask, and who must sign. Empty: nobody.
    #[serde(default)]
    pub policy: Policy,
    /// Outside addresses.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// How long things are kept.
    #[serde(default)]
    pub retention: Retention,
}

/// Whose directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The directory's GUID.
    pub id: TenantId,
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

/// The app registration that acts in the tenant: a secret, or a certificate with its key.
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

/// Who may ask, and who must sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Who may ask, in every group that does not say otherwise: sign-in names, `group:<object id>`.
    pub requesters: Vec<String>,
    /// Who may sign, in every group that does not say otherwise.
    pub approvers: Vec<String>,
    /// Who receives generated passwords.
    pub secrets_to: SecretsTo,
    /// How long a request waits for its signatures.
    pub expires_after: SignedDuration,
    /// Accounts that nothing may be done to: sign-in names or object ids (break-glass accounts).
    pub untouchable: Vec<String>,
    /// What it takes to touch somebody with a privileged role: `refuse`, or `approve:2`.
    pub privileged: Approval,
    /// One table per permission group.
    pub groups: BTreeMap<Area, AreaPolicy>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            requesters: Vec::new(),
            approvers: Vec::new(),
            secrets_to: SecretsTo::Manager,
            expires_after: SignedDuration::from_hours(8),
            untouchable: Vec::new(),
            privileged: Approval::Refuse,
            groups: BTreeMap::new(),
        }
    }
}

/// Who receives a generated password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretsTo {
    /// Whoever asked.
    Requester,
    /// The subject's manager.
    Manager,
    /// Always the person with this sign-in name.
    #[serde(untagged)]
    Person(String),
}

/// The rules of one permission group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AreaPolicy {
    /// Off, reading only, or reading and changing. Off if it is not said.
    pub access: Access,
    /// Who must sign. `approve` if it is not said.
    pub approval: Approval,
    /// Who may ask here.
    pub requesters: Option<Vec<String>>,
    /// Who may sign here.
    pub approvers: Option<Vec<String>>,
}

/// What a permission group may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing.
    #[default]
    Disabled,
    /// Look.
    ReadOnly,
    /// Look and change.
    ReadWrite,
}

/// Who must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// The requester presses it himself.
    Confirm,
    /// So many other people.
    Approve(u8),
    /// Nobody can: it is not done.
    Refuse,
}

impl Default for Approval {
    fn default() -> Self {
        Self::Approve(1)
    }
}

impl<'de> Deserialize<'de> for Approval {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = String::deserialize(from)?;
        let count = |text: &str| text.parse::<u8>().ok().filter(|count| (1..=9).contains(count));
        match said.as_str() {
            "confirm" => Ok(Self::Confirm),
            "approve" => Ok(Self::Approve(1)),
            "refuse" => Ok(Self::Refuse),
            other => other.strip_prefix("approve:").and_then(count).map(Self::Approve).ok_or_else(|| {
                de::Error::custom(format!("`{other}` is no approval; write confirm, approve, approve:2 … approve:9, or refuse"))
            }),
        }
    }
}

/// A Microsoft cloud.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// The worldwide one.
    #[default]
    Public,
    /// US Government (GCC High).
    Usgov,
    /// US Department of Defense.
    UsgovDod,
    /// China, operated by 21Vianet.
    China,
}

/// Outside addresses: those of the cloud, unless one is set here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Which cloud's addresses are the defaults.
    pub cloud: Cloud,
    /// Entra's token service.
    pub login: Option<String>,
    /// Microsoft Graph, without `/v1.0`.
    pub graph: Option<String>,
    /// Exchange Online's admin endpoint.
    pub exchange: Option<String>,
    /// Slack's Web API, ending in `/api`.
    pub slack: Option<String>,
    /// The Bot Framework's token service.
    pub bot_login: Option<String>,
    /// The Bot Framework's OpenID metadata.
    pub bot_openid: Option<String>,
}

impl Endpoints {
    /// Entra's token service.
    pub fn login(&self) -> String {
        self.choose(
            self.login.as_ref(),
            [
                "https://login.microsoftonline.com",
                "https://login.microsoftonline.us",
                "https://login.microsoftonline.us",
                "https://login.partner.microsoftonline.cn",
            ],
        )
    }

    /// Microsoft Graph.
    pub fn graph(&self) -> String {
        self.choose(
            self.graph.as_ref(),
            [
                "https://graph.microsoft.com",
                "https://graph.microsoft.us",
                "https://dod-graph.microsoft.us",
                "https://microsoftgraph.chinacloudapi.cn",
            ],
        )
    }

    /// Exchange Online.
    pub fn exchange(&self) -> String {
        self.choose(
            self.exchange.as_ref(),
            [
                "https://outlook.office365.com",
                "https://outlook.office365.us",
                "https://webmail.apps.mil",
                "https://partner.outlook.cn",
            ],
        )
    }

    /// Slack's Web API.
    pub fn slack(&self) -> String {
        self.slack.clone().unwrap_or_else(|| "https://slack.com/api".to_owned())
    }

    fn choose(&self, set: Option<&String>, of: [&str; 4]) -> String {
        let at = match self.cloud {
            Cloud::Public => 0,
            Cloud::Usgov => 1,
            Cloud::UsgovDod => 2,
            Cloud::China => 3,
        };
        set.map_or_else(|| of[at].to_owned(), |set| set.trim_end_matches('/').to_owned())
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
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            words: SignedDuration::from_hours(30 * 24),
            links: SignedDuration::from_hours(48),
            deliveries: SignedDuration::from_hours(48),
        }
    }
}

impl Config {
    /// What can be seen wrong without looking at the world. Each error names its key and the remedy.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.database.trim().is_empty(),
            "database is empty; name a file such as countersign.db"
        );
        let from_values = self.keys.encryption.is_some() && self.keys.signing.is_some();
        ensure!(
            self.keys.file.is_some() || from_values,
            "keys: name keys.file (make one with `countersign keys new`), or give keys.encryption and keys.signing"
        );
        proof(
            "microsoft",
            self.microsoft.client_secret.as_ref(),
            self.microsoft.certificate.as_ref(),
            self.microsoft.private_key.as_ref(),
            "client_secret",
        )?;
        ensure!(
            !self.microsoft.client_id.trim().is_empty(),
            "microsoft.client_id is empty; it is the application (client) id"
        );
        if let Some(teams) = &self.teams {
            ensure!(
                !teams.app_id.trim().is_empty(),
                "teams.app_id is empty; it is the bot's application id"
            );
            proof(
                "teams",
                teams.app_secret.as_ref(),
                teams.certificate.as_ref(),
                teams.private_key.as_ref(),
                "app_secret",
            )?;
        }
        if let Some(slack) = &self.slack {
            ensure!(
                !slack.bot_token.reveal().is_empty(),
                "slack.bot_token is empty; it starts with xoxb-"
            );
            ensure!(
                slack.signing_secret.as_ref().is_some_and(|s| !s.reveal().is_empty())
                    || slack.app_token.is_some(),
                "slack.signing_secret is not set, so nothing that claims to come from Slack could be believed; take it from the app's Basic Information page, or set slack.app_token for Socket Mode"
            );
            ensure!(
                !slack.team_id.is_empty() && !slack.app_id.is_empty(),
                "slack.team_id and slack.app_id must be set (T… and A…)"
            );
        }
        if let Some(url) = &self.server.public_url {
            ensure!(
                url.starts_with("https://")
                    || url.starts_with("http://127.0.0.1")
                    || url.starts_with("http://localhost"),
                "server.public_url must begin with https://, because one-time links start with it"
            );
        }
        ensure!(
            self.policy.expires_after > SignedDuration::from_mins(1),
            "policy.expires_after must be longer than a minute"
        );
        Ok(())
    }
}

fn proof(
    section: &str,
    secret: Option<&Secret>,
    certificate: Option<&PathBuf>,
    key: Option<&PathBuf>,
    name: &str,
) -> anyhow::Result<()> {
    match (secret, certificate, key) {
        (Some(secret), None, None) if !secret.reveal().is_empty() => Ok(()),
        (Some(_), None, None) => bail!("{section}.{name} is empty"),
        (None, Some(_), Some(_)) => Ok(()),
        (None, None, None) => bail!("{section}: set {name}, or certificate and private_key"),
        _ => bail!(
            "{section}: set either {name}, or both certificate and private_key, not a mixture"
        ),
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
