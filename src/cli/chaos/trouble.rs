//! What strikes, and when: dice with a seed decide. What is planted is counted when it struck.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;

use crate::{
    cli::chaos::{
        database::Database,
        dice::Dice,
        herd::Process,
        line::{Line, Strike},
        outside::{APPROVALS, Lines, Outside},
        tally::Tally,
    },
    sim::{
        microsoft::{Fault, FaultKind, RetryAfter},
        slack,
        teams::{At, Fault as InTeams},
    },
};

/// A process is stopped for so long: longer than its lease of a second, and shorter than a
/// step that nobody knows the fate of is left to settle.
const STOPPED_MS: (u64, u64) = (2_000, 5_000);
/// Reads are so old at most: less than a step is left to settle.
const STALE_MS: (u64, u64) = (500, 8_000);

/// A disk takes nothing, or a file is held, for so long: also longer than a write waits (5 s).
const DISK_MS: (u64, u64) = (300, 7_000);

/// How often it strikes, in a minute.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Deaths.
    pub deaths: u64,
    /// Everything else; some strike several calls.
    pub faults: u64,
    /// Jumps of the clock.
    pub jumps: u64,
}

/// Whoever strikes.
#[derive(Debug)]
pub struct Trouble {
    /// The simulated world.
    pub outside: Arc<Outside>,
    /// The processes, with their lines.
    pub herd: Vec<(Arc<Process>, Lines)>,
    /// Their store.
    pub database: Arc<Database>,
    /// What struck.
    pub tally: Tally,
    /// Chance.
    pub dice: Dice,
    /// What was planted so far, by kind.
    planted: Mutex<BTreeMap<String, u64>>,
    /// Cards that somebody deleted, by their id.
    deleted: Mutex<BTreeSet<String>>,
}

impl Trouble {
    /// Nothing struck yet.
    pub fn new(
        outside: Arc<Outside>,
        herd: Vec<(Arc<Process>, Lines)>,
        database: Arc<Database>,
        seed: u64,
        tally: Tally,
    ) -> Arc<Self> {
        let (planted, deleted) = (Mutex::default(), Mutex::default());
        let dice = Dice::of(seed, 23);
        Arc::new(Self { outside, herd, database, tally, dice, planted, deleted })
    }

    /// Does everything else until told to stop.
    pub async fn strike(self: Arc<Self>, rates: Rates, stop: Arc<AtomicBool>) {
        let dice = Dice::new(self.dice.next());
        while rates.faults > 0 && pause(&dice, rates.faults, &stop).await {
            let (process, lines) = dice.one(&self.herd);
            match dice.roll(22) {
                0..2 => {
                    let long = Duration::from_millis(dice.between(STOPPED_MS.0, STOPPED_MS.1));
                    if process.stop_for(long) {
                        self.tally.faults("stopped past its lease", 1);
                    }
                }
                2..8 => self.in_graph(&dice),
                8..11 => strike(&dice, &lines.graph),
                11..13 => strike(&dice, &lines.chats),
                13 => strike(&dice, lines.database.as_ref().unwrap_or(&self.outside.common)),
                14..16 => self.in_slack(&dice),
                16..18 => self.in_teams(&dice),
                18 => self.delete(&dice),
                _ => match self.database.log_bytes() {
                    Some(bytes) => self.on_disk(&dice, process, bytes).await,
                    None => self.in_database(&dice).await,
                },
            }
        }
    }

    /// Nothing strikes any more; what struck of what was planted is counted.
    pub fn end(&self) {
        let mut planted =
            std::mem::take(&mut *self.planted.lock().unwrap_or_else(PoisonError::into_inner));
        let mut left = |kind: String, times: u64| {
            let count = planted.entry(kind).or_default();
            *count = count.saturating_sub(times);
        };
        for fault in self.outside.world.faults().list() {
            left(in_microsoft(&fault.kind), fault.times.unwrap_or_default().into());
        }
        for fault in self.outside.slack.faults() {
            left(of_slack(fault.trouble), fault.times.into());
        }
        for at in [At::Send, At::Update] {
            left(of_teams(at), self.outside.teams.planted(at).into());
        }
        for (kind, struck) in planted {
            self.tally.faults(&kind, struck);
        }
        self.outside.heal();
        for (_, lines) in &self.herd {
            lines.heal();
        }
    }

    /// Cards that somebody deleted.
    pub fn deleted(&self) -> BTreeSet<String> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn plant(&self, kind: String, times: u32) {
        let mut planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
        *planted.entry(kind).or_default() += u64::from(times);
    }

    fn in_graph(&self, dice: &Dice) {
        let status = |status, retry_after, after_effect| FaultKind::Status {
            status,
            retry_after,
            after_effect,
        };
        let waits = ["1", "0", "soon", "2"].map(|said| RetryAfter(Some(said.to_owned())));
        let broken = *dice.one(&[500, 502, 503, 504]);
        let (kind, most) = match dice.roll(8) {
            0..2 => {
                let wait =
                    if dice.percent(20) { RetryAfter(None) } else { dice.one(&waits).clone() };
                (status(429, wait, false), 30)
            }
            2 => (status(broken, RetryAfter(None), false), 8),
            3 => (status(broken, RetryAfter(None), true), 4),
            4 => (FaultKind::Html, 4),
            5 => (FaultKind::Truncated, 4),
            6 => (FaultKind::MissingItem, 4),
            _ => {
                let ms = dice.between(STALE_MS.0, STALE_MS.1);
                (FaultKind::StaleReads { ms: i64::try_from(ms).unwrap_or_default() }, 8)
            }
        };
        let times = u32::try_from(dice.between(1, most)).unwrap_or(1);
        let name = in_microsoft(&kind);
        if self.outside.world.faults().push(Fault::once("*", "*", kind).times(Some(times))) {
            self.plant(name, times);
        }
    }

