//! The only place where real adapters meet the desk.
//!
//! - [`House::build`] settings and keys → desk, engine, doors
//! - [`work`]         what runs besides the doors: workers, tellers, the sweeper, the record
//! - [`serve`]        the real thing
//! - [`demo`]         the same house against the simulated world, with one page
//!
//! Not here: any decision. What happens to a request is the desk's affair.

pub mod demo;
pub mod socket;
pub mod work;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use jiff::tz::TimeZone;
use tokio::{net::TcpListener, sync::watch};

pub use demo::{DemoOptions, demo};

use crate::{
    adapters::{
        cards::Cards,
        clock::SystemClock,
        graph::{
            self, Microsoft,
            settings::{App, RequestLog, Settings},
        },
        http,
        slack::{
            chat::{Seat, SlackChat},
            door::SlackDoor,
            installed::{Installation, Installed},
            signature::SigningSecrets,
            web::WebApi,
        },
        store::{
            sealing::Sealing,
            sqlite::{Options, SqliteStore},
        },
        teams::{
            chat::TeamsChat,
            cloud::{self, Endpoints as BotEndpoints},
            credential::AppCredential,
            door::{TeamsDoor, TeamsSettings},
            tokenless::{SimulatorOnly, TokenlessDoor},
        },
    },
    audit::SigningKey,
    config::{self, Cloud, Config, KeyRing},
    desk::{Desk, Identities, Seating, people::People, who::Known},
    domain::{
        chat::{Drawn, Face, Platform},
        message::Message,
        secret::Secret,
    },
    engine::Engine,
    policy::Rules,
    ports::{chat::Chat, clock::Clock, faces::Faces, store::Store},
    web::{self, Doors, TeamsEntrance},
};

/// A call to Microsoft is given up after this long.
const CALL_SECONDS_MAX: u64 = 30;

/// What is handed in besides settings and keys. The real thing needs none of it.
#[derive(Default)]
pub struct Extras {
    /// The time; the machine's if empty.
    pub clock: Option<Arc<dyn Clock>>,
    /// Sees every request to Microsoft, without tokens and passwords.
    pub request_log: Option<RequestLog>,
    /// Seats people whom no directory knows: the demo.
    pub seating: Option<Arc<Seating>>,
    /// Every endpoint is the built-in simulator: activities without a token are let in.
    pub simulator: Option<SimulatorOnly>,
    /// Stands between the house and its database, and may watch or refuse what goes through.
    pub around_store: Option<Arc<AroundStore>>,
}

/// Puts something around the store before the desk and the engine get it.
pub type AroundStore = dyn Fn(Arc<dyn Store>) -> Arc<dyn Store> + Send + Sync;

impl std::fmt::Debug for Extras {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("extras")
    }
}

/// Everything, put together.
#[derive(Debug)]
pub struct House {
    /// The path of a request.
    pub desk: Arc<Desk>,
    /// Carries out what was approved.
    pub engine: Arc<Engine>,
    /// The database itself, without what [`Extras::around_store`] put around it.
    pub store: Arc<SqliteStore>,
    /// The ways in.
    pub doors: Doors,
    /// Slack over a socket, if the app uses one.
    pub socket: Option<socket::Socket>,
    signing: [u8; 32],
}

/// Draws from `cards/`, in the tenant's zone.
struct Drawing {
    cards: Cards,
    zone: TimeZone,
}

impl Faces for Drawing {
    fn draw(&self, message: &Message, face: Face) -> anyhow::Result<Drawn> {
        Ok(self.cards.draw(message, face, &self.zone)?)
    }
}

impl House {
    /// Puts everything together. Nothing runs yet.
    pub async fn build(config: &Config, keys: &KeyRing, extras: Extras) -> anyhow::Result<Self> {
        let clock = extras.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let rules = Rules::read(&config.policy, &config.tenant.id)?;
        let store = Arc::new(open_store(config, keys, clock.clone()).await?);
        let remembered: Arc<dyn Store> = match &extras.around_store {
            Some(around) => around(store.clone()),
            None => store.clone(),
        };
        let microsoft = Arc::new(microsoft(config, extras.request_log, clock.clone())?);
        let mut chats: BTreeMap<Platform, Arc<dyn Chat>> = BTreeMap::new();
        let teams = match &config.teams {
            Some(teams) => Some(entrance(config, teams, extras.simulator, clock.clone())?),
            None => None,
        };
        if let Some(teams) = &teams {
            chats.insert(Platform::Teams, teams.chat.clone());
        }
        let slack = match &config.slack {
            Some(slack) => Some(slack_house(config, slack, clock.clone()).await?),
            None => None,
        };
        if let Some(slack) = &slack {
            chats.insert(Platform::Slack, slack.chat.clone());
        }
        ensure!(
            !chats.is_empty(),
            "neither [teams] nor [slack] is set, so nobody could ask for anything"
        );
        let cards = Cards::new("en").context("the cards do not compile")?;
        let votes = Arc::new(keys.vote_key());
        let desk = Arc::new(Desk {
            tenant: config.tenant.id.clone(),
            zone: config.tenant.time_zone.clone(),
            end_of_day: config.tenant.end_of_day,
            store: remembered.clone(),
            directory: microsoft.clone(),
            chats,
            faces: Arc::new(Drawing { cards, zone: config.tenant.time_zone.clone() }),
            clock: clock.clone(),
            rules: Arc::new(rules),
            votes: votes.clone(),
            approvals: config.approvals.clone(),
            identities: identities(config)?,
            seating: extras.seating,
            words_live: config.retention.words,
            people: People::default(),
            known: Known::default(),
        });
        let engine = Arc::new(Engine {
            store: remembered,
            hands: microsoft,
            clock: clock.clone(),
            votes,
            public_url: public_url(config),
            links_live: config.retention.links,
        });
        let mut doors = Doors::new(desk.clone(), clock);
        doors.teams = teams.map(Arc::new);
        let (mut slack_door, mut socket) = (None, None);
        if let Some(slack) = slack {
            socket = slack.socket;
            slack_door = slack.door;
        }
        doors.slack = slack_door;
        Ok(Self { desk, engine, store, doors, socket, signing: keys.signing })
    }

