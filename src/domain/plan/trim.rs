//! Steps that are left out of a plan that waits: the same plan, holding less.
//!
//! Whoever may sign a plan may leave steps out of it and still sign it: nothing is added,
//! every step that stays is one the requester asked for, and the rule of who signs stays as
//! strict as it was for the whole. So there are two people behind each step as before. That
//! nobody was asked about the smaller plan yet is what its new digest says: earlier votes
//! name another one.
//!
//! What stays keeps its number, so that "step 3" is the same before and after, and its
//! order: what ran after a step that is gone runs after what that one waited for. A note
//! stays too, since nobody can tell which step it was said of.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    ids::StepId,
    plan::{LeftOut, NotAPlan, Plan, Step, order},
    users::PersonRef,
};

/// A plan with more steps than this is not trimmed on a card: a list of so many still fits
/// one Teams card and one Slack modal.
pub const TICKS_MAX: usize = 100;

/// What is left of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trimmed {
    /// The next revision.
    pub plan: Plan,
    /// Which of its parts stayed, by their place before.
    pub parts: Vec<usize>,
    /// The steps that are gone, those that followed among them.
    pub gone: BTreeSet<StepId>,
}

impl Plan {
    /// Can its steps be unticked on a card? Not where one of them ends what another gives:
    /// without it, that would be given for good.
    pub fn can_be_trimmed(&self) -> bool {
        (2..=TICKS_MAX).contains(&self.steps.len()) && !self.steps.iter().any(|step| step.ends)
    }

    /// The plan without these steps and without those that need them, as its next revision.
    /// [`NotAPlan::Empty`] when nothing would be left. Whoever it is about stays named, so
    /// that nobody can sign who could not before.
    pub fn without(
        &self,
        unticked: &BTreeSet<StepId>,
        by: &PersonRef,
    ) -> Result<Trimmed, NotAPlan> {
        let mut gone: BTreeSet<StepId> = BTreeSet::new();
        // Steps come after what they depend on.
        for step in &self.steps {
            let lost = step.needs.iter().any(|id| gone.contains(id))
                || !step.change.takes_from().is_disjoint(&gone);
            if unticked.contains(&step.id) || lost {
                gone.insert(step.id);
            }
        }
        let mut steps = staying(&self.steps, &gone);
        order::revoke_after_disable(&mut steps);
        order::unlicense_after_convert(&mut steps);
        order::licence_before_unshare(&mut steps);
        let parts: Vec<usize> = (0..self.parts.len())
            .filter(|part| steps.iter().any(|step| usize::from(step.part) == *part))
            .collect();
        for step in &mut steps {
            let place = parts.iter().position(|part| *part == usize::from(step.part));
            step.part = place.and_then(|at| u16::try_from(at).ok()).unwrap_or(step.part);
        }
        let left = self.steps.iter().filter(|step| gone.contains(&step.id)).map(|step| LeftOut {
            step: step.id,
            kind: step.change.kind().as_str().to_owned(),
            names: step.names.clone(),
            by: by.clone(),
            follows: !unticked.contains(&step.id),
        });
        let first: Option<_> = steps.iter().map(|step| step.not_before).min().flatten();
        let plan = Self {
            revision: self.revision + 1,
            parts: parts.iter().filter_map(|at| self.parts.get(*at)).cloned().collect(),
            left_out: self.left_out.iter().cloned().chain(left).collect(),
            // It starts with the first step that is left, and never sooner than was asked.
            start_at: first.max(self.start_at),
            steps,
            ..self.clone()
        };
        plan.check()?;
        Ok(Trimmed { plan, parts, gone })
    }
}

/// The steps that stay. What ran after one that is gone runs after what that one waited for.
fn staying(steps: &[Step], gone: &BTreeSet<StepId>) -> Vec<Step> {
    let mut before: BTreeMap<StepId, BTreeSet<StepId>> = BTreeMap::new();
    let mut left = Vec::new();
    for step in steps {
        let waits = |ids: &[StepId]| -> BTreeSet<StepId> {
            let each = ids.iter().flat_map(|id| match before.get(id) {
                Some(inherited) => inherited.iter().copied().collect(),
                None => vec![*id],
            });
            each.collect()
        };
        let after = waits(&step.after);
        if gone.contains(&step.id) {
            let all = after.into_iter().chain(waits(&step.needs)).collect();
            before.insert(step.id, all);
        } else {
            let mut step = step.clone();
            if step.after.iter().any(|id| gone.contains(id)) {
                step.after = after.into_iter().filter(|id| !step.needs.contains(id)).collect();
            }
            left.push(step);
        }
    }
    left
}

#[cfg(test)]
mod tests;
