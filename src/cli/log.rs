//! The log: one sentence a line on stderr, its facts as fields.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{adapters::telemetry::Spans, cli::settings::Environment};

/// What something that runs on says, unless `COUNTERSIGN_LOG` says otherwise.
pub const RUNNING: &str = "warn,countersign=info";
/// What a command says beside what it prints.
pub const BRIEF: &str = "error";

/// Starts the log: text for a terminal, JSON for a file or a collector.
/// `COUNTERSIGN_LOG` is a filter such as `debug` or `warn,countersign::engine=debug`.
pub fn start(environment: &Environment, otherwise: &str) -> anyhow::Result<()> {
    let wanted = environment.log().unwrap_or(otherwise);
    let filter: EnvFilter = wanted.parse().with_context(|| {
        format!("COUNTERSIGN_LOG: `{wanted}` is no filter; write one such as {RUNNING}")
    })?;
    // A line that cannot be written, because the disk is full, is lost: to say so on the same stderr
    // would be a panic of whoever wanted to log.
    let log =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let log = if std::io::stderr().is_terminal() {
        log.with_ansi(true).with_filter(filter).boxed()
    } else {
        log.json().flatten_event(true).with_filter(filter).boxed()
    };
    let spans = Spans::of_process().layer();
    // A second start in one process is a test's; the first log goes on.
    let _already = tracing_subscriber::registry().with(log).with(spans).try_init();
    Ok(())
}
