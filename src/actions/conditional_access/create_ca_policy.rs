//! Make a Conditional Access policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::{
    STATES, Targets,
    delete_ca_policy::DeleteCaPolicy,
    emergency, refuse_lockout,
    words::{Names, applications, controls, joined},
};
use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Detail, Frame, Side, Slot, Value as Words, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        ca_policy::{Grant, PolicyState, add, covers, locks_everyone_out, texts},
        change::{MADE, PolicyChange, policies::CREATE_POLICY},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Make a Conditional Access policy, in report-only mode unless you say otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCaPolicy {
    /// What is it called?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// In which state?
    #[serde(default = "report_only")]
    pub state: PolicyState,
    /// What does it ask for?
    #[serde(default = "mfa")]
    pub grant: Grant,
    /// Which people? `all` means everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub include_users: Vec<String>,
    /// Which groups?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub include_groups: Vec<String>,
    /// Which people are left out?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub exclude_users: Vec<String>,
    /// Which groups are left out?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub exclude_groups: Vec<String>,
    /// Which applications, by client id? All of them if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<String>,
    /// A description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The whole definition in Microsoft's words? Everything else is then left out. An undo
    /// has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Json>", extend("x-json" = true))]
    pub definition: Option<Map<String, Json>>,
}

fn report_only() -> PolicyState {
    PolicyState::ReportOnly
}

fn mfa() -> Grant {
    Grant::Mfa
}

const GRANTS: &[Words] = &[
    ("mfa", &["mfa", "multi factor", "multifactor", "two factor", "2fa"]),
    ("block", &["block", "blocks", "blocked", "blocking"]),
    ("compliant_device", &["compliant device", "compliant devices", "compliance"]),
];

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["create", "set"], &["policy"]).beside(&["group", "mfa", "device"])],
    slots: &[
        ("display_name", Slot::Maybe(&Slot::Name)),
        ("state", Slot::Maybe(&Slot::Choice(STATES))),
        ("grant", Slot::Maybe(&Slot::Choice(GRANTS))),
        ("include_groups", Slot::Groups(Side::Within)),
        ("exclude_groups", Slot::Groups(Side::Without)),
        ("include_users", Slot::Users(Side::Within)),
        ("exclude_users", Slot::Users(Side::Without)),
        ("description", Slot::Detail(Detail::Description)),
    ],
    examples: &[
        "new ca policy \"Require MFA for Sales\" in report only mode",
        "create a conditional access policy \"Block Finance\" that blocks the Finance Restricted group",
        "set up a CA policy \"Compliant devices\" requiring a compliant device for the VPN Users group",
    ],
};

impl CreateCaPolicy {
    /// The definition from the arguments, and the names in it.
    async fn draft(&self, look: &dyn World, asked: &Asked) -> Result<Map<String, Json>> {
        let everybody = |said: &String| {
            ["all", "all users", "everyone", "everybody"]
                .contains(&said.trim().to_lowercase().as_str())
        };
        let all = self.include_users.iter().any(everybody);
        let named: Vec<String> =
            self.include_users.iter().filter(|said| !everybody(said)).cloned().collect();
        let mut users = Targets::users(look, asked, &named).await?;
        if all {
            users.ids = vec!["All".to_owned()];
        }
        let groups = Targets::groups(look, asked, &self.include_groups).await?;
        if users.ids.is_empty() && groups.ids.is_empty() {
            return Err(Reason::WrongArgument {
                field: "include_groups".to_owned(),
                why: "it does not say whom the policy applies to: name groups or people, or say \
                      all users"
                    .to_owned(),
            }
            .into());
        }
        let (safe_users, safe_groups) = emergency(look, asked).await?;
        let mut out_users = Targets::users(look, asked, &self.exclude_users).await?.ids;
        out_users.extend(safe_users.ids);
        let mut out_groups = Targets::groups(look, asked, &self.exclude_groups).await?.ids;
        out_groups.extend(safe_groups.ids);
        let applications = if self.applications.is_empty() {
            vec!["All".to_owned()]
        } else {
            self.applications.clone()
        };
        let Json::Object(mut definition) = json!({
            "displayName": self.name(),
            "state": self.state.wire(),
            "conditions": {
                "applications": { "includeApplications": applications },
                "users": { "includeUsers": users.ids, "includeGroups": groups.ids },
                "clientAppTypes": ["all"],
            },
            "grantControls": { "operator": "OR", "builtInControls": [self.grant.wire()] },
        }) else {
            unreachable!("an object was written")
        };
        add(&mut definition, "excludeUsers", &out_users);
        add(&mut definition, "excludeGroups", &out_groups);
        if let Some(description) = &self.description {
            definition.insert("description".to_owned(), json!(description));
        }
        Ok(definition)
    }

