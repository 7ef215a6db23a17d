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
    /// Where somebody is named.
    people: Few,
    /// Where a thing is named.
    things: Few,
}

/// What begins at a token, or what it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Nothing,
    Somebody,
    Something,
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
        let few = |named: Named| {
            let begins: Vec<_> = ways.iter().map(Way::begins).collect();
            let open = |at: usize| {
                let one = &begins[at];
                one.other
                    || named == Named::Somebody && one.person
                    || named == Named::Something && one.thing
            };
            let all: HashSet<_> = begins.iter().flat_map(|one| one.words.iter().copied()).collect();
            let here = |word: &'static str| {
                let fits = |at: &usize| open(*at) || begins[*at].words.contains(&word);
                (word, (0..ways.len()).filter(fits).collect())
            };
            let others = (0..ways.len()).filter(|at| open(*at)).collect();
            Few { by_word: all.into_iter().map(here).collect(), others }
        };
        let [words, people, things] = [Named::Nothing, Named::Somebody, Named::Something].map(few);
        Self { ways, words, people, things }
    }

    /// The ways that may begin with this token, in their order. A hyphen is part of the word behind it, so that any may follow.
    pub(super) fn beginning(&self, token: &Token, named: Named) -> impl Iterator<Item = &Way> {
        let few = match named {
            Named::Nothing => &self.words,
            Named::Somebody => &self.people,
            Named::Something => &self.things,
        };
        let few = few.by_word.get(token.folded.as_str()).unwrap_or(&few.others);
        let all = token.is('-').then_some(0..self.ways.len()).into_iter().flatten();
        let few = if token.is('-') { &[] } else { few.as_slice() };
        all.chain(few.iter().copied()).map(|at| &self.ways[at])
    }
}

#[cfg(test)]
mod tests {
    use super::{super::TABLE, Named};
    use crate::interpret::text::tokens;

    #[test]
    fn a_word_begins_few_of_the_ways() {
        let all = TABLE.ways.len();
        let word = tokens("qwxz").remove(0);
        let few = TABLE.beginning(&word, Named::Nothing).count();
        assert!(few * 4 < all, "{few} of {all}");
        assert!(
            TABLE.beginning(&word, Named::Somebody).count() > few,
            "a name begins more of them"
        );
    }
}
