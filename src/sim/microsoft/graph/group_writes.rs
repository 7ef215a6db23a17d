//! Making, changing and deleting groups. Refuses what Graph refuses, before anything is changed
//! (learn.microsoft.com/graph/api/group-post-groups, group-update, group-delete).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{
            kinds::{GROUP, Shape, Use},
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{
            Group, Props, State,
            rule::{self, Fault},
        },
        turn::{Turn, seconds},
        views,
    },
    groups::find,
    members, object, pointed,
};

/// Links that one request may change (the same page, Example 2).
const LINKS_MAX: usize = 20;

fn plain(body: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    body.iter().filter(|(name, _)| !name.contains('@'))
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

fn is(body: &Map<String, Value>, name: &str) -> bool {
    body.get(name) == Some(&Value::Bool(true))
}

/// Written when a group is made, never after (the same pages).
const ONLY_AT_BIRTH: &[&str] =
    &["groupTypes", "isAssignableToRole", "mailEnabled", "securityEnabled", "uniqueName"];

fn check_property(name: &str, value: &Value, birth: bool) -> Result<(), Refusal> {
    let property = GROUP.property(name).ok_or_else(|| refusals::undeclared_property(name))?;
    let writable = matches!(property.usage, Use::Open | Use::Set)
        || birth && (ONLY_AT_BIRTH.contains(&name) || name == "resourceBehaviorOptions");
    if !writable {
        return Err(refusals::read_only(name));
    }
    let right = match (property.shape, value) {
        (_, Value::Null) => name != "displayName" && name != "mailNickname",
        (Shape::Text, Value::String(text)) => match name {
            "displayName" => (1..=256).contains(&text.chars().count()),
            "description" => text.chars().count() <= 1024,
            "mailNickname" => is_nickname(text),
            "membershipRuleProcessingState" => ["On", "Paused"].contains(&text.as_str()),
            "visibility" => ["Private", "Public", "HiddenMembership"].contains(&text.as_str()),
            _ => true,
        },
        (Shape::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Shape::Flag, Value::Bool(_)) | (Shape::Other, _) => true,
        _ => false,
    };
    if right { Ok(()) } else { Err(refusals::invalid_of(name, "Group")) }
}

/// "Maximum length is 64 characters"; of ASCII all but a few (group resource, mailNickname).
fn is_nickname(text: &str) -> bool {
    let strange = |c: char| !c.is_ascii() || "@()\\[]\";:<>, ".contains(c);
    (1..=64).contains(&text.len()) && !text.contains(strange)
}

fn check_rule(state: &State, rule: &str) -> Result<(), Refusal> {
    if !state.has_plan("AAD_PREMIUM") {
        return Err(refusals::no_premium());
    }
    match rule::parse(rule) {
        Ok(_) => Ok(()),
        Err(Fault::Property) => Err(refusals::wrong_rule_property()),
        Err(Fault::Syntax) => Err(refusals::wrong_rule()),
    }
}

/// The sort of group a body asks for: which of the combinations the service makes.
fn check_sort(body: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let types = body.get("groupTypes").and_then(Value::as_array);
    let types: Vec<String> =
        types.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    if types.iter().any(|name| name != "Unified" && name != "DynamicMembership") {
        return Err(refusals::invalid_of("groupTypes", "Group"));
    }
    let unified = types.iter().any(|name| name == "Unified");
    let (mail, security) = (is(body, "mailEnabled"), is(body, "securityEnabled"));
    // Lists and mail-enabled security groups are made by Exchange; a group of neither sort by nobody.
    if mail != unified || !mail && !security {
        return Err(refusals::mail_enabled_writes());
    }
    Ok(types)
}

fn check_nickname(state: &State, nickname: &str, own: Option<Uuid>) -> Result<(), Refusal> {
    let same = |props: &Props| {
        let found = props.get("mailNickname").and_then(Value::as_str);
        found.is_some_and(|found| found.eq_ignore_ascii_case(nickname))
    };
    let mail = |props: &Props| props.get("mail").is_some_and(Value::is_string);
    let group = state
        .groups
        .values()
        .any(|group| Some(group.id) != own && mail(&group.props) && same(&group.props));
    let user = state.users.values().any(|user| mail(&user.props) && same(&user.props));
    if group || user { Err(refusals::nickname_taken()) } else { Ok(()) }
}

/// The ids behind a `…@odata.bind`.
fn bound(body: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    match body.get(&format!("{name}@odata.bind")) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| pointed(item.as_str().ok_or_else(refusals::bad_reference)?))
            .collect(),
        Some(_) => Err(refusals::bad_reference()),
    }
}

