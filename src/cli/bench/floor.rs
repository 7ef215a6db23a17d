//! Append and `fdatasync`: what no durable program can beat on this disk.

use std::{fs::File, io::Write, path::Path, time::Instant};

use crate::cli::bench::spread::Spread;

/// Appends `bytes` bytes and syncs, `count` times.
pub fn measure(room: &Path, bytes: usize, count: u32) -> anyhow::Result<Spread> {
    let mut file = File::create(room.join("floor"))?;
    let written = vec![0xA5; bytes];
    let mut each = Vec::new();
    let begun = Instant::now();
    for _ in 0..count {
        let one = Instant::now();
        file.write_all(&written)?;
        file.sync_data()?;
        each.push(one.elapsed());
    }
    Ok(Spread::of(each, begun.elapsed()))
}
