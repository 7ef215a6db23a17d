//! An application's token, per tenant and audience, until it is stale; in the partner's name,
//! where a customer is reached so ([`partner`]).
//!
//! Client credentials flow of the identity platform. One fetch at a time for each
//! tenant and audience: whoever comes second waits for the first. Before each use
//! the token's own `tid` is compared with the tenant it is used for, so that no
//! mix-up of caches can carry one customer's token to another.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header};
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::{
    adapters::graph::{
        claims::Claims,
        partner,
        settings::{App, Audience, Credential, Settings},
        signin,
        wire::{Payload, Raw, Sent, Wire, said},
    },
    domain::{
        ids::TenantId,
        secret::Secret,
        trouble::{Reason, Result, Trouble},
    },
    ports::clock::Clock,
};

/// A token is renewed this long before it ends.
const EARLY: SignedDuration = SignedDuration::from_mins(5);
/// A token this near its end is not used any more.
const LAST_USE: SignedDuration = SignedDuration::from_secs(30);
/// After a refusal the sign-in service is left alone this long.
const REFUSED_FOR: SignedDuration = SignedDuration::from_secs(3);
/// After a 403 a fresh token is asked for at most this often.
const RIGHTS_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// A client assertion is valid this long, in seconds.
const ASSERTION_SECONDS: i64 = 600;
/// Tries of one fetch when the sign-in service does not answer.
const TRIES: u32 = 3;
const BYTES_MAX: usize = 256 * 1024;
/// A platform's token has at most this many bytes.
const GIVEN_BYTES_MAX: u64 = 64 * 1024;
/// How an app is proven by a signed token (RFC 7523).
const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const WHAT: &str = "Microsoft sign-in";

/// A token in use.
pub(crate) struct Token {
    pub bearer: Secret,
    pub claims: Claims,
    expires: Timestamp,
}

/// What is remembered for one tenant and audience.
#[derive(Default)]
struct Slot {
    token: Option<Arc<Token>>,
    refused: Option<(Timestamp, Reason)>,
    rights_asked: Option<Timestamp>,
}

type Slots = HashMap<(TenantId, Audience), Arc<tokio::sync::Mutex<Slot>>>;

/// All tokens. At most two for each tenant of the settings.
pub(crate) struct Tokens {
    settings: Arc<Settings>,
    wire: Arc<Wire>,
    clock: Arc<dyn Clock>,
    slots: Mutex<Slots>,
}

impl Tokens {
    pub fn new(settings: Arc<Settings>, wire: Arc<Wire>, clock: Arc<dyn Clock>) -> Self {
        Self { settings, wire, clock, slots: Mutex::default() }
    }

    /// A token for `audience` in `tenant`.
    ///
    /// # Errors
    /// Refused with what to mend, or unreachable.
    pub async fn get(&self, tenant: &TenantId, audience: Audience) -> Result<Arc<Token>> {
        let app = self.app(tenant)?;
        let slot = self.slot(tenant, audience);
        let mut slot = slot.lock().await;
        let now = self.clock.now();
        if let Some(token) = &slot.token
            && now.duration_until(token.expires) > EARLY
        {
            return own(tenant, token);
        }
        if let Some((at, reason)) = &slot.refused
            && at.duration_until(now).abs() < REFUSED_FOR
        {
            return Err(reason.clone().into());
        }
        let fetched = self.fetch(tenant, audience, app).await.map(Arc::new);
        // One of another tenant is not kept either.
        match fetched.and_then(|token| own(tenant, &token)) {
            Ok(token) => *slot = Slot { token: Some(token), refused: None, ..*slot },
            // The old one still serves for some minutes.
            Err(Trouble::Unreachable { source, .. })
                if slot
                    .token
                    .as_ref()
                    .is_some_and(|old| now.duration_until(old.expires) > LAST_USE) =>
            {
                tracing::warn!(%tenant, cause = %format!("{source:#}"), "token not renewed yet");
            }
            Err(trouble) => {
                slot.token = None;
                if let Trouble::Refused(reason) = &trouble {
                    slot.refused = Some((now, reason.clone()));
                }
                return Err(trouble);
            }
        }
        let token = slot.token.as_ref().expect("set or kept above");
        own(tenant, token)
    }

