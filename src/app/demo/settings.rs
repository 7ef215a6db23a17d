//! The demo's settings, in code: every endpoint is the simulated world.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use jiff::tz::TimeZone;

use crate::{
    app::demo::seats::{APPROVALS, APPROVERS, TECHNICIAN, UNLINKED},
    config::{
        self, Access, Api, Approval, Approvals, AreaPolicy, Config, Drafts, Endpoints, Keys,
        Microsoft, Policy, Retention, SecretsTo, Server, SignIn, Slack, StepUp, Teams, Tenant,
    },
    domain::{area::Area, ids::TenantId, secret::Secret},
    sim::{
        microsoft::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World},
        slack::Setup,
    },
    web::demo::{Role, Seat},
};

/// The bot's app id in the simulated Teams.
pub const BOT_APP: &str = "33333333-aaaa-4bbb-8ccc-000000000001";
/// Its secret, which opens nothing but the simulator.
pub const BOT_SECRET: &str = "simulated~bot~secret";

/// Where the two halves of the demo listen.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// The product and its page.
    pub product: SocketAddr,
    /// Microsoft, Slack and the Bot Framework, simulated.
    pub world: SocketAddr,
}

impl Places {
    /// The product's address, with a slash at its end.
    pub fn product(&self) -> String {
        format!("http://{}/", self.product)
    }

    /// The simulated world's origin, without a slash.
    pub fn world(&self) -> String {
        format!("http://{}", self.world)
    }
}

/// Contoso's settings: technicians and approvers may ask for everything, an approver signs.
pub fn config(
    world: &World,
    seats: &[Seat],
    places: &Places,
    database: PathBuf,
) -> anyhow::Result<Config> {
    let tenant = TenantId::from(world.tenant_id());
    let database =
        database.into_os_string().into_string().ok().context("--data is not readable as text")?;
    let may_ask = seats.iter().filter(|seat| seat.role != Role::Colleague);
    let area = AreaPolicy { access: Access::ReadWrite, ..AreaPolicy::default() };
    let policy = Policy {
        requesters: may_ask.map(|seat| seat.upn.clone()).collect(),
        approvers: APPROVERS.map(str::to_owned).to_vec(),
        secrets_to: SecretsTo::Requester,
        privileged: Approval::Refuse,
        step_up: StepUp { groups: vec![Area::Roles], ..StepUp::default() },
        groups: Area::ALL.into_iter().map(|name| (name, area.clone())).collect(),
        ..Policy::default()
    };
    let config = Config {
        model: None,
        telemetry: None,
        templates: std::collections::BTreeMap::new(),
        database: database.into(),
        postgres: config::Postgres::default(),
        tenant: Tenant {
            id: tenant,
            name: None,
            slack_channels: Vec::new(),
            teams_conversations: Vec::new(),
            time_zone: TimeZone::system(),
            end_of_day: jiff::civil::time(17, 0, 0, 0),
        },
        tenants: Vec::new(),
        // The key ring is handed over as it is; these are only named.
        keys: Keys { file: Some("keys.toml".into()), encryption: None, signing: None },
        server: Server {
            listen: places.product,
            public_url: Some(places.product().trim_end_matches('/').to_owned()),
            metrics_listen: None,
        },
        microsoft: Microsoft {
            client_id: DEMO_CLIENT_ID.to_owned(),
            client_secret: Some(Secret::new(DEMO_CLIENT_SECRET.to_owned())),
            certificate: None,
            private_key: None,
            federated_token_path: None,
            partner: false,
        },
        teams: Some(teams(world, places)),
        slack: Some(slack(seats)),
        approvals: Approvals {
            slack_channels: vec![APPROVALS.to_owned()],
            teams_conversations: Vec::new(),
            personal: Some(true),
        },
        heads: config::Places::default(),
        operators: config::Places::default(),
        sign_in: SignIn { enabled: true },
        drafts: Drafts { requester: Some(TECHNICIAN.to_owned()), ..Drafts::default() },
        policy,
        api: Api::default(),
        endpoints: endpoints(places),
        retention: Retention::default(),
        timing: config::Timing::default(),
    };
    config.check()?;
    Ok(config)
}

