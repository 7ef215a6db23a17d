//! The outside world as the settings describe it: Microsoft 365, the Bot Framework, a
//! language model.
//!
//! The doctor uses the same functions, so that it looks at what `serve` would use.

use std::{fs, path::Path, sync::Arc, time::Duration};

use anyhow::Context;

use crate::{
    adapters::{
        entra::{self, Entra},
        graph::{
            self, Microsoft,
            settings::{App, RequestLog, Settings},
        },
        http,
        model::{self, ChatCompletions, KeyHeader},
        teams::{
            chat::TeamsChat,
            cloud::{self, Endpoints as BotEndpoints},
            credential::AppCredential,
            door::{TeamsDoor, TeamsSettings},
            tokenless::{SimulatorOnly, TokenlessDoor},
        },
    },
    config::{self, Cloud, Config, ModelHeader},
    desk::sign_in::Entrance,
    domain::{ids::TenantId, secret::Secret},
    ports::{clock::Clock, partner::PartnerTokens},
    web::TeamsEntrance,
};

/// A call to Microsoft is given up after this long.
const CALL_MAX: Duration = Duration::from_secs(30);

/// How often Microsoft is asked; as it allows where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Requests a second to Conditional Access.
    pub policies_per_second: Option<f64>,
    /// Writes a second, and how many at once after a rest.
    pub writes: Option<(f64, f64)>,
}

