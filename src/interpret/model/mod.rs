//! A language model helps to read what was not clear, and gets no privilege by it.
//!
//! A message is read without a model first. Where that leaves something open, [`ask`] writes
//! a question, and [`combine()`] weighs the answer. The model only points; what it points at is
//! looked up, filled in and checked here, by the same rooms that read without it.
//!
//! - [`sheet`]     the requester's own words as they are sent: names and secrets taken out
//! - [`shortlist`] the actions that the words may mean
//! - [`mod@when`]  whether there is anything to ask a model
//! - [`evidence`]  the words it points at: do they ask for that action?
//! - [`said`]      one action of an answer → a proposal, a question, or nothing
//! - [`combine`](mod@combine)   both readings → what is understood
//!
//! What a model can never do, whatever it answers: name somebody or something that the
//! requester's own words do not name; use quoted words; choose between namesakes; give a
//! time, a flag, an amount or anything optional; originate a request of Graph; and for
//! roles, policies, apps, deletions and whatever else loses something, its word alone is a
//! question to the requester and never a proposal. Not here: calling it.

mod combine;
mod evidence;
mod said;
mod sheet;
mod shortlist;
mod when;

pub use combine::combine;
pub use when::ask;

use crate::{
    actions::Entry,
    interpret::{
        Context, Index,
        clauses::sentences,
        handed::mask_reply_text,
        lay_out,
        regions::{self, Part, Region},
        scene::Scene,
        text::Text,
        token_range,
    },
    ports::model::Question,
};

/// A message, and what it is read with.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The message, typed passwords already taken out.
    pub words: &'a str,
    /// The thread and the clock.
    pub context: &'a Context,
    /// The directory.
    pub index: &'a Index,
    /// What can be done.
    pub catalog: &'a [Entry],
}

/// A question that may go to a model, with what is needed to read the answer.
#[derive(Debug)]
pub struct Asked {
    /// What is sent.
    pub question: Question,
    sheet: sheet::Sheet,
}

/// The scene of the own words alone: quoted words are not in its sentences.
fn scene<'a>(text: &'a Text, reading: &Reading<'a>) -> (Scene<'a>, Vec<Region>) {
    let parts = regions::regions(&text.clean);
    let mut scene = lay_out(text, reading.context, reading.index);
    mask_reply_text(&mut scene, &parts);
    let own: Vec<Region> = parts.into_iter().filter(|part| part.part == Part::Own).collect();
    for region in &own {
        let (from, to) = token_range(&scene.tokens, region);
        scene.sentences.extend(sentences(&scene.tokens, &scene.lattice, from, to, false));
    }
    (scene, own)
}
