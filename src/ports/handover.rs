//! Looks at what somebody who leaves would hand over. Cannot change anything.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{
    ids::UserId,
    mail::{Drive, Meeting},
    trouble::Result,
};

/// Reads meetings and drives.
#[async_trait]
pub trait Handover: Send + Sync {
    /// The meetings they called with somebody invited, between two instants, next first,
    /// a series once; at most 1,000. `None` when there is no calendar.
    async fn meetings(
        &self,
        user: &UserId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Option<Vec<Meeting>>>;

    /// Their `OneDrive` and who sees into it; `None` when there is none.
    async fn drive(&self, user: &UserId) -> Result<Option<Drive>>;
}
