//! People of other organisations: who answers for them, and whom the tenant will not have.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Guests {
    /// A user, and the users and groups that answer for that user.
    pub sponsors: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// Domains from which nobody may be invited (external collaboration settings).
    pub blocked_domains: BTreeSet<String>,
}

impl Guests {
    pub fn blocks(&self, domain: &str) -> bool {
        self.blocked_domains.iter().any(|blocked| blocked.eq_ignore_ascii_case(domain))
    }
}
