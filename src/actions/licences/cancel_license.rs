//! Give seats of a licence back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        licences::marketplace::not_connected,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::Result,
    },
    ports::world::World,
};

/// Give seats of a licence back to the seller.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelLicense {
    /// Which licence?
    #[schemars(extend("x-pick" = "licence"))]
    pub license: String,
    /// How many seats? All if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["buy"], &["subscription"])],
    slots: &[("license", Slot::Licence), ("quantity", Slot::Maybe(&Slot::Number))],
    examples: &["cancel two of our Visio seats"],
};

impl Action for CancelLicense {
    const ABOUT: About = About {
        id: "cancel_license",
        title: "Give seats of a licence back",
        area: Area::Licences,
        risk: Risk::Destructive,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { license: "VISIOCLIENT".to_owned(), quantity: Some(2) }
    }

    async fn plan(&self, _look: &dyn World, _asked: &Asked) -> Result<Planned> {
        Err(not_connected(
            "giving seats back",
            "Give them back where you bought them; “list the free seats” shows which nobody uses.",
        ))
    }
}