    /// Signs the record's heads.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::new(&self.signing)
    }
}

/// The real thing, until it is told to stop.
pub async fn serve(config: Config, keys: KeyRing) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("server.listen: {} cannot be used", config.server.listen))?;
    let house = House::build(&config, &keys, Extras::default()).await?;
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        work::told_to_stop().await;
        tell.send_replace(true);
    });
    tracing::info!(address = %config.server.listen, "Countersign is open");
    run(house, listener, axum::Router::new(), stop).await
}

/// Opens the doors and works until told to stop; then finishes what was begun.
pub async fn run(
    mut house: House,
    listener: TcpListener,
    more: axum::Router,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let routes = web::router(house.doors.clone()).merge(more);
    let socket = house
        .socket
        .take()
        .map(|socket| tokio::spawn(socket.run(house.doors.clone(), stop.clone())));
    let working = work::start(&house, &stop);
    let mut stopped = stop.clone();
    web::open::serve(listener, routes, async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    })
    .await?;
    working.finish().await;
    if let Some(socket) = socket {
        socket.await.context("Socket Mode failed inside")?;
    }
    Ok(())
}

/// The store, with every key it may need.
pub async fn open_store(
    config: &Config,
    keys: &KeyRing,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<SqliteStore> {
    let mut sealing = Sealing::new(keys.id.clone(), &keys.encryption, clock)?;
    for (id, key) in &keys.older {
        sealing = sealing.also(id.clone(), key)?;
    }
    let options = Options { kept: config.retention.deliveries, ..Options::default() };
    Ok(SqliteStore::open(Path::new(&config.database), sealing, options).await?)
}

/// Microsoft 365, as the app of `[microsoft]`.
pub fn microsoft(
    config: &Config,
    log: Option<RequestLog>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Microsoft> {
    let set = &config.microsoft;
    let client_id =
        uuid::Uuid::parse_str(&set.client_id).context("microsoft.client_id is not a GUID")?;
    let app = match (&set.client_secret, &set.certificate, &set.private_key) {
        (Some(secret), _, _) => App::with_secret(client_id, secret.clone()),
        (None, Some(certificate), Some(key)) => {
            let (certificate, key) = pem_files("microsoft", certificate, key)?;
            App::with_certificate(client_id, &key, &certificate)
                .context("microsoft.certificate, microsoft.private_key")?
        }
        _ => anyhow::bail!("microsoft: set client_secret, or certificate and private_key"),
    };
    let at = &config.endpoints;
    // The cloud says what tokens are for; an address that was set only says where it is.
    let endpoints = graph::settings::Endpoints {
        login: at.login(),
        graph: at.graph(),
        exchange: at.exchange(),
        ..match at.cloud {
            Cloud::Public => graph::settings::Endpoints::global(),
            Cloud::Usgov => graph::settings::Endpoints::us_government(),
            Cloud::UsgovDod => graph::settings::Endpoints::us_defense(),
            Cloud::China => graph::settings::Endpoints::china(),
        }
    };
    let mut settings = Settings::new(endpoints, [(config.tenant.id.clone(), app)].into());
    settings.log = log;
    let url = at.graph().parse().context("endpoints.graph is not an address")?;
    Ok(Microsoft::new(
        settings,
        http::client_for(&url, Duration::from_secs(CALL_SECONDS_MAX)),
        clock,
    ))
}

fn pem_files(section: &str, certificate: &Path, key: &Path) -> anyhow::Result<(String, Secret)> {
    let read = |what: &str, path: &Path| {
        fs::read_to_string(path)
            .with_context(|| format!("{section}.{what}: cannot read {}", path.display()))
    };
    Ok((read("certificate", certificate)?, Secret::new(read("private_key", key)?)))
}

/// Where the Bot Framework is: the cloud's addresses, with the operator's over them.
pub fn bot_endpoints(config: &Config, teams: &config::Teams) -> BotEndpoints {
    let mut endpoints = match config.endpoints.cloud {
        Cloud::Public => cloud::Cloud::Public,
        Cloud::Usgov | Cloud::UsgovDod => cloud::Cloud::UsGov,
        Cloud::China => cloud::Cloud::China,
    }
    .endpoints();
    if let Some(login) = &config.endpoints.bot_login {
        endpoints.login.clone_from(login);
    }
    if let Some(openid) = &config.endpoints.bot_openid {
        endpoints.openid_metadata.clone_from(openid);
    }
    for host in &teams.service_hosts {
        if host.contains("://") {
            endpoints.service_origins.push(host.clone());
        } else {
            endpoints.service_hosts.push(host.clone());
        }
    }
    endpoints
}

/// How the Teams bot proves who it is.
pub fn bot_credential(teams: &config::Teams) -> anyhow::Result<AppCredential> {
    match (&teams.app_secret, &teams.certificate, &teams.private_key) {
        (Some(secret), _, _) => AppCredential::secret(secret.reveal().to_owned()),
        (None, Some(certificate), Some(key)) => {
            let (certificate, key) = pem_files("teams", certificate, key)?;
            AppCredential::certificate(key.reveal(), &certificate)
        }
        _ => anyhow::bail!("teams: set app_secret, or certificate and private_key"),
    }
}

fn entrance(
    config: &Config,
    teams: &config::Teams,
    simulator: Option<SimulatorOnly>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<TeamsEntrance> {
    let mut endpoints = bot_endpoints(config, teams);
    if simulator.is_some() {
        // Microsoft's own connectors are not part of a simulated world.
        endpoints.service_url = None;
        endpoints.service_hosts.clear();
    }
    let credential = bot_credential(teams)?;
    let mut chat =
        TeamsChat::new(&teams.app_id, teams.app_tenant.as_deref(), credential, &endpoints, clock)?;
    let mut tenants = teams.allowed_tenants.clone();
    if tenants.is_empty() {
        tenants.push(config.tenant.id.to_string());
    }
    let settings = TeamsSettings {
        app_id: teams.app_id.clone(),
        tenants,
        endpoints,
        key_hosts: Vec::new(),
        trusted_callers: Vec::new(),
    };
    if let Some(proof) = &simulator {
        chat = chat.with_playground(proof);
    }
    Ok(TeamsEntrance {
        door: TeamsDoor::new(&settings)?,
        tokenless: simulator.map(TokenlessDoor::new),
        chat: Arc::new(chat),
    })
}

struct SlackHouse {
    chat: Arc<SlackChat>,
    door: Option<Arc<SlackDoor>>,
    socket: Option<socket::Socket>,
}

async fn slack_house(
    config: &Config,
    slack: &config::Slack,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<SlackHouse> {
    let base = config.endpoints.slack().parse().context("endpoints.slack is not an address")?;
    let http = http::client_for(&base, Duration::from_secs(10));
    let api = |token: &Secret| WebApi::new(http.clone(), &base, token.clone(), clock.clone());
    let bot = api(&slack.bot_token);
    let me = bot
        .whoami()
        .await
        .map_err(|error| anyhow::anyhow!("Slack does not know slack.bot_token: {error}"))?;
    let me =
        me.installation().context("slack.bot_token is not a bot's token; it starts with xoxb-")?;
    let install = match &slack.enterprise_id {
        Some(enterprise) if me.is_org_wide() => {
            Installation::organisation(enterprise, &[slack.team_id.as_str()], me.bot_user())
        }
        enterprise => Installation::workspace(&slack.team_id, enterprise.as_deref(), me.bot_user()),
    };
    let installed = || Installed::new(&slack.app_id, vec![install.clone()]);
    let door = match &slack.signing_secret {
        Some(secret) => {
            let previous = slack.previous_signing_secret.as_ref().map(Secret::reveal);
            let secrets =
                SigningSecrets::new(secret.reveal(), previous).context("slack.signing_secret")?;
            Some(Arc::new(SlackDoor::over_http(secrets, installed())))
        }
        None => None,
    };
    let socket = slack.app_token.as_ref().map(|token| socket::Socket {
        api: api(token),
        door: Arc::new(SlackDoor::over_socket(installed())),
        clock: clock.clone(),
    });
    let chat =
        Arc::new(SlackChat::new(vec![Seat { install: install.clone(), api: bot }], clock.clone()));
    Ok(SlackHouse { chat, door, socket })
}

fn identities(config: &Config) -> anyhow::Result<Identities> {
    let Some(slack) = &config.slack else { return Ok(Identities::default()) };
    let mut people = BTreeMap::new();
    for (id, upn) in &slack.people {
        people.insert(id.clone(), upn.parse().with_context(|| format!("slack.people.{id}"))?);
    }
    let slack_realm = slack.enterprise_id.clone().unwrap_or_else(|| slack.team_id.clone());
    Ok(Identities { slack_realm, slack: people, slack_mail: slack.mail_is_identity })
}

/// What one-time links start with.
fn public_url(config: &Config) -> String {
    let local = || format!("http://{}", config.server.listen);
    config.server.public_url.clone().unwrap_or_else(local).trim_end_matches('/').to_owned()
}
