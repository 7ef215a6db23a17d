//! Addresses, apps by tenant, limits, the request log.

use std::{collections::HashMap, fmt, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use base64::Engine as _;
use jsonwebtoken::EncodingKey;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    domain::{ids::TenantId, secret::Secret},
    ports::partner::PartnerTokens,
};

/// Everything the Microsoft adapters need to know.
pub struct Settings {
    /// Where Microsoft is.
    pub endpoints: Endpoints,
    /// The app registration used in each tenant. A tenant that is not named is refused.
    pub apps: HashMap<TenantId, App>,
    /// Bounds.
    pub limits: Limits,
    /// Where an administrator returns after consent, when the app has such a page.
    pub consent_redirect: Option<String>,
    /// Sees every request, without tokens and secrets.
    pub log: Option<RequestLog>,
}

impl Settings {
    /// Of these addresses and apps, with the default bounds and no log.
    pub fn new(endpoints: Endpoints, apps: HashMap<TenantId, App>) -> Self {
        Self { endpoints, apps, limits: Limits::default(), consent_redirect: None, log: None }
    }

    /// The link an administrator of `tenant` opens to grant what the app asks for
    /// (identity platform, admin consent endpoint).
    pub fn consent_link(&self, tenant: &TenantId) -> Option<String> {
        let client = self.apps.get(tenant)?.client_id;
        Some(self.consent_page(tenant, client, self.consent_redirect.as_deref()))
    }

    /// The same for any application, by its client id.
    pub fn consent_page(&self, tenant: &TenantId, client: Uuid, back: Option<&str>) -> String {
        let login = self.endpoints.login.trim_end_matches('/');
        match back {
            Some(back) => format!(
                "{login}/{tenant}/v2.0/adminconsent?client_id={client}&scope={}/.default&redirect_uri={}",
                self.endpoints.graph_audience,
                super::wire::encoded(back),
            ),
            None => format!("{login}/{tenant}/adminconsent?client_id={client}"),
        }
    }
}

/// Where the three services are, and what their tokens are for. No address ends
/// with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Sign-in, such as `https://login.microsoftonline.com`.
    pub login: String,
    /// Graph, such as `https://graph.microsoft.com`. May be a proxy or the simulator.
    pub graph: String,
    /// Exchange Online, such as `https://outlook.office365.com`.
    pub exchange: String,
    /// The resource Graph tokens are for; also the host in every `@odata.id`, even
    /// when `graph` is a proxy.
    pub graph_audience: String,
    /// The resource Exchange tokens are for.
    pub exchange_audience: String,
}

impl Endpoints {
    fn of(login: &str, graph: &str, exchange: &str) -> Self {
        Self {
            login: login.to_owned(),
            graph: graph.to_owned(),
            exchange: exchange.to_owned(),
            graph_audience: graph.to_owned(),
            exchange_audience: exchange.to_owned(),
        }
    }

    /// The worldwide cloud, GCC included.
    pub fn global() -> Self {
        Self::of(
            "https://login.microsoftonline.com",
            "https://graph.microsoft.com",
            "https://outlook.office365.com",
        )
    }

    /// US Government, GCC High (L4).
    pub fn us_government() -> Self {
        Self::of(
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us",
            "https://outlook.office365.us",
        )
    }

    /// US Government, Department of Defense (L5).
    pub fn us_defense() -> Self {
        Self::of(
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us",
            "https://webmail.apps.mil",
        )
    }

    /// China, operated by 21Vianet.
    pub fn china() -> Self {
        Self::of(
            "https://login.partner.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://partner.outlook.cn",
        )
    }

    /// Everything behind other addresses (a simulator), with the worldwide
    /// cloud's audiences.
    pub fn at(login: &str, graph: &str, exchange: &str) -> Self {
        let real = Self::global();
        Self {
            graph_audience: real.graph_audience,
            exchange_audience: real.exchange_audience,
            ..Self::of(login, graph, exchange)
        }
    }
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Microsoft Graph.
    Graph,
    /// Exchange Online's admin endpoint.
    Exchange,
}

/// An app registration with its credential.
#[derive(Clone)]
pub struct App {
    /// The application (client) id.
    pub client_id: Uuid,
    pub(crate) credential: Credential,
    /// In whose name it acts, if not by itself.
    pub(crate) partner: Option<Arc<dyn PartnerTokens>>,
}

/// How an app proves who it is.
#[derive(Clone)]
pub(crate) enum Credential {
    /// A client secret.
    Secret(Secret),
    /// A private key, and the SHA-256 thumbprint of its certificate (`x5t#S256`).
    Certificate { key: Arc<EncodingKey>, thumbprint: String },
    /// The file that holds a token of the platform, which the registration trusts. The platform
    /// writes it anew before it ends, so it is read each time.
    Federated(PathBuf),
}

impl App {
    /// With a client secret: its value, not its id.
    pub fn with_secret(client_id: Uuid, secret: Secret) -> Self {
        Self { client_id, credential: Credential::Secret(secret), partner: None }
    }

    /// With a token of the platform this runs on, such as Kubernetes: workload identity
    /// federation (learn.microsoft.com/entra/workload-id/workload-identity-federation).
    pub fn with_federated_token(client_id: Uuid, path: PathBuf) -> Self {
        Self { client_id, credential: Credential::Federated(path), partner: None }
    }