pub(super) fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::GROUP_CREATE)?;
    let body = object(call)?;
    for (name, value) in plain(body) {
        check_property(name, value, true)?;
    }
    for name in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(refusals::missing_of(name, "Group"));
        }
    }
    let types = check_sort(body)?;
    let (unified, dynamic) = (
        types.iter().any(|name| name == "Unified"),
        types.iter().any(|name| name == "DynamicMembership"),
    );
    match text(body, "membershipRule") {
        Some(rule) if dynamic => check_rule(turn.state(), rule)?,
        Some(_) => return Err(refusals::invalid_of("membershipRule", "Group")),
        None if dynamic => return Err(refusals::missing_of("membershipRule", "Group")),
        None => {}
    }
    if is(body, "isAssignableToRole") {
        turn.caller.need(access::ROLE_GROUP_WRITE)?;
        if dynamic || !is(body, "securityEnabled") {
            return Err(refusals::invalid_of("isAssignableToRole", "Group"));
        }
    }
    let nickname = text(body, "mailNickname").unwrap_or_default().to_owned();
    if unified {
        check_nickname(turn.state(), &nickname, None)?;
    }
    let (owners, found) = links(turn.state(), body)?;
    if dynamic && !found.is_empty() {
        return Err(refusals::invalid_of("members", "Group"));
    }
    let mut group = Group {
        id: turn.clock.uuid(),
        props: born(turn, body, unified, &nickname),
        members: BTreeSet::new(),
        owners,
        licences: BTreeSet::new(),
    };
    for member in &found {
        members::may_hold(turn.state(), &group, *member)?;
    }
    group.members = found;
    let (id, shown) = (group.id, Value::Object(group.props.clone()));
    let view = views::group(&group);
    let mut seen = shown;
    seen["owners"] = json!(group.owners);
    seen["members"] = json!(group.members);
    turn.change().groups.insert(id, group);
    turn.felt("group.create", id, Value::Null, seen);
    let location = format!("{}/v1.0/groups/{id}", turn.origin);
    Ok(page::written(turn, 201, &GROUP, &view).with("Location", location))
}

/// Owners and members named in the body.
fn links(
    state: &State,
    body: &Map<String, Value>,
) -> Result<(BTreeSet<Uuid>, BTreeSet<Uuid>), Refusal> {
    let (owners, members) = (bound(body, "owners")?, bound(body, "members")?);
    if owners.len() + members.len() > LINKS_MAX {
        return Err(refusals::too_many_links());
    }
    let owner = |key: &String| {
        state.users.get(&members::known(state, key)?).map(|user| user.id).ok_or_else(|| {
            // Groups and devices own nothing (learn.microsoft.com/graph/api/group-post-owners).
            refusals::not_a_member_kind("group")
        })
    };
    let owners = owners.iter().map(owner).collect::<Result<_, _>>()?;
    let members = members.iter().map(|key| members::known(state, key)).collect::<Result<_, _>>()?;
    Ok((owners, members))
}

fn born(turn: &Turn<'_>, body: &Map<String, Value>, unified: bool, nickname: &str) -> Props {
    let mut props: Props = plain(body)
        .filter(|(_, value)| !value.is_null())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let now = seconds(turn.now);
    props.insert("createdDateTime".into(), json!(now));
    props.insert("renewedDateTime".into(), json!(now));
    props.entry("groupTypes").or_insert_with(|| json!([]));
    if unified {
        let mail = format!("{nickname}@{}", turn.state().tenant.domain);
        props.insert("proxyAddresses".into(), json!([format!("SMTP:{mail}")]));
        props.insert("mail".into(), json!(mail));
        props.entry("visibility").or_insert_with(|| json!("Public"));
    }
    if props.contains_key("membershipRule") {
        // Without a state the rule is processed (unconfirmed).
        props.entry("membershipRuleProcessingState").or_insert_with(|| json!("On"));
    }
    props
}

