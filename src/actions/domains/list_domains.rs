//! List the domains of the tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// List the domains of the tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDomains {
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "ask", "noun"], &["domain"])],
    slots: &[],
    examples: &["list domains", "show me our domains", "please list all domains"],
};

impl Action for ListDomains {
    const ABOUT: About = About {
        id: "list_domains",
        title: "List domains",
        area: Area::Domains,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Domain.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let mut all = look.domains(&asked.tenant).await?;
        all.sort_by_key(|domain| (!domain.default, domain.name.clone()));
        let rows = all.iter().map(|domain| {
            let role = match (domain.default, domain.initial) {
                (true, _) => "=domain_default",
                (_, true) => "=domain_initial",
                _ => "=domain_other",
            };
            vec![
                domain.name.clone(),
                role.to_owned(),
                if domain.verified { "=yes" } else { "=no" }.to_owned(),
                domain.authentication.clone(),
            ]
        });
        let columns = ["domain", "domain_role", "domain_verified", "domain_authentication"];
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: asked.tenant.to_string(),
            columns: &columns,
            rows: rows.collect(),
            page: self.page,
            again: |page| Self { page },
        })))
    }
}
