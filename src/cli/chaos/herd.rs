//! The processes: `countersign serve` each, started again whenever one ends.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};
use tokio::{process::Command, task::JoinHandle, time::sleep};

use crate::cli::{
    bench::wire::{Wire, get},
    chaos::{points::Moment, tally::Tally},
};

/// Between the end of a process and its next start, as a supervisor would have it.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// A process has to be ready within this once nothing strikes any more.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// One process and those that follow it.
#[derive(Debug)]
pub struct Process {
    /// Where it listens.
    pub at: SocketAddr,
    about: About,
    pid: Mutex<Option<Pid>>,
    starts: AtomicU64,
    wanted: AtomicBool,
    /// Where death waits for it, and how long it lives on from there.
    waits: Mutex<BTreeMap<Moment, Duration>>,
    tally: Tally,
}

/// What a process is started with.
#[derive(Debug, Clone)]
pub struct About {
    /// Its settings.
    pub settings: PathBuf,
    /// The file that moves its clock; the machine's clock when there is none.
    pub clock: Option<PathBuf>,
    /// Where it logs.
    pub log: PathBuf,
}

impl Process {
    /// Not started yet.
    pub fn new(at: SocketAddr, about: About, tally: Tally) -> Arc<Self> {
        let (pid, starts, wanted) = (Mutex::new(None), AtomicU64::new(0), AtomicBool::new(true));
        Arc::new(Self { at, about, pid, starts, wanted, waits: Mutex::default(), tally })
    }

    /// It runs, or begins to.
    pub fn is_alive(&self) -> bool {
        self.pid.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The next time it comes to this moment, it dies so long after.
    pub fn dies_at(&self, moment: Moment, after: Duration) {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).insert(moment, after);
    }

