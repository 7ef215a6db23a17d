//! Take company data off a device from afar.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        devices::{
            list_user_devices::system,
            which,
            wipe_device::{about, facts, not_asked_already},
        },
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{DeviceChange, devices},
        plan::{Note, Value},
        trouble::Result,
    },
    ports::world::World,
};

/// Retire a device: company data leaves it, personal data stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireDevice {
    /// Which device? Its name or Intune id.
    #[schemars(extend("x-pick" = "device"))]
    pub device: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["retire"], &["device"]).beside(&["access"])],
    slots: &[("device", Slot::Thing(Sort::Device))],
    examples: &[
        "retire the device LT-MBOWEN-01",
        "please retire Megan Bowen's laptop",
        "retire the tablet of megan.bowen@contoso.com",
    ],
};

impl Action for RetireDevice {
    const ABOUT: About = About {
        id: "retire_device",
        title: "Retire a device",
        area: Area::Devices,
        risk: Risk::Destructive,
        may: &[devices::RETIRE_DEVICE],
        care: Care::AlwaysApprove,
        undone_by: &[],
        reads: &["DeviceManagementManagedDevices.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { device: "IPH-JDOE".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let device = which::managed(look, asked, &self.device).await?;
        not_asked_already(&device)?;
        let mut draft = about(look, asked, &device).await?;
        draft.notes.push(Note::new("runs_at_check_in", &[("device", &device.name)]));
        let kind = system(Some(&device.system), device.model.as_deref());
        let mut values = vec![Value::new("company_data", "=as_it_is", "=removed")];
        values.extend(facts(&device));
        draft
            .step(
                DeviceChange::RetireDevice { device: device.id.clone() },
                &[("device", &device.name), ("kind", &kind)],
                values,
            )
            .cannot_be_undone("retired");
        Ok(Planned::Changes(draft))
    }
}