/// Microsoft 365, as the app of `[microsoft]`.
pub fn microsoft(
    config: &Config,
    log: Option<RequestLog>,
    pace: Pace,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Microsoft> {
    microsoft_in(config, (&config.tenant.id, &config.microsoft, None), log, pace, clock)
}

/// Microsoft 365 in one tenant, as an app that acts there, and in no other; in the partner's
/// name where that is its way, with the token kept there.
pub fn microsoft_in(
    config: &Config,
    (tenant, set, partner): (&TenantId, &config::Microsoft, Option<Arc<dyn PartnerTokens>>),
    log: Option<RequestLog>,
    pace: Pace,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Microsoft> {
    let client_id =
        uuid::Uuid::parse_str(&set.client_id).context("microsoft.client_id is not a GUID")?;
    let app = match (&set.client_secret, &set.certificate, &set.private_key) {
        (Some(secret), _, _) => App::with_secret(client_id, secret.clone()),
        (None, Some(certificate), Some(key)) => {
            let (certificate, key) = pem_files("microsoft", certificate, key)?;
            App::with_certificate(client_id, &key, &certificate)
                .context("microsoft.certificate, microsoft.private_key")?
        }
        _ => match &set.federated_token_path {
            Some(path) => App::with_federated_token(client_id, path.clone()),
            None => anyhow::bail!(
                "microsoft: set client_secret, certificate and private_key, or federated_token_path"
            ),
        },
    };
    let app = match (set.partner, partner) {
        (false, _) => app,
        (true, Some(tokens)) => app.in_the_partner_s_name(tokens),
        // Without its token it would act alone, with rights that nobody spoke of.
        (true, None) => {
            anyhow::bail!("access = \"partner\" needs the store that keeps its token")
        }
    };
    let at = &config.endpoints;
    // The cloud says what tokens are for; an address that was set only says where it is.
    let endpoints = graph::settings::Endpoints {
        login: at.login(),
        graph: at.graph(),
        exchange: at.exchange(),
        ..match at.cloud {
            Cloud::Public => graph::settings::Endpoints::global(),
            Cloud::Usgov => graph::settings::Endpoints::us_government(),
            Cloud::UsgovDod => graph::settings::Endpoints::us_defense(),
            Cloud::China => graph::settings::Endpoints::china(),
        }
    };
    let mut settings = Settings::new(endpoints, [(tenant.clone(), app)].into());
    settings.log = log;
    let (timing, limits) = (&config.timing, &mut settings.limits);
    limits.read_timeout = timing.answers_within(limits.read_timeout);
    limits.write_timeout = timing.answers_within(limits.write_timeout);
    // A write that waited longer here could be sent after its lease was lost.
    let margin = Duration::try_from(timing.lease / 3).unwrap_or_default();
    limits.quota_wait_max = limits.quota_wait_max.min(margin);
    if let Some(often) = pace.policies_per_second {
        settings.limits.policies_per_second = often;
    }
    if let Some((per_second, at_once)) = pace.writes {
        settings.limits.writes_per_second = per_second;
        settings.limits.writes_at_once = at_once;
    }
    let url = at.graph().parse().context("endpoints.graph is not an address")?;
    Ok(Microsoft::new(
        settings,
        http::client_for(&url, config.timing.answers_within(CALL_MAX)),
        clock,
    ))
}

/// Entra, for people who sign in from a chat, if the operator wants it.
pub(super) fn entrance_to_entra(
    config: &Config,
    microsoft: &Arc<Microsoft>,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Entrance>> {
    let base = config.server.public_url.as_ref().filter(|_| config.sign_in.enabled);
    let Some(base) = base else { return Ok(None) };
    let client = &config.microsoft.client_id;
    let settings = entra::Settings {
        tenant: config.tenant.id.clone(),
        client: uuid::Uuid::parse_str(client).context("microsoft.client_id is not a GUID")?,
        login: config.endpoints.login().trim_end_matches('/').to_owned(),
        issuer: config.endpoints.issuer(&config.tenant.id),
        redirect: config::SignIn::redirect(base),
    };
    let entra = Entra::new(settings, microsoft.clone(), clock.clone())
        .context("endpoints.login, for sign-ins")?;
    Ok(Some(Entrance { entra: Arc::new(entra), base: base.trim_end_matches('/').to_owned() }))
}

/// The language model of `[model]`.
pub fn model(set: &config::Model, clock: Arc<dyn Clock>) -> anyhow::Result<ChatCompletions> {
    let settings = model::Settings {
        base: set.url.parse().context("model.url is not an address")?,
        name: set.name.clone(),
        key: set.key.clone(),
        header: match set.header {
            ModelHeader::Bearer => KeyHeader::Bearer,
            ModelHeader::ApiKey => KeyHeader::ApiKey,
        },
        timeout: set.timeout.try_into().context("model.timeout is less than nothing")?,
    };
    ChatCompletions::new(settings, clock)
}

fn pem_files(section: &str, certificate: &Path, key: &Path) -> anyhow::Result<(String, Secret)> {
    let read = |what: &str, path: &Path| {
        fs::read_to_string(path)
            .with_context(|| format!("{section}.{what}: cannot read {}", path.display()))
    };
    Ok((read("certificate", certificate)?, Secret::new(read("private_key", key)?)))
}

/// Where the Bot Framework is: the cloud's addresses, with the operator's over them.
pub fn bot_endpoints(config: &Config, teams: &config::Teams) -> BotEndpoints {
    let mut endpoints = match config.endpoints.cloud {
        Cloud::Public => cloud::Cloud::Public,
        Cloud::Usgov | Cloud::UsgovDod => cloud::Cloud::UsGov,
        Cloud::China => cloud::Cloud::China,
    }
    .endpoints();
    if let Some(login) = &config.endpoints.bot_login {
        endpoints.login.clone_from(login);
    }
    if let Some(openid) = &config.endpoints.bot_openid {
        endpoints.openid_metadata.clone_from(openid);
    }
    for host in &teams.service_hosts {
        if host.contains("://") {
            endpoints.service_origins.push(host.clone());
        } else {
            endpoints.service_hosts.push(host.clone());
        }
    }
    endpoints
}

/// How the Teams bot proves who it is.
pub fn bot_credential(teams: &config::Teams) -> anyhow::Result<AppCredential> {
    match (&teams.app_secret, &teams.certificate, &teams.private_key) {
        (Some(secret), _, _) => AppCredential::secret(secret.reveal().to_owned()),
        (None, Some(certificate), Some(key)) => {
            let (certificate, key) = pem_files("teams", certificate, key)?;
            AppCredential::certificate(key.reveal(), &certificate)
        }
        _ => anyhow::bail!("teams: set app_secret, or certificate and private_key"),
    }
}

/// The ways in from Teams.
pub(super) fn entrance(
    config: &Config,
    teams: &config::Teams,
    simulator: Option<SimulatorOnly>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<TeamsEntrance> {
    let mut endpoints = bot_endpoints(config, teams);
    if simulator.is_some() {
        // Microsoft's own connectors are not part of a simulated world.
        endpoints.service_url = None;
        endpoints.service_hosts.clear();
    }
    let credential = bot_credential(teams)?;
    let mut chat =
        TeamsChat::new(&teams.app_id, teams.app_tenant.as_deref(), credential, &endpoints, clock)?
            .answering_within(|own| config.timing.answers_within(own));
    let mut tenants = teams.allowed_tenants.clone();
    if tenants.is_empty() {
        tenants.push(config.tenant.id.to_string());
    }
    let settings = TeamsSettings {
        app_id: teams.app_id.clone(),
        tenants,
        endpoints,
        key_hosts: Vec::new(),
        trusted_callers: Vec::new(),
    };
    if let Some(proof) = &simulator {
        chat = chat.with_playground(proof);
    }
    Ok(TeamsEntrance {
        door: TeamsDoor::new(&settings)?,
        tokenless: simulator.map(TokenlessDoor::new),
        chat: Arc::new(chat),
    })
}
