//! The service that is measured: `countersign serve`, in a process of its own with
//! settings that know only loopback.

use std::{
    fs::File,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

use crate::cli::bench::wire::{Wire, get};

/// It has to answer within this.
const START_MAX: Duration = Duration::from_secs(20);
/// Linux counts a process's time in hundredths of a second (`USER_HZ`, proc(5)).
const TICKS_A_SECOND: f64 = 100.0;

/// A running service. It is killed when this is dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    pid: u32,
    /// From `exec` to the first answer of `/healthz`.
    pub started: Duration,
}

impl Service {
    /// Starts it, and waits for its first answer. Its log goes into the room.
    pub async fn start(program: &Path, room: &Path, at: SocketAddr) -> anyhow::Result<Self> {
        let log = File::create(room.join("service.log"))?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--config"])
            .arg(room.join("countersign.toml"))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command.spawn().context("the service does not start")?;
        let pid = child.id().context("the service ended at once")?;
        loop {
            if let Ok(mut wire) = Wire::to(at).await
                && wire.ask(&get("/healthz")).await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(Self { child, pid, started: begun.elapsed() });
            }
            if begun.elapsed() > START_MAX || child.try_wait()?.is_some() {
                let log = std::fs::read_to_string(room.join("service.log")).unwrap_or_default();
                bail!("the service did not start: {}", log.chars().take(2_000).collect::<String>());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Resident memory in MiB; `VmHWM` for the most there ever was.
    pub fn memory(&self, what: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(what))?;
        let kib: u32 = line.trim_start_matches(':').trim().split(' ').next()?.parse().ok()?;
        Some(f64::from(kib) / 1024.0)
    }

    /// Processor time used so far, in seconds.
    pub fn cpu(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).ok()?;
        // The name, in brackets, may hold spaces; utime and stime are fields 14 and 15.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<u32>().ok();
        Some((f64::from(next()?) + f64::from(next()?)) / TICKS_A_SECOND)
    }

    /// Ends it as a power cut would: SIGKILL, no goodbye.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("the service cannot be ended")
    }
}
