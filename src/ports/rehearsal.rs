//! A tenant that is not real, for one rehearsal. What is done in it happens nowhere else.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    domain::rehearsal::Estate,
    ports::{clock::Clock, hands::Hands},
};

/// Puts up tenants that are not real.
#[async_trait]
pub trait Rehearsals: Send + Sync {
    /// One with these people and things in it, which goes by this clock. It is gone when its
    /// hands are dropped.
    ///
    /// # Errors
    /// When it cannot be put up; the text is safe to log.
    async fn put_up(
        &self,
        estate: &Estate,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Box<dyn Hands>>;
}
