//! Words one or two letters off, without comparing with every word: two words that are
//! that near share a form with at most two letters left out.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Longer words are not looked for.
const LETTERS_MAX: usize = 20;
/// At most so many words come of one look.
const LIKE_MAX: usize = 2_000;

/// Name parts by their shortened forms. About 200 bytes a word.
#[derive(Debug, Default)]
pub struct Near {
    words: Vec<String>,
    /// Hash of a shortened form and the word it came from, sorted. A false hit is only a
    /// candidate more: the caller measures the distance.
    forms: Vec<(u32, u32)>,
}

impl Near {
    /// From all words, in any order.
    pub fn of(mut words: Vec<String>) -> Self {
        words.sort_unstable();
        words.dedup();
        let mut forms = Vec::with_capacity(words.len() * 24);
        for (number, word) in words.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            // The words of three and more letters are reached with one letter off, the
            // longer with two.
            let far = if word.len() >= 5 { 2 } else { 1 };
            shortened(word, far, &mut |form| forms.push((form, number)));
        }
        forms.sort_unstable();
        forms.dedup();
        forms.shrink_to_fit();
        Self { words, forms }
    }

    /// Words that may be at most `far` letters (0 to 2) off.
    pub fn like(&self, word: &str, far: usize) -> Vec<&str> {
        let mut found: Vec<u32> = Vec::new();
        shortened(word, far, &mut |form| {
            let from = self.forms.partition_point(|(known, _)| *known < form);
            let same = self.forms[from..].iter().take_while(|(known, _)| *known == form);
            found.extend(same.map(|(_, number)| *number).take(LIKE_MAX));
        });
        found.sort_unstable();
        found.dedup();
        found.truncate(LIKE_MAX);
        found.into_iter().filter_map(|at| self.words.get(at as usize)).map(String::as_str).collect()
    }
}

/// The word itself and its forms with up to `far` bytes left out, hashed.
fn shortened(word: &str, far: usize, give: &mut impl FnMut(u32)) {
    let bytes = word.as_bytes();
    if bytes.len() > LETTERS_MAX {
        return;
    }
    give(hash(bytes.iter()));
    if far == 0 {
        return;
    }
    for one in 0..bytes.len() {
        let rest = || bytes.iter().enumerate();
        give(hash(rest().filter(|(at, _)| *at != one).map(|(_, byte)| byte)));
        if far > 1 {
            for two in one + 1..bytes.len() {
                give(hash(rest().filter(|(at, _)| *at != one && *at != two).map(|(_, byte)| byte)));
            }
        }
    }
}

fn hash<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    let mut hasher = DefaultHasher::new();
    for byte in bytes {
        byte.hash(&mut hasher);
    }
    let wide = hasher.finish();
    // Folded: both halves count.
    u32::try_from((wide >> 32) ^ (wide & 0xFFFF_FFFF)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_two_letters_off_are_found_and_no_others_are_needed() {
        let words = ["okafor", "haddad", "lefevre", "hughes", "kim", "smith", "smyth"];
        let near = Near::of(words.iter().map(|word| (*word).to_owned()).collect());
        for (typed, meant, far) in [
            ("okaforr", "okafor", 2),
            ("hadad", "haddad", 1),
            ("lefvere", "lefevre", 2),
            ("huhges", "hughes", 1),
            ("smith", "smyth", 1),
            ("kin", "kim", 1),
        ] {
            assert!(near.like(typed, far).contains(&meant), "{typed}");
        }
        assert!(near.like("wonderful", 2).is_empty());
        assert!(near.like(&"x".repeat(5_000), 2).is_empty());
    }
}
