//! Allow somebody to sign in again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        users::disable_user::DisableUser,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, accounts},
        plan::{Draft, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Allow sign-in again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableUser {
    /// Whose sign-in should be allowed?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["allow"], &[]),
        Frame::of(&["allow", "switch_on"], &["account", "access"]),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "enable megan.bowen@contoso.com",
        "re-enable Megan Bowen's account",
        "can you turn Megan Bowen's account back on?",
    ],
};

impl Action for EnableUser {
    const ABOUT: About = About {
        id: "enable_user",
        title: "Allow sign-in",
        area: Area::Users,
        risk: Risk::Write,
        may: &[accounts::ENABLE_SIGN_IN],
        care: Care::Usual,
        undone_by: &["disable_user"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "ben.walters@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        look::not_synced(&user)?;
        if user.enabled {
            return Err(
                Reason::AlreadySo { what: format!("{} may sign in already", user.name) }.into()
            );
        }
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            AccountChange::EnableSignIn { user: user.id.into() },
            &[("user", &user.name)],
            vec![Value::new("sign_in", "=blocked", "=allowed")],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        if changed { vec![propose(&DisableUser { user: self.user.clone() })] } else { Vec::new() }
    }
}
