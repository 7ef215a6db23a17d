//! The only place where real adapters meet the desk.
//!
//! - [`House::build`] settings and keys → desk, engine, doors
//! - [`outside`]      settings → the adapters for Microsoft, Teams and a language model
//! - [`tenants`]      settings → a desk for each customer's tenant
//! - [`slack`]        settings → the Slack app, also while Slack cannot be reached
//! - [`credentials`]  until when the bot's own last
//! - [`work`]         what runs besides the doors: carrying out, tellers, the sweeper, the record
//! - [`rehearsal`]    tenants that are not real, one for each rehearsal
//! - [`reload`]       SIGHUP → the rules are read again
//! - [`serve`]        the real thing
//! - [`mod@demo`]         the same house against the simulated world, with one page
//!
//! Not here: any decision. What happens to a request is the desk's affair.

pub mod credentials;
pub mod demo;
pub mod outside;
pub mod rehearsal;
pub mod reload;
pub mod slack;
pub mod socket;
mod tenants;
pub mod work;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, RwLock},
};

use anyhow::{Context, ensure};
use tokio::{net::TcpListener, sync::watch};

pub use demo::{DemoOptions, demo};
pub use outside::{Pace, bot_credential, bot_endpoints, microsoft, microsoft_in, model};
use outside::{entrance, entrance_to_entra};
use slack::{SlackHouse, identities, slack_house};
use tenants::{Customers, Drawings, Way, customers};
pub use work::carrying_out;

use crate::{
    adapters::{
        clock::SystemClock,
        graph::settings::RequestLog,
        store::{
            postgres::{self, PostgresStore},
            sealing::Sealing,
            sqlite::{self, SqliteStore},
            upkeep::Upkeep,
            witness::Witness,
        },
        teams::tokenless::SimulatorOnly,
        telemetry,
    },
    audit::SigningKey,
    config::{Config, Database, KeyRing},
    desk::{
        Desk, Seating,
        drafts::Days,
        named,
        people::People,
        standing::automation::Looked,
        templates::Templates,
        tenants::{Channels, Desks},
        who::Known,
    },
    domain::{chat::Platform, ids::TenantId},
    engine::{Door as EngineDoor, Engine},
    policy::Rules,
    ports::{chat::Chat, clock::Clock, faces::Faces, model::Model, store::Store},
    web::{
        self, Doors, Patience, TeamsEntrance, api::clients::Clients, health::Away, metrics::Metrics,
    },
};

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
    /// How often Conditional Access is asked in a second; as often as Microsoft takes it if empty.
    pub policies_per_second: Option<f64>,
    /// Writes a second, and how many at once; as many as Microsoft takes if empty.
    pub writes: Option<(f64, f64)>,
    /// Stands between the house and its database, and may watch or refuse what goes through.
    pub around_store: Option<Arc<AroundStore>>,
    /// Stands between the desk and the cards.
    pub around_faces: Option<Arc<AroundFaces>>,
    /// How long chats are kept waiting for an answer.
    pub patience: Patience,
}

/// Puts something around the store before the desk and the engine get it.
pub type AroundStore = dyn Fn(Arc<dyn Store>) -> Arc<dyn Store> + Send + Sync;

/// Puts something around what draws the cards.
pub type AroundFaces = dyn Fn(Arc<dyn Faces>) -> Arc<dyn Faces> + Send + Sync;

impl Extras {
    /// How often Microsoft is asked.
    fn pace(&self) -> Pace {
        Pace { policies_per_second: self.policies_per_second, writes: self.writes }
    }
}

impl std::fmt::Debug for Extras {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("extras")
    }
}

/// Everything, put together.
#[derive(Debug)]
pub struct House {
    /// The path of a request about the operator's own tenant.
    pub desk: Arc<Desk>,
    /// The same for every tenant.
    pub desks: Arc<Desks>,
    /// Carries out what was approved.
    pub engine: Arc<Engine>,
    /// The database itself, without what [`Extras::around_store`] put around it.
    pub store: Arc<dyn Upkeep>,
    /// The ways in.
    pub doors: Doors,
    /// What has to run for Slack, if it is on.
    pub slack: Option<slack::SlackWork>,
    /// Looks until when the bot's own credentials last; [`serve`] lets it go on.
    pub watch: Option<credentials::Watch>,
    /// How often deliveries are looked for that a dead process acknowledged.
    pub left_overs: jiff::SignedDuration,
    signing: [u8; 32],
}

