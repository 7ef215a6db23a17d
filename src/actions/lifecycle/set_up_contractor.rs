//! Somebody of another company works here for a time: an account with a sponsor and an end.
//!
//! The account waits for the first day as anybody's does, so [`onboard_user`] plans it. What is
//! added: who answers for them and when it ends must be said, and the end is written down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        lifecycle::{
            back,
            onboard_user::{self, OnboardUser},
        },
        wording::{Detail, Side, Slot, Wording},
    },
    domain::{plan::Step, proposal::Proposal, step::StepRun, trouble::Result},
    ports::world::World,
};

/// Set up a contractor.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpContractor {
    /// What is the contractor called?
    pub display_name: String,
    /// Who answers for them here? That person becomes their manager.
    #[schemars(extend("x-pick" = "person"))]
    pub manager: String,
    /// Which day is their last?
    #[schemars(extend("x-pick" = "date"))]
    pub end_date: String,
    /// Which day is their first? Sign-in opens then; at once if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date"))]
    pub start_date: Option<String>,
    /// Which company do they come from?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Job title?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Department?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Office?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Mobile number?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    /// Licences, by part number?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub licenses: Vec<String>,
    /// Groups?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub groups: Vec<String>,
    /// Which sign-in name? The next free one of the name if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// Country of use, two letters? The manager's if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
}

/// There is no frame: who is meant is nobody of the directory, and the interpreter's lifecycle
/// room reads it.
const WORDING: Wording = Wording {
    frames: &[],
    slots: &[
        ("display_name", Slot::Newcomer),
        ("manager", Slot::Detail(Detail::Manager)),
        ("end_date", Slot::LastDay),
        ("start_date", Slot::FirstDay),
        ("company_name", Slot::Detail(Detail::Company)),
        ("job_title", Slot::Detail(Detail::JobTitle)),
        ("department", Slot::Detail(Detail::Department)),
        ("office_location", Slot::Detail(Detail::Office)),
        ("mobile_phone", Slot::Detail(Detail::MobilePhone)),
        ("licenses", Slot::Detail(Detail::Licences)),
        ("groups", Slot::Groups(Side::Within)),
    ],
    examples: &[
        "set up contractor Bob Stone from 1 December until 26 February, manager Samir Nadar, company Northwind",
        "please set up a contractor: Bob Stone from Northwind, until 26 February, reporting to Samir Nadar",
        "New contractor please. Name: Bob Stone. Manager: Samir Nadar. End date: 26 February.",
    ],
};

impl Action for SetUpContractor {
    const ABOUT: About = About {
        id: "set_up_contractor",
        title: "New contractor",
        wording: WORDING,
        ..<OnboardUser as Action>::ABOUT
    };

    fn sample() -> Self {
        Self {
            display_name: "Bob Stone".to_owned(),
            manager: "samir.nadar@contoso.com".to_owned(),
            end_date: "2099-12-31".to_owned(),
            company_name: Some("Northwind".to_owned()),
            department: Some("Sales".to_owned()),
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        onboard_user::said("manager", &self.manager)?;
        onboard_user::said("end_date", &self.end_date)?;
        self.as_joiner().plan(look, asked).await
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        back::back(done)
    }
}

impl SetUpContractor {
    fn as_joiner(&self) -> OnboardUser {
        OnboardUser {
            display_name: self.display_name.clone(),
            upn: self.upn.clone(),
            job_title: self.job_title.clone(),
            department: self.department.clone(),
            manager: Some(self.manager.clone()),
            office_location: self.office_location.clone(),
            mobile_phone: self.mobile_phone.clone(),
            start_date: self.start_date.clone(),
            end_date: Some(self.end_date.clone()),
            licenses: self.licenses.clone(),
            groups: self.groups.clone(),
            company_name: self.company_name.clone(),
            usage_location: self.usage_location.clone(),
            ..OnboardUser::default()
        }
    }
}
