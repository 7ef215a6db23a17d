//! Values closed before they are written: ChaCha20-Poly1305 under the operator's
//! key, bound to the row they belong to.
//!
//! A sealed value is `1 ‖ length of key id ‖ key id ‖ nonce (12) ‖ ciphertext ‖ tag (16)`,
//! so that it says which key opens it. Table and row are its associated data: a value
//! moved to another row does not open. Nonces are random; with 96 bits, 2³² values
//! under one key keep the chance of a repeat below 2⁻³².

use std::{collections::BTreeMap, fmt, sync::Arc};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::ports::clock::Clock;

const FORMAT: u8 = 1;
/// A key's id has at most this many bytes.
pub const KEY_ID_BYTES_MAX: usize = 64;
/// The additional length of a value sealed under a subject's key.
const SUBJECT_FORMAT: u8 = 2;

/// Why a sealed value cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// It was sealed with a key that is not configured.
    #[error("{table} {row} is sealed with key `{key}`, which is not among the configured keys")]
    UnknownKey {
        /// Its id.
        key: String,
        /// Which table.
        table: &'static str,
        /// Which row.
        row: String,
    },
    /// It was altered, moved from another row, or the key of this id has another value.
    #[error("{table} {row} does not open: it was altered, or the key's value is another")]
    Altered {
        /// Which table.
        table: &'static str,
        /// Which row.
        row: String,
    },
    /// It opens, but what is inside is not of this version's form.
    #[error("{table} {row} opens, but cannot be read: {why}")]
    Unreadable {
        /// Which table.
        table: &'static str,
        /// Which row.
        row: String,
        /// What the reader said.
        why: String,
    },
    /// A key's id is empty or longer than [`KEY_ID_BYTES_MAX`].
    #[error("a key id has 1 to {KEY_ID_BYTES_MAX} bytes")]
    KeyId,
}

/// The keys of the house: the one that seals, and older ones that still open.
pub struct Sealing {
    current: String,
    keys: BTreeMap<String, LessSafeKey>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sealing with {} of {} keys", self.current, self.keys.len())
    }
}

impl Sealing {
    /// Seals with this key; nonces come from the clock's dice.
    pub fn new(
        key_id: impl Into<String>,
        kek: &[u8; 32],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NotOpened> {
        let current = key_id.into();
        let sealing = Self { current: current.clone(), keys: BTreeMap::new(), clock };
        sealing.also(current, kek)
    }

    /// Opens values of this older key as well.
    pub fn also(mut self, key_id: impl Into<String>, kek: &[u8; 32]) -> Result<Self, NotOpened> {
        let id = key_id.into();
        if id.is_empty() || id.len() > KEY_ID_BYTES_MAX {
            return Err(NotOpened::KeyId);
        }
        self.keys.insert(id, aead_key(kek));
        Ok(self)
    }

    /// The id of the key that seals.
    pub fn key_id(&self) -> &str {
        &self.current
    }

    /// Unpredictable bytes, for keys and salts.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.clock.fill(&mut bytes);
        bytes
    }

    /// The clock that was handed in.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Closes a value of this row.
    pub fn seal(&self, table: &'static str, row: &str, value: &[u8]) -> Vec<u8> {
        let id = self.current.as_bytes();
        let mut out = Vec::with_capacity(2 + id.len() + NONCE_LEN + value.len() + 16);
        out.push(FORMAT);
        out.push(u8::try_from(id.len()).expect("checked when the key was added"));
        out.extend_from_slice(id);
        close(&self.keys[&self.current], self.random(), &bound_to(table, row), value, &mut out);
        out
    }

    /// Opens a value of this row.
    pub fn open(
        &self,
        table: &'static str,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let altered = || NotOpened::Altered { table, row: row.to_owned() };
        let (&format, rest) = sealed.split_first().ok_or_else(altered)?;
        let (&length, rest) = rest.split_first().ok_or_else(altered)?;
        if format != FORMAT {
            return Err(altered());
        }
        let (id, rest) = rest.split_at_checked(usize::from(length)).ok_or_else(altered)?;
        let id = std::str::from_utf8(id).map_err(|_| altered())?;
        let key = self.keys.get(id).ok_or_else(|| NotOpened::UnknownKey {
            key: id.to_owned(),
            table,
            row: row.to_owned(),
        })?;
        open(key, &bound_to(table, row), rest).ok_or_else(altered)
    }