impl House {
    /// Puts everything together. Nothing runs yet.
    pub async fn build(config: &Config, keys: &KeyRing, extras: Extras) -> anyhow::Result<Self> {
        let pace = extras.pace();
        let clock = extras.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let rules = rules(config)?;
        let metrics = Arc::new(Metrics::new(clock.now()));
        let store: Arc<dyn Upkeep> =
            open_watched(config, keys, clock.clone(), Some(counting(&metrics))).await?.into();
        let remembered = remembered(&store, extras.around_store.as_deref());
        let log = counted(metrics.clone(), extras.request_log);
        let microsoft = Arc::new(microsoft(config, Some(log.clone()), pace, clock.clone())?);
        let away = Arc::new(Away::default());
        let (teams, slack) = entrances(config, extras.simulator, &clock, &away).await?;
        let chats = chats(teams.as_ref(), slack.as_ref())?;
        let drawing = Drawings::of(config, extras.around_faces)?;
        let own_name = config.tenant.name.as_deref().filter(|_| !config.tenants.is_empty());
        let people = People::knowing(rules.switched_on());
        let desk = Arc::new(Desk {
            tenant: config.tenant.id.clone(),
            home: None,
            channels: Arc::new(Channels::of(config)),
            zone: config.tenant.time_zone.clone(),
            end_of_day: config.tenant.end_of_day,
            store: remembered,
            directory: microsoft.clone(),
            chats,
            faces: drawing.about(own_name),
            clock: clock.clone(),
            rules: RwLock::new(Arc::new(rules)),
            votes: Arc::new(keys.vote_key()),
            pages: Arc::new(keys.page_key()),
            approvals: config.approvals.clone(),
            heads: config.heads.clone(),
            operators: config.told_to_operators(),
            days: Days::of(&config.drafts),
            automation: Looked::default(),
            templates: Templates::of(&config.templates)?,
            identities: identities(config)?,
            sign_ins: entrance_to_entra(config, &microsoft, &clock)?,
            seating: extras.seating,
            rehearsals: Arc::new(rehearsal::OnLoopback),
            words_live: config.retention.words,
            telling: config.timing.telling,
            model: helper(config, &clock)?,
            people,
            known: Known::default(),
        });
        let mut watch = credentials::Watch::new(config, &microsoft, desk.clone(), metrics.clone())?;
        let (partner, home) = (store.clone(), microsoft.clone());
        let way = Way { log, pace, clock: clock.clone(), partner, home };
        let Customers { desks: others, doors: mut tenants } =
            customers(&desk, config, &drawing, (&way, &mut watch))?;
        let own = EngineDoor { hands: microsoft.clone(), world: microsoft };
        tenants.insert(config.tenant.id.clone(), own);
        let desks = Desks::new(desk.clone(), others, config.named_tenants(), drawing.about(None));
        let desks = Arc::new(desks);
        let engine = Arc::new(engine(config, &desks, tenants));
        let mut doors = Doors::new(desks.clone(), clock);
        doors.teams = teams.map(Arc::new);
        doors.metrics = metrics;
        doors.full = Some(store.clone());
        doors.api = Clients::of(&config.api, &public_url(config))?.map(Arc::new);
        doors.away = away;
        doors.patience = extras.patience;
        let (door, work) = slack.map_or((None, None), |slack| (slack.door, Some(slack.work)));
        doors.slack = door;
        Ok(Self {
            desk,
            desks,
            engine,
            store,
            doors,
            slack: work,
            watch: Some(watch),
            left_overs: config.timing.left_overs,
            signing: keys.signing,
        })
    }

    /// The page with what was counted, for an address of its own.
    pub fn metrics(&self) -> axum::Router {
        let Doors { metrics, clock, .. } = &self.doors;
        web::metrics::router(metrics.clone(), self.store.clone(), clock.clone())
    }

    /// Signs the record's heads.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::new(&self.signing)
    }
}

/// The ways in from Teams and Slack, as far as they are set.
async fn entrances(
    config: &Config,
    simulator: Option<SimulatorOnly>,
    clock: &Arc<dyn Clock>,
    away: &Away,
) -> anyhow::Result<(Option<TeamsEntrance>, Option<SlackHouse>)> {
    let teams = config.teams.as_ref();
    let teams = teams.map(|set| entrance(config, set, simulator, clock.clone())).transpose()?;
    let slack = match &config.slack {
        Some(slack) => Some(slack_house(config, slack, clock.clone(), away).await?),
        None => None,
    };
    Ok((teams, slack))
}

/// Carries out what the desks' stores hold, through the doors of their tenants.
fn engine(config: &Config, desks: &Arc<Desks>, tenants: BTreeMap<TenantId, EngineDoor>) -> Engine {
    let home = desks.home();
    Engine {
        store: home.store.clone(),
        tenants,
        signers: desks.clone(),
        anew: desks.clone(),
        clock: home.clock.clone(),
        votes: home.votes.clone(),
        public_url: public_url(config),
        links_live: config.retention.links,
        snapshots_live: config.retention.snapshots,
        lease: config.timing.lease,
    }
}

/// The rules of the settings, which name only actions that are there.
fn rules(config: &Config) -> anyhow::Result<Rules> {
    named::check(&config.policy)?;
    Rules::read(&config.policy, &config.tenant.id)
}

/// The store, with what stands before it.
fn remembered(store: &Arc<dyn Upkeep>, around: Option<&AroundStore>) -> Arc<dyn Store> {
    match around {
        Some(around) => around(store.clone()),
        None => store.clone(),
    }
}

