//! Make somebody choose a new password at the next sign-in. Nobody is handed one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        passwords_and_security::whose,
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

/// Make somebody choose a new password at the next sign-in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForcePasswordChange {
    /// Whose password?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Only after a second factor?
    #[serde(default)]
    pub with_mfa: bool,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["force", "reset"], &["password", "new_password"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "force a password change for john.doe@contoso.com",
        "force John Doe to change his password at next sign-in",
        "please force a new password at the next logon for John Doe",
    ],
};

impl Action for ForcePasswordChange {
    const ABOUT: About = About {
        id: "force_password_change",
        title: "Force a password change",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &[],
        may: &[passwords::FORCE_NEW_PASSWORD],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), with_mfa: false }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        whose::of_this_directory(&user)?;
        let profile = look.properties(&user.id, &["passwordProfile"]).await?;
        let profile = profile.unwrap_or_default();
        let on = |name: &str| {
            profile.get("passwordProfile").is_some_and(|profile| profile[name] == true)
        };
        let (plain, with_mfa) =
            (on("forceChangePasswordNextSignIn"), on("forceChangePasswordNextSignInWithMfa"));
        if if self.with_mfa { with_mfa } else { plain } {
            let what =
                format!("{} must choose a new password at the next sign-in already", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let word = |must: bool, mfa: bool| match (must, mfa) {
            (_, true) => "=yes_with_mfa",
            (true, false) => "=yes",
            (false, false) => "=no",
        };
        let mut draft = Draft::about(user.to_ref());
        draft
            .step(
                PasswordChange::ForceNewPassword {
                    user: user.id.clone().into(),
                    with_mfa: self.with_mfa,
                },
                &[("user", &user.name)],
                vec![Value::new("must_change", word(plain, with_mfa), word(true, self.with_mfa))],
            )
            .cannot_be_undone("password_chosen");
        draft.notes.push(Note::new("sessions_go_on", &[("user", &user.name)]));
        Ok(Planned::Changes(draft))
    }
}
