//! Take somebody out of a group, or out of all of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::add_to_group::AddToGroup,
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, GroupChange, groups},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Facet, Group, User},
    },
    ports::world::World,
};

/// Remove from a group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFromGroup {
    /// Who should be removed?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// From which group? Its name or mail address, or `ALL`.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["leave", "take", "move"], &["group"])],
    slots: &[("user", Slot::Person), ("group", Slot::GroupOutOf)],
    examples: &[
        "remove megan.bowen@contoso.com from the Sales Team group",
        "take Megan Bowen out of Sales Team",
    ],
};

/// Every group.
pub(in crate::actions) const ALL: &str = "ALL";

/// Those groups whose members are set by hand here; of the others the draft says that
/// somebody stays.
pub(in crate::actions) fn by_hand(draft: &mut Draft, user: &User, groups: &[Group]) -> Vec<Group> {
    let (by_hand, other): (Vec<Group>, Vec<Group>) =
        groups.iter().cloned().partition(|group| look::takes_members(group).is_ok());
    for group in &other {
        let fields = [("user", user.name.as_str()), ("group", group.name.as_str())];
        draft.notes.push(Note::new("group_stays", &fields));
    }
    by_hand
}

/// Drafts the end of one membership.
pub(in crate::actions) fn leave(draft: &mut Draft, user: &User, group: &Group) {
    draft.step(
        GroupChange::RemoveMember {
            group: group.id.clone().into(),
            sort: group.sort,
            user: user.id.clone().into(),
        },
        &[("user", &user.name), ("group", &group.name)],
        vec![Value::new("membership", "=member", "=not_member")],
    );
}

impl Action for RemoveFromGroup {
    const ABOUT: About = About {
        id: "remove_from_group",
        title: "Remove from a group",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::REMOVE_MEMBER],
        care: Care::Usual,
        undone_by: &["add_to_group"],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), group: "Sales Team".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = look::dossier(look, asked, &self.user, &[Facet::Groups]).await?;
        let user = &found.user;
        let mut draft = Draft::about(user.to_ref());
        let leaving: Vec<Group> = if self.group.eq_ignore_ascii_case(ALL) {
            by_hand(&mut draft, user, &found.groups)
        } else {
            let group = look::group(look, asked, &self.group).await?;
            look::takes_members(&group)?;
            if !found.groups.iter().any(|member| member.id == group.id) {
                return Err(Reason::AlreadySo {
                    what: format!("{} is not in {}", user.name, group.name),
                }
                .into());
            }
            vec![group]
        };
        if leaving.is_empty() {
            return Err(Reason::AlreadySo {
                what: format!("{} is in no group that people are added to by hand", user.name),
            }
            .into());
        }
        for group in leaving {
            if group.licensed {
                draft.notes.push(Note::new(
                    "group_takes_licences",
                    &[("user", &user.name), ("group", &group.name)],
                ));
            }
            leave(&mut draft, user, &group);
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let taken = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let groups = taken.filter_map(|(step, _)| match &step.change {
            Change::Group(GroupChange::RemoveMember { group, .. }) => {
                group.known().map(ToString::to_string)
            }
            _ => None,
        });
        let back = |group| AddToGroup { user: self.user.clone(), group, until: None };
        groups.map(|group| propose(&back(group))).collect()
    }
}
