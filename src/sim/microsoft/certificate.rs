//! The public key inside a certificate: just enough DER for that.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::DecodingKey;
use ring::digest;

/// A certificate that an application may sign with.
#[derive(Clone)]
pub(super) struct Certificate {
    /// `x5t`: SHA-1 of the certificate, base64url.
    pub sha1: String,
    /// `x5t#S256`: SHA-256 of the certificate, base64url.
    pub sha256: String,
    pub key: DecodingKey,
}

impl Certificate {
    /// Reads the first certificate of a PEM text; nothing when there is none with an RSA key.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let (_, after) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
        let (inside, _) = after.split_once("-----END CERTIFICATE-----")?;
        let base64: String = inside.split_whitespace().collect();
        let der = STANDARD.decode(base64).ok()?;
        let thumb = |algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, &der));
        Some(Self {
            sha1: thumb(&digest::SHA1_FOR_LEGACY_USE_ONLY),
            sha256: thumb(&digest::SHA256),
            key: DecodingKey::from_rsa_der(rsa_key(&der)?),
        })
    }
}

impl Certificate {
    /// `customKeyIdentifier` of the registration: the SHA-1 thumbprint, in the base64 of JSON's
    /// binary values (resource type keyCredential).
    pub fn identifier(&self) -> String {
        let thumb = URL_SAFE_NO_PAD.decode(&self.sha1).expect("we encoded it ourselves");
        STANDARD.encode(thumb)
    }
}

/// Certificate → `tbsCertificate` → its `SubjectPublicKeyInfo` → the BIT STRING → `RSAPublicKey`.
fn rsa_key(der: &[u8]) -> Option<&[u8]> {
    let (_, certificate, _) = element(der)?;
    let (_, mut fields, _) = element(certificate)?;
    // An explicit version may stand first; then serial, algorithm, issuer, validity, subject.
    let (tag, _, rest) = element(fields)?;
    if tag == 0xA0 {
        fields = rest;
    }
    for _ in 0..5 {
        (_, _, fields) = element(fields)?;
    }
    let (_, info, _) = element(fields)?;
    let (_, _, after_algorithm) = element(info)?;
    let (tag, bits, _) = element(after_algorithm)?;
    (tag == 0x03).then(|| bits.get(1..)).flatten()
}

/// Tag, content, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
        if bytes.len() > 4 {
            return None;
        }
        (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}
