//! `countersign bench`: how fast it is on this disk, beside the fastest that this disk allows.
//!
//! - [`spread`] p50, p99 and a rate out of single measurements
//! - [`floor`]  append and `fdatasync`: what no durable program can beat
//! - [`turns`]  whole turns through the real store, one after the other and many at once
//!
//! Not here: the network. A click costs its turn and what the service needs to call us.

pub mod floor;
pub mod spread;
pub mod turns;

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, ensure};

use crate::cli::say;
use spread::Spread;

/// Turns made before anything is measured, to learn how many bytes one writes.
const WARM_UP: u32 = 100;

/// Measure durable turns against append + fdatasync of the same bytes, on the same disk, in the same run
///
/// Build it with --release. A turn here is a small one: an inbox key and one fact of the record. The
/// floor appends as many bytes to a file as the store wrote for a turn, and syncs it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder on the disk to measure; a new folder in it is used and removed
    #[arg(long, value_name = "DIR", default_value = ".")]
    disk: PathBuf,
    /// How many turns of each kind
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    turns: u32,
    /// How many at the same time, for the second measurement
    #[arg(long, value_name = "N", default_value_t = 64)]
    at_once: u32,
}

/// Measures and prints.
pub async fn run(args: Args) -> anyhow::Result<()> {
    ensure!((10..=1_000_000).contains(&args.turns), "--turns is between 10 and 1,000,000");
    ensure!((1..=10_000).contains(&args.at_once), "--at-once is between 1 and 10,000");
    let room = args.disk.join(format!("countersign-bench-{}", std::process::id()));
    std::fs::create_dir(&room).with_context(|| format!("cannot make {}", room.display()))?;
    let measured = measure(&args, &room).await;
    std::fs::remove_dir_all(&room).with_context(|| format!("cannot remove {}", room.display()))?;
    measured
}

async fn measure(args: &Args, room: &std::path::Path) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        say("This is a debug build; its figures mean little. Use cargo run --release -- bench");
    }
    let begun = Instant::now();
    let store = turns::open(room).await?;
    let opened = begun.elapsed();
    let resting = resident_kib();
    // Few enough that the log of SQLite only grows, and enough to be warm.
    let before = turns::bytes_written(room);
    turns::alone(&store, WARM_UP).await?;
    let bytes = turns::bytes_written(room).saturating_sub(before) / u64::from(WARM_UP);
    let bytes = usize::try_from(bytes.clamp(512, 1 << 20)).unwrap_or(4096);
    let alone = turns::alone(&store, args.turns).await?;
    let many = turns::at_once(&store, args.turns, args.at_once).await?;
    let syncs = floor::measure(room, bytes, args.turns)?;
    say(format!("{:<44} {:>9} {:>9} {:>9}", "", "p50", "p99", "per s"));
    line(&format!("append {bytes} bytes + fdatasync (the floor)"), &syncs);
    line("a turn, one after the other", &alone);
    line(&format!("a turn, {} at once", args.at_once), &many);
    say(format!("\na turn alone is {:.2} × the floor at p50", alone.p50 / syncs.p50));
    say(format!("the store opened in {:.0} ms", opened.as_secs_f64() * 1000.0));
    if let Some(kib) = resting {
        say(format!("resident memory at rest, store open: {:.1} MiB", kib_to_mib(kib)));
    }
    Ok(())
}

fn line(what: &str, spread: &Spread) {
    let ms = |seconds: f64| format!("{:.3} ms", seconds * 1000.0);
    say(format!("{what:<44} {:>9} {:>9} {:>9.0}", ms(spread.p50), ms(spread.p99), spread.rate));
}

/// Resident memory in KiB, where the system says it (Linux: `/proc/self/status`).
fn resident_kib() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

fn kib_to_mib(kib: u32) -> f64 {
    f64::from(kib) / 1024.0
}
