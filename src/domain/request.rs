//! A plan on its way from asked to finished.
//!
//! Each state is a variant of [`Stage`] with the facts that belong to it; each
//! arrow is one method that takes the request by value and returns the next, or a
//! reason. Only [`Request::decide`] leads to `Approved`, and it wants the proof.
//!
//! ```text
//! Clarifying → Pending → Approved (→ Scheduled) → Running → Succeeded | PartlyFailed | Failed | InDoubt
//!                   ↘ Rejected | Expired | Cancelled | Superseded
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ahead,
    batch::Progress,
    caller::CallerCheck,
    chat::{ChatUser, Place},
    decision::{Approved, Rule},
    emergency::Emergency,
    escalation::Escalated,
    ids::{Digest, Number, RequestId, TenantId},
    plan::Frozen,
    proposal::{Open, Proposal},
    standing::{InForce, Under},
    step::{StepRun, StepState},
    talk::Remark,
    trouble::Reason,
    users::PersonRef,
};

/// What sort of request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// Changes something; needs a signature.
    Change,
    /// Only looks.
    Read,
    /// A standing approval.
    Standing,
    /// A parent of one child per subject.
    Batch,
}

/// How a request came from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The other was edited into this one.
    Edit,
    /// What failed there is tried again here.
    Retry,
    /// The inverse of the other.
    Undo,
    /// Gives back what the other took.
    Restore,
    /// Follows from the other.
    FollowUp,
    /// One subject of a batch.
    Item,
    /// Ends what the other granted for a time.
    Expiry,
}

/// Where a request was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The conversation and thread.
    pub place: Place,
    /// Who spoke there.
    pub by: ChatUser,
    /// The message, if there is one to point at.
    pub message: Option<String>,
    /// The words were the requester's own (not quoted or forwarded).
    pub own_words: bool,
    /// The message alone says all of it, in the requester's own words, or it is a form: nothing
    /// is quoted, nothing comes from a ticket, from earlier messages, an answer or a model.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// The program that asked over the API in the requester's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// What policy said, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who must sign.
    pub rule: Rule,
    /// Why: a text key under `verdict.` and its fields.
    pub why: crate::domain::plan::Note,
    /// The version of the rules: a hash of the policy that was in force.
    pub policy: String,
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Something must be answered first.
    Clarifying {
        /// What is open; the first one is being asked.
        open: Vec<Open>,
        /// Until when an answer counts.
        until: Timestamp,
    },
    /// Waits for signatures.
    Pending {
        /// Until when.
        until: Timestamp,
    },
    /// Signed; waits for a worker.
    Approved {
        /// By whom.
        by: Vec<PersonRef>,
        /// When the last signature came.
        at: Timestamp,
    },
    /// Signed; waits for its time.
    Scheduled {
        /// By whom.
        by: Vec<PersonRef>,
        /// When the last signature came.
        at: Timestamp,
        /// When it starts.
        start_at: Timestamp,
    },
    /// Being carried out.
    Running {
        /// Signed by whom.
        by: Vec<PersonRef>,
        /// Since when.
        since: Timestamp,
    },
    /// Every step ended well.
    Succeeded {
        /// Signed by whom.
        by: Vec<PersonRef>,
        /// When it ended.
        at: Timestamp,
    },
    /// Some steps ended well, some did not.
    PartlyFailed {
        /// Signed by whom.
        by: Vec<PersonRef>,
        /// When it ended.
        at: Timestamp,
    },
    /// No step ended well.
    Failed {
        /// Signed by whom.
        by: Vec<PersonRef>,
        /// When it ended.
        at: Timestamp,
    },
    /// Of at least one step nobody can tell; a person decides.
    InDoubt {
        /// Signed by whom.
        by: Vec<PersonRef>,
        /// Since when.
        at: Timestamp,
    },
    /// Somebody said no.
    Rejected {
        /// Who.
        by: PersonRef,
        /// When.
        at: Timestamp,
        /// Their comment.
        note: Option<String>,
    },
    /// Nobody decided in time.
    Expired {
        /// When.
        at: Timestamp,
    },
    /// Taken back.
    Cancelled {
        /// By whom.
        by: PersonRef,
        /// When.
        at: Timestamp,
    },
    /// Another request took its place.
    Superseded {
        /// Which.
        by: RequestId,
        /// When.
        at: Timestamp,
    },
}

