//! What the figures were measured on, as far as Linux says it.

use std::{fs, path::Path};

use serde::Serialize;

/// A machine.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Its processor's name.
    pub processor: String,
    /// Processors that this program may use.
    pub processors: usize,
    /// Memory, in GiB.
    pub memory_gib: f64,
    /// The kernel's release.
    pub kernel: String,
    /// Device and file system of the folder that was measured.
    pub disk: String,
    /// Programs that wanted to run, over the last minute, before it began.
    pub load: f64,
}

impl Machine {
    /// This machine, and the disk this folder is on.
    pub fn of(room: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let value = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
        };
        let unknown = || "unknown".to_owned();
        let kib: u32 = value(&read("/proc/meminfo"), "MemTotal")
            .and_then(|said| said.split(' ').next()?.parse().ok())
            .unwrap_or(0);
        Self {
            processor: value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            processors: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            memory_gib: f64::from(kib) / f64::from(1 << 20),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            disk: disk(room, &read("/proc/self/mounts")).unwrap_or_else(unknown),
            load: read("/proc/loadavg")
                .split(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(0.0),
        }
    }

    /// One line.
    pub fn line(&self) -> String {
        format!(
            "{} × {}, {:.0} GiB, Linux {}, {}, load {:.2} before",
            self.processors, self.processor, self.memory_gib, self.kernel, self.disk, self.load
        )
    }
}

/// What this process holds in memory now, in MiB. Linux says it, others do not.
pub fn own_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u32 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(f64::from(kib) / 1024.0)
}

/// The mount that a folder is on: the longest path it is under.
fn disk(room: &Path, mounts: &str) -> Option<String> {
    let room = room.canonicalize().ok()?;
    let of = |line: &str| {
        let mut fields = line.split(' ').map(str::to_owned);
        let (device, at, kind) = (fields.next()?, fields.next()?, fields.next()?);
        room.starts_with(&at).then_some((at.len(), format!("{kind} on {device}")))
    };
    mounts.lines().filter_map(of).max().map(|(_, disk)| disk)
}
