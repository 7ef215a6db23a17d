//! `countersign interpret`

use std::{
    fs,
    io::{BufRead, Read},
    path::PathBuf,
    time::Instant,
};

use anyhow::{Context, anyhow, ensure};
use jiff::{civil::Time, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    actions::CATALOG,
    cli::say::{complain, say},
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
/// "clarify": false, "kind": "request", "ms": 0.4}, with `leftover` for what was asked and is not in `actions`.
/// A line that cannot be read is named on stderr, and the next
/// one is read. This is how understanding is measured.
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
    let read = |line: &[u8]| -> anyhow::Result<Value> {
        let item: Value = serde_json::from_slice(line).context("it is not JSON")?;
        let begun = Instant::now();
        let mut said = predict(&item, &index, CATALOG, &zone, end_of_day)?;
        said["ms"] = json!(begun.elapsed().as_secs_f64() * 1000.0);
        Ok(said)
    };
    let mut input = std::io::stdin().lock();
    let (mut number, mut wrong) = (0_u64, 0_u64);
    while let Some(line) = next_line(&mut input)? {
        number += 1;
        let said = match line {
            Line::Blank => continue,
            Line::TooLong => Err(anyhow!("it is longer than {LINE_BYTES_MAX} bytes")),
            Line::Whole(bytes) => read(&bytes),
        };
        match said {
            Ok(said) => say(said),
            Err(why) => {
                wrong += 1;
                complain(&why.context(format!("line {number} of the input was skipped")));
            }
        }
    }
    ensure!(wrong == 0, "{wrong} of {number} lines could not be read");
    Ok(())
}

/// One line of the input.
enum Line {
    Blank,
    Whole(Vec<u8>),
    TooLong,
}

/// The next line, or `None` at the end. Of a line that is too long no more is kept.
fn next_line(input: &mut impl BufRead) -> anyhow::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let mut part = input.by_ref().take(LINE_BYTES_MAX);
    let read = part.read_until(b'\n', &mut bytes).context("cannot read stdin")?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') && bytes.len() as u64 >= LINE_BYTES_MAX {
        input.skip_until(b'\n').context("cannot read stdin")?;
        return Ok(Some(Line::TooLong));
    }
    let blank = bytes.iter().all(u8::is_ascii_whitespace);
    Ok(Some(if blank { Line::Blank } else { Line::Whole(bytes) }))
}
