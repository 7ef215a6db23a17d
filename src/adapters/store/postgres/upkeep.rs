//! What the program does with any store, beside what the port says.

use async_trait::async_trait;
use tokio::sync::watch;

use super::{PostgresStore, again::turn};
use crate::{
    adapters::store::{
        at::at,
        forget::{self, Acquaintance, Forgetting},
        gauges::{self, Gauges},
        met, partner,
        upkeep::Upkeep,
    },
    domain::secret::Secret,
    ports::{
        partner::{PartnerToken, PartnerTokens},
        store::StoreError,
    },
};

#[async_trait]
impl Upkeep for PostgresStore {
    fn changed(&self) -> watch::Receiver<u64> {
        self.bell.changed()
    }

    async fn gauges(&self) -> Result<Gauges, StoreError> {
        gauges::gauges(&mut self.server.read().await?).await
    }

    async fn acquaintances(&self, said: &str) -> Result<Vec<Acquaintance>, StoreError> {
        met::acquaintances(&mut self.server.read().await?, &self.means.sealing, said).await
    }

    async fn forget(&self, whom: &Acquaintance, act: bool) -> Result<Forgetting, StoreError> {
        turn!(self, |tx| forget::forget(tx, &self.means.sealing, whom, act))
    }

    async fn empty_log(&self) -> Result<bool, StoreError> {
        self.rewrite().await.map_err(StoreError::Broken)?;
        Ok(true)
    }

    async fn close(self: Box<Self>) {
        (*self).close().await;
    }
}

#[async_trait]
impl PartnerTokens for PostgresStore {
    async fn partner_token(&self) -> Result<Option<PartnerToken>, StoreError> {
        partner::token(&mut self.server.read().await?, &self.means.sealing).await
    }

    async fn keep_partner_token(&self, value: &Secret) -> Result<(), StoreError> {
        let sealing = &self.means.sealing;
        let (now, sealed) = (at(sealing.clock().now()), partner::sealed(sealing, value));
        turn!(self, |tx| partner::keep(tx, now, sealed.clone()))
    }
}
