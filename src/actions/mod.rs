//! The catalogue: everything Countersign knows how to do.
//!
//! - [`Action`]   one file each: what it asks, what it is called, what it may change, how people ask for it, how it is planned
//! - [`About`]    the definition that every reader projects: chat grammar, form, tool schema, docs, permissions, policy
//! - [`Entry`]    an action with its type forgotten, so that all of them fit in one list
//! - [`CATALOG`]  the list, in the order in which `help` shows it
//! - [`look`]     finding whom and what is meant; shared by the plans
//! - [`wording`]  how people ask, as data for the interpreter
//! - folders      one per permission group ([`Area`]), one file per action id
//!
//! Not here: anything that changes a tenant. An action looks (through a port that
//! cannot change anything) and drafts.

pub mod groups;
pub mod licences;
pub mod look;
pub mod mailboxes;
pub mod passwords_and_security;
pub mod users;
pub mod wording;

use std::{future::Future, pin::Pin};

use jiff::{Timestamp, tz::TimeZone};
use schemars::{JsonSchema, Schema};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    actions::wording::Wording,
    domain::{
        area::{Area, Care, Risk},
        change::Kind,
        ids::TenantId,
        message::FactsView,
        plan::{Draft, Step},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::PersonRef,
    },
    ports::world::World,
};

/// What every reader of an action knows about it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The id, such as `reset_password`. The file is named like it.
    pub id: &'static str,
    /// What it is called in English, for the operator's terminal; cards read `action.<id>`.
    pub title: &'static str,
    /// The permission group: the folder it is in.
    pub area: Area,
    /// How much harm a mistake would do.
    pub risk: Risk,
    /// What it needs whatever policy says of its group.
    pub care: Care,
    /// The changes it may make; a plan with any other is refused.
    pub may: &'static [Kind],
    /// Ids of the actions that take it back; empty when there is no honest inverse. An
    /// inverse with any other is left out.
    pub undone_by: &'static [&'static str],
    /// Graph application permissions its looking needs, beyond reading users.
    pub reads: &'static [&'static str],
    /// How people ask for it.
    pub wording: Wording,
}

/// What an action is told besides its arguments.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose directory.
    pub tenant: TenantId,
    /// Who asks.
    pub requester: PersonRef,
    /// Who receives secrets, as policy names it.
    pub secrets_to: SecretsTo,
    /// The tenant's time zone, for dates without one.
    pub zone: TimeZone,
    /// Now.
    pub now: Timestamp,
}

/// Who receives a secret that an action makes, as policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretsTo {
    /// Whoever asked.
    Requester,
    /// The subject's manager.
    Manager,
    /// Always this person.
    Person(PersonRef),
}

/// What planning gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// Changes to be signed.
    Changes(Draft),
    /// What was looked up; nothing to sign.
    Facts(FactsView),
}

/// Something Countersign knows how to do. Its fields are its arguments: serde reads
/// them, schemars describes them (the doc comment is the question on a form).
pub trait Action: DeserializeOwned + Serialize + JsonSchema + Send + Sync {
    /// The definition.
    const ABOUT: About;

    /// Arguments as an example, which plan well against the simulated Contoso.
    fn sample() -> Self;

    /// Looks, and says what would change.
    fn plan(&self, look: &dyn World, asked: &Asked)
    -> impl Future<Output = Result<Planned>> + Send;

    /// What would undo these finished steps of it, as proposals; empty when there is
    /// no honest inverse.
    fn inverse(&self, _done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        Vec::new()
    }
}

type PlanFn = for<'a> fn(
    &'a Map<String, Value>,
    &'a dyn World,
    &'a Asked,
) -> Pin<Box<dyn Future<Output = Result<Planned>> + Send + 'a>>;

type InverseFn = fn(&Map<String, Value>, &[(&Step, &StepRun)]) -> Vec<Proposal>;

/// An action with its type forgotten.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The definition.
    pub about: About,
    /// What its arguments look like.
    pub schema: fn() -> Schema,
    /// Arguments as an example.
    pub sample: fn() -> Map<String, Value>,
    plan: PlanFn,
    inverse: InverseFn,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.about.id)
    }
}

impl Entry {
    const fn of<A: Action>() -> Self {
        Self {
            about: A::ABOUT,
            schema: || schemars::schema_for!(A),
            sample: || arguments(&A::sample()),
            plan: |given, look, asked| {
                Box::pin(async move { read::<A>(given)?.plan(look, asked).await })
            },
            inverse: |given, done| {
                read::<A>(given).map(|action| action.inverse(done)).unwrap_or_default()
            },
        }
    }

    /// Reads the arguments, looks, and says what would change. A change that was not
    /// declared is a defect and refused.
    pub async fn plan(
        &self,
        given: &Map<String, Value>,
        look: &dyn World,
        asked: &Asked,
    ) -> Result<Planned> {
        let planned = (self.plan)(given, look, asked).await?;
        if let Planned::Changes(draft) = &planned
            && let Some(wide) =
                draft.steps.iter().find(|step| !self.about.may.contains(&step.change.kind()))
        {
            return Err(Reason::NotPossible {
                what: format!(
                    "{} planned {}, which it does not declare",
                    self.about.id,
                    wide.change.kind().as_str()
                ),
            }
            .into());
        }
        Ok(planned)
    }

    /// What would undo these finished steps.
    pub fn inverse(&self, given: &Map<String, Value>, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let mut back = (self.inverse)(given, done);
        back.retain(|proposal| self.about.undone_by.contains(&proposal.action.as_str()));
        back
    }
}

fn read<A: Action>(given: &Map<String, Value>) -> Result<A, Reason> {
    serde_json::from_value(Value::Object(given.clone())).map_err(|error| Reason::WrongArgument {
        field: A::ABOUT.id.to_owned(),
        why: error.to_string(),
    })
}

fn arguments(action: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(action) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// A proposal of an action, for an inverse.
fn propose<A: Action>(action: &A) -> Proposal {
    Proposal { action: A::ABOUT.id.to_owned(), arguments: arguments(action), because: Vec::new() }
}

/// Everything the bot can do, in the order in which `help` lists it.
pub static CATALOG: &[Entry] = &[
    // Users
    Entry::of::<users::get_user::GetUser>(),
    Entry::of::<users::disable_user::DisableUser>(),
    Entry::of::<users::enable_user::EnableUser>(),
    // Passwords and security
    Entry::of::<passwords_and_security::reset_password::ResetPassword>(),
    Entry::of::<passwords_and_security::revoke_sessions::RevokeSessions>(),
    // Licences
    Entry::of::<licences::assign_license::AssignLicense>(),
    Entry::of::<licences::remove_license::RemoveLicense>(),
    // Groups
    Entry::of::<groups::add_to_group::AddToGroup>(),
    Entry::of::<groups::remove_from_group::RemoveFromGroup>(),
    // Mailboxes
    Entry::of::<mailboxes::set_out_of_office::SetOutOfOffice>(),
];

/// The action with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    CATALOG.iter().find(|entry| entry.about.id == id)
}
