//! Who may open a mailbox, and who may send as it.
//! learn.microsoft.com/powershell/module/exchangepowershell: add-mailboxpermission,
//! add-recipientpermission and their kin.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        state::mail::{Entry, MailDetails, Trustee},
        turn::Turn,
    },
    Command, Output, Result, mailboxes, recipients, trouble,
};

/// "Max 500 entries" (learn.microsoft.com, Exchange Online limits).
const ENTRIES_MAX: usize = 500;

/// The account every mailbox belongs to.
const SELF: &str = "NT AUTHORITY\\SELF";

/// One of the two lists, and how its entries are called.
struct List {
    right: &'static str,
    what: &'static str,
    of: fn(&mut MailDetails) -> &mut Vec<Entry>,
}

const ACCESS: List =
    List { right: "FullAccess", what: "access", of: |details| &mut details.access };
const SEND_AS: List = List { right: "SendAs", what: "send_as", of: |details| &mut details.send_as };

fn named(turn: &Turn<'_>, trustee: &Trustee) -> String {
    match trustee {
        Trustee::Object(id) => turn.state().name_of(*id),
        Trustee::Named(name) => name.clone(),
    }
}

/// The entries of a mailbox, among them those that every mailbox has and nobody gave.
fn entries(turn: &Turn<'_>, command: &Command, list: &List) -> Result<(Uuid, Vec<Entry>)> {
    let id = mailboxes::owner(turn, command.needed("Identity")?)?;
    let user = turn.state().users.get(&id);
    let mut details = user
        .and_then(|user| user.mailbox.as_ref())
        .map_or_else(MailDetails::default, |mailbox| mailbox.details.clone());
    let plain = |name: &str, inherited: bool, deny: bool| Entry {
        trustee: Trustee::Named(name.to_owned()),
        deny,
        inherited,
        auto_mapping: false,
    };
    let mut all = vec![plain(SELF, false, false)];
    if list.right == ACCESS.right {
        all.push(plain("NAMPRD00A001\\Exchange Servers", true, false));
        all.push(plain("NAMPRD00A001\\Organization Management", true, true));
    }
    all.append((list.of)(&mut details));
    Ok((id, all))
}

pub(super) fn get(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "User", "ResultSize", "IncludeUserWithDisplayName"])?;
    let (id, all) = entries(turn, command, &ACCESS)?;
    let asked = asked(turn, command, "User")?;
    let fits = |entry: &&Entry| asked.as_ref().is_none_or(|wanted| entry.trustee == *wanted);
    let rights = |entry: &Entry| match &entry.trustee {
        Trustee::Named(name) if name == SELF => json!(["FullAccess", "ReadPermission"]),
        _ => json!(["FullAccess"]),
    };
    let shown = |entry: &Entry| {
        json!({
            "Identity": id, "User": named(turn, &entry.trustee), "AccessRights": rights(entry),
            "Deny": entry.deny, "IsInherited": entry.inherited, "InheritanceType": "All",
            "IsValid": true,
        })
    };
    Ok(Output { value: all.iter().filter(fits).map(shown).collect(), ..Output::default() })
}

pub(super) fn get_send_as(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Trustee", "AccessRights", "ResultSize"])?;
    let (id, all) = entries(turn, command, &SEND_AS)?;
    let asked = asked(turn, command, "Trustee")?;
    let fits = |entry: &&Entry| asked.as_ref().is_none_or(|wanted| entry.trustee == *wanted);
    let shown = |entry: &Entry| {
        json!({
            "Identity": id, "Trustee": named(turn, &entry.trustee), "AccessRights": ["SendAs"],
            "AccessControlType": if entry.deny { "Deny" } else { "Allow" },
            "IsInherited": entry.inherited, "InheritanceType": "None", "IsValid": true,
        })
    };
    Ok(Output { value: all.iter().filter(fits).map(shown).collect(), ..Output::default() })
}

fn asked(turn: &Turn<'_>, command: &Command, name: &str) -> Result<Option<Trustee>> {
    command.text(name).map(|identity| principal(turn, identity)).transpose()
}

fn principal(turn: &Turn<'_>, identity: &str) -> Result<Trustee> {
    let found = recipients::find(turn, identity).filter(recipients::Recipient::is_principal);
    let found = found.ok_or_else(|| trouble::no_principal(identity))?;
    Ok(Trustee::Object(found.id()))
}

pub(super) fn add(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[
        "Identity",
        "User",
        "AccessRights",
        "InheritanceType",
        "AutoMapping",
        "Deny",
    ])?;
    let wanted = Entry {
        trustee: principal(turn, command.needed("User")?)?,
        deny: command.flag("Deny")?.unwrap_or(false),
        inherited: false,
        auto_mapping: command.flag("AutoMapping")?.unwrap_or(true),
    };
    grant(turn, command, &ACCESS, wanted)
}

