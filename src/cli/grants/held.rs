//! What the app's tokens carry, and what a permission list lacks of it.

use uuid::Uuid;

use crate::{
    adapters::graph::{
        app_roles::{Right, Service},
        claims::Claims,
        permissions::includes,
        roles,
    },
    cli::actions::needs::{ALWAYS, Need},
};

/// Permissions and roles, as the tokens say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Application permissions of Microsoft Graph.
    pub graph: Vec<String>,
    /// Those of Office 365 Exchange Online; empty when there was no such token.
    pub exchange: Vec<String>,
    /// Template ids of the service principal's Entra roles.
    pub wids: Vec<Uuid>,
}

impl Held {
    /// From the tokens for both services.
    pub fn of(graph: &Claims, exchange: Option<&Claims>) -> Self {
        Self {
            graph: graph.roles.clone(),
            exchange: exchange.map(|claims| claims.roles.clone()).unwrap_or_default(),
            wids: graph.wids.clone(),
        }
    }

    /// Is this entry of a permission list there, itself or through something wider?
    pub fn has(&self, entry: &str) -> bool {
        match Right::read(entry) {
            Right::Permission(Service::Graph, name) => includes(&self.graph, name),
            Right::Permission(Service::Exchange, name) => includes(&self.exchange, name),
            Right::Role(name) => roles::satisfying(name).iter().any(|id| self.wids.contains(id)),
        }
    }

    /// Permissions that none of these needs asks for: what could be taken away.
    pub fn beyond(&self, needs: &[Need]) -> Vec<String> {
        let asked = |service: Service, name: &str| {
            needs
                .iter()
                .any(|need| Right::read(need.permission) == Right::Permission(service, name))
        };
        let of = |service: Service, names: &[String]| -> Vec<String> {
            names.iter().filter(|name| !asked(service, name)).cloned().collect()
        };
        let mut beyond = of(Service::Graph, &self.graph);
        beyond.extend(of(Service::Exchange, &self.exchange));
        beyond
    }

    /// What is lacking to one of the sets; empty when one is there whole. Of several ways,
    /// the shortest, and of equally short ones the narrowest, which is written first.
    pub fn lacks(&self, sets: &'static [&'static [&'static str]]) -> Vec<&'static str> {
        let lacking = |set: &&'static [&'static str]| -> Vec<&'static str> {
            set.iter().copied().filter(|entry| !self.has(entry)).collect()
        };
        // What every tenant grants anyway makes no way longer.
        let long = |lacks: &Vec<&str>| {
            lacks.iter().filter(|entry| !ALWAYS.iter().any(|(name, _)| name == *entry)).count()
        };
        let ways: Vec<_> = sets.iter().map(lacking).collect();
        if ways.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        ways.into_iter().min_by_key(long).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(graph: &[&str]) -> Held {
        Held { graph: graph.iter().map(|name| (*name).to_owned()).collect(), ..Held::default() }
    }

    #[test]
    fn the_narrowest_way_is_named_and_a_wider_one_counts() {
        const SETS: &[&[&str]] =
            &[&["User.EnableDisableAccount.All", "User.Read.All"], &["User.ReadWrite.All"]];
        let nothing = holding(&[]).lacks(SETS);
        assert_eq!(nothing, ["User.EnableDisableAccount.All", "User.Read.All"]);
        assert!(holding(&["User.ReadWrite.All"]).lacks(SETS).is_empty());
        assert!(holding(&["Directory.ReadWrite.All"]).lacks(SETS).is_empty());
    }

    #[test]
    fn exchange_s_permissions_are_looked_for_in_exchange_s_token() {
        const SETS: &[&[&str]] =
            &[&["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"]];
        let mut held = holding(&["Exchange.ManageAsApp"]);
        assert_eq!(held.lacks(SETS), SETS[0], "the same name in Graph's token is another thing");
        held.exchange = vec!["Exchange.ManageAsApp".to_owned()];
        assert_eq!(held.lacks(SETS), ["role:Exchange Recipient Administrator"]);
        held.wids = vec![roles::EXCHANGE_ADMINISTRATOR];
        assert!(held.lacks(SETS).is_empty(), "the higher role does");
    }
}
