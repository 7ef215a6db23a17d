//! Show one Conditional Access policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    policy,
    words::{Names, applications, controls, joined},
};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ca_policy::texts,
        message::FactsView,
        trouble::Result,
    },
    ports::world::World,
};

/// Show one Conditional Access policy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCaPolicy {
    /// Which policy?
    #[schemars(extend("x-pick" = "policy"))]
    pub policy: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "ask", "tell"], &["policy"])],
    slots: &[("policy", Slot::Thing(Sort::Policy))],
    examples: &[
        "show me the \"Block legacy authentication\" policy",
        "show the conditional access policy \"Require MFA for all users\"",
        "what does the CA policy \"Terms of use for guests\" say?",
    ],
};

/// Names that are listed of one side.
const LIST_MAX: usize = 40;

impl Action for GetCaPolicy {
    const ABOUT: About = About {
        id: "get_ca_policy",
        title: "Show a Conditional Access policy",
        area: Area::ConditionalAccess,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Policy.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { policy: "Block legacy authentication".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = policy(look, asked, &self.policy).await?;
        let says = &found.definition;
        let names = Names::read(look, asked, says).await?;
        let mut facts = vec![
            ("policy_state".to_owned(), found.state.word().to_owned()),
            ("policy_apps".to_owned(), applications(says)),
            ("policy_asks".to_owned(), controls(says)),
        ];
        let clients = texts(says, &["conditions", "clientAppTypes"]).join(", ");
        if !clients.is_empty() && clients != "all" {
            facts.push(("policy_clients".to_owned(), clients));
        }
        let places = names.locations(says, "includeLocations");
        if !places.is_empty() {
            let mut said = joined(&places);
            let left_out = names.locations(says, "excludeLocations");
            if !left_out.is_empty() {
                said = format!("{said} − {}", joined(&left_out));
            }
            facts.push(("policy_places".to_owned(), said));
        }
        let mut more = 0;
        let mut list = |what: &str, side: &str| {
            let mut all = names.everybody(says, side);
            more += u32::try_from(all.len().saturating_sub(LIST_MAX)).unwrap_or(u32::MAX);
            all.truncate(LIST_MAX);
            (what.to_owned(), all)
        };
        let lists = vec![list("policy_includes", "include"), list("policy_excludes", "exclude")];
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: found.name.clone(),
            subtitle: Some(found.id.guid().to_string()),
            facts,
            lists: lists.into_iter().filter(|(_, names)| !names.is_empty()).collect(),
            table: None,
            more,
            next: None,
        }))
    }
}
