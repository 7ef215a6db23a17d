//! `countersign demo`

use std::path::PathBuf;

use crate::{
    app::{self, DemoOptions},
    cli::say,
};

/// See it work: the product with a simulated tenant and a page that plays Slack and Teams
///
/// No account is needed and nothing leaves this machine. Prints one address on 127.0.0.1; open it
/// in a browser. Microsoft's Agents Playground can talk to the same port.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port on 127.0.0.1; 0 takes a free one. 3978 is where the Agents Playground looks
    #[arg(long, value_name = "N", default_value_t = 3978)]
    port: u16,
    /// Where the demo keeps its database and keys. The database begins anew at each start, as the
    /// simulated tenant does
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// The page's renderers, as `make console` builds them; without them it shows plain text
    #[arg(long, value_name = "DIR", default_value = "console/dist")]
    console: PathBuf,
}

/// Runs until told to stop.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let Args { port, data, console } = args;
    app::demo(DemoOptions { port, data, console, say: |line| say(line) }).await
}
