//! `countersign actions`: the catalogue, for the operator.
//!
//! - [`needs`] which permissions the actions need, and what for
//! - [`docs`]  the page `docs/actions.md`
//!
//! Not here: any fact about an action. All of it is read from [`CATALOG`].

pub mod docs;
pub mod needs;

use anyhow::Context;
use clap::Subcommand;

use crate::{
    actions::{CATALOG, Entry, entry},
    cli::say,
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
}

/// Prints.
pub fn run(args: Args) -> anyhow::Result<()> {
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
