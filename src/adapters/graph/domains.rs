//! [`Domains`]: looks at the tenant's domains.

use async_trait::async_trait;
use serde_json::Value;

use crate::{
    adapters::graph::{
        Microsoft, answer::Ask, client::unreachable, permissions::Reading, wire::encoded,
    },
    domain::{domains::Domain, ids::TenantId, trouble::Result},
    ports::domains::Domains,
};

/// What a tenant may have (learn.microsoft.com/entra, service limits).
const DOMAINS_MAX: usize = 5_000;
/// Users named as examples.
const USERS_MAX: usize = 20;

#[async_trait]
impl Domains for Microsoft {
    async fn domains(&self, tenant: &TenantId) -> Result<Vec<Domain>> {
        let items =
            self.listing(tenant, "/domains".to_owned(), DOMAINS_MAX, Reading::DOMAINS).await?;
        items.iter().map(|item| domain(item).map_err(unreachable)).collect()
    }

    async fn users_in(&self, tenant: &TenantId, domain: &str) -> Result<Vec<String>> {
        // An advanced query: it counts, and says so in a header.
        let ending = encoded(&format!("@{}", domain.replace('\'', "''")));
        let path = format!(
            "/users?$filter=endsWith(userPrincipalName,'{ending}')&$select=id,userPrincipalName\
             &$count=true&$top={USERS_MAX}"
        );
        let ask = Ask::get(path).with("ConsistencyLevel", "eventual");
        let answer = self.graph.read(tenant, ask).await?;
        let body = self.body(tenant, answer, Reading::USERS).await?.unwrap_or_default();
        let users = body["value"].as_array().into_iter().flatten().take(USERS_MAX);
        Ok(users.filter_map(|user| user["userPrincipalName"].as_str().map(str::to_owned)).collect())
    }
}

fn domain(object: &Value) -> anyhow::Result<Domain> {
    let name = object["id"].as_str().ok_or_else(|| anyhow::anyhow!("a domain without a name"))?;
    let flag = |name: &str| object[name].as_bool().unwrap_or_default();
    Ok(Domain {
        name: name.to_owned(),
        default: flag("isDefault"),
        initial: flag("isInitial"),
        verified: flag("isVerified"),
        authentication: object["authenticationType"].as_str().unwrap_or_default().to_owned(),
    })
}
