//! How each change is read and made at Microsoft's doors.
//!
//! - [`Calls`] what every change says here: its reads, what they show, its one call
//! - [`read`]  [`Read`] and [`Found`]: what is read, and what was found
//! - one room per area, named as in [`domain::change`](crate::domain::change):
//!   [`accounts`] [`passwords`] [`licences`] [`groups`] [`mailboxes`] [`policies`] [`apps`]
//!   [`domains`] [`workbooks`] [`raw`]
//!   [`accounts`] [`passwords`] [`licences`] [`groups`] [`guests`] [`role_holders`] [`devices`]
//!   [`mailboxes`]
//!   [`accounts`] [`passwords`] [`licences`] [`groups`] [`mailboxes`] [`mail_rights`]
//!   [`inbox_rules`] [`handover`] [`mail_flow`] [`compliance`]
//!
//! Not here: sending ([`client`](super::client), [`exchange`](crate::adapters::exchange)),
//! and what is true of every answer ([`refusals`](super::refusals), [`forbidden`](super::forbidden)).

mod accounts;
mod apps;
mod compliance;
mod devices;
mod domains;
mod groups;
mod guests;
pub(crate) mod handover;
mod inbox_rules;
mod licences;
mod mail_flow;
mod mail_rights;
mod mailboxes;
mod passwords;
pub(crate) mod policies;
pub(crate) mod raw;
pub(crate) mod read;
mod role_holders;
pub(crate) mod workbooks;

use serde_json::Value;
use uuid::Uuid;

pub(crate) use self::read::{Found, Read};
use crate::{
    adapters::{
        exchange::Cmdlet,
        graph::{
            answer::{Answer, Ask},
            refusals::Meaning,
        },
    },
    domain::{
        change::{Change, Sight},
        ids::{GroupId, ObjectId, TenantId, UserId},
        secret::Secret,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// Through which door a change goes.
pub(crate) enum Door {
    Graph(Ask),
    Exchange(Cmdlet),
    Session(Box<Session>),
}

/// A call that is made inside a session which is opened for it.
pub(crate) struct Session {
    pub open: Ask,
    pub ask: Ask,
    pub close: Ask,
}

/// What a call needs beside the change.
pub(crate) struct With<'a> {
    /// The value of the secret that we made for it.
    pub secret: Option<&'a Secret>,
    /// Graph's own name in references to objects: an identifier, not an address, so it
    /// is Graph's even behind a proxy.
    pub graph: &'a str,
}

impl With<'_> {
    /// What `@odata.id` says of an object of the directory.
    pub fn reference<K>(&self, id: &ObjectId<K>) -> String {
        self.points_at(id.guid())
    }

    /// The same of an object of any sort.
    pub fn points_at(&self, guid: Uuid) -> String {
        let host = self.graph.trim_end_matches('/');
        format!("{host}/v1.0/directoryObjects/{}", guid.hyphenated())
    }
}

/// What may stand behind a 403 although the app has the permission.
pub(crate) enum Behind<'a> {
    Nothing,
    /// An administrator, whom only a higher role reaches.
    User(&'a UserId),
    /// A group that nobody changes by hand, or only with a further permission.
    Group(&'a GroupId),
    /// A mailbox that Exchange leaves out of the app's reach.
    Mailbox,
    /// A property that `SharePoint` keeps, and gives to no app.
    Profile,
    /// An application that we do not own.
    OwnApp,
    /// A workbook, which officially only signed-in users open.
    Workbook,
    /// A request whose permission nobody here knows.
    Spelled,
}

/// How a change is read and made. Errors of [`Calls::sight`] mean an answer that Graph
/// would not give; they go to the log, and the look counts as unanswered.
pub(crate) trait Calls {
    /// What must be read to see whether it holds; at least one. Changes share equal reads.
    fn reads(&self) -> Result<Vec<Read>, Reason>;

    /// What those reads show. One thing found for each read, in order.
    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight>;

    /// The one call that makes it. It is sent once.
    fn call(&self, with: &With<'_>) -> Result<Door, Reason>;

    /// What a good answer puts out: the id of what was made, a secret said only once.
    fn output(&self, _answer: &Value) -> Output {
        Output::default()
    }

    /// What a refusal (400, 404, 405, 409, 422, 501) means for this change, where it is
    /// not what it means for every one.
    fn refusal(&self, _answer: &Answer) -> Option<Meaning> {
        None
    }

    /// What may stand behind a 403 although the app has the permission.
    fn behind_403(&self) -> Behind<'_> {
        Behind::Nothing
    }
}

/// How this change is read and made.
pub(crate) fn calls(change: &Change) -> &dyn Calls {
    match change {
        Change::Account(change) => change,
        Change::Password(change) => change,
        Change::Licence(change) => change,
        Change::Group(change) => change,
        Change::Guest(change) => change,
        Change::Role(change) => change,
        Change::Device(change) => change,
        Change::Mailbox(change) => change,
        Change::Policy(change) => change,
        Change::App(change) => change,
        Change::Domain(change) => change,
        Change::Workbook(change) => change,
        Change::Raw(change) => change,
        Change::MailRight(change) => change,
        Change::InboxRule(change) => change,
        Change::Handover(change) => change,
        Change::MailFlow(change) => change,
        Change::Compliance(change) => change,
    }
}

/// Does what was seen show that it holds already?
fn holds(change: &impl crate::domain::change::Effect, seen: &Sight) -> bool {
    change.holds(None, seen)
}

/// An id that an earlier step should have made, and did not.
pub(crate) fn known<T>(id: &crate::domain::change::Ref<T>) -> Result<&T, Reason> {
    id.known().ok_or_else(|| Reason::NotPossible { what: "it is not there yet".to_owned() })
}

/// `/users/{id}`.
fn user_path(user: &UserId) -> String {
    format!("/users/{}", user.guid().hyphenated())
}

/// The read that the changes of one account share: its switches, marks and licences.
fn user_read(user: &UserId) -> Read {
    let path = format!(
        "{}?$select=id,accountEnabled,lastPasswordChangeDateTime,\
         signInSessionsValidFromDateTime,{}",
        user_path(user),
        super::shapes::LICENCE_SELECT
    );
    Read::one(user.tenant(), path, super::permissions::Reading::USERS)
}

/// What that read shows of the switches and marks.
fn user_sight(found: &Found) -> anyhow::Result<Sight> {
    let Some(body) = found.one() else { return Ok(Sight::Missing) };
    let time = |name: &str| -> anyhow::Result<_> {
        Ok(body[name].as_str().map(str::parse::<jiff::Timestamp>).transpose()?)
    };
    let enabled = body["accountEnabled"]
        .as_bool()
        .ok_or_else(|| anyhow::anyhow!("a user without `accountEnabled`"))?;
    Ok(Sight::User {
        enabled,
        password_changed_at: time("lastPasswordChangeDateTime")?,
        sessions_valid_from: time("signInSessionsValidFromDateTime")?,
    })
}

/// A user of one customer never meets a group or licence of another.
pub(crate) fn same_tenant(change: &Change) -> Result<&TenantId, Reason> {
    let no = |what: &str| Reason::NotPossible { what: what.to_owned() };
    if !change.in_one_tenant() {
        return Err(no("the objects belong to different tenants"));
    }
    change.tenant().ok_or_else(|| no("it is not there yet"))
}
