//! What the thread named before this message: a licence, a group, a device that "it" or
//! "the second one" may mean.

use super::Scene;
use crate::interpret::{
    entities::{self, Span, What},
    text::{self, Text},
};

/// So many turns back a thing may lie.
const TURNS_MAX: usize = 2;

impl Scene<'_> {
    /// Groups, licences and other things with a name of the last turns, in the order in
    /// which they were said. Their spans stand nowhere in this message.
    pub(in super::super) fn named_in_the_thread(&self) -> Vec<Span> {
        let turns = self.context.thread.len().saturating_sub(TURNS_MAX);
        let mut found: Vec<Span> = Vec::new();
        for said in &self.context.thread[turns..] {
            let text = Text::of(&said.words);
            let mut tokens = text::tokens(&text.clean);
            let lattice = entities::lattice(&mut tokens, self.index, &[], &[]);
            for span in &lattice.spans {
                let (What::Group(all) | What::Sku(all) | What::Named(all)) = &span.what else {
                    continue;
                };
                if all.len() == 1 {
                    found.retain(|other| other.what != span.what);
                    found.push(Span { from: 0, to: 0, ..span.clone() });
                }
            }
        }
        found
    }
}
