//! [`Roles`]: looks at directory roles and who holds them.

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        client::{Listing, unreachable},
        permissions::Reading,
        roles, shapes,
    },
    domain::{
        ids::{RoleId, TenantId, UserId},
        roles::{Holder, RoleHeld, RoleThrough, Standings},
        trouble::Result,
        users::Role,
    },
    ports::roles::Roles,
};

const UNDER: &str = "/roleManagement/directory";
/// Role definitions of a tenant (about 130 are built in; 100 of its own: Entra service limits).
const ROLES_MAX: usize = 1_000;
/// Assignments read of one principal or one role.
const ASSIGNMENTS_MAX: usize = 1_000;
/// Groups of somebody that are asked for their roles (a tenant has at most 500 to which
/// roles can be assigned: Entra service limits).
const ROLE_GROUPS_MAX: usize = 500;
/// Holders of one role that are named.
const HOLDERS_MAX: usize = 200;

#[async_trait]
impl Roles for Microsoft {
    async fn roles_there_are(&self, tenant: &TenantId) -> Result<Vec<Role>> {
        let path = format!("{UNDER}/roleDefinitions?$select=id,displayName,templateId,isEnabled");
        let items = self.listing(tenant, path, ROLES_MAX, Reading::ROLES).await?;
        let able = items.iter().filter(|item| item["isEnabled"] != false);
        Ok(able.filter_map(|item| definition(tenant, item)).collect())
    }

    async fn standings(&self, user: &UserId) -> Result<Standings> {
        let tenant = user.tenant();
        let id = user.guid().hyphenated();
        let asks = vec![
            Ask::get(assigned_to(user.guid())),
            Ask::get(format!(
                "/users/{id}/transitiveMemberOf/microsoft.graph.group\
                 ?$select=id,displayName,isAssignableToRole&$top=999"
            )),
            Ask::get(format!(
                "{UNDER}/roleEligibilityScheduleInstances?$filter=principalId%20eq%20'{id}'\
                 &$expand=roleDefinition"
            )),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let mut next = || answers.next().expect("one answer for one ask");
        let (direct, groups, eligible) = (next()?, next()?, next()?);
        let first = self.page(tenant, direct, Reading::ROLES).await?;
        let direct = self.items(tenant, first, ASSIGNMENTS_MAX, Reading::ROLES).await?;
        let through = self.through_groups(tenant, groups).await?;
        let (eligible, eligible_unread) = self.eligible(tenant, eligible).await?;
        Ok(Standings {
            direct: direct.iter().filter_map(|item| held(tenant, item)).collect(),
            through,
            eligible,
            eligible_unread,
        })
    }

    async fn holders(&self, role: &RoleId) -> Result<Vec<Holder>> {
        let tenant = role.tenant();
        let path = format!(
            "{UNDER}/roleAssignments?$filter=roleDefinitionId%20eq%20'{}'&$expand=principal",
            role.guid().hyphenated()
        );
        let items = self.listing(tenant, path, ASSIGNMENTS_MAX, Reading::ROLES).await?;
        let whole = items.iter().filter(|item| item["directoryScopeId"] == "/");
        let mut holders: Vec<Holder> = Vec::new();
        let mut asks = Vec::new();
        for item in whole {
            let principal = &item["principal"];
            if principal["@odata.type"] == "#microsoft.graph.group" {
                let id = item["principalId"].as_str().unwrap_or_default();
                asks.push(Ask::get(format!(
                    "/groups/{id}/transitiveMembers?$select=id,displayName,accountEnabled&$top=999"
                )));
            } else {
                holders.extend(holder(principal, &item["principalId"]));
            }
        }
        for answer in self.graph.reads(tenant, asks).await {
            let first = self.page(tenant, answer?, Reading::GROUPS).await?;
            let members = self.items(tenant, first, HOLDERS_MAX, Reading::GROUPS).await?;
            holders.extend(members.iter().filter_map(|member| holder(member, &member["id"])));
        }
        self.who_can_sign_in(tenant, &mut holders).await;
        holders.truncate(HOLDERS_MAX);
        Ok(holders)
    }
}

impl Microsoft {
    /// The roles of the groups above somebody.
    async fn through_groups(&self, tenant: &TenantId, answer: Answer) -> Result<Vec<RoleThrough>> {
        let first = self.page(tenant, answer, Reading::MEMBERSHIPS).await?;
        let groups = self.items(tenant, first, 10_000, Reading::MEMBERSHIPS).await?;
        let able: Vec<(Uuid, String)> = groups
            .iter()
            .filter(|group| group["isAssignableToRole"] == true)
            .filter_map(|group| {
                let name = group["displayName"].as_str().unwrap_or_default();
                Some((group["id"].as_str()?.parse().ok()?, name.to_owned()))
            })
            .take(ROLE_GROUPS_MAX)
            .collect();
        let asks = able.iter().map(|(id, _)| Ask::get(assigned_to(*id))).collect();
        let mut through = Vec::new();
        for ((_, group), answer) in able.iter().zip(self.graph.reads(tenant, asks).await) {
            let first = self.page(tenant, answer?, Reading::ROLES).await?;
            for item in self.items(tenant, first, ASSIGNMENTS_MAX, Reading::ROLES).await? {
                if let Some(held) = held(tenant, &item) {
                    through.push(RoleThrough { role: held.role, group: group.clone() });
                }
            }
        }
        Ok(through)
    }

