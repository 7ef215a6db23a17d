//! From the operator's settings to the adapters a command needs, without the desk.

use std::{collections::HashMap, fs, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use reqwest::Url;

use crate::{
    adapters::{
        clock::SystemClock,
        graph::{
            Microsoft,
            settings::{App, Endpoints, Settings},
        },
        http,
        slack::web::WebApi,
        store::{
            sealing::Sealing,
            sqlite::{Options, SqliteStore},
        },
        teams::{self, AppCredential},
    },
    config::{Cloud, Config, KeyRing},
    domain::secret::Secret,
    ports::clock::Clock,
};

/// The longest wait for one answer, for a command.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// The machine's clock.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The store, opened as `serve` opens it.
pub async fn store(config: &Config, keys: &KeyRing) -> anyhow::Result<SqliteStore> {
    let mut sealing = Sealing::new(&keys.id, &keys.encryption, clock())?;
    for (id, key) in &keys.older {
        sealing = sealing.also(id, key)?;
    }
    Ok(SqliteStore::open(Path::new(&config.database), sealing, Options::default()).await?)
}

/// Microsoft 365, as the app of `[microsoft]`.
pub fn microsoft(config: &Config) -> anyhow::Result<Microsoft> {
    let said = &config.microsoft;
    let id = said
        .client_id
        .trim()
        .parse()
        .with_context(|| format!("microsoft.client_id: `{}` is not a GUID", said.client_id))?;
    let app = match (&said.client_secret, &said.certificate, &said.private_key) {
        (Some(secret), _, _) => App::with_secret(id, secret.clone()),
        (None, Some(certificate), Some(key)) => {
            App::with_certificate(id, &Secret::new(pem(key)?), &pem(certificate)?)
                .context("microsoft.certificate and microsoft.private_key")?
        }
        _ => anyhow::bail!("microsoft: set client_secret, or certificate and private_key"),
    };
    let cloud = match config.endpoints.cloud {
        Cloud::Public => Endpoints::global(),
        Cloud::Usgov => Endpoints::us_government(),
        Cloud::UsgovDod => Endpoints::us_defense(),
        Cloud::China => Endpoints::china(),
    };
    let endpoints = Endpoints {
        login: config.endpoints.login(),
        graph: config.endpoints.graph(),
        exchange: config.endpoints.exchange(),
        ..cloud
    };
    let graph: Url = endpoints.graph.parse().context("endpoints.graph")?;
    let client = http::client_for(&graph, TIMEOUT);
    let apps = HashMap::from([(config.tenant.id.clone(), app)]);
    Ok(Microsoft::new(Settings::new(endpoints, apps), client, clock()))
}

/// Where the Bot Framework is: the cloud's addresses, with the operator's over them.
pub fn bot_framework(config: &Config) -> teams::Endpoints {
    let cloud = match config.endpoints.cloud {
        Cloud::Public => teams::Cloud::Public,
        Cloud::Usgov | Cloud::UsgovDod => teams::Cloud::UsGov,
        Cloud::China => teams::Cloud::China,
    };
    let mut endpoints = cloud.endpoints();
    if let Some(login) = &config.endpoints.bot_login {
        endpoints.login = login.trim_end_matches('/').to_owned();
    }
    if let Some(metadata) = &config.endpoints.bot_openid {
        endpoints.openid_metadata.clone_from(metadata);
    }
    endpoints
}

/// How the Teams bot proves who it is.
pub fn bot_credential(said: &crate::config::Teams) -> anyhow::Result<AppCredential> {
    match (&said.app_secret, &said.certificate, &said.private_key) {
        (Some(secret), _, _) => AppCredential::secret(secret.reveal().to_owned()),
        (None, Some(certificate), Some(key)) => {
            AppCredential::certificate(&pem(key)?, &pem(certificate)?)
        }
        _ => anyhow::bail!("teams: set app_secret, or certificate and private_key"),
    }
}

/// Slack's Web API with this token.
pub fn slack(config: &Config, token: &Secret) -> anyhow::Result<WebApi> {
    let base: Url = config.endpoints.slack().parse().context("endpoints.slack")?;
    Ok(WebApi::new(http::client_for(&base, TIMEOUT), &base, token.clone(), clock()))
}

fn pem(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
