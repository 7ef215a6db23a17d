//! `countersign serve`

use crate::{
    app::{self, Extras},
    cli::settings::{ConfigFile, Environment},
    config::KeyRing,
};

/// Run it: the doors for Teams and Slack, the engine, the record
///
/// Reads the settings, refuses to start when one is wrong, and runs until it gets SIGTERM or
/// Ctrl-C. SIGHUP reads `[policy]` again; if it is wrong, the rules of before stay in force. `countersign doctor` looks at everything outside first and says what is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs until told to stop.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let (file, environment) = (args.config, environment.clone());
    let reread = Box::new(move || file.load(&environment));
    app::serve(config, keys, reread, Extras::default()).await
}
