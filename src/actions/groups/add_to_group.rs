//! Add somebody to a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, for_a_while,
        groups::remove_from_group::RemoveFromGroup,
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{GroupChange, groups},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::{Facet, Group, User},
    },
    ports::world::World,
};

/// Add to a group: security, Microsoft 365, distribution or mail-enabled security.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddToGroup {
    /// Who should be added?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// To which group? Its name or mail address.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// Until when, if not for good? It ends by itself then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub until: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["join", "give", "want", "move", "noun"], &["group"]).beside(&["members"])],
    slots: &[("user", Slot::Person), ("group", Slot::GroupInto), ("until", Slot::While)],
    examples: &[
        "add megan.bowen@contoso.com to the Sales Team group",
        "put Megan Bowen in Sales Team",
        "add Megan Bowen to Sales Team until 2026-12-18",
    ],
};

/// Drafts a membership.
pub(in crate::actions) fn enter(draft: &mut Draft, user: &User, group: &Group) {
    draft.step(
        GroupChange::AddMember {
            group: group.id.clone().into(),
            sort: group.sort,
            user: user.id.clone().into(),
        },
        &[("user", &user.name), ("group", &group.name)],
        vec![Value::new("membership", "=not_member", "=member")],
    );
}

impl Action for AddToGroup {
    const ABOUT: About = About {
        id: "add_to_group",
        title: "Add to a group",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::ADD_MEMBER, groups::REMOVE_MEMBER],
        care: Care::Usual,
        undone_by: &["remove_from_group"],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "john.doe@contoso.com".to_owned(),
            group: "Marketing Team".to_owned(),
            until: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        look::takes_members(&group)?;
        let found = look::dossier(look, asked, &self.user, &[Facet::Groups]).await?;
        let user = &found.user;
        if found.groups.iter().any(|member| member.id == group.id) {
            return Err(Reason::AlreadySo {
                what: format!("{} is in {} already", user.name, group.name),
            }
            .into());
        }
        let mut draft = Draft::about(user.to_ref());
        enter(&mut draft, user, &group);
        let back = GroupChange::RemoveMember {
            group: group.id.into(),
            sort: group.sort,
            user: user.id.clone().into(),
        };
        for_a_while::ends(&mut draft, self.until.as_deref(), asked, back)?;
        if group.role_assignable {
            draft.notes.push(Note::new("group_role_assignable", &[("group", &group.name)]));
        }
        if group.licensed {
            draft.notes.push(Note::new("group_gives_licences", &[("group", &group.name)]));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = RemoveFromGroup { user: self.user.clone(), group: self.group.clone() };
        if for_a_while::lasts(done) { vec![propose(&back)] } else { Vec::new() }
    }
}
