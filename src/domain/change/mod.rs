//! One typed effect on a tenant, and what each kind of change needs and proves.
//!
//! - [`kind`]   [`Kind`]: the stable name, the rights, the evidence, what may be repeated
//! - [`sight`]  [`Sight`]: what a look at a change's object found
//! - [`Ref`]    an object that is known, or that an earlier step will make
//! - [`Effect`] what every change says of itself
//! - one room per area, each with its changes and their kinds: [`accounts`] [`passwords`]
//!   [`licences`] [`groups`] [`mailboxes`] [`policies`] [`apps`] [`domains`] [`workbooks`]
//!   [`raw`]
//!   [`licences`] [`groups`] [`guests`] [`roles`] [`devices`] [`mailboxes`]
//!   [`licences`] [`groups`] [`mailboxes`] [`mail_rights`] [`inbox_rules`] [`handover`]
//!   [`mail_flow`] [`compliance`]
//!
//! Many actions share few changes: each is permitted, shown, made, read back and
//! tested once. A change says "set", never "toggle", so repeating it is safe
//! wherever [`Repeat`] says so.
//!
//! To add a kind: its variant, its constant and its place in `KINDS` here, its calls in
//! `adapters/graph/changes/` in the room of the same name, its sentence in the text file.
//!
//! Not here: how a change is made.

pub mod accounts;
pub mod apps;
pub mod compliance;
pub mod devices;
pub mod domains;
pub mod groups;
pub mod guests;
pub mod handover;
pub mod inbox_rules;
pub mod kind;
pub mod licences;
pub mod mail_flow;
pub mod mail_rights;
pub mod mailboxes;
pub mod passwords;
pub mod policies;
pub mod raw;
mod refs;
pub mod roles;
pub mod sight;
pub mod workbooks;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    accounts::AccountChange,
    apps::AppChange,
    compliance::ComplianceChange,
    devices::DeviceChange,
    domains::DomainChange,
    groups::GroupChange,
    guests::GuestChange,
    handover::HandoverChange,
    inbox_rules::InboxRuleChange,
    kind::{Evidence, Kind, Repeat, Rights},
    licences::{LicenceChange, LicenceGrant},
    mail_flow::MailFlowChange,
    mail_rights::MailRightChange,
    mailboxes::{MailboxChange, visible},
    passwords::PasswordChange,
    policies::PolicyChange,
    raw::{GraphCall, RawChange},
    refs::{MADE, Ref},
    roles::RoleChange,
    sight::Sight,
    workbooks::{RowWrite, WorkbookChange},
};
use crate::domain::{
    ids::{TenantId, UserId},
    trouble::Reason,
    users::PersonRef,
};

/// Who gets a secret, and how. Part of the plan, so it is shown and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Who receives it. Never somebody who approved it.
    pub to: PersonRef,
    /// How.
    pub by: DeliveryWay,
}

/// How a secret reaches its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// A page that shows it once, its link sent as a direct message.
    OneTimeLink,
}

/// Where the secret of a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretSource {
    /// We make it before the call: a password.
    Ours,
    /// The service makes it and says it once, in its answer: a pass, an app's secret.
    Theirs,
}

/// What a change is a change of. Decides the tenant and what is locked meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object<'a> {
    /// A user, known or made by an earlier step.
    User(&'a Ref<UserId>),
    /// Anything else: its tenant, and a name such as `group:tenant/guid` that is the
    /// same for every change of the same object.
    Other(&'a TenantId, String),
    /// Something that does not exist yet and that this change makes, in this tenant.
    New(&'a TenantId),
    /// Anything else that an earlier step makes and that is not known yet.
    Later,
}

/// What every change says of itself.
pub trait Effect {
    /// Its sort.
    fn kind(&self) -> Kind;

    /// What it is a change of.
    fn object(&self) -> Object<'_>;

    /// The tenants of the other objects in it: all must be the one of [`Self::object`].
    fn others(&self) -> Vec<&TenantId> {
        Vec::new()
    }

    /// Who gets a secret that this change makes.
    fn delivery(&self) -> Option<&Delivery> {
        None
    }

    /// Does it set a password that nobody gets?
    fn sets_a_secret_for_nobody(&self) -> bool {
        false
    }

    /// Where that secret comes from.
    fn secret_source(&self) -> SecretSource {
        SecretSource::Ours
    }

    /// What the secret is, as a key of the text file under `secret.`.
    fn hands_over(&self) -> &'static str {
        "password"
    }

    /// Does what was seen show that the change holds? For a trace, the mark must have
    /// moved since `before`. A change that makes something sees [`Sight::Missing`] at
    /// first; one that deletes something holds when it sees it.
    fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool;

    /// From when on the mark of what was seen can be seen to move: services keep it in whole
    /// seconds, so that two moves within one are one. `None`: it has no such mark.
    fn mark_moves_from(&self, _seen: &Sight) -> Option<Timestamp> {
        None
    }

    /// Why it must not be made as planned, when what was seen before the first call is not
    /// what the plan was made from. `None`: nothing stands in the way.
    fn moved(&self, _seen: &Sight) -> Option<Reason> {
        None
    }

    /// Under which key the step's names have the name of its object; the same key names
    /// its sort among the words of the text file.
    fn called(&self) -> &'static str {
        "user"
    }

    /// Why it cannot be made when its object is not there (any more). `name` gives the
    /// step's names.
    fn gone(&self, name: &dyn Fn(&str) -> String) -> Reason {
        let called = self.called();
        match self.object() {
            Object::User(_) => Reason::NoSuchPerson { name: name(called) },
            _ => Reason::Gone { what: format!("={called}"), name: name(called) },
        }
    }
}

