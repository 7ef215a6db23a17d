//! Whose token it is, and how often they call. Only hashes of tokens are kept; each one
//! is compared, in constant time, whichever fits.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use anyhow::Context;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::{config, desk::client::Program, domain::ids::RequestId, web::api::openapi};

/// A longer token is nobody's.
const TOKEN_BYTES_MAX: usize = 512;

/// The programs that may propose.
pub struct Clients {
    all: Vec<Client>,
    public_url: String,
    description: Value,
}

struct Client {
    program: Program,
    hash: [u8; 32],
    per_minute: u32,
    /// The minute, and the calls in it.
    called: Mutex<(i64, u32)>,
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} programs", self.all.len())
    }
}

/// Why a call is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    /// No token, or nobody's.
    Unknown,
    /// Too often in this minute.
    Busy {
        /// So often may be called.
        most: u32,
        /// Seconds until the next minute.
        wait: i64,
    },
}

impl Clients {
    /// From the settings; nothing if no program is named there. `public_url` is what the
    /// addresses of requests begin with.
    pub fn of(api: &config::Api, public_url: &str) -> anyhow::Result<Option<Self>> {
        if api.clients.is_empty() {
            return Ok(None);
        }
        let mut all = Vec::new();
        for (name, set) in &api.clients {
            let at = || format!("api.clients.{name}");
            let hash = match (&set.token, &set.token_sha256) {
                (Some(token), _) => sha256(token.reveal().as_bytes()),
                (None, Some(hash)) => {
                    let mut bytes = [0; 32];
                    hex::decode_to_slice(hash, &mut bytes).with_context(at)?;
                    bytes
                }
                (None, None) => anyhow::bail!("{}: set token, or token_sha256", at()),
            };
            let acts_as =
                set.acts_as.as_ref().map(|upn| upn.parse()).transpose().with_context(at)?;
            let program = Program {
                name: name.clone(),
                acts_as,
                on_behalf_of: set.on_behalf_of,
                areas: set.areas.clone(),
            };
            let called = Mutex::default();
            all.push(Client { program, hash, per_minute: set.per_minute, called });
        }
        let public_url = public_url.trim_end_matches('/').to_owned();
        let description = openapi::description(&public_url);
        Ok(Some(Self { all, public_url, description }))
    }

    /// Whose token this call carries.
    pub fn admit(&self, headers: &HeaderMap, now: Timestamp) -> Result<Program, NotAdmitted> {
        let mut said = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(said), None) = (said.next(), said.next()) else {
            return Err(NotAdmitted::Unknown);
        };
        let said = said.as_bytes();
        let token = said.get(7..).filter(|token| {
            said[..7].eq_ignore_ascii_case(b"bearer ")
                && (1..=TOKEN_BYTES_MAX).contains(&token.len())
        });
        let hash = sha256(token.ok_or(NotAdmitted::Unknown)?);
        // All are compared, so that the time says nothing about which one was near.
        let (mut at, mut found) = (0_u32, Choice::from(0));
        for (n, client) in (0_u32..).zip(&self.all) {
            let same = client.hash.ct_eq(&hash);
            at.conditional_assign(&n, same);
            found |= same;
        }
        let client = self.all.get(at as usize).filter(|_| bool::from(found));
        let client = client.ok_or(NotAdmitted::Unknown)?;
        client.count(now)?;
        Ok(client.program.clone())
    }

    /// Where a request is looked at.
    pub fn url_of(&self, id: &RequestId) -> String {
        format!("{}/api/v1/requests/{id}", self.public_url)
    }

    /// The description of all this.
    pub fn description(&self) -> &Value {
        &self.description
    }
}

impl Client {
    fn count(&self, now: Timestamp) -> Result<(), NotAdmitted> {
        let (minute, second) = (now.as_second().div_euclid(60), now.as_second().rem_euclid(60));
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        if called.0 != minute {
            *called = (minute, 0);
        }
        if called.1 >= self.per_minute {
            return Err(NotAdmitted::Busy { most: self.per_minute, wait: 60 - second });
        }
        called.1 += 1;
        Ok(())
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
