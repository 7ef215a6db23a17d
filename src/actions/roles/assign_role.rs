//! Give somebody a directory role.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, for_a_while, look, propose,
        roles::{remove_role::RemoveRole, which},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{RoleChange, roles},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Assign a directory role for the whole tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRole {
    /// To whom?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which role? Its name, such as Helpdesk Administrator.
    #[schemars(extend("x-pick" = "role"))]
    pub role: String,
    /// Until when, if not for good? It does not end by itself; the card says what to ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub until: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["give", "join", "create", "set", "want", "noun"], &["role"])
        .beside(&["access", "full_access"])],
    slots: &[("user", Slot::Person), ("role", Slot::Thing(Sort::Role)), ("until", Slot::While)],
    examples: &[
        "assign the Helpdesk Administrator role to megan.bowen@contoso.com",
        "make Megan Bowen a User Administrator",
        "give Megan Bowen the Reports Reader role",
        "give Megan Bowen the Reports Reader role until 2026-12-18",
    ],
};

impl Action for AssignRole {
    const ABOUT: About = About {
        id: "assign_role",
        title: "Assign a directory role",
        area: Area::Roles,
        risk: Risk::Destructive,
        may: &[roles::ASSIGN_ROLE],
        care: Care::AlwaysApprove,
        undone_by: &["remove_role"],
        reads: &["RoleManagement.Read.Directory", "Directory.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "jane.roe@contoso.com".to_owned(),
            role: "Reports Reader".to_owned(),
            until: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let role = which::role(look, asked, &self.role).await?;
        let user = look::user(look, asked, &self.user).await?;
        let held = look.standings(&user.id).await?;
        if held.direct.iter().any(|held| held.role.id == role.id && held.whole_tenant()) {
            return Err(Reason::AlreadySo {
                what: format!("{} has the role {}", user.name, role.name),
            }
            .into());
        }
        let mut draft = Draft::about(user.to_ref());
        let fields = [("user", user.name.as_str()), ("role", role.name.as_str())];
        if let Some(through) = held.through.iter().find(|through| through.role.id == role.id) {
            let fields = [fields[0], fields[1], ("group", through.group.as_str())];
            draft.notes.push(Note::new("role_through_group", &fields));
        }
        if held.eligible.iter().any(|eligible| eligible.id == role.id) {
            draft.notes.push(Note::new("role_eligible_now", &fields));
        }
        if role.privileged {
            draft.notes.push(Note::new("role_privileged", &fields));
        }
        if let Some(until) = &self.until {
            let day = for_a_while::day(until, asked)?.to_string();
            let fields = [fields[0], fields[1], ("date", day.as_str())];
            draft.notes.push(Note::new("role_ends_by_hand", &fields));
        } else if !role.privileged {
            draft.notes.push(Note::new("role_without_end", &fields));
        }
        if user.guest {
            draft.notes.push(Note::new("role_to_guest", &fields));
        }
        draft.step(
            RoleChange::AssignRole { user: user.id.clone().into(), role: role.id },
            &fields,
            vec![Value::new("role", "=not_assigned", "=assigned")],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        let back = RemoveRole { user: self.user.clone(), role: self.role.clone() };
        if changed { vec![propose(&back)] } else { Vec::new() }
    }
}
