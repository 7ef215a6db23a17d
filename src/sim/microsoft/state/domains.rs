//! Domains of the organisation.

use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(in super::super) struct Domain {
    pub name: String,
    pub default: bool,
    /// The one that ends in `onmicrosoft.com`.
    pub initial: bool,
    pub verified: bool,
}

impl Domain {
    pub fn view(&self) -> Value {
        let services: &[&str] =
            if self.verified { &["Email", "OfficeCommunicationsOnline"] } else { &[] };
        json!({
            "id": self.name, "isDefault": self.default, "isInitial": self.initial,
            "isRoot": true, "isVerified": self.verified, "isAdminManaged": true,
            "authenticationType": "Managed", "supportedServices": services,
        })
    }
}
