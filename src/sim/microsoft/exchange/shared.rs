//! Shared mailboxes, made and removed.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        state::{Mailbox, Props, State, User},
        turn::{Turn, seconds},
    },
    Command, Output, Result, mailboxes, trouble,
};

/// Who has this address already, also in the recycle bin, where addresses are kept.
fn holder(state: &State, address: &str) -> Option<String> {
    let has = |props: &Props| {
        let text = |name: &str| props.get(name).and_then(Value::as_str).unwrap_or_default();
        let wanted = format!("smtp:{address}");
        let proxies = props.get("proxyAddresses").and_then(Value::as_array);
        text("mail").eq_ignore_ascii_case(address)
            || text("userPrincipalName").eq_ignore_ascii_case(address)
            || proxies.is_some_and(|all| {
                all.iter().any(|found| {
                    found.as_str().is_some_and(|found| found.eq_ignore_ascii_case(&wanted))
                })
            })
    };
    let users = state.users.values().chain(state.deleted.values());
    let mut users = users.filter(|user| has(&user.props)).map(|user| user.upn().to_owned());
    let groups = || state.groups.values().find(|group| has(&group.props));
    users.next().or_else(|| groups().map(|group| group.name().to_owned()))
}

/// `New-Mailbox -Shared`: also makes an Entra user, which may sign in until somebody blocks it.
pub(super) fn create(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Shared", "Name", "DisplayName", "Alias", "PrimarySmtpAddress", "Force"])?;
    if command.flag("Shared")? != Some(true) {
        // Other kinds of mailbox need a password or a room; the product never asks.
        return Err(trouble::missing_parameter(&command.name, "Shared"));
    }
    let name = command.needed("Name")?;
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let alias = command.text("Alias").unwrap_or(&plain).to_owned();
    let state = turn.state();
    let address = match command.text("PrimarySmtpAddress") {
        Some(address) => address.to_owned(),
        None => format!("{alias}@{}", state.tenant.domain),
    };
    let domain = address.split('@').nth(1).unwrap_or_default();
    if !state.mail.accepted.iter().any(|known| known.name.eq_ignore_ascii_case(domain)) {
        return Err(trouble::foreign_domain(domain));
    }
    if let Some(owner) = holder(state, &address) {
        return Err(trouble::address_taken(&address, &owner));
    }
    let shown = command.text("DisplayName").unwrap_or(name).to_owned();
    let id = turn.clock.uuid();
    let user = account(id, &shown, &alias, &address, &seconds(turn.now));
    turn.change().users.insert(id, user);
    let after = json!({ "displayName": shown, "mail": address, "type": "Shared" });
    turn.felt("mailbox.create", id, Value::Null, after);
    mailboxes::get(turn, &Command::naming("Get-Mailbox", &id.to_string()))
}

fn account(id: Uuid, name: &str, alias: &str, address: &str, now: &str) -> User {
    let props = json!({
        "userPrincipalName": address, "displayName": name, "mail": address,
        "mailNickname": alias, "userType": "Member", "accountEnabled": true,
        "proxyAddresses": [format!("SMTP:{address}")], "createdDateTime": now,
        "lastPasswordChangeDateTime": now, "signInSessionsValidFromDateTime": now,
    });
    let Value::Object(props) = props else { unreachable!("an object was just written") };
    User {
        id,
        props,
        manager: None,
        password: None,
        licences: std::collections::BTreeMap::new(),
        mailbox: Some(Mailbox { shared: true, ..Mailbox::default() }),
        deleted_at: None,
    }
}

/// `Remove-Mailbox`: the mailbox goes, and the account with it; both wait thirty days
/// (learn.microsoft.com/powershell/module/exchangepowershell/remove-mailbox).
pub(super) fn remove(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Force"])?;
    let identity = command.needed("Identity")?;
    let id = mailboxes::owner(turn, identity)?;
    let user = turn.state().users.get(&id).ok_or_else(|| trouble::not_found(identity))?;
    if user.is_synced() {
        return Err(trouble::mastered_on_premises(identity));
    }
    let upn = user.upn().to_owned();
    turn.felt("mailbox.remove", id, json!({ "userPrincipalName": upn }), Value::Null);
    let now = turn.now;
    let state = turn.change();
    if let Some(mut user) = state.users.remove(&id) {
        user.deleted_at = Some(now);
        // As the directory does: the object id in front, so that the name is free again.
        user.set("userPrincipalName", format!("{}{upn}", id.simple()));
        state.deleted.insert(id, user);
    }
    Ok(Output::default())
}
