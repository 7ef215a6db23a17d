//! Delete somebody's account. For thirty days it can be restored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        users::restore_user::RestoreUser,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, accounts},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::Result,
        users::Facet,
    },
    ports::world::World,
};

/// Delete a user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteUser {
    /// Whose account?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["delete"], &["account"]).beside(&["guest"]),
        Frame::of(&["delete"], &["guest"]).beside(&["account"]),
        Frame::of(&["delete"], &[]),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "delete john.doe@contoso.com",
        "please delete John Doe's account",
        "delete the user account of John Doe",
    ],
};

impl Action for DeleteUser {
    const ABOUT: About = About {
        id: "delete_user",
        title: "Delete a user",
        area: Area::Users,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        undone_by: &["restore_user"],
        may: &[accounts::DELETE_USER],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let facets = [Facet::Licences, Facet::Groups, Facet::Roles];
        let found = look::dossier(look, asked, &self.user, &facets).await?;
        let user = &found.user;
        look::not_synced(user)?;
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            AccountChange::DeleteUser { user: user.id.clone().into() },
            &[("user", &user.name)],
            vec![
                Value::new("account", user.upn.as_str(), "=deleted"),
                Value::new(
                    "sign_in",
                    if user.enabled { "=allowed" } else { "=blocked" },
                    "=blocked",
                ),
            ],
        );
        draft.notes.push(Note::new("deleted_for_thirty_days", &[("user", &user.name)]));
        // "mailbox goes with it" (Graph calls, user.delete).
        if !found.licences.is_empty() {
            let count = found.licences.len().to_string();
            draft
                .notes
                .push(Note::new("mailbox_goes_too", &[("user", &user.name), ("count", &count)]));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let gone = done.iter().filter(|(_, run)| run.state == StepState::Done);
        gone.filter_map(|(step, _)| {
            let user = step.change.user()?.known();
            user.map(|user| propose(&RestoreUser { user: user.to_string(), upn: None }))
        })
        .collect()
    }
}
