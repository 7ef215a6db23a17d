//! Delete a device from the directory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        devices::{list_user_devices::system, which},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{DeviceChange, devices},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Delete a device object from the directory.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteDevice {
    /// Which device? Its name or object id.
    #[schemars(extend("x-pick" = "device"))]
    pub device: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["delete"], &["device"]).beside(&["access"])],
    slots: &[("device", Slot::Thing(Sort::Device))],
    examples: &[
        "delete the device LT-MBOWEN-01",
        "delete device LT-MBOWEN-01 from the directory",
        "please delete the computer LT-MBOWEN-01",
    ],
};

impl Action for DeleteDevice {
    const ABOUT: About = About {
        id: "delete_device",
        title: "Delete a device",
        area: Area::Devices,
        risk: Risk::Destructive,
        may: &[devices::DELETE_DEVICE],
        care: Care::Blocked,
        undone_by: &[],
        reads: &["Device.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { device: "FELIX-TABLET".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let device = which::device(look, asked, "device", &self.device).await?;
        if device.synced {
            return Err(Reason::NotPossible {
                what: format!(
                    "{} is mastered in Active Directory and would come back with the next sync; \
                     delete it there",
                    device.name
                ),
            }
            .into());
        }
        let mut draft = Draft {
            subjects: device.owners.iter().take(1).cloned().collect(),
            objects: vec![device.name.clone()],
            ..Draft::default()
        };
        draft.notes.push(Note::new("device_keys_go", &[("device", &device.name)]));
        if device.compliant.is_some() {
            draft.notes.push(Note::new("device_stays_managed", &[("device", &device.name)]));
        }
        let kind = system(device.system.as_deref(), device.model.as_deref());
        draft
            .step(
                DeviceChange::DeleteDevice { device: device.id },
                &[("device", &device.name), ("kind", &kind)],
                vec![Value::new("device", "=registered", "=deleted")],
            )
            .cannot_be_undone("device_deleted");
        Ok(Planned::Changes(draft))
    }
}
