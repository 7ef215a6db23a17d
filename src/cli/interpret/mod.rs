//! `countersign interpret`: how messages are read, explained and scored.
//!
//! - [`explain`] what became of a message, for people
//! - [`score`]   labelled messages against what was read; [`alike`] when two are the same
//! - [`table`]   the figures, printed
//!
//! Not here: the reading itself.

pub mod alike;
pub mod explain;
pub mod score;
pub mod table;

use std::{
    fs,
    io::{BufRead, Read},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, anyhow, ensure};
use jiff::{civil::Time, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    actions::understood,
    cli::say::{complain, say},
    interpret::{self, Index, likeness, predict},
};

/// A line has at most this many bytes.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// A directory file has at most this many bytes.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;
const CONTOSO: &str = include_str!("../../sim/microsoft/data/contoso.json");

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
    /// Print in plain words what became of each message, and why nothing was proposed
    #[arg(long, conflicts_with = "score")]
    explain: bool,
    /// Read labelled messages from these files instead of stdin, and print how many were
    /// understood: {"expect": [{"action", "params"}], "clarify", "alt", "kind", "tags"} besides
    #[arg(long, value_name = "FILE", num_args = 1..)]
    score: Vec<PathBuf>,
    /// With --score: also print, and explain, so many messages that were not understood
    #[arg(long, value_name = "N", default_value_t = 0, requires = "score")]
    misses: usize,
    /// Learn anew from the example sentences in this folder (*.tsv), and write the weights
    #[arg(long, value_name = "DIR", requires = "write", conflicts_with_all = ["score", "explain"])]
    learn: Option<PathBuf>,
    /// With --learn: where the weights go
    #[arg(long, value_name = "FILE", requires = "learn")]
    write: Option<PathBuf>,
}

/// A directory, ready to read messages with.
pub struct Room {
    index: Index,
    zone: TimeZone,
    end_of_day: Time,
}

/// What a directory file says about its place.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    timezone: Option<String>,
    end_of_day: Option<Time>,
}

impl Room {
    /// From the text of a directory file.
    pub fn of(text: &str) -> anyhow::Result<Self> {
        let place: Place = serde_json::from_str(text).unwrap_or_default();
        let zone = match &place.timezone {
            Some(name) => {
                TimeZone::get(name).with_context(|| format!("`{name}` is no time zone"))?
            }
            None => TimeZone::UTC,
        };
        let end_of_day = place.end_of_day.unwrap_or(jiff::civil::time(17, 0, 0, 0));
        Ok(Self { index: Index::from_directory_json(text)?, zone, end_of_day })
    }

    /// What is made of one item.
    pub fn predict(&self, item: &Value) -> anyhow::Result<Value> {
        let begun = Instant::now();
        let mut said = predict(item, &self.index, understood(), &self.zone, self.end_of_day)?;
        said["ms"] = json!(begun.elapsed().as_secs_f64() * 1000.0);
        Ok(said)
    }

    /// The same, told to people.
    pub fn explain(&self, item: &Value) -> anyhow::Result<String> {
        let told =
            interpret::explain(item, &self.index, understood(), &self.zone, self.end_of_day)?;
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
        Ok(explain::told(id, &told))
    }
}

/// The example sentences of a folder, file after file by name.
pub fn examples(folder: &Path) -> anyhow::Result<String> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut files = read().with_context(|| format!("{} cannot be read", folder.display()))?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "tsv"));
    files.sort();
    ensure!(!files.is_empty(), "{} holds no *.tsv", folder.display());
    files.iter().map(|file| file_text(file)).collect()
}

/// Reads lines until stdin ends.
pub fn run(args: &Args) -> anyhow::Result<()> {
    if let (Some(folder), Some(file)) = (&args.learn, &args.write) {
        let learned = likeness::learn::learn(&examples(folder)?);
        let weights = learned.context("the examples have too many labels")?;
        return fs::write(file, weights.to_bytes())
            .with_context(|| format!("{} cannot be written", file.display()));
    }
    let text = match &args.directory {
        None => CONTOSO.to_owned(),
        Some(file) => file_text(file)?,
    };
    let room = Room::of(&text)?;
    if !args.score.is_empty() {
        let texts: Vec<String> =
            args.score.iter().map(|file| file_text(file)).collect::<anyhow::Result<_>>()?;
        interpret::make_ready();
        say(table::scored(&room, &texts, args.misses)?);
        return Ok(());
    }
    let read = |line: &[u8]| -> anyhow::Result<String> {
        let item: Value = serde_json::from_slice(line).context("it is not JSON")?;
        if args.explain { room.explain(&item) } else { Ok(room.predict(&item)?.to_string()) }
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

fn file_text(file: &Path) -> anyhow::Result<String> {
    let named = || format!("cannot load {}", file.display());
    let size = fs::metadata(file).with_context(named)?.len();
    ensure!(size <= DIRECTORY_BYTES_MAX, "{} is too large for this", file.display());
    fs::read_to_string(file).with_context(named)
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
