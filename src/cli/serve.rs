//! `countersign serve`

use crate::{
    app,
    cli::settings::{ConfigFile, Environment},
    config::KeyRing,
};

/// Run it: the doors for Teams and Slack, the engine, the record
///
/// Reads the settings once, refuses to start when one is wrong, and runs until it gets SIGTERM or
/// Ctrl-C. `countersign doctor` looks at everything outside first and says what is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs until told to stop.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    app::serve(config, keys).await
}
