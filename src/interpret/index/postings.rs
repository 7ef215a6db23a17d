//! Texts → the positions they stand for, in little room: all texts lie in one string, all
//! positions in one list. A map of `String` → `Vec` takes three times as much.
//!
//! Not here: what a position is the position of.

use std::hash::{DefaultHasher, Hasher};

use crate::interpret::work;

/// No key lies in this slot.
const EMPTY: u32 = u32::MAX;

/// Collects what [`Postings`] will hold, in any order.
#[derive(Debug, Default)]
pub struct Builder {
    text: String,
    entries: Vec<Entry>,
}

/// One text and one position.
#[derive(Debug)]
struct Entry {
    /// The first eight bytes of the text, so that sorting seldom looks further.
    head: u64,
    from: u32,
    to: u32,
    id: u32,
}

impl Builder {
    /// This text stands for this position, too. Texts beyond 4 GiB in all are left out.
    pub fn add(&mut self, key: &str, id: u32) {
        let ends = (u32::try_from(self.text.len()), u32::try_from(self.text.len() + key.len()));
        if let (Ok(from), Ok(to)) = ends {
            self.text.push_str(key);
            self.entries.push(Entry { head: head(key), from, to, id });
        }
    }

    /// Sorts, and keeps each text and each of its positions once.
    pub fn build(self) -> Postings {
        let Self { text, mut entries } = self;
        let word = |entry: &Entry| &text[entry.from as usize..entry.to as usize];
        entries.sort_unstable_by(|a, b| {
            a.head.cmp(&b.head).then_with(|| word(a).cmp(word(b))).then_with(|| a.id.cmp(&b.id))
        });
        let (mut keys, mut ends, mut lists) = (String::new(), Vec::new(), Vec::new());
        let mut ids: Vec<u32> = Vec::with_capacity(entries.len());
        for group in entries.chunk_by(|a, b| word(a) == word(b)) {
            let begins = ids.len();
            keys.push_str(word(&group[0]));
            for entry in group {
                if ids[begins..].last() != Some(&entry.id) {
                    ids.push(entry.id);
                }
            }
            ends.push(narrow(keys.len()));
            lists.push(narrow(ids.len()));
        }
        Postings::new(keys.into(), ends.into(), lists.into(), ids.into())
    }
}

/// Texts with their positions. Immutable; texts have numbers in the order of their bytes.
#[derive(Debug, Default)]
pub struct Postings {
    text: Box<str>,
    /// Where each text ends.
    ends: Box<[u32]>,
    /// Where the positions of each text end.
    lists: Box<[u32]>,
    ids: Box<[u32]>,
    /// Numbers of texts by hash; the next free slot when one is taken.
    slots: Box<[u32]>,
}

impl Postings {
    fn new(text: Box<str>, ends: Box<[u32]>, lists: Box<[u32]>, ids: Box<[u32]>) -> Self {
        let mut slots = vec![EMPTY; ends.len() + ends.len() / 2 + 1].into_boxed_slice();
        let mut own = Self { text, ends, lists, ids, slots: Box::default() };
        for number in 0..own.len() {
            let mut slot = slot(own.key(number), slots.len());
            while slots[slot] != EMPTY {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = narrow(number);
        }
        own.slots = slots;
        own
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text with this number.
    pub fn key(&self, number: usize) -> &str {
        &self.text[begin(&self.ends, number)..self.ends[number] as usize]
    }

    /// The positions of the text with this number, ascending.
    pub fn ids(&self, number: usize) -> &[u32] {
        &self.ids[begin(&self.lists, number)..self.lists[number] as usize]
    }

    /// The positions this text stands for, ascending; none when it is not there.
    pub fn get(&self, key: &str) -> &[u32] {
        self.number(key).map_or(&[], |number| self.ids(number))
    }

    /// Is it there?
    pub fn has(&self, key: &str) -> bool {
        self.number(key).is_some()
    }

    /// Every text with its positions, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.from(0)
    }

    fn from(&self, number: usize) -> impl Iterator<Item = (&str, &[u32])> {
        (number..self.len()).map(|number| (self.key(number), self.ids(number)))
    }

    /// The texts that begin like this, in order.
    pub fn beginning(&self, with: &str) -> impl Iterator<Item = (&str, &[u32])> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            if self.key(middle) < with { from = middle + 1 } else { to = middle }
        }
        self.from(from).take_while(move |(key, _)| key.starts_with(with))
    }

    /// The number of this text.
    fn number(&self, key: &str) -> Option<usize> {
        work::step();
        if self.ends.is_empty() {
            return None;
        }
        let mut slot = slot(key, self.slots.len());
        // A third of the slots is free: the walk ends.
        while self.slots[slot] != EMPTY {
            let number = self.slots[slot] as usize;
            if self.key(number) == key {
                return Some(number);
            }
            slot = (slot + 1) % self.slots.len();
        }
        None
    }
}

fn begin(ends: &[u32], number: usize) -> usize {
    number.checked_sub(1).map_or(0, |before| ends[before] as usize)
}

/// All lengths were checked when the texts were added.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(EMPTY)
}

fn slot(key: &str, slots: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    let wide = u128::from(hasher.finish()) * slots as u128;
    usize::try_from(wide >> 64).unwrap_or(0)
}

fn head(key: &str) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key.as_bytes()[..length]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn of(pairs: &[(String, u32)]) -> Postings {
        let mut builder = Builder::default();
        for (key, id) in pairs {
            builder.add(key, *id);
        }
        builder.build()
    }

    #[test]
    fn nothing_is_in_an_empty_one() {
        for empty in [Postings::default(), of(&[])] {
            assert_eq!(empty.len(), 0);
            assert!(empty.get("ada").is_empty() && !empty.has("") && empty.iter().next().is_none());
            assert!(empty.beginning("").next().is_none());
        }
    }

    #[test]
    fn the_empty_text_and_texts_that_differ_by_a_nul_are_texts() {
        let own = of(&[(String::new(), 3), ("a".into(), 1), ("a\0".into(), 2), ("a".into(), 1)]);
        assert_eq!((own.get(""), own.get("a"), own.get("a\0")), (&[3][..], &[1][..], &[2][..]));
    }

    proptest! {
        #[test]
        fn it_holds_what_a_map_would(
            pairs in prop::collection::vec(("[a-c\0é]{0,10}", 0_u32..9), 0..60),
            asked in "[a-c\0é]{0,10}",
        ) {
            let mut map: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for (key, id) in &pairs {
                map.entry(key).or_default().insert(*id);
            }
            let own = of(&pairs);
            let listed = |set: &BTreeSet<u32>| set.iter().copied().collect::<Vec<_>>();
            let all: Vec<_> = map.iter().map(|(key, ids)| (*key, listed(ids))).collect();
            let found: Vec<_> = own.iter().map(|(key, ids)| (key, ids.to_vec())).collect();
            prop_assert_eq!(&found, &all);
            for (key, ids) in &all {
                prop_assert_eq!(own.get(key), ids.as_slice());
            }
            let there = map.get(asked.as_str()).map(listed).unwrap_or_default();
            prop_assert_eq!(own.get(&asked), there.as_slice());
            prop_assert_eq!(own.has(&asked), map.contains_key(asked.as_str()));
            let first: Vec<&str> = own.beginning(&asked).map(|(key, _)| key).collect();
            let wanted: Vec<&str> =
                map.keys().copied().filter(|key| key.starts_with(asked.as_str())).collect();
            prop_assert_eq!(first, wanted);
        }
    }
}
