//! The keys of the record's subjects: made at the first fact about somebody, sealed
//! in `subject_key`, kept open in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use zeroize::Zeroizing;

use super::{
    at::at,
    database::{Database, Row, values},
};
use crate::{
    adapters::store::sealing::{NotOpened, Sealing, SubjectKey},
    domain::ids::TenantId,
    ports::store::StoreError,
};

/// So many keys are kept open; beyond that all are dropped and read again as needed.
const OPEN_MAX: usize = 10_000;

/// Whose key: the directory and the object id, or `house`.
pub(super) type Whose = (TenantId, String);

/// The open keys of one turn.
pub(super) type Keys = BTreeMap<Whose, Arc<OpenKey>>;

/// A key, and the stored row it was opened from: when that row is another, its subject
/// was forgotten meanwhile.
#[derive(Debug)]
pub(super) struct OpenKey {
    pub(super) key: SubjectKey,
    pub(super) sealed: Vec<u8>,
}

impl OpenKey {
    /// The key in a stored row.
    pub(super) fn new(whose: &Whose, sealed: &[u8], sealing: &Sealing) -> Result<Self, NotOpened> {
        Ok(Self { key: opened(whose, sealed, sealing)?, sealed: sealed.to_vec() })
    }
}

/// Keys that are open. Only keys whose row is on the disk come in here.
#[derive(Debug, Default)]
pub(super) struct Subjects(Mutex<HashMap<Whose, Arc<OpenKey>>>);

impl Subjects {
    fn open(&self) -> MutexGuard<'_, HashMap<Whose, Arc<OpenKey>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The keys of these that are open, and the others, each once.
    pub(super) fn of(&self, whose: impl Iterator<Item = Whose>) -> (Keys, Vec<Whose>) {
        let open = self.open();
        let (mut keys, mut missing) = (Keys::new(), Vec::new());
        for one in whose {
            match open.get(&one) {
                Some(key) => drop(keys.insert(one, Arc::clone(key))),
                None => missing.push(one),
            }
        }
        missing.sort();
        missing.dedup();
        (keys, missing)
    }

    /// Closes keys, so that they are read again.
    pub(super) fn close<'a>(&self, whose: impl Iterator<Item = &'a Whose>) {
        let mut open = self.open();
        whose.for_each(|one| drop(open.remove(one)));
    }

    /// Takes a key in that was read, or was written and committed.
    pub(super) fn keep(
        &self,
        whose: Whose,
        sealed: &[u8],
        sealing: &Sealing,
    ) -> Result<Arc<OpenKey>, NotOpened> {
        let key = Arc::new(OpenKey::new(&whose, sealed, sealing)?);
        let mut open = self.open();
        if open.len() >= OPEN_MAX {
            open.clear();
        }
        open.insert(whose, Arc::clone(&key));
        Ok(key)
    }
}

fn row(whose: &Whose) -> String {
    format!("{}|{}", whose.0, whose.1)
}

/// The key in a stored row.
pub(super) fn opened(
    whose: &Whose,
    sealed: &[u8],
    sealing: &Sealing,
) -> Result<SubjectKey, NotOpened> {
    let (table, row) = ("subject_key", row(whose));
    let bytes = sealing.open(table, &row, sealed)?;
    let bytes: Zeroizing<[u8; 32]> =
        Zeroizing::new(bytes[..].try_into().map_err(|_| NotOpened::Altered { table, row })?);
    Ok(SubjectKey::new(&bytes))
}

/// Within a transaction: the stored key of each, made where there is none. Of several who
/// make one at once, the first is kept.
pub(super) async fn stored(
    tx: &mut impl Database,
    whose: &[Whose],
    sealing: &Sealing,
) -> Result<Vec<(Whose, Vec<u8>)>, StoreError> {
    let mut keys = Vec::with_capacity(whose.len());
    for one in whose {
        let find = "SELECT sealed FROM subject_key WHERE subject = ? AND tenant_id = ?";
        let of = values![one.1.as_str(), one.0.guid()];
        let found = tx.first(find, &of).await?;
        let found = found.map(|mut row| row.take::<Option<Vec<u8>>>()).transpose()?;
        let sealed = match found {
            Some(Some(sealed)) => sealed,
            made_anew => {
                let key = Zeroizing::new(sealing.random::<32>());
                let sealed = sealing.seal("subject_key", &row(one), &key[..]);
                if made_anew.is_some() {
                    // Somebody who was forgotten is met again: under a new key, nothing old opens.
                    tracing::info!("a forgotten subject of the record gets a new key");
                }
                let made_at = at(sealing.clock().now());
                tx.change(
                    "INSERT INTO subject_key (subject, tenant_id, made_at, sealed) VALUES (?, ?, ?, ?)
                     ON CONFLICT (subject, tenant_id) DO UPDATE SET made_at = excluded.made_at,
                         sealed = excluded.sealed, forgotten_at = NULL
                     WHERE subject_key.sealed IS NULL",
                    &values![one.1.as_str(), one.0.guid(), made_at, sealed],
                )
                .await?;
                let kept = tx.first(find, &of).await?;
                kept.unwrap_or_else(|| Row::new(Vec::new())).take()?
            }
        };
        keys.push((one.clone(), sealed));
    }
    Ok(keys)
}
