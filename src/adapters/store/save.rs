//! Saving a turn, the same way in both databases: the keys of its subjects, the script,
//! one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument as _;

use super::{
    at::at,
    broken_by,
    script::Script,
    sealing::Sealing,
    subjects::{Keys, Subjects, Whose},
    turn,
    witness::{Seen, Witness},
};
use crate::ports::{
    store::{Saved, StoreError, Turn},
    trace::SPANS,
};

/// What a store has besides its database.
#[derive(Debug)]
pub(super) struct Means {
    /// The keys.
    pub(super) sealing: Arc<Sealing>,
    /// Open keys of subjects.
    pub(super) subjects: Subjects,
    /// Who takes leases, for the operator's eyes.
    pub(super) worker: String,
    /// How long the answer to a delivery, and a message's place after it was said, are kept.
    pub(super) kept: SignedDuration,
    /// Counts what was saved.
    pub(super) witness: Option<Witness>,
}

impl Means {
    /// Tells the witness of something that is on the disk.
    pub(super) fn seen(&self, seen: Seen<'_>) {
        if let Some(witness) = &self.witness {
            witness.see(seen);
        }
    }

    /// What was handled before this, as stored, is past its time.
    pub(super) fn kept_since(&self, now: Timestamp) -> i64 {
        at(now.saturating_sub(self.kept).unwrap_or(Timestamp::MIN))
    }
}

/// A store that saves turns.
#[async_trait]
pub(super) trait Saves: Sync {
    /// What it has besides its database.
    fn means(&self) -> &Means;

    /// The stored keys of subjects, made where there is none, in a transaction of their own: a
    /// key is on the disk before it is used.
    async fn stored_keys(&self, missing: Vec<Whose>) -> Result<Vec<(Whose, Vec<u8>)>, StoreError>;

    /// Runs a script in one transaction.
    async fn run(&self, script: Script) -> Result<Saved, StoreError>;
}

/// Saves a whole turn, or nothing.
pub(super) async fn save(store: &impl Saves, turn: &Turn) -> Result<Saved, StoreError> {
    let request = turn.requests.first().map(|(request, _)| tracing::field::display(request.id));
    let span = tracing::info_span!(
        target: SPANS, "save", request, requests = turn.requests.len(), facts = turn.facts.len()
    );
    whole(store, turn).instrument(span).await
}

async fn whole(store: &impl Saves, turn: &Turn) -> Result<Saved, StoreError> {
    let keys = keys_of(store, turn).await?;
    let saved = match run(store, turn, &keys).await {
        Err(StoreError::Conflict) if forgotten_since(store, turn, &keys).await? => {
            let keys = keys_of(store, turn).await?;
            run(store, turn, &keys).await?
        }
        other => other?,
    };
    store.means().seen(Seen::Saved(turn));
    Ok(saved)
}

async fn run(store: &impl Saves, turn: &Turn, keys: &Keys) -> Result<Saved, StoreError> {
    store.run(turn::script(turn, &store.means().sealing, keys)?).await
}

/// The open keys of a turn's subjects.
async fn keys_of(store: &impl Saves, turn: &Turn) -> Result<Keys, StoreError> {
    let Means { subjects, sealing, .. } = store.means();
    let whose = turn.facts.iter().map(|f| (f.header.tenant.clone(), f.subject.clone()));
    let kept = turn.snapshots.iter().map(turn::snapshot::whose);
    let (mut keys, missing) = subjects.of(whose.chain(kept));
    if !missing.is_empty() {
        for (whose, sealed) in store.stored_keys(missing).await? {
            let key = subjects.keep(whose.clone(), &sealed, sealing).map_err(broken_by)?;
            keys.insert(whose, key);
        }
    }
    Ok(keys)
}

/// Has another process forgotten one of these subjects? Then their keys are read anew.
async fn forgotten_since(store: &impl Saves, turn: &Turn, keys: &Keys) -> Result<bool, StoreError> {
    store.means().subjects.close(keys.keys());
    let now = keys_of(store, turn).await?;
    Ok(keys.iter().any(|(whose, key)| now.get(whose).is_none_or(|n| n.sealed != key.sealed)))
}
