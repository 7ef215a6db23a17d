//! All ways, by what they may begin with, so that at a token only those are tried that it may
//! begin.
//!
//! Not here: what comes of one.

use std::collections::{HashMap, HashSet};

use super::pattern::Way;
use crate::interpret::text::Token;

/// The ways in the order in which they are tried.
pub(super) struct Table {
    ways: Vec<Way>,
    /// Where no name begins: by the token's word, and for any other word.
    words: Few,
    /// Where a name begins.
    names: Few,
}

/// The places of the ways that may begin at a token.
#[derive(Default)]
struct Few {
    by_word: HashMap<&'static str, Vec<usize>>,
    others: Vec<usize>,
}

impl Table {
    pub(super) fn of(ways: impl Iterator<Item = Way>) -> Self {
        let ways: Vec<Way> = ways.collect();
        let few = |named: bool| {
            let begins: Vec<_> = ways.iter().map(Way::begins).collect();
            let open = |at: usize| begins[at].other || named && begins[at].name;
            let all: HashSet<_> = begins.iter().flat_map(|one| one.words.iter().copied()).collect();
            let here = |word: &'static str| {
                let fits = |at: &usize| open(*at) || begins[*at].words.contains(&word);
                (word, (0..ways.len()).filter(fits).collect())
            };
            let others = (0..ways.len()).filter(|at| open(*at)).collect();
            Few { by_word: all.into_iter().map(here).collect(), others }
        };
        let (words, names) = (few(false), few(true));
        Self { ways, words, names }
    }

    /// The ways that may begin with this token, in their order; with `named` it begins a name
    /// or stands in one. A hyphen is part of the word behind it, so that any may follow.
    pub(super) fn beginning(&self, token: &Token, named: bool) -> impl Iterator<Item = &Way> {
        let few = if named { &self.names } else { &self.words };
        let few = few.by_word.get(token.folded.as_str()).unwrap_or(&few.others);
        let all = token.is('-').then_some(0..self.ways.len()).into_iter().flatten();
        let few = if token.is('-') { &[] } else { few.as_slice() };
        all.chain(few.iter().copied()).map(|at| &self.ways[at])
    }
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use crate::interpret::text::tokens;

    #[test]
    fn a_word_begins_few_of_the_ways() {
        let all = TABLE.ways.len();
        let word = tokens("qwxz").remove(0);
        let few = TABLE.beginning(&word, false).count();
        assert!(few * 4 < all, "{few} of {all}");
        assert!(TABLE.beginning(&word, true).count() > few, "a name begins more of them");
    }
}