fn teams(world: &World, places: &Places) -> Teams {
    Teams {
        app_id: BOT_APP.to_owned(),
        app_secret: Some(Secret::new(BOT_SECRET.to_owned())),
        certificate: None,
        private_key: None,
        app_tenant: Some(world.tenant_id().to_string()),
        allowed_tenants: Vec::new(),
        service_hosts: vec![places.world()],
    }
}

fn slack(seats: &[Seat]) -> Slack {
    let app = Setup::contoso(std::sync::Arc::new(crate::adapters::clock::SystemClock));
    Slack {
        signing_secret: Some(Secret::new(app.signing_secret)),
        previous_signing_secret: None,
        bot_token: Secret::new(app.bot_token),
        app_token: None,
        app_id: app.app,
        team_id: app.team,
        enterprise_id: None,
        mail_is_identity: false,
        people: seats
            .iter()
            .filter(|seat| seat.upn != UNLINKED)
            .map(|seat| (seat.slack.clone(), seat.upn.clone()))
            .collect(),
    }
}

fn endpoints(places: &Places) -> Endpoints {
    let world = places.world();
    Endpoints {
        login: Some(world.clone()),
        graph: Some(world.clone()),
        exchange: Some(world.clone()),
        slack: Some(format!("{world}/api")),
        bot_login: Some(format!("{world}/bot-login")),
        bot_openid: Some(format!("{world}/v1/.well-known/openidconfiguration")),
        ..Endpoints::default()
    }
}

/// Every address the product is told to call, with the presets where none is set:
/// [`crate::adapters::teams::tokenless::SimulatorOnly`] looks at all of them.
pub fn addresses(config: &Config) -> Vec<String> {
    let at = &config.endpoints;
    let unset = || "https://unset.invalid".to_owned();
    let mut all = vec![
        at.login(),
        at.graph(),
        at.exchange(),
        at.slack(),
        at.bot_login.clone().unwrap_or_else(unset),
        at.bot_openid.clone().unwrap_or_else(unset),
    ];
    all.extend(config.teams.iter().flat_map(|teams| teams.service_hosts.clone()));
    all
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        adapters::{
            clock::SystemClock,
            teams::tokenless::{BuiltInSimulator, SimulatorOnly},
        },
        app::demo::seats::{self, TECHNICIAN},
    };

    fn contoso() -> (Config, Places) {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let places = Places { product: at(3978), world: at(4010) };
        let world = World::contoso(Arc::new(SystemClock));
        let config = config(&world, &seats::seats(&world), &places, "x.db".into()).unwrap();
        (config, places)
    }

    #[test]
    fn one_address_elsewhere_and_no_activity_without_a_token_is_let_in() {
        let (good, places) = contoso();
        let simulator = BuiltInSimulator::started_on(vec![places.world]).unwrap();
        let proven = |config: &Config| {
            SimulatorOnly::prove(addresses(config).iter().map(String::as_str), &simulator).is_ok()
        };
        assert!(proven(&good));
        let without: [fn(&mut Endpoints); 6] = [
            |at| at.login = None,
            |at| at.graph = None,
            |at| at.exchange = None,
            |at| at.slack = None,
            |at| at.bot_login = None,
            |at| at.bot_openid = None,
        ];
        for unset in without {
            let mut config = good.clone();
            unset(&mut config.endpoints);
            assert!(!proven(&config), "{:?}", config.endpoints);
        }
    }

    #[test]
    fn the_technician_may_ask_and_may_not_sign() {
        let (config, _) = contoso();
        assert!(config.policy.requesters.contains(&TECHNICIAN.to_owned()));
        assert!(!config.policy.approvers.contains(&TECHNICIAN.to_owned()));
    }
}
