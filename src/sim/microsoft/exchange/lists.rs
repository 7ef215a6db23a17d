//! Distribution lists and mail-enabled security groups: what Graph only shows.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{state::Group, turn::Turn},
    Command, Output, Result, person, trouble,
};

/// A list by address, object id, alias or display name.
pub(super) fn find<'a>(turn: &'a Turn<'_>, identity: &str) -> Result<&'a Group> {
    let prop = |group: &Group, name: &str| {
        let text = group.props.get(name).and_then(Value::as_str);
        text.is_some_and(|text| text.eq_ignore_ascii_case(identity))
    };
    let same = |group: &&Group| {
        group.is_exchange_only()
            && (group.id.to_string().eq_ignore_ascii_case(identity)
                || ["mail", "mailNickname", "displayName"].iter().any(|name| prop(group, name)))
    };
    let missing = || trouble::not_found(identity);
    turn.state().groups.values().find(same).ok_or_else(missing)
}

pub(super) fn view(turn: &Turn<'_>, group: &Group) -> Value {
    let prop = |name: &str| group.props.get(name).cloned().unwrap_or(Value::Null);
    let kind = if prop("securityEnabled") == true {
        "MailUniversalSecurityGroup"
    } else {
        "MailUniversalDistributionGroup"
    };
    let owners: Vec<String> = group.owners.iter().map(|id| turn.state().name_of(*id)).collect();
    json!({
        "Identity": group.name(), "Name": group.name(), "DisplayName": group.name(),
        "Alias": prop("mailNickname"), "PrimarySmtpAddress": group.mail(),
        "EmailAddresses": prop("proxyAddresses"), "ExternalDirectoryObjectId": group.id,
        "Guid": group.id, "RecipientType": kind, "RecipientTypeDetails": kind,
        "GroupType": if kind.ends_with("SecurityGroup") { "Universal, SecurityEnabled" } else { "Universal" },
        "ManagedBy": owners, "IsDirSynced": group.is_synced(),
    })
}

pub(super) fn get(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize", "Filter", "SortBy"])?;
    let value = if let Some(identity) = command.text("Identity") {
        vec![view(turn, find(turn, identity)?)]
    } else {
        let lists = turn.state().groups.values().filter(|group| group.is_exchange_only());
        lists.take(1_000).map(|group| view(turn, group)).collect()
    };
    Ok(Output { value, ..Output::default() })
}

pub(super) fn members(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize", "IncludeSoftDeletedObjects"])?;
    let group = find(turn, command.needed("Identity")?)?;
    let state = turn.state();
    let members = state.members_of(group);
    let people = members.iter().filter_map(|id| state.users.get(id)).map(|user| {
        let prop = |name: &str| user.props.get(name).cloned().unwrap_or(Value::Null);
        json!({
            "Identity": prop("displayName"), "Name": prop("displayName"),
            "DisplayName": prop("displayName"), "Alias": prop("mailNickname"),
            "PrimarySmtpAddress": prop("mail"), "WindowsLiveID": user.upn(),
            "ExternalDirectoryObjectId": user.id, "Guid": user.id,
            "RecipientType": "UserMailbox", "RecipientTypeDetails": "UserMailbox",
        })
    });
    let lists = members.iter().filter_map(|id| state.groups.get(id));
    let lists = lists.map(|group| view(turn, group));
    Ok(Output { value: people.chain(lists).collect(), ..Output::default() })
}

/// A recipient that a list can hold: a person, or another mail-enabled group.
pub(super) fn recipient(turn: &Turn<'_>, identity: &str) -> Result<Uuid> {
    if let Some(id) = person(turn, identity) {
        return Ok(id);
    }
    let mail_enabled = |group: &&Group| group.props.get("mailEnabled") == Some(&json!(true));
    let same = |group: &&Group| {
        group.id.to_string().eq_ignore_ascii_case(identity)
            || group.mail().eq_ignore_ascii_case(identity)
    };
    let found = turn.state().groups.values().filter(mail_enabled).find(same);
    found.map(|group| group.id).ok_or_else(|| trouble::not_found(identity))
}

pub(super) fn add(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    let (list, member) = both(turn, command)?;
    let group = turn.state().groups.get(&list);
    if group.is_some_and(|group| group.members.contains(&member)) {
        let state = turn.state();
        return Err(trouble::already_member(&state.name_of(member), &state.name_of(list)));
    }
    if let Some(group) = turn.change().groups.get_mut(&list) {
        group.members.insert(member);
    }
    let name = turn.state().name_of(member);
    turn.felt("list.member.add", list, Value::Null, json!({ "id": member, "name": name }));
    Ok(Output::default())
}

pub(super) fn remove(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    let (list, member) = both(turn, command)?;
    let group = turn.state().groups.get(&list);
    if !group.is_some_and(|group| group.members.contains(&member)) {
        let state = turn.state();
        return Err(trouble::not_member(&state.name_of(member), &state.name_of(list)));
    }
    if let Some(group) = turn.change().groups.get_mut(&list) {
        group.members.remove(&member);
    }
    let name = turn.state().name_of(member);
    turn.felt("list.member.remove", list, json!({ "id": member, "name": name }), Value::Null);
    Ok(Output::default())
}

fn both(turn: &Turn<'_>, command: &Command) -> Result<(Uuid, Uuid)> {
    command.only(&["Identity", "Member", "BypassSecurityGroupManagerCheck"])?;
    command.flag("BypassSecurityGroupManagerCheck")?;
    let identity = command.needed("Identity")?;
    let group = find(turn, identity)?;
    if group.is_synced() {
        return Err(trouble::mastered_on_premises(identity));
    }
    let wanted = command.needed("Member")?;
    Ok((group.id, recipient(turn, wanted)?))
}