    fn name(&self) -> String {
        if let Some(name) = self.display_name.as_ref().filter(|name| !name.trim().is_empty()) {
            return name.trim().to_owned();
        }
        let what = match self.grant {
            Grant::Block => "Block",
            Grant::Mfa => "Require MFA for",
            Grant::CompliantDevice => "Require compliant device for",
        };
        let whom = self.include_groups.iter().chain(&self.include_users).next();
        format!("{what} {}", whom.map_or("everybody", String::as_str))
    }
}

/// A whole definition, with the emergency accounts left out that it does not name itself.
async fn without_emergency(
    look: &dyn World,
    asked: &Asked,
    whole: &Map<String, Json>,
) -> Result<Map<String, Json>> {
    let mut definition = whole.clone();
    let (users, groups) = emergency(look, asked).await?;
    for (include, exclude, ids) in [
        ("includeUsers", "excludeUsers", users.ids),
        ("includeGroups", "excludeGroups", groups.ids),
    ] {
        let named = texts(whole, &["conditions", "users", include]);
        let out: Vec<String> = ids.into_iter().filter(|id| !named.contains(&id.as_str())).collect();
        if !out.is_empty() {
            add(&mut definition, exclude, &out);
        }
    }
    Ok(definition)
}

/// What a policy will say, value by value, as it is made.
fn values(definition: &Map<String, Json>, names: &Names, state: PolicyState) -> Vec<Value> {
    let new = |what: &str, after: String| Value::new(what, "=none", after);
    vec![
        new("policy_state", state.word().to_owned()),
        new("policy_includes", joined(&names.everybody(definition, "include"))),
        new("policy_excludes", joined(&names.everybody(definition, "exclude"))),
        new("policy_apps", applications(definition)),
        new("policy_asks", controls(definition)),
    ]
}

impl Action for CreateCaPolicy {
    const ABOUT: About = About {
        id: "create_ca_policy",
        title: "Make a Conditional Access policy",
        area: Area::ConditionalAccess,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[CREATE_POLICY],
        undone_by: &["delete_ca_policy"],
        reads: &["Policy.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: Some("Require MFA for Sales".to_owned()),
            state: PolicyState::ReportOnly,
            grant: Grant::Mfa,
            include_users: Vec::new(),
            include_groups: vec!["Sales Team".to_owned()],
            exclude_users: Vec::new(),
            exclude_groups: Vec::new(),
            applications: Vec::new(),
            description: None,
            definition: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let definition = match &self.definition {
            Some(whole) => without_emergency(look, asked, whole).await?,
            None => self.draft(look, asked).await?,
        };
        let text = |name: &str| definition.get(name).and_then(Json::as_str).unwrap_or_default();
        let (name, state) = (text("displayName").to_owned(), text("state"));
        let state = PolicyState::from_wire(state).ok_or_else(|| Reason::WrongArgument {
            field: "state".to_owned(),
            why: "it is enabled, report_only or disabled".to_owned(),
        })?;
        if locks_everyone_out(&definition) {
            return Err(refuse_lockout().into());
        }
        for known in look.ca_policies(&asked.tenant).await? {
            if known.name.to_lowercase() != name.to_lowercase() {
                continue;
            }
            let wanted = Json::Object(definition.clone());
            let same = covers(&wanted, &Json::Object(known.definition.clone()));
            let what = format!("there is a policy called {} already", known.name);
            return Err(if same {
                Reason::AlreadySo { what }
            } else {
                Reason::NotPossible { what: format!("{what}, and it says something else") }
            }
            .into());
        }
        let names = Names::read(look, asked, &definition).await?;
        let mut draft = Draft::of(&*name);
        if asked.emergency.is_empty() {
            draft.notes.push(Note::new("ca_no_emergency", &[("policy", &name)]));
        }
        let all = texts(&definition, &["conditions", "users", "includeUsers"]).contains(&"All");
        if all && state == PolicyState::Enabled {
            draft.notes.push(Note::new("ca_everybody", &[("policy", &name)]));
        }
        let shown = values(&definition, &names, state);
        let change = PolicyChange::CreatePolicy { tenant: asked.tenant.clone(), definition };
        draft.step(change, &[("policy", &name)], shown);
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().filter_map(|(_, run)| run.outputs.get(MADE));
        made.map(|id| propose(&DeleteCaPolicy { policy: id.clone() })).collect()
    }
}
