//! Give the page on which an administrator consents to an app of ours.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{app, ours, wants};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::FactsView,
        trouble::Result,
    },
    ports::world::World,
};

/// Give the link with which an administrator grants an app what it asks for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareConsent {
    /// For which app?
    #[schemars(extend("x-pick" = "app"))]
    pub app: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["create", "give", "tell", "issue", "want"], &["consent"]).beside(&["app"])
    ],
    slots: &[("app", Slot::Thing(Sort::App))],
    examples: &[
        "create the consent link for the Expense Portal app",
        "give me the admin consent link for the Expense Portal app",
        "I need the admin consent link for the app Payroll Connector",
    ],
};

impl Action for PrepareConsent {
    const ABOUT: About = About {
        id: "prepare_consent",
        title: "Prepare a consent link",
        area: Area::Apps,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { app: "Countersign".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = app(look, asked, &self.app).await?;
        // Our own registration may be consented to as well; nobody else's is advertised.
        if look.own_client(&asked.tenant) != Some(found.client) {
            ours(look, asked, &found)?;
        }
        let link = look.consent_page(&asked.tenant, found.client, None);
        let asks = wants(look, asked, &found).await?;
        let holders = look.principals(&asked.tenant, super::PRINCIPALS_MAX).await?;
        let there = holders.iter().any(|principal| principal.client == found.client);
        let lists = vec![("permissions".to_owned(), asks)];
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: found.name.clone(),
            subtitle: Some(found.client.to_string()),
            facts: vec![
                ("consent_page".to_owned(), link),
                ("consent_who".to_owned(), "=global_administrator".to_owned()),
                ("consent_given".to_owned(), if there { "=yes" } else { "=no" }.to_owned()),
            ],
            lists: lists.into_iter().filter(|(_, names)| !names.is_empty()).collect(),
            table: None,
            more: 0,
            next: None,
        }))
    }
}
