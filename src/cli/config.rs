//! `countersign config`

use clap::Subcommand;

use crate::{
    cli::{
        say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
};

/// Every setting, with a comment and its default.
pub const EXAMPLE: &str = include_str!("../../countersign.example.toml");

/// Print a settings file with every key explained, or check yours
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print an example to begin with: countersign config example > countersign.toml
    Example,
    /// Read the settings and the keys as `serve` would, without touching the network
    Check {
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// Prints or checks.
pub fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    match args.command {
        Command::Example => say(EXAMPLE.trim_end()),
        Command::Check { config } => {
            let read = config.load(environment)?;
            let keys = KeyRing::load(&read.keys)?;
            say(format!(
                "{} is in order: tenant {}, encryption key {}. `countersign doctor` looks at the world outside.",
                config.config.display(),
                String::from(read.tenant.id.clone()),
                keys.id
            ));
        }
    }
    Ok(())
}
