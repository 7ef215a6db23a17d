//! The adapters a command needs, put together as the house puts them together.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use reqwest::Url;

use crate::{
    adapters::{
        clock::SystemClock, graph::Microsoft, http, slack::web::WebApi, store::upkeep::Upkeep,
    },
    app,
    config::{Config, KeyRing},
    domain::secret::Secret,
    ports::{clock::Clock, partner::PartnerTokens},
};

/// The longest wait for one answer, for a command.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// The machine's clock.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The store, opened as `serve` opens it.
pub async fn store(config: &Config, keys: &KeyRing) -> anyhow::Result<Box<dyn Upkeep>> {
    app::open_store(config, keys, clock()).await
}

/// Microsoft 365, as the app of `[microsoft]`.
pub fn microsoft(config: &Config) -> anyhow::Result<Microsoft> {
    app::microsoft(config, None, app::Pace::default(), clock())
}

/// Microsoft 365 in a customer's tenant, in the partner's name: with the settings of that tenant.
pub fn microsoft_as_partner(
    there: &Config,
    tokens: Arc<dyn PartnerTokens>,
) -> anyhow::Result<Microsoft> {
    let way = (&there.tenant.id, &there.microsoft, Some(tokens));
    app::microsoft_in(there, way, None, app::Pace::default(), clock())
}

/// Slack's Web API with this token.
pub fn slack(config: &Config, token: &Secret) -> anyhow::Result<WebApi> {
    let base: Url = config.endpoints.slack().parse().context("endpoints.slack is no address")?;
    Ok(WebApi::new(http::client_for(&base, TIMEOUT), &base, token.clone(), clock()))
}
