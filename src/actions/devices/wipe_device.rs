//! Erase a device from afar.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        devices::{list_user_devices::system, which},
        look,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{DeviceChange, devices},
        devices::{ManagedDevice, RETIREMENTS, System, WIPES},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result, Trouble},
        users::PersonRef,
    },
    ports::world::World,
};

/// Erase a device that Intune manages (factory reset).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WipeDevice {
    /// Which device? Its name or Intune id.
    #[schemars(extend("x-pick" = "device"))]
    pub device: String,
    /// Should it stay enrolled?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_enrollment: bool,
    /// Should its user's own files survive (Windows)?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_user_data: bool,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["wipe"], &["device"]).beside(&["access"])],
    slots: &[("device", Slot::Thing(Sort::Device))],
    examples: &[
        "wipe Megan Bowen's laptop",
        "please wipe the device LT-MBOWEN-01",
        "erase the phone of megan.bowen@contoso.com, the device was stolen",
    ],
};

impl Action for WipeDevice {
    const ABOUT: About = About {
        id: "wipe_device",
        title: "Wipe a device",
        area: Area::Devices,
        risk: Risk::Destructive,
        may: &[devices::WIPE_DEVICE],
        care: Care::AlwaysApprove,
        undone_by: &[],
        reads: &["DeviceManagementManagedDevices.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { device: "LT-JDOE-01".to_owned(), keep_enrollment: false, keep_user_data: false }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let device = which::managed(look, asked, &self.device).await?;
        not_asked_already(&device)?;
        if self.keep_user_data && !System::Windows.is(&device.system) {
            return Err(Reason::WrongArgument {
                field: "keep_user_data".to_owned(),
                why: "only Windows can keep its user's files".to_owned(),
            }
            .into());
        }
        let mut draft = about(look, asked, &device).await?;
        draft.notes.push(Note::new("runs_at_check_in", &[("device", &device.name)]));
        if device.ownership.as_deref() == Some("personal") {
            draft.notes.push(Note::new("device_is_personal", &[("device", &device.name)]));
        }
        let yes_no = |is: bool| if is { "=yes" } else { "=no" };
        let kind = system(Some(&device.system), device.model.as_deref());
        let mut values = vec![Value::new("device", "=as_it_is", "=erased")];
        values.extend(facts(&device));
        values.push(Value::new("stays_enrolled", "=yes", yes_no(self.keep_enrollment)));
        if self.keep_user_data {
            values.push(Value::new("user_data", "=as_it_is", "=kept"));
        }
        draft
            .step(
                DeviceChange::WipeDevice {
                    device: device.id.clone(),
                    keep_enrollment: self.keep_enrollment,
                    keep_user_data: self.keep_user_data,
                },
                &[("device", &device.name), ("kind", &kind)],
                values,
            )
            .cannot_be_undone("wiped");
        Ok(Planned::Changes(draft))
    }
}

/// What tells the device from its namesakes; it stays as it is.
pub(super) fn facts(device: &ManagedDevice) -> Vec<Value> {
    let mut facts = Vec::new();
    if let Some(serial) = &device.serial {
        facts.push(Value::new("serial", serial.clone(), serial.clone()));
    }
    facts
}

/// An action that waits for the device is not queued a second time.
pub(super) fn not_asked_already(device: &ManagedDevice) -> Result<(), Reason> {
    for (names, what) in [(WIPES, "wiped"), (RETIREMENTS, "retired")] {
        if device.last_of(names).is_some_and(crate::domain::devices::RemoteAction::waits) {
            return Err(Reason::AlreadySo {
                what: format!(
                    "{} is to be {what} already; it happens when the device next asks Intune \
                     what to do",
                    device.name
                ),
            });
        }
    }
    Ok(())
}

/// A plan about whoever uses the device, if the directory knows them.
pub(super) async fn about(
    look: &dyn World,
    asked: &Asked,
    device: &ManagedDevice,
) -> Result<Draft> {
    let mut subjects: Vec<PersonRef> = Vec::new();
    if let Some((_, upn)) = &device.user {
        match look::user(look, asked, upn).await {
            Ok(user) => subjects.push(user.to_ref()),
            Err(Trouble::Refused(_)) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(Draft { subjects, objects: vec![device.name.clone()], ..Draft::default() })
}
