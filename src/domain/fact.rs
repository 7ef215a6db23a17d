//! What the record keeps: a public header and a payload.
//!
//! The leaf of a fact is SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ payload)). The
//! payload is a separate row under its subject's key, so that a person can be
//! forgotten and the tree still verifies.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    ids::{Digest, RequestId, TenantId, UserId},
    request::Request,
};

/// Something that happened, before it has its number in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The public part.
    pub header: Header,
    /// Names and texts; encrypted at rest, erasable.
    pub payload: Value,
    /// Whose key the payload is under: an object id, or `house` when it is about nobody.
    pub subject: String,
}

/// The public part of a fact: ids, kind, time, digest. No names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Of the fact.
    pub id: Uuid,
    /// Whose directory.
    pub tenant: TenantId,
    /// About which request, if any.
    pub request: Option<RequestId>,
    /// What happened: `request.asked`, `vote.cast`, `step.started`, `step.ended`…
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// The plan's digest, where one is concerned.
    pub digest: Option<Digest>,
}

/// The kind of the fact that somebody was forgotten.
pub const FORGOTTEN: &str = "subject.forgotten";
/// The kind of the fact that a signed head was posted.
pub const HEAD_POSTED: &str = "head.posted";
/// The kind of the fact that operators were told of a credential that ends.
pub const CREDENTIAL_ENDS: &str = "credential.ends";

impl Fact {
    /// Somebody's key is deleted, so that nothing older about them can be read. Under the
    /// house's own key, because theirs is gone; it names an object id and nobody.
    pub fn forgetting(tenant: &TenantId, subject: &str, id: Uuid, at: Timestamp) -> Self {
        Self::of_house(tenant, FORGOTTEN, id, at, json!({ "subject": subject }))
    }

    /// A fact about the house itself, under its own key. Its payload names nobody.
    pub fn of_house(
        tenant: &TenantId,
        kind: &str,
        id: Uuid,
        at: Timestamp,
        payload: Value,
    ) -> Self {
        Self {
            header: Header {
                id,
                tenant: tenant.clone(),
                request: None,
                kind: kind.to_owned(),
                at,
                digest: None,
            },
            payload,
            subject: "house".to_owned(),
        }
    }

    /// A fact about somebody and no request, under their key.
    pub fn of_person(who: &UserId, kind: &str, id: Uuid, at: Timestamp, payload: Value) -> Self {
        let fact = Self::of_house(who.tenant(), kind, id, at, payload);
        Self { subject: who.to_string(), ..fact }
    }

    /// A fact about a request, under the key of its first subject, or of its requester.
    pub fn about(request: &Request, kind: &str, id: Uuid, at: Timestamp, payload: Value) -> Self {
        let subject = request.subjects.first().unwrap_or(&request.requester);
        Self {
            header: Header {
                id,
                tenant: request.tenant.clone(),
                request: Some(request.id),
                kind: kind.to_owned(),
                at,
                digest: request.digest,
            },
            payload,
            subject: subject.id.to_string(),
        }
    }
}
