//! The clock jumps by an hour or a day, ahead and back, everywhere or in one process.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};
use tokio::time::sleep;

use crate::cli::chaos::{clock, dice::Dice, outside::Outside, trouble::Trouble};

/// The tenant's time zone in a run with jumps.
pub const ZONE: &str = "Europe/Berlin";
/// An hour and a day.
const JUMPS: [(SignedDuration, &str); 2] =
    [(SignedDuration::from_hours(1), "an hour"), (SignedDuration::from_hours(24), "a day")];
/// The clock is never further from where it began than this.
const FAR: SignedDuration = SignedDuration::from_hours(60);
/// A process is alone with its time for so long, in milliseconds.
const ALONE_MS: (u64, u64) = (500, 4_000);
/// In the end the clock jumps so far ahead: whatever was scheduled is due by then, and what
/// nobody signed is over.
pub const TO_THE_END: SignedDuration = SignedDuration::from_hours(24 * 8);

/// Where the clock of a run begins: some hours before summer time begins or ends.
pub fn begins(seed: u64) -> Timestamp {
    let eve = if seed.is_multiple_of(2) { "2026-10-24T20:00:00Z" } else { "2027-03-27T20:00:00Z" };
    eve.parse().expect("a time written right")
}

/// For when something is scheduled: at night, when an hour may be there twice, or not at all; in
/// the words of whoever asks, and as an instant. The first such time that is not just passing.
pub fn hour(now: Timestamp, dice: &Dice) -> (String, Timestamp) {
    let zone = TimeZone::get(ZONE).expect("a zone that exists");
    let time: Time =
        dice.one(&["00:45", "01:30", "02:30", "03:15", "04:00"]).parse().expect("a time");
    let soon = (now + SignedDuration::from_mins(20)).to_zoned(zone.clone()).datetime();
    let today = soon.date().to_datetime(time);
    let day = if today > soon { soon.date() } else { soon.date().tomorrow().expect("a day") };
    let at = day.to_datetime(time).to_zoned(zone).expect("within range").timestamp();
    (format!("on {} at {}", day.strftime("%-d %B %Y"), time.strftime("%H:%M")), at)
}

impl Outside {
    /// Moves the clock everywhere; no process is ever ahead of the world.
    pub async fn move_clock(&self, by: SignedDuration) {
        if by >= self.clock.by() {
            if by > self.clock.by() {
                self.ahead.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
            }
            self.clock.set(by);
            self.tell_all(by);
            sleep(clock::SEEN).await;
        } else {
            let from = self.now();
            self.tell_all(by);
            sleep(clock::SEEN).await;
            self.clock.set(by);
            let mut back = self.back.lock().unwrap_or_else(PoisonError::into_inner);
            back.push((from, self.now()));
        }
    }

    /// Whether the clock went back in between: something noted at `first` came before `then`,
    /// which is earlier.
    pub fn went_back(&self, first: Timestamp, then: Timestamp) -> bool {
        let back = self.back.lock().unwrap_or_else(PoisonError::into_inner);
        let near = SignedDuration::from_secs(60);
        back.iter().any(|(from, to)| first < *from + near && then > *to - near)
    }

    /// Whether the clock went ahead so soon after.
    pub fn went_ahead(&self, since: Instant, within: Duration) -> bool {
        let ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        // A press may have been under way when it went.
        let near = Duration::from_secs(5);
        ahead.iter().any(|at| *at + near >= since && *at <= since + within)
    }

    fn tell_all(&self, by: SignedDuration) {
        for file in self.clocks() {
            // A full disk of this machine ends the run elsewhere.
            let _written = clock::write(&file, by);
        }
    }
}

impl Trouble {
    /// Lets the clock jump until told to stop.
    pub async fn jump(self: Arc<Self>, a_minute: u64, stop: Arc<AtomicBool>) {
        let dice = Dice::new(self.dice.next());
        let began = self.outside.clock.by();
        while a_minute > 0 && super::trouble::pause(&dice, a_minute, &stop).await {
            let (far, long) = *dice.one(&JUMPS);
            let now = self.outside.clock.by();
            if dice.percent(30) {
                self.alone(&dice, (now - far, long)).await;
                continue;
            }
            let ahead = if (now - began).abs() > FAR { now < began } else { dice.percent(60) };
            let way = if ahead { "ahead" } else { "back" };
            self.outside.move_clock(if ahead { now + far } else { now - far }).await;
            self.tally.faults(&format!("clock: everywhere {long} {way}"), 1);
        }
        // All clocks go the same again.
        self.outside.move_clock(self.outside.clock.by()).await;
    }

    /// The clock of one process is behind for a while.
    async fn alone(&self, dice: &Dice, (by, long): (SignedDuration, &str)) {
        let files = self.outside.clocks();
        if files.is_empty() || clock::write(dice.one::<PathBuf>(&files), by).is_err() {
            return;
        }
        self.tally.faults(&format!("clock: one process {long} back"), 1);
        sleep(Duration::from_millis(dice.between(ALONE_MS.0, ALONE_MS.1))).await;
        self.outside.move_clock(self.outside.clock.by()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_lie_in_the_next_day_and_are_those_of_the_zone() {
        let twenty_six = SignedDuration::from_hours(26);
        for seed in 0..2 {
            let (dice, now) = (Dice::new(seed), begins(seed));
            for _ in 0..50 {
                let (words, at) = hour(now, &dice);
                let left = at.duration_since(now);
                assert!(left > SignedDuration::ZERO && left < twenty_six, "{words}");
            }
        }
        // That hour is there twice, and the first one is meant; and that one is not there at all.
        let instant = |text: &str| -> Timestamp { text.parse().unwrap() };
        let all = |seed| -> Vec<_> {
            let dice = Dice::new(seed);
            (0..50).map(|_| hour(begins(seed), &dice)).collect()
        };
        let twice = ("on 25 October 2026 at 02:30".to_owned(), instant("2026-10-25T00:30:00Z"));
        let never = ("on 28 March 2027 at 02:30".to_owned(), instant("2027-03-28T01:30:00Z"));
        assert!(all(0).contains(&twice) && all(1).contains(&never));
    }
}
