//! `countersign keys`

use std::path::PathBuf;

use clap::Subcommand;

use crate::{adapters::clock::SystemClock, cli::say, config::KeyRing, ports::clock::Clock};

/// Make and rotate the keys that seal what is stored and sign what is decided
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a file with fresh keys, readable by its owner only; an existing file is never overwritten
    New {
        /// The file to write; name it as keys.file in the settings
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a new encryption key into a file; the old ones stay and only open what they sealed
    Rotate {
        /// The file that keys.file names
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Writes the file and says what to do with it.
pub fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::New { file } => {
            let ring = KeyRing::new_file(&file, |bytes| SystemClock.fill(bytes))?;
            say(format!(
                "Wrote {file}: encryption key {id} and a signing key.\n\
                 - Name it in the settings:  [keys] file = \"{file}\"\n\
                 - Keep a copy apart from the copies of the database. Without it, what is sealed there is lost.\n\
                 - Whoever has it can read what is sealed and sign in Countersign's name.",
                file = file.display(),
                id = ring.id,
            ));
        }
        Command::Rotate { file } => {
            let ring = KeyRing::rotate_file(&file, |bytes| SystemClock.fill(bytes))?;
            say(format!(
                "{file}: encryption key {id} seals from the next start on; {older} older open what they sealed.\n\
                 - Restart `countersign serve`: the running one still seals with the key before.\n\
                 - Copy the file again, apart from the copies of the database.\n\
                 - The signing key stays: votes and the record's heads depend on it.",
                file = file.display(),
                id = ring.id,
                older = ring.older.len(),
            ));
        }
    }
    Ok(())
}
