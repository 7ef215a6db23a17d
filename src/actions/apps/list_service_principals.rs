//! List service principals: what acts in the tenant, and from whom it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PRINCIPALS_MAX, publisher};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        page::{self, Paged},
        wording::{Frame, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::Result,
    },
    ports::world::World,
};

/// List the applications that can act in the tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListServicePrincipals {
    /// Only those whose name holds this?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only those that come neither from Microsoft nor from us?
    #[serde(default)]
    pub third_party: bool,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "noun"], &["service_principal"]).beside(&["app"])],
    slots: &[],
    examples: &[
        "list service principals",
        "show me all service principals",
        "please list the service principals of our tenant",
    ],
};

impl Action for ListServicePrincipals {
    const ABOUT: About = About {
        id: "list_service_principals",
        title: "List service principals",
        area: Area::Apps,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { query: None, third_party: false, page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut all = look.principals(&asked.tenant, PRINCIPALS_MAX).await?;
        if let Some(query) = self.query.as_ref().map(|query| query.trim().to_lowercase()) {
            all.retain(|app| app.name.to_lowercase().contains(&query));
        }
        if self.third_party {
            all.retain(|app| app.is_third_party(asked.tenant.guid()));
        }
        all.sort_by_key(|app| app.name.to_lowercase());
        let rows = all.iter().map(|app| {
            vec![
                app.name.clone(),
                publisher(asked, app),
                app.sort.clone(),
                if app.enabled { "=on" } else { "=off" }.to_owned(),
                app.client.to_string(),
            ]
        });
        let columns = ["app", "publisher", "app_sort", "sign_in", "client_id"];
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: self.query.clone().unwrap_or_else(|| asked.tenant.to_string()),
            columns: &columns,
            rows: rows.collect(),
            page: self.page,
            again: |page| Self { page, ..self.clone() },
        })))
    }
}
