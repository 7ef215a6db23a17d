//! `countersign simulate`

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, ensure};
use tokio::net::TcpListener;

use crate::{
    adapters::clock::SystemClock,
    cli::say,
    ports::clock::Clock,
    sim::microsoft::{self, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World},
};

/// A directory file has at most this many bytes.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;

/// Run the simulated Microsoft tenant alone, for tests and for other programs
///
/// One address answers for the token endpoint, Graph v1.0 with $batch, and Exchange's admin
/// endpoint. /_sim/ledger lists every effect, /_sim/state shows the tenant, /_sim/faults sets
/// throttling, errors and cuts, /_sim/reset begins anew. It is a toy: its secrets are public, and
/// whoever reaches the port may do everything.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where it listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// A directory to load, as JSON; Contoso, when nothing is said. Several make several tenants
    #[arg(long, value_name = "FILE")]
    directory: Vec<PathBuf>,
}

/// Serves until Ctrl-C.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut worlds = Vec::new();
    for file in &args.directory {
        worlds.push(load(file, clock.clone())?);
    }
    if worlds.is_empty() {
        worlds.push(World::contoso(clock));
    }
    let ids: BTreeSet<_> = worlds.iter().map(World::tenant_id).collect();
    ensure!(ids.len() == worlds.len(), "two directories have the same tenantId; give each its own");
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let origin = format!("http://{}", listener.local_addr().context("no address")?);
    say(format!(
        "A simulated tenant is at {origin}. To point Countersign at it:\n\n\
         [tenant]\n\
         id = \"{tenant}\"\n\n\
         [microsoft]\n\
         client_id = \"{DEMO_CLIENT_ID}\"\n\
         client_secret = \"{DEMO_CLIENT_SECRET}\"\n\n\
         [endpoints]\n\
         login = \"{origin}\"\n\
         graph = \"{origin}\"\n\
         exchange = \"{origin}\"\n\n\
         What it felt: {origin}/_sim/ledger",
        tenant = worlds[0].tenant_id(),
    ));
    for world in &worlds[1..] {
        let id = world.tenant_id();
        say(format!(
            "\n[[tenants]]\nid = \"{id}\"\nname = \"…\"\n\nWhat it felt: {origin}/{id}/_sim/ledger"
        ));
    }
    tokio::select! {
        ended = microsoft::serve_all(listener, &worlds) => ended.context("the simulator ended"),
        told = tokio::signal::ctrl_c() => told.context("cannot wait for Ctrl-C"),
    }
}

fn load(file: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<World> {
    let named = || format!("cannot load {}", file.display());
    let size = fs::metadata(file).with_context(named)?.len();
    ensure!(size <= DIRECTORY_BYTES_MAX, "{} is too large for a directory", file.display());
    let json = fs::read_to_string(file).with_context(named)?;
    World::from_directory(&json, clock).with_context(named)
}
