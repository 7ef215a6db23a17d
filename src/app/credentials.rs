//! Until when the bot's own credentials last, looked at now and then, and told in time: in the
//! log, and to the operators.
//!
//! Not here: renewing them. An administrator makes a new secret or certificate.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    adapters::graph::{Microsoft, own::Proof, partner::Relationship},
    config::{Config, Customer, CustomerAccess},
    desk::{Desk, operators::Ending},
    domain::{
        credential::{CredentialEnd, CredentialSort, Urgency},
        ids::TenantId,
        trouble::Result,
    },
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
    /// The customer's name; `None` for the operator's own tenant.
    customer: Option<String>,
}

/// The partner relationship with a customer.
struct Partner {
    name: String,
    tenant: TenantId,
    home: Arc<Microsoft>,
}

/// One end that was read.
struct Seen<'a> {
    section: &'static str,
    tenant: &'a TenantId,
    customer: Option<&'a str>,
    app: Option<Uuid>,
    end: Result<Option<CredentialEnd>>,
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
    relationships: Vec<Partner>,
    /// The operator's own desk, which tells.
    desk: Arc<Desk>,
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
        desk: Arc<Desk>,
        metrics: Arc<Metrics>,
    ) -> anyhow::Result<Self> {
        let tenant = &config.tenant.id;
        let place = |one| Place {
            one,
            tenant: tenant.clone(),
            microsoft: microsoft.clone(),
            customer: None,
        };
        let all = watched(config)?.into_iter().map(place).collect();
        Ok(Self { all, relationships: Vec::new(), desk, metrics })
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
            let (name, tenant) = (customer.name.clone(), customer.id.clone());
            self.relationships.push(Partner { name, tenant, home: home.clone() });
        }
        if customer.microsoft.is_none() {
            return Ok(());
        }
        let of_app = watched(&config.in_tenant_of(customer))?;
        for one in of_app.into_iter().filter(|one| one.section == "microsoft") {
            let one = Watched { section: TENANTS, ..one };
            let (tenant, microsoft) = (customer.id.clone(), microsoft.clone());
            let customer = Some(customer.name.clone());
            self.all.push(Place { one, tenant, microsoft, customer });
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

    /// Looks once, logs what ends soon and tells the operators. `false` when somebody did not
    /// answer, or it could not be saved to be said.
    pub async fn look(&self) -> bool {
        let (mut found, mut answered) = (Vec::<Credential>::new(), true);
        for Seen { section, tenant, customer, app, end } in self.seen().await {
            match end {
                Ok(Some(end)) => {
                    self.log((section, tenant), &end);
                    let ending = Ending { customer, app, end: &end };
                    if let Err(error) = self.desk.credential_ends(&ending).await {
                        tracing::warn!(section, %tenant, %error, "The operators could not be told");
                        answered = false;
                    }
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

    async fn seen(&self) -> Vec<Seen<'_>> {
        let mut all = Vec::new();
        for Place { one, tenant, microsoft, customer } in &self.all {
            let (section, customer) = (one.section, customer.as_deref());
            let end = one.end(microsoft, tenant).await;
            all.push(Seen { section, tenant, customer, app: Some(one.client), end });
        }
        for Partner { name, tenant, home } in &self.relationships {
            let end = home.relationships(&self.desk.tenant, tenant).await.map(|all| end_of(&all));
            let customer = Some(name.as_str());
            all.push(Seen { section: TENANTS, tenant, customer, app: None, end });
        }
        all
    }

    fn log(&self, (section, tenant): (&str, &TenantId), end: &CredentialEnd) {
        let now = self.desk.clock.now();
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
