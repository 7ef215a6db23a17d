//! The same house against the simulated world, with one page.
//!
//! - [`demo`]     starts the world, builds the house, opens the doors, says where
//! - [`settings`] the settings, in code: every endpoint is the simulated world
//! - [`seats`]    who of Contoso sits in Slack and in Teams, and as what
//! - [`visitors`] where the people of Microsoft's Agents Playground sit
//!
//! Not here: a way round the front doors. What people do on the page reaches the
//! product as signed requests over HTTP, like anybody else's.

mod seats;
mod settings;
mod visitors;

use std::{
    fs,
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow, bail};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    adapters::{
        clock::SystemClock,
        teams::tokenless::{BuiltInSimulator, SimulatorOnly},
    },
    app::{Extras, House, run, work},
    config::{KeyRing, Keys, SignIn},
    interpret,
    ports::clock::Clock,
    sim::{
        microsoft::{self, AppRegistration, DEMO_CLIENT_ID, World},
        slack::Transport,
        teams::keys::SigningKey,
    },
    web::demo::{Page, Stage, page},
};

use settings::Places;

/// What `countersign demo` was told.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where the demo keeps its database and keys.
    pub data: PathBuf,
    /// The folder with the renderers of the page.
    pub console: PathBuf,
    /// Prints a line.
    pub say: fn(String),
}

/// The product with a simulated tenant and one page, until it is told to stop.
pub async fn demo(options: DemoOptions) -> anyhow::Result<()> {
    let listener = bind(options.port).await?;
    let outside = bind(0).await?;
    let places = Places {
        product: listener.local_addr().context("the port has no address")?,
        world: outside.local_addr().context("the port has no address")?,
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let world = World::contoso(clock.clone());
    let back = SignIn::redirect(&places.product());
    world.set_app(AppRegistration::demo().with_redirect(&back));
    let seats = seats::seats(&world);
    let slack = seats::workspace(&seats, clock.clone());
    slack.reach_bot(Transport::Http(places.product().parse().context("the demo's own address")?));
    let teams = seats::bot_service(&world, &seats, &places, &clock);
    let around = microsoft::router(world.clone()).merge(slack.router()).merge(teams.router());
    let around = tokio::spawn(async move { axum::serve(outside, around).await });

    let (database, keys) = begin_anew(&options.data, places.product.port(), clock.as_ref())?;
    let config = settings::config(&world, &seats, &places, database)?;
    let simulator = BuiltInSimulator::started_on(vec![places.world])
        .context("the simulated world does not listen on this machine")?;
    let addresses = settings::addresses(&config);
    let proof = SimulatorOnly::prove(addresses.iter().map(String::as_str), &simulator)
        .map_err(|why| anyhow!("the demo is not set up for its own world: {why}"))?;
    let extras = Extras {
        clock: Some(clock.clone()),
        seating: Some(visitors::seating(&world)),
        simulator: Some(proof),
        ..Extras::default()
    };
    make_ready(&world).await?;
    let house = House::build(&config, &keys, extras).await?;

    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        work::told_to_stop().await;
        tell.send_replace(true);
    });
    let stage = Arc::new(Stage { world, slack, teams, store: house.store.clone(), seats });
    let page = page(Page { stage: stage.clone(), renderers: options.console, stop: stop.clone() });
    let opening = tokio::spawn(async move {
        for seat in &stage.seats {
            if let Err(error) = stage.teams.install(&seat.mri).await {
                tracing::warn!(error = %format!("{error:#}"), "The bot could not be installed in the demo's Teams");
            }
        }
        for line in greeting(&places) {
            (options.say)(line);
        }
    });
    let ended = run(house, listener, page, stop).await;
    opening.abort();
    around.abort();
    ended
}

/// Makes what takes a while, away from the runtime's own threads: the simulators' RSA keys,
/// and what the first message would wait for.
async fn make_ready(world: &World) -> anyhow::Result<()> {
    let world = world.clone();
    let entra = tokio::task::spawn_blocking(move || {
        world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com");
    });
    let bot = tokio::task::spawn_blocking(|| {
        SigningKey::shared(0);
    });
    let words = tokio::task::spawn_blocking(interpret::make_ready);
    let (entra, bot, words) = tokio::join!(entra, bot, words);
    entra.and(bot).and(words).context("the simulated world has no signing keys")
}

/// What the terminal says once everything is open.
fn greeting(places: &Places) -> [String; 2] {
    let at = places.product();
    [
        format!("Open {at}"),
        format!(
            "Microsoft's Agents Playground works too: npx -p @microsoft/m365agentsplayground agentsplayground start -e {at}api/messages -c msteams"
        ),
    ]
}

/// Binds a port of this machine, and of this machine only.
async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use, perhaps by another demo; stop that one, or take a free port: make demo ARGS=\"--port 0\""
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen on 127.0.0.1:{port}")),
    }
}

/// The simulated world forgets everything when it stops, so the database begins anew
/// with it. Each port has its own, so two demos never share one; the keys stay.
fn begin_anew(data: &Path, port: u16, clock: &dyn Clock) -> anyhow::Result<(PathBuf, KeyRing)> {
    fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
    let database = data.join(format!("demo-{port}.db"));
    for ending in ["", "-wal", "-shm"] {
        let file = data.join(format!("demo-{port}.db{ending}"));
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot delete {}", file.display()));
            }
            _ => {}
        }
    }
    let file = data.join("keys.toml");
    let keys = if file.exists() {
        KeyRing::load(&Keys { file: Some(file), encryption: None, signing: None })?
    } else {
        KeyRing::new_file(&file, |bytes| clock.fill(bytes))?
    };
    Ok((database, keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_busy_port_is_named_with_the_way_out() {
        let taken = bind(0).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = bind(port).await.unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--port 0"), "{error}");
    }

    #[test]
    fn a_demo_keeps_its_keys_and_begins_with_an_empty_database() {
        let room = tempfile::tempdir().unwrap();
        let data = room.path().join("demo-data");
        let (database, first) = begin_anew(&data, 9, &SystemClock).unwrap();
        fs::write(&database, "what was before").unwrap();
        let (again, second) = begin_anew(&data, 9, &SystemClock).unwrap();
        assert_eq!((database.exists(), database, &first.id), (false, again, &second.id));
    }
}
