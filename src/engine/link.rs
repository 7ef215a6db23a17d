//! One-time links: the value under a key made from the link's token.
//!
//! The token (256 bits) stands in the link's fragment, which browsers send to no
//! server and previews do not see. The store keeps its SHA-256 and the value sealed
//! under a key made from it, so neither the database nor a log can open it.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hmac,
};

use crate::domain::{
    ids::{RequestId, StepId},
    secret::Secret,
};

/// A token's length in bytes.
pub const TOKEN_BYTES: usize = 32;

/// The link and what the store keeps of it.
pub struct Link {
    /// The token, as the fragment of the link: 64 hex digits.
    pub token: Secret,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The value, sealed under a key made from the token.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a one-time link")
    }
}

/// SHA-256 of a token, as the store keeps it.
pub fn hash(token: &[u8; TOKEN_BYTES]) -> [u8; 32] {
    digest::digest(&digest::SHA256, token).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Reads a token from a link's fragment.
pub fn token(said: &str) -> Option<[u8; TOKEN_BYTES]> {
    let mut token = [0; TOKEN_BYTES];
    hex::decode_to_slice(said.trim(), &mut token).ok()?;
    Some(token)
}

fn key(token: &[u8; TOKEN_BYTES]) -> LessSafeKey {
    // The hash is stored, so the key is made another way: HMAC under the token.
    let made =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, token), b"countersign one-time link 1");
    LessSafeKey::new(
        UnboundKey::new(&CHACHA20_POLY1305, made.as_ref())
            .expect("HMAC-SHA256 has the key's 32 bytes"),
    )
}

/// Each token makes one key, and each key seals one value, so the nonce may be fixed.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn bound_to(request: RequestId, step: StepId) -> Aad<Vec<u8>> {
    Aad::from(format!("{request}/{step}").into_bytes())
}

/// Makes a link to a value from 32 random bytes.
pub fn make(random: &[u8; TOKEN_BYTES], request: RequestId, step: StepId, value: &Secret) -> Link {
    let mut sealed = value.reveal().as_bytes().to_vec();
    key(random)
        .seal_in_place_append_tag(nonce(), bound_to(request, step), &mut sealed)
        .expect("a short value can be sealed");
    Link { token: Secret::new(hex::encode(random)), hash: hash(random), sealed }
}

/// Opens what a link sealed; `None` when it is not that.
pub fn open(
    token: &[u8; TOKEN_BYTES],
    request: RequestId,
    step: StepId,
    mut sealed: Vec<u8>,
) -> Option<Secret> {
    let value = key(token).open_in_place(nonce(), bound_to(request, step), &mut sealed).ok()?;
    std::str::from_utf8(value).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens_the_link_and_only_for_its_step() {
        let request = RequestId(uuid::Uuid::from_u128(7));
        let link = make(&[9; 32], request, StepId(1), &Secret::new("Xy12-aaaa"));
        let read = token(link.token.reveal()).unwrap();
        assert_eq!(hash(&read), link.hash);
        let opened = open(&read, request, StepId(1), link.sealed.clone()).unwrap();
        assert_eq!(opened.reveal(), "Xy12-aaaa");
        assert!(open(&read, request, StepId(2), link.sealed.clone()).is_none());
        assert!(open(&[8; 32], request, StepId(1), link.sealed).is_none());
    }
}
