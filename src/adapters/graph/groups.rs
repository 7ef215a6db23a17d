//! [`Groups`]: looks into groups.

use std::{collections::BTreeSet, fmt::Write as _};

use async_trait::async_trait;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    adapters::{
        exchange::Cmdlet,
        graph::{
            Microsoft,
            answer::{Answer, Ask},
            client::unreachable,
            permissions::Reading,
            shapes::{self, GROUP_SELECT},
            wire::encoded,
        },
    },
    domain::{
        groups::{GroupDetails, GroupQuery, GroupsFound, Member, MemberRule, MemberSort},
        ids::{GroupId, TenantId},
        trouble::{Reason, Result},
        users::{Group, GroupSort},
    },
    ports::groups::Groups,
};

/// Groups of one nickname that are told apart.
const NAMESAKES_MAX: usize = 20;
/// Members counted for the details of a group: one page.
const COUNTED_MAX: usize = 999;
/// Owners read (a group has at most 100: Entra service limits).
const OWNERS_MAX: usize = 200;
/// What the details need besides.
const DETAILS_SELECT: &str =
    "description,visibility,membershipRuleProcessingState,createdDateTime,mailNickname";
/// What tells members apart.
const MEMBER_SELECT: &str = "id,displayName,userPrincipalName,mail,operatingSystem";

#[async_trait]
impl Groups for Microsoft {
    async fn group_with_id(&self, id: &GroupId) -> Result<Option<Group>> {
        self.group(id).await
    }

    async fn groups_around(&self, id: &GroupId, among: &[GroupId]) -> Result<Vec<GroupId>> {
        let path = format!("/groups/{}/checkMemberGroups", id.guid().hyphenated());
        self.among_groups(id.tenant(), &path, among, Reading::GROUPS).await
    }

    async fn group_details(&self, id: &GroupId) -> Result<Option<GroupDetails>> {
        let tenant = id.tenant();
        let base = format!("/groups/{}", id.guid().hyphenated());
        let asks = vec![
            Ask::get(format!("{base}?$select={GROUP_SELECT},{DETAILS_SELECT}")),
            Ask::get(format!("{base}/members?$select=id&$top={COUNTED_MAX}")),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let mut next = || answers.next().expect("one answer for one ask");
        let (group, members) = (next()?, next()?);
        let Some(body) = self.body(tenant, group, Reading::GROUPS).await? else { return Ok(None) };
        let group = shapes::group(tenant, &body).map_err(unreachable)?;
        let counted = self.body(tenant, members, Reading::GROUPS).await?.unwrap_or_default();
        let owners = self.group_owners(&group).await?.unwrap_or_default();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Ok(Some(GroupDetails {
            description: text("description"),
            mail_enabled: body["mailEnabled"] == true,
            security_enabled: body["securityEnabled"] == true,
            visibility: text("visibility"),
            rule: text("membershipRule").map(|rule| MemberRule {
                text: rule,
                on: body["membershipRuleProcessingState"] != "Paused",
            }),
            created: text("createdDateTime").and_then(|at| at.parse().ok()),
            owners: owners.into_iter().map(|owner| owner.name).collect(),
            members: counted["value"].as_array().map_or(0, Vec::len),
            more: counted["@odata.nextLink"].is_string(),
            group,
        }))
    }

    async fn groups_nicknamed(&self, tenant: &TenantId, nickname: &str) -> Result<Vec<Group>> {
        let name = encoded(&nickname.replace('\'', "''"));
        let path = format!(
            "/groups?$filter=mailNickname%20eq%20'{name}'&$select={GROUP_SELECT}\
             &$top={NAMESAKES_MAX}"
        );
        let items = self.listing(tenant, path, NAMESAKES_MAX, Reading::GROUPS).await?;
        items.iter().map(|item| shapes::group(tenant, item).map_err(unreachable)).collect()
    }

    async fn groups_listed(&self, tenant: &TenantId, query: &GroupQuery) -> Result<GroupsFound> {
        let answer = self.graph.read(tenant, Ask::get(listing(query))).await?;
        // Only a person wrote the filter: a 400 is about it.
        if answer.status == 400 {
            return Err(unreadable_query(&answer).into());
        }
        let first = self.page(tenant, answer, Reading::GROUPS).await?;
        let items = self.items(tenant, first, query.limit + 1, Reading::GROUPS).await?;
        let more = items.len() > query.limit;
        let read = |item: &Value| {
            let group = shapes::group(tenant, item).map_err(unreachable)?;
            let asked = query.select.iter().map(|name| (name.clone(), item[name].clone()));
            Ok((group, asked.collect::<Map<String, Value>>()))
        };
        let groups = items.iter().take(query.limit).map(read).collect::<Result<_>>()?;
        Ok(GroupsFound { groups, more })
    }

    async fn group_members(
        &self,
        id: &GroupId,
        limit: usize,
    ) -> Result<Option<(Vec<Member>, bool)>> {
        let tenant = id.tenant();
        let path =
            format!("/groups/{}/members?$select={MEMBER_SELECT}&$top=999", id.guid().hyphenated());
        let Some(items) = self.of_group(tenant, path, limit + 1).await? else { return Ok(None) };
        let more = items.len() > limit;
        Ok(Some((items.iter().take(limit).filter_map(member).collect(), more)))
    }

    async fn owners_of(&self, groups: &[GroupId]) -> Result<Vec<Option<BTreeSet<Uuid>>>> {
        let Some(tenant) = groups.first().map(GroupId::tenant) else { return Ok(Vec::new()) };
        let ask = |id: &GroupId| {
            let id = id.guid().hyphenated();
            Ask::get(format!("/groups/{id}/owners?$select=id&$top=100"))
        };
        let asks = groups.iter().map(ask).collect();
        let mut all = Vec::with_capacity(groups.len());
        for answer in self.graph.reads(tenant, asks).await {
            let body = self.body(tenant, answer?, Reading::GROUPS).await?;
            all.push(body.map(|body| {
                let owners = body["value"].as_array().into_iter().flatten();
                owners.filter_map(|owner| owner["id"].as_str()?.parse().ok()).collect()
            }));
        }
        Ok(all)
    }

    async fn group_owners(&self, group: &Group) -> Result<Option<Vec<Member>>> {
        let tenant = group.id.tenant();
        let lists = [GroupSort::Distribution, GroupSort::MailEnabledSecurity];
        if let Some(mail) = group.mail.as_deref().filter(|_| lists.contains(&group.sort)) {
            return self.managers(tenant, mail).await;
        }
        let id = group.id.guid().hyphenated();
        let path = format!("/groups/{id}/owners?$select={MEMBER_SELECT}&$top=100");
        let items = self.of_group(tenant, path, OWNERS_MAX).await?;
        Ok(items.map(|items| items.iter().filter_map(member).collect()))
    }
}

impl Microsoft {
    /// A listing under a group; `None` when the group is not there.
    async fn of_group(
        &self,
        tenant: &TenantId,
        path: String,
        limit: usize,
    ) -> Result<Option<Vec<Value>>> {
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let first = self.page(tenant, answer, Reading::GROUPS).await?;
        self.items(tenant, first, limit, Reading::GROUPS).await.map(Some)
    }

