//! List Conditional Access policies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    STATES,
    words::{applications, controls},
};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        page::{self, Paged},
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ca_policy::{PolicyState, texts},
        trouble::Result,
    },
    ports::world::World,
};

/// List Conditional Access policies.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCaPolicies {
    /// Only those in this state?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PolicyState>,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "ask"], &["policy"])],
    slots: &[("state", Slot::Maybe(&Slot::Choice(STATES)))],
    examples: &[
        "list CA policies",
        "show me all conditional access policies",
        "which conditional access policies do we have?",
    ],
};

impl Action for ListCaPolicies {
    const ABOUT: About = About {
        id: "list_ca_policies",
        title: "List Conditional Access policies",
        area: Area::ConditionalAccess,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Policy.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { state: None, page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut all = look.ca_policies(&asked.tenant).await?;
        all.retain(|policy| self.state.is_none_or(|state| policy.state == state));
        all.sort_by_key(|policy| policy.name.to_lowercase());
        let rows = all.iter().map(|policy| {
            let says = &policy.definition;
            let users = |list: &str| texts(says, &["conditions", "users", list]);
            let whom = if users("includeUsers").contains(&"All") {
                "=everybody".to_owned()
            } else {
                let named = ["includeUsers", "includeGroups", "includeRoles"].map(users).concat();
                format!("{}", named.len())
            };
            vec![
                policy.name.clone(),
                policy.state.word().to_owned(),
                whom,
                applications(says),
                controls(says),
            ]
        });
        let columns = ["policy", "policy_state", "policy_applies_to", "policy_apps", "policy_asks"];
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: asked.tenant.to_string(),
            columns: &columns,
            rows: rows.collect(),
            page: self.page,
            again: |page| Self { page, ..self.clone() },
        })))
    }
}
