//! [`Directory`]: looks at users, groups and licences.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        client::{BATCH_MAX, Listing, unreachable},
        delta,
        forbidden::Reading,
        shapes::{self, GROUP_SELECT, LICENCE_SELECT, MANAGER_EXPAND, USER_SELECT},
        wire::encoded,
    },
    domain::{
        ids::{GroupId, TenantId, UserId},
        news::{GroupNews, Mark, News, UserNews},
        trouble::{Reason, Result},
        users::{AutomaticReplies, Dossier, Facet, Group, Role, Sku, User, Who},
    },
    ports::directory::Directory,
};

/// Groups read of one user.
const GROUPS_MAX: usize = 10_000;
/// Roles read of one user.
const ROLES_MAX: usize = 1_000;
/// Groups of one name that are told apart.
const NAMESAKES_MAX: usize = 20;

#[async_trait]
impl Directory for Microsoft {
    async fn user(&self, who: &Who) -> Result<Option<User>> {
        let (tenant, key) = match who {
            Who::Id(id) => (id.tenant(), id.guid().hyphenated().to_string()),
            Who::Upn(tenant, upn) => (tenant, encoded(upn.as_str())),
        };
        let path = format!("/users/{key}?$select={USER_SELECT}&$expand={MANAGER_EXPAND}");
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.body(tenant, answer, Reading::USERS).await?;
        body.map(|body| shapes::user(tenant, &body).map_err(unreachable)).transpose()
    }

    async fn dossier(&self, who: &UserId, facets: &[Facet]) -> Result<Option<Dossier>> {
        let tenant = who.tenant();
        let (parts, asks): (Vec<Part>, Vec<Ask>) = asks_about(who, facets).into_iter().unzip();
        let answers = self.graph.reads(tenant, asks).await;
        let mut dossier = None;
        let mut rest = Vec::new();
        for (part, answer) in parts.into_iter().zip(answers) {
            if part == Part::User {
                let Some(body) = self.body(tenant, answer?, Reading::USERS).await? else {
                    return Ok(None);
                };
                let with_licences = facets.contains(&Facet::Licences);
                dossier = Some(about(tenant, &body, with_licences).map_err(unreachable)?);
            } else {
                rest.push((part, answer?));
            }
        }
        let Some(mut dossier) = dossier else { return Ok(None) };
        for (part, answer) in rest {
            match part {
                Part::User => {}
                Part::Groups => dossier.groups = self.groups(tenant, answer).await?,
                Part::Roles | Part::RolesThroughGroups => {
                    for role in self.roles(tenant, answer).await? {
                        if !dossier.roles.iter().any(|held| held.id == role.id) {
                            dossier.roles.push(role);
                        }
                    }
                }
                Part::Replies => dossier.replies = self.replies(tenant, answer).await?,
            }
        }
        Ok(Some(dossier))
    }

    async fn groups_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<Group>> {
        // OData doubles a quote inside a string.
        let text = encoded(&name.replace('\'', "''"));
        let path = format!(
            "/groups?$filter=displayName%20eq%20'{text}'%20or%20mail%20eq%20'{text}'\
             &$select={GROUP_SELECT}&$top={NAMESAKES_MAX}"
        );
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let first = self.page(tenant, answer, Reading::GROUPS).await?;
        let items = self.items(tenant, first, NAMESAKES_MAX, Reading::GROUPS).await?;
        items.iter().map(|item| shapes::group(tenant, item).map_err(unreachable)).collect()
    }

    async fn skus(&self, tenant: &TenantId) -> Result<Vec<Sku>> {
        let answer = self.graph.read(tenant, Ask::get("/subscribedSkus")).await?;
        let first = self.page(tenant, answer, Reading::LICENCES).await?;
        let items = self.items(tenant, first, 1_000, Reading::LICENCES).await?;
        let skus =
            items.iter().map(|item| shapes::sku(tenant, item)).collect::<Result<Vec<_>, _>>();
        Ok(skus.map_err(unreachable)?.into_iter().flatten().collect())
    }

    async fn member_of(&self, user: &UserId, groups: &[GroupId]) -> Result<Vec<GroupId>> {
        let path = format!("/users/{}/checkMemberGroups", user.guid().hyphenated());
        self.among_groups(user.tenant(), &path, groups, Reading::USERS).await
    }

