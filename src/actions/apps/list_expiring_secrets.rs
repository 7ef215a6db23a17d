//! List client secrets and certificates that end soon, or have ended.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{APPS_MAX, app};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        page::{self, Paged},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        apps::{App, Credential},
        area::{Area, Care, Risk},
        trouble::Result,
    },
    ports::world::World,
};

/// List client secrets and certificates of apps that end soon.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListExpiringSecrets {
    /// Within how many days?
    #[serde(default = "a_month")]
    pub days: u32,
    /// Of which app only?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "app"))]
    pub app: Option<String>,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

/// When nothing is said.
fn a_month() -> u32 {
    30
}

/// Nothing lives longer.
const DAYS_MAX: u32 = 36_500;

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "ask", "revoke"], &["secret"]).beside(&["app"])],
    slots: &[("days", Slot::Maybe(&Slot::Number)), ("app", Slot::Maybe(&Slot::Thing(Sort::App)))],
    examples: &[
        "which app secrets expire in the next 30 days",
        "list expiring client secrets",
        "show me the app secrets that expire within 60 days",
    ],
};

/// One credential with its app.
struct Line<'a> {
    app: &'a App,
    sort: &'static str,
    credential: &'a Credential,
    ends: Timestamp,
}

fn lines(app: &App) -> impl Iterator<Item = Line<'_>> {
    let secrets = app.secrets.iter().map(|credential| ("=client_secret", credential));
    let certificates = app.certificates.iter().map(|credential| ("=certificate", credential));
    secrets.chain(certificates).filter_map(move |(sort, credential)| {
        Some(Line { app, sort, credential, ends: credential.ends? })
    })
}

impl Action for ListExpiringSecrets {
    const ABOUT: About = About {
        id: "list_expiring_secrets",
        title: "List app secrets that end soon",
        area: Area::Apps,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { days: 30, app: None, page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let apps = match &self.app {
            Some(said) => vec![app(look, asked, said).await?],
            None => look.apps(&asked.tenant, APPS_MAX).await?,
        };
        let days = i64::from(self.days.min(DAYS_MAX));
        let until = asked.now.saturating_add(SignedDuration::from_hours(24 * days));
        let until = until.unwrap_or(Timestamp::MAX);
        let mut found: Vec<Line<'_>> =
            apps.iter().flat_map(lines).filter(|line| line.ends <= until).collect();
        found.sort_by_key(|line| line.ends);
        let rows = found.iter().map(|line| {
            let left = line.ends.duration_since(asked.now).as_hours().div_euclid(24);
            vec![
                line.app.name.clone(),
                line.sort.to_owned(),
                line.credential.name.clone().unwrap_or_else(|| "=none".to_owned()),
                format!("@{}", line.ends),
                if left < 0 { "=ended".to_owned() } else { left.to_string() },
            ]
        });
        let columns = ["app", "credential_sort", "credential", "ends", "days_left"];
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: self.app.clone().unwrap_or_else(|| asked.tenant.to_string()),
            columns: &columns,
            rows: rows.collect(),
            page: self.page,
            again: |page| Self { page, ..self.clone() },
        })))
    }
}
