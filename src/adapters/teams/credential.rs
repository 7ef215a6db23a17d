//! The bot's own token: by secret or certificate, fetched by one task at a time.

use std::{fmt, sync::Arc, time::Duration};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Client, Url};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::{adapters::http, ports::clock::Clock};

/// A token is replaced this long before it ends.
const EARLY: SignedDuration = SignedDuration::from_mins(5);
/// After a failure, nobody asks again for this long.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// A client assertion is valid this long (Entra takes at most ten minutes).
const ASSERTION_SECONDS: i64 = 5 * 60;

/// How the bot proves to the login service who it is. Shows nothing in `Debug`.
pub enum AppCredential {
    /// A client secret.
    Secret(Zeroizing<String>),
    /// A certificate with its private key.
    Certificate(Box<Certificate>),
}

/// A certificate's private key and thumbprints.
pub struct Certificate {
    key: EncodingKey,
    sha1: String,
    sha256: String,
}

impl AppCredential {
    /// From a client secret, which must not be empty.
    pub fn secret(secret: String) -> anyhow::Result<Self> {
        anyhow::ensure!(!secret.trim().is_empty(), "teams.client_secret is not set");
        Ok(Self::Secret(Zeroizing::new(secret)))
    }

    /// From the PEM of an RSA private key and the PEM of its certificate.
    pub fn certificate(key_pem: &str, certificate_pem: &str) -> anyhow::Result<Self> {
        let der = der_of(certificate_pem)
            .ok_or_else(|| anyhow::anyhow!("teams.certificate is not a certificate in PEM form"))?;
        let key = EncodingKey::from_rsa_pem(key_pem.as_bytes()).map_err(|_| {
            anyhow::anyhow!("teams.certificate_key is not an RSA private key in PEM form")
        })?;
        let print = |algorithm| URL_SAFE_NO_PAD.encode(digest(algorithm, &der));
        let (sha1, sha256) = (print(&SHA1_FOR_LEGACY_USE_ONLY), print(&SHA256));
        Ok(Self::Certificate(Box::new(Certificate { key, sha1, sha256 })))
    }
}

impl fmt::Debug for AppCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "a client secret",
            Self::Certificate(_) => "a certificate",
        })
    }
}

/// The first certificate of a PEM file.
fn der_of(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    STANDARD.decode(body.split_whitespace().collect::<String>()).ok()
}

/// A token that can be sent, but not printed.
#[derive(Clone)]
pub struct Bearer(Arc<Zeroizing<String>>);

impl Bearer {
    /// The token, for the one header it goes into.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token")
    }
}

/// Why there is no token. Safe to log: holds Entra's error number at most.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bot cannot sign in to the Bot Framework: {0}")]
pub struct NoToken(String);

/// Where and as whom the bot signs in.
pub struct SignIn {
    http: Client,
    url: Url,
    app_id: String,
    scope: String,
    credential: AppCredential,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<(Bearer, Timestamp)>,
    failed: Option<(NoToken, Timestamp)>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signs in as {} with {:?}", self.app_id, self.credential)
    }
}

impl SignIn {
    /// Signs in at `{login}/{tenant}/oauth2/v2.0/token`. Fails without an app id, or
    /// if the address is neither https nor on this machine.
    pub fn new(
        (login, tenant): (&str, &str),
        (app_id, scope): (&str, &str),
        credential: AppCredential,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let url: Url =
            format!("{}/{tenant}/oauth2/v2.0/token", login.trim_end_matches('/')).parse()?;
        let safe = url.scheme() == "https" || (url.scheme() == "http" && http::is_loopback(&url));
        anyhow::ensure!(safe, "the login address must be https");
        anyhow::ensure!(!app_id.trim().is_empty(), "teams.app_id is not set");
        Ok(Self {
            http: http::client_for(&url, TIMEOUT),
            url,
            app_id: app_id.trim().to_owned(),
            scope: scope.to_owned(),
            credential,
            clock,
            state: Mutex::default(),
        })
    }

