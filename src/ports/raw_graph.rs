//! Looks wherever somebody spelled out, when it is allowed.

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::{graph_address::GraphAddress, ids::TenantId, trouble::Result};

/// What Graph answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body; of a refusal, its error document.
    pub body: Value,
}

/// Reads an address of Graph.
#[async_trait]
pub trait RawGraph: Send + Sync {
    /// Asks with GET.
    async fn get(&self, tenant: &TenantId, address: &GraphAddress) -> Result<Answered>;
}
