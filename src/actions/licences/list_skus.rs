//! The licences of the tenant, and how many seats are free.

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
        users::Sku,
    },
    ports::world::World,
};

/// List the tenant's licences.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSkus {
    /// Which licence? All if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "licence"))]
    pub license: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask", "tell"], &["seats"])
        .beside(&["licence", "all_licences"])],
    slots: &[("license", Slot::Maybe(&Slot::Licence))],
    examples: &["show our licences", "list the free seats", "show me the available licences"],
};

/// A card shows at most this many licences, and of one licence as many services.
const ROWS_MAX: usize = 50;

impl Action for ListSkus {
    const ABOUT: About = About {
        id: "list_skus",
        title: "List licences and seats",
        area: Area::Licences,
        risk: Risk::Read,
        care: Care::Usual,
        undone_by: &[],
        may: &[],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { license: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut skus = match self.license.as_deref() {
            Some(said) if !said.eq_ignore_ascii_case("ALL") => {
                vec![look::sku(look, asked, said).await?]
            }
            _ => look.skus(&asked.tenant).await?,
        };
        skus.sort_by(|a, b| a.name.cmp(&b.name));
        let row = |sku: &Sku| {
            vec![
                sku.name.clone(),
                sku.part_number.clone(),
                sku.seats.to_string(),
                sku.used.to_string(),
                sku.free().to_string(),
            ]
        };
        let columns = ["licence", "part_number", "seats", "used", "free"];
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: match skus.as_slice() {
                [one] => one.name.clone(),
                _ => "=all_licences".to_owned(),
            },
            subtitle: None,
            facts: Vec::new(),
            lists: match skus.as_slice() {
                [one] if !one.services.is_empty() => vec![("services".to_owned(), services(one))],
                _ => Vec::new(),
            },
            table: Some(Table {
                columns: columns.map(str::to_owned).to_vec(),
                rows: skus.iter().take(ROWS_MAX).map(row).collect(),
            }),
            more: u32::try_from(skus.len().saturating_sub(ROWS_MAX)).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}

/// What is inside, by the names people know.
fn services(sku: &Sku) -> Vec<String> {
    let mut names: Vec<String> = sku.services.iter().map(|own| own.name.clone()).collect();
    names.sort();
    let more = names.len().saturating_sub(ROWS_MAX);
    names.truncate(ROWS_MAX);
    if more > 0 {
        names.push(format!("+{more}"));
    }
    names
}
