//! Devices and standings of a directory file: `devices`, `roleHolders`, `blockedGuestDomains`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    super::{
        catalog::id_from,
        state::{
            Assignment, State,
            fleet::{Device, Managed},
        },
    },
    LONG_AGO, group_id, props, user_id,
};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileFleet {
    #[serde(default)]
    devices: Vec<FileDevice>,
    /// Roles of groups, and roles that may be activated.
    #[serde(default)]
    role_holders: Vec<FileHolder>,
    #[serde(default)]
    blocked_guest_domains: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileDevice {
    #[serde(alias = "displayName")]
    name: String,
    /// Tells devices of one name apart. The name again when absent.
    serial: Option<String>,
    /// "Windows", "iOS", "Android", "macOS", "Linux".
    os: String,
    os_version: Option<String>,
    model: Option<String>,
    manufacturer: Option<String>,
    owner: Option<String>,
    /// "`AzureAd`" (joined), "`Workplace`" (registered), "`ServerAd`" (hybrid). Joined when absent.
    trust: Option<String>,
    #[serde(default)]
    synced: bool,
    /// Intune's compliance state; absent: Intune does not manage it.
    compliance: Option<String>,
    /// Owned by "company" or "personal".
    ownership: Option<String>,
    /// In a drawer: it never asks Intune what to do.
    #[serde(default)]
    asleep: bool,
    /// Its platform knows no remote wipe.
    #[serde(default)]
    no_wipe: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileHolder {
    /// The assignment's id; one that comes from both names when absent.
    id: Option<String>,
    /// A sign-in name, or the display name of a group.
    who: String,
    role: String,
    /// May activate it, rather than holding it.
    #[serde(default)]
    eligible: bool,
}

pub(super) fn add(state: &mut State, file: &FileFleet) {
    state.guests.blocked_domains.clone_from(&file.blocked_guest_domains);
    for device in &file.devices {
        add_device(state, device);
    }
    for holder in &file.role_holders {
        let principal =
            if holder.who.contains('@') { user_id(&holder.who) } else { group_id(&holder.who) };
        let Some(role) = state.roles.iter().find(|role| role.name == holder.role) else { continue };
        let role = role.template;
        let kind = if holder.eligible { "eligible" } else { "assignment" };
        let own = || id_from(kind, &format!("{principal}{role}")).simple().to_string();
        let id = holder.id.clone().unwrap_or_else(own);
        let list = if holder.eligible { &mut state.eligible } else { &mut state.assignments };
        list.push(Assignment { id, principal, role });
    }
}

impl FileDevice {
    fn serial(&self) -> &str {
        self.serial.as_deref().unwrap_or(&self.name)
    }
}

fn add_device(state: &mut State, device: &FileDevice) {
    let id = id_from("device", device.serial());
    let device_id = id_from("device id", device.serial());
    let owner = device.owner.as_deref().map(user_id);
    let managed = device.compliance.is_some();
    let trust = device.trust.as_deref().unwrap_or("AzureAd");
    let shown = props(json!({
        "deviceId": device_id, "displayName": device.name, "accountEnabled": true,
        "operatingSystem": device.os, "operatingSystemVersion": device.os_version,
        "model": device.model, "manufacturer": device.manufacturer, "trustType": trust,
        "isManaged": managed, "isCompliant": device.compliance.as_deref().map(|it| it == "compliant"),
        "deviceOwnership": device.ownership.as_deref().map(capital),
        "onPremisesSyncEnabled": device.synced.then_some(true),
        "registrationDateTime": LONG_AGO,
        "approximateLastSignInDateTime": "2026-11-20T08:00:00Z",
    }));
    state
        .fleet
        .devices
        .insert(id, Device { id, props: shown, owners: owner.into_iter().collect() });
    if managed {
        add_managed(state, device, device_id, owner);
    }
}

/// Intune's record. Its id is a third one.
fn add_managed(state: &mut State, device: &FileDevice, device_id: Uuid, user: Option<Uuid>) {
    let id = id_from("managed device", device.serial());
    let last = if device.asleep { "2026-08-03T08:00:00Z" } else { "2026-11-20T08:00:00Z" };
    let props = props(json!({
        "azureADDeviceId": device_id, "azureADRegistered": true, "deviceName": device.name,
        "complianceState": device.compliance, "operatingSystem": device.os,
        "osVersion": device.os_version, "model": device.model,
        "manufacturer": device.manufacturer, "serialNumber": device.serial(),
        "managedDeviceOwnerType": device.ownership.as_deref().unwrap_or("company"),
        "managementAgent": "mdm", "deviceRegistrationState": "registered",
        "deviceEnrollmentType": "userEnrollment", "isEncrypted": true, "jailBroken": "Unknown",
        "enrolledDateTime": LONG_AGO, "lastSyncDateTime": last,
    }));
    let managed = Managed {
        id,
        props,
        user,
        checks_in: !device.asleep,
        can_wipe: !device.no_wipe,
        actions: Vec::new(),
    };
    state.fleet.managed.insert(id, managed);
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}
