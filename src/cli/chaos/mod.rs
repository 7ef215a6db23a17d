//! `countersign chaos`: the real service under kills and faults, and what must hold all the same.
//!
//! - [`outside`] the simulated world, in this process, and the settings of each process
//! - [`herd`]    `countersign serve`, in processes of their own, started again when one dies
//! - [`line`](mod@line)    what a process's calls go through: it breaks, hangs, and kills at a call
//! - [`database`] where they keep what they know, and what befalls a server
//! - [`people`]  one asks, one signs, and what they send may arrive twice
//! - [`trouble`] what strikes, and when; [`points`] where processes die; [`jumps`] of the [`clock`]
//! - [`dice`]    chance from a seed; [`tally`] counts
//! - [`oracles`] [`cards`] [`schedules`] what must be true when all is quiet
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
pub mod clock;
pub mod database;
pub mod dice;
pub mod herd;
pub mod jumps;
pub mod line;
pub mod oracles;
pub mod outside;
pub mod people;
pub mod points;
pub mod report;
pub mod run;
pub mod schedules;
pub mod tally;
pub mod trouble;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use tokio::{sync::Semaphore, task::JoinSet};

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
    /// So long it strikes, in each round; 0.1 to 60
    #[arg(long, value_name = "M", default_value_t = 1.0)]
    minutes: f64,
    /// So many rounds, each with the next seed and everything new. While one is left in peace and
    /// looked at, the next one strikes
    #[arg(long, value_name = "N", default_value_t = 1)]
    rounds: u64,
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
    /// Jumps of the clock in a minute, by an hour or a day, over the beginning or end of summer
    /// time; some things are then asked for the night of that change
    #[arg(long, value_name = "N", default_value_t = 0)]
    jumps: u64,
    /// Also keep the report in this folder
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Run nothing: write what the reports in docs/chaos add up to into this page
    #[arg(long, value_name = "PAGE", conflicts_with = "keep")]
    sum: Option<PathBuf>,
    /// Run nothing: print what the reports in this folder add up to, how fast it struck, and where
    #[arg(long, value_name = "FOLDER")]
    total: Option<PathBuf>,
    /// Of a run with --jumps, each process: `serve` with these settings, which reach nothing but
    /// this machine, and a clock that a file moves
    #[arg(long, value_name = "FILE", hide = true, requires = "clock")]
    serve: Option<PathBuf>,
    /// By how many milliseconds, as this file says
    #[arg(long, value_name = "FILE", hide = true)]
    clock: Option<PathBuf>,
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
    if let Some(folder) = &args.total {
        say(report::told(folder)?);
        return Ok(());
    }
    if let (Some(settings), Some(file)) = (&args.serve, &args.clock) {
        return clock::serve(settings.clone(), file.clone()).await;
    }
    ensure!((0.1..=60.0).contains(&args.minutes), "--minutes is between 0.1 and 60");
    ensure!((1..=100).contains(&args.rounds), "--rounds is between 1 and 100");
    ensure!((1..=8).contains(&args.replicas), "--replicas is between 1 and 8");
    ensure!((1..=10_000).contains(&args.requests), "--requests is between 1 and 10,000");
    ensure!((50..=60_000).contains(&args.apart), "--apart is between 50 and 60,000");
    let most = args.deaths.max(args.faults).max(args.jumps);
    ensure!(most <= 600, "--deaths, --faults and --jumps are at most 600");
    let program = match &args.program {
        Some(program) => program.canonicalize().context("--program is no file")?,
        None => std::env::current_exe().context("this program's own file")?,
    };
    let (striking, mut rounds) = (Arc::new(Semaphore::new(1)), JoinSet::new());
    let mut wrong = Vec::new();
    for seed in (args.seed..).take(usize::try_from(args.rounds)?) {
        let turn = striking.clone().acquire_owned().await?;
        let plan = run::Plan {
            seed,
            program: program.clone(),
            replicas: args.replicas,
            postgres: args.postgres.clone().map(Secret::new),
            long: Duration::from_secs_f64(args.minutes * 60.0),
            requests: args.requests,
            apart: Duration::from_millis(args.apart),
            rates: Rates { deaths: args.deaths, faults: args.faults, jumps: args.jumps },
        };
        tracing::info!(seed, "Chaos begins");
        rounds.spawn(async move { (seed, run::run(plan, turn).await) });
        while let Some(ended) = rounds.try_join_next() {
            wrong.extend(told(ended?, args.keep.as_deref())?);
        }
    }
    while let Some(ended) = rounds.join_next().await {
        wrong.extend(told(ended?, args.keep.as_deref())?);
    }
    ensure!(wrong.is_empty(), "something that must hold was broken:\n{}", wrong.join("\n"));
    Ok(())
}

/// Prints and keeps the report of a round; says what was wrong with it.
fn told(
    (seed, ended): (u64, anyhow::Result<report::Report>),
    keep: Option<&std::path::Path>,
) -> anyhow::Result<Option<String>> {
    let report = match ended {
        Ok(report) => report,
        Err(error) => return Ok(Some(format!("--seed {seed}: {error:#}"))),
    };
    say(serde_json::to_string_pretty(&report)?);
    if let Some(folder) = keep {
        report::keep(&report, folder)?;
    }
    let wrong = report.oracles.wrong.join("; ");
    Ok((!report.oracles.hold()).then(|| format!("run it again with --seed {seed}: {wrong}")))
}