impl Stage {
    /// The stable name, as stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Clarifying { .. } => "clarifying",
            Self::Pending { .. } => "pending",
            Self::Approved { .. } => "approved",
            Self::Scheduled { .. } => "scheduled",
            Self::Running { .. } => "running",
            Self::Succeeded { .. } => "succeeded",
            Self::PartlyFailed { .. } => "partly_failed",
            Self::Failed { .. } => "failed",
            Self::InDoubt { .. } => "in_doubt",
            Self::Rejected { .. } => "rejected",
            Self::Expired { .. } => "expired",
            Self::Cancelled { .. } => "cancelled",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// Nothing more happens by itself, and no button but *retry*, *undo* and the
    /// ways out of doubt is left.
    pub fn is_final(&self) -> bool {
        !matches!(
            self,
            Self::Clarifying { .. }
                | Self::Pending { .. }
                | Self::Approved { .. }
                | Self::Scheduled { .. }
                | Self::Running { .. }
        )
    }

    /// Who signed, if it came to that.
    pub fn signed_by(&self) -> &[PersonRef] {
        match self {
            Self::Approved { by, .. }
            | Self::Scheduled { by, .. }
            | Self::Running { by, .. }
            | Self::Succeeded { by, .. }
            | Self::PartlyFailed { by, .. }
            | Self::Failed { by, .. }
            | Self::InDoubt { by, .. } => by,
            _ => &[],
        }
    }
}

/// A request, as stored in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its number; 0 until the store gave it one.
    pub number: Number,
    /// Whose directory.
    pub tenant: TenantId,
    /// Counts its changes: every save expects the version it was read at.
    pub version: u64,
    /// Its sort.
    pub kind: RequestKind,
    /// Where it came from, if from another request.
    pub parent: Option<(RequestId, Relation)>,
    /// Who asked.
    pub requester: PersonRef,
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// What it is about beside people, by name.
    #[serde(default)]
    pub objects: Vec<String>,
    /// Where it was asked.
    pub origin: Origin,
    /// What was understood.
    pub proposals: Vec<Proposal>,
    /// Where it stands.
    pub stage: Stage,
    /// The current revision of its plan; 0 before there is one.
    pub revision: u32,
    /// The digest of that revision.
    pub digest: Option<Digest>,
    /// What policy said.
    pub verdict: Option<Verdict>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The next instant at which something is due for it.
    pub due_at: Option<Timestamp>,
    /// Who stopped it: no further step starts.
    pub stopped_by: Option<PersonRef>,
    /// Somebody signed it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
    /// It was shown to further people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<Escalated>,
    /// Its subject is recognised by a number, or was, or was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<CallerCheck>,
    /// It is a standing approval, and was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// It runs under a standing approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<Under>,
    /// Questions of those who sign, and the answers, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub talk: Vec<Remark>,
    /// It is a batch that runs or ran: how many of its rows stand where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// A signature was lost before its time, and this request asks for it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anew: Option<RequestId>,
}

impl Request {
    pub(super) fn settled(&self) -> Reason {
        let by = match &self.stage {
            Stage::Rejected { by, .. } | Stage::Cancelled { by, .. } => format!(" by {}", by.name),
            stage => match stage.signed_by() {
                [] => String::new(),
                [first, ..] => format!(", approved by {}", first.name),
            },
        };
        Reason::AlreadySettled {
            number: self.number.to_string(),
            state: self.stage.name().replace('_', " "),
            by,
        }
    }

    /// Clarifying (or new) → Pending, with the plan that will be shown.
    pub fn propose(mut self, frozen: &Frozen, verdict: Verdict) -> Result<Self, Reason> {
        if !matches!(self.stage, Stage::Clarifying { .. }) {
            return Err(self.settled());
        }
        let until = frozen.plan().expires_at;
        // The people of a batch are the subjects of its rows.
        if !self.is_batch() {
            self.subjects.clone_from(&frozen.plan().subjects);
        }
        self.objects.clone_from(&frozen.plan().objects);
        self.revision = frozen.plan().revision;
        self.digest = Some(frozen.digest());
        self.verdict = Some(verdict);
        self.stage = Stage::Pending { until };
        self.due_at = Some(until);
        Ok(self)
    }

    /// Is it waiting for a signature on exactly this plan, in time?
    pub fn check_open(&self, seen: &Digest, now: Timestamp) -> Result<(), Reason> {
        let Stage::Pending { until } = self.stage else {
            return Err(match self.stage {
                Stage::Expired { .. } => Reason::TooLate { number: self.number.to_string() },
                _ => self.settled(),
            });
        };
        if now >= until {
            return Err(Reason::TooLate { number: self.number.to_string() });
        }
        if self.digest != Some(*seen) {
            return Err(Reason::PlanChanged);
        }
        Ok(())
    }

    /// Pending → Pending with the next revision of its plan. Votes name the plan they were
    /// cast for, so that none of the earlier ones counts for this one.
    pub fn revise(
        mut self,
        seen: &Digest,
        frozen: &Frozen,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        self.check_open(seen, now)?;
        if frozen.plan().request != self.id || frozen.plan().revision != self.revision + 1 {
            return Err(Reason::PlanChanged);
        }
        self.revision = frozen.plan().revision;
        self.digest = Some(frozen.digest());
        Ok(self)
    }

