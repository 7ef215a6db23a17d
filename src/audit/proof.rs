//! What somebody is given who must believe one request, and shall not see the others: its
//! facts, each with its path to a signed root.

use super::{
    head::is_genuine,
    tree::{Hash, inclusion, is_included, leaf, payload_hash},
};
use crate::ports::store::{Head, Payload, Recorded};

/// Facts with their way to the root of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What was signed.
    pub head: Head,
    /// The facts, in their order.
    pub facts: Vec<Proved>,
}

/// A fact with its way to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The fact.
    pub fact: Recorded,
    /// Hashes from its leaf to the root, nearest first.
    pub path: Vec<Hash>,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// The head is not this key's.
    #[error("the head was not signed by this key")]
    Signature,
    /// There is no fact.
    #[error("it holds no fact")]
    Empty,
    /// The facts are not in order, or one is there twice.
    #[error("fact {0} is twice, or out of order")]
    Order(u64),
    /// The text is not the one that was recorded.
    #[error("the payload of fact {0} was changed")]
    Payload(u64),
    /// The path does not lead to the root.
    #[error("fact {0} is not among those that were signed")]
    Path(u64),
}

/// Proves these facts under a head; `leaves` are those of the first `head.size` facts.
/// Nothing when a fact is newer than the head.
pub fn prove(head: &Head, leaves: &[Hash], facts: Vec<Recorded>) -> Option<Proof> {
    let proved = facts.into_iter().map(|fact| {
        let path = inclusion(leaves, usize::try_from(fact.seq).ok()?)?;
        Some(Proved { fact, path })
    });
    Some(Proof { head: head.clone(), facts: proved.collect::<Option<_>>()? })
}

impl Proof {
    /// Whether each fact is among those that this key's head speaks of. It does not say that
    /// these are all of a request's.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self, public_key: &[u8]) -> Result<(), Unproved> {
        if !is_genuine(&self.head, public_key) {
            return Err(Unproved::Signature);
        }
        if self.facts.is_empty() {
            return Err(Unproved::Empty);
        }
        let mut before = None;
        for Proved { fact, path } in &self.facts {
            if before.is_some_and(|before| before >= fact.seq) {
                return Err(Unproved::Order(fact.seq));
            }
            before = Some(fact.seq);
            if let Payload::Kept { salt, text } = &fact.payload
                && payload_hash(salt, text) != fact.payload_hash
            {
                return Err(Unproved::Payload(fact.seq));
            }
            let leaf = leaf(&fact.header, &fact.payload_hash);
            if !is_included(&leaf, fact.seq, self.head.size, path, &self.head.root) {
                return Err(Unproved::Path(fact.seq));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::audit::{SigningKey, Tree};

    fn fact(seq: u64) -> Recorded {
        let (salt, text) = (vec![7; 16], format!("payload {seq}").into_bytes());
        Recorded {
            seq,
            header: format!("header {seq}").into_bytes(),
            payload_hash: payload_hash(&salt, &text),
            payload: Payload::Kept { salt, text },
        }
    }

    fn proof(key: &SigningKey) -> Proof {
        let leaves: Vec<Hash> =
            (0..11).map(fact).map(|fact| leaf(&fact.header, &fact.payload_hash)).collect();
        let mut tree = Tree::default();
        for leaf in &leaves {
            tree.push(*leaf);
        }
        let head = key.sign(&tree, Timestamp::UNIX_EPOCH);
        assert_eq!(prove(&head, &leaves, vec![fact(11)]), None, "it is newer than the head");
        prove(&head, &leaves, vec![fact(3), fact(4), fact(10)]).unwrap()
    }

    type Edit = fn(&mut Proof);

    #[test]
    fn facts_are_proved_alone_and_nothing_of_them_can_be_changed() {
        let key = SigningKey::new(&[1; 32]);
        let good = proof(&key);
        assert_eq!(good.check(&key.public()), Ok(()));
        let forgotten = Payload::Forgotten { subject: "john".to_owned() };
        let mut without = good.clone();
        without.facts[1].fact.payload = forgotten;
        assert_eq!(without.check(&key.public()), Ok(()), "its hash is proved all the same");
        let edits: &[(Edit, Unproved)] = &[
            (|proof| proof.head.size += 1, Unproved::Signature),
            (|proof| proof.head.root[0] ^= 1, Unproved::Signature),
            (|proof| proof.facts.clear(), Unproved::Empty),
            (|proof| proof.facts.swap(0, 1), Unproved::Order(3)),
            (|proof| proof.facts[1] = proof.facts[0].clone(), Unproved::Order(3)),
            (|proof| proof.facts[2].fact.header.push(b'!'), Unproved::Path(10)),
            (|proof| proof.facts[0].path[1][5] ^= 4, Unproved::Path(3)),
            (|proof| proof.facts[0].fact.payload_hash[0] ^= 1, Unproved::Payload(3)),
            (|proof| proof.facts[0].fact.seq = 2, Unproved::Path(2)),
        ];
        for (edit, wrong) in edits {
            let mut edited = good.clone();
            edit(&mut edited);
            assert_eq!(edited.check(&key.public()), Err(wrong.clone()));
        }
        let other = SigningKey::new(&[2; 32]);
        assert_eq!(good.check(&other.public()), Err(Unproved::Signature));
    }
}
