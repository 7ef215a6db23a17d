//! The keys that seal what is stored and sign what was decided.
//!
//! One encryption key seals; older ones only open what they sealed. One signing key
//! makes the vote key and signs heads of the record. All are 32 bytes.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    config::sections::Keys,
    domain::{decision::VoteKey, page::PageKey, secret::Secret},
};

/// The format this version writes and reads.
const VERSION: u32 = 1;
/// A key file has at most this many bytes; some hundred old keys fit.
const FILE_BYTES_MAX: u64 = 16 * 1024;
/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// The keys, in memory. Overwritten when dropped.
#[derive(Clone)]
pub struct KeyRing {
    /// The id of the key that seals now; stored beside every sealed value.
    pub id: String,
    /// The key that seals now.
    pub encryption: [u8; KEY_BYTES],
    /// Keys that sealed before, by id: they still open.
    pub older: BTreeMap<String, [u8; KEY_BYTES]>,
    /// Seed of the signing key.
    pub signing: [u8; KEY_BYTES],
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys {} and {} older", self.id, self.older.len())
    }
}

impl Drop for KeyRing {
    fn drop(&mut self) {
        self.encryption.zeroize();
        self.signing.zeroize();
        self.older.values_mut().for_each(Zeroize::zeroize);
    }
}

/// The file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    current: String,
    signing: String,
    encryption: BTreeMap<String, String>,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.signing.zeroize();
        self.encryption.values_mut().for_each(Zeroize::zeroize);
    }
}

impl KeyRing {
    /// Reads the keys that the settings name: the file, or the two values.
    pub fn load(keys: &Keys) -> anyhow::Result<Self> {
        match (&keys.file, &keys.encryption, &keys.signing) {
            (Some(file), None, None) => Self::read_file(file),
            (None, Some(encryption), Some(signing)) => Self::from_values(encryption, signing),
            (Some(_), _, _) => bail!(
                "keys: both keys.file and a value are set; keep the file, or the two values keys.encryption and keys.signing"
            ),
            _ => bail!(
                "keys: name keys.file (make one with `countersign keys new`), or give keys.encryption and keys.signing"
            ),
        }
    }

    /// Fresh keys. `random` fills with unpredictable bytes.
    pub fn fresh(mut random: impl FnMut(&mut [u8])) -> Self {
        let mut made = [[0; KEY_BYTES]; 2];
        for key in &mut made {
            random(key);
        }
        let ring = Self {
            id: id_of(&made[0]),
            encryption: made[0],
            older: BTreeMap::new(),
            signing: made[1],
        };
        made.zeroize();
        ring
    }

    /// Writes a file with fresh keys that only its owner can read, and gives them.
    /// A file that exists is left as it is: whatever its keys sealed would be lost.
    pub fn new_file(path: &Path, random: impl FnMut(&mut [u8])) -> anyhow::Result<Self> {
        let ring = Self::fresh(random);
        let mut file = new_private_file(path).with_context(|| {
            format!(
                "cannot write {} (it is never overwritten: what its keys sealed would be lost)",
                path.display()
            )
        })?;
        file.write_all(ring.text().as_bytes())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(ring)
    }

    /// Makes a new encryption key in an existing file: it seals from now on, and the one
    /// before only opens what it sealed. The signing key stays, so that votes and heads
    /// keep their meaning. The file is replaced whole, or left as it is.
    pub fn rotate_file(path: &Path, mut random: impl FnMut(&mut [u8])) -> anyhow::Result<Self> {
        let mut ring = Self::read_file(path)?;
        let mut fresh = Zeroizing::new([0; KEY_BYTES]);
        random(&mut *fresh);
        let id = id_of(&fresh);
        ensure!(
            id != ring.id && !ring.older.contains_key(&id),
            "the new key has the id of an old one; run it again"
        );
        let before = std::mem::replace(&mut ring.id, id);
        ring.older.insert(before, ring.encryption);
        ring.encryption = *fresh;
        let text = ring.text();
        ensure!(
            text.len() as u64 <= FILE_BYTES_MAX,
            "the file would have more than {FILE_BYTES_MAX} bytes; it holds {} old keys",
            ring.older.len()
        );
        let beside = path.with_extension("new");
        let cannot = || format!("cannot write {}", beside.display());
        let mut file = new_private_file(&beside).with_context(cannot)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(cannot)?;
        std::fs::rename(&beside, path)
            .with_context(|| format!("cannot replace {}", path.display()))?;
        Ok(ring)
    }