pub(super) fn add_send_as(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Trustee", "AccessRights"])?;
    let trustee = principal(turn, command.needed("Trustee")?)?;
    let wanted = Entry { trustee, deny: false, inherited: false, auto_mapping: false };
    grant(turn, command, &SEND_AS, wanted)
}

pub(super) fn remove(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "User", "AccessRights", "InheritanceType", "Deny"])?;
    let trustee = principal(turn, command.needed("User")?)?;
    let deny = command.flag("Deny")?.unwrap_or(false);
    revoke(turn, command, &ACCESS, &trustee, deny)
}

pub(super) fn remove_send_as(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Trustee", "AccessRights", "Deny"])?;
    let trustee = principal(turn, command.needed("Trustee")?)?;
    let deny = command.flag("Deny")?.unwrap_or(false);
    revoke(turn, command, &SEND_AS, &trustee, deny)
}

/// Only the one right of each list is known here.
fn right(command: &Command, list: &List) -> Result<()> {
    let rights = command.list("AccessRights");
    if rights.is_empty() {
        return Err(trouble::missing_parameter(&command.name, "AccessRights"));
    }
    let wrong = rights.iter().find(|right| !right.eq_ignore_ascii_case(list.right));
    wrong.map_or(Ok(()), |_| Err(trouble::bad_value("AccessRights", "no such value.")))
}

fn grant(turn: &mut Turn<'_>, command: &Command, list: &List, wanted: Entry) -> Result<Output> {
    right(command, list)?;
    let identity = command.needed("Identity")?.to_owned();
    let id = mailboxes::owner(turn, &identity)?;
    let name = named(turn, &wanted.trustee);
    let Some(user) = turn.state().users.get(&id) else { return Err(trouble::not_found(&identity)) };
    let mut details = user.mailbox.clone().unwrap_or_default().details;
    let held = (list.of)(&mut details);
    if let Some(at) = held.iter().position(|e| e.trustee == wanted.trustee && e.deny == wanted.deny)
    {
        let mapped = held[at].auto_mapping;
        if let Some(mailbox) = turn.change().users.get_mut(&id).and_then(|u| u.mailbox.as_mut()) {
            (list.of)(&mut mailbox.details)[at].auto_mapping = wanted.auto_mapping;
        }
        if mapped != wanted.auto_mapping {
            turn.felt(
                "mailbox.auto_mapping",
                id,
                json!({ "trustee": name, "autoMapping": mapped }),
                json!({ "trustee": name, "autoMapping": wanted.auto_mapping }),
            );
        }
        // source: learn.microsoft.com answers quoting the module's warning
        let warning = format!(
            "The appropriate access control entry is already present on the object \"{identity}\" for account \"{name}\"."
        );
        return Ok(Output { warnings: vec![warning], ..Output::default() });
    }
    if held.len() >= ENTRIES_MAX {
        return Err(trouble::entries_full(&id.to_string()));
    }
    let shown = json!({ "trustee": name, "autoMapping": wanted.auto_mapping });
    let deny = wanted.deny;
    if let Some(mailbox) = turn.change().users.get_mut(&id).and_then(|user| user.mailbox.as_mut()) {
        (list.of)(&mut mailbox.details).push(wanted);
    }
    turn.felt(&format!("mailbox.{}.add", list.what), id, Value::Null, shown);
    let value = vec![json!({
        "Identity": id, "User": name, "Trustee": name, "AccessRights": [list.right],
        "Deny": deny, "IsInherited": false,
    })];
    Ok(Output { value, ..Output::default() })
}

fn revoke(
    turn: &mut Turn<'_>,
    command: &Command,
    list: &List,
    trustee: &Trustee,
    deny: bool,
) -> Result<Output> {
    right(command, list)?;
    let identity = command.needed("Identity")?.to_owned();
    let id = mailboxes::owner(turn, &identity)?;
    let name = named(turn, trustee);
    let Some(user) = turn.state().users.get(&id) else { return Err(trouble::not_found(&identity)) };
    let mut details = user.mailbox.clone().unwrap_or_default().details;
    let held = (list.of)(&mut details);
    let Some(at) = held.iter().position(|e| e.trustee == *trustee && e.deny == deny) else {
        // source: learn.microsoft.com (troubleshoot, "cannot remove access control entry") for
        // mailbox permissions; public code (CIPP-API) for "isn't present"
        let end = if list.right == ACCESS.right {
            "because the ACE doesn't exist on the object."
        } else {
            "because the ACE isn't present."
        };
        let warning = format!(
            "Can't remove the access control entry on the object \"{identity}\" for account \"{name}\" {end}"
        );
        return Ok(Output { warnings: vec![warning], ..Output::default() });
    };
    if let Some(mailbox) = turn.change().users.get_mut(&id).and_then(|user| user.mailbox.as_mut()) {
        (list.of)(&mut mailbox.details).remove(at);
    }
    let shown = json!({ "trustee": name, "deny": deny });
    turn.felt(&format!("mailbox.{}.remove", list.what), id, shown, Value::Null);
    Ok(Output::default())
}
