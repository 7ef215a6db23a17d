//! Conditional Access policies. One file per action id.
//!
//! - [`list_ca_policies`] [`get_ca_policy`] look
//! - [`create_ca_policy`] [`update_ca_policy`] [`delete_ca_policy`] change, always with a second signature
//! - [`words`] what a policy says, in names
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod create_ca_policy;
pub mod delete_ca_policy;
pub mod get_ca_policy;
pub mod list_ca_policies;
pub mod update_ca_policy;
mod words;

use uuid::Uuid;

use crate::{
    actions::{Asked, Listed, look, wording::Value as Words},
    domain::{
        ca_policy::{CaPolicy, PolicyId},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
        users::Who,
    },
    ports::world::World,
};

/// How people say in which state a policy is.
const STATES: &[Words] = &[
    (
        "enabled",
        &[
            "enforced",
            "enforce",
            "enabled",
            "enable",
            "turn on",
            "switch on",
            "turn it on",
            "switch it on",
            "switched on",
            "turned on",
            "go live",
            "goes live",
            "be live",
            "to on",
            "enforcing",
            "activate",
            "active",
            "are live",
            "is live",
            "currently live",
            "in force",
            "on",
        ],
    ),
    (
        "report_only",
        &["report only", "report-only", "reporting only", "only in report", "report mode"],
    ),
    ("disabled", &["disabled", "disable", "off", "turn off", "switch off"]),
];

/// The policy of this name or id; a question when several are called like it.
async fn policy(look: &dyn World, asked: &Asked, said: &str) -> Result<CaPolicy> {
    let none = || {
        let name = said.chars().take(120).collect();
        Trouble::from(Reason::NoSuchThing { what: "=policy".to_owned(), name })
    };
    let id = match said.parse::<PolicyId>() {
        Ok(id) if *id.tenant() == asked.tenant => Some(id),
        Ok(_) => return Err(none()),
        Err(_) => Uuid::parse_str(said.trim()).ok().map(|guid| asked.tenant.object(guid)),
    };
    if let Some(id) = id {
        return look.ca_policy(&id).await?.ok_or_else(none);
    }
    let all = look.ca_policies(&asked.tenant).await?;
    let wanted = said.trim().to_lowercase();
    let mut fits: Vec<&CaPolicy> =
        all.iter().filter(|policy| policy.name.to_lowercase() == wanted).collect();
    if fits.is_empty() {
        fits = all.iter().filter(|policy| policy.name.to_lowercase().contains(&wanted)).collect();
    }
    match fits.as_slice() {
        [] => Err(none()),
        [one] => Ok((*one).clone()),
        several => Err(Trouble::Unclear {
            argument: "policy".to_owned(),
            question: Question {
                ask: Ask::WhichOne,
                said: Some(said.chars().take(80).collect()),
                choices: several
                    .iter()
                    .take(10)
                    .map(|policy| Choice {
                        value: policy.id.to_string(),
                        label: policy.name.clone(),
                        detail: policy.state.plain().to_owned(),
                    })
                    .collect(),
            },
        }),
    }
}

/// Ids and names of people and groups, as said.
#[derive(Debug, Default)]
struct Targets {
    ids: Vec<String>,
    names: Vec<String>,
}

impl Targets {
    fn push(&mut self, id: String, name: String) {
        if !self.ids.contains(&id) {
            self.ids.push(id);
            self.names.push(name);
        }
    }

    async fn users(look: &dyn World, asked: &Asked, said: &[String]) -> Result<Self> {
        let mut found = Self::default();
        for one in said {
            let user = look::user(look, asked, one).await?;
            found.push(user.id.guid().to_string(), user.name);
        }
        Ok(found)
    }

    async fn groups(look: &dyn World, asked: &Asked, said: &[String]) -> Result<Self> {
        let mut found = Self::default();
        for one in said {
            let group = look::group(look, asked, one).await?;
            found.push(group.id.guid().to_string(), group.name);
        }
        Ok(found)
    }
}

/// The emergency accounts: users and groups that no policy may lock out.
async fn emergency(look: &dyn World, asked: &Asked) -> Result<(Targets, Targets)> {
    let (mut users, mut groups) = (Targets::default(), Targets::default());
    for one in &asked.emergency {
        let who = match one {
            Listed::User(id) => Who::Id(id.clone()),
            Listed::Upn(upn) => Who::Upn(asked.tenant.clone(), upn.clone()),
            Listed::Group(id) => {
                groups.push(id.guid().to_string(), id.guid().to_string());
                continue;
            }
        };
        let name = match &who {
            Who::Id(id) => id.guid().to_string(),
            Who::Upn(_, upn) => upn.to_string(),
        };
        // An emergency account that is not there must be noticed before a policy is made.
        let user = look.user(&who).await?.ok_or(Reason::NoSuchPerson { name })?;
        users.push(user.id.guid().to_string(), user.name);
    }
    Ok((users, groups))
}

/// A policy that would leave nobody a way in is not drafted.
fn refuse_lockout() -> Reason {
    Reason::NotPossible {
        what: "it would block everybody from everything with nobody left out, so nobody could \
               sign in to mend it; name an emergency account under policy.untouchable, or leave \
               somebody out"
            .to_owned(),
    }
}