    /// The key that votes are sealed with, made from the signing key.
    pub fn vote_key(&self) -> VoteKey {
        let mut bytes = derive(&self.signing, b"countersign vote key 1");
        let key = VoteKey::new(&bytes);
        bytes.zeroize();
        key
    }

    /// The key that pages of answers are sealed with, made from the encryption key.
    pub fn page_key(&self) -> PageKey {
        let mut bytes = derive(&self.encryption, b"countersign page key 1");
        let key = PageKey::new(&bytes);
        bytes.zeroize();
        key
    }

    fn read_file(path: &Path) -> anyhow::Result<Self> {
        let named = || format!("keys file {}", path.display());
        let file = File::open(path).with_context(|| {
            format!("cannot read {}; make one with `countersign keys new`", path.display())
        })?;
        let about = file.metadata().with_context(named)?;
        ensure!(about.is_file(), "{} is not a file", named());
        ensure!(about.len() <= FILE_BYTES_MAX, "{} has more than {FILE_BYTES_MAX} bytes", named());
        refuse_when_others_can_read(&about).with_context(|| {
            format!("{0}: others can read it; run: chmod 600 {0}", path.display())
        })?;
        let mut text = Zeroizing::new(String::new());
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).with_context(named)?;
        Self::from_text(&text).with_context(named)
    }

    /// From the file's text. Errors never quote it.
    fn from_text(text: &str) -> anyhow::Result<Self> {
        let Ok(written) = toml::from_str::<Written>(text) else {
            bail!(
                "it is not a key file; it holds version, current, signing and [encryption], as `countersign keys new` writes them"
            )
        };
        ensure!(
            written.version == VERSION,
            "it is of version {}, and this program reads {VERSION}",
            written.version
        );
        let mut older = BTreeMap::new();
        for (id, key) in &written.encryption {
            older.insert(id.clone(), decode(key).with_context(|| format!("encryption key {id}"))?);
        }
        let encryption = older.remove(&written.current).with_context(|| {
            format!("current names {}, which is not under [encryption]", written.current)
        })?;
        let signing = decode(&written.signing).context("signing key")?;
        Ok(Self { id: written.current.clone(), encryption, older, signing })
    }

    fn from_values(encryption: &Secret, signing: &Secret) -> anyhow::Result<Self> {
        let encryption = decode(encryption.reveal()).context("keys.encryption")?;
        let signing = decode(signing.reveal()).context("keys.signing")?;
        Ok(Self { id: id_of(&encryption), encryption, older: BTreeMap::new(), signing })
    }

    fn text(&self) -> Zeroizing<String> {
        let mut older = Zeroizing::new(String::new());
        for (id, key) in &self.older {
            let key = Zeroizing::new(STANDARD.encode(key));
            older.extend([id.as_str(), " = \"", key.as_str(), "\"\n"]);
        }
        Zeroizing::new(format!(
            "# Countersign's keys. Whoever has them can read what is sealed and sign in its name.\n\
             # Keep a copy where the database's copies are not.\n\
             version = {VERSION}\n\
             current = \"{id}\"\n\
             signing = \"{signing}\"\n\n\
             # The current key seals; the others only open what they sealed.\n\
             [encryption]\n\
             {id} = \"{encryption}\"\n{older}",
            id = self.id,
            signing = STANDARD.encode(self.signing),
            encryption = STANDARD.encode(self.encryption),
            older = *older,
        ))
    }
}

/// A key's id tells keys apart and says nothing about them.
fn id_of(key: &[u8; KEY_BYTES]) -> String {
    hex::encode(&derive(key, b"countersign key id 1")[..4])
}

fn derive(key: &[u8; KEY_BYTES], label: &[u8]) -> [u8; KEY_BYTES] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), label);
    tag.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes")
}

fn decode(text: &str) -> anyhow::Result<[u8; KEY_BYTES]> {
    let wrong = "it is not 32 bytes in base64 (`openssl rand -base64 32` writes some)";
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).ok().context(wrong)?);
    let key: [u8; KEY_BYTES] = bytes.as_slice().try_into().ok().context(wrong)?;
    ensure!(key != [0; KEY_BYTES], "it is all zeroes, which is no key");
    Ok(key)
}

#[cfg(unix)]
fn refuse_when_others_can_read(about: &std::fs::Metadata) -> anyhow::Result<()> {
    use std::os::unix::fs::MetadataExt;
    // No bit below the owner's: group and others may do nothing.
    ensure!(about.mode().trailing_zeros() >= 6, "its mode is {:03o}", about.mode() & 0o777);
    Ok(())
}

/// Elsewhere the folder's own rights decide; there is no mode to look at.
#[cfg(not(unix))]
fn refuse_when_others_can_read(_about: &std::fs::Metadata) -> anyhow::Result<()> {
    Ok(())
}