    /// Closes a value as JSON.
    pub fn seal_json<T: Serialize>(&self, table: &'static str, row: &str, value: &T) -> Vec<u8> {
        let plain =
            Zeroizing::new(serde_json::to_vec(value).expect("stored values are plain data"));
        self.seal(table, row, &plain)
    }

    /// Opens a value that was closed as JSON.
    pub fn open_json<T: DeserializeOwned>(
        &self,
        table: &'static str,
        row: &str,
        sealed: &[u8],
    ) -> Result<T, NotOpened> {
        let plain = self.open(table, row, sealed)?;
        serde_json::from_slice(&plain).map_err(|error| NotOpened::Unreadable {
            table,
            row: row.to_owned(),
            why: error.to_string(),
        })
    }
}

/// The random key of one subject of the record. Without it nothing that was
/// recorded about them can be read.
pub struct SubjectKey(LessSafeKey);

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a subject's key")
    }
}

impl SubjectKey {
    /// From its 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(aead_key(bytes))
    }

    /// Closes a value of this row.
    pub fn seal(&self, nonce: [u8; NONCE_LEN], row: &str, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + NONCE_LEN + value.len() + 16);
        out.push(SUBJECT_FORMAT);
        close(&self.0, nonce, &bound_to("fact_payload", row), value, &mut out);
        out
    }

    /// Opens a value of this row.
    pub fn open(&self, row: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let altered = || NotOpened::Altered { table: "fact_payload", row: row.to_owned() };
        match sealed.split_first() {
            Some((&SUBJECT_FORMAT, rest)) => {
                open(&self.0, &bound_to("fact_payload", row), rest).ok_or_else(altered)
            }
            _ => Err(altered()),
        }
    }
}

fn aead_key(bytes: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("the key has 32 bytes"))
}

fn bound_to(table: &str, row: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(table.len() + 1 + row.len());
    bytes.extend_from_slice(table.as_bytes());
    bytes.push(b'|');
    bytes.extend_from_slice(row.as_bytes());
    bytes
}

fn close(key: &LessSafeKey, nonce: [u8; NONCE_LEN], bound: &[u8], value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&nonce);
    let start = out.len();
    out.extend_from_slice(value);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key
        .seal_in_place_separate_tag(nonce, Aad::from(bound), &mut out[start..])
        .expect("values are far below the cipher's 256 GiB");
    out.extend_from_slice(tag.as_ref());
}

fn open(key: &LessSafeKey, bound: &[u8], rest: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = rest.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = key.open_in_place(nonce, Aad::from(bound), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[derive(Default)]
    struct Dice(AtomicU8);

    impl Clock for Dice {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn sealing(id: &str, byte: u8) -> Sealing {
        Sealing::new(id, &[byte; 32], Arc::new(Dice::default())).unwrap()
    }

    #[test]
    fn a_value_opens_only_in_its_own_row_and_unaltered() {
        let keys = sealing("k1", 1);
        let sealed = keys.seal("request", "7", b"Ada Lovelace");
        assert!(!sealed.windows(3).any(|w| w == b"Ada"));
        assert_eq!(**keys.open("request", "7", &sealed).unwrap(), *b"Ada Lovelace");
        assert!(keys.open("request", "8", &sealed).is_err());
        assert!(keys.open("vote", "7", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(keys.open("request", "7", &bent).is_err(), "byte {at}");
            assert!(keys.open("request", "7", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_an_unknown_one_is_named() {
        let sealed = sealing("k1", 1).seal("request", "7", b"x");
        let newer = sealing("k2", 2);
        assert_eq!(
            newer.open("request", "7", &sealed).unwrap_err().to_string(),
            "request 7 is sealed with key `k1`, which is not among the configured keys"
        );
        let both = newer.also("k1", &[1; 32]).unwrap();
        assert_eq!(both.key_id(), "k2");
        assert_eq!(**both.open("request", "7", &sealed).unwrap(), *b"x");
    }

    #[test]
    fn the_same_value_never_looks_the_same_twice() {
        let keys = sealing("k1", 1);
        assert_ne!(keys.seal("request", "7", b"x"), keys.seal("request", "7", b"x"));
    }
}
