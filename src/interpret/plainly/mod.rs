//! What is said stiffly, or in the shape of a list, put plainly: "I hereby request the removal of
//! Mr Ek from Sales Team" reads like "please remove Ek from Sales Team".
//!
//! This is one more reading of the same message, with some of its words exchanged before
//! anything is made of them. It counts only where it says all that the first reading says, and
//! more ([`Plain::counts`]); a list counts where each of its lines says something of somebody.
//!
//! - [`ways`]   words for words, as a table
//! - [`stiff`]  "I ask that Ada be moved", "I request the removal of", "have Ada moved and Bo added"
//! - [`renamed`] somebody's new name
//! - [`in_and_out`] who comes into a group or a mailbox, and who goes
//! - [`listed`] lines of somebody and what is to be with them, boxes that are ticked or open
//!
//! Not here: what the words ask for. They are read like any other.

mod in_and_out;
mod listed;
mod renamed;
mod stiff;
mod ways;

use super::{Context, Index, pointed};
use crate::{actions::Entry, domain::proposal::Understood};

/// Longer messages, in bytes, are read as they are.
const LENGTH_MAX: usize = 2_500;

/// The words of a message, put plainly.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) words: String,
    /// So many lines of a list each say something.
    lines: usize,
    /// Who comes and who goes is told apart.
    parted: bool,
}

/// Makes the patterns.
pub(super) fn make_ready() {
    ways::make_ready();
    stiff::make_ready();
    renamed::make_ready();
    in_and_out::make_ready();
    listed::make_ready();
}

/// The message put plainly; nothing where that changes nothing.
pub(super) fn plainly(clean: &str, context: &Context, index: &Index) -> Option<Plain> {
    if clean.len() > LENGTH_MAX {
        return None;
    }
    let listed = listed::sentences(clean, index);
    let (words, lines) = listed.unwrap_or_else(|| (clean.to_owned(), 0));
    let orders = in_and_out::orders(&words, index);
    let parted = orders.is_some();
    let words = renamed::renamed(&orders.unwrap_or(words), index);
    let words = ways::exchanged(&stiff::asked(&words), context.requester.upn.as_str());
    (words != clean).then_some(Plain { words, lines, parted })
}

impl Plain {
    /// Is this reading the better one?
    pub(super) fn counts(&self, again: &Understood, first: &Understood, catalog: &[Entry]) -> bool {
        let each = self.lines > 0
            && again.questions.is_empty()
            && again.proposals.len() >= self.lines
            && again.proposals.len() >= first.proposals.len();
        let parted = self.parted
            && again.questions.is_empty()
            && again.proposals.len() >= first.proposals.len().max(2);
        each || parted || pointed::says_more(again, first, catalog)
    }
}