pub fn new_private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> impl FnMut(&mut [u8]) {
        let mut next = 0_u8;
        move |bytes| {
            for byte in bytes {
                next = next.wrapping_add(1);
                *byte = next;
            }
        }
    }

    fn named(file: &Path) -> Keys {
        Keys { file: Some(file.to_owned()), encryption: None, signing: None }
    }

    #[test]
    fn what_was_written_is_what_is_read() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("keys.toml");
        let made = KeyRing::new_file(&file, counting()).unwrap();
        let read = KeyRing::load(&named(&file)).unwrap();
        assert_eq!(read.id, made.id);
        assert_eq!(read.encryption, made.encryption);
        assert_eq!(read.signing, made.signing);
        assert_ne!(read.signing, read.encryption);
    }

    #[test]
    fn a_key_file_is_never_overwritten() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("keys.toml");
        KeyRing::new_file(&file, counting()).unwrap();
        let before = std::fs::read(&file).unwrap();
        let error = KeyRing::new_file(&file, |bytes| bytes.fill(9)).unwrap_err();
        assert!(format!("{error:#}").contains("never overwritten"), "{error:#}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }

    #[test]
    fn rotating_seals_with_a_new_key_and_keeps_the_old_one_and_the_signing_key() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("keys.toml");
        let mut chance = counting();
        let first = KeyRing::new_file(&file, &mut chance).unwrap();
        let second = KeyRing::rotate_file(&file, &mut chance).unwrap();
        let third = KeyRing::rotate_file(&file, &mut chance).unwrap();
        let read = KeyRing::load(&named(&file)).unwrap();
        assert_eq!((read.id.as_str(), read.encryption), (third.id.as_str(), third.encryption));
        assert_eq!(read.older.get(&first.id), Some(&first.encryption));
        assert_eq!(read.older.get(&second.id), Some(&second.encryption));
        assert_eq!(read.signing, first.signing);
        assert_eq!(std::fs::read_dir(room.path()).unwrap().count(), 1, "nothing is left beside it");
        let error = KeyRing::rotate_file(&file, |bytes| bytes.copy_from_slice(&first.encryption));
        assert!(format!("{:#}", error.unwrap_err()).contains("run it again"));
        assert_eq!(KeyRing::load(&named(&file)).unwrap().id, third.id);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt;
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("keys.toml");
        KeyRing::new_file(&file, counting()).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o660, 0o644, 0o601] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = format!("{:#}", KeyRing::load(&named(&file)).unwrap_err());
            assert!(error.contains("chmod 600"), "{mode:o}: {error}");
        }
    }

    #[test]
    fn older_keys_are_kept_and_the_current_one_must_be_there() {
        let (one, two) = (STANDARD.encode([1; 32]), STANDARD.encode([2; 32]));
        let text = |current: &str| {
            format!(
                "version = 1\ncurrent = \"{current}\"\nsigning = \"{one}\"\n[encryption]\na = \"{one}\"\nb = \"{two}\"\n"
            )
        };
        let ring = KeyRing::from_text(&text("b")).unwrap();
        assert_eq!((ring.id.as_str(), ring.encryption), ("b", [2; 32]));
        assert_eq!(ring.older.get("a"), Some(&[1; 32]));
        let again = KeyRing::from_text(&ring.text()).unwrap();
        assert_eq!((again.id.as_str(), again.older.len()), ("b", 1));
        assert!(KeyRing::from_text(&text("c")).is_err());
    }

    #[test]
    fn the_two_values_do_as_well_and_bad_ones_are_named_and_not_quoted() {
        let values = |encryption: &str, signing: &str| Keys {
            file: None,
            encryption: Some(Secret::new(encryption)),
            signing: Some(Secret::new(signing)),
        };
        let good = STANDARD.encode([7; 32]);
        assert_eq!(KeyRing::load(&values(&good, &good)).unwrap().encryption, [7; 32]);
        for bad in ["", "c2hvcnQ=", "hunter2-not-base64", &STANDARD.encode([0; 32])] {
            let error = format!("{:#}", KeyRing::load(&values(&good, bad)).unwrap_err());
            assert!(error.contains("keys.signing"), "{error}");
            assert!(bad.is_empty() || !error.contains(bad), "{error}");
        }
    }

    #[test]
    fn keys_show_nothing() {
        let ring = KeyRing::fresh(counting());
        let shown = format!("{ring:?}");
        assert!(shown.starts_with("keys ") && shown.len() < 40, "{shown}");
        assert_ne!(id_of(&ring.encryption), id_of(&ring.signing));
    }
}
