//! `countersign doctor`: looks at everything outside that has to be right, and says how to mend it.
//!
//! - [`check`] one finding, and its remedy
//!
//! Not here: anything that changes something. The doctor only looks.

pub mod check;

use std::process::ExitCode;

use crate::cli::settings::{ConfigFile, Environment};

/// Look at settings, keys, permissions, chats, clock and store; say what is missing and how to mend it
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
}

/// Prints what was found. Ends with 1 when something is wrong.
pub async fn run(_args: Args, _environment: &Environment) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
