//! A fact as one line of JSON. Header and payload are kept byte for byte, because
//! the leaf is over their bytes.

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::{
    audit::{Hash, Proof, Proved},
    ports::store::{Head, Payload, Recorded},
};

/// A fact as it is exported.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number, from 0.
    seq: u64,
    /// The public header: JSON text, byte for byte.
    header: String,
    /// SHA-256(salt ‖ payload), in hexadecimal.
    payload_hash: String,
    /// The salt in hexadecimal; absent when there is no payload any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// The payload: JSON text, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    /// Whose payload this was, if it was forgotten with them. Neither this nor a payload:
    /// it was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forgotten: Option<String>,
}

/// A head and the key that verifies it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The head.
    pub head: Head,
    /// The Ed25519 public key in hexadecimal. Compare it with one you got another way.
    pub public_key: String,
}

/// A [`Proof`] as it is printed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// What was signed.
    head: Head,
    /// The facts.
    facts: Vec<PrintedFact>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrintedFact {
    fact: Line,
    /// Hashes from its leaf to the root, in hexadecimal.
    path: Vec<String>,
}

impl From<Proof> for Printed {
    fn from(proof: Proof) -> Self {
        let fact = |own: Proved| PrintedFact {
            fact: own.fact.into(),
            path: own.path.iter().map(hex::encode).collect(),
        };
        Self { head: proof.head, facts: proof.facts.into_iter().map(fact).collect() }
    }
}

impl TryFrom<Printed> for Proof {
    type Error = anyhow::Error;

    fn try_from(printed: Printed) -> anyhow::Result<Self> {
        let hash = |text: &String| -> anyhow::Result<Hash> {
            let mut hash = Hash::default();
            hex::decode_to_slice(text, &mut hash).context("a hash of a path")?;
            Ok(hash)
        };
        let fact = |own: PrintedFact| -> anyhow::Result<Proved> {
            let path = own.path.iter().map(hash).collect::<anyhow::Result<_>>()?;
            Ok(Proved { fact: own.fact.try_into()?, path })
        };
        let facts = printed.facts.into_iter().map(fact).collect::<anyhow::Result<_>>()?;
        Ok(Self { head: printed.head, facts })
    }
}

impl From<Recorded> for Line {
    fn from(fact: Recorded) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (salt, payload, forgotten) = match fact.payload {
            Payload::Kept { salt, text } => (Some(salt), Some(text), None),
            Payload::Forgotten { subject } => (None, None, Some(subject)),
            Payload::Destroyed => (None, None, None),
        };
        Self {
            seq: fact.seq,
            header: text(fact.header),
            payload_hash: hex::encode(fact.payload_hash),
            salt: salt.map(hex::encode),
            payload: payload.map(text),
            forgotten,
        }
    }
}

impl TryFrom<Line> for Recorded {
    type Error = anyhow::Error;

    fn try_from(line: Line) -> anyhow::Result<Self> {
        let wrong = || format!("fact {}", line.seq);
        let mut payload_hash = [0; 32];
        hex::decode_to_slice(&line.payload_hash, &mut payload_hash).with_context(wrong)?;
        let salt =
            line.salt.map(hex::decode).transpose().with_context(|| format!("fact {}", line.seq))?;
        Ok(Self {
            seq: line.seq,
            header: line.header.into_bytes(),
            payload_hash,
            payload: match (salt, line.payload, line.forgotten) {
                (Some(salt), Some(text), None) => Payload::Kept { salt, text: text.into_bytes() },
                (None, None, Some(subject)) => Payload::Forgotten { subject },
                _ => Payload::Destroyed,
            },
        })
    }
}
