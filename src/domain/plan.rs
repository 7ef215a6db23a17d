//! The changes as a graph of steps, frozen into bytes with a digest.
//!
//! An action drafts ([`Draft`]); the desk adds the rule, the times and the request
//! ([`Plan`]); [`Frozen`] is the plan's bytes as stored, which the digest is over.
//! What is read back is decoded from those same bytes, never serialised again.
//!
//! - [`drift`] what moved since a plan was signed
//! - [`order`] what may not overtake what, whatever a plan is joined of
//! - [`trim`]  steps that are left out of a plan that waits

pub mod drift;
mod order;
pub mod trim;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    batch::{ROWS_MAX, Rows},
    change::{Change, accounts, mailboxes},
    decision::Rule,
    escalation::Escalation,
    ids::{Digest, RequestId, StepId, TenantId, UserId},
    mail::MailboxSort,
    proposal::{Because, Proposal},
    standing::Class,
    users::PersonRef,
};

/// The format that this version writes. It reads every format from 1 on.
pub const FORMAT: u16 = 1;
/// A plan has at most this many steps.
pub const STEPS_MAX: usize = 500;

/// What one action would do: the steps of its part of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// What it is about, when that is nobody: names of groups, devices, policies…
    pub objects: Vec<String>,
    /// The steps; ids count from 1 within the draft.
    pub steps: Vec<Step>,
    /// What the approver should know: text keys with their fields.
    pub notes: Vec<Note>,
    /// At least so many people must sign, whatever policy says of its group; 0 asks nothing.
    pub signatures: u8,
    /// The catalogue's other actions it is made of, when it is a process of several. Policy
    /// weighs each of them as if it had been asked for alone.
    pub made_of: Vec<Proposal>,
}

/// A sentence of the text file with its fields: a limit of Microsoft's, a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The key in the text file, under `note.`.
    pub key: String,
    /// What is filled in.
    pub fields: BTreeMap<String, String>,
}

impl Note {
    /// A note with these fields.
    pub fn new(key: &str, fields: &[(&str, &str)]) -> Self {
        Self { key: key.to_owned(), fields: named(fields) }
    }
}

/// A small map of text fields.
pub fn named(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// One change in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its number on the card.
    pub id: StepId,
    /// Which part of the plan it belongs to, counted from 0.
    pub part: u16,
    /// What it does.
    pub change: Change,
    /// The names of the objects in it, for `change.<kind>` in the text file.
    pub names: BTreeMap<String, String>,
    /// What changes, before and after, in words people read.
    pub values: Vec<Value>,
    /// Steps that must have ended well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<StepId>,
    /// Steps that must have ended, well or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StepId>,
    /// It may not start before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// At that time it ends what the steps it needs gave for a while, and only that: what was
    /// so before stays. Whoever stops the run ends it at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends: bool,
    /// It ends somebody's access; drift elsewhere never holds it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contain: bool,
    /// It takes something away from this person: it does not begin before what they had is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_from: Option<UserId>,
    /// There is no honest inverse: the key of the sentence under `final.` that says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cannot_undo: Option<String>,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The key of its name under `value.` in the text file; after a `~`, the name itself.
    pub what: String,
    /// As it is now; text keys start with `=`, anything else is shown as it is.
    pub before: String,
    /// As it will be.
    pub after: String,
}

impl Value {
    /// A value.
    pub fn new(what: &str, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { what: what.to_owned(), before: before.into(), after: after.into() }
    }
}

impl Draft {
    /// A draft about somebody, without steps.
    pub fn about(subject: PersonRef) -> Self {
        Self { subjects: vec![subject], ..Self::default() }
    }

    /// A draft about something that is nobody, by its name.
    pub fn of(name: impl Into<String>) -> Self {
        Self { objects: vec![name.into()], ..Self::default() }
    }

