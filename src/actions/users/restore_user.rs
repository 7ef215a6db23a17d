//! Bring a deleted account back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        users::delete_user::DeleteUser,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, accounts},
        ids::Upn,
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
        users::Who,
    },
    ports::{people::Deleted, world::World},
};

/// Restore a deleted user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreUser {
    /// Who was deleted? The sign-in name, the name or the object id.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Another sign-in name, if the old one is taken?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["restore"], &["deleted_user"])],
    slots: &[("user", Slot::Address)],
    examples: &[
        "restore the deleted user petra.former@contoso.com",
        "please undelete the deleted account petra.former@contoso.com",
        "recover the deleted user petra.former@contoso.com",
    ],
};

impl Action for RestoreUser {
    const ABOUT: About = About {
        id: "restore_user",
        title: "Restore a deleted user",
        area: Area::Users,
        risk: Risk::Write,
        care: Care::AlwaysApprove,
        undone_by: &["delete_user"],
        may: &[accounts::RESTORE_USER],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "petra.former@contoso.com".to_owned(), upn: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let deleted = look.deleted(&asked.tenant, &self.user).await?;
        let gone = match deleted.as_slice() {
            [] => return Err(self.nobody(look, asked).await?.into()),
            [one] => one,
            several => return Err(which(&self.user, several)),
        };
        let person = &gone.person;
        let wanted: Option<Upn> =
            self.upn.as_deref().map(str::parse).transpose().map_err(Reason::from)?;
        let upn = wanted.as_ref().unwrap_or(&person.upn);
        if !look.is_free(&asked.tenant, upn).await? {
            return Err(Reason::NotPossible {
                what: format!(
                    "somebody else signs in as {upn} now; say which sign-in name {} gets instead",
                    person.name
                ),
            }
            .into());
        }
        let mut draft = Draft::about(person.clone());
        let mut values = vec![Value::new("account", "=deleted", upn.as_str())];
        if let Some(at) = gone.at {
            values.push(Value::new("deleted_at", format!("@{at}"), "=none"));
        }
        draft.step(
            AccountChange::RestoreUser { user: person.id.clone(), upn: wanted.clone() },
            &[("user", &person.name)],
            values,
        );
        draft.notes.push(Note::new("restored_as_it_was", &[("user", &person.name)]));
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = done.iter().filter(|(_, run)| run.state == StepState::Done);
        back.filter_map(|(_, run)| run.outputs.get(crate::domain::change::MADE))
            .map(|id| propose(&DeleteUser { user: id.clone() }))
            .collect()
    }
}

impl RestoreUser {
    /// Why nobody was found: the account is there, or Microsoft does not keep it any more.
    async fn nobody(&self, look: &dyn World, asked: &Asked) -> Result<Reason> {
        if let Ok(upn) = self.user.parse::<Upn>()
            && let Some(user) = look.user(&Who::Upn(asked.tenant.clone(), upn)).await?
        {
            return Ok(Reason::AlreadySo { what: format!("{} is not deleted", user.name) });
        }
        Ok(Reason::NotPossible {
            what: format!(
                "{} is not among the deleted users: Microsoft keeps them for 30 days",
                self.user
            ),
        })
    }
}

/// Several people of one name were deleted.
fn which(said: &str, several: &[Deleted]) -> Trouble {
    let choice = |gone: &Deleted| Choice {
        value: gone.person.id.to_string(),
        label: gone.person.name.clone(),
        detail: match gone.at {
            Some(at) => format!("{}, deleted {}", gone.person.upn, at.strftime("%-d %B %Y")),
            None => gone.person.upn.to_string(),
        },
    };
    Trouble::Unclear {
        argument: "user".to_owned(),
        question: Question {
            ask: Ask::WhichPerson,
            said: Some(said.chars().take(80).collect()),
            choices: several.iter().take(10).map(choice).collect(),
        },
    }
}
