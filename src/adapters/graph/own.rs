//! What the directory says of the app itself: what it asks for, what was granted, and
//! until when its credentials last. Reading it needs `Application.Read.All`.

use std::collections::BTreeSet;

use base64::Engine as _;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::{
        certificate,
        graph::{
            Microsoft,
            answer::{Answer, Ask},
            client::{Listing, unreachable},
        },
    },
    domain::{
        credential::{CredentialEnd, CredentialSort},
        ids::TenantId,
        secret::Secret,
        trouble::Result,
    },
};

/// Assignments read of one app; Entra ID allows some hundred.
const GRANTS_MAX: usize = 2_000;

/// The app, as the directory knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnApp {
    /// Its name.
    pub name: Option<String>,
    /// Ids of the app roles that its registration asks for; `None` when the registration
    /// is in another tenant or may not be read.
    pub declared: Option<BTreeSet<Uuid>>,
    /// Ids of the app roles that were granted; `None` when they may not be read.
    pub granted: Option<BTreeSet<Uuid>>,
    /// Where people may be sent after they signed in or consented.
    pub redirects: Vec<String>,
    /// Claims that its registration wants in id tokens besides.
    pub id_claims: Vec<String>,
    /// Its secrets and certificates.
    credentials: Vec<Registered>,
}

/// A credential of the registration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Registered {
    sort: CredentialSort,
    name: Option<String>,
    /// The first characters of a secret, or the identifier of a certificate as it was sent.
    mark: String,
    ends: Timestamp,
}

/// How an app proves who it is, as the settings hold it.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A client secret.
    Secret(Secret),
    /// A certificate, in PEM.
    Certificate(String),
}

impl Proof {
    /// What a certificate says of itself; a secret says nothing.
    fn own_end(&self) -> Option<CredentialEnd> {
        let Self::Certificate(pem) = self else { return None };
        let at = certificate::ends(pem).ok()?;
        Some(CredentialEnd { sort: CredentialSort::Certificate, name: None, at })
    }
}

