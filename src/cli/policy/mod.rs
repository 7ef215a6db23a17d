//! `countersign policy`
//!
//! - [`show`]  who may ask for what, and who signs: every permission group in a table
//! - [`cases`] the operator's own cases, weighed by the rules as a request would be
//!
//! Neither touches the network: groups and managers are what the cases say.
//!
//! Not here: the weighing itself ([`crate::policy`]).

pub mod cases;
pub mod show;

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

use crate::{
    cli::{
        say,
        settings::{ConfigFile, Environment, InTenant},
    },
    config::Config,
    desk::named,
    domain::ids::TenantId,
    policy::Rules,
};

/// Show who may ask and who signs, or try your own cases against the rules
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print every permission group with its access, rule and people
    Show {
        #[command(flatten)]
        config: ConfigFile,
        #[command(flatten)]
        of: InTenant,
    },
    /// Weigh the cases of a file: who asks what about whom, and what has to come out
    ///
    /// Ends with 1 if one of them comes out differently.
    Test {
        /// A TOML file; `--example` prints one to begin with
        #[arg(required_unless_present = "example")]
        file: Option<PathBuf>,
        /// Print a file of cases to begin with
        #[arg(long)]
        example: bool,
        #[command(flatten)]
        config: ConfigFile,
        #[command(flatten)]
        of: InTenant,
    },
}

/// Prints or weighs.
pub fn run(args: Args, environment: &Environment) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Show { config, of } => {
            let (_, rules) = rules(&config.load(environment)?, &of)?;
            say(show::table(&rules));
        }
        Command::Test { example: true, .. } | Command::Test { file: None, .. } => {
            say(cases::EXAMPLE.trim_end());
        }
        Command::Test { file: Some(file), config, of, .. } => {
            let (tenant, rules) = rules(&config.load(environment)?, &of)?;
            let cases = cases::Cases::load(&file)?;
            let wrong = cases.weigh(&tenant, &rules)?;
            wrong.iter().for_each(say);
            say(format!("{} cases, {} came out differently", cases.len(), wrong.len()));
            return Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules of a tenant, as if everybody named in them were of it: cases speak of one directory.
fn rules(config: &Config, of: &InTenant) -> anyhow::Result<(TenantId, Rules)> {
    let tenant = config.tenant_called(of.tenant.as_deref())?;
    let policy = config.policy_of(&tenant);
    named::check(policy)?;
    let rules = Rules::read(policy, &tenant)?;
    Ok((tenant, rules))
}