    fn in_slack(&self, dice: &Dice) {
        use slack::Trouble as In;
        let trouble = match dice.roll(5) {
            0 => In::RateLimited(u32::try_from(dice.between(1, 3)).unwrap_or(1)),
            1 => In::Status(*dice.one(&[500, 502, 503])),
            2 => In::Html,
            3 => In::HtmlAfter,
            _ => In::CutAfter,
        };
        let method = dice.one(&["chat.postMessage", "chat.update"]);
        let times = u32::try_from(dice.between(1, 3)).unwrap_or(1);
        self.outside.slack.fault(Some(method), trouble, times);
        self.plant(of_slack(trouble), times);
    }

    fn in_teams(&self, dice: &Dice) {
        let at = *dice.one(&[At::Send, At::Update]);
        let fault = match dice.roll(4) {
            0 => InTeams::Status(429, Some(dice.between(1, 2))),
            1 => InTeams::Status(*dice.one(&[500, 502, 503, 504]), None),
            2 => InTeams::Cut,
            _ => InTeams::Hang,
        };
        let times = u32::try_from(dice.between(1, 2)).unwrap_or(1);
        self.outside.teams.plant(at, fault, times);
        self.plant(of_teams(at), times);
    }

    /// Somebody deletes one of the newest cards.
    fn delete(&self, dice: &Dice) {
        let slack = &self.outside.slack;
        let bot = &slack.setup().bot_user;
        let cards = slack.messages(APPROVALS);
        let newest: Vec<_> = cards.iter().rev().filter(|card| card.user == *bot).take(10).collect();
        if newest.is_empty() {
            return;
        }
        let ts = dice.one(&newest).ts.clone();
        if slack.delete(APPROVALS, &ts) {
            self.deleted.lock().unwrap_or_else(PoisonError::into_inner).insert(ts);
            self.tally.faults("slack: a card deleted", 1);
        }
    }

    /// The disk of one process is full somewhere within what it writes next, or takes nothing;
    /// or another program holds the file.
    async fn on_disk(&self, dice: &Dice, process: &Arc<Process>, bytes: u64) {
        let long = Duration::from_millis(dice.between(DISK_MS.0, DISK_MS.1));
        let (kind, struck) = match dice.roll(3) {
            0 => ("disk: full", process.full_for(bytes + dice.between(0, 60_000), long)),
            1 => ("disk: nothing can be written", process.full_for(0, long)),
            _ => ("database: held by another program", self.database.hold(long).await),
        };
        self.tally.faults(kind, u64::from(struck));
    }

    async fn in_database(&self, dice: &Dice) {
        if dice.percent(25) {
            if self.database.crash().await {
                self.tally.faults("database: the server crashed and recovered", 1);
            }
        } else {
            self.tally.faults("database: a connection cut", self.database.cut().await);
        }
    }
}

fn strike(dice: &Dice, line: &Line) {
    let all = [
        Strike::CutBefore,
        Strike::CutAfter,
        Strike::CutWithin,
        Strike::HangBefore,
        Strike::HangAfter,
    ];
    line.strike(*dice.one(&all));
}

fn in_microsoft(kind: &FaultKind) -> String {
    let what = match kind {
        FaultKind::Status { status: 429, .. } => "429",
        FaultKind::Status { after_effect: true, .. } => "5xx after the effect",
        FaultKind::Status { .. } => "5xx",
        FaultKind::Html => "HTML for an answer",
        FaultKind::Truncated => "truncated JSON",
        FaultKind::CutBefore | FaultKind::CutAfter => "cut",
        FaultKind::MissingItem => "an item missing from a batch",
        FaultKind::Latency { .. } => "slow",
        FaultKind::StaleReads { .. } => "a stale read",
    };
    format!("microsoft: {what}")
}

fn of_slack(trouble: slack::Trouble) -> String {
    use slack::Trouble as In;
    let what = match trouble {
        In::RateLimited(_) => "429",
        In::Status(_) => "5xx",
        In::Html => "HTML for an answer",
        In::CutAfter => "cut after the call",
        In::HtmlAfter => "HTML after the call",
        In::Says(_) => "an error",
    };
    format!("slack: {what}")
}

fn of_teams(at: At) -> String {
    let what = if at == At::Send { "new messages" } else { "changed messages" };
    format!("teams: 429, 5xx, cuts and hangs of {what}")
}

/// Waits for the next strike; false when it is over.
pub async fn pause(dice: &Dice, a_minute: u64, stop: &AtomicBool) -> bool {
    let mean = 60_000 / a_minute.max(1);
    let mut left = dice.between(0, 2 * mean);
    while left > 0 && !stop.load(Ordering::SeqCst) {
        let piece = left.min(200);
        sleep(Duration::from_millis(piece)).await;
        left -= piece;
    }
    !stop.load(Ordering::SeqCst)
}