    /// Adds a step that depends on nothing, and gives it to be refined.
    pub fn step(
        &mut self,
        change: impl Into<Change>,
        names: &[(&str, &str)],
        values: Vec<Value>,
    ) -> &mut Step {
        let id =
            StepId(u16::try_from(self.steps.len() + 1).expect("a draft is far below 65,536 steps"));
        let change = change.into();
        let contain = change.kind().contains_access();
        self.steps.push(Step {
            id,
            part: 0,
            change,
            names: named(names),
            values,
            needs: Vec::new(),
            after: Vec::new(),
            not_before: None,
            ends: false,
            contain,
            takes_from: None,
            cannot_undo: None,
        });
        self.steps.last_mut().expect("a step was just added")
    }
}

impl Step {
    /// Starts only after these ended well.
    pub fn needing(&mut self, steps: &[StepId]) -> &mut Self {
        self.needs.extend_from_slice(steps);
        self
    }

    /// Ends at this time what these steps gave for a while.
    pub fn ending(&mut self, given: &[StepId], at: Timestamp) -> &mut Self {
        self.ends = true;
        self.not_before = Some(at);
        self.needing(given)
    }

    /// Has no honest inverse, for this reason (a key under `final.`).
    pub fn cannot_be_undone(&mut self, key: &str) -> &mut Self {
        self.cannot_undo = Some(key.to_owned());
        self
    }
}

/// One action of a plan with the arguments it was understood with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The action's id.
    pub action: String,
    /// Its arguments.
    pub arguments: serde_json::Map<String, serde_json::Value>,
    /// Which words led to it.
    pub because: Vec<Because>,
}

/// Everything an approver signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The format of these bytes.
    pub format: u16,
    /// Whose directory.
    pub tenant: TenantId,
    /// Whose plan: the same steps for another request have another digest.
    pub request: RequestId,
    /// Which version of the request's plan, from 1.
    pub revision: u32,
    /// The actions.
    pub parts: Vec<Part>,
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// What it is about beside people, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// The steps, in the order of the card.
    pub steps: Vec<Step>,
    /// What somebody left out of it since it was first shown, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// The class of requests that a standing approval covers; it has no steps of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Class>,
    /// The rows of a batch; it has no steps of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// What the approver should know.
    pub notes: Vec<Note>,
    /// Who must sign.
    pub rule: Rule,
    /// Somebody may sign it alone as an emergency: for which permission groups they have to be
    /// named, for all of these. Nobody, if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergency: Vec<String>,
    /// Whoever approves it signs in afresh, with a second factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub step_up: bool,
    /// Nobody approves it before its subject was recognised by a number that was shown to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub caller_number: bool,
    /// From when on further people may sign, if it comes to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// When the time to sign is over.
    pub expires_at: Timestamp,
    /// When it should start; at once if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
}

/// A step that somebody left out of a plan while it waited. Signed with the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The number it had.
    pub step: StepId,
    /// The kind of its change: text under `change.` with `names` filled in.
    pub kind: String,
    /// The names in it.
    pub names: BTreeMap<String, String>,
    /// Who left it out.
    pub by: PersonRef,
    /// Nobody named it: it needs another step that was left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follows: bool,
}

/// Why steps do not make a plan. A defect of an action, not of the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlan {
    /// Too many steps.
    #[error("{0} steps; a plan has at most {STEPS_MAX}")]
    TooLong(usize),
    /// No steps.
    #[error("a plan without steps")]
    Empty,
    /// A step depends on itself, a later or an unknown one.
    #[error("step {0} depends on a step that does not come before it")]
    Tangled(StepId),
    /// The bytes cannot be read.
    #[error("these bytes are no plan of a known format: {0}")]
    Unreadable(String),
}

