//! `[[tenants]]`: customers' directories beside the operator's own.
//!
//! People of `[tenant]` work for all of them. A conversation that is mapped to a tenant is
//! about that tenant and no other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use crate::{
    config::{
        Config,
        check::proof,
        policy::Policy,
        sections::{Approvals, Microsoft, Tenant},
    },
    domain::ids::{TenantId, Upn},
};

/// A tenant's name has at most so many characters: it stands on every card.
const NAME_CHARS_MAX: usize = 60;
/// So many tenants, the operator's own among them: one list of Slack holds that many choices.
pub const TENANTS_MAX: usize = 100;

/// A customer's directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The directory's GUID.
    pub id: TenantId,
    /// What cards call it, and what people write before a colon: `Fabrikam: reset …`.
    pub name: String,
    /// Slack channel ids (`C…`) in which everything is about this tenant.
    #[serde(default)]
    pub slack_channels: Vec<String>,
    /// The same in Teams, by conversation id (`19:…`).
    #[serde(default)]
    pub teams_conversations: Vec<String>,
    /// The app that acts there. The one of `[microsoft]` if it is not said, which then has to be
    /// registered for several tenants and consented to in this one.
    pub microsoft: Option<Microsoft>,
    /// How it is reached: by an app alone, or through a partner relationship (GDAP).
    #[serde(default)]
    pub access: CustomerAccess,
    /// Slack user id → sign-in name, for people of this tenant.
    #[serde(default)]
    pub slack_people: BTreeMap<String, String>,
    /// Where approval cards of this tenant are posted; as under `[approvals]` if it is not said.
    pub approvals: Option<Approvals>,
    /// Who may ask and who must sign here, in the place of `[policy]`; as there if it is not said.
    pub policy: Option<Policy>,
}

/// How a customer's tenant is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerAccess {
    /// An app acts there by itself: an administrator of the customer consented to it.
    #[default]
    App,
    /// The app of `[microsoft]` acts there in the name of the partner's service account, with the
    /// roles of the partner relationship.
    Partner,
}

impl Config {
    /// The app that acts in a customer's tenant.
    pub fn microsoft_of<'a>(&'a self, customer: &'a Customer) -> &'a Microsoft {
        customer.microsoft.as_ref().unwrap_or(&self.microsoft)
    }

    /// The rules of a tenant: a customer's own, or those of `[policy]`.
    pub fn policy_of(&self, tenant: &TenantId) -> &Policy {
        let customer = self.tenants.iter().find(|customer| customer.id == *tenant);
        customer.and_then(|customer| customer.policy.as_ref()).unwrap_or(&self.policy)
    }

    /// A tenant by the name that cards call it; the operator's own, if none is said.
    pub fn tenant_called(&self, name: Option<&str>) -> anyhow::Result<TenantId> {
        let Some(name) = name else { return Ok(self.tenant.id.clone()) };
        let all = self.named_tenants();
        let found = all.iter().find(|(_, own)| own.eq_ignore_ascii_case(name.trim()));
        let names: Vec<&str> = all.iter().map(|(_, own)| own.as_str()).collect();
        let (id, _) = found.with_context(|| {
            format!("the settings name no tenant {name}; they name {}", names.join(", "))
        })?;
        Ok(id.clone())
    }

    /// The settings as they are for a customer's tenant alone: its id, app, rules and approval
    /// channels in the place of the operator's own.
    #[must_use]
    pub fn in_tenant_of(&self, customer: &Customer) -> Self {
        let own = self.clone();
        let tenant =
            Tenant { id: customer.id.clone(), name: Some(customer.name.clone()), ..own.tenant };
        Self {
            tenant,
            tenants: Vec::new(),
            microsoft: Microsoft {
                partner: customer.access == CustomerAccess::Partner,
                ..self.microsoft_of(customer).clone()
            },
            policy: self.policy_of(&customer.id).clone(),
            approvals: customer.approvals.clone().unwrap_or(own.approvals),
            ..own
        }
    }

    /// Every tenant by its id and name; nothing while there is only one.
    pub fn named_tenants(&self) -> Vec<(TenantId, String)> {
        if self.tenants.is_empty() {
            return Vec::new();
        }
        let own = (self.tenant.id.clone(), self.tenant.name.clone().unwrap_or_default());
        let others = self.tenants.iter().map(|one| (one.id.clone(), one.name.clone()));
        std::iter::once(own).chain(others).collect()
    }

