//! Forms and tables in a message: labels and their values, rows under a header, people and
//! what they go to behind an arrow. HR pastes them, ticket systems print them.
//!
//! - [`grid`]    lines → labelled values, by whatever mark stands between them
//! - [`tables`]  rows under a header
//! - [`labels`]  what people call each field
//! - [`purpose`] what the labels and the words around them ask for
//! - [`filled`]  one record → the action's arguments; [`values`] one field → a value,
//!   [`beside`] what stands beside it
//! - [`headings`] columns of a table that is handed over whole
//!
//! A form says everything by its fields, so its lines are read by no other room. Not here:
//! sentences, and forms that the product shows.

mod beside;
mod filled;
mod grid;
pub mod headings;
mod labels;
mod purpose;
mod tables;
mod values;

use crate::{
    actions::Entry,
    domain::proposal::{Intent, Open, Proposal, Understood},
    interpret::{
        clauses::Sentence,
        scene::Scene,
        trace::{Step, Trace},
    },
};

/// So many records of one message are read.
const RECORDS_MAX: usize = 60;

/// What the forms of a message ask for.
#[derive(Debug, Default)]
pub(super) struct Forms {
    proposals: Vec<Proposal>,
    questions: Vec<Open>,
    /// How many records were read.
    read: usize,
}

impl Forms {
    /// Reads the forms among the tokens `run`, and leaves the sentences outside them to the
    /// other rooms; a form of which it is not plain what it asks for is left to them too.
    pub(super) fn read(
        &mut self,
        scene: &mut Scene<'_>,
        catalog: &[Entry],
        run: (usize, usize),
        sentences: Vec<Sentence>,
    ) {
        let quoted = sentences.first().is_some_and(|sentence| sentence.quoted);
        let grids = grid::grids(scene, run.0, run.1);
        let places: Vec<(usize, usize)> = grids.iter().map(|grid| (grid.from, grid.to)).collect();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for grid in &grids {
            let around = purpose::around(scene, run, &places, grid);
            let Some(purpose) = purpose::of(scene, grid, &around) else { continue };
            let entry = catalog.iter().find(|entry| entry.about.id == purpose.action());
            let Some(entry) = entry else { continue };
            let left = RECORDS_MAX.saturating_sub(self.read);
            let before = self.proposals.len() + self.questions.len();
            for record in grid.records.iter().take(left) {
                match filled::fill(scene, entry, purpose, record, &around, quoted) {
                    filled::Read::Whole(made) => self.proposals.extend(made),
                    filled::Read::Asks(open) => self.questions.push(open),
                    filled::Read::Nothing => {}
                }
            }
            self.read += grid.records.len();
            if self.proposals.len() + self.questions.len() > before {
                taken.push((grid.from, grid.to));
            }
        }
        let outside = |sentence: &Sentence| {
            !taken.iter().any(|(from, to)| sentence.from < *to && *from < sentence.to)
        };
        scene.sentences.extend(sentences.into_iter().filter(outside));
    }

    /// Does any of them tell of somebody who starts?
    pub(super) fn joins(&self) -> bool {
        self.proposals
            .iter()
            .any(|one| ["onboard_user", "create_user"].contains(&one.action.as_str()))
    }

    /// Puts what the forms say before what the sentences around them say. What those say of
    /// the same matter ("both to be onboarded, please") adds nothing.
    pub(super) fn before(self, understood: &mut Understood, trace: &mut Trace) {
        let all = self.proposals.iter().chain(self.questions.iter().map(|open| &open.proposal));
        let mut actions: Vec<&str> = all.map(|one| one.action.as_str()).collect();
        actions.dedup();
        if actions.is_empty() {
            return;
        }
        for action in &actions {
            trace.note(|| Step::Form((*action).to_owned()));
        }
        let same = |id: &str| actions.iter().any(|own| *own == id || purpose::part_of(own, id));
        understood.proposals.retain(|one| !same(&one.action));
        // A form names whom it is about.
        understood
            .questions
            .retain(|open| !same(&open.proposal.action) && open.argument != "display_name");
        understood.proposals.splice(0..0, self.proposals);
        understood.questions.splice(0..0, self.questions);
        understood.intent = Intent::Request;
    }
}