impl Plan {
    /// Puts the drafts of several actions together, renumbering their steps: what blocks
    /// sign-in comes first, then mailboxes that become shared, the rest in the order asked, and
    /// last mailboxes that become somebody's own again.
    pub fn join(drafts: Vec<Draft>) -> Draft {
        let Draft { mut subjects, mut objects, mut steps, mut notes, mut signatures, mut made_of } =
            Draft::default();
        let mut drafts: Vec<(usize, Draft)> = drafts.into_iter().enumerate().collect();
        let has = |draft: &Draft, kind| draft.steps.iter().any(|step| step.change.kind() == kind);
        let own_again = |draft: &Draft| {
            draft.steps.iter().any(|step| order::becomes(&step.change, MailboxSort::Regular))
        };
        drafts.sort_by_key(|(_, draft)| {
            if has(draft, accounts::DISABLE_SIGN_IN)
                && !has(draft, mailboxes::CREATE_SHARED_MAILBOX)
            {
                0
            } else if own_again(draft) {
                3
            } else {
                u8::from(!has(draft, mailboxes::CONVERT_MAILBOX)) + 1
            }
        });
        for (part, draft) in drafts {
            signatures = signatures.max(draft.signatures);
            made_of.extend(draft.made_of);
            let offset = u16::try_from(steps.len()).unwrap_or(u16::MAX);
            let moved = |id: &StepId| StepId(id.0.saturating_add(offset));
            for mut step in draft.steps {
                step.id = moved(&step.id);
                step.change = step.change.renumbered(offset);
                step.part = u16::try_from(part).unwrap_or(u16::MAX);
                step.needs = step.needs.iter().map(moved).collect();
                step.after = step.after.iter().map(moved).collect();
                steps.push(step);
            }
            for subject in draft.subjects {
                if !subjects.iter().any(|known: &PersonRef| known.id == subject.id) {
                    subjects.push(subject);
                }
            }
            for object in draft.objects {
                if !objects.contains(&object) {
                    objects.push(object);
                }
            }
            for note in draft.notes {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        order::revoke_after_disable(&mut steps);
        order::unlicense_after_convert(&mut steps);
        order::licence_before_unshare(&mut steps);
        order::an_owner_stays(&mut steps);
        Draft { subjects, objects, steps, notes, signatures, made_of }
    }

    /// Checks the graph: steps are numbered from 1 and depend on earlier ones only.
    pub fn check(&self) -> Result<(), NotAPlan> {
        let of_others = match &self.rows {
            Some(rows) => !rows.fit.is_empty() && rows.fit.len() <= ROWS_MAX,
            None => self.standing.is_some(),
        };
        if self.steps.is_empty() != of_others || (self.rows.is_some() && self.standing.is_some()) {
            return Err(NotAPlan::Empty);
        }
        if self.steps.len() > STEPS_MAX {
            return Err(NotAPlan::TooLong(self.steps.len()));
        }
        let mut known = BTreeSet::new();
        for step in &self.steps {
            if !step.needs.iter().chain(&step.after).all(|id| known.contains(id))
                || !known.insert(step.id)
            {
                return Err(NotAPlan::Tangled(step.id));
            }
        }
        Ok(())
    }

    /// The step with this number.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Everybody who would receive a secret.
    pub fn recipients(&self) -> impl Iterator<Item = &PersonRef> {
        let own = self
            .steps
            .iter()
            .filter_map(|step| step.change.delivery().map(|delivery| &delivery.to));
        let of_rows = self.rows.iter().flat_map(|rows| &rows.fit).flat_map(|row| &row.secrets_to);
        own.chain(of_rows)
    }
}

/// A plan as stored: its bytes and their digest. The plan in it was read from the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    bytes: Vec<u8>,
    digest: Digest,
    plan: Plan,
}

impl Frozen {
    /// Freezes a plan that was just made.
    pub fn of(plan: &Plan) -> Result<Self, NotAPlan> {
        plan.check()?;
        let bytes = serde_json::to_vec(plan).expect("a plan is plain data");
        Self::read(bytes)
    }

    /// Reads stored bytes.
    pub fn read(bytes: Vec<u8>) -> Result<Self, NotAPlan> {
        #[derive(Deserialize)]
        struct Format {
            format: u16,
        }
        let unreadable = |error: serde_json::Error| NotAPlan::Unreadable(error.to_string());
        let Format { format } = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let plan: Plan = match format {
            1 => serde_json::from_slice(&bytes).map_err(unreadable)?,
            other => return Err(NotAPlan::Unreadable(format!("format {other}"))),
        };
        plan.check()?;
        Ok(Self { digest: Digest::of(&bytes), bytes, plan })
    }

    /// The stored bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 over the stored bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the bytes say.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}