    /// A token that is valid for at least a while. Everybody waits for one fetch.
    pub async fn token(&self) -> Result<Bearer, NoToken> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        let left = state.token.as_ref().map(|(_, ends)| ends.duration_since(now));
        if let (Some((token, _)), Some(left)) = (&state.token, left)
            && left > EARLY
        {
            return Ok(token.clone());
        }
        let answer = match &state.failed {
            Some((error, at)) if now >= *at && now.duration_since(*at) < PAUSE => {
                Err(error.clone())
            }
            _ => self.fetch(now).await,
        };
        match (answer, &state.token) {
            (Ok((token, ends)), _) => {
                state.failed = None;
                state.token = Some((token.clone(), ends));
                Ok(token)
            }
            // The old one is good until it ends.
            (Err(_), Some((token, _))) if left.is_some_and(|left| left.is_positive()) => {
                Ok(token.clone())
            }
            (Err(error), _) => {
                if state.failed.as_ref().is_none_or(|(_, at)| now.duration_since(*at) >= PAUSE) {
                    tracing::warn!(%error, "signing in failed");
                    state.failed = Some((error.clone(), now));
                }
                Err(error)
            }
        }
    }

    /// Forgets a token the service did not accept.
    pub async fn forget(&self, refused: &Bearer) {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(|(token, _)| Arc::ptr_eq(&token.0, &refused.0)) {
            state.token = None;
        }
    }

    async fn fetch(&self, now: Timestamp) -> Result<(Bearer, Timestamp), NoToken> {
        let failed = |why: &str| NoToken(why.to_owned());
        let body = self.form(now)?;
        let sent = self
            .http
            .post(self.url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_string());
        let answer = sent.send().await.map_err(|_| failed("no answer"))?;
        let status = answer.status();
        let body =
            http::read(answer, ANSWER_BYTES_MAX).await.map_err(|_| failed("no whole answer"))?;
        if !status.is_success() {
            return Err(NoToken(entra_error(&body).unwrap_or_else(|| status.to_string())));
        }
        let said: TokenAnswer =
            serde_json::from_slice(&body).map_err(|_| failed("not a token answer"))?;
        let seconds = said.expires_in.clamp(0, 24 * 60 * 60);
        Ok((
            Bearer(Arc::new(Zeroizing::new(said.access_token))),
            now + SignedDuration::from_secs(seconds),
        ))
    }

    fn form(&self, now: Timestamp) -> Result<Zeroizing<String>, NoToken> {
        let mut url: Url = "form:".parse().expect("a constant");
        let mut form = url.query_pairs_mut();
        form.append_pair("grant_type", "client_credentials");
        form.append_pair("client_id", &self.app_id).append_pair("scope", &self.scope);
        match &self.credential {
            AppCredential::Secret(secret) => form.append_pair("client_secret", secret),
            AppCredential::Certificate(certificate) => form
                .append_pair(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                )
                .append_pair("client_assertion", &self.assertion(certificate, now)?),
        };
        drop(form);
        Ok(Zeroizing::new(url.query().unwrap_or_default().to_owned()))
    }

    /// A client assertion: RFC 7523, with the thumbprints Entra asks for.
    fn assertion(&self, certificate: &Certificate, now: Timestamp) -> Result<String, NoToken> {
        let header = Header {
            x5t: Some(certificate.sha1.clone()),
            x5t_s256: Some(certificate.sha256.clone()),
            ..Header::new(Algorithm::PS256)
        };
        let now = now.as_second();
        let claims = Assertion {
            aud: self.url.as_str(),
            iss: &self.app_id,
            sub: &self.app_id,
            jti: self.clock.uuid().to_string(),
            nbf: now,
            exp: now + ASSERTION_SECONDS,
        };
        jsonwebtoken::encode(&header, &claims, &certificate.key)
            .map_err(|_| NoToken("the certificate's key cannot sign".to_owned()))
    }
}

#[derive(Serialize)]
struct Assertion<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: String,
    nbf: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

/// `AADSTS7000215` out of an error answer: a number that can be looked up, and
/// nothing that could be a secret.
fn entra_error(body: &[u8]) -> Option<String> {
    let said: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = said.get("error_description")?.as_str()?;
    let code: String = text.chars().take_while(char::is_ascii_alphanumeric).take(20).collect();
    code.starts_with("AADSTS").then_some(code)
}
