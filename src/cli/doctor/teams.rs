//! The bot's token, the Bot Framework's keys, and the conversations approvals go to.

use reqwest::{Method, Url};
use serde_json::Value;

use crate::{
    adapters::{
        http,
        teams::{
            Endpoints, ServiceHosts,
            connector::{Call, Connector, path, real_pause},
            credential::SignIn,
        },
    },
    app,
    cli::{doctor::check::Check, reach},
    config::{Config, Teams},
};

/// The metadata document has a few hundred bytes.
const METADATA_BYTES_MAX: usize = 64 * 1024;

/// Everything about Teams.
pub async fn look(config: &Config, bot: &Teams) -> Vec<Check> {
    let endpoints = app::bot_endpoints(config, bot);
    let mut checks = vec![metadata(&endpoints).await];
    let sign_in = match sign_in(bot, &endpoints) {
        Ok(sign_in) => sign_in,
        Err(error) => {
            checks.push(Check::wrong("Teams bot", format!("{error:#}"), "correct [teams]"));
            return checks;
        }
    };
    match sign_in.token().await {
        Ok(_) => checks.push(Check::ok("Teams bot", "it can sign in")),
        Err(error) => {
            checks.push(Check::wrong(
                "Teams bot",
                error.to_string(),
                "check teams.app_id, its secret, and teams.app_tenant: a single-tenant bot needs it",
            ));
            return checks;
        }
    }
    checks.extend(conversations(config, &endpoints, sign_in).await);
    checks
}

fn sign_in(bot: &Teams, endpoints: &Endpoints) -> anyhow::Result<SignIn> {
    let tenant = bot.app_tenant.as_deref().unwrap_or(&endpoints.login_tenant);
    let as_whom = (bot.app_id.as_str(), endpoints.scope.as_str());
    SignIn::new((&endpoints.login, tenant), as_whom, app::bot_credential(bot)?, reach::clock())
}

async fn metadata(endpoints: &Endpoints) -> Check {
    let what = "Bot Framework's keys";
    match read_metadata(&endpoints.openid_metadata).await {
        Ok(document) if document["jwks_uri"].is_string() => {
            Check::ok(what, &endpoints.openid_metadata)
        }
        Ok(_) => Check::wrong(
            what,
            format!("{} names no keys", endpoints.openid_metadata),
            "correct endpoints.bot_openid",
        ),
        Err(error) => Check::wrong(
            what,
            format!("{}: {error:#}", endpoints.openid_metadata),
            "let this machine reach the address; without the keys nothing from Teams is believed",
        ),
    }
}

async fn read_metadata(address: &str) -> anyhow::Result<Value> {
    let url: Url = address.parse()?;
    let answer = http::client_for(&url, reach::TIMEOUT).get(url).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let answer = answer.map_err(reqwest::Error::without_url)?;
    Ok(serde_json::from_slice(&http::read(answer, METADATA_BYTES_MAX).await?)?)
}

/// Each conversation answers who is in it: the bot is there and may read its roster.
async fn conversations(config: &Config, endpoints: &Endpoints, sign_in: SignIn) -> Vec<Check> {
    let named = &config.approvals.teams_conversations;
    let Some(service_url) = endpoints.service_url.as_deref().filter(|_| !named.is_empty()) else {
        return Vec::new();
    };
    let hosts = match ServiceHosts::of(endpoints) {
        Ok(hosts) => hosts,
        Err(error) => {
            let mend = "correct [endpoints]";
            return vec![Check::wrong("Teams conversations", format!("{error:#}"), mend)];
        }
    };
    let connector = Connector::new(sign_in, hosts, reach::clock(), real_pause());
    let mut checks = Vec::new();
    for id in named {
        let what = format!("Teams conversation {id}");
        let mend = "add the Countersign app to that team or chat, and copy its id from there";
        checks.push(match one(&connector, service_url, id).await {
            Ok(()) => Check::ok(what, "the bot is in it"),
            Err(error) => Check::wrong(what, error.to_string(), mend),
        });
    }
    checks
}

async fn one(connector: &Connector, service_url: &str, id: &str) -> anyhow::Result<()> {
    let call = Call {
        method: Method::GET,
        service_url,
        path: path(&["conversations", id, "pagedmembers"])?,
        body: None,
        conversation: Some(id),
    };
    connector.call(call).await?;
    Ok(())
}
