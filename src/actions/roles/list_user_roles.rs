//! Which directory roles somebody has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::{FactsView, Table},
        trouble::Result,
    },
    ports::world::World,
};

/// List somebody's directory roles: held, held through groups, and to be activated.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUserRoles {
    /// Whose roles?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask", "tell", "noun"], &["role"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show the admin roles of megan.bowen@contoso.com",
        "list the directory roles of Megan Bowen",
        "list Megan Bowen's roles",
    ],
};

/// Rows shown.
const ROWS_MAX: usize = 50;

impl Action for ListUserRoles {
    const ABOUT: About = About {
        id: "list_user_roles",
        title: "List somebody's roles",
        area: Area::Roles,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &[
            "RoleManagement.Read.Directory",
            "Directory.Read.All",
            "RoleEligibilitySchedule.Read.Directory",
        ],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "ada.admin@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        let found = look.standings(&user.id).await?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for held in &found.direct {
            let scope = if held.whole_tenant() { String::new() } else { held.scope.clone() };
            rows.push(vec![held.role.name.clone(), "=role_direct".to_owned(), scope]);
        }
        for through in &found.through {
            let row = vec![
                through.role.name.clone(),
                "=role_through_group".to_owned(),
                through.group.clone(),
            ];
            rows.push(row);
        }
        for role in &found.eligible {
            rows.push(vec![role.name.clone(), "=role_eligible".to_owned(), String::new()]);
        }
        rows.sort();
        let more = rows.len().saturating_sub(ROWS_MAX);
        let mut facts = vec![(
            "roles".to_owned(),
            if rows.is_empty() { "=none".to_owned() } else { rows.len().to_string() },
        )];
        facts.extend(found.eligible_unread.map(|why| ("eligible".to_owned(), format!("={why}"))));
        rows.truncate(ROWS_MAX);
        let columns = ["role", "role_how", "role_where"].map(str::to_owned).to_vec();
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: user.name,
            subtitle: Some(user.upn.to_string()),
            facts,
            lists: Vec::new(),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            more: u32::try_from(more).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}
