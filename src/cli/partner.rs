//! `countersign partner`

use std::{io::Read as _, path::PathBuf};

use anyhow::{Context, ensure};

use crate::{
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
    domain::secret::Secret,
};

/// A refresh token has at most so many bytes.
const BYTES_MAX: u64 = 16 * 1024;

/// The way into customers' tenants in the partner's name
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Keep the refresh token of the partner's service account, sealed; each use replaces it
    ///
    /// Sign in once with that account and multi-factor authentication, for your own app (Partner
    /// Center, "Secure application model"), and hand the refresh token over here. It is read from a
    /// file or from the standard input, never from the command line, and printed nowhere. It works
    /// while `serve` runs.
    Keep {
        #[command(flatten)]
        config: ConfigFile,
        /// The file that holds it; the standard input if it is not said
        file: Option<PathBuf>,
    },
}

/// Keeps a token.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let What::Keep { config, file } = args.what;
    let config = config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let mut read = String::new();
    match &file {
        Some(path) => std::fs::File::open(path)
            .with_context(|| format!("cannot open {}", path.display()))?
            .take(BYTES_MAX + 1)
            .read_to_string(&mut read),
        None => std::io::stdin().take(BYTES_MAX + 1).read_to_string(&mut read),
    }
    .context("the token could not be read as text")?;
    let token = Secret::new(read.trim());
    let bytes = token.reveal().len() as u64;
    ensure!(
        bytes > 0 && bytes <= BYTES_MAX && !token.reveal().contains(char::is_whitespace),
        "this is no refresh token: it is one word of at most {BYTES_MAX} bytes"
    );
    let store = reach::store(&config, &keys).await?;
    let kept = store.keep_partner_token(&token).await;
    store.close().await;
    kept?;
    say(
        "The token is kept, sealed. `countersign doctor` tries it in each tenant with access = \"partner\".",
    );
    Ok(())
}
