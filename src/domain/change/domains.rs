//! Changes of the tenant's domains.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Effect, Kind, Object, Sight},
    ids::TenantId,
};

/// A change of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum DomainChange {
    /// A domain is deleted, when nothing needs it. Nothing is forced.
    DeleteDomain {
        /// Of which tenant.
        tenant: TenantId,
        /// Its name, in lower case.
        domain: String,
    },
}

/// [`DomainChange::DeleteDomain`].
pub const DELETE_DOMAIN: Kind = Kind::of("delete_domain", &[&["Domain.ReadWrite.All"]]);

/// All of them.
pub const KINDS: &[Kind] = &[DELETE_DOMAIN];

impl Effect for DomainChange {
    fn kind(&self) -> Kind {
        DELETE_DOMAIN
    }

    fn object(&self) -> Object<'_> {
        let Self::DeleteDomain { tenant, domain } = self;
        Object::Other(tenant, format!("domain:{tenant}/{domain}"))
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        *seen == Sight::Missing
    }

    fn called(&self) -> &'static str {
        "domain"
    }
}
