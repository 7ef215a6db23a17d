//! A step while it is carried out: outcomes and evidence.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Evidence, Sight},
    ids::StepId,
    request::{Request, Stage},
    trouble::Reason,
};

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not started.
    Waiting,
    /// Recorded as started; the call may or may not have been made.
    Started,
    /// The service accepted it; it is being read back.
    Verifying,
    /// Ended: made, and the evidence says so.
    Done,
    /// Ended: it was so before.
    AlreadySo,
    /// Ended: the service refused it.
    Failed,
    /// Ended: something it needs did not end well, or the run was stopped.
    Skipped,
    /// Ended for now: nobody can tell whether it happened. A person decides.
    InDoubt,
}

impl StepState {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Started => "started",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::AlreadySo => "already_so",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::InDoubt => "in_doubt",
        }
    }

    /// The state with this stored name.
    pub fn read(said: &str) -> Option<Self> {
        [
            Self::Waiting,
            Self::Started,
            Self::Verifying,
            Self::Done,
            Self::AlreadySo,
            Self::Failed,
            Self::Skipped,
            Self::InDoubt,
        ]
        .into_iter()
        .find(|state| state.as_str() == said)
    }

    /// Nothing more happens by itself.
    pub fn ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Started | Self::Verifying)
    }

    /// What needs it may start.
    pub fn well(self) -> bool {
        matches!(self, Self::Done | Self::AlreadySo)
    }
}

/// A step of a plan on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRun {
    /// Which.
    pub id: StepId,
    /// Where it stands.
    pub state: StepState,
    /// How often a call was begun.
    pub attempts: u32,
    /// When the last call was begun (recorded before the call).
    pub intent_at: Option<Timestamp>,
    /// The `client-request-id` of the last call.
    pub call: Option<String>,
    /// What a look found before the first call.
    pub before: Option<Sight>,
    /// What the last look found.
    pub seen: Option<Sight>,
    /// What `done` rests on.
    pub evidence: Option<Evidence>,
    /// Look, or try, again not before this.
    pub next_at: Option<Timestamp>,
    /// Why it failed, was skipped or is in doubt.
    pub why: Option<Reason>,
    /// A person said so: the words for the card ("said by …").
    pub said_by: Option<String>,
    /// Ids it put out, for later steps.
    pub outputs: BTreeMap<String, String>,
}

impl StepRun {
    /// A step that has not started.
    pub fn new(id: StepId) -> Self {
        Self {
            id,
            state: StepState::Waiting,
            attempts: 0,
            intent_at: None,
            call: None,
            before: None,
            seen: None,
            evidence: None,
            next_at: None,
            why: None,
            said_by: None,
            outputs: BTreeMap::new(),
        }
    }
}

impl Request {
    /// `Failed`, `PartlyFailed` or `InDoubt` → `Running` again: a person answered for a
    /// step in doubt, or what failed is tried again.
    pub fn resume(mut self, now: Timestamp) -> Result<Self, Reason> {
        let by = match &self.stage {
            Stage::Failed { by, .. }
            | Stage::PartlyFailed { by, .. }
            | Stage::InDoubt { by, .. } => by.clone(),
            _ => return Err(self.settled()),
        };
        self.stage = Stage::Running { by, since: now };
        self.stopped_by = None;
        self.due_at = Some(now);
        Ok(self)
    }
}
