//! What somebody had before a request took it, so that it can be given back.
//!
//! A snapshot is made of parts: what each step that loses something found before it began,
//! and what was read of the person beside the steps. It is taken whole or not at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::Sight,
    ids::{RequestId, StepId, UserId},
    step::StepRun,
};

/// The name of the part that a step found.
const BEFORE: &str = "before";

/// One part of what somebody had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which request took it.
    pub request: RequestId,
    /// Whose it was.
    pub subject: UserId,
    /// Which step found it; `None`: read beside the steps.
    pub step: Option<StepId>,
    /// Which part, by a stable name: `before` of a step, else `account`, `methods`, `mailbox`.
    pub part: String,
    /// What it was.
    pub value: Value,
    /// When it was read.
    pub taken_at: Timestamp,
    /// When it is deleted.
    pub until: Timestamp,
}

impl Snapshot {
    /// What a step found before it began.
    pub fn of_step(of: &Self, step: StepId, found: &Sight) -> Self {
        let value = serde_json::to_value(found).expect("what was seen is plain data");
        Self { step: Some(step), part: BEFORE.to_owned(), value, ..of.clone() }
    }

    /// What its step found, if it is of a step.
    pub fn found(&self) -> Option<(StepId, Sight)> {
        let step = self.step.filter(|_| self.part == BEFORE)?;
        Some((step, serde_json::from_value(self.value.clone()).ok()?))
    }
}

/// The steps with what each found before anything was lost, also where a later try found
/// something else.
#[must_use]
pub fn with_kept(mut steps: Vec<StepRun>, kept: &[Snapshot]) -> Vec<StepRun> {
    for (id, found) in kept.iter().filter_map(Snapshot::found) {
        for run in steps.iter_mut().filter(|run| run.id == id) {
            run.before = Some(found.clone());
        }
    }
    steps
}
