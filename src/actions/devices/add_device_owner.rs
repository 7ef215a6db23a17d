//! Make somebody the registered owner of a device: what Microsoft lets no application do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        devices::which,
        look,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Add a registered owner to a device. Microsoft has no application permission for it: the
/// answer says who can do it, and how.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddDeviceOwner {
    /// Which device? Its name or object id.
    #[schemars(extend("x-pick" = "device"))]
    pub device: String,
    /// Who should own it?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["set", "give", "join", "create", "register"], &["owner", "device"])],
    slots: &[("device", Slot::Thing(Sort::Device)), ("user", Slot::Person)],
    examples: &[
        "add megan.bowen@contoso.com as owner of the device LT-MBOWEN-01",
        "make Megan Bowen the owner of device LT-MBOWEN-01",
        "set Megan Bowen as the registered owner of the laptop LT-MBOWEN-01",
    ],
};

impl Action for AddDeviceOwner {
    const ABOUT: About = About {
        id: "add_device_owner",
        title: "Add a device owner",
        area: Area::Devices,
        risk: Risk::Write,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["Device.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { device: "FELIX-TABLET".to_owned(), user: "fiona.ledger@contoso.com".to_owned() }
    }

    /// Never a plan: `POST /devices/{id}/registeredOwners/$ref` has no application permission
    /// (Graph permissions reference), so an approval could only end in a refusal.
    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let device = which::device(look, asked, "device", &self.device).await?;
        let user = look::user(look, asked, &self.user).await?;
        if device.owners.iter().any(|owner| owner.id == user.id) {
            return Err(
                Reason::AlreadySo { what: format!("{} owns {}", user.name, device.name) }.into()
            );
        }
        let managed = device.compliant.is_some();
        // Short: a card's first line is cut after some 180 characters.
        let instead = if managed {
            format!(
                "an Intune Administrator can make {} its primary user in the Intune admin center",
                user.name
            )
        } else {
            "an Intune or Cloud Device Administrator can, with New-MgDeviceRegisteredOwnerByRef"
                .to_owned()
        };
        Err(Reason::NotPossible {
            what: format!(
                "Microsoft lets no application set the registered owner of a device; {instead}"
            ),
        }
        .into())
    }
}
