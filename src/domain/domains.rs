//! Domains of the tenant.

use serde::{Deserialize, Serialize};

/// A domain, as Graph's `domain` resource has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// New users get it unless somebody says otherwise.
    pub default: bool,
    /// The one that ends in `onmicrosoft.com`.
    pub initial: bool,
    /// Proven to be the tenant's.
    pub verified: bool,
    /// `Managed` or `Federated`.
    pub authentication: String,
}