    /// With a certificate: the RSA private key and the certificate, both PEM. The
    /// certificate's public part must be registered with the app.
    ///
    /// # Errors
    /// When either is not what it should be; the text never repeats the key.
    pub fn with_certificate(
        client_id: Uuid,
        key_pem: &Secret,
        certificate_pem: &str,
    ) -> anyhow::Result<Self> {
        let key = EncodingKey::from_rsa_pem(key_pem.reveal().as_bytes())
            .map_err(|_| anyhow::anyhow!("the private key is not an RSA key in PEM form"))?;
        let thumbprint = thumbprint(certificate_pem)?;
        Ok(Self {
            client_id,
            credential: Credential::Certificate { key: Arc::new(key), thumbprint },
            partner: None,
        })
    }

    /// The same app in the name of the partner's service account (Partner Center, "Secure
    /// application model").
    #[must_use]
    pub fn in_the_partner_s_name(self, tokens: Arc<dyn PartnerTokens>) -> Self {
        Self { partner: Some(tokens), ..self }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "app {}", self.client_id)
    }
}

/// `x5t#S256` (RFC 7515, section 4.1.8): base64url over the SHA-256 of the DER form.
fn thumbprint(certificate_pem: &str) -> anyhow::Result<String> {
    let inner = certificate_pem
        .split_once("-----BEGIN CERTIFICATE-----")
        .and_then(|(_, rest)| rest.split_once("-----END CERTIFICATE-----"))
        .map(|(inner, _)| inner.split_whitespace().collect::<String>())
        .context("the certificate is not in PEM form")?;
    let der = base64::engine::general_purpose::STANDARD
        .decode(inner)
        .context("the certificate is not in PEM form")?;
    let sum = ring::digest::digest(&ring::digest::SHA256, &der);
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sum))
}

/// Every bound of the adapters.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Batches and calls in flight to Graph, per tenant. Sixteen requests are carried out at
    /// once; what ends somebody's access is in flight for half a second, so that four places
    /// took less than the quota of writes.
    pub in_flight: usize,
    /// Batches and calls in flight to Exchange, per tenant. No figure is published; what is
    /// too much is answered 429, which is kept to. Five batches of ten cmdlets are what somebody
    /// in forty lists takes to leave at once; when hundreds leave, five places of a second each
    /// held less than the quota of writes, since reads took them all. So reads have half of
    /// these, and what is read while all of those are taken shares the next batch.
    pub exchange_in_flight: usize,
    /// Tries of a read, the first included.
    pub read_tries: u32,
    /// The longest wait that a read accepts from `Retry-After`.
    pub read_wait_max: Duration,
    /// The first backoff; doubles with each try, half of it is chance.
    pub backoff: Duration,
    /// The longest backoff.
    pub backoff_max: Duration,
    /// The time for one answer to a read.
    pub read_timeout: Duration,
    /// The time for one answer to a write or a batch of writes.
    pub write_timeout: Duration,
    /// Writes a second and tenant (identity service: 3,000 in 150 s).
    pub writes_per_second: f64,
    /// Writes that may come at once after a rest.
    pub writes_at_once: f64,
    /// The longest that a write waits here for its quota before it is `Busy`.
    pub quota_wait_max: Duration,
    /// Requests a second and tenant to Conditional Access: the service takes one, of all
    /// applications together (Graph throttling limits, conditionalAccessPolicy).
    pub policies_per_second: f64,
    /// Pages followed in one listing.
    pub pages_max: usize,
    /// Bytes read of one answer.
    pub answer_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 8,
            exchange_in_flight: 8,
            read_tries: 4,
            read_wait_max: Duration::from_secs(30),
            backoff: Duration::from_millis(250),
            backoff_max: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_mins(1),
            writes_per_second: 20.0,
            writes_at_once: 3_000.0,
            quota_wait_max: Duration::from_secs(20),
            policies_per_second: 0.95,
            pages_max: 500,
            answer_bytes_max: 8 * 1024 * 1024,
        }
    }
}

/// Sees every request: one JSON object `{method, path, headers, body, status}`,
/// tokens and secrets replaced by `***`. `status` is absent when no answer came.
#[derive(Clone)]
pub struct RequestLog(Arc<dyn Fn(&Value) + Send + Sync>);

impl RequestLog {
    /// Calls `sink` for each request, after its answer.
    pub fn new(sink: impl Fn(&Value) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    pub(crate) fn note(&self, line: &Value) {
        (self.0)(line);
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_the_digest_of_the_der_form() {
        // "hello" in base64; its SHA-256 is known.
        let pem = "-----BEGIN CERTIFICATE-----\naGVs\nbG8=\n-----END CERTIFICATE-----\n";
        assert_eq!(thumbprint(pem).unwrap(), "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ");
        assert!(thumbprint("aGVsbG8=").is_err());
    }

    #[test]
    fn a_simulator_keeps_the_real_audiences() {
        let at = Endpoints::at("http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1");
        assert_eq!(at.graph_audience, "https://graph.microsoft.com");
        assert_eq!(at.exchange_audience, "https://outlook.office365.com");
    }
}
