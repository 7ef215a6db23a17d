//! The app registration that some permission groups need, and nothing more: what the
//! Terraform file and the script are written from.

use std::collections::BTreeSet;

use anyhow::Context;
use uuid::Uuid;

use crate::{
    adapters::graph::app_roles::{Right, Service},
    cli::{actions::needs, grants::enabled::Meant},
    config::Cloud,
};

/// One thing to grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its name, as Microsoft writes it.
    pub name: &'static str,
    /// The app role's id, or the role's template id.
    pub id: Uuid,
    /// What it is for.
    pub used_by: BTreeSet<&'static str>,
}

/// A registration to be made.
#[derive(Debug)]
pub struct Registration {
    /// Its display name.
    pub name: String,
    /// Where, if it is known.
    pub tenant: Option<String>,
    /// In which cloud.
    pub cloud: Cloud,
    /// The groups it is for, in words.
    pub groups: String,
    /// Application permissions of Microsoft Graph.
    pub graph: Vec<Grant>,
    /// Application permissions of Office 365 Exchange Online.
    pub exchange: Vec<Grant>,
    /// Entra roles.
    pub roles: Vec<Grant>,
}

impl Registration {
    /// For these groups.
    pub fn of(meant: &Meant, name: &str) -> anyhow::Result<Self> {
        let mut made = Self {
            name: name.trim().to_owned(),
            tenant: meant.tenant.clone(),
            cloud: meant.cloud,
            groups: meant.in_words(),
            graph: Vec::new(),
            exchange: Vec::new(),
            roles: Vec::new(),
        };
        anyhow::ensure!(!made.name.is_empty(), "the app needs a name");
        anyhow::ensure!(
            !made.name.chars().any(char::is_control),
            "the app's name holds a character that cannot be seen"
        );
        for need in needs::needs(meant.entries()) {
            let right = Right::read(need.permission);
            let id = right.id().with_context(|| format!("{right} has no id in our tables"))?;
            let (list, name) = match right {
                Right::Permission(Service::Graph, name) => (&mut made.graph, name),
                Right::Permission(Service::Exchange, name) => (&mut made.exchange, name),
                Right::Role(name) => (&mut made.roles, name),
            };
            list.push(Grant { name, id, used_by: need.used_by });
        }
        Ok(made)
    }

    /// Permissions of one service.
    pub fn permissions(&self, service: Service) -> &[Grant] {
        match service {
            Service::Graph => &self.graph,
            Service::Exchange => &self.exchange,
        }
    }
}
