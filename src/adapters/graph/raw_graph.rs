//! [`RawGraph`]: reads an address that somebody spelled out.

use async_trait::async_trait;

use crate::{
    adapters::graph::{Microsoft, answer::Ask},
    domain::{graph_address::GraphAddress, ids::TenantId, trouble::Result},
    ports::raw_graph::{Answered, RawGraph},
};

#[async_trait]
impl RawGraph for Microsoft {
    async fn get(&self, tenant: &TenantId, address: &GraphAddress) -> Result<Answered> {
        let mut ask = Ask::get(address.sent());
        // Counts and searches are advanced queries; the header does no harm elsewhere.
        let advanced = |(name, _): &(String, String)| name == "$count" || name == "$search";
        if address.options().iter().any(advanced) || address.path().ends_with("/$count") {
            ask = ask.with("ConsistencyLevel", "eventual");
        }
        let answer = self.graph.read(tenant, ask).await?;
        Ok(Answered { status: answer.status, body: answer.body })
    }
}
