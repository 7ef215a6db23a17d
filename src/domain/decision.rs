//! Votes, verdicts, and the proof that a plan may run.

use jiff::Timestamp;
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::domain::{
    chat::Platform,
    ids::{Digest, RequestId, UserId},
    plan::{Frozen, Plan},
    quorum::{Capacity, Circle, Needs, Progress, Quorum},
    sign_in::StepUp,
    users::PersonRef,
};

/// Who must sign before a plan may run. Part of the plan's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// The requester presses it himself; no second person looks.
    Confirm,
    /// So many different people of a set, none of them requester, subject or recipient.
    Approve {
        /// How many, at least 1.
        count: u8,
        /// Which set of approvers, as policy names it: the permission groups concerned.
        of: Vec<String>,
    },
    /// Several circles of people, perhaps one after another; each person once, none of them
    /// requester, subject or recipient.
    Quorum(Quorum),
}

impl Rule {
    /// The stricter of two rules; sets are joined.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Confirm, rule) | (rule, Self::Confirm) => rule,
            (Self::Approve { count: a, of: mut sets }, Self::Approve { count: b, of: more }) => {
                for set in more {
                    if !sets.contains(&set) {
                        sets.push(set);
                    }
                }
                sets.sort();
                Self::Approve { count: a.max(b), of: sets }
            }
            (one, other) => Self::Quorum(one.quorum().and(other.quorum())),
        }
    }

    /// As an expression. Nobody but the requester is in a rule that he confirms alone.
    fn quorum(self) -> Quorum {
        match self {
            Self::Quorum(quorum) => quorum,
            Self::Approve { count, of } => {
                Quorum::of(Needs::Signatures { count, from: Circle::Areas { of } })
            }
            Self::Confirm => Quorum { stages: Vec::new(), at_least: 0 },
        }
    }

    /// The rule after these have signed, stage by stage.
    #[must_use]
    pub fn after(self, mut first: Vec<Needs>) -> Quorum {
        let Quorum { stages, at_least } = self.quorum();
        first.extend(stages);
        Quorum { stages: first, at_least }
    }

    /// The rule with at least so many people.
    #[must_use]
    pub fn at_least(self, people: u8) -> Self {
        match self {
            Self::Quorum(quorum) => {
                Self::Quorum(Quorum { at_least: quorum.at_least.max(people), ..quorum })
            }
            Self::Approve { count, of } => Self::Approve { count: count.max(people), of },
            Self::Confirm => Self::Confirm,
        }
    }
}

/// What somebody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Yes: this exact plan may run.
    Approve,
    /// No.
    Reject,
}

/// One recorded decision of one person about one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// About which request.
    pub request: RequestId,
    /// About which revision of its plan.
    pub revision: u32,
    /// About exactly this plan.
    pub digest: Digest,
    /// Who.
    pub voter: PersonRef,
    /// Yes or no.
    pub choice: Choice,
    /// Through which chat.
    pub door: Platform,
    /// Their comment, at most 500 characters.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
    /// As whom they signed, where the rule asks for more than one sort of people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// In whose place, if not in their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<PersonRef>,
    /// Alone, as an emergency.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    /// Beforehand: by the standing approval with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beforehand: Option<RequestId>,
    /// With a whole batch: cast for the batch with this id, and counted for each of its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<RequestId>,
    /// How they signed in for it, where the plan takes a fresh sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
    /// When the subject had been recognised by their number, where the plan takes that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised: Option<Timestamp>,
    /// HMAC-SHA256 over all of it but the note and the name, by the vote key: who can write the
    /// database still cannot sign.
    pub mac: Vec<u8>,
}

/// The key that votes are sealed with. Made from the signing key; never stored.
pub struct VoteKey(hmac::Key);

impl VoteKey {
    /// From 32 secret bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }
}

impl std::fmt::Debug for VoteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a vote key")
    }
}

impl VoteKey {
    /// A mark over some text, by the same key: nobody makes one from what the database holds.
    pub(in crate::domain) fn mark(&self, text: &str) -> Vec<u8> {
        hmac::sign(&self.0, text.as_bytes()).as_ref().to_vec()
    }

    /// Is this the mark over that text?
    pub(in crate::domain) fn is_mark(&self, text: &str, mark: &[u8]) -> bool {
        hmac::verify(&self.0, text.as_bytes(), mark).is_ok()
    }
}

impl Vote {
    fn sealed_text(&self, rule: &Rule) -> Vec<u8> {
        let rule = serde_json::to_string(rule).expect("a rule is plain data");
        let choice = match self.choice {
            Choice::Approve => "approve",
            Choice::Reject => "reject",
        };
        let capacity = self.capacity.as_ref().map(|capacity| {
            let capacity = serde_json::to_string(capacity).expect("a capacity is plain data");
            format!("{capacity}\n")
        });
        let alone = if self.emergency { "alone\n" } else { "" };
        let instead = self.instead_of.as_ref().map(|who| format!("instead of {}\n", who.id));
        let before = self.beforehand.map(|id| format!("beforehand {id}\n")).unwrap_or_default();
        let whole = self.whole.map(|id| format!("with batch {id}\n")).unwrap_or_default();
        let signed_in = self.step_up.as_ref().map(|step_up| {
            format!("signed in {} by {}\n", step_up.at.as_microsecond(), step_up.by)
        });
        let known = self.recognised.map(|at| format!("recognised {}\n", at.as_microsecond()));
        format!(
            "countersign vote 1\n{}\n{}\n{}\n{}\n{choice}\n{}\n{rule}\n{}\n{}{}{alone}{before}{whole}{}{}",
            self.request,
            self.revision,
            self.digest,
            self.voter.id,
            self.door.as_str(),
            self.at.as_microsecond(),
            capacity.unwrap_or_default(),
            instead.unwrap_or_default(),
            signed_in.unwrap_or_default(),
            known.unwrap_or_default()
        )
        .into_bytes()
    }

