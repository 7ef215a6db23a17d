//! Change a Conditional Access policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::{
    STATES, Targets, emergency, policy, refuse_lockout,
    words::{Names, applications, controls, joined},
};
use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Frame, Side, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ca_policy::{CaPolicy, PolicyState, add, locks_everyone_out, texts},
        change::{Change, PolicyChange, policies::UPDATE_POLICY},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Change a Conditional Access policy: its state, its name, whom it applies to and leaves out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCaPolicy {
    /// Which policy?
    #[schemars(extend("x-pick" = "policy"))]
    pub policy: String,
    /// In which state should it be?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PolicyState>,
    /// What should it be called?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Which people does it also apply to?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub include_users: Vec<String>,
    /// Which groups does it also apply to?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub include_groups: Vec<String>,
    /// Which people does it also leave out?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub exclude_users: Vec<String>,
    /// Which groups does it also leave out?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub exclude_groups: Vec<String>,
    /// Which members of the definition, whole, in Microsoft's words? Everything else is then
    /// left out. An undo has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Json>", extend("x-json" = true))]
    pub definition: Option<Map<String, Json>>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(
        &["change", "move", "allow", "block", "switch_on", "switch_off", "exempt", "join", "set"],
        &["policy"],
    )
    .beside(&["group"])],
    slots: &[
        ("policy", Slot::Thing(Sort::Policy)),
        ("state", Slot::Maybe(&Slot::Choice(STATES))),
        ("include_groups", Slot::Groups(Side::Within)),
        ("exclude_groups", Slot::Groups(Side::Without)),
        ("include_users", Slot::Users(Side::Within)),
        ("exclude_users", Slot::Users(Side::Without)),
        ("display_name", Slot::Renamed),
    ],
    examples: &[
        "switch the policy \"Block sign-ins from outside EU\" to enforced",
        "exclude the VPN Users group from the policy \"Require compliant device for Finance\"",
        "set the CA policy \"Terms of use for guests\" to report only",
    ],
};

/// Members that may be set.
const SETTABLE: &[&str] =
    &["displayName", "state", "conditions", "grantControls", "sessionControls", "description"];

impl UpdateCaPolicy {
    /// What it will say, from what it says.
    async fn after(
        &self,
        look: &dyn World,
        asked: &Asked,
        now: &CaPolicy,
    ) -> Result<Map<String, Json>> {
        let mut after = now.definition.clone();
        if let Some(whole) = &self.definition {
            if let Some(name) = whole.keys().find(|name| !SETTABLE.contains(&name.as_str())) {
                let why = format!("{name} is no member of a policy that can be set");
                return Err(Reason::WrongArgument { field: "definition".to_owned(), why }.into());
            }
            after.extend(whole.clone());
            return Ok(after);
        }
        if let Some(state) = self.state {
            after.insert("state".to_owned(), json!(state.wire()));
        }
        if let Some(name) = self.display_name.as_ref().filter(|name| !name.trim().is_empty()) {
            after.insert("displayName".to_owned(), json!(name.trim()));
        }
        let out = Targets::users(look, asked, &self.exclude_users).await?;
        add(&mut after, "excludeUsers", &out.ids);
        let out = Targets::groups(look, asked, &self.exclude_groups).await?;
        add(&mut after, "excludeGroups", &out.ids);
        let more = Targets::users(look, asked, &self.include_users).await?;
        add(&mut after, "includeUsers", &more.ids);
        let more = Targets::groups(look, asked, &self.include_groups).await?;
        add(&mut after, "includeGroups", &more.ids);
        // `None` and somebody do not go together.
        if let Some(Json::Array(users)) = after["conditions"]["users"].get_mut("includeUsers")
            && users.len() > 1
        {
            users.retain(|user| user != "None");
        }
        Ok(after)
    }
}

