//! The record: a Merkle log over salted facts, in the style of RFC 6962. Pure.
//!
//! - [`leaf`]        SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ payload))
//! - [`Tree`]        grows leaf by leaf, knows its root; remembers only one hash per level
//! - [`SigningKey`]  signs heads: a statement about the first `size` facts
//! - [`verify`]      goes through a record and its heads, and finds any edit
//!
//! An edit, a removal or a swap changes the root that was signed. A cut at the end
//! shows against the newest head, so heads are also posted elsewhere.
//!
//! Not here: where facts are kept. The store numbers them.

use jiff::Timestamp;
use ring::{
    digest::{self, SHA256},
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};

use crate::ports::store::{Head, Recorded};

/// A SHA-256.
pub type Hash = [u8; 32];

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// What a fact's payload is in the tree: SHA-256(salt ‖ payload).
pub fn payload_hash(salt: &[u8], payload: &[u8]) -> Hash {
    sha256(&[salt, payload])
}

/// A fact's leaf.
pub fn leaf(header: &[u8], payload_hash: &Hash) -> Hash {
    sha256(&[&[0], header, payload_hash])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// A Merkle tree that only grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the complete subtrees, largest first: one for each bit of `size`.
    peaks: Vec<Hash>,
}

impl Tree {
    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut level = self.size;
        while level & 1 == 1 {
            let left = self.peaks.pop().expect("a set bit of the size has its peak");
            hash = node(&left, &hash);
            level >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves; SHA-256 of nothing when there are none.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return sha256(&[]) };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

/// Signs heads of the record.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "signing key {}", self.id)
    }
}

impl SigningKey {
    /// From 32 secret bytes.
    pub fn new(seed: &[u8; 32]) -> Self {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are an Ed25519 seed");
        let id = hex::encode(&sha256(&[pair.public_key().as_ref()])[..8]);
        Self { pair, id }
    }

    /// The key's id: sixteen digits of its public key's hash.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public key, for whoever verifies elsewhere.
    pub fn public(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }

    /// A head over the tree as it is.
    pub fn sign(&self, tree: &Tree, at: Timestamp) -> Head {
        let mut head = Head {
            size: tree.size(),
            root: tree.root(),
            at,
            key: self.id.clone(),
            signature: Vec::new(),
        };
        head.signature = self.pair.sign(&signed_bytes(&head)).as_ref().to_vec();
        head
    }
}

fn signed_bytes(head: &Head) -> Vec<u8> {
    format!(
        "countersign head 1\n{}\n{}\n{}\n{}\n",
        head.size,
        hex::encode(head.root),
        head.at.as_microsecond(),
        head.key
    )
    .into_bytes()
}

/// Was this head signed by that key?
pub fn is_genuine(head: &Head, public_key: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key)
        .verify(&signed_bytes(head), &head.signature)
        .is_ok()
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A number is missing or twice.
    #[error("fact {0} is missing, twice or out of order")]
    Gap(u64),
    /// A payload is not the one that was recorded.
    #[error("the payload of fact {0} was changed")]
    Payload(u64),
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
}

impl Verifier {
    /// With the heads to hold it to, of any order.
    pub fn new(mut heads: Vec<Head>, public_key: &[u8]) -> Result<Self, Broken> {
        if let Some(forged) = heads.iter().find(|head| !is_genuine(head, public_key)) {
            return Err(Broken::Signature(forged.size));
        }
        heads.sort_by_key(|head| std::cmp::Reverse(head.size));
        Ok(Self { tree: Tree::default(), heads })
    }

    /// The next fact.
    pub fn next(&mut self, fact: &Recorded) -> Result<(), Broken> {
        if fact.seq != self.tree.size() {
            return Err(Broken::Gap(self.tree.size()));
        }
        if let Some((salt, payload)) = &fact.payload
            && payload_hash(salt, payload) != fact.payload_hash
        {
            return Err(Broken::Payload(fact.seq));
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

    /// The end: every head must have been met.
    pub fn finish(self) -> Result<Tree, Broken> {
        match self.heads.first() {
            Some(head) if head.size > self.tree.size() => {
                Err(Broken::Cut { signed: head.size, found: self.tree.size() })
            }
            _ => Ok(self.tree),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(count: u64) -> Vec<Recorded> {
        let fact = |seq: u64| {
            let (salt, payload) = (vec![7; 16], format!("payload {seq}").into_bytes());
            Recorded {
                seq,
                header: format!("header {seq}").into_bytes(),
                payload_hash: payload_hash(&salt, &payload),
                payload: Some((salt, payload)),
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

    fn verify(record: &[Recorded], heads: Vec<Head>, key: &SigningKey) -> Result<Tree, Broken> {
        let mut verifier = Verifier::new(heads, &key.public())?;
        record.iter().try_for_each(|fact| verifier.next(fact))?;
        verifier.finish()
    }

    /// The definition of RFC 6962, section 2.1, word for word.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                node(&root_by_definition(&many[..split]), &root_by_definition(&many[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_the_one_of_rfc_6962() {
        for count in 0..70 {
            let record = record(count);
            let leaves: Vec<Hash> =
                record.iter().map(|fact| leaf(&fact.header, &fact.payload_hash)).collect();
            assert_eq!(tree_of(&record).root(), root_by_definition(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn a_forgotten_payload_leaves_the_tree_whole() {
        let key = SigningKey::new(&[1; 32]);
        let mut record = record(9);
        let head = key.sign(&tree_of(&record), Timestamp::UNIX_EPOCH);
        record[4].payload = None;
        assert!(verify(&record, vec![head], &key).is_ok());
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
                1 => edited[at].payload.as_mut().unwrap().1.push(b'!'),
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
