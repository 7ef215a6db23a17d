//! [`Hands`]: changes a tenant, and reads it back. The only door.

use async_trait::async_trait;

use crate::{
    adapters::graph::Microsoft,
    domain::{
        change::{Change, Sight},
        trouble::Result,
    },
    ports::hands::{Call, Hands, Made},
};

#[async_trait]
impl Hands for Microsoft {
    async fn look(&self, changes: &[&Change]) -> Vec<Result<Sight>> {
        self.look_at(changes).await
    }

    fn may_follow(&self, first: &Change, then: &Change) -> bool {
        self.in_one_batch(first, then)
    }

    async fn make(&self, calls: &[Call<'_>]) -> Vec<Made> {
        self.make_all(calls).await
    }
}
