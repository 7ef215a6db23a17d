//! `countersign interpret`

use std::{
    fs,
    io::{BufRead, Read},
    path::PathBuf,
    time::Instant,
};

use anyhow::{Context, ensure};
use jiff::{civil::Time, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    actions::CATALOG,
    cli::say,
    interpret::{Index, predict},
};

/// A line has at most this many bytes.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// A directory file has at most this many bytes.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;
const CONTOSO: &str = include_str!("../sim/microsoft/data/contoso.json");

/// Read sentences as the bot would, without a chat: JSON lines in, JSON lines out
///
/// A line in: {"id": "1", "now": "2025-11-12T10:00", "from": "tina.techer@contoso.com",
/// "text": "block john doe", "context": []}. A line out: {"id": "1", "actions": [...],
/// "clarify": false, "kind": "request", "millis": 0.4}. This is how understanding is measured.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The directory whose people and groups the sentences name; Contoso, when nothing is said
    #[arg(long, value_name = "FILE")]
    directory: Option<PathBuf>,
}

/// What a directory file says about its place.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    timezone: Option<String>,
    end_of_day: Option<Time>,
}

/// Reads lines until stdin ends.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let text = match &args.directory {
        None => CONTOSO.to_owned(),
        Some(file) => {
            let named = || format!("cannot load {}", file.display());
            let size = fs::metadata(file).with_context(named)?.len();
            ensure!(size <= DIRECTORY_BYTES_MAX, "{} is too large for a directory", file.display());
            fs::read_to_string(file).with_context(named)?
        }
    };
    let index = Index::from_directory_json(&text)?;
    let place: Place = serde_json::from_str(&text).unwrap_or_default();
    let zone = match &place.timezone {
        Some(name) => TimeZone::get(name).with_context(|| format!("`{name}` is no time zone"))?,
        None => TimeZone::UTC,
    };
    let end_of_day = place.end_of_day.unwrap_or(jiff::civil::time(17, 0, 0, 0));
    let mut lines = std::io::stdin().lock();
    let mut line = String::new();
    while lines.by_ref().take(LINE_BYTES_MAX).read_line(&mut line).context("cannot read stdin")? > 0
    {
        if !line.trim().is_empty() {
            let item: Value = serde_json::from_str(&line).context("a line is not JSON")?;
            let begun = Instant::now();
            let mut said = predict(&item, &index, CATALOG, &zone, end_of_day);
            said["millis"] = json!(begun.elapsed().as_secs_f64() * 1000.0);
            say(said);
        }
        line.clear();
    }
    Ok(())
}
