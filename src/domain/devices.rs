//! What the directory and Intune say about devices. The two know a device by different
//! ids, and either may know one that the other does not.

use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    ids::{NotAName, ObjectId},
    users::PersonRef,
};

/// Marks ids of devices of the directory. Never made.
#[derive(Debug)]
pub enum OfDirectory {}
/// Marks ids of devices that Intune manages. Never made.
#[derive(Debug)]
pub enum OfIntune {}

/// A device of one tenant's directory, by its object id (not its `deviceId`).
pub type DeviceId = ObjectId<OfDirectory>;
/// A device that one tenant's Intune manages, by Intune's id.
pub type ManagedDeviceId = ObjectId<OfIntune>;

/// A device of the directory, as Graph's `device` resource has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// `id`, with its tenant.
    pub id: DeviceId,
    /// `deviceId`: the id that Intune calls `azureADDeviceId`.
    pub device_id: Option<Uuid>,
    /// `displayName`. Not unique.
    pub name: String,
    /// `operatingSystem`.
    pub system: Option<String>,
    /// `operatingSystemVersion`.
    pub version: Option<String>,
    /// `model`.
    pub model: Option<String>,
    /// `trustType`: `AzureAd` (joined), `Workplace` (registered), `ServerAd` (hybrid).
    pub trust: Option<String>,
    /// `isCompliant`; `None` when nothing manages it.
    pub compliant: Option<bool>,
    /// `onPremisesSyncEnabled`: mastered in Active Directory.
    pub synced: bool,
    /// `approximateLastSignInDateTime`.
    pub last_seen: Option<Timestamp>,
    /// Registered owners, when the reading asked for them.
    pub owners: Vec<PersonRef>,
}

/// A device that Intune manages (`managedDevice`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedDevice {
    /// `id`, with its tenant.
    pub id: ManagedDeviceId,
    /// `azureADDeviceId`.
    pub device_id: Option<Uuid>,
    /// `deviceName`. Not unique.
    pub name: String,
    /// `operatingSystem`.
    pub system: String,
    /// `osVersion`.
    pub version: Option<String>,
    /// `model`.
    pub model: Option<String>,
    /// `serialNumber`: what tells namesakes apart.
    pub serial: Option<String>,
    /// `complianceState`: `compliant`, `noncompliant`, `inGracePeriod`, …
    pub compliance: String,
    /// `managedDeviceOwnerType`: `company`, `personal`.
    pub ownership: Option<String>,
    /// `userDisplayName` and `userPrincipalName` of its primary user.
    pub user: Option<(String, String)>,
    /// `lastSyncDateTime`: when it last asked Intune what to do.
    pub last_sync: Option<Timestamp>,
    /// `deviceActionResults`.
    pub actions: Vec<RemoteAction>,
}

/// What was asked of a device from afar (`deviceActionResult`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteAction {
    /// `actionName`.
    pub name: String,
    /// `actionState`: `none`, `pending`, `canceled`, `active`, `done`, `failed`, `notSupported`.
    pub state: String,
    /// `startDateTime`.
    pub at: Option<Timestamp>,
}

/// Names under which the service lists a wipe (`remoteAction`, and the name of the call).
pub const WIPES: &[&str] = &["wipe", "factoryReset", "factoryResetKeepEnrollmentData"];
/// Names under which the service lists a retirement.
pub const RETIREMENTS: &[&str] = &["retire", "removeCompanyData"];

impl RemoteAction {
    /// Still to be carried out by the device.
    pub fn waits(&self) -> bool {
        ["none", "pending", "active"].contains(&self.state.as_str())
    }
}

impl ManagedDevice {
    /// The newest action of these names.
    pub fn last_of(&self, names: &[&str]) -> Option<&RemoteAction> {
        let of_these = self.actions.iter().filter(|action| names.contains(&action.name.as_str()));
        of_these.max_by_key(|action| action.at)
    }
}

/// A sort of operating system, as people ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// Windows.
    Windows,
    /// macOS.
    Macos,
    /// iOS and iPadOS.
    Ios,
    /// Android.
    Android,
}

impl System {
    /// Is it what Intune calls `operatingSystem`?
    pub fn is(self, said: &str) -> bool {
        let said = said.to_lowercase();
        match self {
            Self::Windows => said.starts_with("windows"),
            Self::Macos => said.starts_with("macos") || said.starts_with("mac os"),
            Self::Ios => said.starts_with("ios") || said.starts_with("ipados"),
            Self::Android => said.starts_with("android"),
        }
    }
}

impl FromStr for System {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        [Self::Windows, Self::Macos, Self::Ios, Self::Android]
            .into_iter()
            .find(|system| system.is(said.trim()))
            .ok_or_else(|| NotAName {
                said: said.chars().take(80).collect(),
                wanted: "an operating system (windows, macos, ios, android)",
            })
    }
}

/// Whether Intune finds a device in order, as people ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compliance {
    /// Follows its policies.
    Compliant,
    /// Does not, or will soon count as not (`inGracePeriod`, `conflict`, `error`).
    Noncompliant,
}

impl Compliance {
    /// Is it what Intune calls `complianceState`?
    pub fn is(self, said: &str) -> bool {
        match self {
            Self::Compliant => said == "compliant",
            Self::Noncompliant => {
                ["noncompliant", "inGracePeriod", "conflict", "error"].contains(&said)
            }
        }
    }
}

/// Which of Intune's devices are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManagedFilter {
    /// With exactly this name.
    pub name: Option<String>,
    /// With this system.
    pub system: Option<System>,
    /// In this state.
    pub compliance: Option<Compliance>,
    /// Whose primary user is in this department.
    pub department: Option<String>,
    /// Whose primary user has this sign-in name.
    pub user: Option<String>,
}
