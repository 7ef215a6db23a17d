//! What `--live` asks about: objects that it finds in the tenant itself.
//!
//! An action's arguments are read from its own schema, so a new action is asked as soon as
//! what it needs can be found here by name; a test sees that nothing is left out.

use serde_json::{Map, Value};

use crate::{
    actions::{Asked, Entry, Planned, entry},
    domain::{
        ids::TenantId,
        trouble::Result,
        users::{Group, Sku, User},
    },
    ports::world::World,
};

/// So many people and groups are looked through.
const LOOKED_MAX: usize = 50;
/// What is found in the answer of another action: the first name that its table shows.
const LISTED: &[(&str, &str)] = &[("policy", "list_ca_policies"), ("domain", "list_domains")];
/// What nothing lists, so that no action about it is run.
pub const NOWHERE: &[&str] = &["workbook", "path"];

/// Some objects of the tenant.
#[derive(Debug, Clone)]
pub struct Objects {
    /// Somebody who works there.
    pub person: Option<User>,
    group: Option<Group>,
    sku: Option<Sku>,
    /// The bot's own app, which is in every tenant it works in.
    app: String,
}

impl Objects {
    /// Looks for them.
    ///
    /// # Errors
    /// When people cannot be read at all. Groups and licences that cannot be read are missing.
    pub async fn look(directory: &dyn World, tenant: &TenantId, app: &str) -> Result<Self> {
        let people = directory.everyone(tenant, LOOKED_MAX).await?;
        // Who has a manager and a mailbox has more to show.
        let worth = |user: &&User| {
            (user.enabled && !user.guest, user.mail.is_some(), user.manager.is_some())
        };
        let person = people.iter().max_by_key(worth).cloned();
        let groups = directory.every_group(tenant, LOOKED_MAX).await.unwrap_or_default();
        let skus = directory.skus(tenant).await.unwrap_or_default();
        let (group, sku) = (groups.into_iter().next(), skus.into_iter().next());
        Ok(Self { person, group, sku, app: app.to_owned() })
    }

    /// Arguments for an action: what it must be told, and nothing else.
    ///
    /// # Errors
    /// The name of what cannot be found.
    pub async fn arguments(
        &self,
        entry: &Entry,
        world: &dyn World,
        asked: &Asked,
    ) -> Result<Map<String, Value>, String> {
        let schema = Value::from((entry.schema)());
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut given = Map::new();
        for name in required.iter().filter_map(Value::as_str) {
            let value = match self.argument(name) {
                Some(value) => Some(value),
                None => listed(name, world, asked).await,
            };
            given.insert(name.to_owned(), value.ok_or_else(|| name.to_owned())?.into());
        }
        Ok(given)
    }

    fn argument(&self, name: &str) -> Option<String> {
        let person = || self.person.as_ref().map(|user| user.id.to_string());
        match name {
            "user" | "mailbox" | "manager" | "owner" => person(),
            "group" => self.group.as_ref().map(|group| group.id.to_string()),
            "licence" | "license" | "sku" => self.sku.as_ref().map(|sku| sku.part_number.clone()),
            "app" => Some(self.app.clone()),
            _ => None,
        }
    }
}

/// The first name that another action lists.
async fn listed(name: &str, world: &dyn World, asked: &Asked) -> Option<String> {
    let (_, lister) = LISTED.iter().find(|(known, _)| *known == name)?;
    let planned = entry(lister)?.plan(&Map::new(), world, asked).await.ok()?;
    let Planned::Facts(found) = planned else { return None };
    found.table?.rows.into_iter().next()?.into_iter().next()
}
