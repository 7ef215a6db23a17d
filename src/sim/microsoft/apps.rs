//! Applications as they are registered in the simulated tenant.

use std::collections::BTreeSet;

use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::{
    catalog,
    certificate::Certificate,
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
    secrets: Vec<[u8; 32]>,
    certificates: Vec<Certificate>,
}

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
            secrets: Vec::new(),
            certificates: Vec::new(),
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

    /// The same registration with one more client secret. Only its digest is kept.
    #[must_use]
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.secrets.push(sha256(secret));
        self
    }

    /// The same registration with one more certificate, in PEM. Nothing when it holds no RSA key.
    #[must_use]
    pub fn with_certificate(mut self, pem: &str) -> Option<Self> {
        self.certificates.push(Certificate::from_pem(pem)?);
        Some(self)
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