/// One effect on a tenant. On paper it is flat: `{"change": "disable_sign_in", …}`; the
/// rooms share no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Change {
    /// Of an account.
    Account(AccountChange),
    /// Of how somebody signs in.
    Password(PasswordChange),
    /// Of licences.
    Licence(LicenceChange),
    /// Of a group.
    Group(GroupChange),
    /// Of a guest.
    Guest(GuestChange),
    /// Of a directory role.
    Role(RoleChange),
    /// Of a device.
    Device(DeviceChange),
    /// Of a mailbox.
    Mailbox(MailboxChange),
    /// Of a Conditional Access policy.
    Policy(PolicyChange),
    /// Of an application.
    App(AppChange),
    /// Of a domain.
    Domain(DomainChange),
    /// Of a workbook.
    Workbook(WorkbookChange),
    /// A request of Graph, spelled out.
    Raw(RawChange),
    /// Of who may open a mailbox and send for it.
    MailRight(MailRightChange),
    /// Of a rule in somebody's inbox.
    InboxRule(InboxRuleChange),
    /// Of what somebody leaves behind.
    Handover(HandoverChange),
    /// Of how mail flows.
    MailFlow(MailFlowChange),
    /// Of holds and archives.
    Compliance(ComplianceChange),
}

/// Every kind of change there is.
pub fn kinds() -> impl Iterator<Item = Kind> {
    [
        accounts::KINDS,
        passwords::KINDS,
        licences::KINDS,
        groups::KINDS,
        guests::KINDS,
        roles::KINDS,
        devices::KINDS,
        mailboxes::KINDS,
        policies::KINDS,
        apps::KINDS,
        domains::KINDS,
        workbooks::KINDS,
        raw::KINDS,
        mail_rights::KINDS,
        inbox_rules::KINDS,
        handover::KINDS,
        mail_flow::KINDS,
        compliance::KINDS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

macro_rules! from_room {
    ($($name:ident($room:ty)),* $(,)?) => {
        $(impl From<$room> for Change {
            fn from(change: $room) -> Self {
                Self::$name(change)
            }
        })*

        impl Change {
            /// What it says of itself.
            pub fn effect(&self) -> &dyn Effect {
                match self {
                    $(Self::$name(change) => change,)*
                }
            }
        }
    };
}

from_room!(
    Account(AccountChange),
    Password(PasswordChange),
    Licence(LicenceChange),
    Group(GroupChange),
    Guest(GuestChange),
    Role(RoleChange),
    Device(DeviceChange),
    Mailbox(MailboxChange),
    Policy(PolicyChange),
    App(AppChange),
    Domain(DomainChange),
    Workbook(WorkbookChange),
    Raw(RawChange),
    MailRight(MailRightChange),
    InboxRule(InboxRuleChange),
    Handover(HandoverChange),
    MailFlow(MailFlowChange),
    Compliance(ComplianceChange),
);

impl Change {
    /// Its sort.
    pub fn kind(&self) -> Kind {
        self.effect().kind()
    }

    /// The user it is about, if it is about one.
    pub fn user(&self) -> Option<&Ref<UserId>> {
        match self.effect().object() {
            Object::User(user) => Some(user),
            _ => None,
        }
    }

    /// The tenant it happens in, when its object is known.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self.effect().object() {
            Object::User(user) => user.known().map(UserId::tenant),
            Object::Other(tenant, _) | Object::New(tenant) => Some(tenant),
            Object::Later => None,
        }
    }

    /// Are all its objects of one tenant?
    pub fn in_one_tenant(&self) -> bool {
        let own = self.tenant();
        own.is_none_or(|own| self.effect().others().iter().all(|other| *other == own))
    }

    /// What it locks while it runs: one name per object.
    pub fn resources(&self) -> Vec<String> {
        match self.effect().object() {
            Object::User(user) => user.known().map(|user| format!("user:{user}")),
            Object::Other(_, name) => Some(name),
            Object::New(_) | Object::Later => None,
        }
        .into_iter()
        .collect()
    }

    /// Who gets a secret that this change makes.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.effect().delivery()
    }

    /// Does the service make a secret for somebody, and say it only in its answer?
    pub fn hands_over_theirs(&self) -> bool {
        self.delivery().is_some() && self.effect().secret_source() == SecretSource::Theirs
    }

    /// Is it no fault when the object is not there before? So it is for what makes it.
    pub fn makes_its_object(&self) -> bool {
        matches!(self.effect().object(), Object::New(_))
    }

    /// Does what was seen show that the change holds?
    pub fn holds(&self, before: Option<&Sight>, seen: &Sight) -> bool {
        self.effect().holds(before, seen)
    }
}

/// Values by name, for a [`Sight`] or a change of properties.
pub type Values = BTreeMap<String, Value>;

#[cfg(test)]
mod tests;
