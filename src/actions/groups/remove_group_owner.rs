//! End that somebody owns a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{add_group_owner::AddGroupOwner, owners},
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, GroupChange, groups},
        plan::{Draft, Step},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Take the ownership of a group from somebody, who stays a member if they are one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveGroupOwner {
    /// Who should no longer own it?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which group? Its name or mail address.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// Another owner comes with the same request, for an undo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub owner_comes: bool,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["leave", "take", "delete"], &["owner", "group"])],
    slots: &[("user", Slot::Person), ("group", Slot::GroupOutOf)],
    examples: &[
        "remove Megan Bowen as owner of the Sales Team group",
        "take the ownership of Sales Team away from megan.bowen@contoso.com",
    ],
};

impl Action for RemoveGroupOwner {
    const ABOUT: About = About {
        id: "remove_group_owner",
        title: "Remove a group owner",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::REMOVE_OWNER],
        care: Care::Usual,
        undone_by: &["add_group_owner"],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "olga.depot@contoso.com".to_owned(),
            group: "Remote Workers".to_owned(),
            owner_comes: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        owners::takes_owners(&group)?;
        let user = look::user(look, asked, &self.user).await?;
        let owned = owners::of(look, &group).await?;
        if !owned.contains(&user.id.guid()) {
            let what = format!("{} does not own {}", user.name, group.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        if owned.len() == 1 && !self.owner_comes {
            let what = format!(
                "{} is the only owner of {}, and Microsoft keeps the last one; make somebody else \
                 an owner first",
                user.name, group.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
        let mut draft = Draft::about(user.to_ref());
        owners::disown(&mut draft, &user, &group);
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let done = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let groups = done.filter_map(|(step, _)| match &step.change {
            Change::Group(GroupChange::RemoveOwner { group, .. }) => {
                group.known().map(ToString::to_string)
            }
            _ => None,
        });
        let back = |group| AddGroupOwner { user: self.user.clone(), group, alone: true };
        groups.map(|group| propose(&back(group))).collect()
    }
}
