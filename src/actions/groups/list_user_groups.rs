//! Which groups somebody is in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::shown::{self, PAGE, sort_word, special},
        look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::{FactsView, Table},
        trouble::Result,
        users::{Facet, Group},
    },
    ports::world::World,
};

/// List the groups that somebody is a direct member of.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUserGroups {
    /// Whose groups?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which page, from 1?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask", "tell", "noun"], &["group"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show the groups of megan.bowen@contoso.com",
        "list Megan Bowen's groups",
        "show me Megan Bowen's group memberships",
    ],
};

impl Action for ListUserGroups {
    const ABOUT: About = About {
        id: "list_user_groups",
        title: "List somebody's groups",
        area: Area::Groups,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["Directory.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), page: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut found = look::dossier(look, asked, &self.user, &[Facet::Groups]).await?;
        found.groups.sort_by_key(|group| group.name.to_lowercase());
        let total = found.groups.len();
        let row = |group: &Group| {
            let mail = group.mail.clone().unwrap_or_default();
            vec![group.name.clone(), mail, sort_word(group.sort).to_owned(), special(group)]
        };
        let rows = found.groups.iter().map(row).collect();
        let (rows, more, next) = shown::page(rows, self.page.unwrap_or(1), PAGE, self);
        let held = if total == 0 { "=none".to_owned() } else { total.to_string() };
        let columns = ["name", "mail", "group_sort", "special"].map(str::to_owned).to_vec();
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: found.user.name,
            subtitle: Some(found.user.upn.to_string()),
            facts: vec![("groups".to_owned(), held)],
            lists: Vec::new(),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            more,
            next,
        }))
    }
}