    /// Death waits for it nowhere any more.
    pub fn is_spared(&self) {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// It came to this moment.
    pub fn reaches(self: &Arc<Self>, moment: Moment) {
        let after = self.waits.lock().unwrap_or_else(PoisonError::into_inner).remove(&moment);
        let Some(after) = after else { return };
        let own = self.clone();
        let dies = move || {
            if own.kill() {
                own.tally.death(moment.name());
            }
        };
        if after.is_zero() {
            dies();
        } else {
            tokio::spawn(async move {
                sleep(after).await;
                dies();
            });
        }
    }

    /// SIGKILL; false when it was dead already.
    pub fn kill(&self) -> bool {
        // Taken: one process dies once, also when it is struck twice before it is gone.
        let pid = self.pid.lock().unwrap_or_else(PoisonError::into_inner).take();
        pid.is_some_and(|pid| kill_process(pid, Signal::KILL).is_ok())
    }

    /// SIGSTOP for a while; false when it was dead.
    pub fn stop_for(self: &Arc<Self>, long: Duration) -> bool {
        let Some(pid) = *self.pid.lock().unwrap_or_else(PoisonError::into_inner) else {
            return false;
        };
        if kill_process(pid, Signal::STOP).is_err() {
            return false;
        }
        let own = self.clone();
        tokio::spawn(async move {
            sleep(long).await;
            let now = *own.pid.lock().unwrap_or_else(PoisonError::into_inner);
            if now == Some(pid) {
                // It may have been killed meanwhile.
                let _gone = kill_process(pid, Signal::CONT);
            }
        });
        true
    }

    /// For a while, no file of it may grow beyond so many bytes: its disk is full; with 0, nothing
    /// can be written at all. False when it was dead.
    pub fn full_for(self: &Arc<Self>, bytes: u64, long: Duration) -> bool {
        let Some(pid) = *self.pid.lock().unwrap_or_else(PoisonError::into_inner) else {
            return false;
        };
        let ours = getrlimit(Resource::Fsize);
        let full = Rlimit { current: Some(bytes), maximum: ours.maximum };
        if prlimit(Some(pid), Resource::Fsize, full).is_err() {
            return false;
        }
        let own = self.clone();
        tokio::spawn(async move {
            sleep(long).await;
            let now = *own.pid.lock().unwrap_or_else(PoisonError::into_inner);
            if now == Some(pid) {
                // It may have been killed meanwhile.
                let _gone = prlimit(Some(pid), Resource::Fsize, ours);
            }
        });
        true
    }

    /// How often it was started.
    pub fn starts(&self) -> u64 {
        self.starts.load(Ordering::SeqCst)
    }

    async fn answers(&self) -> bool {
        let asked = async {
            let mut wire = Wire::to(self.at).await?;
            wire.ask(&get("/healthz")).await
        };
        let answer = tokio::time::timeout(Duration::from_secs(2), asked).await;
        matches!(answer, Ok(Ok(answer)) if answer.status == 200)
    }

    /// Starts it as often as it ends. An end that nobody wanted is an error.
    async fn keep(self: Arc<Self>, program: PathBuf) -> anyhow::Result<()> {
        while self.wanted.load(Ordering::SeqCst) {
            let About { settings, clock, log } = &self.about;
            let log = OpenOptions::new().create(true).append(true).open(log)?;
            // A write beyond a limit shall fail as on a full disk, not end the process.
            let mut command = Command::new("/bin/sh");
            command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(&program);
            match clock {
                None => command.args(["serve", "--config"]).arg(settings),
                Some(clock) => {
                    command.args(["chaos", "--serve"]).arg(settings).arg("--clock").arg(clock)
                }
            };
            let mut child = command
                .env_clear()
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log)
                .kill_on_drop(true)
                .spawn()
                .context("a process does not start")?;
            let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
            *self.pid.lock().unwrap_or_else(PoisonError::into_inner) = pid;
            self.starts.fetch_add(1, Ordering::SeqCst);
            self.reaches(Moment::Starts);
            let ended = child.wait().await?;
            *self.pid.lock().unwrap_or_else(PoisonError::into_inner) = None;
            let is_killed = std::os::unix::process::ExitStatusExt::signal(&ended) == Some(9);
            if !is_killed && self.wanted.load(Ordering::SeqCst) {
                bail!("a process ended by itself ({ended}): {}", end_of(&self.about.log));
            }
            sleep(AGAIN_AFTER).await;
        }
        Ok(())
    }
}

/// All processes.
#[derive(Debug)]
pub struct Herd {
    /// Each of them.
    pub all: Vec<Arc<Process>>,
    keepers: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Herd {
    /// Starts them.
    pub fn start(program: &Path, all: Vec<Arc<Process>>) -> Self {
        let keep = |process: &Arc<Process>| tokio::spawn(process.clone().keep(program.to_owned()));
        let keepers = all.iter().map(keep).collect();
        Self { all, keepers }
    }

    /// Waits until each answers; says how long that took.
    pub async fn ready(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        for (process, keeper) in self.all.iter().zip(&self.keepers) {
            while !process.answers().await {
                if begun.elapsed() > READY_WITHIN || keeper.is_finished() {
                    bail!("a process does not answer: {}", end_of(&process.about.log));
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(begun.elapsed())
    }

    /// Some process ended though nobody killed it.
    pub fn is_broken(&self) -> bool {
        self.keepers.iter().any(JoinHandle::is_finished)
    }

    /// Ends all of them with SIGKILL; gives what went wrong with any.
    pub async fn end(self) -> Vec<String> {
        for process in &self.all {
            process.wanted.store(false, Ordering::SeqCst);
        }
        let mut wrong = Vec::new();
        for (process, keeper) in self.all.iter().zip(self.keepers) {
            while !keeper.is_finished() {
                process.kill();
                sleep(Duration::from_millis(20)).await;
            }
            match keeper.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => wrong.push(format!("{error:#}")),
                Err(error) => wrong.push(error.to_string()),
            }
        }
        wrong
    }
}

/// The last lines of a log.
fn end_of(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().rev().take(8).collect();
    lines.reverse();
    lines.join("\n")
}
