//! `countersign doctor`: looks at everything outside that has to be right, and says how to mend it.
//!
//! - [`check`]     one finding, and its remedy
//! - [`house`]     settings, keys, address, store, record
//! - [`microsoft`] clock, tokens, the permissions of every action that is switched on
//! - [`people`]    everybody whom the policy names
//! - [`teams`]     the bot's token, the Bot Framework's keys, approval conversations
//! - [`slack`]     token, scopes, workspace, approval channels, Socket Mode
//!
//! Not here: anything that asks a chat or a tenant to change. The doctor looks, with
//! one exception: it opens the store as `serve` would, which brings its schema up to date.

pub mod check;
pub mod house;
pub mod microsoft;
pub mod people;
pub mod slack;
pub mod teams;

use std::process::ExitCode;

use crate::{
    actions::{CATALOG, Entry},
    cli::{
        doctor::check::Check,
        say,
        settings::{ConfigFile, Environment},
    },
    config::{Access, Config, KeyRing},
    domain::area::Risk,
};

/// Look at settings, keys, permissions, chats, clock and store; say what is missing and how to mend it
///
/// Nothing is changed in a tenant or a chat. The store is opened as `serve` would open it, which
/// brings its schema up to date. Ends with 1 when something is wrong.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
}

/// Prints what was found. Ends with 1 when something is wrong.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<ExitCode> {
    let mut found = Findings::default();
    let file = args.config.config.display().to_string();
    let config = match args.config.load(environment) {
        Ok(config) => config,
        Err(error) => {
            let mend = "correct it; `countersign config example` explains every key";
            found.add(Check::wrong("settings", format!("{error:#}"), mend));
            return Ok(found.end());
        }
    };
    found.add(Check::ok("settings", file));
    let keys = match KeyRing::load(&config.keys) {
        Ok(keys) => {
            found.add(Check::ok("keys", format!("encryption key {}", keys.id)));
            Some(keys)
        }
        Err(error) => {
            let mend = "make them with `countersign keys new keys.toml`, or correct what it says";
            found.add(Check::wrong("keys", format!("{error:#}"), mend));
            None
        }
    };
    found.all(house::settings(&config));
    if let Some(keys) = &keys {
        found.all(house::store(&config, keys).await);
    }
    found.all(microsoft::look(&config).await);
    found.all(people::look(&config).await);
    match &config.teams {
        Some(bot) => found.all(teams::look(&config, bot).await),
        None => say("-     Teams: not set up"),
    }
    match &config.slack {
        Some(app) => found.all(slack::look(&config, app).await),
        None => say("-     Slack: not set up"),
    }
    Ok(found.end())
}

/// The actions that policy switches on.
fn switched_on(config: &Config) -> impl Iterator<Item = &'static Entry> {
    CATALOG.iter().filter(|entry| {
        let access = config.policy.groups.get(&entry.about.area).map(|group| group.access);
        match access.unwrap_or_default() {
            Access::Disabled => false,
            Access::ReadOnly => entry.about.risk == Risk::Read,
            Access::ReadWrite => true,
        }
    })
}

/// Prints findings as they come, and counts.
#[derive(Debug, Default)]
struct Findings {
    wrong: usize,
}

impl Findings {
    fn add(&mut self, check: Check) {
        self.wrong += usize::from(!check.is_ok());
        say(check);
    }

    fn all(&mut self, checks: Vec<Check>) {
        for check in checks {
            self.add(check);
        }
    }

    fn end(self) -> ExitCode {
        match self.wrong {
            0 => say("\nEverything is in order."),
            1 => say("\nOne thing is wrong."),
            more => say(format!("\n{more} things are wrong.")),
        }
        if self.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
