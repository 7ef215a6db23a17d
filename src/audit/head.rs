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

/// An Ed25519 signature (RFC 8032).
const SIGNATURE_BYTES: usize = 64;
/// A head begins so where people read it.
const MARK: &str = "countersign-head.1.";

/// The head as one word without blanks or marks that a chat would change.
pub fn written(head: &Head) -> String {
    format!(
        "{MARK}{}.{}.{}.{}.{}",
        head.size,
        head.at.as_microsecond(),
        hex::encode(head.root),
        head.key,
        hex::encode(&head.signature)
    )
}

/// The first whole head written in a text, such as a copied message, which may also show
/// the beginning of one.
pub fn find(text: &str) -> Option<Head> {
    text.split(MARK).skip(1).find_map(read)
}

fn read(rest: &str) -> Option<Head> {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    let mut parts = rest[..end].trim_end_matches('.').split('.');
    let mut part = || parts.next();
    let head = Head {
        size: part()?.parse().ok()?,
        at: Timestamp::from_microsecond(part()?.parse().ok()?).ok()?,
        root: hex::decode(part()?).ok()?.try_into().ok()?,
        key: part()?.to_owned(),
        signature: hex::decode(part()?).ok()?,
    };
    (part().is_none() && head.signature.len() == SIGNATURE_BYTES).then_some(head)
}

/// Was this head signed by that key?
pub fn is_genuine(head: &Head, public_key: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key)
        .verify(&signed_bytes(head), &head.signature)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_found_in_the_text_around_it() {
        let key = SigningKey::new(&[1; 32]);
        let mut tree = Tree::default();
        tree.push([7; 32]);
        let head = key.sign(&tree, "2026-11-20T12:00:00.123456Z".parse().unwrap());
        let word = written(&head);
        let twice = format!("{}… {word}", &word[..150]);
        assert_eq!(find(&twice), Some(head.clone()), "the beginning alone is none");
        for text in
            [word.clone(), format!("The record at noon:\n`{word}`\n"), format!("see {word}. It")]
        {
            assert_eq!(find(&text), Some(head.clone()), "{text}");
        }
        assert!(is_genuine(&find(&word).unwrap(), &key.public()));
        for text in ["", "countersign-head.1.", &word[..word.len() - 7], &format!("{word}.9")] {
            let found = find(text);
            assert!(found.is_none_or(|head| !is_genuine(&head, &key.public())), "{text}");
        }
    }
}
