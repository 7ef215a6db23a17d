//! Applications as they are registered in the simulated tenant.

use std::collections::BTreeSet;

use jsonwebtoken::DecodingKey;
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::{
    catalog,
    certificate::Certificate,
    state::{AppKey, State},
    world::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET},
};

/// Whether an administrator has consented to the application in this tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    /// Tokens carry the granted roles.
    #[default]
    Given,
    /// The token endpoint refuses with AADSTS65001.
    Missing,
}

/// One application registration and its service principal.
#[derive(Clone)]
pub struct AppRegistration {
    /// Its application id, a GUID.
    pub client_id: String,
    /// What people read.
    pub name: String,
    /// Granted application permissions of Microsoft Graph, by name.
    pub graph_roles: BTreeSet<String>,
    /// Granted application permissions of Office 365 Exchange Online, by name.
    pub exchange_roles: BTreeSet<String>,
    /// Entra roles of the service principal, by name, such as `User Administrator`.
    pub directory_roles: BTreeSet<String>,
    /// Whether anybody has consented.
    pub consent: Consent,
    /// Lifetime of its tokens in seconds; Entra gives 3599.
    pub token_seconds: i64,
    /// What its registration asks for and nobody has consented to: names of Graph, or
    /// `exchange:` and a name of Exchange Online.
    pub asks: BTreeSet<String>,
    /// Where people are sent back after they signed in.
    pub redirects: BTreeSet<String>,
    /// Claims that its registration wants in id tokens besides: `auth_time`, `amr`.
    pub id_claims: BTreeSet<String>,
    secrets: Vec<[u8; 32]>,
    certificates: Vec<Certificate>,
    pub(super) federated: Vec<Federated>,
    /// It acts here in the name of a partner's account, which holds these Entra roles by a
    /// relationship.
    pub(super) gdap: Option<BTreeSet<String>>,
    pub(super) shown: Vec<ShownCredential>,
}

/// Whose tokens the registration trusts (resource type federatedIdentityCredential).
#[derive(Clone)]
pub(super) struct Federated {
    pub issuer: String,
    pub subject: String,
    /// Stands for the keys that Entra reads at the issuer.
    pub key: DecodingKey,
}

/// A credential as the registration shows it.
#[derive(Clone)]
pub(super) struct ShownCredential {
    pub certificate: bool,
    pub name: String,
    /// The first three characters of a secret, the thumbprint of a certificate.
    pub mark: String,
    pub ends: String,
}

/// The end of a credential that says none.
const LATE: &str = "2028-02-01T08:00:00Z";