    /// Seals the vote, under the rule it was cast for.
    #[must_use]
    pub fn sealed(mut self, rule: &Rule, key: &VoteKey) -> Self {
        self.mac = hmac::sign(&key.0, &self.sealed_text(rule)).as_ref().to_vec();
        self
    }

    /// Was it sealed by us, under this rule?
    pub fn is_genuine(&self, rule: &Rule, key: &VoteKey) -> bool {
        hmac::verify(&key.0, &self.sealed_text(rule), &self.mac).is_ok()
    }
}

/// Where a decision stands, by the recorded votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tally {
    /// So many more are wanted.
    Open {
        /// How many.
        missing: u8,
    },
    /// Enough said yes.
    Yes,
    /// Somebody said no.
    No,
}

/// Counts genuine votes about this plan, one for each person. One no is enough.
pub fn tally(frozen: &Frozen, requester: &UserId, votes: &[Vote], key: &VoteKey) -> Tally {
    let plan = frozen.plan();
    let valid = votes.iter().filter(|vote| {
        vote.request == plan.request
            && vote.digest == frozen.digest()
            && vote.is_genuine(&plan.rule, key)
    });
    let mut yes: Vec<&Vote> = Vec::new();
    for vote in valid {
        if vote.choice == Choice::Reject {
            return Tally::No;
        }
        if may_count(vote, plan, requester) && !yes.iter().any(|y| y.voter.id == vote.voter.id) {
            yes.push(vote);
        }
    }
    if !plan.emergency.is_empty() && yes.iter().any(|vote| vote.emergency) {
        return Tally::Yes;
    }
    let wanted = match &plan.rule {
        Rule::Confirm => 1,
        Rule::Approve { count, .. } => (*count).max(1),
        Rule::Quorum(quorum) => {
            return match quorum.progress(&capacities(&yes)) {
                Progress::Complete => Tally::Yes,
                Progress::Open { people, .. } => Tally::Open { missing: people },
            };
        }
    };
    let have = u8::try_from(yes.len()).unwrap_or(u8::MAX);
    if have >= wanted { Tally::Yes } else { Tally::Open { missing: wanted - have } }
}

/// Requester, subjects and recipients never count, and nobody else where he confirms alone; nor
/// whoever did not sign in afresh, or signed before the subject was recognised, where the plan
/// takes that.
fn may_count(vote: &Vote, plan: &Plan, requester: &UserId) -> bool {
    if (plan.step_up && vote.step_up.is_none()) || (plan.caller_number && vote.recognised.is_none())
    {
        return false;
    }
    match plan.rule {
        Rule::Confirm => vote.voter.id == *requester,
        Rule::Approve { .. } | Rule::Quorum(_) => {
            std::iter::once(&vote.voter).chain(&vote.instead_of).all(|who| {
                who.id != *requester
                    && !plan.subjects.iter().any(|s| s.id == who.id)
                    && !plan.recipients().any(|r| r.id == who.id)
            })
        }
    }
}

fn capacities(votes: &[&Vote]) -> Vec<Capacity> {
    votes.iter().filter_map(|vote| vote.capacity.clone()).collect()
}

/// What the signatures so far were given as, oldest first. Of genuine votes about this plan.
pub fn signed_as(frozen: &Frozen, requester: &UserId, votes: &[Vote]) -> Vec<Capacity> {
    let plan = frozen.plan();
    let counts = |vote: &&Vote| {
        vote.choice == Choice::Approve
            && vote.digest == frozen.digest()
            && may_count(vote, plan, requester)
    };
    capacities(&votes.iter().filter(counts).collect::<Vec<_>>())
}

/// Who is still missing after the first signature, for the card; `None` before it, and when
/// nobody is.
pub fn still_needed(frozen: &Frozen, requester: &UserId, votes: &[Vote]) -> Option<Needs> {
    match &frozen.plan().rule {
        Rule::Confirm => None,
        Rule::Approve { count, of } => {
            let signed = votes.iter().filter(|vote| vote.choice == Choice::Approve).count();
            let left = count.saturating_sub(u8::try_from(signed).unwrap_or(u8::MAX));
            let from = Circle::Areas { of: of.clone() };
            (signed > 0 && left > 0).then_some(Needs::Signatures { count: left, from })
        }
        Rule::Quorum(quorum) => {
            let signed = signed_as(frozen, requester, votes);
            match quorum.progress(&signed) {
                Progress::Open { missing, .. } if !signed.is_empty() => Some(missing),
                _ => None,
            }
        }
    }
}

/// The proof that a plan may run: only [`Approved::check`] makes one, from genuine
/// votes about exactly these bytes. The engine accepts nothing else.
#[derive(Debug, Clone)]
pub struct Approved {
    frozen: Frozen,
}

impl Approved {
    /// The proof, if the recorded votes give it.
    pub fn check(
        frozen: Frozen,
        requester: &UserId,
        votes: &[Vote],
        key: &VoteKey,
    ) -> Option<Self> {
        (tally(&frozen, requester, votes, key) == Tally::Yes).then_some(Self { frozen })
    }

    /// What may run.
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }
}

#[cfg(test)]
mod tests;
