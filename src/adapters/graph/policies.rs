//! [`Policies`]: looks at Conditional Access.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::Ask,
        changes::policies::{POLICIES, path},
        client::unreachable,
        permissions::Reading,
    },
    domain::{
        ca_policy::{CaPolicy, PolicyId, PolicyState, sendable},
        ids::TenantId,
        trouble::Result,
    },
    ports::policies::{Named, Policies},
};

/// Policies read of one tenant.
const POLICIES_MAX: usize = 500;
/// Names read for one policy.
const NAMES_MAX: usize = 200;

#[async_trait]
impl Policies for Microsoft {
    async fn ca_policies(&self, tenant: &TenantId) -> Result<Vec<CaPolicy>> {
        let items =
            self.listing(tenant, POLICIES.to_owned(), POLICIES_MAX, Reading::POLICIES).await?;
        items.iter().map(|item| policy(tenant, item).map_err(unreachable)).collect()
    }

    async fn ca_policy(&self, id: &PolicyId) -> Result<Option<CaPolicy>> {
        let tenant = id.tenant();
        let answer = self.graph.read(tenant, Ask::get(path(id))).await?;
        let body = self.body(tenant, answer, Reading::POLICIES).await?;
        body.map(|body| policy(tenant, &body).map_err(unreachable)).transpose()
    }

    async fn named_locations(&self, tenant: &TenantId) -> Result<BTreeMap<Uuid, String>> {
        let path = "/identity/conditionalAccess/namedLocations?$select=id,displayName".to_owned();
        let items = self.listing(tenant, path, POLICIES_MAX, Reading::POLICIES).await?;
        Ok(items.iter().filter_map(named).collect())
    }

    async fn names_of(&self, tenant: &TenantId, ids: &[Named]) -> Result<BTreeMap<Uuid, String>> {
        let ask = |id: &Named| match id {
            Named::User(id) => Ask::get(format!("/users/{id}?$select=id,displayName")),
            Named::Group(id) => Ask::get(format!("/groups/{id}?$select=id,displayName")),
        };
        let mut ids: Vec<Named> = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(NAMES_MAX);
        let mut names = BTreeMap::new();
        let answers = self.graph.reads(tenant, ids.iter().map(ask).collect()).await;
        for (id, answer) in ids.iter().zip(answers) {
            let reading = match id {
                Named::User(_) => Reading::USERS,
                Named::Group(_) => Reading::GROUPS,
            };
            let body = self.body(tenant, answer?, reading).await?;
            names.extend(body.as_ref().and_then(named));
        }
        Ok(names)
    }
}

fn named(object: &Value) -> Option<(Uuid, String)> {
    let id = object["id"].as_str()?.parse().ok()?;
    Some((id, object["displayName"].as_str()?.to_owned()))
}

fn policy(tenant: &TenantId, shown: &Value) -> anyhow::Result<CaPolicy> {
    let text = |name: &str| shown[name].as_str();
    let id: Uuid = text("id").unwrap_or_default().parse()?;
    let state = text("state").and_then(PolicyState::from_wire);
    Ok(CaPolicy {
        id: tenant.object(id),
        name: text("displayName").unwrap_or_default().to_owned(),
        state: state.ok_or_else(|| anyhow::anyhow!("a policy in an unknown state"))?,
        definition: sendable(shown),
    })
}