pub(super) fn patch(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let body = object(call)?;
    let only_members = plain(body).next().is_none();
    turn.caller.need(if only_members { access::MEMBER_WRITE } else { access::GROUP_WRITE })?;
    let group = find(turn.state(), key)?;
    if group.is_role_assignable() {
        turn.caller.need(access::ROLE_GROUP_WRITE)?;
    }
    for (name, value) in plain(body) {
        check_property(name, value, false)?;
    }
    if group.is_synced() {
        return Err(refusals::mastered_on_premises());
    }
    if group.is_exchange_only() {
        return Err(refusals::exchange_is_master());
    }
    if let Some(rule) = text(body, "membershipRule") {
        if !group.is_dynamic() {
            return Err(refusals::invalid_of("membershipRule", "Group"));
        }
        check_rule(turn.state(), rule)?;
    }
    if let Some(nickname) = text(body, "mailNickname").filter(|_| group.has_type("Unified")) {
        check_nickname(turn.state(), nickname, Some(group.id))?;
    }
    let added = new_members(turn, group, body)?;
    apply(turn, key, body, &added)?;
    Ok(Answer::empty(204))
}

/// One that is there already, or is not known, fails the whole request
/// (learn.microsoft.com/graph/api/group-post-members, Example 2).
fn new_members(
    turn: &Turn<'_>,
    group: &Group,
    body: &Map<String, Value>,
) -> Result<Vec<Uuid>, Refusal> {
    let named = bound(body, "members")?;
    if named.len() > LINKS_MAX {
        return Err(refusals::too_many_links());
    }
    if !named.is_empty() && group.is_dynamic() {
        return Err(refusals::not_allowed());
    }
    let mut added = Vec::new();
    for key in &named {
        let member = members::known(turn.state(), key)?;
        members::may_add(turn, group, member)?;
        if group.members.contains(&member) || added.contains(&member) {
            return Err(refusals::already_member("members"));
        }
        added.push(member);
    }
    Ok(added)
}

fn apply(
    turn: &mut Turn<'_>,
    key: &str,
    body: &Map<String, Value>,
    added: &[Uuid],
) -> Result<(), Refusal> {
    let id = find(turn.state(), key)?.id;
    let now_in = turn.state().members_of(find(turn.state(), key)?);
    let (mut before, mut after) = (Map::new(), Map::new());
    if let Some(group) = turn.change().groups.get_mut(&id) {
        for (name, value) in plain(body) {
            let old = group.props.insert(name.clone(), value.clone()).unwrap_or(Value::Null);
            before.insert(name.clone(), old);
            after.insert(name.clone(), value.clone());
        }
        // A rule that is paused leaves everybody where they are.
        if after.get("membershipRuleProcessingState").is_some_and(|state| state == "Paused") {
            group.members = now_in;
        }
        group.members.extend(added);
    }
    if !after.is_empty() {
        turn.felt("group.update", id, Value::Object(before), Value::Object(after));
    }
    for member in added {
        members::felt(turn, "group.member.add", id, *member);
    }
    Ok(())
}

pub(super) fn delete(turn: &mut Turn<'_>, key: &str) -> Outcome {
    turn.caller.need(access::GROUP_WRITE)?;
    let group = find(turn.state(), key)?;
    if group.is_role_assignable() {
        turn.caller.need(access::ROLE_GROUP_WRITE)?;
    }
    if group.is_synced() {
        return Err(refusals::mastered_on_premises());
    }
    if group.is_exchange_only() {
        return Err(refusals::exchange_is_master());
    }
    let (id, name, kept) = (group.id, group.name().to_owned(), group.has_type("Unified"));
    turn.felt("group.delete", id, json!({ "displayName": name }), Value::Null);
    let state = turn.change();
    if let Some(group) = state.groups.remove(&id).filter(|_| kept) {
        // Only Microsoft 365 groups can be restored (learn.microsoft.com/graph/api/group-delete).
        state.deleted_groups.insert(id, group);
    }
    Ok(Answer::empty(204))
}

/// The deleted groups that can still be restored.
pub(super) fn deleted(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    let all = turn.state().deleted_groups.values().map(views::group).collect();
    page::list(turn, call, &GROUP, all, &page::nothing)
}