    /// What can be seen wrong in `[[tenants]]`.
    pub(super) fn check_tenants(&self) -> anyhow::Result<()> {
        if self.tenants.is_empty() {
            return Ok(());
        }
        ensure!(
            self.tenants.len() < TENANTS_MAX,
            "tenants: there are more than {TENANTS_MAX} with [tenant]; run a second Countersign for the rest"
        );
        ensure!(
            self.tenant.name.as_ref().is_some_and(|name| !name.trim().is_empty()),
            "tenant.name is not set; with [[tenants]] every card says whose directory it is about, so give your own a name too"
        );
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (id, name) in self.named_tenants() {
            ensure!(
                names.insert(name.trim().to_lowercase()),
                "tenants: two are called {name}; people could not tell them apart, so rename one"
            );
            ensure!(
                ids.insert(id.clone()),
                "tenants: {name} has the id {id}, which another one has; each directory is named once"
            );
            let fits = name.trim() == name
                && (1..=NAME_CHARS_MAX).contains(&name.chars().count())
                && !name.contains([':', '\n']);
            ensure!(
                fits,
                "tenants: the name of {id} is 1 to {NAME_CHARS_MAX} characters without a colon or spaces around it"
            );
        }
        self.each_channel_is_of_one()?;
        self.each_account_is_one_person()?;
        for customer in &self.tenants {
            self.check_customer(customer).with_context(|| format!("tenants, {}", customer.name))?;
        }
        Ok(())
    }

    fn check_customer(&self, customer: &Customer) -> anyhow::Result<()> {
        ensure!(
            customer.access == CustomerAccess::App || customer.microsoft.is_none(),
            "access = \"partner\" is the way of the app of [microsoft] in the partner's name; take [tenants.microsoft] away"
        );
        if let Some(app) = &customer.microsoft {
            app.check("microsoft")?;
        }
        for (account, upn) in &customer.slack_people {
            ensure!(
                upn.parse::<Upn>().is_ok(),
                "slack_people.{account}: write the sign-in name of somebody of this tenant, such as ada@fabrikam.com"
            );
        }
        if let Some(policy) = &customer.policy {
            self.check_policy(policy)?;
        }
        Ok(())
    }

    /// A conversation is about one tenant, and no approval card of one appears among another's
    /// people.
    fn each_channel_is_of_one(&self) -> anyhow::Result<()> {
        let mut of: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for (name, slack, teams) in self.mapped() {
            for (sort, list) in [("slack_channels", slack), ("teams_conversations", teams)] {
                for id in list {
                    if let Some(other) = of.insert((sort, id), name) {
                        bail!(
                            "tenants: {sort} names {id} for {other} and for {name}; a conversation is about one tenant, so take it away from one"
                        );
                    }
                }
            }
        }
        let own = self.tenant.name.as_deref().unwrap_or_default();
        let base = std::iter::once((own, &self.approvals));
        let customers = self
            .tenants
            .iter()
            .map(|one| (one.name.as_str(), one.approvals.as_ref().unwrap_or(&self.approvals)));
        for (name, approvals) in base.chain(customers) {
            let Approvals { slack_channels, teams_conversations, .. } = approvals;
            for (sort, list) in
                [("slack_channels", slack_channels), ("teams_conversations", teams_conversations)]
            {
                for id in list {
                    if let Some(other) = of.get(&(sort, id)).filter(|other| **other != name) {
                        bail!(
                            "approvals.{sort}: {id} is a conversation of {other}, and cards of {name} would be posted there; name another one under [tenants.approvals] or [approvals]"
                        );
                    }
                }
            }
        }
        Ok(())
    }

    /// Each tenant's name with the conversations that are about it.
    fn mapped(&self) -> impl Iterator<Item = (&str, &[String], &[String])> {
        let own = &self.tenant;
        let name = own.name.as_deref().unwrap_or_default();
        let customers = self
            .tenants
            .iter()
            .map(|one| (one.name.as_str(), &one.slack_channels[..], &one.teams_conversations[..]));
        std::iter::once((name, &own.slack_channels[..], &own.teams_conversations[..]))
            .chain(customers)
    }

    fn each_account_is_one_person(&self) -> anyhow::Result<()> {
        let own = self.slack.iter().flat_map(|slack| slack.people.keys());
        let theirs = self.tenants.iter().flat_map(|one| one.slack_people.keys());
        let mut seen = BTreeSet::new();
        for account in own.chain(theirs) {
            ensure!(
                seen.insert(account),
                "slack_people: {account} is named twice; a Slack account is one person of one tenant"
            );
        }
        Ok(())
    }
}

