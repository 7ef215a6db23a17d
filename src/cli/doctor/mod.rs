//! `countersign doctor`: looks at everything outside that has to be right, and says how to mend it.
//!
//! - [`check`]     one finding, and its remedy
//! - [`house`]     settings, keys, address, store, record
//! - [`microsoft`] clock, tokens, the permission groups and what they lack
//! - [`credential`] until when the bot's own secrets and certificates last
//! - [`live`]      `--live`: every action that only reads, once, in this tenant
//! - [`finding`]   what those are asked about
//! - [`partner`]   customers' tenants in the partner's name: relationship, roles and their end
//! - [`people`]    everybody whom the policy names
//! - [`sign_in`]   what the app's registration needs for sign-ins from a chat
//! - [`teams`]     the bot's token, the Bot Framework's keys, approval conversations
//! - [`model`]     a language model, if one is set: one tiny question
//! - [`slack`]     token, scopes, workspace, approval channels, Socket Mode
//!
//! Not here: anything that asks a chat or a tenant to change. The doctor looks, with
//! one exception: it opens the store as `serve` would, which brings its schema up to date.

pub mod check;
pub mod credential;
pub mod finding;
pub mod house;
pub mod live;
pub mod microsoft;
pub mod model;
pub mod partner;
pub mod people;
pub mod sign_in;
pub mod slack;
pub mod teams;

use std::process::ExitCode;

use crate::{
    cli::{
        doctor::check::Check,
        grants::links::Links,
        say,
        settings::{ConfigFile, Environment},
    },
    config::{Config, CustomerAccess, KeyRing},
};

/// Look at settings, keys, permissions, chats, clock and store; say what is missing and how to mend it
///
/// For each permission group it says which actions are ready, and which permission, Exchange role or
/// consent the others lack; that is read from the app's own token, so no right to change anything is
/// needed. Nothing is changed in a tenant or a chat. The store is opened as `serve` would open it,
/// which brings its schema up to date. Ends with 1 when something is wrong.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Words before a permission group:
  ok    every action that is switched on can run
  part  some can run; the lines below say what the others lack
  none  nothing can run
  off   the group is switched off; what it would need is said

To grant what is missing:  countersign doctor --fix-links
To try it for real:        countersign doctor --live")]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Print the pages on which an administrator grants what is missing, for the cloud of the settings
    #[arg(long)]
    fix_links: bool,
    /// Run every action that only reads, once, in the tenant of the settings, about objects it finds there
    ///
    /// One after the other, each with a limit of time. What was found is counted and not shown. An
    /// action that would change something is never run: what runs here has no way to change anything.
    #[arg(long)]
    live: bool,
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
    let own = config.tenant.name.as_deref().filter(|_| !config.tenants.is_empty());
    tenant(&config, own, args.fix_links, &mut found).await;
    for customer in &config.tenants {
        let there = config.in_tenant_of(customer);
        if customer.access == CustomerAccess::Partner {
            say(format!("\n{} ({})", customer.name, customer.id));
            partner::look(&config, &there, keys.as_ref(), &mut found).await;
        } else {
            tenant(&there, Some(&customer.name), args.fix_links, &mut found).await;
        }
    }
    if args.live {
        live::look(&config, &mut found).await;
    }
    found.all(people::look(&config).await);
    found.all(sign_in::look(&config).await);
    match &config.teams {
        Some(bot) => found.all(teams::look(&config, bot).await),
        None => say("-     Teams: not set up"),
    }
    match &config.slack {
        Some(app) => found.all(slack::look(&config, app).await),
        None => say("-     Slack: not set up"),
    }
    match &config.model {
        Some(set) => found.all(model::look(set).await),
        None => say("-     model: none; words are read without one"),
    }
    Ok(found.end())
}

/// What the app may do in one tenant; under its name, where there are several.
async fn tenant(config: &Config, name: Option<&str>, links: bool, found: &mut Findings) {
    if let Some(name) = name {
        say(format!("\n{name} ({})", config.tenant.id));
    }
    let missing = microsoft::look(config, found).await;
    found.all(credential::look(config).await);
    if links {
        fix_links(config, &missing);
    }
}

/// Prints where each missing thing is granted.
fn fix_links(config: &Config, missing: &[&'static str]) {
    let lines = Links::of(config).for_rights(missing.iter().copied());
    if lines.is_empty() {
        say("\nNothing is missing, so there is nothing to grant.\n");
        return;
    }
    say("\nWhat is missing is granted here:\n");
    for (number, line) in lines.iter().enumerate() {
        say(format!("{}. {line}", number + 1));
    }
    say("\nA new token carries it some minutes later; then run `countersign doctor` again.\n");
}

/// Prints findings as they come, and counts.
#[derive(Debug, Default)]
pub struct Findings {
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