impl Microsoft {
    /// What the directory says of an app of `tenant`, the bot's own for the most part. What
    /// may not be read is left out.
    ///
    /// # Errors
    /// When nobody answers, or no token is given.
    pub async fn own_app(&self, tenant: &TenantId, client: Uuid) -> Result<OwnApp> {
        let id = client.hyphenated();
        let select = "id,displayName,requiredResourceAccess,passwordCredentials,keyCredentials,web,optionalClaims";
        let asks = vec![
            Ask::get(format!("/applications(appId='{id}')?$select={select}")),
            Ask::get(format!("/servicePrincipals(appId='{id}')?$select=id")),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let mut next = || answers.next().expect("one answer for each ask");
        let mut own = registration(&next()?).map_err(unreachable)?;
        let principal = next()?;
        let principal = principal.is_ok().then(|| guid(&principal.body["id"])).flatten();
        if let Some(principal) = principal {
            own.granted = self.granted(tenant, principal).await?;
        }
        Ok(own)
    }

    /// Ids of the app roles that a service principal was given; `None` when they may not be read.
    async fn granted(&self, tenant: &TenantId, principal: Uuid) -> Result<Option<BTreeSet<Uuid>>> {
        let path = format!("/servicePrincipals/{}/appRoleAssignments", principal.hyphenated());
        let first = self.graph.read(tenant, Ask::get(path)).await?;
        if !first.is_ok() {
            return Ok(None);
        }
        let Listing::Items(items) = self.graph.rest(tenant, first, GRANTS_MAX).await? else {
            return Ok(None);
        };
        Ok(Some(items.iter().filter_map(|item| guid(&item["appRoleId"])).collect()))
    }

    /// Until when `proof` lasts, with which the app `client` signs in: from its registration
    /// where that may be read, and from the certificate itself. `None` when neither says it.
    ///
    /// # Errors
    /// When nobody answers, or no token is given, and the proof does not say it itself.
    pub async fn credential_end(
        &self,
        tenant: &TenantId,
        client: Uuid,
        proof: &Proof,
    ) -> Result<Option<CredentialEnd>> {
        let registered = self.own_app(tenant, client).await.map(|own| own.end_of(proof));
        match (registered, proof.own_end()) {
            (Err(_), Some(own)) => Ok(Some(own)),
            (Err(trouble), None) => Err(trouble),
            (Ok(a), b) => Ok(a.into_iter().chain(b).min_by_key(|end| end.at)),
        }
    }
}

impl OwnApp {
    /// The end of the registered credential that this is. Of several secrets that begin
    /// alike, the first that ends.
    fn end_of(&self, proof: &Proof) -> Option<CredentialEnd> {
        let sha1 = match proof {
            Proof::Secret(_) => Vec::new(),
            Proof::Certificate(pem) => certificate::sha1(pem).ok()?,
        };
        let used = |one: &&Registered| match proof {
            // Graph shows the first three characters (resource type passwordCredential, hint).
            Proof::Secret(secret) => {
                one.sort == CredentialSort::Secret
                    && !one.mark.is_empty()
                    && secret.reveal().starts_with(&one.mark)
            }
            Proof::Certificate(_) => {
                one.sort == CredentialSort::Certificate && same_thumbprint(&one.mark, &sha1)
            }
        };
        let found = self.credentials.iter().filter(used).min_by_key(|one| one.ends)?;
        Some(CredentialEnd { sort: found.sort, name: found.name.clone(), at: found.ends })
    }
}

/// `customKeyIdentifier` is binary, so base64 in JSON: of the SHA-1 thumbprint itself, or
/// of its hexadecimal digits, as some tools send them (resource type keyCredential).
fn same_thumbprint(mark: &str, sha1: &[u8]) -> bool {
    let spelled = hex::encode(sha1);
    // Forty hexadecimal digits are base64, too: of something else.
    if mark.eq_ignore_ascii_case(&spelled) {
        return true;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(mark).unwrap_or_default();
    bytes == sha1 || bytes.eq_ignore_ascii_case(spelled.as_bytes())
}

/// Reads the registration; an empty one when it is not here, or may not be read.
fn registration(answer: &Answer) -> anyhow::Result<OwnApp> {
    if matches!(answer.status, 403 | 404) {
        return Ok(OwnApp::default());
    }
    if !answer.is_ok() {
        return Err(answer.cause());
    }
    let body = &answer.body;
    let each = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let declared = each(&body["requiredResourceAccess"])
        .iter()
        .flat_map(|of| each(&of["resourceAccess"]))
        .filter(|access| access["type"] == "Role")
        .filter_map(|access| guid(&access["id"]))
        .collect();
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let credential = |sort, mark: &'static str| {
        move |one: &Value| {
            Some(Registered {
                sort,
                name: text(&one["displayName"]),
                mark: text(&one[mark]).unwrap_or_default(),
                ends: one["endDateTime"].as_str()?.parse().ok()?,
            })
        }
    };
    let secrets = each(&body["passwordCredentials"]);
    let secrets = secrets.iter().filter_map(credential(CredentialSort::Secret, "hint"));
    let keys = each(&body["keyCredentials"]);
    let keys =
        keys.iter().filter_map(credential(CredentialSort::Certificate, "customKeyIdentifier"));
    Ok(OwnApp {
        name: text(&body["displayName"]),
        declared: Some(declared),
        granted: None,
        redirects: each(&body["web"]["redirectUris"]).iter().filter_map(text).collect(),
        id_claims: each(&body["optionalClaims"]["idToken"])
            .iter()
            .filter_map(|one| text(&one["name"]))
            .collect(),
        credentials: secrets.chain(keys).collect(),
    })
}

fn guid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(credentials: Vec<Registered>) -> OwnApp {
        OwnApp { credentials, ..OwnApp::default() }
    }

    fn secret(mark: &str, end: i64) -> Registered {
        Registered {
            sort: CredentialSort::Secret,
            name: Some(format!("ends {end}")),
            mark: mark.to_owned(),
            ends: Timestamp::from_second(end).unwrap(),
        }
    }

    #[test]
    fn the_secret_in_use_is_found_by_its_first_characters() {
        let proof = Proof::Secret(Secret::new("abc~rest"));
        let of = |list| own(list).end_of(&proof).map(|end| end.at.as_second());
        assert_eq!(of(vec![secret("xyz", 5), secret("abc", 9)]), Some(9));
        assert_eq!(of(vec![secret("abc", 9), secret("abc", 7)]), Some(7), "the first that ends");
        assert_eq!(of(vec![secret("", 1)]), None, "a secret without a hint may be any");
    }

    #[test]
    fn a_thumbprint_is_known_in_each_of_its_spellings() {
        let sha1 = [0xab_u8; 20];
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        assert!(same_thumbprint(&encode(&sha1), &sha1));
        assert!(same_thumbprint(&encode(hex::encode_upper(sha1).as_bytes()), &sha1));
        assert!(same_thumbprint(&hex::encode_upper(sha1), &sha1));
        assert!(!same_thumbprint(&encode(&[0; 20]), &sha1));
    }
}
