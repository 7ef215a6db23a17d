//! Append and `fdatasync`: what no durable program can beat on this disk.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

/// A file that is written as a decision writes: so many bytes, then `fdatasync`.
#[derive(Debug)]
pub struct Floor {
    file: File,
    bytes: Vec<u8>,
}

impl Floor {
    /// A new file in this folder; `bytes` at a time.
    pub fn new(room: &Path, bytes: usize) -> anyhow::Result<Self> {
        Ok(Self { file: File::create(room.join("floor"))?, bytes: vec![0xA5; bytes] })
    }

    /// Appends once and syncs. The file grows, so its length is written too.
    pub fn append(&mut self) -> anyhow::Result<Duration> {
        self.file.seek(SeekFrom::End(0))?;
        self.write()
    }

    /// Writes over the beginning and syncs: no length changes, the least a disk can do.
    pub fn over(&mut self) -> anyhow::Result<Duration> {
        self.file.seek(SeekFrom::Start(0))?;
        self.write()
    }

    fn write(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        self.file.write_all(&self.bytes)?;
        self.file.sync_data()?;
        Ok(begun.elapsed())
    }
}
