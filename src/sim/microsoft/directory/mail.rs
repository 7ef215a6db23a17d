//! Reads the `mail` of a directory file: what is in mailboxes, and how mail flows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        catalog::id_from,
        state::{
            State,
            mail::{
                AcceptedDomain, Contact, Entry, GIGABYTE, Hold, MailFlow, Meeting, RetentionPolicy,
                Rule, TransportRule, Trustee,
            },
        },
    },
    File, user_id,
};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FileMail {
    mailboxes: Vec<FileDetails>,
    transport_rules: Vec<FileRule>,
    retention_policies: Vec<FileRetention>,
    contacts: Vec<FileContact>,
    /// `Automatic` when absent.
    auto_forwarding: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in Exchange")]
struct FileDetails {
    address: String,
    /// It is a shared one.
    shared: bool,
    gigabytes: u64,
    full_access: Vec<String>,
    /// Refused by an entry of its own.
    deny_access: Vec<String>,
    send_as: Vec<String>,
    send_on_behalf: Vec<String>,
    forwarding_smtp: Option<String>,
    forwarding_address: Option<String>,
    hidden: bool,
    on_hold: bool,
    hold_days: Option<u32>,
    archive: bool,
    retention_policy: Option<String>,
    rules: Vec<FileInboxRule>,
    meetings: Vec<FileMeeting>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct FileInboxRule {
    name: String,
    disabled: bool,
    hidden: bool,
    from: Vec<String>,
    subject_words: Vec<String>,
    forward_to: Vec<String>,
    redirect_to: Vec<String>,
    forward_as_attachment_to: Vec<String>,
    move_to: Option<String>,
    delete: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileMeeting {
    subject: String,
    start: Timestamp,
    #[serde(default)]
    every_days: Option<i64>,
    #[serde(default)]
    until: Option<Timestamp>,
    /// Somebody else called it.
    #[serde(default)]
    invited: bool,
    #[serde(default)]
    attendees: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileRule {
    name: String,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    comments: String,
    description: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileRetention {
    name: String,
    #[serde(default)]
    default: bool,
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileContact {
    name: String,
    address: String,
}

/// The tenant's own part.
pub(super) fn flow(file: &File) -> MailFlow {
    let domain = |name: &str, default| AcceptedDomain {
        name: name.to_owned(),
        kind: "Authoritative".to_owned(),
        default,
    };
    let rule = |(priority, rule): (u32, &FileRule)| TransportRule {
        id: id_from("transport rule", &rule.name),
        name: rule.name.clone(),
        enabled: !rule.disabled,
        mode: "Enforce".to_owned(),
        priority,
        comments: rule.comments.clone(),
        description: rule.description.clone(),
    };
    let retention = |policy: &FileRetention| RetentionPolicy {
        id: id_from("retention policy", &policy.name),
        name: policy.name.clone(),
        default: policy.default,
        tags: policy.tags.clone(),
    };
    let contact = |contact: &FileContact| {
        let known = Contact { name: contact.name.clone(), address: contact.address.clone() };
        (id_from("contact", &contact.address), known)
    };
    let mail = &file.mail;
    MailFlow {
        accepted: vec![domain(&file.tenant_domain, true), domain(&file.onmicrosoft, false)],
        rules: (0..).zip(&mail.transport_rules).map(rule).collect(),
        auto_forwarding: mail.auto_forwarding.clone().unwrap_or_else(|| "Automatic".to_owned()),
        remote_auto_forward: true,
        retention: mail.retention_policies.iter().map(retention).collect(),
        contacts: mail.contacts.iter().map(contact).collect(),
        drives: BTreeMap::new(),
    }
}

/// What is in the mailboxes that the file tells more about.
pub(super) fn add_details(state: &mut State, file: &File) {
    for told in &file.mail.mailboxes {
        let id = user_id(&told.address);
        let rules = (1_u32..).zip(&told.rules).map(|(at, rule)| inbox_rule(id, at, rule)).collect();
        let meetings: Vec<Meeting> =
            told.meetings.iter().map(|found| meeting(state, id, found)).collect();
        let Some(mailbox) = state.users.get_mut(&id).and_then(|user| user.mailbox.as_mut()) else {
            continue;
        };
        mailbox.forwarding_smtp = told.forwarding_smtp.as_ref().map(|to| format!("smtp:{to}"));
        mailbox.forwarding_address.clone_from(&told.forwarding_address);
        mailbox.deliver_and_forward = told.forwarding_smtp.is_some();
        mailbox.shared |= told.shared;
        mailbox.hidden = told.hidden;
        let details = &mut mailbox.details;
        details.bytes = told.gigabytes * GIGABYTE;
        details.access = told.full_access.iter().map(|upn| allow(upn)).collect();
        details
            .access
            .extend(told.deny_access.iter().map(|upn| Entry { deny: true, ..allow(upn) }));
        details.send_as = told.send_as.iter().map(|upn| allow(upn)).collect();
        details.send_on_behalf = told.send_on_behalf.iter().map(|upn| user_id(upn)).collect();
        details.hold = told.on_hold.then(|| Hold {
            since: super::LONG_AGO.parse().expect("a constant instant"),
            owner: "legal@contoso.com".to_owned(),
            days: told.hold_days,
        });
        details.archive = told.archive;
        details.retention_policy.clone_from(&told.retention_policy);
        details.rules = rules;
        details.meetings = meetings;
    }
}

fn allow(upn: &str) -> Entry {
    Entry {
        trustee: Trustee::Object(user_id(upn)),
        deny: false,
        inherited: false,
        auto_mapping: true,
    }
}

fn inbox_rule(owner: Uuid, priority: u32, rule: &FileInboxRule) -> Rule {
    let (high, low) = id_from("inbox rule", &format!("{owner}{}", rule.name)).as_u64_pair();
    Rule {
        id: high ^ low,
        name: rule.name.clone(),
        enabled: !rule.disabled,
        hidden: rule.hidden,
        read_only: false,
        priority,
        from: rule.from.clone(),
        subject_words: rule.subject_words.clone(),
        forward_to: rule.forward_to.clone(),
        forward_as_attachment_to: rule.forward_as_attachment_to.clone(),
        redirect_to: rule.redirect_to.clone(),
        move_to: rule.move_to.clone(),
        delete: rule.delete,
        mark_as_read: false,
        stop: true,
    }
}

fn meeting(state: &State, owner: Uuid, told: &FileMeeting) -> Meeting {
    let named = |address: &String| {
        let user = state.user(address).and_then(|user| user.props.get("displayName")?.as_str());
        (user.unwrap_or(address).to_owned(), address.clone())
    };
    let id = id_from("meeting", &format!("{owner}{}{}", told.subject, told.start));
    Meeting {
        id: format!("AAMk{}", id.simple()),
        subject: told.subject.clone(),
        start: told.start,
        minutes: 60,
        every_days: told.every_days,
        until: told.until,
        organised: !told.invited,
        attendees: told.attendees.iter().map(named).collect(),
    }
}
