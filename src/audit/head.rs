//! Heads: what was signed about the first so many facts.

use jiff::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::tree::{Tree, sha256};
use crate::ports::store::Head;

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
