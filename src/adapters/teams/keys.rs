//! The service's signing keys: kept for a day, fetched by one task at a time and
//! at most once a minute, and never thrown away because a fetch failed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::Mutex;

use crate::adapters::{http, teams::cloud::origin};

/// Keys are fresh this long (botbuilder 4.23: 24 h).
pub const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// Keys are still used this long when no newer ones can be had.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Not more than one fetch in this time, however many unknown keys are named.
pub const PAUSE: SignedDuration = SignedDuration::from_secs(60);

const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
const METADATA_BYTES_MAX: usize = 64 * 1024;
const JWKS_BYTES_MAX: usize = 1024 * 1024;
const KEYS_MAX: usize = 200;

/// One RSA key, decoded once.
#[derive(Debug)]
pub struct Key {
    components: RsaPublicKeyComponents<Vec<u8>>,
    /// The channels it may sign for; empty means it does not say.
    pub endorsements: Vec<String>,
}

impl Key {
    /// Whether this key signed these bytes with RS256.
    pub fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        self.components.verify(&RSA_PKCS1_2048_8192_SHA256, bytes, signature).is_ok()
    }
}

/// The keys of one issuer.
#[derive(Debug)]
pub struct Keys {
    http: Client,
    metadata: Url,
    key_hosts: Vec<String>,
    known: RwLock<Known>,
    fetching: Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    keys: HashMap<String, Arc<Key>>,
    fetched: Option<Timestamp>,
    tried: Option<Timestamp>,
}

enum Found {
    Fresh(Option<Arc<Key>>),
    /// Fetch, if it is time; until then this is what we have.
    Fetch(Option<Arc<Key>>),
}

impl Keys {
    /// The keys that this metadata document leads to. `jwks_uri` must be on the same
    /// host or on one of `key_hosts`, and https unless on this machine.
    pub fn new(metadata: &str, key_hosts: &[String]) -> anyhow::Result<Self> {
        let metadata: Url = metadata.parse()?;
        anyhow::ensure!(safe(&metadata), "the address of the signing keys' metadata must be https");
        Ok(Self {
            http: http::client_for(&metadata, FETCH_TIMEOUT),
            key_hosts: key_hosts.iter().map(|host| host.to_lowercase()).collect(),
            metadata,
            known: RwLock::default(),
            fetching: Mutex::new(()),
        })
    }

    /// The key of this name. Fetches when it must and may; waits for a fetch of
    /// another task instead of making a second.
    pub async fn get(&self, kid: &str, now: Timestamp) -> Option<Arc<Key>> {
        let old = match self.find(kid, now) {
            Found::Fresh(None) => {
                // Another task may fetch just now what this one wants.
                drop(self.fetching.lock().await);
                return match self.find(kid, now) {
                    Found::Fresh(key) | Found::Fetch(key) => key,
                };
            }
            Found::Fresh(key) => return key,
            Found::Fetch(old) => old,
        };
        // Whoever has an old key does not wait for somebody else's fetch.
        let _turn = match (&old, self.fetching.try_lock()) {
            (_, Ok(turn)) => turn,
            (Some(_), Err(_)) => return old,
            (None, Err(_)) => self.fetching.lock().await,
        };
        match self.find(kid, now) {
            Found::Fresh(key) => return key,
            Found::Fetch(_) => self.write().tried = Some(now),
        }
        match self.fetch().await {
            Ok(keys) => {
                let mut known = self.write();
                known.keys = keys;
                known.fetched = Some(now);
            }
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    of = %self.metadata,
                    "signing keys could not be fetched; those that are known stay in use"
                );
            }
        }
        match self.find(kid, now) {
            Found::Fresh(key) | Found::Fetch(key) => key,
        }
    }

    fn find(&self, kid: &str, now: Timestamp) -> Found {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let within = |since: Option<Timestamp>, limit| {
            since.is_some_and(|since| now.duration_since(since) < limit)
        };
        let key = known.keys.get(kid).filter(|_| within(known.fetched, KEPT)).cloned();
        if key.is_some() && within(known.fetched, FRESH) {
            return Found::Fresh(key);
        }
        // A clock that was set back must not stop fetching for good.
        let just_tried =
            known.tried.is_some_and(|tried| now >= tried && now.duration_since(tried) < PAUSE);
        if just_tried { Found::Fresh(key) } else { Found::Fetch(key) }
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> anyhow::Result<HashMap<String, Arc<Key>>> {
        let metadata: Metadata = self.json(self.metadata.clone(), METADATA_BYTES_MAX).await?;
        let uri: Url = metadata.jwks_uri.parse()?;
        anyhow::ensure!(self.may_hold_keys(&uri), "the metadata leads to keys on another host");
        let set: KeySet = self.json(uri, JWKS_BYTES_MAX).await?;
        anyhow::ensure!(set.keys.len() <= KEYS_MAX, "more than {KEYS_MAX} keys");
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(WireKey::read).collect();
        anyhow::ensure!(!keys.is_empty(), "no RSA keys in the answer");
        Ok(keys)
    }

    fn may_hold_keys(&self, uri: &Url) -> bool {
        let named = |host: &str| self.key_hosts.iter().any(|known| known == host);
        safe(uri)
            && (origin(uri) == origin(&self.metadata)
                || (uri.scheme() == "https"
                    && uri.port().is_none()
                    && uri.host_str().is_some_and(named)))
    }

    async fn json<T: DeserializeOwned>(&self, from: Url, max: usize) -> anyhow::Result<T> {
        let answer = self.http.get(from).send().await.map_err(reqwest::Error::without_url)?;
        anyhow::ensure!(answer.status().is_success(), "answered {}", answer.status());
        Ok(serde_json::from_slice(&http::read(answer, max).await?)?)
    }
}

fn safe(url: &Url) -> bool {
    url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == "https" || (url.scheme() == "http" && http::is_loopback(url)))
}

#[derive(Deserialize)]
struct Metadata {
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<WireKey>,
}

#[derive(Deserialize)]
struct WireKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    endorsements: Option<Vec<String>>,
}

impl WireKey {
    /// A key for RS256 of at least 2,048 bits, or nothing.
    fn read(self) -> Option<(String, Arc<Key>)> {
        let fits = self.kty == "RSA"
            && self.usage.is_none_or(|usage| usage == "sig")
            && self.alg.is_none_or(|alg| alg == "RS256");
        let (n, e) = (URL_SAFE_NO_PAD.decode(self.n?).ok()?, URL_SAFE_NO_PAD.decode(self.e?).ok()?);
        let key = Key {
            components: RsaPublicKeyComponents { n, e },
            endorsements: self.endorsements.unwrap_or_default(),
        };
        (fits && (256..=1024).contains(&key.components.n.len()))
            .then(|| Some((self.kid?, Arc::new(key))))?
    }
}
