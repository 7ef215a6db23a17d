//! Unlock an account, as far as Microsoft lets anybody.

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
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Unlock an account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockUser {
    /// Whose account?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["unlock"], &["account", "access"]), Frame::of(&["unlock"], &[])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "unlock john.doe@contoso.com",
        "please unlock John Doe's account",
        "can you unlock the account of John Doe",
    ],
};

impl Action for UnlockUser {
    const ABOUT: About = About {
        id: "unlock_user",
        title: "Unlock an account",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &["disable_user"],
        may: &[accounts::ENABLE_SIGN_IN],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "walt.gone@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        let name = &user.name;
        if user.synced {
            return Err(Reason::NotPossible {
                what: format!(
                    "{name} is mastered in Active Directory: a lockout there is lifted there"
                ),
            }
            .into());
        }
        if user.enabled {
            // Graph has no unlock: smart lockout is not exposed (Graph calls, user.unlock).
            return Err(Reason::NotPossible {
                what: format!(
                    "sign-in of {name} is not blocked, and nobody can lift Microsoft's smart \
                     lockout: it ends by itself, after a minute at first; if the password is \
                     forgotten, ask to reset it"
                ),
            }
            .into());
        }
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            AccountChange::EnableSignIn { user: user.id.clone().into() },
            &[("user", name)],
            vec![Value::new("sign_in", "=blocked", "=allowed")],
        );
        draft.notes.push(Note::new("unlock_is_enable", &[("user", name)]));
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        if changed { vec![propose(&DisableUser { user: self.user.clone() })] } else { Vec::new() }
    }
}
