//! Looks at people of other organisations. Cannot change anything.

use async_trait::async_trait;

use crate::domain::{
    groups::Member,
    guests::Guest,
    ids::{TenantId, UserId},
    trouble::Result,
};

/// Reads guests.
#[async_trait]
pub trait Guests: Send + Sync {
    /// The account with this mail address, if there is one.
    async fn account_of(&self, tenant: &TenantId, mail: &str) -> Result<Option<Guest>>;

    /// Who answers for this user. `None`: no such user.
    async fn sponsors(&self, user: &UserId) -> Result<Option<Vec<Member>>>;
}
