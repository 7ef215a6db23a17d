//! A rehearsal: a plan is played in a tenant that is not real, with the people and things it is
//! about as they are now. What such a tenant is made of, and which changes can be played in it.
//!
//! Not here: reading them, playing, and the tenant itself.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::{
    change::{
        Kind, accounts, compliance, groups, licences, mail_rights, mailboxes, passwords, roles,
    },
    ids::{GroupId, ObjectId, StepId, TenantId, UserId},
    mail::Mailbox,
    methods::Method,
    plan::{Plan, Step},
    roles::RoleHeld,
    users::{Dossier, Group, Sku},
};

/// At most so many people are put into the tenant that is not real.
pub const PEOPLE_MAX: usize = 100;

/// What can be played: the tenant that is not real has all that these look at.
const PLAYED: &[Kind] = &[
    accounts::DISABLE_SIGN_IN,
    accounts::ENABLE_SIGN_IN,
    accounts::CREATE_USER,
    accounts::UPDATE_USER,
    accounts::SET_LEAVE_DATE,
    accounts::SET_MANAGER,
    accounts::DELETE_USER,
    passwords::SET_PASSWORD,
    passwords::DROP_PASSWORD,
    passwords::REVOKE_SESSIONS,
    passwords::FORCE_NEW_PASSWORD,
    passwords::REMOVE_METHOD,
    passwords::ISSUE_PASS,
    groups::ADD_MEMBER,
    groups::REMOVE_MEMBER,
    groups::CREATE_GROUP,
    licences::SET_LICENCES,
    roles::ASSIGN_ROLE,
    roles::REMOVE_ROLE,
    mailboxes::SET_AUTOMATIC_REPLIES,
    mailboxes::SET_FORWARDING,
    mailboxes::CONVERT_MAILBOX,
    mailboxes::HIDE_FROM_ADDRESS_LISTS,
    compliance::SET_LITIGATION_HOLD,
    mail_rights::GRANT_MAIL_RIGHT,
];

/// The people and things of a tenant that a plan is about.
#[derive(Debug, Clone)]
pub struct Estate {
    /// Which tenant.
    pub tenant: TenantId,
    /// Whom it is about, with all that its changes look at.
    pub people: Vec<Known>,
    /// Their groups, and those they would join.
    pub groups: Vec<Group>,
    /// The licences of the tenant, with their seats.
    pub skus: Vec<Sku>,
    /// Recipients beside them, by address.
    pub contacts: BTreeSet<String>,
    /// The domain of new accounts.
    pub domain: String,
}

/// One of the people.
#[derive(Debug, Clone)]
pub struct Known {
    /// The account with its groups and licences.
    pub dossier: Dossier,
    /// Roles of their own.
    pub roles: Vec<RoleHeld>,
    /// What they sign in with, the password not among it.
    pub methods: Vec<Method>,
    /// The mailbox.
    pub mailbox: Option<Mailbox>,
}

/// What the changes of a plan name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Users.
    pub users: BTreeSet<UserId>,
    /// Groups.
    pub groups: BTreeSet<GroupId>,
    /// Recipients, by address.
    pub recipients: BTreeSet<String>,
    /// Domains of accounts that are made.
    pub domains: BTreeSet<String>,
}

impl Named {
    /// All that the changes of a plan name and that can be played.
    pub fn of(plan: &Plan) -> Self {
        let left = left_out(plan);
        let mut named = Self::default();
        named.users.extend(plan.subjects.iter().map(|subject| subject.id.clone()));
        for step in plan.steps.iter().filter(|step| !left.contains(&step.id)) {
            let paper = serde_json::to_value(&step.change).expect("a change is plain data");
            named.gather("", &paper);
        }
        named
    }

    /// Ids under `known` and `id` belong to the name above them.
    fn gather(&mut self, key: &str, paper: &Value) {
        match paper {
            Value::Object(map) => map.iter().for_each(|(name, value)| {
                self.gather(
                    if ["known", "id"].contains(&name.as_str()) { key } else { name },
                    value,
                );
            }),
            Value::Array(items) => items.iter().for_each(|item| self.gather(key, item)),
            Value::String(said) => match key {
                "user" | "mailbox" | "manager" | "to" | "owners" => {
                    self.users.extend(said.parse::<UserId>());
                }
                "group" => self.groups.extend(said.parse::<ObjectId<_>>()),
                "upn" => self.domains.extend(said.split_once('@').map(|(_, host)| host.to_owned())),
                "recipient" => self.recipients.extend([said.to_lowercase()]),
                _ => {}
            },
            _ => {}
        }
    }
}

/// The steps of a plan that cannot be played, and those that take what such a step makes.
pub fn left_out(plan: &Plan) -> BTreeSet<StepId> {
    let mut left: BTreeSet<StepId> = BTreeSet::new();
    // A step comes after those it takes from.
    for step in &plan.steps {
        let played = PLAYED.contains(&step.change.kind());
        if !played || step.change.takes_from().iter().any(|id| left.contains(id)) {
            left.insert(step.id);
        }
    }
    left
}

/// The same step, at once: nobody waits for its time, and nothing is kept before it.
#[must_use]
pub fn at_once(step: &Step) -> Step {
    Step { not_before: None, ends: false, takes_from: None, ..step.clone() }
}