impl std::fmt::Debug for AppRegistration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppRegistration")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl AppRegistration {
    /// A registration without any right.
    pub fn new(client_id: &str, name: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            name: name.to_owned(),
            graph_roles: BTreeSet::new(),
            exchange_roles: BTreeSet::new(),
            directory_roles: BTreeSet::new(),
            consent: Consent::Given,
            token_seconds: 3599,
            asks: BTreeSet::new(),
            redirects: BTreeSet::new(),
            id_claims: BTreeSet::from(["auth_time".to_owned(), "amr".to_owned()]),
            secrets: Vec::new(),
            certificates: Vec::new(),
            federated: Vec::new(),
            gdap: None,
            shown: Vec::new(),
        }
    }

    /// The registration every world begins with: all permissions that are known here, and
    /// the Entra roles User Administrator and Exchange Administrator.
    pub fn demo() -> Self {
        let mut app = Self::new(DEMO_CLIENT_ID, "Countersign").with_secret(DEMO_CLIENT_SECRET);
        app.graph_roles = catalog::DEMO_PERMISSIONS.iter().map(|name| (*name).to_owned()).collect();
        app.exchange_roles = BTreeSet::from(["Exchange.ManageAsApp".to_owned()]);
        app.directory_roles =
            BTreeSet::from(["User Administrator".into(), "Exchange Administrator".into()]);
        app
    }

    /// An application that was registered through Graph, as it may sign in: without a service
    /// principal nobody has consented.
    pub(super) fn registered(state: &State, client: &str) -> Option<Self> {
        let app_id = Uuid::try_parse(client).ok()?;
        let app = state.registration(AppKey::App(app_id))?;
        let mut signing = Self::new(&app_id.to_string(), app.name());
        signing.secrets = app.secrets.iter().map(|secret| secret.digest).collect();
        let principal = state.principal(AppKey::App(app_id));
        signing.consent = if principal.is_some() { Consent::Given } else { Consent::Missing };
        let held = state.applications.roles.iter();
        let held = held.filter(|grant| principal.is_some_and(|found| found.id == grant.principal));
        signing.graph_roles = held
            .filter_map(|grant| {
                catalog::PERMISSION_IDS.iter().find(|(_, id)| *id == grant.role.to_string())
            })
            .map(|(name, _)| (*name).to_owned())
            .collect();
        Some(signing)
    }

    /// The same registration with one more client secret. Only its digest is kept.
    #[must_use]
    pub fn with_secret(self, secret: &str) -> Self {
        self.with_secret_until(secret, "countersign", LATE)
    }

    /// The same, with its name and its end in RFC 3339 as the registration shows them. That it
    /// is over is shown and not felt.
    #[must_use]
    pub fn with_secret_until(mut self, secret: &str, name: &str, ends: &str) -> Self {
        self.secrets.push(sha256(secret));
        self.shown.push(ShownCredential {
            certificate: false,
            name: name.to_owned(),
            // Graph shows three characters (resource type passwordCredential, hint).
            mark: secret.chars().take(3).collect(),
            ends: ends.to_owned(),
        });
        self
    }

    /// The same registration, to which people are sent back here after they signed in.
    #[must_use]
    pub fn with_redirect(mut self, address: &str) -> Self {
        self.redirects.insert(address.to_owned());
        self
    }

    /// The same registration with one more certificate, in PEM. Nothing when it holds no RSA key.
    #[must_use]
    pub fn with_certificate(mut self, pem: &str) -> Option<Self> {
        let certificate = Certificate::from_pem(pem)?;
        self.shown.push(ShownCredential {
            certificate: true,
            name: "CN=Countersign".to_owned(),
            mark: certificate.identifier(),
            ends: LATE.to_owned(),
        });
        self.certificates.push(certificate);
        Some(self)
    }

    /// The same registration, which trusts tokens of this issuer about this subject. The key of
    /// the issuer is that of a certificate in PEM; nothing when it holds no RSA key.
    #[must_use]
    pub fn with_federated(mut self, issuer: &str, subject: &str, pem: &str) -> Option<Self> {
        let key = Certificate::from_pem(pem)?.key;
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.federated.push(Federated { issuer, subject, key });
        Some(self)
    }

    /// The same registration in a customer's tenant that a partner reaches by a relationship with
    /// these roles: what it was granted it may do in the name of the partner's account only.
    #[must_use]
    pub fn with_gdap(mut self, roles: &[&str]) -> Self {
        self.gdap = Some(roles.iter().map(|role| (*role).to_owned()).collect());
        self
    }

    /// The same registration, which has been granted this permission of Graph as well.
    #[must_use]
    pub fn with_permission(mut self, name: &str) -> Self {
        self.graph_roles.insert(name.to_owned());
        self
    }

    /// The same registration, which asks for these and has been granted nothing yet.
    #[must_use]
    pub fn asking(mut self, asks: &[&str]) -> Self {
        self.asks = asks.iter().map(|entry| (*entry).to_owned()).collect();
        self.consent = Consent::Missing;
        self
    }

    /// The same registration, which still asks for a permission that was taken away.
    #[must_use]
    pub fn unconsented(self, name: &str) -> Self {
        let exchange = self.exchange_roles.contains(name);
        let mut app = self.without(name);
        app.asks.insert(if exchange { format!("exchange:{name}") } else { name.to_owned() });
        app
    }

    /// What an administrator does who opens its consent link.
    pub(super) fn grant(&mut self) {
        for entry in std::mem::take(&mut self.asks) {
            match entry.strip_prefix("exchange:") {
                Some(name) => self.exchange_roles.insert(name.to_owned()),
                None => self.graph_roles.insert(entry),
            };
        }
        self.consent = Consent::Given;
    }

    /// The same registration without a permission of Graph or Exchange, or without an Entra role.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        for rights in [&mut self.graph_roles, &mut self.exchange_roles, &mut self.directory_roles] {
            rights.remove(name);
        }
        self
    }

    /// The object id of its service principal, from the client id.
    pub fn object_id(&self) -> Uuid {
        catalog::id_from("service principal", &self.client_id)
    }

    pub(super) fn knows_secret(&self, secret: &str) -> bool {
        self.secrets.contains(&sha256(secret))
    }

    pub(super) fn certificate(
        &self,
        x5t: Option<&str>,
        x5t_s256: Option<&str>,
    ) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| {
            x5t.is_some_and(|thumb| thumb == certificate.sha1)
                || x5t_s256.is_some_and(|thumb| thumb == certificate.sha256)
        })
    }
}

fn sha256(text: &str) -> [u8; 32] {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
