//! Every effect the tenant felt, in order.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Effects kept; the oldest are forgotten first.
const EFFECTS_MAX: usize = 20_000;

/// One effect. Never holds a secret: a password appears as "(set)".
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// Counts from 1, without gaps.
    pub number: u64,
    /// When, in UTC.
    pub at: Timestamp,
    /// The id the service gave the request.
    pub request_id: Uuid,
    /// The id the client gave it, or the same again.
    pub client_request_id: String,
    /// The client id of the calling application.
    pub app: String,
    /// What happened, such as `user.update` or `group.member.add`.
    pub what: String,
    /// To whom.
    pub target: Target,
    /// The changed values before.
    pub before: Value,
    /// The changed values after.
    pub after: Value,
}

/// The object an effect is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Its object id.
    pub id: Uuid,
    /// Its sign-in name or display name at that time.
    pub name: String,
}

#[derive(Default)]
pub(super) struct Ledger {
    effects: VecDeque<Effect>,
    last: u64,
}

impl Ledger {
    pub fn append(&mut self, mut effect: Effect) {
        self.last += 1;
        effect.number = self.last;
        self.effects.push_back(effect);
        if self.effects.len() > EFFECTS_MAX {
            self.effects.pop_front();
        }
    }

    pub fn entries(&self) -> Vec<Effect> {
        self.effects.iter().cloned().collect()
    }
}
