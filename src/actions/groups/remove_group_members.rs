//! Take many people, devices or groups out of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{
            add_group_members::AddGroupMembers,
            many::{self, MembersAre, Way},
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

/// Take several people, devices or groups out of one group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveGroupMembers {
    /// Out of which group? Its name, mail address or object id.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
    /// What are they?
    #[serde(default)]
    pub object_type: MembersAre,
    /// Who, or what, should be taken out?
    #[schemars(extend("x-pick" = "person"))]
    pub members: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["leave", "take"], &["in_bulk", "group"])],
    slots: &[("group", Slot::GroupOutOf), ("members", Slot::People)],
    examples: &[
        "remove Megan Bowen and Alex Wilber from the Sales Team group in one request",
        "bulk remove Megan Bowen and Alex Wilber from the Sales Team group",
        "as one request, remove Megan Bowen and Alex Wilber from Sales Team",
    ],
};

impl Action for RemoveGroupMembers {
    const ABOUT: About = About {
        id: "remove_group_members",
        title: "Remove members from a group",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::REMOVE_MEMBER, groups::REMOVE_DEVICE, groups::UNNEST_GROUP],
        care: Care::Usual,
        undone_by: &["add_group_members"],
        reads: &["GroupMember.Read.All", "Device.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            group: "VPN Users".to_owned(),
            object_type: MembersAre::Users,
            members: vec!["john.doe@contoso.com".to_owned(), "tina.tech@contoso.com".to_owned()],
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        look::takes_members(&group)?;
        let named =
            many::named(look, asked, &group, &self.members, self.object_type, Way::Out).await?;
        let mut draft = many::draft(look, &group, named, Way::Out).await?;
        if group.licensed {
            for person in draft.subjects.clone() {
                let fields = [("user", person.name.as_str()), ("group", group.name.as_str())];
                draft.notes.push(Note::new("group_takes_licences", &fields));
            }
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let (group, members) = many::undone(done);
        let group = group.unwrap_or_else(|| self.group.clone());
        let back = AddGroupMembers { group, object_type: self.object_type, members };
        if back.members.is_empty() { Vec::new() } else { vec![propose(&back)] }
    }
}
