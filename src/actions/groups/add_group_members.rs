//! Add many people, devices or groups to a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{
            many::{self, MembersAre, Way},
            remove_group_members::RemoveGroupMembers,
        },
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::groups,
        plan::{Note, Step},
        proposal::Proposal,
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Add several people, devices or groups to one group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddGroupMembers {
    /// To which group? Its name, mail address or object id.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// What are they?
    #[serde(default)]
    pub object_type: MembersAre,
    /// Who, or what, should be added?
    #[schemars(extend("x-pick" = "person"))]
    pub members: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["join", "give"], &["in_bulk", "group"])],
    slots: &[("group", Slot::GroupInto), ("members", Slot::People)],
    examples: &[
        "add Megan Bowen and Alex Wilber to the Sales Team group in one request",
        "bulk add Megan Bowen and Alex Wilber to the Sales Team group",
        "as one request, add Megan Bowen and Alex Wilber to Sales Team",
    ],
};

impl Action for AddGroupMembers {
    const ABOUT: About = About {
        id: "add_group_members",
        title: "Add members to a group",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::ADD_MEMBER, groups::ADD_DEVICE, groups::NEST_GROUP],
        care: Care::Usual,
        undone_by: &["remove_group_members"],
        reads: &["GroupMember.Read.All", "Device.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            group: "VPN Users".to_owned(),
            object_type: MembersAre::Users,
            members: vec!["jane.roe@contoso.com".to_owned(), "omar.haddad@contoso.com".to_owned()],
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        look::takes_members(&group)?;
        let named =
            many::named(look, asked, &group, &self.members, self.object_type, Way::In).await?;
        let mut draft = many::draft(look, &group, named, Way::In).await?;
        if group.role_assignable {
            draft.notes.push(Note::new("group_role_assignable", &[("group", &group.name)]));
        }
        if group.licensed {
            draft.notes.push(Note::new("group_gives_licences", &[("group", &group.name)]));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let (group, members) = many::undone(done);
        let group = group.unwrap_or_else(|| self.group.clone());
        let back = RemoveGroupMembers { group, object_type: self.object_type, members };
        if back.members.is_empty() { Vec::new() } else { vec![propose(&back)] }
    }
}
