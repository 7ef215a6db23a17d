//! Who is in a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::shown::{self, PAGE, member_row},
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

/// List who and what is in a group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListGroupMembers {
    /// Of which group? Its name, mail address or object id.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// Which page, from 1?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "list", "ask", "who", "tell"], &["members", "group"]),
        Frame::of(&["who"], &["group"]),
    ],
    slots: &[("group", Slot::GroupOutOf)],
    examples: &[
        "list the members of the Sales Team group",
        "who is in the Sales Team group?",
        "show me the members of Sales Team",
    ],
};

/// Members read for one answer.
const MEMBERS_MAX: usize = 5_000;

impl Action for ListGroupMembers {
    const ABOUT: About = About {
        id: "list_group_members",
        title: "List the members of a group",
        area: Area::Groups,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { group: "VPN Users".to_owned(), page: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        let found = look.group_members(&group.id, MEMBERS_MAX).await?;
        let (mut members, cut) =
            found.ok_or_else(|| Reason::NoSuchGroup { name: self.group.clone() })?;
        members.sort_by_key(|member| (member.sort, member.name.to_lowercase()));
        let total = members.len();
        let rows = members.iter().map(member_row).collect();
        let (rows, more, next) = shown::page(rows, self.page.unwrap_or(1), PAGE, self);
        let sign = if cut { "+" } else { "" };
        let mut facts = vec![("members".to_owned(), format!("{total}{sign}"))];
        if group.dynamic {
            facts.push(("special".to_owned(), "=dynamic_group".to_owned()));
        }
        let columns = ["name", "sign_in_name", "member_sort"].map(str::to_owned).to_vec();
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: group.name,
            subtitle: group.mail,
            facts,
            lists: Vec::new(),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            more,
            next,
        }))
    }
}
