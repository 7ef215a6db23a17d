//! Groups: who is in them, and making them. Lists of Exchange are read and changed there.
//!
//! All memberships of one user come from one listing,
//! `GET /users/{id}/memberOf/microsoft.graph.group`. It is chosen over the others
//! because it sees direct members only (`checkMemberGroups` sees nested ones too),
//! is not an advanced query (`GET /groups/{id}/members?$filter=…` needs
//! `ConsistencyLevel: eventual`, and those lag most behind writes), is accepted
//! app-only, and answers for sixty groups as fast as for one. A group with hidden
//! membership shows there only when the app has `Member.Read.Hidden`. Devices and
//! groups are asked the same way. Owners come from the group: what somebody owns,
//! `/users/{id}/ownedObjects`, Microsoft tells no application.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::{
        exchange::{Cmdlet, reply::member_id},
        graph::{
            answer::{Answer, Ask},
            permissions::Reading,
            refusals::{self, Meaning},
            shapes::{self, GROUP_SELECT},
            wire::encoded,
        },
    },
    domain::{
        change::{GroupChange, Sight},
        groups::NewGroup,
        ids::{GroupId, TenantId},
        trouble::Reason,
        users::GroupSort,
    },
    ports::hands::Output,
};

/// Memberships read of one object; Entra ID allows about 2,000 for a token's sake, but
/// sets no limit.
const MEMBERSHIPS_MAX: usize = 10_000;
/// Owners read of one group; it has at most 100 (Entra service limits).
const OWNERS_MAX: usize = 200;
/// Groups of one nickname that are told apart.
const NAMESAKES_MAX: usize = 20;

/// Members of these are changed and read through Exchange.
fn through_exchange(sort: GroupSort) -> bool {
    matches!(sort, GroupSort::Distribution | GroupSort::MailEnabledSecurity)
}

/// One membership: of which group, through which door, and whose.
struct Membership<'a> {
    group: &'a GroupId,
    sort: GroupSort,
    member: Uuid,
    /// `/users/{id}`, `/devices/{id}`, `/groups/{id}`.
    path: String,
    goes_in: bool,
    /// As an owner, and no member.
    owns: bool,
}

impl Membership<'_> {
    fn listed(&self) -> bool {
        through_exchange(self.sort)
    }
}

fn membership(change: &GroupChange) -> Result<Option<Membership<'_>>, Reason> {
    let (group, goes_in) = match change.membership() {
        Some((group, goes_in)) => (known(group)?, goes_in),
        None => return Ok(None),
    };
    let (sort, member, path) = match change {
        GroupChange::AddMember { user, sort, .. }
        | GroupChange::RemoveMember { user, sort, .. } => {
            let user = known(user)?;
            (*sort, user.guid(), user_path(user))
        }
        GroupChange::AddOwner { user, .. } | GroupChange::RemoveOwner { user, .. } => {
            let user = known(user)?;
            (GroupSort::Security, user.guid(), user_path(user))
        }
        GroupChange::AddDevice { device, .. } | GroupChange::RemoveDevice { device, .. } => {
            let id = device.guid();
            (GroupSort::Security, id, format!("/devices/{}", id.hyphenated()))
        }
        GroupChange::NestGroup { member, sort, .. }
        | GroupChange::UnnestGroup { member, sort, .. } => {
            let id = member.guid();
            (*sort, id, format!("/groups/{}", id.hyphenated()))
        }
        GroupChange::CreateGroup { .. } | GroupChange::CreateList { .. } => return Ok(None),
    };
    let owns = matches!(change, GroupChange::AddOwner { .. } | GroupChange::RemoveOwner { .. });
    Ok(Some(Membership { group, sort, member, path, goes_in, owns }))
}

/// The group that is made, of which tenant.
fn made(change: &GroupChange) -> Option<(&TenantId, &NewGroup)> {
    match change {
        GroupChange::CreateGroup { tenant, made } | GroupChange::CreateList { tenant, made } => {
            Some((tenant, made))
        }
        _ => None,
    }
}

