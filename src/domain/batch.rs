//! Many people in one request: a batch, which people sign, and one request for each row.
//!
//! The plan of a batch has no steps of its own. It names the request of each row with the
//! digest of that one's plan, so that whoever signs it signs the bytes of every row. Once it is
//! signed, the same votes are cast for each row ([`Vote::for_row`]), and the row runs by itself
//! as any request does: one that goes wrong hurts no other.
//!
//! Not here: how a table is read, and when a row runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    decision::{Approved, Vote, VoteKey},
    form::Complaint,
    ids::{Digest, RequestId},
    plan::Frozen,
    request::{Relation, Request, RequestKind, Stage, Verdict},
    trouble::Reason,
    users::PersonRef,
};

/// A batch has at most this many rows.
pub const ROWS_MAX: usize = 500;

/// What a batch is made of. Signed with its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The rows that will run, by their place in the table.
    pub fit: Vec<Row>,
    /// Rows of which nothing will be done, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit: Vec<Unfit>,
    /// Headings of columns that nobody read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// How many changes of each kind all rows make.
    pub changes: BTreeMap<String, u32>,
}

/// A row that will run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its line in the table; the first one under the headings is 2.
    pub number: u32,
    /// Its request.
    pub request: RequestId,
    /// Of exactly this plan.
    pub digest: Digest,
    /// The action's id.
    pub action: String,
    /// Whom it is about: name and sign-in name.
    pub whom: (String, String),
    /// So many steps.
    pub steps: u16,
    /// It starts later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
    /// What of it cannot be undone: keys under `final.`, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lasting: Vec<String>,
    /// Who receives a secret of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets_to: Vec<PersonRef>,
}

/// A row of which nothing will be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// Its line in the table.
    pub number: u32,
    /// Whom it names, as it was written.
    pub whom: String,
    /// What is wrong with it, field by field, and what to do.
    pub wrong: Vec<Complaint>,
}

/// How many rows of a batch stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Ended well.
    pub done: u32,
    /// Ended, and not well: failed, partly failed, in doubt, or stopped.
    pub not_well: u32,
    /// Have not ended.
    pub open: u32,
}

impl Progress {
    /// From how many rows are in each state, by its stored name.
    pub fn of(states: &BTreeMap<String, u32>) -> Self {
        let mut progress = Self::default();
        for (state, count) in states {
            match state.as_str() {
                "succeeded" => progress.done += count,
                "clarifying" | "pending" | "approved" | "scheduled" | "running" => {
                    progress.open += count;
                }
                _ => progress.not_well += count,
            }
        }
        progress
    }
}

impl Vote {
    /// The same vote, for a row of the batch that it was cast for.
    #[must_use]
    pub fn for_row(&self, row: &Frozen, key: &VoteKey) -> Self {
        let plan = row.plan();
        let own = Self {
            request: plan.request,
            revision: plan.revision,
            digest: row.digest(),
            note: None,
            whole: Some(self.request),
            mac: Vec::new(),
            ..self.clone()
        };
        own.sealed(&plan.rule, key)
    }
}

impl Request {
    /// Is it a row of a batch?
    pub fn is_row(&self) -> bool {
        matches!(self.parent, Some((_, Relation::Item)))
    }

    /// Does its batch decide for it: is it a row that nothing ran of yet?
    pub fn waits_for_its_batch(&self) -> bool {
        self.is_row() && matches!(self.stage, Stage::Pending { .. })
    }

    /// Clarifying → Pending, as a row: it is its batch that waits for signatures and expires.
    pub fn propose_row(self, frozen: &Frozen, verdict: Verdict) -> Result<Self, Reason> {
        let mut row = self.propose(frozen, verdict)?;
        row.due_at = None;
        Ok(row)
    }

    /// Pending → Approved or Scheduled, as a row of a batch that was signed at this instant.
    pub fn decide_row(
        self,
        proof: &Approved,
        by: Vec<PersonRef>,
        signed_at: Timestamp,
    ) -> Result<Self, Reason> {
        self.decide(proof, by, signed_at)
    }

    /// Pending → as its batch ended unsigned; nothing if the batch did not, or the row is over.
    pub fn end_with(mut self, batch: &Stage) -> Option<Self> {
        let unsigned = matches!(
            batch,
            Stage::Rejected { .. }
                | Stage::Expired { .. }
                | Stage::Cancelled { .. }
                | Stage::Superseded { .. }
        );
        if !unsigned || !self.waits_for_its_batch() {
            return None;
        }
        self.stage = batch.clone();
        self.due_at = None;
        Some(self)
    }

    /// No further step of a row starts; nothing if it is over or stops already.
    pub fn stop_row(mut self, by: &PersonRef, now: Timestamp) -> Option<Self> {
        match self.stage {
            Stage::Pending { .. } | Stage::Scheduled { .. } => {
                self.stage = Stage::Cancelled { by: by.clone(), at: now };
                self.due_at = None;
                Some(self)
            }
            Stage::Approved { .. } | Stage::Running { .. } => self.stop(by.clone(), now).ok(),
            _ => None,
        }
    }

    /// Running → how a batch ended, by its rows; stays Running, to be counted again at `next`,
    /// while one has not.
    #[must_use]
    pub fn conclude_rows(mut self, progress: Progress, next: Timestamp, now: Timestamp) -> Self {
        let Stage::Running { by, .. } = &self.stage else { return self };
        let by = by.clone();
        self.progress = Some(progress);
        let Progress { done, not_well, open, .. } = progress;
        if open > 0 {
            self.due_at = Some(next);
            return self;
        }
        self.due_at = None;
        self.stage = match (done, not_well) {
            (_, 0) => Stage::Succeeded { by, at: now },
            (0, _) => Stage::Failed { by, at: now },
            _ => Stage::PartlyFailed { by, at: now },
        };
        self
    }

    /// Is it a batch?
    pub fn is_batch(&self) -> bool {
        self.kind == RequestKind::Batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(states: &[(&str, u32)]) -> Progress {
        Progress::of(&states.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect())
    }

    #[test]
    fn every_row_is_counted_once() {
        let all = [
            ("succeeded", 7),
            ("partly_failed", 2),
            ("in_doubt", 1),
            ("cancelled", 3),
            ("running", 4),
            ("scheduled", 5),
            ("pending", 6),
        ];
        let progress = counted(&all);
        assert_eq!(progress, Progress { done: 7, not_well: 6, open: 15 });
        assert_eq!(counted(&[]), Progress::default());
    }
}
