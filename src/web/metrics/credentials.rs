//! Until when the bot's own credentials last, as it was seen last.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{domain::credential::CredentialEnd, web::metrics::family::Page};

/// One credential of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The section of the settings that holds it: `microsoft`, `teams` or `tenants`.
    pub section: &'static str,
    /// Its end.
    pub end: CredentialEnd,
}

/// All of them. Empty until somebody has looked.
#[derive(Debug, Default)]
pub struct Credentials(Mutex<Vec<Credential>>);

impl Credentials {
    /// What was seen now.
    pub fn set(&self, seen: Vec<Credential>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }

    fn seen(&self) -> Vec<Credential> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For `/readyz`. No name and no thumbprint: whoever asks need not know them.
    pub fn shown(&self, now: Timestamp) -> Value {
        let one = |credential: &Credential| {
            let end = &credential.end;
            json!({
                "of": credential.section,
                "sort": end.sort.as_str(),
                "days_left": end.days_left(now),
                "state": end.urgency(now).to_string(),
            })
        };
        self.seen().iter().map(one).collect()
    }

    /// For `/metrics`.
    pub fn write(&self, page: &mut Page, now: Timestamp) {
        let seen = self.seen();
        if seen.is_empty() {
            return;
        }
        let name = "countersign_credential_days_left";
        page.begin(name, "Days until the bot's own secret or certificate ends.", "gauge");
        for credential in seen {
            page.line(name, &[("of", credential.section)], credential.end.days_left(now));
        }
    }
}
