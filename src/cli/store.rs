//! `countersign store`: where everything is kept.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};

use crate::{
    adapters::store::{copy, upkeep::Upkeep},
    audit::SigningKey,
    cli::{
        audit, reach, say,
        settings::{ConfigFile, Environment},
    },
    config::{Config, Database, KeyRing},
    domain::secret::Secret,
    ports::store::Store,
};

/// Move everything that is stored to another database
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Copy a SQLite installation to an empty PostgreSQL database, whole or not at all
    ///
    /// Stop `serve` first: it refuses while anything else has the file open. It refuses a database
    /// that holds anything. Values stay sealed: the server needs the same keys. It compares the
    /// rows of every table before it commits, and afterwards verifies the record on the server
    /// and compares its signed head. The file stays as it is.
    Copy {
        #[command(flatten)]
        config: ConfigFile,
        /// The empty database, as `postgres://user@host/name`. With a password, use --to-file
        #[arg(long, value_name = "ADDRESS", required_unless_present = "to_file")]
        to: Option<String>,
        /// A file that holds the address
        #[arg(long, value_name = "FILE", conflicts_with = "to")]
        to_file: Option<PathBuf>,
    },
}

/// Copies.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let Command::Copy { config, to, to_file } = args.command;
    let config = config.load(environment)?;
    let to = match (to, to_file) {
        (Some(address), _) => address,
        (None, Some(file)) => std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?,
        (None, None) => bail!("name the database with --to or --to-file"),
    };
    let Database::File(file) = &config.database else {
        bail!("`database` of the settings is a server already; only a SQLite file is copied");
    };
    let to = Database::from(to);
    let Database::Server(address) = &to else {
        bail!("--to names no PostgreSQL server; write postgres://user@host/name");
    };
    let keys = KeyRing::load(&config.keys)?;
    // Opened once for itself: its schema is this version's then, and its key is the right one.
    ensure!(std::path::Path::new(file).exists(), "there is no database {file}");
    let store = reach::store(&config, &keys).await?;
    let head = store.head().await?;
    store.close().await;
    let copied = copy::copy(file.as_ref(), address).await?;
    let rows: u64 = copied.iter().map(|(_, rows)| rows).sum();
    let verdict = verify(&config, &keys, address, head).await?;
    say(format!("{rows} rows of {} tables are in {to}.\n{verdict}", copied.len()));
    say(
        "Now set `database` to that address on every machine, and start `serve`. Keep the file until you have a backup.",
    );
    Ok(())
}

/// The server's record is whole, and its head is the file's.
async fn verify(
    config: &Config,
    keys: &KeyRing,
    address: &Secret,
    head: Option<crate::ports::store::Head>,
) -> anyhow::Result<String> {
    let there = Config { database: Database::Server(address.clone()), ..config.clone() };
    let store: Box<dyn Upkeep> = reach::store(&there, keys).await?;
    let is_same = store.head().await? == head;
    let key = SigningKey::new(&keys.signing).public();
    let port: &dyn Store = &*store;
    let verdict = audit::whole(port, head.into_iter().collect(), &key).await;
    store.close().await;
    ensure!(is_same, "the record's head on the server is not the file's; do not use that database");
    verdict.context("the record on the server does not verify; do not use that database")
}
