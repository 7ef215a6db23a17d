//! Say who somebody's manager is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{AccountChange, Change, accounts},
        ids::UserId,
        plan::{Draft, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Set a user's manager.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetManager {
    /// Whose manager?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Who is it? `NOBODY` takes the manager away.
    #[schemars(extend("x-pick" = "person"))]
    pub manager: String,
}

/// Takes the manager away.
pub const NOBODY: &str = "NOBODY";

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["change", "set", "create"], &["manager_of", "reports_to"])],
    slots: &[("user", Slot::Managed), ("manager", Slot::NewManager)],
    examples: &[
        "change the manager of john.doe@contoso.com to omar.haddad@contoso.com",
        "set John Doe's manager to Omar Haddad",
        "please change John Doe's line manager to Omar Haddad",
    ],
};

impl Action for SetManager {
    const ABOUT: About = About {
        id: "set_manager",
        title: "Set the manager",
        area: Area::Users,
        risk: Risk::Write,
        care: Care::Usual,
        undone_by: &["set_manager"],
        may: &[accounts::SET_MANAGER],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "john.doe@contoso.com".to_owned(),
            manager: "fiona.ledger@contoso.com".to_owned(),
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::user(look, asked, &self.user).await?;
        look::not_synced(&user)?;
        let manager = if self.manager.eq_ignore_ascii_case(NOBODY) {
            None
        } else {
            Some(look::user(look, asked, &self.manager).await?)
        };
        check(&user, manager.as_ref())?;
        let mut draft = Draft::about(user.to_ref());
        step(&mut draft, &user, manager.as_ref());
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let before = changed.filter_map(|(step, run)| {
            let Change::Account(AccountChange::SetManager { user, .. }) = &step.change else {
                return None;
            };
            let user = user.known()?;
            let before = run.before.as_ref()?.value("manager")?;
            let manager = match before.as_str() {
                Some(guid) => {
                    let id: UserId = user.tenant().object(guid.parse().ok()?);
                    id.to_string()
                }
                None => NOBODY.to_owned(),
            };
            Some(propose(&Self { user: user.to_string(), manager }))
        });
        before.collect()
    }
}

/// Nobody is their own manager, and nothing is set twice.
fn check(user: &User, manager: Option<&User>) -> Result<(), Reason> {
    match (manager, &user.manager) {
        (Some(manager), _) if manager.id == user.id => {
            Err(Reason::NotPossible { what: format!("{} cannot be their own manager", user.name) })
        }
        (Some(manager), Some(now)) if now.id == manager.id => Err(Reason::AlreadySo {
            what: format!("{} is the manager of {} already", manager.name, user.name),
        }),
        (None, None) => Err(Reason::AlreadySo { what: format!("{} has no manager", user.name) }),
        _ => Ok(()),
    }
}

/// Adds the step to a draft.
fn step(draft: &mut Draft, user: &User, manager: Option<&User>) {
    let before = user.manager.as_ref().map_or("=nobody", |manager| manager.name.as_str());
    let after = manager.map_or("=nobody", |manager| manager.name.as_str());
    draft.step(
        AccountChange::SetManager {
            user: user.id.clone().into(),
            manager: manager.map(|manager| manager.id.clone()),
        },
        &[("user", &user.name), ("manager", manager.map_or("", |manager| &manager.name))],
        vec![Value::new("manager", before, after)],
    );
}
