//! [`Applications`]: looks at registrations, service principals and grants.

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft, answer::Ask, client::unreachable, permissions::Reading, wire::encoded,
    },
    domain::{
        apps::{Access, Api, App, AppId, Credential, Principal, RoleGrant, ScopeGrant},
        ids::{TenantId, UserId},
        trouble::Result,
    },
    ports::applications::Applications,
};

const APP_SELECT: &str = "id,appId,displayName,createdByAppId,tags,signInAudience,\
     passwordCredentials,keyCredentials,requiredResourceAccess,web";
const PRINCIPAL_SELECT: &str = "id,appId,displayName,appOwnerOrganizationId,verifiedPublisher,\
     accountEnabled,servicePrincipalType";
/// Registrations of one name that are told apart.
const NAMESAKES_MAX: usize = 20;
/// Grants read of one service principal.
const GRANTS_MAX: usize = 500;
/// Service principals whose grants are read at once.
const HOLDERS_MAX: usize = 200;

#[async_trait]
impl Applications for Microsoft {
    async fn apps(&self, tenant: &TenantId, limit: usize) -> Result<Vec<App>> {
        let path = format!("/applications?$select={APP_SELECT}&$top=999");
        let items = self.listing(tenant, path, limit, Reading::APPS).await?;
        items.iter().map(|item| app(tenant, item).map_err(unreachable)).collect()
    }

    async fn apps_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<App>> {
        let name = encoded(&name.replace('\'', "''"));
        let path = format!(
            "/applications?$filter=displayName%20eq%20'{name}'&$select={APP_SELECT}\
             &$top={NAMESAKES_MAX}"
        );
        let items = self.listing(tenant, path, NAMESAKES_MAX, Reading::APPS).await?;
        items.iter().map(|item| app(tenant, item).map_err(unreachable)).collect()
    }

    async fn app(&self, id: &AppId) -> Result<Option<App>> {
        let tenant = id.tenant();
        let path = format!("/applications/{}?$select={APP_SELECT}", id.guid().hyphenated());
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.body(tenant, answer, Reading::APPS).await?;
        body.map(|body| app(tenant, &body).map_err(unreachable)).transpose()
    }

    async fn principals(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Principal>> {
        let path = format!("/servicePrincipals?$select={PRINCIPAL_SELECT}&$top=999");
        let items = self.listing(tenant, path, limit, Reading::APPS).await?;
        items.iter().map(|item| principal(item).map_err(unreachable)).collect()
    }

    async fn scope_grants(
        &self,
        tenant: &TenantId,
        of: Option<&UserId>,
        limit: usize,
    ) -> Result<Vec<ScopeGrant>> {
        let path = match of {
            Some(user) => format!(
                "/oauth2PermissionGrants?$filter=principalId%20eq%20'{}'",
                user.guid().hyphenated()
            ),
            None => "/oauth2PermissionGrants".to_owned(),
        };
        let items = self.listing(tenant, path, limit, Reading::GRANTS).await?;
        items.iter().map(|item| scopes(tenant, item).map_err(unreachable)).collect()
    }

    async fn role_grants(&self, tenant: &TenantId, holders: &[Uuid]) -> Result<Vec<RoleGrant>> {
        let asks = holders.iter().take(HOLDERS_MAX).map(|id| {
            Ask::get(format!("/servicePrincipals/{}/appRoleAssignments", id.hyphenated()))
        });
        let mut grants = Vec::new();
        for answer in self.graph.reads(tenant, asks.collect()).await {
            let answer = answer?;
            // Deleted while we looked.
            if answer.status == 404 {
                continue;
            }
            let first = self.page(tenant, answer, Reading::APPS).await?;
            let items = self.items(tenant, first, GRANTS_MAX, Reading::APPS).await?;
            for item in &items {
                grants.push(role(item).map_err(unreachable)?);
            }
        }
        Ok(grants)
    }

    async fn api(&self, tenant: &TenantId, client: Uuid) -> Result<Option<Api>> {
        let path = format!(
            "/servicePrincipals(appId='{}')?$select=id,appId,displayName,appRoles,\
             oauth2PermissionScopes",
            client.hyphenated()
        );
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.body(tenant, answer, Reading::APPS).await?;
        body.map(|body| api(&body).map_err(unreachable)).transpose()
    }

    fn own_client(&self, tenant: &TenantId) -> Option<Uuid> {
        self.settings.apps.get(tenant).map(|app| app.client_id)
    }

    fn consent_page(&self, tenant: &TenantId, client: Uuid, back: Option<&str>) -> String {
        self.settings.consent_page(tenant, client, back)
    }
}

fn guid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

fn needed(object: &Value, name: &str) -> anyhow::Result<Uuid> {
    guid(&object[name]).ok_or_else(|| anyhow::anyhow!("an object without `{name}`"))
}

fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    object[name].as_array().into_iter().flatten()
}

