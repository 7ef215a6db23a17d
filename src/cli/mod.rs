//! The operator's commands, one file each.
//!
//! - [`serve`] [`demo`] [`simulate`]  run something until it is told to stop
//! - [`doctor`]                       looks at the world, says how to mend it
//! - [`connect`]                      guides through the app registration, up to consent
//! - [`keys`] [`config`] [`manifest`] prepare the rest
//! - [`audit`] [`pause`]              verifies the record; stops everything and lets it go on
//! - [`batch`]                        prints what became of every row of a table
//! - [`rehearse`]                     plays what a request would do, in a tenant that is not real
//! - [`partner`]                      keeps the token of the partner's service account
//! - [`standing`]                     lists what was signed beforehand, and revokes it
//! - [`identities`]                   lists which chat accounts are whose, and ends that
//! - [`forget`]                       erases what is stored about a person
//! - [`store`]                          moves everything from a file to a server
//! - [`policy`]                       shows the rules, and weighs the operator's own cases
//! - [`actions`]                      prints the catalogue, its permissions and its page
//! - [`interpret`] [`cards`]          how sentences are read; how messages look
//! - [`mod@bench`] [`chaos`]              how fast it is on this disk; what kills and faults do to it
//! - [`grants`]                       shared: what the app was granted, and what that makes ready
//! - [`settings`] [`reach`] [`mod@say`] [`log`] shared: the settings file, the world, the terminal, the log
//!
//! The environment is read once, in [`main`]. Errors go to stderr with what led to
//! them and end with 1; a wrong command line ends with 2.
//!
//! Not here: anything a chat could ask for. Commands serve the operator of the machine.

pub mod actions;
pub mod audit;
pub mod batch;
pub mod bench;
pub mod cards;
pub mod chaos;
pub mod config;
pub mod connect;
pub mod demo;
pub mod doctor;
pub mod forget;
pub mod grants;
pub mod identities;
pub mod interpret;
pub mod keys;
pub mod log;
pub mod manifest;
pub mod partner;
pub mod pause;
pub mod policy;
pub mod reach;
pub mod rehearse;
pub mod say;
pub mod serve;
pub mod settings;
pub mod simulate;
pub mod standing;
pub mod store;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

pub use say::say;
use settings::Environment;

/// Chat requests become Microsoft 365 admin actions; nothing runs until a person signs.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    about,
    max_term_width = 100,
    after_help = "\
To look around:        countersign demo
To a real tenant:      countersign connect
                       countersign manifest teams --config countersign.toml --out countersign.zip
                       countersign doctor --config countersign.toml
                       countersign serve --config countersign.toml

Each setting of the file can come from the environment: COUNTERSIGN_SLACK__BOT_TOKEN sets
slack.bot_token, COUNTERSIGN_SLACK__BOT_TOKEN_FILE names a file that holds it."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Demo(demo::Args),
    Simulate(simulate::Args),
    Interpret(interpret::Args),
    Actions(actions::Args),
    Connect(connect::Args),
    Doctor(doctor::Args),
    Audit(audit::Args),
    Partner(partner::Args),
    Pause(pause::Pause),
    Resume(pause::Resume),
    Batch(batch::Args),
    Rehearse(rehearse::Args),
    Standing(standing::Args),
    Identities(identities::Args),
    Forget(forget::Args),
    Manifest(manifest::Args),
    Keys(keys::Args),
    Store(store::Args),
    Config(config::Args),
    Policy(policy::Args),
    Cards(cards::Args),
    Bench(bench::Args),
    Chaos(chaos::Args),
}

/// Reads the command line and the environment, and runs the command.
pub fn main() -> ExitCode {
    let environment = Environment::of_process();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help is asked for and goes to stdout; a mistake goes to stderr.
            let _nobody_reads = usage.print();
            return if usage.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli.command, &environment) {
        Ok(code) => code,
        Err(error) => {
            say::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, environment: &Environment) -> anyhow::Result<ExitCode> {
    let going_on = matches!(command, Command::Serve(_) | Command::Demo(_) | Command::Simulate(_));
    log::start(environment, if going_on { log::RUNNING } else { log::BRIEF })?;
    match command {
        Command::Serve(args) => wait(serve::run(args, environment))?,
        Command::Demo(args) => wait(demo::run(args))?,
        Command::Simulate(args) => wait(simulate::run(args))?,
        Command::Connect(args) => return wait(connect::run(args, environment)),
        Command::Doctor(args) => return wait(doctor::run(args, environment)),
        Command::Audit(args) => wait(audit::run(args, environment))?,
        Command::Partner(args) => wait(partner::run(args, environment))?,
        Command::Pause(args) => wait(pause::pause(args, environment))?,
        Command::Resume(args) => wait(pause::resume(args, environment))?,
        Command::Batch(args) => wait(batch::run(args, environment))?,
        Command::Rehearse(args) => wait(rehearse::run(args, environment))?,
        Command::Standing(args) => wait(standing::run(args, environment))?,
        Command::Identities(args) => wait(identities::run(args, environment))?,
        Command::Forget(args) => wait(forget::run(args, environment))?,
        Command::Store(args) => wait(store::run(args, environment))?,
        Command::Bench(args) => wait(bench::run(args))?,
        Command::Chaos(args) => wait(chaos::run(args))?,
        Command::Interpret(args) => interpret::run(&args)?,
        Command::Actions(args) => actions::run(args, environment)?,
        Command::Manifest(args) => manifest::run(args, environment)?,
        Command::Keys(args) => keys::run(args)?,
        Command::Config(args) => config::run(args, environment)?,
        Command::Policy(args) => return policy::run(args, environment),
        Command::Cards(args) => cards::run(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs something that waits for the network or the disk.
fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_argument_is_explained() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        unexplained(&command);
    }

    fn unexplained(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{} has no help", command.get_name());
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{} {} has no help",
                command.get_name(),
                argument.get_id()
            );
        }
        command.get_subcommands().for_each(unexplained);
    }
}
