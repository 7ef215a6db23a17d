//! What is inside a mailbox beside its settings, and how mail flows through the tenant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Exchange counts in powers of two.
pub(in super::super) const GIGABYTE: u64 = 1 << 30;

/// Rights, holds, rules and meetings of one mailbox.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in super::super) struct MailDetails {
    /// Who may send on its behalf: object ids of recipients.
    pub send_on_behalf: BTreeSet<Uuid>,
    /// Who may open it.
    pub access: Vec<Entry>,
    /// Who may send as it.
    pub send_as: Vec<Entry>,
    pub hold: Option<Hold>,
    pub archive: bool,
    pub retention_policy: Option<String>,
    pub retention_comment: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    pub rules: Vec<Rule>,
    pub meetings: Vec<Meeting>,
}

/// One access control entry.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Entry {
    pub trustee: Trustee,
    pub deny: bool,
    pub inherited: bool,
    /// Outlook opens the mailbox by itself. Cannot be read back.
    pub auto_mapping: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Trustee {
    Object(Uuid),
    /// A well-known account, such as `NT AUTHORITY\SELF`.
    Named(String),
}

/// Litigation hold.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Hold {
    pub since: Timestamp,
    pub owner: String,
    /// Without: until it is lifted.
    pub days: Option<u32>,
}

/// One inbox rule.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in Exchange")]
pub(in super::super) struct Rule {
    /// Exchange's `RuleIdentity`.
    pub id: u64,
    pub name: String,
    pub enabled: bool,
    /// Made by a program and shown to nobody: Graph does not list it.
    pub hidden: bool,
    /// Graph will not touch it.
    pub read_only: bool,
    /// Counts from 1.
    pub priority: u32,
    pub from: Vec<String>,
    pub subject_words: Vec<String>,
    pub forward_to: Vec<String>,
    pub forward_as_attachment_to: Vec<String>,
    pub redirect_to: Vec<String>,
    pub move_to: Option<String>,
    pub delete: bool,
    pub mark_as_read: bool,
    pub stop: bool,
}

/// A meeting in somebody's calendar, once or again and again.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Meeting {
    pub id: String,
    pub subject: String,
    pub start: Timestamp,
    pub minutes: i64,
    /// Days between two occurrences.
    pub every_days: Option<i64>,
    /// When a series ends; without, never.
    pub until: Option<Timestamp>,
    /// The owner of the mailbox called it.
    pub organised: bool,
    /// Name and address.
    pub attendees: Vec<(String, String)>,
}

impl Meeting {
    /// When it takes place between two instants.
    pub fn times(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        /// More occurrences than this are nobody's week.
        const TIMES_MAX: usize = 2_000;
        let length = SignedDuration::from_mins(self.minutes);
        let mut found = Vec::new();
        let mut at = self.start;
        for _ in 0..TIMES_MAX {
            if at >= to || self.until.is_some_and(|until| at > until) {
                break;
            }
            if at + length > from {
                found.push((at, at + length));
            }
            let Some(days) = self.every_days else { break };
            at += SignedDuration::from_hours(24 * days.max(1));
        }
        found
    }
}

/// How mail flows: domains, rules, policies, and people outside with an address book entry.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct MailFlow {
    pub accepted: Vec<AcceptedDomain>,
    pub rules: Vec<TransportRule>,
    /// `Automatic`, `On` or `Off`.
    pub auto_forwarding: String,
    /// `AutoForwardEnabled` of the default remote domain.
    pub remote_auto_forward: bool,
    pub retention: Vec<RetentionPolicy>,
    pub contacts: BTreeMap<Uuid, Contact>,
    /// Who may open whose `OneDrive`: owner → permissions on its root.
    pub drives: BTreeMap<Uuid, Vec<DrivePermission>>,
}

impl MailFlow {
    /// The name of a transport rule or of a contact.
    pub fn name_of(&self, id: Uuid) -> Option<String> {
        let rule = self.rules.iter().find(|rule| rule.id == id).map(|rule| rule.name.clone());
        rule.or_else(|| self.contacts.get(&id).map(|contact| contact.name.clone()))
    }
}

#[derive(Debug, Clone)]
pub(in super::super) struct AcceptedDomain {
    pub name: String,
    /// `Authoritative` or `InternalRelay`.
    pub kind: String,
    pub default: bool,
}

#[derive(Debug, Clone)]
pub(in super::super) struct TransportRule {
    pub id: Uuid,
    pub name: String,
    pub enabled: bool,
    /// `Enforce`, `Audit` or `AuditAndNotify`.
    pub mode: String,
    /// Counts from 0.
    pub priority: u32,
    pub comments: String,
    /// What it does, in Exchange's own words.
    pub description: String,
}

#[derive(Debug, Clone)]
pub(in super::super) struct RetentionPolicy {
    pub id: Uuid,
    pub name: String,
    pub default: bool,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone)]
pub(in super::super) struct Contact {
    pub name: String,
    pub address: String,
}

#[derive(Debug, Clone)]
pub(in super::super) struct DrivePermission {
    pub id: String,
    pub user: Uuid,
    /// `read`, `write` or `owner`.
    pub role: String,
}
