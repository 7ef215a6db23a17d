//! Make somebody an owner of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{
            add_to_group, owners, remove_from_group::RemoveFromGroup,
            remove_group_owner::RemoveGroupOwner,
        },
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, GroupChange, groups},
        plan::{Draft, Note, Step},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Facet, GroupSort},
    },
    ports::world::World,
};

/// Make somebody an owner of a group. Of a Microsoft 365 group they become a member as well:
/// Teams and Outlook show a group only to its members.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddGroupOwner {
    /// Who should own it?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which group? Its name or mail address.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// Nothing but the ownership, for an undo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub alone: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["set", "give", "join", "register"], &["owner", "group"]),
        // "make her an owner": nothing is made anew.
        Frame::of(&["create"], &["owner", "group"]),
    ],
    slots: &[("user", Slot::Person), ("group", Slot::GroupInto)],
    examples: &[
        "make Megan Bowen an owner of the Sales Team group",
        "add megan.bowen@contoso.com as owner of Sales Team",
    ],
};

impl Action for AddGroupOwner {
    const ABOUT: About = About {
        id: "add_group_owner",
        title: "Add a group owner",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::ADD_OWNER, groups::ADD_MEMBER],
        care: Care::Usual,
        undone_by: &["remove_group_owner", "remove_from_group"],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "john.doe@contoso.com".to_owned(),
            group: "Sales Team".to_owned(),
            alone: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        owners::takes_owners(&group)?;
        let found = look::dossier(look, asked, &self.user, &[Facet::Groups]).await?;
        let user = &found.user;
        let owned = owners::of(look, &group).await?;
        if owned.contains(&user.id.guid()) {
            let what = format!("{} owns {} already", user.name, group.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let mut draft = Draft::about(user.to_ref());
        let inside = found.groups.iter().any(|member| member.id == group.id);
        if group.sort == GroupSort::Microsoft365 && !inside && !group.dynamic && !self.alone {
            add_to_group::enter(&mut draft, user, &group);
        }
        owners::own(&mut draft, user, &group);
        if group.role_assignable {
            draft.notes.push(Note::new("group_role_assignable", &[("group", &group.name)]));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let done = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let back = done.filter_map(|(step, _)| {
            let Change::Group(change) = &step.change else { return None };
            let group = change.membership()?.0.known()?.to_string();
            let user = step.change.user()?.known()?.to_string();
            Some(match change {
                GroupChange::AddOwner { .. } => {
                    propose(&RemoveGroupOwner { user, group, owner_comes: false })
                }
                GroupChange::AddMember { .. } => propose(&RemoveFromGroup { user, group }),
                _ => return None,
            })
        });
        back.collect()
    }
}
