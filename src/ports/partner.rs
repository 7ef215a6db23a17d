//! The partner's way into customers' tenants: one refresh token, which each use replaces.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{domain::secret::Secret, ports::store::StoreError};

/// The refresh token of the partner's service account.
#[derive(Debug)]
pub struct PartnerToken {
    /// The token.
    pub value: Secret,
    /// When it was given or last replaced. UTC.
    pub at: Timestamp,
}

/// Keeps it, sealed. Both real stores do.
#[async_trait]
pub trait PartnerTokens: Send + Sync {
    /// The newest one, if one was ever given.
    async fn partner_token(&self) -> Result<Option<PartnerToken>, StoreError>;
    /// Keeps one in the place of the one before.
    async fn keep_partner_token(&self, value: &Secret) -> Result<(), StoreError>;
}
