//! Several actions planned together: their drafts in one, stage after stage.

use std::ops::Range;

use futures::future::join_all;

use crate::{
    actions::{self, Action, Asked, Planned, propose},
    domain::{
        ids::{StepId, UserId},
        plan::{Draft, Note, Step},
        proposal::Proposal,
        trouble::{Question, Reason, Result, Trouble},
    },
    ports::world::World,
};

/// One piece: an action with its arguments, at its place in the process.
pub(super) struct Piece<S> {
    stage: S,
    proposal: Proposal,
    /// Drafted already, from what the process itself has read.
    drafted: Option<Draft>,
    /// The process is refused when it cannot be done.
    vital: bool,
    /// Which list of the process it comes from.
    field: Option<&'static str>,
}

impl<S> Piece<S> {
    /// A piece without which there is no process.
    pub fn vital<A: Action>(stage: S, action: &A) -> Self {
        Self { stage, proposal: propose(action), drafted: None, vital: true, field: None }
    }

    /// It is one of several in this argument of the process.
    pub fn of(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// A piece that is left out, and said to be, when it cannot be done here.
    pub fn offered<A: Action>(stage: S, action: &A) -> Self {
        Self { stage, proposal: propose(action), drafted: None, vital: false, field: None }
    }

    /// A piece whose steps are drafted already, as its action would have drafted them.
    pub fn drafted<A: Action>(stage: S, action: &A, draft: Draft) -> Self {
        Self { drafted: Some(draft), ..Self::offered(stage, action) }
    }
}

/// What is planned so far.
pub(super) struct Process<S> {
    pub draft: Draft,
    /// Which steps each piece came to, in order.
    stages: Vec<(S, Range<usize>)>,
}

impl<S: Copy + Ord> Process<S> {
    /// Plans all pieces at once, and puts their steps in the order of their stages. What is so already needs no step. Notes of these keys are left out: the
    /// process as a whole answers them.
    pub async fn plan(
        look: &dyn World,
        asked: &Asked,
        about: Draft,
        mut pieces: Vec<Piece<S>>,
        answered: &[&str],
    ) -> Result<Self> {
        pieces.sort_by_key(|piece| piece.stage);
        let planned = join_all(pieces.iter().map(|piece| plan_of(look, asked, piece))).await;
        let mut process = Self { draft: about, stages: Vec::new() };
        for (piece, planned) in pieces.into_iter().zip(planned) {
            match planned {
                Ok(Planned::Changes(draft)) => process.take(piece, draft, answered),
                Ok(Planned::Facts(_)) | Err(Trouble::Refused(Reason::AlreadySo { .. })) => {}
                Err(Trouble::Refused(Reason::NotPossible { what })) if !piece.vital => {
                    process.draft.notes.push(Note::new("piece_left_out", &[("why", &what)]));
                }
                Err(Trouble::Unclear { argument, question }) => {
                    return Err(said_twice(&piece, &argument, question));
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(process)
    }

    fn take(&mut self, piece: Piece<S>, draft: Draft, answered: &[&str]) {
        if draft.steps.is_empty() {
            return;
        }
        let whole = &mut self.draft;
        let from = whole.steps.len();
        let offset = u16::try_from(from).unwrap_or(u16::MAX);
        let moved = |id: &StepId| StepId(id.0.saturating_add(offset));
        whole.steps.extend(draft.steps.into_iter().map(|step| Step {
            id: moved(&step.id),
            change: step.change.renumbered(offset),
            needs: step.needs.iter().map(moved).collect(),
            after: step.after.iter().map(moved).collect(),
            ..step
        }));
        for subject in draft.subjects {
            if whole.subjects.iter().all(|known| known.id != subject.id) {
                whole.subjects.push(subject);
            }
        }
        for object in draft.objects {
            if !whole.objects.contains(&object) {
                whole.objects.push(object);
            }
        }
        for note in draft.notes {
            if !answered.contains(&note.key.as_str()) && !whole.notes.contains(&note) {
                whole.notes.push(note);
            }
        }
        whole.signatures = whole.signatures.max(draft.signatures);
        whole.made_of.push(piece.proposal);
        self.stages.push((piece.stage, from..whole.steps.len()));
    }

    /// The numbers of all steps of a stage.
    pub fn steps_of(&self, stage: S) -> Vec<StepId> {
        let of = self.stages.iter().filter(|(own, _)| *own == stage);
        of.flat_map(|(_, range)| self.draft.steps[range.clone()].iter().map(|step| step.id))
            .collect()
    }

    /// The steps of one stage start only after those of others: after those it needs ended
    /// well, and after the rest ended at all. A stage without steps holds nothing back.
    pub fn order(&mut self, stage: S, needs: &[S], after: &[S]) {
        let of = |all: &[S]| -> Vec<StepId> {
            all.iter().flat_map(|other| self.steps_of(*other)).collect()
        };
        let (needs, after) = (of(needs), of(after));
        let own = self.steps_of(stage);
        for step in self.draft.steps.iter_mut().filter(|step| own.contains(&step.id)) {
            add(&mut step.needs, &needs, step.id);
            let ordered: Vec<StepId> =
                after.iter().filter(|id| !step.needs.contains(id)).copied().collect();
            add(&mut step.after, &ordered, step.id);
        }
    }

    /// The steps of these stages take something away from somebody: what they had is kept first.
    pub fn takes_from(&mut self, user: &UserId, stages: &[S]) {
        let own: Vec<StepId> = stages.iter().flat_map(|stage| self.steps_of(*stage)).collect();
        for step in self.draft.steps.iter_mut().filter(|step| own.contains(&step.id)) {
            step.takes_from = Some(user.clone());
        }
    }
}

/// Earlier steps alone: a later one cannot be waited for.
fn add(to: &mut Vec<StepId>, ids: &[StepId], own: StepId) {
    for id in ids {
        debug_assert!(*id < own, "the pieces are not in the order of their stages");
        if *id < own && !to.contains(id) {
            to.push(*id);
        }
    }
}

/// A list is no place to ask back: which of several is said by its address or id.
fn said_twice<S>(piece: &Piece<S>, argument: &str, question: Question) -> Trouble {
    let Some(field) = piece.field else {
        return Trouble::Unclear { argument: argument.to_owned(), question };
    };
    let said = question.said.unwrap_or_default();
    let why = format!("several are called {said}; name the one by its mail address or object id");
    Reason::WrongArgument { field: field.to_owned(), why }.into()
}

async fn plan_of<S>(look: &dyn World, asked: &Asked, piece: &Piece<S>) -> Result<Planned> {
    if let Some(draft) = &piece.drafted {
        return Ok(Planned::Changes(draft.clone()));
    }
    let action = &piece.proposal.action;
    let entry =
        actions::entry(action).ok_or_else(|| Reason::NoSuchAction { action: action.clone() })?;
    entry.plan(&piece.proposal.arguments, look, asked).await
}