    /// Forgets `used`, which a service refused with 401. A newer one stays.
    pub async fn drop_used(&self, tenant: &TenantId, audience: Audience, used: &Arc<Token>) {
        let slot = self.slot(tenant, audience);
        let mut slot = slot.lock().await;
        if slot.token.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, used)) {
            slot.token = None;
        }
    }

    /// After a 403: is there a token with other rights than `used`? App tokens live
    /// 60 to 90 minutes, so one may be older than the grant. Asks the sign-in
    /// service at most once a minute.
    pub async fn has_other_rights(
        &self,
        tenant: &TenantId,
        audience: Audience,
        used: &Arc<Token>,
    ) -> bool {
        {
            let slot = self.slot(tenant, audience);
            let mut slot = slot.lock().await;
            let kept_is_used = slot.token.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, used));
            if kept_is_used {
                let now = self.clock.now();
                if slot
                    .rights_asked
                    .is_some_and(|at| at.duration_until(now).abs() < RIGHTS_AGAIN_AFTER)
                {
                    return false;
                }
                slot.rights_asked = Some(now);
                slot.token = None;
            }
        }
        self.get(tenant, audience).await.is_ok_and(|new| !new.claims.same_rights(&used.claims))
    }

    fn app(&self, tenant: &TenantId) -> Result<&App> {
        self.settings.apps.get(tenant).ok_or_else(|| {
            tracing::warn!(%tenant, "a tenant without an app here; nothing was sent");
            Trouble::Refused(Reason::OtherTenant)
        })
    }

    fn slot(&self, tenant: &TenantId, audience: Audience) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(slots.entry((tenant.clone(), audience)).or_default())
    }

    async fn fetch(&self, tenant: &TenantId, audience: Audience, app: &App) -> Result<Token> {
        let given = federated(app).await?;
        let refresh = partner::token(app).await?;
        let way = (app, given.as_deref(), refresh.as_ref());
        let mut left = TRIES;
        loop {
            left -= 1;
            let failed = match self.fetch_once(tenant, audience, way).await {
                Ok(raw) if raw.status == 429 || raw.status >= 500 => {
                    (anyhow::anyhow!("status {}: {}", raw.status, said(&raw.body)), raw.retry_after)
                }
                Ok(raw) => {
                    let token = self.read(tenant, &raw)?;
                    partner::replaced(app, &raw.body).await;
                    return Ok(token);
                }
                Err(cause) => (cause, None),
            };
            let wait = failed.1.unwrap_or(self.settings.limits.backoff);
            if left == 0 || wait > self.settings.limits.backoff_max {
                return Err(Trouble::Unreachable { what: WHAT, source: failed.0 });
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn fetch_once(
        &self,
        tenant: &TenantId,
        audience: Audience,
        (app, given, refresh): (&App, Option<&str>, Option<&Secret>),
    ) -> anyhow::Result<Raw> {
        let resource = match audience {
            Audience::Graph => &self.settings.endpoints.graph_audience,
            Audience::Exchange => &self.settings.endpoints.exchange_audience,
        };
        let fields = match refresh {
            Some(refresh) => partner::fields(resource, refresh),
            None => vec![
                ("grant_type", "client_credentials".to_owned()),
                ("scope", format!("{resource}/.default")),
            ],
        };
        self.post(tenant, (app, given), fields).await
    }

    /// The id token for a code of the sign-in page. A code is good once, so there is one try.
    ///
    /// # Errors
    /// Refused when the code is not good, or unreachable.
    pub async fn redeem(
        &self,
        tenant: &TenantId,
        code: &Secret,
        verifier: &Secret,
        redirect: &str,
    ) -> Result<Secret> {
        let app = self.app(tenant)?;
        let given = federated(app).await?;
        let fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("scope", "openid profile".to_owned()),
            ("code", code.reveal().to_owned()),
            ("code_verifier", verifier.reveal().to_owned()),
            ("redirect_uri", redirect.to_owned()),
        ];
        let unreachable = |source| Trouble::Unreachable { what: WHAT, source };
        let raw = self.post(tenant, (app, given.as_deref()), fields).await.map_err(unreachable)?;
        if raw.status == 429 || raw.status >= 500 {
            let source = anyhow::anyhow!("status {}: {}", raw.status, said(&raw.body));
            return Err(unreachable(source));
        }
        let body: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        let Some(token) = body["id_token"].as_str().filter(|_| raw.status == 200) else {
            tracing::warn!(%tenant, status = raw.status, said = %said(&raw.body), "the code of a sign-in was refused");
            return Err(Reason::SignInRefused.into());
        };
        Ok(Secret::new(token))
    }

    /// Posts to the token endpoint, as this app; `given` is its platform's token, if it has one.
    async fn post(
        &self,
        tenant: &TenantId,
        (app, given): (&App, Option<&str>),
        mut fields: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Raw> {
        let endpoints = &self.settings.endpoints;
        let url = format!("{}/{tenant}/oauth2/v2.0/token", endpoints.login.trim_end_matches('/'));
        fields.push(("client_id", app.client_id.to_string()));
        match &app.credential {
            Credential::Secret(secret) => {
                fields.push(("client_secret", secret.reveal().to_owned()));
            }
            Credential::Certificate { key, thumbprint } => {
                fields.push(("client_assertion_type", BEARER.to_owned()));
                fields.push(("client_assertion", self.assertion(app, key, thumbprint, &url)?));
            }
            Credential::Federated(_) => {
                fields.push(("client_assertion_type", BEARER.to_owned()));
                fields.push(("client_assertion", given.unwrap_or_default().to_owned()));
            }
        }
        let sent = Sent {
            method: Method::POST,
            url,
            headers: vec![("client-request-id", self.wire.key())],
            bearer: None,
            payload: Payload::Form(fields),
            timeout: Duration::from_secs(15),
            bytes_max: BYTES_MAX,
        };
        self.wire.send(sent).await
    }

    fn assertion(
        &self,
        app: &App,
        key: &jsonwebtoken::EncodingKey,
        thumbprint: &str,
        url: &str,
    ) -> anyhow::Result<String> {
        let now = self.clock.now().as_second();
        let header = Header {
            typ: Some("JWT".to_owned()),
            x5t_s256: Some(thumbprint.to_owned()),
            ..Header::new(Algorithm::RS256)
        };
        let says = Assertion {
            aud: url.to_owned(),
            iss: app.client_id.to_string(),
            sub: app.client_id.to_string(),
            jti: self.wire.key(),
            nbf: now - 60,
            exp: now + ASSERTION_SECONDS,
        };
        jsonwebtoken::encode(&header, &says, key).context("the assertion was not signed")
    }

    /// Reads the answer of the token endpoint, which is a token or a refusal.
    fn read(&self, tenant: &TenantId, raw: &Raw) -> Result<Token> {
        let unreachable = |source| Trouble::Unreachable { what: WHAT, source };
        let body: Value = serde_json::from_slice(&raw.body)
            .with_context(|| format!("status {}, no JSON", raw.status))
            .map_err(unreachable)?;
        if raw.status != 200 {
            let consent = self.settings.consent_link(tenant);
            if let Some(reason) = signin::refusal(tenant, consent.as_deref(), &body) {
                tracing::warn!(%tenant, status = raw.status, said = %said(&raw.body), "no token");
                return Err(reason.into());
            }
            return Err(unreachable(anyhow::anyhow!("status {}: {}", raw.status, said(&raw.body))));
        }
        let bearer = body["access_token"]
            .as_str()
            .context("an answer without a token")
            .map_err(unreachable)?;
        let claims = Claims::read(bearer).map_err(unreachable)?;
        let lasts = body["expires_in"].as_i64().unwrap_or(0).clamp(0, 24 * 60 * 60);
        Ok(Token {
            bearer: Secret::new(bearer),
            claims,
            expires: self.clock.now() + SignedDuration::from_secs(lasts),
        })
    }
}

/// The token that the platform keeps in a file for this app, as it is now.
async fn federated(app: &App) -> Result<Option<String>> {
    let Credential::Federated(path) = &app.credential else { return Ok(None) };
    let unreadable = |why: String| {
        Trouble::Refused(Reason::MissingPermission {
            missing: format!("the platform's token in {}: {why}", path.display()),
            mend: "name the file under federated_token_path, and let this process read it"
                .to_owned(),
        })
    };
    let size =
        tokio::fs::metadata(path).await.map_err(|error| unreadable(error.to_string()))?.len();
    if size > GIVEN_BYTES_MAX {
        return Err(unreadable(format!("it is larger than {GIVEN_BYTES_MAX} bytes")));
    }
    let held =
        tokio::fs::read_to_string(path).await.map_err(|_| unreadable("no text".to_owned()))?;
    match held.trim() {
        "" => Err(unreadable("it is empty".to_owned())),
        token => Ok(Some(token.to_owned())),
    }
}

/// Hands a token out, if it is of this tenant.
fn own(tenant: &TenantId, token: &Arc<Token>) -> Result<Arc<Token>> {
    if token.claims.tid == tenant.guid() {
        return Ok(Arc::clone(token));
    }
    tracing::error!(%tenant, tid = %token.claims.tid, "a token of another tenant; nothing was sent");
    Err(Reason::MissingPermission {
        missing: format!("a token of tenant {tenant}: sign-in gave one of another tenant"),
        mend: "check the sign-in address in the settings; nothing was sent".to_owned(),
    }
    .into())
}

/// A client assertion (RFC 7523, section 3).
#[derive(Serialize)]
struct Assertion {
    aud: String,
    iss: String,
    sub: String,
    jti: String,
    nbf: i64,
    exp: i64,
}
