//! Changes of devices: deleted from the directory, wiped or retired through Intune.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::{Effect, Evidence, Kind, Object, Repeat, Sight},
    devices::{DeviceId, ManagedDeviceId, RETIREMENTS, WIPES},
};

/// A change of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum DeviceChange {
    /// The directory forgets it, with the `BitLocker` keys it kept.
    DeleteDevice {
        /// Which.
        device: DeviceId,
    },
    /// It is erased when it next asks Intune what to do.
    WipeDevice {
        /// Which.
        device: ManagedDeviceId,
        /// It stays enrolled, and keeps the account that enrolled it.
        keep_enrollment: bool,
        /// What its user keeps in the profile survives (Windows).
        keep_user_data: bool,
    },
    /// Company data leaves it when it next asks Intune what to do.
    RetireDevice {
        /// Which.
        device: ManagedDeviceId,
    },
}

/// What such an action is read back from: the names of `deviceActionResults` with their times.
pub const ACTIONS: &str = "deviceActionResults";

const PRIVILEGED: super::Rights = &[&["DeviceManagementManagedDevices.PrivilegedOperations.All"]];

/// [`DeviceChange::DeleteDevice`].
pub const DELETE_DEVICE: Kind = Kind::of("delete_device", &[&["Device.ReadWrite.All"]]);
/// [`DeviceChange::WipeDevice`]. Asked twice, Intune queues twice.
pub const WIPE_DEVICE: Kind = Kind::of("wipe_device", PRIVILEGED)
    .shown_by(Evidence::Trace)
    .repeated(Repeat::NeverBlind)
    .seen_within(300);
/// [`DeviceChange::RetireDevice`]. Asked twice, Intune queues twice.
pub const RETIRE_DEVICE: Kind = Kind::of("retire_device", PRIVILEGED)
    .shown_by(Evidence::Trace)
    .repeated(Repeat::NeverBlind)
    .seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[DELETE_DEVICE, WIPE_DEVICE, RETIRE_DEVICE];

impl Effect for DeviceChange {
    fn kind(&self) -> Kind {
        match self {
            Self::DeleteDevice { .. } => DELETE_DEVICE,
            Self::WipeDevice { .. } => WIPE_DEVICE,
            Self::RetireDevice { .. } => RETIRE_DEVICE,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::DeleteDevice { device } => {
                Object::Other(device.tenant(), format!("device:{device}"))
            }
            Self::WipeDevice { device, .. } | Self::RetireDevice { device } => {
                Object::Other(device.tenant(), format!("managed_device:{device}"))
            }
        }
    }

    /// An action's own state is the mark: one that was not there before, and that the
    /// device was not found unable to carry out. A device that has left Intune since has
    /// carried it out.
    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        let names = match self {
            Self::DeleteDevice { .. } => return *seen == Sight::Missing,
            Self::WipeDevice { .. } => WIPES,
            Self::RetireDevice { .. } => RETIREMENTS,
        };
        let Some(before @ Sight::Object { .. }) = before else { return false };
        if *seen == Sight::Missing {
            return true;
        }
        let known = actions(before, names);
        let mut fresh = actions(seen, names)
            .into_iter()
            .filter(|action| !known.iter().any(|old| old.0 == action.0));
        fresh.any(|(_, state)| ["none", "pending", "active", "done"].contains(&state))
    }

    fn called(&self) -> &'static str {
        "device"
    }
}

/// The actions of these names: when each was begun, and its state.
fn actions<'a>(sight: &'a Sight, names: &[&str]) -> Vec<(&'a str, &'a str)> {
    let list = sight.value(ACTIONS).and_then(Value::as_array);
    let text = |action: &'a Value, name: &str| action[name].as_str().unwrap_or_default();
    list.into_iter()
        .flatten()
        .filter(|action| names.contains(&text(action, "actionName")))
        .map(|action| (text(action, "startDateTime"), text(action, "actionState")))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::ids::TenantId;

    fn seen(actions: &[(&str, &str, &str)]) -> Sight {
        let list: Vec<Value> = actions
            .iter()
            .map(|(name, at, state)| {
                json!({ "actionName": name, "startDateTime": at, "actionState": state })
            })
            .collect();
        Sight::object([(ACTIONS, json!(list))])
    }

    #[test]
    fn a_wipe_is_seen_by_an_action_that_was_not_there_before() {
        let tenant: TenantId = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let device = tenant.object(uuid::Uuid::from_u128(7));
        let wipe =
            DeviceChange::WipeDevice { device, keep_enrollment: false, keep_user_data: false };
        let before = seen(&[("wipe", "1", "done"), ("syncDevice", "2", "done")]);
        assert!(!wipe.holds(Some(&before), &before), "last year's wipe proves nothing");
        let queued = seen(&[("wipe", "1", "done"), ("factoryReset", "3", "pending")]);
        assert!(wipe.holds(Some(&before), &queued));
        let failed = seen(&[("wipe", "1", "done"), ("wipe", "3", "notSupported")]);
        assert!(!wipe.holds(Some(&before), &failed));
        let retired = seen(&[("wipe", "1", "done"), ("removeCompanyData", "3", "pending")]);
        assert!(!wipe.holds(Some(&before), &retired), "that is another action");
        assert!(wipe.holds(Some(&before), &Sight::Missing), "it was wiped and has left Intune");
        assert!(!wipe.holds(None, &Sight::Missing), "it never was there");
    }
}
