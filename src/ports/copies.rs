//! Copies of cards: those that list several, those that are older than their request, and who was
//! shown the whole of a plan. The copy itself is in [`store`](super::store).
//!
//! Not here: how a copy is drawn, and which one is put on a list; the desk does that.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    domain::{
        chat::ChatUser,
        ids::{Digest, RequestId, TenantId},
        message::Audience,
        sign_in::account,
    },
    ports::store::Copy,
};

/// The card that lists a copy beside others: the one that the first of them became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathered {
    /// Whose requests it lists.
    pub tenant: TenantId,
    /// The first one's request.
    pub request: RequestId,
    /// The first one.
    pub copy: Uuid,
}

impl Copy {
    /// Is it a card of its own for those who sign, beside which they are told things? Of a list
    /// they would be told as often as it has lines.
    pub fn is_for_signers(&self) -> bool {
        self.audience == Audience::Approvers && self.gathered.is_none()
    }
}

/// A copy whose card is older than its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The copy.
    pub copy: Copy,
    /// What it should show: handed back when it was drawn.
    pub wanted: u64,
    /// How often this was tried.
    pub tries: u32,
}

/// Somebody was shown every step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// Of which request.
    pub request: RequestId,
    /// The plan's digest.
    pub plan: Digest,
    /// Who.
    pub to: ChatUser,
}

impl Showing {
    /// Which account that is, as a hash; where its private messages are addressed does not count.
    pub fn account(&self) -> Digest {
        account(&self.to)
    }
}
