//! Take a directory role from somebody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        roles::{assign_role::AssignRole, which},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{RoleChange, roles},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        roles::Standings,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Role, User},
    },
    ports::world::World,
};

/// Remove a directory role that somebody holds by an assignment of their own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveRole {
    /// From whom?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which role? Its name, such as Helpdesk Administrator.
    #[schemars(extend("x-pick" = "role"))]
    pub role: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["take", "leave", "revoke", "stop"], &["role"]).beside(&["access"])],
    slots: &[("user", Slot::Person), ("role", Slot::Thing(Sort::Role))],
    examples: &[
        "remove the Helpdesk Administrator role from megan.bowen@contoso.com",
        "take the User Administrator role away from Megan Bowen",
        "revoke Megan Bowen's Reports Reader role",
    ],
};

/// Microsoft's own name for the role that holds all keys.
const GLOBAL: &str = "Global Administrator";

impl Action for RemoveRole {
    const ABOUT: About = About {
        id: "remove_role",
        title: "Remove a directory role",
        area: Area::Roles,
        risk: Risk::Write,
        may: &[roles::REMOVE_ROLE],
        care: Care::AlwaysApprove,
        undone_by: &["assign_role"],
        reads: &["RoleManagement.Read.Directory", "Directory.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "henry.desk@contoso.com".to_owned(),
            role: "Helpdesk Administrator".to_owned(),
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let role = which::role(look, asked, &self.role).await?;
        let user = look::user(look, asked, &self.user).await?;
        let held = look.standings(&user.id).await?;
        let own = held.direct.iter().find(|own| own.role.id == role.id && own.whole_tenant());
        let Some(own) = own else { return Err(not_held(&user, &role, &held).into()) };
        if role.name == GLOBAL {
            self.not_the_last(look, &user, &role).await?;
        }
        let fields = [("user", user.name.as_str()), ("role", role.name.as_str())];
        let mut draft = Draft::about(user.to_ref());
        if let Some(through) = held.through.iter().find(|through| through.role.id == role.id) {
            let fields = [fields[0], fields[1], ("group", through.group.as_str())];
            draft.notes.push(Note::new("role_stays_through_group", &fields));
        }
        if held.eligible.iter().any(|eligible| eligible.id == role.id) {
            draft.notes.push(Note::new("role_stays_eligible", &fields));
        }
        draft.step(
            RoleChange::RemoveRole {
                user: user.id.clone().into(),
                role: role.id.clone(),
                assignment: own.assignment.clone(),
            },
            &fields,
            vec![Value::new("role", "=assigned", "=not_assigned")],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        let (user, role) = (self.user.clone(), self.role.clone());
        let back = AssignRole { user, role, until: None };
        if changed { vec![propose(&back)] } else { Vec::new() }
    }
}

impl RemoveRole {
    /// Somebody else who can sign in must hold it, or nobody could ever give it again.
    async fn not_the_last(&self, look: &dyn World, user: &User, role: &Role) -> Result<()> {
        let holders = look.holders(&role.id).await?;
        let others = holders.iter().filter(|holder| holder.principal != user.id.guid());
        if others.clone().any(|holder| holder.able) {
            return Ok(());
        }
        Err(Reason::NotPossible {
            what: format!(
                "{} is the last one who holds {GLOBAL} and can sign in; give it to somebody else \
                 first",
                user.name
            ),
        }
        .into())
    }
}

/// Why there is no assignment of their own to take away.
fn not_held(user: &User, role: &Role, held: &Standings) -> Reason {
    if let Some(through) = held.through.iter().find(|through| through.role.id == role.id) {
        return Reason::NotPossible {
            what: format!(
                "{} has {} through the group {}, not by an assignment; take {} out of that group",
                user.name, role.name, through.group, user.name
            ),
        };
    }
    if let Some(scoped) = held.direct.iter().find(|own| own.role.id == role.id) {
        return Reason::NotPossible {
            what: format!(
                "{} has {} only for a part of the tenant ({}); that is changed in the Entra admin \
                 center",
                user.name, role.name, scoped.scope
            ),
        };
    }
    if held.eligible.iter().any(|eligible| eligible.id == role.id) {
        return Reason::NotPossible {
            what: format!(
                "{} does not hold {} now but may activate it; eligible roles are changed in \
                 Privileged Identity Management",
                user.name, role.name
            ),
        };
    }
    Reason::AlreadySo { what: format!("{} does not have the role {}", user.name, role.name) }
}
