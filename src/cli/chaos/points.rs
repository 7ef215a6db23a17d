//! The named points at which a process dies, and whoever lets it die there.
//!
//! All of them can be seen from outside: a call that leaves or was answered, a delivery that
//! arrives or was acknowledged, a write to the database, a start. Deaths between two lines of the
//! product are tried in the conversations (`crashes`).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::time::sleep;

use crate::cli::chaos::{
    dice::Dice,
    herd::Process,
    line::Strike,
    outside::Lines,
    trouble::{Rates, Trouble},
};

/// A moment in the life of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// It was started.
    Starts,
    /// A delivery is on its way to it.
    Hears,
    /// It acknowledged a delivery.
    Acknowledged,
}

impl Moment {
    /// As reports say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starts => "while it starts",
            Self::Hears => "while it takes a delivery",
            Self::Acknowledged => "after it acknowledged a delivery",
        }
    }
}

/// At an instant that nothing marks.
const RANDOM: &str = "at a random instant";
/// When the file of the database changed.
const WRITTEN: &str = "as its file was written";

/// Every point, as reports name it. Those with a commit are seen only where the database is a
/// server on this machine, the one with a file only where it is a file.
pub const POINTS: [&str; 13] = [
    RANDOM,
    "while it starts",
    "while it takes a delivery",
    "after it acknowledged a delivery",
    "before a call to microsoft",
    "after a call to microsoft",
    "before a call to slack",
    "after a call to slack",
    "before a call to teams",
    "after a call to teams",
    WRITTEN,
    "before a commit to the database",
    "after a commit to the database",
];

/// A start takes about so long, in milliseconds, until it listens and has looked around.
const STARTS_MS: u64 = 80;
/// A delivery is handled within about so long, in milliseconds.
const HEARS_MS: u64 = 12;
/// A write is waited for so long.
const WRITES_WITHIN: Duration = Duration::from_secs(2);
/// The shortest pause between two deaths.
const PAUSE_MIN_MS: u64 = 5;

impl Trouble {
    /// Kills until told to stop, as often in a minute as is wanted: what is behind is made up for.
    pub async fn kill(self: Arc<Self>, rates: Rates, stop: Arc<AtomicBool>) {
        let (dice, begun) = (Dice::new(self.dice.next()), Instant::now());
        while rates.deaths > 0 && !stop.load(Ordering::SeqCst) {
            self.pause(&dice, rates.deaths, begun, &stop).await;
            // Who is dead already cannot die.
            let alive: Vec<_> = self.herd.iter().filter(|(one, _)| one.is_alive()).collect();
            if !alive.is_empty() {
                let (process, lines) = dice.one(&alive);
                self.let_die(&dice, process, lines);
            }
        }
        for (process, _) in &self.herd {
            process.is_spared();
        }
    }

    fn let_die(self: &Arc<Self>, dice: &Dice, process: &Arc<Process>, lines: &Lines) {
        let at_call = if dice.percent(50) { Strike::KillBefore } else { Strike::KillAfter };
        let after = |most: u64| Duration::from_millis(dice.between(0, most));
        match dice.roll(20) {
            0..6 => {
                if process.kill() {
                    self.tally.death(RANDOM);
                }
            }
            6..8 => process.dies_at(Moment::Starts, after(STARTS_MS)),
            8..10 => process.dies_at(Moment::Hears, after(HEARS_MS)),
            10..12 => process.dies_at(Moment::Acknowledged, Duration::ZERO),
            12..15 => lines.graph.strike(at_call),
            15..17 => lines.chats.strike(at_call),
            17 => self.outside.common.strike(at_call),
            _ => match &lines.database {
                Some(database) => database.strike(at_call),
                None => drop(tokio::spawn(self.clone().kill_when_written(process.clone()))),
            },
        }
    }

    /// Kills a process as soon as the file of the database was written to, by whomever.
    async fn kill_when_written(self: Arc<Self>, process: Arc<Process>) {
        let (before, begun) = (self.database.written_at(), Instant::now());
        while begun.elapsed() < WRITES_WITHIN {
            sleep(Duration::from_millis(1)).await;
            if self.database.written_at() != before {
                if process.kill() {
                    self.tally.death(WRITTEN);
                }
                return;
            }
        }
    }

    /// Waits for the next death: the further behind, the shorter.
    async fn pause(&self, dice: &Dice, a_minute: u64, begun: Instant, stop: &AtomicBool) {
        let passed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let wanted = passed.saturating_mul(a_minute) / 60_000;
        let behind = wanted.saturating_sub(self.tally.counts().all_deaths());
        let mean = 60_000 / a_minute.max(1) / (1 + behind);
        let mut left = dice.between(0, 2 * mean).max(PAUSE_MIN_MS);
        while left > 0 && !stop.load(Ordering::SeqCst) {
            let piece = left.min(200);
            sleep(Duration::from_millis(piece)).await;
            left -= piece;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_is_a_named_point() {
        for moment in [Moment::Starts, Moment::Hears, Moment::Acknowledged] {
            assert!(POINTS.contains(&moment.name()), "{moment:?}");
        }
    }
}
