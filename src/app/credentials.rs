//! Until when the bot's own credentials last, looked at now and then, and told in time.
//!
//! Not here: renewing them. An administrator makes a new secret or certificate.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    adapters::graph::{Microsoft, own::Proof, partner::Relationship},
    config::{Config, Customer, CustomerAccess},
    domain::{
        credential::{CredentialEnd, CredentialSort, Urgency},
        ids::TenantId,
        trouble::Result,
    },
    ports::clock::Clock,
    web::metrics::{Metrics, credentials::Credential},
};

/// How often it is looked.
const EVERY: Duration = Duration::from_hours(12);
/// After nobody answered.
const AFTER_ERROR: Duration = Duration::from_mins(10);

/// Under which the credentials of customers' apps are counted.
const TENANTS: &str = "tenants";

/// A credential of the settings.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The section that holds it: `microsoft`, `teams` or `tenants`.
    pub section: &'static str,
    /// Whose it is: the application (client) id.
    pub client: Uuid,
    proof: Proof,
}

impl Watched {
    /// Until when it lasts; `None` when nobody says it.
    pub async fn end(
        &self,
        microsoft: &Microsoft,
        tenant: &TenantId,
    ) -> Result<Option<CredentialEnd>> {
        microsoft.credential_end(tenant, self.client, &self.proof).await
    }
}

/// The credentials of the settings. A bot that shares the app of `[microsoft]` shares its
/// credential too, as a rule; it is watched once.
pub fn watched(config: &Config) -> anyhow::Result<Vec<Watched>> {
    let microsoft = &config.microsoft;
    let certificate = |section: &str, path: &std::path::Path| {
        let named = || format!("{section}.certificate: cannot read {}", path.display());
        std::fs::read_to_string(path).map(Proof::Certificate).with_context(named)
    };
    let mut all = Vec::new();
    let mut add = |section: &'static str, client: &str, proof: Proof| {
        let client = Uuid::parse_str(client)
            .with_context(|| format!("{section}: the app's id is not a GUID"))?;
        if !all.iter().any(|one: &Watched| one.client == client) {
            all.push(Watched { section, client, proof });
        }
        anyhow::Ok(())
    };
    match (&microsoft.client_secret, &microsoft.certificate) {
        (Some(secret), _) => {
            add("microsoft", &microsoft.client_id, Proof::Secret(secret.clone()))?;
        }
        (None, Some(path)) => {
            add("microsoft", &microsoft.client_id, certificate("microsoft", path)?)?;
        }
        (None, None) => {}
    }
    if let Some(teams) = &config.teams {
        match (&teams.app_secret, &teams.certificate) {
            (Some(secret), _) => add("teams", &teams.app_id, Proof::Secret(secret.clone()))?,
            (None, Some(path)) => add("teams", &teams.app_id, certificate("teams", path)?)?,
            (None, None) => {}
        }
    }
    Ok(all)
}

/// A credential, and where its end is read.
struct Place {
    one: Watched,
    tenant: TenantId,
    microsoft: Arc<Microsoft>,
}

/// The end of the relationship that lasts longest; of one that extends itself none is near.
pub fn end_of(all: &[Relationship]) -> Option<CredentialEnd> {
    let active = all.iter().filter(|one| one.status == "active");
    let last = active.max_by_key(|one| (one.extends_itself, one.ends));
    let ending = |one: &Relationship| CredentialEnd {
        sort: CredentialSort::Relationship,
        name: Some(one.name.clone()),
        at: one.ends,
    };
    match last {
        Some(one) if one.extends_itself => None,
        Some(one) => Some(ending(one)),
        // None is active: the one that ended last says since when.
        None => all.iter().max_by_key(|one| one.ends).map(ending),
    }
}

/// Looks from time to time.
pub struct Watch {
    all: Vec<Place>,
    /// Customers that are reached in the partner's name, and the operator's own tenant.
    relationships: Vec<(TenantId, Arc<Microsoft>)>,
    own: TenantId,
    clock: Arc<dyn Clock>,
    /// Remembers what was seen last, for `/readyz` and `/metrics`.
    metrics: Arc<Metrics>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a watch over the credentials")
    }
}

impl Watch {
    /// Of the credentials of the settings.
    pub fn new(
        config: &Config,
        microsoft: &Arc<Microsoft>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
    ) -> anyhow::Result<Self> {
        let tenant = &config.tenant.id;
        let place = |one| Place { one, tenant: tenant.clone(), microsoft: microsoft.clone() };
        let all = watched(config)?.into_iter().map(place).collect();
        let own = tenant.clone();
        Ok(Self { all, relationships: Vec::new(), own, clock, metrics })
    }

    /// Of the app of a customer's tenant as well, if it has one of its own; and of the relationship
    /// with a customer who is reached in the partner's name.
    pub fn also(
        &mut self,
        config: &Config,
        customer: &Customer,
        (microsoft, home): (&Arc<Microsoft>, &Arc<Microsoft>),
    ) -> anyhow::Result<()> {
        if customer.access == CustomerAccess::Partner {
            self.relationships.push((customer.id.clone(), home.clone()));
        }
        if customer.microsoft.is_none() {
            return Ok(());
        }
        let of_app = watched(&config.in_tenant_of(customer))?;
        for one in of_app.into_iter().filter(|one| one.section == "microsoft") {
            let one = Watched { section: TENANTS, ..one };
            let (tenant, microsoft) = (customer.id.clone(), microsoft.clone());
            self.all.push(Place { one, tenant, microsoft });
        }
        Ok(())
    }

    /// Until told to stop.
    pub async fn go_on(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = if self.look().await { EVERY } else { AFTER_ERROR };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Looks once, and logs what ends soon. `false` when somebody did not answer.
    pub async fn look(&self) -> bool {
        let (mut found, mut answered) = (Vec::<Credential>::new(), true);
        let mut ends = Vec::new();
        for Place { one, tenant, microsoft } in &self.all {
            ends.push((one.section, tenant, one.end(microsoft, tenant).await));
        }
        for (customer, home) in &self.relationships {
            let end = home.relationships(&self.own, customer).await.map(|all| end_of(&all));
            ends.push((TENANTS, customer, end));
        }
        for (section, tenant, end) in ends {
            match end {
                Ok(Some(end)) => {
                    self.tell((section, tenant), &end);
                    // Of customers' apps the one that ends first; each is in the log.
                    match found.iter_mut().find(|known| known.section == section) {
                        Some(known) if known.end.at <= end.at => {}
                        Some(known) => known.end = end,
                        None => found.push(Credential { section, end }),
                    }
                }
                Ok(None) => {}
                Err(trouble) => {
                    tracing::warn!(section, %tenant, %trouble, "The credential's end could not be read");
                    answered = false;
                }
            }
        }
        if answered {
            self.metrics.credentials.set(found);
        }
        answered
    }

    fn tell(&self, (section, tenant): (&str, &TenantId), end: &CredentialEnd) {
        let now = self.clock.now();
        let days_left = end.days_left(now);
        match end.urgency(now) {
            Urgency::None => {}
            Urgency::Within(days @ (14 | 30)) => {
                tracing::warn!(
                    section,
                    %tenant,
                    days_left,
                    "The {} ends within {days} days; {}",
                    end.sort.as_str(),
                    end.sort.mend()
                );
            }
            Urgency::Within(_) | Urgency::Over => {
                tracing::error!(
                    section,
                    %tenant,
                    days_left,
                    "The {} ends; without a new one nothing more can be done in the tenant: {}",
                    end.sort.as_str(),
                    end.sort.mend()
                );
            }
        }
    }
}