/// An emergency account that is left out stays left out.
async fn keeps_emergency_out(
    look: &dyn World,
    asked: &Asked,
    now: &CaPolicy,
    after: &Map<String, Json>,
) -> Result<()> {
    let (users, groups) = emergency(look, asked).await?;
    for (list, ids) in [("excludeUsers", users.ids), ("excludeGroups", groups.ids)] {
        let path = ["conditions", "users", list];
        let (before, then) = (texts(&now.definition, &path), texts(after, &path));
        let lost = |id: &&str| before.contains(id) && !then.contains(id);
        if ids.iter().map(String::as_str).any(|id| lost(&id)) {
            let what = format!(
                "{} would apply to an emergency account that it leaves out today; those stay out",
                now.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
    }
    Ok(())
}

/// Only the members that differ.
fn differing(of: &Map<String, Json>, from: &Map<String, Json>) -> Map<String, Json> {
    of.iter()
        .filter(|(name, value)| from.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What a policy says beside whom, which apps and what it asks for.
fn rest(of: &Map<String, Json>) -> String {
    let mut conditions = of.get("conditions").cloned().unwrap_or_default();
    if let Json::Object(conditions) = &mut conditions {
        conditions.retain(|name, value| {
            !["users", "applications"].contains(&name.as_str())
                && !value.is_null()
                && *value != json!([])
        });
    }
    let session = of.get("sessionControls").filter(|session| !session.is_null());
    session.map_or_else(|| conditions.to_string(), |session| format!("{conditions}, {session}"))
}

/// Before → after of everything that changes.
fn values(
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    names: (&Names, &Names),
) -> Vec<Value> {
    let text = |of: &Map<String, Json>, name: &str| {
        of.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    let state = |of: &Map<String, Json>| {
        let state = PolicyState::from_wire(&text(of, "state"));
        state.map_or("=unknown", PolicyState::word).to_owned()
    };
    let side =
        |names: &Names, of: &Map<String, Json>, side: &str| joined(&names.everybody(of, side));
    let (old, new) = names;
    [
        Value::new("policy_state", state(before), state(after)),
        Value::new("policy_name", text(before, "displayName"), text(after, "displayName")),
        Value::new("policy_includes", side(old, before, "include"), side(new, after, "include")),
        Value::new("policy_excludes", side(old, before, "exclude"), side(new, after, "exclude")),
        Value::new("policy_apps", applications(before), applications(after)),
        Value::new("policy_asks", controls(before), controls(after)),
        // Whatever else it says, in Microsoft's words.
        Value::new("policy_conditions", rest(before), rest(after)),
    ]
    .into_iter()
    .filter(|value| value.before != value.after)
    .collect()
}

impl Action for UpdateCaPolicy {
    const ABOUT: About = About {
        id: "update_ca_policy",
        title: "Change a Conditional Access policy",
        area: Area::ConditionalAccess,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[UPDATE_POLICY],
        undone_by: &["update_ca_policy"],
        reads: &["Policy.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            policy: "Block sign-ins from outside EU".to_owned(),
            state: Some(PolicyState::Enabled),
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let now = policy(look, asked, &self.policy).await?;
        let after = self.after(look, asked, &now).await?;
        let set = differing(&after, &now.definition);
        if set.is_empty() {
            let what = format!("{} says so already", now.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        if locks_everyone_out(&after) {
            return Err(refuse_lockout().into());
        }
        keeps_emergency_out(look, asked, &now, &after).await?;
        let was = set
            .keys()
            .filter_map(|name| Some((name.clone(), now.definition.get(name)?.clone())))
            .collect();
        let old = Names::read(look, asked, &now.definition).await?;
        let new = Names::read(look, asked, &after).await?;
        let mut draft = Draft::of(&*now.name);
        let enabled = after.get("state").and_then(Json::as_str) == Some("enabled");
        if enabled {
            let (users, groups) = emergency(look, asked).await?;
            let out = |list: &str| texts(&after, &["conditions", "users", list]);
            let covered = users.ids.iter().all(|id| out("excludeUsers").contains(&id.as_str()))
                && groups.ids.iter().all(|id| out("excludeGroups").contains(&id.as_str()));
            let all = out("includeUsers").contains(&"All");
            if all && !covered {
                draft.notes.push(Note::new("ca_emergency_inside", &[("policy", &now.name)]));
            }
            if all && asked.emergency.is_empty() {
                draft.notes.push(Note::new("ca_no_emergency", &[("policy", &now.name)]));
            }
        }
        let shown = values(&now.definition, &after, (&old, &new));
        let change = PolicyChange::UpdatePolicy { policy: now.id.clone(), set, was };
        draft.step(change, &[("policy", &now.name)], shown);
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = done.iter().filter_map(|(step, _)| match &step.change {
            Change::Policy(PolicyChange::UpdatePolicy { policy, was, .. }) => Some(Self {
                policy: policy.to_string(),
                definition: Some(was.clone()),
                ..Self::default()
            }),
            _ => None,
        });
        back.map(|action| propose(&action)).collect()
    }
}