    /// Pending → Approved or Scheduled: by the proof, in time.
    pub fn decide(
        mut self,
        proof: &Approved,
        by: Vec<PersonRef>,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        self.check_open(&proof.frozen().digest(), now)?;
        if let Some(class) = &proof.frozen().plan().standing {
            return self.put_in_force(class, by, now);
        }
        if let Some(start_at) = proof.frozen().plan().start_at.filter(|start| *start > now) {
            self.stage = Stage::Scheduled { by, at: now, start_at };
            self.due_at = Some(ahead::next_look(start_at, now));
        } else {
            self.stage = Stage::Approved { by, at: now };
            self.due_at = Some(now);
        }
        Ok(self)
    }

    /// Pending → Rejected.
    pub fn reject(
        mut self,
        seen: &Digest,
        by: PersonRef,
        note: Option<String>,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        self.check_open(seen, now)?;
        self.stage = Stage::Rejected { by, at: now, note };
        self.due_at = None;
        Ok(self)
    }

    /// A question that nobody answered is over, but what it was about is still known.
    fn keep_what_was_open(&mut self) {
        if let Stage::Clarifying { open, .. } = &mut self.stage {
            self.proposals.extend(open.drain(..).map(|open| open.proposal));
        }
    }

    /// Clarifying, Pending or Scheduled → Cancelled.
    pub fn cancel(mut self, by: PersonRef, now: Timestamp) -> Result<Self, Reason> {
        match self.stage {
            Stage::Clarifying { .. } | Stage::Pending { .. } | Stage::Scheduled { .. } => {
                self.keep_what_was_open();
                self.stage = Stage::Cancelled { by, at: now };
                self.due_at = None;
                Ok(self)
            }
            _ => Err(self.settled()),
        }
    }

    /// Clarifying or Pending → Superseded: the requester asked for something else instead.
    pub fn supersede(mut self, by: RequestId, now: Timestamp) -> Result<Self, Reason> {
        match self.stage {
            Stage::Clarifying { .. } | Stage::Pending { .. } => {
                self.keep_what_was_open();
                self.stage = Stage::Superseded { by, at: now };
                self.due_at = None;
                Ok(self)
            }
            _ => Err(self.settled()),
        }
    }

    /// Clarifying or Pending → Expired, when its time is over.
    pub fn expire(mut self, now: Timestamp) -> Result<Self, Reason> {
        match self.stage {
            Stage::Clarifying { until, .. } | Stage::Pending { until } if now >= until => {
                self.keep_what_was_open();
                self.stage = Stage::Expired { at: now };
                self.due_at = None;
                Ok(self)
            }
            _ => Err(self.settled()),
        }
    }

    /// Approved or Scheduled → Running, when its time has come.
    pub fn start(mut self, now: Timestamp) -> Result<Self, Reason> {
        let by = match &self.stage {
            Stage::Approved { by, .. } => by.clone(),
            Stage::Scheduled { by, start_at, .. } if now >= *start_at => by.clone(),
            _ => return Err(self.settled()),
        };
        self.stage = Stage::Running { by, since: now };
        self.due_at = Some(now);
        Ok(self)
    }

    /// Running → *stop*: no further step starts, and what was given for a while ends.
    pub fn stop(mut self, by: PersonRef, now: Timestamp) -> Result<Self, Reason> {
        match self.stage {
            Stage::Approved { .. } | Stage::Running { .. } if self.stopped_by.is_none() => {
                self.stopped_by = Some(by);
                self.due_at = self.due_at.map(|due| due.min(now));
                Ok(self)
            }
            _ => Err(self.settled()),
        }
    }

    /// Running → how it ended, by its steps; stays Running while one has not ended.
    #[must_use]
    pub fn conclude(mut self, steps: &[StepRun], now: Timestamp) -> Self {
        let Stage::Running { by, .. } = &self.stage else { return self };
        let by = by.clone();
        if steps.iter().any(|step| !step.state.ended()) {
            self.due_at = steps
                .iter()
                .filter(|s| !s.state.ended())
                .filter_map(|s| s.next_at)
                .min()
                .or(Some(now));
            return self;
        }
        let well = steps.iter().filter(|step| step.state.well()).count();
        self.due_at = None;
        self.stage = if steps.iter().any(|step| step.state == StepState::InDoubt) {
            Stage::InDoubt { by, at: now }
        } else if well == steps.len() {
            Stage::Succeeded { by, at: now }
        } else if well == 0 {
            Stage::Failed { by, at: now }
        } else {
            Stage::PartlyFailed { by, at: now }
        };
        self
    }
}
