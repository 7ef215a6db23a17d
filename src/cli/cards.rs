//! `countersign cards`

use std::path::PathBuf;

use crate::{adapters::cards::write::write_samples, cli::say};

/// Write a sample of every card, to look at or to validate
///
/// Each message is written once for each face: NAME.teams.json, NAME.slack.json and as plain text.
/// `make cards` turns them into pictures.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to write into; made when it is not there
    #[arg(long, value_name = "DIR")]
    samples: PathBuf,
}

/// Writes the samples.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let count = write_samples(&args.samples)?;
    say(format!("Wrote {count} files into {}.", args.samples.display()));
    Ok(())
}
