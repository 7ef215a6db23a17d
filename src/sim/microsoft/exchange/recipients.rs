//! Everybody with an address: mailboxes, groups, guests and contacts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        state::{Group, User, mail::Contact},
        turn::Turn,
    },
    Command, Output, Result, person, trouble,
};

/// One recipient.
#[derive(Clone, Copy)]
pub(super) enum Recipient<'a> {
    User(&'a User),
    Group(&'a Group),
    Contact(Uuid, &'a Contact),
}

impl Recipient<'_> {
    pub fn id(&self) -> Uuid {
        match self {
            Self::User(user) => user.id,
            Self::Group(group) => group.id,
            Self::Contact(id, _) => *id,
        }
    }

    /// Its name on the old wire, which inbox rules keep.
    pub fn legacy_dn(&self) -> String {
        let id = self.id().simple();
        format!(
            "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={id}"
        )
    }

    pub fn display_name(&self) -> String {
        match self {
            Self::User(user) => text(user.props.get("displayName")).to_owned(),
            Self::Group(group) => group.name().to_owned(),
            Self::Contact(_, contact) => contact.name.clone(),
        }
    }

    /// A user, or a group that carries rights.
    pub fn is_principal(&self) -> bool {
        match self {
            Self::User(_) => true,
            Self::Group(group) => group.props.get("securityEnabled") == Some(&json!(true)),
            Self::Contact(..) => false,
        }
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// By object id, address, alias, legacy name or display name.
pub(super) fn find<'a>(turn: &'a Turn<'_>, identity: &str) -> Option<Recipient<'a>> {
    let state = turn.state();
    if let Some(user) = person(turn, identity).and_then(|id| state.users.get(&id)) {
        return Some(Recipient::User(user));
    }
    let legacy = identity.rsplit_once("/cn=").and_then(|(_, id)| Uuid::try_parse(id).ok());
    let same = |value: &str| value.eq_ignore_ascii_case(identity);
    let group = state.groups.values().find(|group| {
        let names = ["mail", "mailNickname", "displayName"];
        Some(group.id) == legacy
            || same(&group.id.to_string())
            || names.iter().any(|name| same(text(group.props.get(*name))))
    });
    let contact = || {
        state.mail.contacts.iter().find(|(id, contact)| {
            Some(**id) == legacy
                || same(&id.to_string())
                || same(&contact.address)
                || same(&contact.name)
        })
    };
    let user = legacy.and_then(|id| state.users.get(&id)).map(Recipient::User);
    user.or_else(|| group.map(Recipient::Group))
        .or_else(|| contact().map(|(id, contact)| Recipient::Contact(*id, contact)))
}

/// The same, if it has an address: somebody without a mailbox is no recipient.
pub(super) fn addressed<'a>(turn: &'a Turn<'_>, identity: &str) -> Option<Recipient<'a>> {
    find(turn, identity).filter(|found| view(turn, *found).is_some())
}

/// As `Get-Recipient` shows it; nothing for somebody without an address.
fn view(turn: &Turn<'_>, found: Recipient<'_>) -> Option<Value> {
    let mut view = match found {
        Recipient::User(user) => of_user(turn, user)?,
        Recipient::Group(group) => of_group(group)?,
        Recipient::Contact(_, contact) => json!({
            "DisplayName": contact.name, "Alias": contact.name.replace(' ', ""),
            "PrimarySmtpAddress": contact.address,
            "EmailAddresses": [format!("SMTP:{}", contact.address)],
            "ExternalEmailAddress": format!("SMTP:{}", contact.address),
            "RecipientType": "MailContact", "RecipientTypeDetails": "MailContact",
            "HiddenFromAddressListsEnabled": false, "ExternalDirectoryObjectId": "",
        }),
    };
    view["Identity"] = json!(found.id());
    view["Name"] = json!(found.id());
    view["Guid"] = json!(found.id());
    view["LegacyExchangeDN"] = json!(found.legacy_dn());
    Some(view)
}

fn of_user(turn: &Turn<'_>, user: &User) -> Option<Value> {
    let prop = |name: &str| user.props.get(name).cloned().unwrap_or(Value::Null);
    let guest = prop("userType") == "Guest";
    let mailbox = turn.state().mailbox(user);
    let (kind, details) = match mailbox {
        Some(mailbox) if mailbox.shared => ("UserMailbox", "SharedMailbox"),
        Some(_) => ("UserMailbox", "UserMailbox"),
        None if guest => ("MailUser", "GuestMailUser"),
        None => return None,
    };
    Some(json!({
        "DisplayName": prop("displayName"), "Alias": prop("mailNickname"),
        "PrimarySmtpAddress": prop("mail"), "EmailAddresses": prop("proxyAddresses"),
        "ExternalEmailAddress": if guest { prop("mail") } else { Value::Null },
        "RecipientType": kind, "RecipientTypeDetails": details,
        "HiddenFromAddressListsEnabled": guest || mailbox.is_some_and(|mailbox| mailbox.hidden),
        "ExternalDirectoryObjectId": user.id,
    }))
}

fn of_group(group: &Group) -> Option<Value> {
    let prop = |name: &str| group.props.get(name).cloned().unwrap_or(Value::Null);
    if prop("mailEnabled") != true {
        return None;
    }
    let kind = match (group.is_exchange_only(), prop("securityEnabled") == true) {
        (false, _) => "GroupMailbox",
        (true, true) => "MailUniversalSecurityGroup",
        (true, false) => "MailUniversalDistributionGroup",
    };
    let plain = if kind == "GroupMailbox" { "MailUniversalDistributionGroup" } else { kind };
    Some(json!({
        "DisplayName": group.name(), "Alias": prop("mailNickname"),
        "PrimarySmtpAddress": group.mail(), "EmailAddresses": prop("proxyAddresses"),
        "ExternalEmailAddress": null, "RecipientType": plain, "RecipientTypeDetails": kind,
        "HiddenFromAddressListsEnabled": false, "ExternalDirectoryObjectId": group.id,
    }))
}

/// `Get-Recipient`.
pub(super) fn get(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize", "RecipientTypeDetails", "Anr", "SortBy"])?;
    if let Some(identity) = command.text("Identity") {
        let found = find(turn, identity).and_then(|found| view(turn, found));
        let value = vec![found.ok_or_else(|| trouble::not_found(identity))?];
        return Ok(Output { value, ..Output::default() });
    }
    let state = turn.state();
    let users = state.users.values().map(Recipient::User);
    let groups = state.groups.values().map(Recipient::Group);
    let contacts = state.mail.contacts.iter().map(|(id, found)| Recipient::Contact(*id, found));
    let all = users.chain(groups).chain(contacts).filter_map(|found| view(turn, found));
    let kinds = command.list("RecipientTypeDetails");
    let wanted = |view: &Value| {
        let kind = text(Some(&view["RecipientTypeDetails"]));
        kinds.is_empty() || kinds.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind))
    };
    // Ambiguous name resolution: the beginning of a name or of an address.
    let anr = command.text("Anr").unwrap_or_default().to_lowercase();
    let begins = |view: &Value| {
        ["DisplayName", "PrimarySmtpAddress", "Alias"].iter().any(|name| {
            let found = text(Some(&view[*name])).to_lowercase();
            found.split([' ', '-']).any(|word| word.starts_with(&anr)) || found.starts_with(&anr)
        })
    };
    let mut value: Vec<Value> = all.filter(|view| wanted(view) && begins(view)).collect();
    value.sort_by_key(|view| text(Some(&view["DisplayName"])).to_lowercase());
    if let Some(limit) = command.given("ResultSize").and_then(Value::as_u64) {
        value.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(Output { value, ..Output::default() })
}