    /// Who manages a list: only Exchange knows (`ManagedBy`), by name.
    async fn managers(&self, tenant: &TenantId, mail: &str) -> Result<Option<Vec<Member>>> {
        let found = self.exchange.values(tenant, &[Cmdlet::list_at(mail)]).await.pop();
        let found = found.transpose()?.flatten();
        let list = found.and_then(|values| values.into_iter().next());
        Ok(list.map(|list| {
            let names = list["ManagedBy"].as_array().into_iter().flatten();
            let manager = |name: &Value| {
                Some(Member {
                    id: Uuid::nil(),
                    sort: MemberSort::User,
                    name: name.as_str()?.to_owned(),
                    detail: None,
                })
            };
            names.filter_map(manager).collect()
        }))
    }
}

/// `GET /groups` with the options that were given. Whatever needs an advanced query counts.
fn listing(query: &GroupQuery) -> String {
    let mut select = GROUP_SELECT.to_owned();
    for name in &query.select {
        select.push(',');
        select.push_str(&encoded(name));
    }
    let mut path = format!("/groups?$select={select}&$top=999");
    let mut add = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            write!(path, "&{name}={}", encoded(value)).expect("a string takes everything");
        }
    };
    add("$filter", &query.filter);
    add("$search", &query.search);
    add("$orderby", &query.orderby);
    add("$expand", &query.expand);
    if query.search.is_some() || query.filter.is_some() || query.orderby.is_some() {
        path.push_str("&$count=true");
    }
    path
}

fn unreadable_query(answer: &Answer) -> Reason {
    tracing::info!(cause = %answer.cause(), "a query of a person was refused");
    Reason::WrongArgument {
        field: "filter".to_owned(),
        why: "Microsoft Graph does not take this filter, search or order for groups".to_owned(),
    }
}

/// A member in short; an object without an id is left out.
pub(crate) fn member(item: &Value) -> Option<Member> {
    let sort = match item["@odata.type"].as_str() {
        Some("#microsoft.graph.user") => MemberSort::User,
        Some("#microsoft.graph.device") => MemberSort::Device,
        Some("#microsoft.graph.group") => MemberSort::Group,
        _ => MemberSort::Other,
    };
    let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let detail = text("userPrincipalName").or(text("mail")).or(text("operatingSystem"));
    Some(Member {
        id: item["id"].as_str()?.parse().ok()?,
        sort,
        name: text("displayName").or_else(|| detail.clone()).unwrap_or_default(),
        detail,
    })
}
