//! What the operator's commands and the house need of a store besides the port.

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    forget::{Acquaintance, Forgetting},
    gauges::Gauges,
};
use crate::ports::{
    partner::PartnerTokens,
    store::{Store, StoreError},
};

/// A store with its upkeep. Both real ones have it.
#[async_trait]
pub trait Upkeep: Store + PartnerTokens + std::fmt::Debug {
    /// Counts up when something was written that this process should look at, so that workers
    /// need not poll: by this process, and by others on the same server.
    fn changed(&self) -> watch::Receiver<u64>;

    /// How full the house is.
    async fn gauges(&self) -> Result<Gauges, StoreError>;

    /// Everybody the store knows under an object id or a sign-in name, from requests and votes.
    async fn acquaintances(&self, said: &str) -> Result<Vec<Acquaintance>, StoreError>;

    /// Forgets somebody, or says what that would do. Refused while a request about them or
    /// of them is not over.
    async fn forget(&self, whom: &Acquaintance, act: bool) -> Result<Forgetting, StoreError>;

    /// Takes what was erased out of the database's files, as far as the database lets us.
    /// False: somebody reads just now, and it is still there.
    async fn empty_log(&self) -> Result<bool, StoreError>;

    /// Finishes what waits and closes the database.
    async fn close(self: Box<Self>);
}