/// The chats that are set, of which there must be one.
fn chats(
    teams: Option<&TeamsEntrance>,
    slack: Option<&SlackHouse>,
) -> anyhow::Result<BTreeMap<Platform, Arc<dyn Chat>>> {
    let mut chats: BTreeMap<Platform, Arc<dyn Chat>> = BTreeMap::new();
    if let Some(teams) = teams {
        chats.insert(Platform::Teams, teams.chat.clone());
    }
    if let Some(slack) = slack {
        chats.insert(Platform::Slack, slack.chat.clone());
    }
    ensure!(
        !chats.is_empty(),
        "neither [teams] nor [slack] is set, so nobody could ask for anything"
    );
    Ok(chats)
}

/// The real thing, until it is told to stop. It needs nothing of the extras.
pub async fn serve(
    config: Config,
    keys: KeyRing,
    reread: reload::Reread,
    extras: Extras,
) -> anyhow::Result<()> {
    can_be_reached(&config)?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("server.listen: {} cannot be used", config.server.listen))?;
    let counts = match config.server.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .with_context(|| format!("server.metrics_listen: {address} cannot be used"))?,
        ),
        None => None,
    };
    let mut house = House::build(&config, &keys, extras).await?;
    if let Some(set) = &config.telemetry {
        telemetry::start(set, telemetry::Spans::of_process(), house.desk.clock.clone())?;
    }
    let (tell, stop) = watch::channel(false);
    if let Some(watch) = house.watch.take() {
        tokio::spawn(watch.go_on(stop.clone()));
    }
    if let Some(listener) = counts {
        let (page, mut stopped) = (house.metrics(), stop.clone());
        let stopped = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        tokio::spawn(async move {
            if let Err(error) = web::open::serve(listener, page, stopped).await {
                tracing::error!(%error, "/metrics ended");
            }
        });
    }
    tokio::spawn(reload::when_told(house.desks.clone(), reread, stop.clone()));
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
    let slack =
        house.slack.take().map(|slack| tokio::spawn(slack.run(house.doors.clone(), stop.clone())));
    let working = work::start(&house, &stop);
    let mut stopped = stop.clone();
    web::open::serve(listener, routes, async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    })
    .await?;
    working.finish().await;
    if let Some(slack) = slack {
        slack.await.context("what runs for Slack failed inside")?;
    }
    Ok(())
}

/// The store, with every key it may need.
pub async fn open_store(
    config: &Config,
    keys: &KeyRing,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Box<dyn Upkeep>> {
    open_watched(config, keys, clock, None).await
}

async fn open_watched(
    config: &Config,
    keys: &KeyRing,
    clock: Arc<dyn Clock>,
    witness: Option<Witness>,
) -> anyhow::Result<Box<dyn Upkeep>> {
    let mut sealing = Sealing::new(keys.id.clone(), &keys.encryption, clock)?;
    for (id, key) in &keys.older {
        sealing = sealing.also(id.clone(), key)?;
    }
    let kept = config.retention.deliveries;
    Ok(match &config.database {
        Database::File(path) => {
            let options = sqlite::Options { kept, witness, ..sqlite::Options::default() };
            Box::new(SqliteStore::open(Path::new(path), sealing, options).await?)
        }
        Database::Server(address) => {
            let options = postgres::Options {
                kept,
                witness,
                connections: config.postgres.connections,
                pooled: config.postgres.pooled,
                ..postgres::Options::default()
            };
            Box::new(PostgresStore::open(address, sealing, options).await?)
        }
    })
}

/// What helps to read words, if it is set.
fn helper(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Option<Arc<dyn Model>>> {
    let Some(set) = &config.model else { return Ok(None) };
    Ok(Some(Arc::new(model(set, clock.clone())?)))
}

/// Counts what is saved.
fn counting(metrics: &Arc<Metrics>) -> Witness {
    let metrics = metrics.clone();
    Witness::new(move |seen| metrics.saw(seen))
}

/// A request log that counts, and hands on to another.
fn counted(metrics: Arc<Metrics>, more: Option<RequestLog>) -> RequestLog {
    RequestLog::new(move |line| {
        metrics.called(line);
        if let Some(more) = &more {
            more.note(line);
        }
    })
}

/// Passwords are handed over by one-time links, which begin with `server.public_url`.
/// Without it they would name an address that only this machine can open. Teams and Slack
/// know their address from elsewhere, so for them a missing one is only worth a warning.
fn can_be_reached(config: &Config) -> anyhow::Result<()> {
    if config.server.public_url.is_some() {
        return Ok(());
    }
    ensure!(
        !config.hands_passwords_over(),
        "policy.groups.passwords_and_security is read_write, and server.public_url is not set: nobody could open the one-time links that hand passwords over; set server.public_url to the https address people reach this machine under"
    );
    let outside = config.comes_from_outside();
    if !outside.is_empty() {
        tracing::warn!(
            by = outside.join(", "),
            "server.public_url is not set, although this machine has to be reached from outside; set it to the https address of the TLS proxy in front"
        );
    }
    Ok(())
}

/// What one-time links start with.
fn public_url(config: &Config) -> String {
    let local = || format!("http://{}", config.server.listen);
    config.server.public_url.clone().unwrap_or_else(local).trim_end_matches('/').to_owned()
}
