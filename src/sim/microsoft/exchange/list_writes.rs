//! Making and removing distribution lists and mail-enabled security groups
//! (learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        state::{Group, Props},
        turn::{Turn, seconds},
    },
    Command, Output, Result, lists, person, trouble,
};

pub(super) fn create(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[
        "Name",
        "Alias",
        "CopyOwnerToMember",
        "Description",
        "DisplayName",
        "IgnoreNamingPolicy",
        "ManagedBy",
        "MemberDepartRestriction",
        "MemberJoinRestriction",
        "Members",
        "Notes",
        "PrimarySmtpAddress",
        "RequireSenderAuthenticationEnabled",
        "Type",
    ])?;
    let name = command.needed("Name")?.to_owned();
    if name.chars().count() > 64 {
        return Err(trouble::bad_value("Name", "it is longer than 64 characters."));
    }
    let security = match command.text("Type") {
        None => false,
        Some(kind) if kind.eq_ignore_ascii_case("distribution") => false,
        Some(kind) if kind.eq_ignore_ascii_case("security") => true,
        Some(_) => return Err(trouble::bad_value("Type", "Distribution or Security is expected.")),
    };
    command.flag("RequireSenderAuthenticationEnabled")?;
    let alias = match command.text("Alias") {
        Some(alias) => alias.to_owned(),
        None => name.split_whitespace().collect(),
    };
    if alias.is_empty() || alias.contains(|c: char| c.is_whitespace() || c == '@') {
        return Err(trouble::bad_value("Alias", "it holds a character that is not allowed."));
    }
    let mail = match command.text("PrimarySmtpAddress") {
        Some(mail) => mail.to_owned(),
        None => format!("{alias}@{}", turn.state().tenant.domain),
    };
    check_free(turn, &name, &mail)?;
    let owners = people(turn, command, "ManagedBy")?;
    let members: BTreeSet<Uuid> = command
        .texts("Members")?
        .into_iter()
        .map(|one| lists::recipient(turn, one))
        .collect::<Result<_>>()?;
    let shown = command.text("DisplayName").unwrap_or(&name);
    let described = command.texts("Description")?.first().copied().or(command.text("Notes"));
    let Value::Object(mut props) = json!({
        "displayName": shown, "mail": mail, "mailNickname": alias, "mailEnabled": true,
        "securityEnabled": security, "groupTypes": [],
        "proxyAddresses": [format!("SMTP:{mail}")], "createdDateTime": seconds(turn.now),
        "renewedDateTime": seconds(turn.now),
    }) else {
        return Err(trouble::bad_request("The list cannot be described."));
    };
    if let Some(described) = described {
        props.insert("description".into(), json!(described));
    }
    Ok(keep(turn, props, owners, members))
}

fn keep(
    turn: &mut Turn<'_>,
    props: Props,
    owners: BTreeSet<Uuid>,
    members: BTreeSet<Uuid>,
) -> Output {
    let id = turn.clock.uuid();
    let mut seen = Value::Object(props.clone());
    seen["owners"] = json!(owners);
    seen["members"] = json!(members);
    let group = Group { id, props, members, owners, licences: BTreeSet::new() };
    let view = lists::view(turn, &group);
    turn.change().groups.insert(id, group);
    turn.felt("list.create", id, Value::Null, seen);
    Output { value: vec![view], ..Output::default() }
}

/// A name or an address that somebody has is refused.
fn check_free(turn: &Turn<'_>, name: &str, mail: &str) -> Result<()> {
    let state = turn.state();
    let holds = |props: &Props| {
        let same = |found: &str| found.eq_ignore_ascii_case(mail);
        let proxies = props.get("proxyAddresses").and_then(Value::as_array);
        props.get("mail").and_then(Value::as_str).is_some_and(same)
            || proxies.into_iter().flatten().filter_map(Value::as_str).any(|proxy| {
                proxy.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("smtp:"))
                    && same(&proxy[5..])
            })
    };
    let user = state.users.values().find(|user| holds(&user.props)).map(|user| user.id);
    let group = state.groups.values().find(|group| holds(&group.props)).map(|group| group.id);
    if let Some(holder) = user.or(group) {
        return Err(trouble::address_taken(mail, &state.name_of(holder)));
    }
    let named = |group: &Group| group.is_exchange_only() && group.name().eq_ignore_ascii_case(name);
    if state.groups.values().any(named) {
        return Err(trouble::name_taken(name));
    }
    Ok(())
}

fn people(turn: &Turn<'_>, command: &Command, name: &str) -> Result<BTreeSet<Uuid>> {
    let one = |one: &str| person(turn, one).ok_or_else(|| trouble::not_found(one));
    command.texts(name)?.into_iter().map(one).collect()
}

pub(super) fn delete(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "BypassSecurityGroupManagerCheck"])?;
    let identity = command.needed("Identity")?;
    let group = lists::find(turn, identity)?;
    if group.is_synced() {
        return Err(trouble::mastered_on_premises(identity));
    }
    let (id, name) = (group.id, group.name().to_owned());
    turn.felt("list.delete", id, json!({ "displayName": name }), Value::Null);
    turn.change().groups.remove(&id);
    Ok(Output::default())
}
