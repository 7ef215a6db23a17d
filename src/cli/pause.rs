//! `countersign pause` and `countersign resume`

use crate::{
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
};

/// Stop everything: no step starts until `resume`; what is running finishes its step
///
/// The switch is in the database, so it works while `serve` runs and outlives a restart. People may
/// still ask and sign; what they signed waits.
#[derive(Debug, clap::Args)]
pub struct Pause {
    #[command(flatten)]
    config: ConfigFile,
}

/// Let everything go on after `pause`
#[derive(Debug, clap::Args)]
pub struct Resume {
    #[command(flatten)]
    config: ConfigFile,
}

/// Pauses.
pub async fn pause(args: Pause, environment: &Environment) -> anyhow::Result<()> {
    set(&args.config, environment, true).await?;
    say("Paused. No step starts until `countersign resume`.");
    Ok(())
}

/// Resumes.
pub async fn resume(args: Resume, environment: &Environment) -> anyhow::Result<()> {
    set(&args.config, environment, false).await?;
    say("Resumed. What was signed and is still in time runs now.");
    Ok(())
}

async fn set(file: &ConfigFile, environment: &Environment, yes: bool) -> anyhow::Result<()> {
    let config = file.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    store.pause(yes).await?;
    store.close().await;
    Ok(())
}
