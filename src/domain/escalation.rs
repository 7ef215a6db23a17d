//! When a plan that nobody decided is shown to further people, who may then sign it too.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::request::Request;

/// From when on further people may sign. Part of the plan's bytes, so that it is signed
/// with it; who they are is read from the rules of that time, like every set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// From this instant on. UTC.
    pub at: Timestamp,
    /// For which permission groups they have to be named: for all of these.
    pub of: Vec<String>,
}

/// A request was shown to further people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    /// When. UTC.
    pub at: Timestamp,
    /// To whom, as the card names them: people and groups.
    pub to: Vec<String>,
}

/// Further people, as a card says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Further {
    /// They may sign from then on, if nobody decides before. UTC.
    From(Timestamp),
    /// They may sign.
    Since(Escalated),
}

impl Escalation {
    /// Is it time, and did it not happen yet?
    pub fn is_due(&self, request: &Request, now: Timestamp) -> bool {
        request.escalated.is_none() && now >= self.at
    }
}
