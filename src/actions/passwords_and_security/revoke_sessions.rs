//! Sign somebody out everywhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{PasswordChange, passwords},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Sign out everywhere: sessions and refresh tokens end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeSessions {
    /// Who should be signed out?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["revoke", "kill", "reset"], &["sessions"]).beside(&["device"]),
        Frame::of(&["sign_out"], &["sessions", "everywhere"]).beside(&["device"]),
        Frame::of(&["sign_out"], &[]).beside(&["device"]),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "sign megan.bowen@contoso.com out everywhere",
        "revoke all sessions of Megan Bowen",
        "kick Megan Bowen out of all sessions",
    ],
};

impl Action for RevokeSessions {
    const ABOUT: About = About {
        id: "revoke_sessions",
        title: "Sign out everywhere",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        may: &[passwords::REVOKE_SESSIONS],
        care: Care::Usual,
        undone_by: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        if user.guest {
            // revokeSignInSessions "doesn't work for external users" (Graph documentation of the action).
            return Err(Reason::NotPossible {
                what: format!(
                    "{} is a guest: Microsoft cannot end the sessions of external users",
                    user.name
                ),
            }
            .into());
        }
        let mut draft = Draft::about(user.to_ref());
        draft
            .step(
                PasswordChange::RevokeSessions { user: user.id.into() },
                &[("user", &user.name)],
                vec![Value::new("sessions", "=valid", "=ended")],
            )
            .cannot_be_undone("sessions_ended");
        draft.notes.push(Note::new("revoking_takes_minutes", &[("user", &user.name)]));
        Ok(Planned::Changes(draft))
    }
}
