//! Going through a record and its heads, and finding any edit.

use std::collections::BTreeMap;

use super::{
    head::is_genuine,
    tree::{Tree, leaf, payload_hash},
};
use crate::{
    domain::fact::{FORGOTTEN, Header},
    ports::store::{Head, Payload, Recorded},
};

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A number is missing or twice.
    #[error("fact {0} is missing, twice or out of order")]
    Gap(u64),
    /// A payload is not the one that was recorded.
    #[error("the payload of fact {0} was changed")]
    Payload(u64),
    /// A payload is gone, and nobody was forgotten.
    #[error(
        "the payload of fact {0} was destroyed: it is gone or does not open, and its subject was not forgotten"
    )]
    Destroyed(u64),
    /// A payload is said to be forgotten, and the record does not say that its subject was.
    #[error(
        "the payload of fact {0} is missing as if its subject had been forgotten, and the record does not say so"
    )]
    NotForgotten(u64),
    /// A head was not signed by this key.
    #[error("the head over {0} facts was not signed by this key")]
    Signature(u64),
    /// The facts do not give the root that was signed.
    #[error("the first {0} facts are not those that were signed")]
    Root(u64),
    /// Facts that were signed are gone.
    #[error("{signed} facts were signed, {found} are there")]
    Cut {
        /// How many were signed.
        signed: u64,
        /// How many are there.
        found: u64,
    },
}

/// Goes through a record fact by fact.
#[derive(Debug, Default)]
pub struct Verifier {
    tree: Tree,
    heads: Vec<Head>,
    forgotten: Forgotten,
}

/// Payloads that are gone with their subject, by subject, and whom the record calls forgotten.
#[derive(Debug, Default)]
struct Forgotten {
    /// The newest payload that is gone of each, and how many there are.
    gone: BTreeMap<String, (u64, u64)>,
    /// When the record says that somebody was forgotten: the newest fact of each.
    said: BTreeMap<String, u64>,
}

impl Forgotten {
    fn see(&mut self, fact: &Recorded) {
        if let Payload::Forgotten { subject } = &fact.payload {
            let (newest, count) = self.gone.entry(subject.clone()).or_default();
            (*newest, *count) = (fact.seq, *count + 1);
        }
        let is = |header: &Header| header.kind == FORGOTTEN;
        if serde_json::from_slice(&fact.header).is_ok_and(|header| is(&header))
            && let Some(payload) = fact.said().and_then(|text| serde_json::from_slice(text).ok())
        {
            let payload: serde_json::Value = payload;
            if let Some(subject) = payload["subject"].as_str() {
                self.said.insert(subject.to_owned(), fact.seq);
            }
        }
    }

    /// How many payloads are gone; each with a fact after it that says why.
    fn all_said(&self) -> Result<u64, Broken> {
        for (subject, (newest, _)) in &self.gone {
            if self.said.get(subject).is_none_or(|said| said < newest) {
                return Err(Broken::NotForgotten(*newest));
            }
        }
        Ok(self.gone.values().map(|(_, count)| count).sum())
    }
}

/// A record that was gone through to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The tree over all of it.
    pub tree: Tree,
    /// So many payloads were forgotten with their subjects.
    pub forgotten: u64,
}

impl Verifier {
    /// With the heads to hold it to, of any order.
    pub fn new(mut heads: Vec<Head>, public_key: &[u8]) -> Result<Self, Broken> {
        if let Some(forged) = heads.iter().find(|head| !is_genuine(head, public_key)) {
            return Err(Broken::Signature(forged.size));
        }
        heads.sort_by_key(|head| std::cmp::Reverse(head.size));
        Ok(Self { tree: Tree::default(), heads, forgotten: Forgotten::default() })
    }

    /// The next fact.
    pub fn next(&mut self, fact: &Recorded) -> Result<(), Broken> {
        if fact.seq != self.tree.size() {
            return Err(Broken::Gap(self.tree.size()));
        }
        match &fact.payload {
            Payload::Kept { salt, text } if payload_hash(salt, text) != fact.payload_hash => {
                return Err(Broken::Payload(fact.seq));
            }
            Payload::Destroyed => return Err(Broken::Destroyed(fact.seq)),
            Payload::Kept { .. } | Payload::Forgotten { .. } => self.forgotten.see(fact),
        }
        self.tree.push(leaf(&fact.header, &fact.payload_hash));
        self.check()
    }

    fn check(&mut self) -> Result<(), Broken> {
        while self.heads.last().is_some_and(|head| head.size <= self.tree.size()) {
            let head = self.heads.pop().expect("there is a last one");
            if head.size == self.tree.size() && head.root != self.tree.root() {
                return Err(Broken::Root(head.size));
            }
        }
        Ok(())
    }

