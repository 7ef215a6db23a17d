//! Looks at how mail flows through the tenant. Cannot change anything.

use async_trait::async_trait;

use crate::domain::{
    ids::TenantId,
    mail::{FlowSettings, RetentionPolicy, TransportRule},
    trouble::Result,
};

/// Reads what Exchange knows of the organisation.
#[async_trait]
pub trait MailFlow: Send + Sync {
    /// The transport rules in the order in which they work, at most 300 (Exchange keeps no more).
    async fn transport_rules(&self, tenant: &TenantId) -> Result<Vec<TransportRule>>;

    /// What else decides where mail may go.
    async fn flow_settings(&self, tenant: &TenantId) -> Result<FlowSettings>;

    /// The retention policies of mailboxes.
    async fn retention_policies(&self, tenant: &TenantId) -> Result<Vec<RetentionPolicy>>;
}
