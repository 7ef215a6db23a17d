//! What the program does with any store, beside what the port says.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{SqliteStore, near::at_once};
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
impl Upkeep for SqliteStore {
    fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    async fn gauges(&self) -> Result<Gauges, StoreError> {
        let mut gauges = gauges::gauges(&mut self.reader.clone()).await?;
        gauges.writes = self.writer.waiting();
        Ok(gauges)
    }

    async fn acquaintances(&self, said: &str) -> Result<Vec<Acquaintance>, StoreError> {
        met::acquaintances(&mut self.reader.clone(), &self.means.sealing, said).await
    }

    async fn forget(&self, whom: &Acquaintance, act: bool) -> Result<Forgetting, StoreError> {
        let (whom, sealing) = (whom.clone(), Arc::clone(&self.means.sealing));
        self.writer.run(move |tx| at_once(forget::forget(tx, &sealing, &whom, act))).await
    }

    async fn empty_log(&self) -> Result<bool, StoreError> {
        self.checkpoint().await
    }

    async fn close(self: Box<Self>) {
        (*self).close().await;
    }
}

#[async_trait]
impl PartnerTokens for SqliteStore {
    async fn partner_token(&self) -> Result<Option<PartnerToken>, StoreError> {
        partner::token(&mut self.reader.clone(), &self.means.sealing).await
    }

    async fn keep_partner_token(&self, value: &Secret) -> Result<(), StoreError> {
        let sealing = &self.means.sealing;
        let (now, sealed) = (at(sealing.clock().now()), partner::sealed(sealing, value));
        self.writer.run(move |tx| at_once(partner::keep(tx, now, sealed.clone()))).await
    }
}
