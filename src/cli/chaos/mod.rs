//! `countersign chaos`: the real service under kills and faults, and what must hold all the same.
//!
//! - [`outside`] the simulated world, in this process, and the settings of each process
//! - [`herd`]    `countersign serve`, in processes of their own, started again when one dies
//! - [`line`](mod@line)    what a process's calls go through: it breaks, hangs, and kills at a call
//! - [`database`] where they keep what they know, and what befalls a server
//! - [`people`]  one asks, one signs, and what they send may arrive twice
//! - [`trouble`] what strikes, and when; [`dice`] chance from a seed; [`tally`] counts
//! - [`oracles`] [`cards`] what must be true when all is quiet
//! - [`run`](mod@run) one run, from the first start to the verdict
//! - [`report`]  its report, and the sum of those that are kept
//!
//! The same seed asks, decides and strikes in the same order; when each of it meets which
//! instruction of which process is up to the machine, which is the point.
//!
//! It is a command and no test, so that whoever runs the product can run it on their machine and
//! their database (`docs/decisions/0012`).
//!
//! Not here: points inside of a process. The conversations (`crashes`) die at each of them.

pub mod cards;
pub mod database;
pub mod dice;
pub mod herd;
pub mod line;
pub mod oracles;
pub mod outside;
pub mod people;
pub mod report;
pub mod run;
pub mod tally;
pub mod trouble;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, ensure};

use crate::{
    cli::{chaos::trouble::Rates, say},
    domain::secret::Secret,
};

/// Kill and hinder the real service while people work, and check that nothing was lost or done twice
///
/// Starts `countersign serve` in processes of their own, against a simulated Microsoft, Slack
/// and Teams in this process, lets people ask and sign with signed events, and meanwhile kills
/// the processes, stops them past their leases, breaks their calls and their database. When all
/// is quiet it compares what was decided, what the tenant felt, what the record says and what
/// the cards show. Prints a report as JSON, and ends with 1 when something that must hold was
/// broken. Never touches a real tenant.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where chance begins; a report names its seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// So long it strikes; 0.1 to 60
    #[arg(long, value_name = "M", default_value_t = 1.0)]
    minutes: f64,
    /// Processes on one store
    #[arg(long, value_name = "N", default_value_t = 1)]
    replicas: usize,
    /// A PostgreSQL server for the store, in a schema of its own; a SQLite file when nothing is said
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
    /// Things that are asked for at most; it ends early when all of them are over
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    requests: u64,
    /// Between two things that are asked for, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    apart: u64,
    /// Process deaths in a minute, about
    #[arg(long, value_name = "N", default_value_t = 40)]
    deaths: u64,
    /// Other strikes in a minute, about; some strike several calls. 0: only deaths
    #[arg(long, value_name = "N", default_value_t = 40)]
    faults: u64,
    /// Also keep the report in this folder
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Run nothing: write what the reports in docs/chaos add up to into this page
    #[arg(long, value_name = "PAGE", conflicts_with = "keep")]
    sum: Option<PathBuf>,
    /// The countersign whose `serve` is struck; this one, when nothing is said
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Where reports are kept.
pub const KEPT_IN: &str = "docs/chaos";

/// Runs and prints, or adds up.
pub async fn run(args: Args) -> anyhow::Result<()> {
    if let Some(page) = &args.sum {
        return report::write(page, KEPT_IN.as_ref());
    }
    ensure!((0.1..=60.0).contains(&args.minutes), "--minutes is between 0.1 and 60");
    ensure!((1..=8).contains(&args.replicas), "--replicas is between 1 and 8");
    ensure!((1..=10_000).contains(&args.requests), "--requests is between 1 and 10,000");
    ensure!((50..=60_000).contains(&args.apart), "--apart is between 50 and 60,000");
    ensure!(args.deaths <= 600 && args.faults <= 600, "--deaths and --faults are at most 600");
    let program = match args.program {
        Some(program) => program.canonicalize().context("--program is no file")?,
        None => std::env::current_exe().context("this program's own file")?,
    };
    tracing::info!(seed = args.seed, "Chaos begins");
    let plan = run::Plan {
        seed: args.seed,
        program,
        replicas: args.replicas,
        postgres: args.postgres.map(Secret::new),
        long: Duration::from_secs_f64(args.minutes * 60.0),
        requests: args.requests,
        apart: Duration::from_millis(args.apart),
        rates: Rates { deaths: args.deaths, faults: args.faults },
    };
    let report = run::run(plan).await?;
    say(serde_json::to_string_pretty(&report)?);
    if let Some(folder) = &args.keep {
        report::keep(&report, folder)?;
    }
    ensure!(
        report.oracles.hold(),
        "something that must hold was broken; run it again with --seed {}",
        report.seed
    );
    Ok(())
}
