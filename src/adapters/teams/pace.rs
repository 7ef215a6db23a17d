//! Not faster than a conversation allows.
//!
//! Microsoft's page “Rate limiting for bots” names 7 sends in 1 s, 8 in 2 s and 60
//! in 30 s for one conversation. A burst of 5 and then one each 550 ms stays below
//! all three (8 in any 2 s, 59 in any 30 s).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

const BURST: i32 = 5;
const INTERVAL: SignedDuration = SignedDuration::from_millis(550);
/// Whoever would have to wait longer is told so instead.
pub const WAIT_MAX: Duration = Duration::from_secs(5);
/// A longer wait is not believed: the service is asked again then. What lies further ahead was
/// counted before the clock was put back.
const HELD_MAX: SignedDuration = SignedDuration::from_mins(10);
/// Conversations that are remembered at once.
const REMEMBERED_MAX: usize = 10_000;

/// The turns of each conversation.
#[derive(Debug, Default)]
pub struct Pace {
    /// When a conversation's burst would be whole again.
    whole: Mutex<HashMap<String, Timestamp>>,
}

impl Pace {
    /// Takes a turn in a conversation, and says how long to wait for it. The error
    /// is how long it would be; then no turn was taken.
    pub fn turn(&self, conversation: &str, now: Timestamp) -> Result<Duration, Duration> {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if whole.len() >= REMEMBERED_MAX {
            whole.retain(|_, whole| *whole > now);
        }
        let believed = now + HELD_MAX + INTERVAL * (BURST - 1);
        let from = whole.get(conversation).copied().filter(|from| *from <= believed);
        let from = from.unwrap_or(now).max(now);
        let wait = (from - INTERVAL * (BURST - 1)).duration_since(now);
        let wait = Duration::try_from(wait).unwrap_or(Duration::ZERO);
        if wait > WAIT_MAX {
            return Err(wait);
        }
        whole.insert(conversation.to_owned(), from + INTERVAL);
        Ok(wait)
    }

    /// Nobody's turn in this conversation for so long: the service said so.
    pub fn hold(&self, conversation: &str, now: Timestamp, wait: Duration) {
        let wait = SignedDuration::try_from(wait).unwrap_or(HELD_MAX).min(HELD_MAX);
        let until = now + wait + INTERVAL * (BURST - 1);
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        let held = whole.entry(conversation.to_owned()).or_insert(until);
        *held = until.max(*held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_of_the_service_is_ever_overfilled() {
        let start = Timestamp::UNIX_EPOCH;
        let pace = Pace::default();
        let mut sent = Vec::new();
        let mut now = start;
        while sent.len() < 300 {
            match pace.turn("a", now) {
                Ok(wait) => sent.push(now + SignedDuration::try_from(wait).unwrap()),
                Err(_) => now += SignedDuration::from_millis(100),
            }
        }
        for (window, limit) in [(1, 7), (2, 8), (30, 60)] {
            for first in &sent {
                let within = sent.iter().filter(|at| {
                    let after = at.duration_since(*first);
                    !after.is_negative() && after < SignedDuration::from_secs(window)
                });
                assert!(within.count() <= limit, "{limit} in {window} s");
            }
        }
        assert_eq!(pace.turn("b", now), Ok(Duration::ZERO), "another conversation does not wait");
    }

    #[test]
    fn a_clock_that_was_put_back_silences_nobody() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let tomorrow = now + SignedDuration::from_hours(24);
        for _ in 0..5 {
            pace.turn("a", tomorrow).unwrap();
        }
        assert_eq!(pace.turn("a", now), Ok(Duration::ZERO));
    }

    #[test]
    fn a_held_conversation_waits_as_long_as_the_service_said() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        pace.hold("a", now, Duration::from_secs(4));
        assert_eq!(pace.turn("a", now), Ok(Duration::from_secs(4)));
        pace.hold("a", now, Duration::from_mins(1));
        assert_eq!(pace.turn("a", now), Err(Duration::from_mins(1)));
    }
}
