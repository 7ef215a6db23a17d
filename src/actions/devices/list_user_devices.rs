//! Which devices somebody owns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        devices::Device,
        message::{FactsView, Table},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// List the devices that somebody owns in the directory.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUserDevices {
    /// Whose devices?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// A filter as Microsoft Graph takes it (`OData`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Further properties to show, at most two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "list", "ask", "tell", "noun"], &["device"]).beside(&["everywhere"])
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show the devices of megan.bowen@contoso.com",
        "list the devices of Megan Bowen",
        "list Megan Bowen's devices",
    ],
};

/// Rows shown.
const ROWS_MAX: usize = 50;
/// Columns that a table still has room for.
const COLUMNS_MAX: usize = 2;

impl Action for ListUserDevices {
    const ABOUT: About = About {
        id: "list_user_devices",
        title: "List somebody's devices",
        area: Area::Devices,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["Device.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), filter: None, select: Vec::new() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.select.len() > COLUMNS_MAX {
            return Err(Reason::TooMuch {
                what: format!("a list shows at most {COLUMNS_MAX} further properties"),
            }
            .into());
        }
        let user = look::user(look, asked, &self.user).await?;
        let mut found = look.devices_owned(&user.id, self.filter.as_deref(), &self.select).await?;
        found.sort_by_key(|(device, _)| device.name.to_lowercase());
        let more = found.len().saturating_sub(ROWS_MAX);
        let facts = vec![(
            "devices".to_owned(),
            if found.is_empty() { "=none".to_owned() } else { found.len().to_string() },
        )];
        let row = |(device, asked_for): &(Device, Vec<String>)| {
            let mut row = vec![
                device.name.clone(),
                system(device.system.as_deref(), device.version.as_deref()),
                compliant(device.compliant).to_owned(),
                device.last_seen.map_or_else(String::new, |at| format!("@{at}")),
            ];
            row.extend(asked_for.iter().cloned());
            row
        };
        let rows: Vec<Vec<String>> = found.iter().take(ROWS_MAX).map(row).collect();
        let mut columns: Vec<String> =
            ["name", "system", "compliance", "last_seen"].map(str::to_owned).to_vec();
        columns.extend(self.select.iter().map(|_| "asked_for".to_owned()));
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

/// Name and version.
pub(super) fn system(name: Option<&str>, version: Option<&str>) -> String {
    [name, version].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What the directory was told by whoever manages it.
fn compliant(is: Option<bool>) -> &'static str {
    match is {
        Some(true) => "=compliant",
        Some(false) => "=noncompliant",
        None => "=unmanaged",
    }
}
