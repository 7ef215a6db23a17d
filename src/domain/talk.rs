//! What is said about a request while it waits: questions of those who sign, answers of
//! whoever asked for it. None of it is part of the plan, and none changes it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    request::{Request, Stage},
    trouble::Reason,
    users::PersonRef,
};

/// A request keeps so many remarks; after that people talk to each other.
pub const REMARKS_MAX: usize = 10;
/// A remark has at most so many characters.
pub const REMARK_CHARS_MAX: usize = 500;

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Who said it.
    pub by: PersonRef,
    /// When. UTC.
    pub at: Timestamp,
    /// Their words, without passwords, at most [`REMARK_CHARS_MAX`] characters.
    pub words: String,
    /// It answers; otherwise it asks.
    pub answers: bool,
}

impl Request {
    /// The newest question, while nobody has answered it and the request waits.
    pub fn open_question(&self) -> Option<&Remark> {
        let waits = matches!(self.stage, Stage::Pending { .. });
        self.talk.last().filter(|remark| waits && !remark.answers)
    }

    /// May somebody ask one more? One place is kept for the answer.
    pub fn has_room_for_a_question(&self) -> bool {
        self.talk.len() + 1 < REMARKS_MAX
    }

    /// Pending → Pending with one more remark; the plan and its signatures stay.
    pub fn remark(mut self, remark: Remark, now: Timestamp) -> Result<Self, Reason> {
        // Its own digest: only whether it waits is asked here.
        self.check_open(&self.digest.unwrap_or(NOTHING), now)?;
        if remark.answers && self.open_question().is_none() {
            return Err(Reason::NotPossible { what: "no question is open".to_owned() });
        }
        if !remark.answers && !self.has_room_for_a_question() {
            let what = "so much was asked already; please speak with them directly".to_owned();
            return Err(Reason::TooMuch { what });
        }
        self.talk.push(remark);
        Ok(self)
    }
}

/// No plan has this digest.
const NOTHING: crate::domain::ids::Digest = crate::domain::ids::Digest([0; 32]);
