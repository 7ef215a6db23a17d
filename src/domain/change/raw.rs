//! A request of Graph that somebody spelled out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::{Delivery, Effect, Evidence, Kind, Object, Repeat, SecretSource, Sight},
    graph_address::GraphAddress,
    graph_call::Method,
    ids::TenantId,
};

/// One request. Its answer goes to whoever asked, by one-time link, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum RawChange {
    /// A look that needs signatures.
    GraphRead(GraphCall),
    /// Anything else.
    GraphWrite(GraphCall),
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphCall {
    /// In which tenant.
    pub tenant: TenantId,
    /// How.
    pub method: Method,
    /// Where.
    pub address: GraphAddress,
    /// The JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Who gets the answer.
    pub delivery: Delivery,
}

/// Which permission a path needs is not written here; a 403 says so.
const ANY: super::Rights = &[&[]];

/// [`RawChange::GraphRead`].
pub const GRAPH_READ: Kind = Kind::of("graph_read", ANY).shown_by(Evidence::Answer);
/// [`RawChange::GraphWrite`].
pub const GRAPH_WRITE: Kind =
    Kind::of("graph_write", ANY).shown_by(Evidence::Answer).repeated(Repeat::NeverBlind);

/// All of them.
pub const KINDS: &[Kind] = &[GRAPH_READ, GRAPH_WRITE];

impl RawChange {
    /// What is sent.
    pub fn sent(&self) -> &GraphCall {
        let (Self::GraphRead(call) | Self::GraphWrite(call)) = self;
        call
    }
}

impl Effect for RawChange {
    fn kind(&self) -> Kind {
        match self {
            Self::GraphRead(_) => GRAPH_READ,
            Self::GraphWrite(_) => GRAPH_WRITE,
        }
    }

    fn object(&self) -> Object<'_> {
        let call = self.sent();
        Object::Other(&call.tenant, format!("graph:{}{}", call.tenant, call.address.path()))
    }

    fn delivery(&self) -> Option<&Delivery> {
        Some(&self.sent().delivery)
    }

    fn secret_source(&self) -> SecretSource {
        SecretSource::Theirs
    }

    fn hands_over(&self) -> &'static str {
        "graph_answer"
    }

    /// Nothing can be read back of a request that is not known; only its answer counts.
    fn holds(&self, _before: Option<&Sight>, _seen: &Sight) -> bool {
        false
    }

    fn called(&self) -> &'static str {
        "address"
    }
}
