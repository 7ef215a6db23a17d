//! List app registrations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::APPS_MAX;
use crate::{
    actions::{
        About, Action, Asked, Planned,
        page::{self, Paged},
        wording::{Filter, Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::Result,
    },
    ports::world::World,
};

/// List the app registrations of the tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListApps {
    /// Only those whose name holds this?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "noun"], &["app"])],
    slots: &[("query", Slot::Filter(Filter::Words))],
    examples: &["list app registrations", "show me all app registrations", "please list our apps"],
};

impl Action for ListApps {
    const ABOUT: About = About {
        id: "list_apps",
        title: "List app registrations",
        area: Area::Apps,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { query: None, page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut all = look.apps(&asked.tenant, APPS_MAX).await?;
        let own = look.own_client(&asked.tenant);
        if let Some(query) = self.query.as_ref().map(|query| query.trim().to_lowercase()) {
            all.retain(|app| app.name.to_lowercase().contains(&query));
        }
        all.sort_by_key(|app| app.name.to_lowercase());
        let rows = all.iter().map(|app| {
            let made_here = own.is_some_and(|own| app.is_made_by(own));
            vec![
                app.name.clone(),
                app.client.to_string(),
                app.audience.clone(),
                (app.secrets.len() + app.certificates.len()).to_string(),
                if made_here { "=yes" } else { "=no" }.to_owned(),
            ]
        });
        let columns = ["app", "client_id", "audience", "credentials", "made_here"];
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
