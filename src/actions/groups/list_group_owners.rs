//! Who owns a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::shown::member_row,
        look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::{FactsView, Table},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// List who owns a group; of a distribution list, who manages it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListGroupOwners {
    /// Of which group? Its name, mail address or object id.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "list", "ask", "who", "tell"], &["owner"]).beside(&["group"]),
        Frame::of(&["own"], &["group"]).beside(&["owner"]),
    ],
    slots: &[("group", Slot::GroupOutOf)],
    examples: &[
        "who owns the Sales Team group?",
        "show the owners of Sales Team",
        "list the owners of the Sales Team group",
    ],
};

/// Owners shown (a group has at most 100: Entra service limits).
const OWNERS_MAX: usize = 50;

impl Action for ListGroupOwners {
    const ABOUT: About = About {
        id: "list_group_owners",
        title: "List the owners of a group",
        area: Area::Groups,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { group: "VPN Users".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        let found = look.group_owners(&group).await?;
        let mut owners = found.ok_or_else(|| Reason::NoSuchGroup { name: self.group.clone() })?;
        owners.sort_by_key(|owner| owner.name.to_lowercase());
        let total = owners.len();
        let rows: Vec<Vec<String>> = owners.iter().take(OWNERS_MAX).map(member_row).collect();
        let owned = if total == 0 { "=none".to_owned() } else { total.to_string() };
        let columns = ["name", "sign_in_name", "member_sort"].map(str::to_owned).to_vec();
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: group.name,
            subtitle: group.mail,
            facts: vec![("owners".to_owned(), owned)],
            lists: Vec::new(),
            more: u32::try_from(total.saturating_sub(rows.len())).unwrap_or(u32::MAX),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            next: None,
        }))
    }
}