    /// Eligible roles; a tenant without the licence, or an app without the right, has none
    /// that can be read, and that is said.
    async fn eligible(
        &self,
        tenant: &TenantId,
        answer: Answer,
    ) -> Result<(Vec<Role>, Option<&'static str>)> {
        if answer.code() == "AadPremiumLicenseRequired" {
            return Ok((Vec::new(), Some("eligible_need_p2")));
        }
        if answer.status == 403 {
            return Ok((Vec::new(), Some("eligible_not_allowed")));
        }
        let first = self.page(tenant, answer, Reading::ELIGIBLE).await?;
        match self.graph.rest(tenant, first, ASSIGNMENTS_MAX).await? {
            Listing::Items(items) => {
                Ok((items.iter().filter_map(|item| shapes::role(tenant, item)).collect(), None))
            }
            Listing::Refused(answer) => Err(unreachable(answer.cause())),
        }
    }

    /// The principal of an assignment comes without `accountEnabled`: it is asked for. Who
    /// cannot be read counts as able, except that nobody is counted on for the last key.
    async fn who_can_sign_in(&self, tenant: &TenantId, holders: &mut [Holder]) {
        let asks = holders
            .iter()
            .map(|holder| {
                let id = holder.principal.hyphenated();
                Ask::get(format!("/users/{id}?$select=id,accountEnabled"))
            })
            .collect();
        for (holder, answer) in holders.iter_mut().zip(self.graph.reads(tenant, asks).await) {
            holder.able = answer.is_ok_and(|answer| answer.body["accountEnabled"] == true);
        }
    }
}

fn assigned_to(principal: Uuid) -> String {
    format!(
        "{UNDER}/roleAssignments?$filter=principalId%20eq%20'{}'&$expand=roleDefinition",
        principal.hyphenated()
    )
}

fn definition(tenant: &TenantId, item: &Value) -> Option<Role> {
    let id: Uuid = item["templateId"].as_str().or(item["id"].as_str())?.parse().ok()?;
    Some(Role {
        id: tenant.object(id),
        name: item["displayName"].as_str().or(roles::name(id))?.to_owned(),
        privileged: roles::is_privileged(id),
    })
}

fn held(tenant: &TenantId, item: &Value) -> Option<RoleHeld> {
    Some(RoleHeld {
        assignment: item["id"].as_str()?.to_owned(),
        role: shapes::role(tenant, item)?,
        scope: item["directoryScopeId"].as_str().unwrap_or("/").to_owned(),
    })
}

fn holder(object: &Value, id: &Value) -> Option<Holder> {
    Some(Holder {
        principal: id.as_str()?.parse().ok()?,
        name: object["displayName"].as_str().unwrap_or_default().to_owned(),
        able: true,
    })
}