    /// The end: every head must have been met, and everybody forgotten been named.
    pub fn finish(self) -> Result<Whole, Broken> {
        match self.heads.first() {
            Some(head) if head.size > self.tree.size() => {
                Err(Broken::Cut { signed: head.size, found: self.tree.size() })
            }
            _ => Ok(Whole { forgotten: self.forgotten.all_said()?, tree: self.tree }),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::{audit::SigningKey, domain::fact::Fact};

    fn record(count: u64) -> Vec<Recorded> {
        let fact = |seq: u64| {
            let (salt, payload) = (vec![7; 16], format!("payload {seq}").into_bytes());
            Recorded {
                seq,
                header: format!("header {seq}").into_bytes(),
                payload_hash: payload_hash(&salt, &payload),
                payload: Payload::Kept { salt, text: payload },
            }
        };
        (0..count).map(fact).collect()
    }

    fn tree_of(record: &[Recorded]) -> Tree {
        let mut tree = Tree::default();
        for fact in record {
            tree.push(leaf(&fact.header, &fact.payload_hash));
        }
        tree
    }

    fn verify(record: &[Recorded], heads: Vec<Head>, key: &SigningKey) -> Result<Whole, Broken> {
        let mut verifier = Verifier::new(heads, &key.public())?;
        record.iter().try_for_each(|fact| verifier.next(fact))?;
        verifier.finish()
    }

    /// A record in which somebody was forgotten at its sixth fact.
    fn with_a_forgetting() -> Vec<Recorded> {
        let mut record = record(9);
        let tenant = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let said = Fact::forgetting(&tenant, "john", uuid::Uuid::nil(), Timestamp::UNIX_EPOCH);
        let (salt, text) = (vec![7; 16], serde_json::to_vec(&said.payload).unwrap());
        record[5].header = serde_json::to_vec(&said.header).unwrap();
        record[5].payload_hash = payload_hash(&salt, &text);
        record[5].payload = Payload::Kept { salt, text };
        record
    }

    #[test]
    fn a_payload_forgotten_with_its_subject_leaves_the_record_whole_and_is_counted() {
        let key = SigningKey::new(&[1; 32]);
        let mut record = with_a_forgetting();
        let head = vec![key.sign(&tree_of(&record), Timestamp::UNIX_EPOCH)];
        for at in [2, 4] {
            record[at].payload = Payload::Forgotten { subject: "john".to_owned() };
        }
        let whole = verify(&record, head.clone(), &key).unwrap();
        assert_eq!((whole.tree.size(), whole.forgotten), (9, 2));
        // What the record does not say did not happen: somebody else, or afterwards.
        record[3].payload = Payload::Forgotten { subject: "jane".to_owned() };
        assert_eq!(verify(&record, head.clone(), &key), Err(Broken::NotForgotten(3)));
        record[3] = with_a_forgetting()[3].clone();
        record[7].payload = Payload::Forgotten { subject: "john".to_owned() };
        assert_eq!(verify(&record, head, &key), Err(Broken::NotForgotten(7)));
    }

    #[test]
    fn a_destroyed_payload_is_not_a_forgotten_one() {
        let key = SigningKey::new(&[1; 32]);
        let mut record = with_a_forgetting();
        let head = vec![key.sign(&tree_of(&record), Timestamp::UNIX_EPOCH)];
        record[4].payload = Payload::Destroyed;
        assert_eq!(verify(&record, head, &key), Err(Broken::Destroyed(4)));
    }

    proptest! {
        #[test]
        fn any_edit_is_found(count in 2_u64..40, at in any::<prop::sample::Index>(), how in 0..6) {
            let key = SigningKey::new(&[1; 32]);
            let whole = record(count);
            let head = key.sign(&tree_of(&whole), Timestamp::UNIX_EPOCH);
            prop_assert!(verify(&whole, vec![head.clone()], &key).is_ok());
            let at = at.index(whole.len());
            let mut edited = whole.clone();
            let mut heads = vec![head];
            match how {
                0 => edited[at].header.push(b'!'),
                1 => {
                    let Payload::Kept { text, .. } = &mut edited[at].payload else { panic!() };
                    text.push(b'!');
                }
                2 => { edited.remove(at); }
                3 => edited.truncate(at),
                4 => {
                    let other = (at + 1) % edited.len();
                    edited.swap(at, other);
                    for (seq, fact) in edited.iter_mut().enumerate() {
                        fact.seq = seq as u64;
                    }
                }
                _ => heads[0].root[at % 32] ^= 1,
            }
            prop_assert!(verify(&edited, heads, &key).is_err());
        }
    }
}
