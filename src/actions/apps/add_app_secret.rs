//! Give an app of ours one more client secret.

use jiff::{SignedDuration, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{app, delivery, ours};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AppChange, apps::ADD_APP_SECRET},
        plan::{Draft, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Add a client secret to an app that was registered here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAppSecret {
    /// To which app?
    #[schemars(extend("x-pick" = "app"))]
    pub app: String,
    /// What is the secret called?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// For how many months is it valid, 1 to 24?
    #[serde(default = "half_a_year")]
    pub lifetime_months: u32,
}

/// Microsoft recommends at most six months (learn.microsoft.com/entra, app credentials).
fn half_a_year() -> u32 {
    6
}

/// The portal offers no longer one.
const MONTHS_MAX: u32 = 24;

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["create", "noun", "give", "want", "issue", "join"], &["secret"])
        .beside(&["app"])],
    slots: &[
        ("app", Slot::Thing(Sort::App)),
        ("lifetime_months", Slot::Maybe(&Slot::Number)),
        ("display_name", Slot::Label),
    ],
    examples: &[
        "new client secret for the Expense Portal app, valid 12 months",
        "add a client secret to the app Payroll Connector",
        "create a new app secret for Expense Portal",
    ],
};

impl Action for AddAppSecret {
    const ABOUT: About = About {
        id: "add_app_secret",
        title: "Add a client secret",
        area: Area::Apps,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[ADD_APP_SECRET],
        undone_by: &[],
        reads: &["Application.Read.All"],
        wording: WORDING,
    };

    /// Plans well once an app of this name was registered here.
    fn sample() -> Self {
        Self { app: "Badge Printer".to_owned(), display_name: None, lifetime_months: 6 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if !(1..=MONTHS_MAX).contains(&self.lifetime_months) {
            return Err(Reason::WrongArgument {
                field: "lifetime_months".to_owned(),
                why: format!("a secret is valid for 1 to {MONTHS_MAX} months"),
            }
            .into());
        }
        let found = app(look, asked, &self.app).await?;
        ours(look, asked, &found)?;
        let today = asked.now.to_zoned(TimeZone::UTC);
        let months = jiff::Span::new().months(i64::from(self.lifetime_months));
        let ends = today.checked_add(months).map_or_else(
            |_| asked.now + SignedDuration::from_hours(24 * 30),
            |ends| ends.timestamp(),
        );
        // To the second: that is how Graph keeps it.
        let ends = jiff::Timestamp::from_second(ends.as_second()).unwrap_or(ends);
        let given = self.display_name.as_ref().map(|name| name.trim().to_owned());
        let name = given
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("countersign {}", today.strftime("%Y-%m-%d %H:%M")));
        let there =
            found.secrets.iter().filter(|secret| secret.ends.is_none_or(|ends| ends > asked.now));
        let mut draft = Draft::of(&*found.name);
        draft
            .step(
                AppChange::AddAppSecret {
                    app: found.id.clone(),
                    name: name.clone(),
                    ends,
                    delivery: delivery(asked),
                },
                &[("app", &found.name)],
                vec![
                    Value::new("client_secret", "=none", name),
                    Value::new("valid_until", "=none", format!("@{ends}")),
                    Value::new(
                        "client_secrets",
                        there.clone().count().to_string(),
                        (there.count() + 1).to_string(),
                    ),
                ],
            )
            .cannot_be_undone("app_secret_lives");
        Ok(Planned::Changes(draft))
    }
}
