//! Devices: deleted from the directory, wiped or retired through Intune.

use reqwest::Method;
use serde_json::json;

use super::{Calls, Door, Found, Read, With};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
    },
    domain::{
        change::{DeviceChange, Sight, devices::ACTIONS},
        trouble::Reason,
    },
};

impl Calls for DeviceChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::DeleteDevice { device } => {
                let path = format!("/devices/{}?$select=id", device.guid().hyphenated());
                Read::one(device.tenant(), path, Reading::DEVICES)
            }
            Self::WipeDevice { device, .. } | Self::RetireDevice { device } => {
                let id = device.guid().hyphenated();
                let path = format!(
                    "/deviceManagement/managedDevices/{id}?$select=id,managementState,{ACTIONS}"
                );
                Read::one(device.tenant(), path, Reading::INTUNE)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
        Ok(match self {
            Self::DeleteDevice { .. } => Sight::object([]),
            _ => Sight::object([
                (ACTIONS, body[ACTIONS].clone()),
                ("managementState", body["managementState"].clone()),
            ]),
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let managed = |device: &crate::domain::devices::ManagedDeviceId, what: &str| {
            format!("/deviceManagement/managedDevices/{}/{what}", device.guid().hyphenated())
        };
        Ok(Door::Graph(match self {
            Self::DeleteDevice { device } => {
                Ask::of(Method::DELETE, format!("/devices/{}", device.guid().hyphenated()), None)
            }
            Self::WipeDevice { device, keep_enrollment, keep_user_data } => {
                let body = json!({
                    "keepEnrollmentData": keep_enrollment, "keepUserData": keep_user_data,
                });
                Ask::of(Method::POST, managed(device, "wipe"), Some(body))
            }
            Self::RetireDevice { device } => Ask::of(Method::POST, managed(device, "retire"), None),
        }))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match (self, answer.status) {
            (Self::DeleteDevice { .. }, 404) => Some(Meaning::AlreadySo),
            (Self::WipeDevice { .. } | Self::RetireDevice { .. }, 400)
                if refusals::says(answer, "not supported") =>
            {
                Some(refusals::no(
                    "Intune does not know this action for such a device (a personal phone with a \
                     work profile, for instance, is retired, not wiped)",
                ))
            }
            _ => None,
        }
    }
}
