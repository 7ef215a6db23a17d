//! Is this token the Bot Framework's, meant for us, and in time?
//!
//! The checks are those of Microsoft's page “Authentication with the Bot Connector
//! API”, with nothing optional: there is no switch that turns one off. The cheap
//! ones come first, so that a stranger cannot make us fetch keys. What remains to be
//! compared with the activity is in [`Verified`].

use std::sync::Arc;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::adapters::teams::{
    cloud::Endpoints,
    jwt,
    keys::{Key, Keys},
};

/// How far the service's clock may be from ours, in seconds (Microsoft: 5 minutes).
pub const LEEWAY_SECONDS: i64 = 300;

/// An app other than the Bot Framework that may send activities: named by its id,
/// and bound to the tenant that issues its tokens. Entra's keys are the same for
/// all tenants of a cloud, so the issuer alone says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCaller {
    /// Its app id, in `azp` or `appid`.
    pub app: String,
    /// The issuer of its tokens, which names the tenant.
    pub issuer: String,
    /// The tenant, in `tid`.
    pub tenant: String,
    /// The document that names the issuer's keys.
    pub openid_metadata: String,
}

/// Checks tokens of one bot.
#[derive(Debug)]
pub struct TokenCheck {
    audiences: [String; 3],
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    issuer: String,
    keys: Keys,
    /// `None` for the Bot Framework itself.
    caller: Option<TrustedCaller>,
}

/// What a good token says that the activity must agree with.
#[derive(Debug)]
pub struct Verified {
    /// The connector the token vouches for. `None` only for a [`TrustedCaller`].
    pub service_url: Option<String>,
    key: Arc<Key>,
}

impl Verified {
    /// Whether the signing key may sign for this channel. A key that names no
    /// channels may (botbuilder 4.23 does the same).
    pub fn endorses(&self, channel: &str) -> bool {
        self.key.endorsements.is_empty()
            || self.key.endorsements.iter().any(|endorsed| endorsed == channel)
    }
}

impl TokenCheck {
    /// A check for the bot with this app id. Fails without one: a bot that does not
    /// know its own name cannot tell whom a token is meant for.
    pub fn new(
        app_id: &str,
        endpoints: &Endpoints,
        key_hosts: &[String],
        callers: &[TrustedCaller],
    ) -> anyhow::Result<Self> {
        let app_id = app_id.trim();
        anyhow::ensure!(!app_id.is_empty(), "teams.app_id is not set");
        anyhow::ensure!(app_id.len() <= 100 && app_id.is_ascii(), "teams.app_id is not an app id");
        anyhow::ensure!(!endpoints.issuer.is_empty(), "the Bot Framework's issuer is not set");
        let mut sources = vec![Source {
            issuer: endpoints.issuer.clone(),
            keys: Keys::new(&endpoints.openid_metadata, key_hosts)?,
            caller: None,
        }];
        for caller in callers {
            let bound = !caller.tenant.is_empty() && caller.issuer.contains(&caller.tenant);
            anyhow::ensure!(bound, "the issuer of a trusted caller must name its tenant");
            anyhow::ensure!(!caller.app.is_empty(), "a trusted caller must be named by its app id");
            let keys = Keys::new(&caller.openid_metadata, key_hosts)?;
            sources.push(Source {
                issuer: caller.issuer.clone(),
                keys,
                caller: Some(caller.clone()),
            });
        }
        let audiences =
            [app_id.to_owned(), format!("api://{app_id}"), format!("api://botid-{app_id}")];
        Ok(Self { audiences, sources })
    }

    /// Checks the one token of a request. The error says why not, for the log only.
    pub async fn check(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Verified, &'static str> {
        let parts = jwt::take_apart(bearer(headers)?)?;
        let claims = &parts.claims;
        let source = self.source(claims)?;
        let audience = text(claims, "aud").ok_or("the token names no audience, or several")?;
        if !self.audiences.iter().any(|ours| ours == audience) {
            return Err("the token is meant for somebody else");
        }
        in_time(claims, now)?;
        let service_url = match (claims.get("serviceurl"), &source.caller) {
            (Some(Value::String(url)), _) if !url.is_empty() => Some(url.clone()),
            (None, Some(_)) => None,
            _ => return Err("the token names no connector"),
        };
        let key = source.keys.get(&parts.kid, now).await.ok_or("the token's key is not known")?;
        if !key.signed(parts.signed, &parts.signature) {
            return Err("the token's signature is wrong");
        }
        Ok(Verified { service_url, key })
    }

    fn source(&self, claims: &Map<String, Value>) -> Result<&Source, &'static str> {
        let issuer = text(claims, "iss").ok_or("the token names no issuer")?;
        let fits = |source: &&Source| {
            source.issuer == issuer && source.caller.as_ref().is_none_or(|c| is(claims, c))
        };
        self.sources.iter().find(fits).ok_or("the token's issuer or calling app is not accepted")
    }
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else {
        return Err("not exactly one Authorization header");
    };
    let said = only.to_str().map_err(|_| "the Authorization header is not plain text")?;
    said.strip_prefix("Bearer ").ok_or("the Authorization header is no bearer token")
}

/// Whether the claims are those of this caller: `appid` in tokens of version 1.0,
/// `azp` in 2.0; when both are there, both must agree.
fn is(claims: &Map<String, Value>, caller: &TrustedCaller) -> bool {
    let apps = [claims.get("azp"), claims.get("appid")];
    let named = |claim: &Value| claim.as_str() == Some(&caller.app);
    apps.iter().any(Option::is_some)
        && apps.into_iter().flatten().all(named)
        && text(claims, "tid") == Some(&caller.tenant)
}

/// Is a token in time, within [`LEEWAY_SECONDS`]? The error says why not.
pub(crate) fn in_time(claims: &Map<String, Value>, now: Timestamp) -> Result<(), &'static str> {
    let second = |name| claims.get(name).and_then(Value::as_i64);
    let ends = second("exp").ok_or("the token has no end")?;
    let begins = second("nbf").ok_or("the token has no beginning")?;
    let now = now.as_second();
    if now > ends.saturating_add(LEEWAY_SECONDS) {
        return Err("the token has expired");
    }
    if now < begins.saturating_sub(LEEWAY_SECONDS) {
        return Err("the token is not valid yet");
    }
    if ends < begins { Err("the token ends before it begins") } else { Ok(()) }
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}