impl Microsoft {
    /// What can be seen wrong in how an app proves who it is. `section` is where it stands.
    pub(super) fn check(&self, section: &str) -> anyhow::Result<()> {
        let other = [&self.certificate, &self.private_key].into_iter().any(Option::is_some);
        match &self.federated_token_path {
            Some(_) => ensure!(
                self.client_secret.is_none() && !other,
                "{section}: federated_token_path stands alone; take away client_secret, certificate and private_key"
            ),
            None => proof(
                section,
                self.client_secret.as_ref(),
                self.certificate.as_ref(),
                self.private_key.as_ref(),
                "client_secret",
            )?,
        }
        let blank = |secret: &crate::domain::secret::Secret| secret.reveal().trim().is_empty();
        ensure!(
            !self.client_secret.as_ref().is_some_and(blank),
            "{section}.client_secret is empty; it is the value of a client secret, not its id"
        );
        ensure!(
            !self.client_id.trim().is_empty(),
            "{section}.client_id is empty; it is the application (client) id"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const TWO: &str = r#"
        database = "x.db"
        [tenant]
        id = "11111111-2222-4333-8444-555555555555"
        name = "Northwind"
        [keys]
        file = "keys.toml"
        [microsoft]
        client_id = "a"
        client_secret = "b"
        [approvals]
        slack_channels = ["C0OURS"]
        [[tenants]]
        id = "11111111-2222-4333-8444-666666666666"
        name = "Fabrikam"
        slack_channels = ["C0FAB"]
        [[tenants]]
        id = "11111111-2222-4333-8444-777777777777"
        name = "Adatum"
        slack_channels = ["C0ADA"]
        [tenants.microsoft]
        client_id = "c"
        client_secret = "d"
    "#;

    fn wrong(from: &str, to: &str) -> String {
        assert!(TWO.contains(from), "{from}");
        let text = TWO.replacen(from, to, 1);
        match Config::read(&text, &BTreeMap::new()) {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn a_tenant_has_its_own_app_or_that_of_the_operator() {
        let config = Config::read(TWO, &BTreeMap::new()).unwrap();
        let apps = config.tenants.iter().map(|one| config.microsoft_of(one).client_id.as_str());
        assert_eq!(apps.collect::<Vec<_>>(), ["a", "c"]);
        let names = config.named_tenants().into_iter().map(|(_, name)| name);
        assert_eq!(names.collect::<Vec<_>>(), ["Northwind", "Fabrikam", "Adatum"]);
    }

    #[test]
    fn one_tenant_alone_needs_no_name() {
        let (one, _) = TWO.split_once("[[tenants]]").unwrap();
        let config = Config::read(&one.replace("name =", "#"), &BTreeMap::new()).unwrap();
        assert_eq!(config.named_tenants(), []);
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_the_key_and_the_way_out() {
        for (from, to, key, remedy) in [
            ("name = \"Northwind\"", "", "tenant.name", "give your own a name"),
            ("name = \"Adatum\"", "name = \"fabrikam\"", "two are called", "rename one"),
            ("name = \"Adatum\"", "name = \"A: B\"", "the name of", "without a colon"),
            ("777777777777", "666666666666", "Adatum has the id", "named once"),
            ("C0ADA", "C0FAB", "C0FAB for Fabrikam and for Adatum", "take it away from one"),
            ("C0OURS", "C0FAB", "approvals.slack_channels", "[tenants.approvals]"),
            (
                "name = \"Adatum\"",
                "nane = \"Adatum\"",
                "tenants.2: unknown field `nane`",
                "config example",
            ),
            ("client_id = \"c\"", "client_id = 7", "tenants.2.microsoft.client_id", "quotes"),
            ("client_secret = \"d\"", "", "Adatum: microsoft: set client_secret", "certificate"),
            (
                "client_secret = \"d\"",
                "client_secret = \" \"",
                "Adatum: microsoft.client_secret is empty",
                "not its id",
            ),
            (
                "client_secret = \"d\"",
                "client_secret = \"d\"\nfederated_token_path = \"/token\"",
                "federated_token_path stands alone",
                "take away client_secret",
            ),
        ] {
            let error = wrong(from, to);
            assert!(error.contains(key) && error.contains(remedy), "{from} → {to}: {error}");
        }
        let listed = BTreeMap::from([("COUNTERSIGN_TENANTS__NAME".to_owned(), "x".to_owned())]);
        let error = format!("{:#}", Config::read(TWO, &listed).unwrap_err());
        assert!(error.contains("`tenants` is a list") && error.contains("_file"), "{error}");
    }

    #[test]
    fn a_secret_of_a_tenant_can_be_in_a_file_of_its_own() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("secret");
        std::fs::write(&file, "from~the~file\n").unwrap();
        let named = format!("client_secret_file = {:?}", file.display().to_string());
        let text = TWO.replace("client_secret = \"d\"", &named);
        let config = Config::read(&text, &BTreeMap::new()).unwrap();
        let app = config.tenants[1].microsoft.as_ref().unwrap();
        assert_eq!(app.client_secret.as_ref().unwrap().reveal(), "from~the~file");
    }

    #[test]
    fn a_profile_of_a_tenant_fills_its_own_groups() {
        let text = format!("{TWO}\n[tenants.policy]\nprofile = \"helpdesk\"\n");
        let config = Config::read(&text, &BTreeMap::new()).unwrap();
        assert!(config.policy_of(&config.tenants[0].id).groups.is_empty());
        assert!(!config.policy_of(&config.tenants[1].id).groups.is_empty());
    }
}
