//! What struck, counted when it struck.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

/// Deaths and other faults by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Processes that were killed, by where it struck them.
    pub deaths: BTreeMap<String, u64>,
    /// Everything else, by kind.
    pub faults: BTreeMap<String, u64>,
}

impl Counts {
    /// Deaths of every kind.
    pub fn all_deaths(&self) -> u64 {
        self.deaths.values().sum()
    }

    /// Other faults of every kind.
    pub fn all_faults(&self) -> u64 {
        self.faults.values().sum()
    }
}

/// Counts; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<Counts>>);

impl Tally {
    /// A process was killed.
    pub fn death(&self, how: &str) {
        *self.book().deaths.entry(how.to_owned()).or_default() += 1;
    }

    /// Other faults struck.
    pub fn faults(&self, kind: &str, times: u64) {
        if times > 0 {
            *self.book().faults.entry(kind.to_owned()).or_default() += times;
        }
    }

    /// Until now.
    pub fn counts(&self) -> Counts {
        self.book().clone()
    }

    fn book(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