    async fn everyone(&self, tenant: &TenantId, limit: usize) -> Result<Vec<User>> {
        let path = format!("/users?$select={USER_SELECT}&$top=999");
        let items = self.listing(tenant, path, limit, Reading::USERS).await?;
        Ok(readable(&items, |item| shapes::user(tenant, item)))
    }

    async fn every_group(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Group>> {
        let path = format!("/groups?$select={GROUP_SELECT}&$top=999");
        let items = self.listing(tenant, path, limit, Reading::GROUPS).await?;
        Ok(readable(&items, |item| shapes::group(tenant, item)))
    }

    async fn users_mark(&self, tenant: &TenantId) -> Result<Option<Mark>> {
        self.delta_mark(tenant, delta::USERS).await
    }

    async fn groups_mark(&self, tenant: &TenantId) -> Result<Option<Mark>> {
        self.delta_mark(tenant, delta::GROUPS).await
    }

    async fn users_since(
        &self,
        tenant: &TenantId,
        mark: &Mark,
        limit: usize,
    ) -> Result<News<UserNews>> {
        self.delta_since(tenant, delta::USERS, mark, limit, delta::user).await
    }

    async fn groups_since(
        &self,
        tenant: &TenantId,
        mark: &Mark,
        limit: usize,
    ) -> Result<News<GroupNews>> {
        self.delta_since(tenant, delta::GROUPS, mark, limit, delta::group).await
    }
}

impl Microsoft {
    /// Those of these groups that an object is in, directly or through others; none when there
    /// is no such object (learn.microsoft.com/graph/api/directoryobject-checkmembergroups).
    pub(super) async fn among_groups(
        &self,
        tenant: &TenantId,
        path: &str,
        groups: &[GroupId],
        reading: Reading,
    ) -> Result<Vec<GroupId>> {
        if groups.iter().any(|group| group.tenant() != tenant) {
            let what = "the objects belong to different tenants".to_owned();
            return Err(Reason::NotPossible { what }.into());
        }
        let asks = groups
            .chunks(BATCH_MAX)
            .map(|part| {
                let ids: Vec<Uuid> = part.iter().map(GroupId::guid).collect();
                Ask::of(Method::POST, path.to_owned(), Some(json!({ "groupIds": ids })))
            })
            .collect();
        let mut found: Vec<Uuid> = Vec::new();
        for answer in self.graph.reads(tenant, asks).await {
            let Some(body) = self.body(tenant, answer?, reading).await? else {
                return Ok(Vec::new());
            };
            let ids = body["value"].as_array().into_iter().flatten();
            found.extend(ids.filter_map(|id| id.as_str()?.parse::<Uuid>().ok()));
        }
        Ok(groups.iter().filter(|group| found.contains(&group.guid())).cloned().collect())
    }
}

/// A request of a dossier's batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    User,
    Groups,
    Roles,
    RolesThroughGroups,
    Replies,
}

fn asks_about(who: &UserId, facets: &[Facet]) -> Vec<(Part, Ask)> {
    let id = who.guid().hyphenated();
    let also = if facets.contains(&Facet::Licences) {
        format!(",{LICENCE_SELECT}")
    } else {
        String::new()
    };
    let user = format!("/users/{id}?$select={USER_SELECT}{also}&$expand={MANAGER_EXPAND}");
    let mut asks = vec![(Part::User, Ask::get(user))];
    if facets.contains(&Facet::Groups) {
        let path =
            format!("/users/{id}/memberOf/microsoft.graph.group?$select={GROUP_SELECT}&$top=999");
        asks.push((Part::Groups, Ask::get(path)));
    }
    if facets.contains(&Facet::Roles) {
        // The assignments know scoped and custom roles; the memberships know those
        // that come through a group.
        let assigned = format!(
            "/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'{id}'\
             &$expand=roleDefinition"
        );
        let through = format!(
            "/users/{id}/transitiveMemberOf/microsoft.graph.directoryRole\
             ?$select=id,displayName,roleTemplateId"
        );
        asks.push((Part::Roles, Ask::get(assigned)));
        asks.push((Part::RolesThroughGroups, Ask::get(through)));
    }
    if facets.contains(&Facet::Replies) {
        asks.push((Part::Replies, Ask::get(format!("/users/{id}/mailboxSettings"))));
    }
    asks
}