impl Calls for GroupChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        if let Some((tenant, made)) = made(self) {
            let read = if let (Self::CreateList { .. }, Some(mail)) = (self, &made.mail) {
                Read::cmdlet(tenant, Cmdlet::list_at(mail))
            } else {
                let name = encoded(&made.nickname.replace('\'', "''"));
                let path = format!(
                    "/groups?$filter=mailNickname%20eq%20'{name}'&$select={GROUP_SELECT}\
                     &$top={NAMESAKES_MAX}"
                );
                Read::list(tenant, path, NAMESAKES_MAX, Reading::GROUPS)
            };
            return Ok(vec![read]);
        }
        let Some(member) = membership(self)? else { return Ok(Vec::new()) };
        let tenant = member.group.tenant();
        Ok(vec![if member.listed() {
            Read::cmdlet(tenant, Cmdlet::members(member.group))
        } else if member.owns {
            let path =
                format!("/groups/{}/owners?$select=id&$top=100", member.group.guid().hyphenated());
            Read::list(tenant, path, OWNERS_MAX, Reading::GROUPS)
        } else if member.path.starts_with("/users/") {
            let path =
                format!("{}/memberOf/microsoft.graph.group?$select=id&$top=999", member.path);
            Read::list(tenant, path, MEMBERSHIPS_MAX, Reading::MEMBERSHIPS)
        } else {
            let path = format!("{}/memberOf?$select=id&$top=999", member.path);
            Read::list(tenant, path, MEMBERSHIPS_MAX, Reading::MEMBERSHIPS)
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(items) = found[0].many() else { return Ok(Sight::Missing) };
        if let Some((tenant, made)) = made(self) {
            return the_one(tenant, made, items);
        }
        let Ok(Some(member)) = membership(self) else { return Ok(Sight::Missing) };
        let is = if member.listed() {
            items.iter().any(|item| member_id(item) == Some(member.member))
        } else {
            let sought = if member.owns { member.member } else { member.group.guid() };
            let group = sought.hyphenated().to_string();
            items.iter().any(|item| item["id"].as_str() == Some(group.as_str()))
        };
        Ok(Sight::Member { is })
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        match self {
            Self::CreateGroup { made, .. } => {
                return Ok(Door::Graph(Ask::of(Method::POST, "/groups", Some(body(made, with)))));
            }
            Self::CreateList { made, .. } => return Ok(Door::Exchange(Cmdlet::new_list(made))),
            _ => {}
        }
        let member = membership(self)?
            .ok_or_else(|| Reason::NotPossible { what: "it is not there yet".to_owned() })?;
        let group = member.group.guid().hyphenated();
        let list = if member.owns { "owners" } else { "members" };
        Ok(match (member.listed(), member.goes_in) {
            (true, true) => Door::Exchange(Cmdlet::add_member(member.group, member.member)),
            (true, false) => Door::Exchange(Cmdlet::remove_member(member.group, member.member)),
            (false, true) => {
                let path = format!("/groups/{group}/{list}/$ref");
                let body = json!({ "@odata.id": with.points_at(member.member) });
                Door::Graph(Ask::of(Method::POST, path, Some(body)))
            }
            // Never without `/$ref`: that would delete the member itself.
            (false, false) => {
                let path = format!("/groups/{group}/{list}/{}/$ref", member.member.hyphenated());
                Door::Graph(Ask::of(Method::DELETE, path, None))
            }
        })
    }

    fn output(&self, answer: &Value) -> Output {
        let Some((tenant, _)) = made(self) else { return Output::default() };
        let id = answer["id"].as_str().and_then(|id| id.parse().ok()).or(member_id(answer));
        Output { id: id.map(|id: Uuid| tenant.object::<()>(id).to_string()), secret: None }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let says = |part: &str| refusals::says(answer, part);
        if made(self).is_some() {
            return (answer.status == 400).then(|| not_made(answer)).flatten();
        }
        let (_, goes_in) = self.membership()?;
        match (goes_in, answer.status) {
            // Not a member, or no such member or group: nobody is in it either way.
            (false, 404) => Some(Meaning::AlreadySo),
            (true, 404) => {
                let member = membership(self).ok().flatten()?;
                let about_member =
                    answer.message().contains(&member.member.hyphenated().to_string());
                let name = member.group.guid().hyphenated().to_string();
                (!about_member).then_some(Meaning::Refused(Reason::NoSuchGroup { name }))
            }
            (true, 400) if says("already exist") => Some(Meaning::AlreadySo),
            (true, 400) if says("unsupported resource type") => Some(refusals::no(
                "Microsoft does not let this sort of group hold this sort of member",
            )),
            (false, 400) if says("at least one owner") => Some(refusals::no(
                "Microsoft keeps the last owner of a group; make somebody else an owner first",
            )),
            (_, 400) if says("on-premises mastered") || says("directory sync") => {
                Some(Meaning::Refused(refusals::synced("group")))
            }
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        let group = self.membership().and_then(|(group, _)| group.known());
        group.map_or(Behind::Nothing, Behind::Group)
    }
}

/// The group of this nickname that has the name and the sort as well: ours, or one that
/// somebody made just like it. Exchange is asked by address, which one group has.
fn the_one(tenant: &TenantId, made: &NewGroup, items: &[Value]) -> anyhow::Result<Sight> {
    let known = |id: Uuid| Sight::Object {
        id: Some(tenant.object::<()>(id).to_string()),
        values: std::collections::BTreeMap::new(),
    };
    for item in items {
        if let Some(id) = member_id(item) {
            return Ok(known(id));
        }
        let group = shapes::group(tenant, item)?;
        if group.sort == made.sort && group.name == made.name {
            return Ok(known(group.id.guid()));
        }
    }
    Ok(Sight::Missing)
}

/// What `POST /groups` wants. Members come later, one step each, so that one who cannot be
/// added does not keep the group from being made.
fn body(made: &NewGroup, with: &With<'_>) -> Value {
    let unified = made.sort == GroupSort::Microsoft365;
    let mut types = Vec::new();
    if unified {
        types.push("Unified");
    }
    let mut body = json!({
        "displayName": made.name, "mailNickname": made.nickname, "mailEnabled": unified,
        "securityEnabled": !unified,
    });
    if let Some(description) = &made.description {
        body["description"] = json!(description);
    }
    if let Some(rule) = &made.rule {
        types.push("DynamicMembership");
        body["membershipRule"] = json!(rule.text);
        body["membershipRuleProcessingState"] = json!(if rule.on { "On" } else { "Paused" });
    }
    body["groupTypes"] = json!(types);
    if !made.owners.is_empty() {
        let host = with.graph.trim_end_matches('/');
        let owner = |guid: Uuid| format!("{host}/v1.0/users/{}", guid.hyphenated());
        let owners: Vec<String> = made.owners.iter().map(|id| owner(id.guid())).collect();
        body["owners@odata.bind"] = json!(owners);
    }
    body
}

/// Why the directory does not make a group.
fn not_made(answer: &Answer) -> Option<Meaning> {
    let says = |part: &str| refusals::says(answer, part);
    let what = if says("property mailnickname already exists") {
        "another group or mailbox has this name before the @; ask again with another nickname"
    } else if says("wrong property applied") {
        "the membership rule names a property that users and devices do not have; look at \
         Microsoft's list of rule properties and ask again"
    } else if says("membership rule validation error") {
        "Microsoft does not understand the membership rule; write it like \
         (user.department -eq \"Sales\")"
    } else if says("not licensed for this feature") {
        "a group with a membership rule needs Microsoft Entra ID P1, which this tenant does not have"
    } else {
        return None;
    };
    Some(refusals::no(what))
}
