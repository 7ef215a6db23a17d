//! Buy seats of a licence.

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

/// Buy seats of a licence.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurchaseLicense {
    /// Which licence?
    #[schemars(extend("x-pick" = "licence"))]
    pub license: String,
    /// How many seats?
    pub quantity: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["buy"], &["licence", "all_licences", "seats"])],
    slots: &[("license", Slot::Licence), ("quantity", Slot::Number)],
    examples: &["buy five more E3 licences", "order 3 Visio seats"],
};

impl Action for PurchaseLicense {
    const ABOUT: About = About {
        id: "purchase_license",
        title: "Buy seats of a licence",
        area: Area::Licences,
        risk: Risk::Destructive,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { license: "SPE_E3".to_owned(), quantity: 5 }
    }

    async fn plan(&self, _look: &dyn World, _asked: &Asked) -> Result<Planned> {
        Err(not_connected(
            "buying seats",
            "Order them where you bought the others; “list the free seats” shows what is left.",
        ))
    }
}
