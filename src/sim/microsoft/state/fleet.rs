//! Devices: as the directory knows them, and as Intune manages them. The two differ, and
//! either may know a device that the other does not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Props;

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Fleet {
    pub devices: BTreeMap<Uuid, Device>,
    pub managed: BTreeMap<Uuid, Managed>,
}

/// A device of the directory. Its object id and its `deviceId` are two ids.
#[derive(Debug, Clone)]
pub(in super::super) struct Device {
    pub id: Uuid,
    pub props: Props,
    pub owners: BTreeSet<Uuid>,
}

/// A device that is enrolled in Intune.
#[derive(Debug, Clone)]
pub(in super::super) struct Managed {
    pub id: Uuid,
    pub props: Props,
    pub user: Option<Uuid>,
    /// Whether it still asks Intune what to do. A device in a drawer does not.
    pub checks_in: bool,
    /// Whether its platform knows the remote wipe.
    pub can_wipe: bool,
    pub actions: Vec<Action>,
}

/// What was asked of a device from afar.
#[derive(Debug, Clone)]
pub(in super::super) struct Action {
    /// By the name the service lists it under.
    pub name: &'static str,
    pub at: Timestamp,
    /// The device leaves Intune when it is done.
    pub leaves: bool,
}

/// A device asks Intune what to do about this long after it was told to (unconfirmed;
/// Intune pushes, and devices that miss the push ask every eight hours).
const CHECK_IN: SignedDuration = SignedDuration::from_secs(90);
/// Intune forgets a device about this long after it was wiped or retired (unconfirmed).
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(15);

impl Action {
    /// The state of the action, and when that was last seen.
    pub fn state(&self, device: &Managed, now: Timestamp) -> (&'static str, Timestamp) {
        let done = self.at + CHECK_IN;
        if device.checks_in && now >= done { ("done", done) } else { ("pending", self.at) }
    }
}

impl Managed {
    /// Whether Intune still lists it.
    pub fn is_there(&self, now: Timestamp) -> bool {
        let gone = |action: &Action| action.leaves && now >= action.at + CHECK_IN + FORGOTTEN;
        !(self.checks_in && self.actions.iter().any(gone))
    }
}

impl Fleet {
    /// What Intune lists now.
    pub fn enrolled(&self, now: Timestamp) -> impl Iterator<Item = &Managed> {
        self.managed.values().filter(move |device| device.is_there(now))
    }
}

impl Device {
    pub fn name(&self) -> &str {
        super::text(&self.props, "displayName")
    }

    pub fn is_synced(&self) -> bool {
        super::flag(&self.props, "onPremisesSyncEnabled")
    }
}
