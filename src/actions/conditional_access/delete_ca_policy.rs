//! Delete a Conditional Access policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    create_ca_policy::CreateCaPolicy,
    policy,
    words::{Names, controls, joined},
};
use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ca_policy::PolicyState,
        change::{Change, PolicyChange, policies::DELETE_POLICY},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Delete a Conditional Access policy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteCaPolicy {
    /// Which policy?
    #[schemars(extend("x-pick" = "policy"))]
    pub policy: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["delete", "take"], &["policy"])],
    slots: &[("policy", Slot::Thing(Sort::Policy))],
    examples: &[
        "delete conditional access policy \"Terms of use for guests\"",
        "remove the CA policy \"Block legacy authentication\"",
        "please delete the policy \"Require MFA for all users\"",
    ],
};

impl Action for DeleteCaPolicy {
    const ABOUT: About = About {
        id: "delete_ca_policy",
        title: "Delete a Conditional Access policy",
        area: Area::ConditionalAccess,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[DELETE_POLICY],
        undone_by: &["create_ca_policy"],
        reads: &["Policy.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { policy: "Terms of use for guests".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = policy(look, asked, &self.policy).await?;
        let names = Names::read(look, asked, &found.definition).await?;
        let gone = |what: &str, before: String| Value::new(what, before, "=none");
        let shown = vec![
            gone("policy_state", found.state.word().to_owned()),
            gone("policy_includes", joined(&names.everybody(&found.definition, "include"))),
            gone("policy_excludes", joined(&names.everybody(&found.definition, "exclude"))),
            gone("policy_asks", controls(&found.definition)),
        ];
        let mut draft = Draft::of(&*found.name);
        if found.state == PolicyState::Enabled {
            draft.notes.push(Note::new("ca_protection_ends", &[("policy", &found.name)]));
        }
        let definition = found.definition;
        let change = PolicyChange::DeletePolicy { policy: found.id, definition };
        draft.step(change, &[("policy", &found.name)], shown);
        Ok(Planned::Changes(draft))
    }

    /// It is made again, with everything it said; only its id is another one.
    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = done.iter().filter_map(|(step, _)| match &step.change {
            Change::Policy(PolicyChange::DeletePolicy { definition, .. }) => Some(CreateCaPolicy {
                definition: Some(definition.clone()),
                ..CreateCaPolicy::sample()
            }),
            _ => None,
        });
        back.map(|mut action| {
            action.display_name = None;
            action.include_groups.clear();
            propose(&action)
        })
        .collect()
    }
}
