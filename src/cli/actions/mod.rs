//! `countersign actions`: the catalogue, for the operator.
//!
//! - [`needs`] which permissions the actions need, and what for
//! - [`docs`]  the page `docs/actions.md`
//! - [`registration`] [`terraform`] [`script`] the app registration that some groups need
//!
//! Not here: any fact about an action. All of it is read from [`CATALOG`].

pub mod docs;
pub mod needs;
pub mod registration;
pub mod script;
pub mod terraform;

use anyhow::Context;
use clap::Subcommand;

use crate::{
    actions::{CATALOG, Entry, entry},
    cli::{
        actions::registration::Registration, grants::enabled::Enabled, say, settings::Environment,
    },
    domain::area::Risk,
};

/// Show what it can do, and which permissions that needs
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One line for each action
    List,
    /// Everything about one action
    Show {
        /// Its id, as the list shows it
        #[arg(value_name = "ID")]
        id: String,
    },
    /// The permissions to grant, and which actions each is for
    Permissions,
    /// The page docs/actions.md
    Docs,
    /// A Terraform file that makes the app registration for the groups that are on, and grants
    /// exactly what they need
    Terraform(Register),
    /// The same as a bash script for the Azure CLI, which can be run again
    Script(Register),
}

#[derive(Debug, clap::Args)]
struct Register {
    #[command(flatten)]
    enabled: Enabled,
    /// The name of the app registration
    #[arg(long, value_name = "NAME", default_value = "Countersign")]
    name: String,
}

impl Register {
    fn read(&self, environment: &Environment) -> anyhow::Result<Registration> {
        Registration::of(&self.enabled.read(environment)?, &self.name)
    }
}

/// Prints.
pub fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    match args.command.unwrap_or(Command::List) {
        Command::List => say(list()),
        Command::Show { id } => {
            let entry = entry(&id).with_context(|| {
                format!("there is no action `{id}`; `countersign actions` lists them")
            })?;
            say(docs::section(entry).trim_end());
        }
        Command::Permissions => say(needs::page(&needs::needs(CATALOG))),
        Command::Docs => say(docs::page().trim_end()),
        Command::Terraform(register) => {
            say(terraform::file(&register.read(environment)?).trim_end());
        }
        Command::Script(register) => say(script::file(&register.read(environment)?).trim_end()),
    }
    Ok(())
}

fn list() -> String {
    let line = |entry: &Entry| {
        let about = &entry.about;
        format!(
            "{:<20} {:<24} {:<12} {}",
            about.id,
            about.area.as_str(),
            risk(about.risk),
            about.title
        )
    };
    CATALOG.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A risk, as the operator reads it.
fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Read => "reads",
        Risk::Write => "changes",
        Risk::Destructive => "destructive",
    }
}
