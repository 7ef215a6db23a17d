//! "Park, Ada": the last name first.

use super::{What, finder::Finder};
use crate::interpret::index::Surely;

impl Finder<'_> {
    /// "Park, Ada": the only one of that name. In rows of a sheet no blank follows the comma.
    pub(super) fn surname_first(&self, at: usize) -> Option<(usize, What)> {
        const SURNAMES_MAX: usize = 6;
        let word = |at: usize| self.tokens.get(at).filter(|token| token.word());
        let hyphen = |at: usize| self.tokens[at].is('-') && self.tokens[at].glued;
        let comma = (at + 1..self.tokens.len().min(at + SURNAMES_MAX))
            .find(|at| word(*at).is_none() && !hyphen(*at))?;
        let (mark, next) = (&self.tokens[comma], word(comma + 1)?);
        if !mark.is(',') || !mark.glued || next.glued || !next.capital || self.literal[at] {
            return None;
        }
        let last: Vec<&str> =
            (at..comma).filter_map(word).map(|token| token.folded.as_str()).collect();
        if last.len() > 1 && !self.index.full_name(&last).is_empty() {
            return None;
        }
        [2, 1].into_iter().find_map(|length| {
            let end = comma + 1 + length;
            let first = (comma + 1..end).map(|at| word(at).map(|token| token.folded.as_str()));
            let first: Vec<&str> = first.collect::<Option<_>>()?;
            match self.index.full_name(&[first, last.clone()].concat()).as_slice() {
                [one] => Some((end, What::People(vec![*one], Surely::Exact))),
                _ => None,
            }
        })
    }
}
