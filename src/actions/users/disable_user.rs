//! Block somebody's sign-in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        users::enable_user::EnableUser,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, accounts},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Block sign-in to all services.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableUser {
    /// Whose sign-in should be blocked?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["block"], &[]),
        Frame::of(&["block", "switch_off", "kill"], &["account", "access"]),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "disable megan.bowen@contoso.com",
        "please block sign-in for Megan Bowen",
        "Megan Bowen's account needs to be suspended",
        "lock his account: megan.bowen@contoso.com",
    ],
};

impl Action for DisableUser {
    const ABOUT: About = About {
        id: "disable_user",
        title: "Block sign-in",
        area: Area::Users,
        risk: Risk::Destructive,
        may: &[accounts::DISABLE_SIGN_IN],
        care: Care::Usual,
        undone_by: &["enable_user"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        look::not_synced(&user)?;
        if !user.enabled {
            return Err(
                Reason::AlreadySo { what: format!("{} is blocked already", user.name) }.into()
            );
        }
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            AccountChange::DisableSignIn { user: user.id.into() },
            &[("user", &user.name)],
            vec![Value::new("sign_in", "=allowed", "=blocked")],
        );
        draft.notes.push(Note::new("sessions_live_on", &[("user", &user.name)]));
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        if changed { vec![propose(&EnableUser { user: self.user.clone() })] } else { Vec::new() }
    }
}