fn about(tenant: &TenantId, body: &Value, with_licences: bool) -> anyhow::Result<Dossier> {
    Ok(Dossier {
        user: shapes::user(tenant, body)?,
        groups: Vec::new(),
        licences: if with_licences { shapes::licences(tenant, body)? } else { Vec::new() },
        roles: Vec::new(),
        replies: None,
    })
}

impl Microsoft {
    /// One group, or `None` when there is none: for the operator's doctor.
    pub async fn group(&self, id: &GroupId) -> Result<Option<Group>> {
        let tenant = id.tenant();
        let path = format!("/groups/{}?$select={GROUP_SELECT}", id.guid().hyphenated());
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.body(tenant, answer, Reading::GROUPS).await?;
        body.map(|body| shapes::group(tenant, &body).map_err(unreachable)).transpose()
    }

    /// The body of a good answer; `None` for 404.
    pub(super) async fn body(
        &self,
        tenant: &TenantId,
        answer: Answer,
        reading: Reading,
    ) -> Result<Option<Value>> {
        match answer.status {
            404 => Ok(None),
            403 => Err(self.why_unreadable(tenant, reading).await.into()),
            _ if answer.is_ok() => Ok(Some(answer.body)),
            _ => Err(unreachable(answer.cause())),
        }
    }

    /// A first page, or the reason why it was refused.
    pub(super) async fn page(
        &self,
        tenant: &TenantId,
        answer: Answer,
        reading: Reading,
    ) -> Result<Answer> {
        match answer.status {
            403 => Err(self.why_unreadable(tenant, reading).await.into()),
            _ if answer.is_ok() => Ok(answer),
            _ => Err(unreachable(answer.cause())),
        }
    }

    pub(super) async fn items(
        &self,
        tenant: &TenantId,
        first: Answer,
        limit: usize,
        reading: Reading,
    ) -> Result<Vec<Value>> {
        match self.graph.rest(tenant, first, limit).await? {
            Listing::Items(items) => Ok(items),
            Listing::Refused(answer) => {
                self.page(tenant, answer, reading).await?;
                Ok(Vec::new())
            }
        }
    }

    pub(super) async fn listing(
        &self,
        tenant: &TenantId,
        path: String,
        limit: usize,
        reading: Reading,
    ) -> Result<Vec<Value>> {
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let first = self.page(tenant, answer, reading).await?;
        self.items(tenant, first, limit, reading).await
    }

    async fn groups(&self, tenant: &TenantId, answer: Answer) -> Result<Vec<Group>> {
        let first = self.page(tenant, answer, Reading::MEMBERSHIPS).await?;
        let items = self.items(tenant, first, GROUPS_MAX, Reading::MEMBERSHIPS).await?;
        items.iter().map(|item| shapes::group(tenant, item).map_err(unreachable)).collect()
    }

    /// A role that cannot be read must not be overlooked: it is an error.
    async fn roles(&self, tenant: &TenantId, answer: Answer) -> Result<Vec<Role>> {
        let first = self.page(tenant, answer, Reading::ROLES).await?;
        let items = self.items(tenant, first, ROLES_MAX, Reading::ROLES).await?;
        items
            .iter()
            .map(|item| {
                shapes::role(tenant, item)
                    .ok_or_else(|| unreachable(anyhow::anyhow!("a role without an id")))
            })
            .collect()
    }

    /// 404 `MailboxNotEnabledForRESTAPI` means that there is no mailbox.
    async fn replies(&self, tenant: &TenantId, answer: Answer) -> Result<Option<AutomaticReplies>> {
        let body = self.body(tenant, answer, Reading::MAILBOX).await?;
        body.map(|body| shapes::replies(&body).map_err(unreachable)).transpose()
    }
}

/// For the index: one odd object does not hide all others.
fn readable<T>(items: &[Value], read: impl Fn(&Value) -> anyhow::Result<T>) -> Vec<T> {
    let mut odd = 0_usize;
    let all = items.iter().filter_map(|item| read(item).inspect_err(|_| odd += 1).ok()).collect();
    if odd > 0 {
        tracing::warn!(odd, "objects of the directory were not understood and left out");
    }
    all
}
