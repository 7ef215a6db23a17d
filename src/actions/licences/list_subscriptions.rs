//! List what we pay for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        licences::marketplace::not_connected,
        wording::{Frame, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::Result,
    },
    ports::world::World,
};

/// List the subscriptions we pay for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSubscriptions {}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "ask"], &["subscription"])],
    slots: &[],
    examples: &["which subscriptions do we pay for"],
};

impl Action for ListSubscriptions {
    const ABOUT: About = About {
        id: "list_subscriptions",
        title: "List what we pay for",
        area: Area::Licences,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {}
    }

    async fn plan(&self, _look: &dyn World, _asked: &Asked) -> Result<Planned> {
        Err(not_connected(
            "listing subscriptions",
            "“show our licences” lists what the tenant holds, with the seats in use.",
        ))
    }
}