fn texts(object: &Value, name: &str) -> Vec<String> {
    list(object, name).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn app(tenant: &TenantId, object: &Value) -> anyhow::Result<App> {
    let credential = |credential: &Value| Credential {
        name: credential["displayName"].as_str().map(str::to_owned),
        ends: credential["endDateTime"].as_str().and_then(|at| at.parse().ok()),
    };
    let wants = list(object, "requiredResourceAccess").flat_map(|resource| {
        let api = guid(&resource["resourceAppId"]);
        list(resource, "resourceAccess").filter_map(move |access| {
            Some(Access { api: api?, id: guid(&access["id"])?, role: access["type"] == "Role" })
        })
    });
    Ok(App {
        id: tenant.object(needed(object, "id")?),
        client: needed(object, "appId")?,
        name: text(object, "displayName"),
        created_by: guid(&object["createdByAppId"]),
        tags: texts(object, "tags"),
        audience: text(object, "signInAudience"),
        secrets: list(object, "passwordCredentials").map(credential).collect(),
        certificates: list(object, "keyCredentials").map(credential).collect(),
        wants: wants.collect(),
        redirects: texts(&object["web"], "redirectUris"),
    })
}

fn principal(object: &Value) -> anyhow::Result<Principal> {
    Ok(Principal {
        id: needed(object, "id")?,
        client: needed(object, "appId")?,
        name: text(object, "displayName"),
        home: guid(&object["appOwnerOrganizationId"]),
        publisher: object["verifiedPublisher"]["displayName"].as_str().map(str::to_owned),
        enabled: object["accountEnabled"].as_bool().unwrap_or(true),
        sort: text(object, "servicePrincipalType"),
    })
}

fn scopes(tenant: &TenantId, object: &Value) -> anyhow::Result<ScopeGrant> {
    let names = object["scope"].as_str().unwrap_or_default().split_whitespace();
    Ok(ScopeGrant {
        holder: needed(object, "clientId")?,
        person: guid(&object["principalId"]).map(|id| tenant.object(id)),
        api: needed(object, "resourceId")?,
        scopes: names.map(str::to_owned).collect(),
    })
}

fn role(object: &Value) -> anyhow::Result<RoleGrant> {
    Ok(RoleGrant {
        holder: needed(object, "principalId")?,
        api: needed(object, "resourceId")?,
        api_name: text(object, "resourceDisplayName"),
        role: needed(object, "appRoleId")?,
    })
}

fn api(object: &Value) -> anyhow::Result<Api> {
    let named = |name: &str| -> Vec<(Uuid, String)> {
        list(object, name)
            .filter_map(|one| Some((guid(&one["id"])?, one["value"].as_str()?.to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    };
    Ok(Api {
        id: needed(object, "id")?,
        client: needed(object, "appId")?,
        name: text(object, "displayName"),
        roles: named("appRoles"),
        scopes: named("oauth2PermissionScopes"),
    })
}
