//! Set a new, generated password.

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
        plan::{Draft, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Set a new, generated password.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// Whose password?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Must they choose their own at the next sign-in?
    #[serde(default = "yes")]
    pub force_change: bool,
}

fn yes() -> bool {
    true
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["reset"], &["password", "new_password"]).beside(&["mailbox"]),
        Frame::of(&["forgot", "remind"], &["password", "new_password"]).beside(&["mailbox"]),
        Frame::of(&["noun", "issue", "give", "want", "set", "create"], &["new_password"]),
    ],
    slots: &[("user", Slot::Person), ("force_change", Slot::ChangeAtSignIn)],
    examples: &[
        "reset the password for john.doe@contoso.com",
        "John Doe forgot his password",
        "temp password for John Doe please",
    ],
};

impl Action for ResetPassword {
    const ABOUT: About = About {
        id: "reset_password",
        title: "Reset password",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        may: &[passwords::SET_PASSWORD],
        care: Care::Usual,
        undone_by: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), force_change: true }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        if user.synced {
            // `resetPassword` with writeback has no application permission (Graph permissions, August 2026).
            return Err(Reason::NotPossible {
                what: format!(
                    "{} is mastered in Active Directory, and Microsoft offers no way for an app to write a password back there; reset it in Active Directory",
                    user.name
                ),
            }
            .into());
        }
        if user.guest {
            return Err(Reason::NotPossible {
                what: format!(
                    "{} is a guest: the password is held by their own organisation",
                    user.name
                ),
            }
            .into());
        }
        let delivery = look::delivery(asked, &user)?;
        let mut draft = Draft::about(user.to_ref());
        let must_change = if self.force_change { "=yes" } else { "=no" };
        draft
            .step(
                PasswordChange::SetPassword {
                    user: user.id.into(),
                    must_change: self.force_change,
                    delivery,
                },
                &[("user", &user.name)],
                vec![
                    Value::new("password", "=unchanged_unknown", "=new_generated"),
                    Value::new("must_change", "=unknown", must_change),
                ],
            )
            .cannot_be_undone("password_replaced");
        Ok(Planned::Changes(draft))
    }
}
