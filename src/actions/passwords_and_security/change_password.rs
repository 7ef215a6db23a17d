//! Change a password from the old one to a new one: only the person can, and the answer
//! says so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Change a password, old to new.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Whose password?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Read and dropped: a password is never kept here.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub current_password: Option<IgnoredAny>,
    /// Read and dropped, like the other one.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub new_password: Option<IgnoredAny>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["change", "reset"], &["old_password"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "change the current password of john.doe@contoso.com",
        "change John Doe's old password to another one",
        "please change John Doe's existing password",
    ],
};

impl Action for ChangePassword {
    const ABOUT: About = About {
        id: "change_password",
        title: "Change a password, old to new",
        area: Area::PasswordsAndSecurity,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &[],
        may: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), current_password: None, new_password: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.current_password.is_some() || self.new_password.is_some() {
            return Err(Reason::TypedPassword.into());
        }
        let user = look::user(look, asked, &self.user).await?;
        // `changePassword` has no application permission (Graph permissions, August 2026).
        Err(Reason::NotPossible {
            what: format!(
                "Microsoft lets only {name} change the password with the old one, at \
                 https://mysignins.microsoft.com; ask \"make {name} choose a new password at the \
                 next sign-in\", or for a reset if the old one is forgotten",
                name = user.name
            ),
        }
        .into())
    }
}
