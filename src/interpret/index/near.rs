//! Words one or two letters off, without comparing with every word: two words that are
//! that near share a form with at most two letters left out.

use std::hash::{DefaultHasher, Hasher};

use crate::interpret::index::postings::Postings;

/// Longer words are not looked for.
const LETTERS_MAX: usize = 20;
/// At most so many words come of one look.
const LIKE_MAX: usize = 2_000;

/// Words by their shortened forms; the words themselves are kept elsewhere.
#[derive(Debug, Default)]
pub struct Near {
    /// Hash of a shortened form and the word it came from, sorted. A false hit is only a
    /// candidate more: the caller measures the distance.
    forms: Vec<(u32, u32)>,
}

impl Near {
    /// From all words, by their numbers.
    pub fn of(words: &Postings) -> Self {
        let mut forms = Vec::with_capacity(words.len() * 24);
        for (number, (word, _)) in words.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            // Two letters off are looked for from seven letters on; a shorter word is met
            // with at most one of its own left out.
            let far = if word.len() >= 7 { 2 } else { 1 };
            shortened(word, far, &mut |form| forms.push((form, number)));
        }
        forms.sort_unstable();
        forms.dedup();
        forms.shrink_to_fit();
        Self { forms }
    }

    /// Numbers of the words that may be at most `far` letters off: 0 or 1, from seven
    /// letters on 2. Ascending.
    pub fn like(&self, word: &str, far: usize) -> Vec<usize> {
        let mut found: Vec<u32> = Vec::new();
        shortened(word, far, &mut |form| {
            let from = self.forms.partition_point(|(known, _)| *known < form);
            let same = self.forms[from..].iter().take_while(|(known, _)| *known == form);
            found.extend(same.map(|(_, number)| *number).take(LIKE_MAX));
        });
        found.sort_unstable();
        found.dedup();
        found.truncate(LIKE_MAX);
        found.into_iter().map(|number| number as usize).collect()
    }
}

/// The word itself and its forms with up to `far` bytes left out, hashed.
fn shortened(word: &str, far: usize, give: &mut impl FnMut(u32)) {
    let bytes = word.as_bytes();
    if bytes.len() > LETTERS_MAX {
        return;
    }
    give(hash(bytes));
    if far == 0 {
        return;
    }
    for one in 0..bytes.len() {
        let (form, length) = without(bytes, one);
        give(hash(&form[..length]));
        if far > 1 {
            for two in one..length {
                let (form, length) = without(&form[..length], two);
                give(hash(&form[..length]));
            }
        }
    }
}

/// The bytes without one of them, and how many are left.
fn without(bytes: &[u8], at: usize) -> ([u8; LETTERS_MAX], usize) {
    let mut form = [0; LETTERS_MAX];
    form[..at].copy_from_slice(&bytes[..at]);
    form[at..bytes.len() - 1].copy_from_slice(&bytes[at + 1..]);
    (form, bytes.len() - 1)
}

fn hash(bytes: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    let wide = hasher.finish();
    // Folded: both halves count.
    u32::try_from((wide >> 32) ^ (wide & 0xFFFF_FFFF)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interpret::index::postings::Builder;

    fn of(words: &[&str]) -> (Postings, Near) {
        let mut builder = Builder::default();
        for word in words {
            builder.add(word, 0);
        }
        let words = builder.build();
        let near = Near::of(&words);
        (words, near)
    }

    #[test]
    fn words_two_letters_off_are_found_and_no_others_are_needed() {
        let (words, near) = of(&["okafor", "haddad", "lefevre", "hughes", "kim", "smith", "smyth"]);
        for (typed, meant, far) in [
            ("okaforr", "okafor", 2),
            ("hadad", "haddad", 1),
            ("lefvere", "lefevre", 2),
            ("huhges", "hughes", 1),
            ("smith", "smyth", 1),
            ("kin", "kim", 1),
        ] {
            let found = near.like(typed, far);
            assert!(found.iter().any(|number| words.key(*number) == meant), "{typed}");
        }
        assert!(near.like("wonderful", 2).is_empty());
        assert!(near.like(&"x".repeat(5_000), 2).is_empty());
    }

    proptest! {
        #[test]
        fn no_word_is_missed_that_is_as_near_as_was_asked(
            word in "[ab]{3,10}",
            typed in "[ab]{3,10}",
        ) {
            let far = if typed.len() < 7 { 1 } else { 2 };
            let near = of(&[&word]).1;
            let is_near = strsim::osa_distance(&word, &typed) <= far;
            prop_assert!(!is_near || near.like(&typed, far) == [0], "{} {}", word, typed);
        }
    }
}
