//! A contract ends on another day than the directory says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    actions::{
        About, Action, Asked, Planned,
        lifecycle::onboard_user,
        users::update_user::UpdateUser,
        wording::{Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::accounts,
        plan::Step,
        proposal::Proposal,
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Let a contract end on another day.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendContract {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which day is the last?
    #[schemars(extend("x-pick" = "date"))]
    pub end_date: String,
}

/// There is no frame: "extend" says too little by itself, and the interpreter's lifecycle
/// room reads the whole sentence.
const WORDING: Wording = Wording {
    frames: &[],
    slots: &[("user", Slot::Person), ("end_date", Slot::LastDay)],
    examples: &[
        "extend john.doe@contoso.com until 26 February",
        "please extend John Doe's contract until 26 February",
    ],
};

impl Action for ExtendContract {
    const ABOUT: About = About {
        id: "extend_contract",
        title: "Extend a contract",
        area: Area::Lifecycle,
        risk: Risk::Write,
        care: Care::AlwaysApprove,
        may: &[accounts::SET_LEAVE_DATE],
        undone_by: &["update_user"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), end_date: "2099-12-31".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let ends = onboard_user::last_day(&self.end_date, asked, asked.now)?;
        let fields = [("employeeLeaveDateTime".to_owned(), json!(onboard_user::instant(ends)))];
        let update = UpdateUser { user: self.user.clone(), fields: fields.into_iter().collect() };
        let mut planned = update.plan(look, asked).await?;
        if let Planned::Changes(draft) = &mut planned {
            let name = draft.subjects.first().map(|who| who.name.clone()).unwrap_or_default();
            draft.notes.push(onboard_user::ends_then(&name, ends, asked));
        }
        Ok(planned)
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        UpdateUser { user: self.user.clone(), fields: serde_json::Map::new() }.inverse(done)
    }
}
