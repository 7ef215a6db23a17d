//! The same house against the simulated world, with one page.

use std::path::PathBuf;

use anyhow::bail;

/// What `countersign demo` was told.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where the demo keeps its database and keys.
    pub data: PathBuf,
    /// The folder with the renderers of the page.
    pub console: PathBuf,
}

/// The product with a simulated tenant and one page, until it is told to stop.
pub async fn demo(_options: DemoOptions) -> anyhow::Result<()> {
    bail!("this build has no demo")
}
