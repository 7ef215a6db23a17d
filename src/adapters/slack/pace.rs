//! How fast we may call: answers from memory before Slack has to.
//!
//! Nothing here waits. A call that comes too early is told how long to wait, and
//! whoever keeps the queue (the outbox) does the waiting.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;

/// Channels remembered at most; those that are at rest are forgotten first.
const CHANNELS_MAX: usize = 1000;

/// One call each `every` on average, `burst` of them at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    every: i64,
    burst: i64,
}

impl Rate {
    /// `every` in milliseconds.
    pub const fn new(every: i64, burst: i64) -> Self {
        Self { every, burst }
    }
}

/// `chat.postMessage`: about one a second in a channel, with small bursts.
/// Source: docs.slack.dev "Rate limits".
pub(super) const PER_CHANNEL: Rate = Rate::new(1000, 5);

/// A longer wait is not believed, in milliseconds: Slack is asked again then.
const HELD_MAX: i64 = 600_000;

/// When the next call would be due if all came evenly (GCRA), in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
struct Due {
    at: i64,
    held: i64,
}

impl Due {
    /// How long to wait, or none. What lies further ahead than calls can bring it was counted
    /// before the clock was put back, and means nothing now.
    fn wait(self, now: i64, rate: Rate) -> i64 {
        let early = if self.at - now > rate.every * rate.burst {
            0
        } else {
            self.at - now - rate.every * (rate.burst - 1)
        };
        // A wait that Slack asked for was longest when it was noted.
        let held = if self.held - now > HELD_MAX { 0 } else { self.held - now };
        early.max(held).max(0)
    }

    fn take(&mut self, now: i64, rate: Rate) {
        let at = if self.at - now > rate.every * rate.burst { now } else { self.at };
        self.at = at.max(now) + rate.every;
    }
}

/// What was called lately.
#[derive(Debug, Default)]
pub(super) struct Pace {
    methods: HashMap<&'static str, Due>,
    channels: HashMap<String, Due>,
}

impl Pace {
    /// Counts one call, or says how long it has to wait.
    pub fn take(
        &mut self,
        method: (&'static str, Rate),
        channel: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let now = now.as_millisecond();
        let (name, rate) = method;
        let by_method = self.methods.entry(name).or_default();
        let mut wait = by_method.wait(now, rate);
        if let Some(due) = channel.and_then(|channel| self.channels.get(channel)) {
            wait = wait.max(due.wait(now, PER_CHANNEL));
        }
        if wait > 0 {
            return Err(Duration::from_millis(wait.unsigned_abs()));
        }
        by_method.take(now, rate);
        if let Some(channel) = channel {
            self.room(now);
            self.channels.entry(channel.to_owned()).or_default().take(now, PER_CHANNEL);
        }
        Ok(())
    }

    /// Slack itself said to wait.
    pub fn hold(
        &mut self,
        method: &'static str,
        channel: Option<&str>,
        now: Timestamp,
        wait: Duration,
    ) {
        let until = now
            .as_millisecond()
            .saturating_add(i64::try_from(wait.as_millis()).unwrap_or(HELD_MAX).min(HELD_MAX));
        let due = match channel {
            Some(channel) => self.channels.entry(channel.to_owned()).or_default(),
            None => self.methods.entry(method).or_default(),
        };
        due.held = due.held.max(until);
    }

    fn room(&mut self, now: i64) {
        if self.channels.len() >= CHANNELS_MAX {
            self.channels.retain(|_, due| due.at > now || due.held > now);
        }
        if self.channels.len() >= CHANNELS_MAX {
            // All of them are busy; the method's own rate still holds.
            self.channels.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_at_once_then_one_a_second_in_each_channel() {
        let mut pace = Pace::default();
        let post = ("chat.postMessage", Rate::new(200, 50));
        let at = |ms: i64| Timestamp::from_millisecond(1_700_000_000_000 + ms).unwrap();
        for _ in 0..5 {
            pace.take(post, Some("C1"), at(0)).unwrap();
        }
        assert_eq!(pace.take(post, Some("C1"), at(0)), Err(Duration::from_secs(1)));
        pace.take(post, Some("C2"), at(0)).unwrap();
        assert_eq!(pace.take(post, Some("C1"), at(400)), Err(Duration::from_millis(600)));
        pace.take(post, Some("C1"), at(1000)).unwrap();
        pace.hold("chat.postMessage", Some("C2"), at(1000), Duration::from_secs(30));
        assert_eq!(pace.take(post, Some("C2"), at(2000)), Err(Duration::from_secs(29)));
    }

    #[test]
    fn a_clock_that_was_put_back_silences_nobody() {
        let mut pace = Pace::default();
        let post = ("chat.postMessage", Rate::new(200, 50));
        let day = 24 * 3_600_000;
        let at = |ms: i64| Timestamp::from_millisecond(1_700_000_000_000 + ms).unwrap();
        for _ in 0..5 {
            pace.take(post, Some("C1"), at(day)).unwrap();
        }
        pace.hold("chat.postMessage", Some("C2"), at(day), Duration::from_secs(30));
        for _ in 0..5 {
            pace.take(post, Some("C1"), at(0)).unwrap();
        }
        pace.take(post, Some("C2"), at(0)).unwrap();
        assert_eq!(pace.take(post, Some("C1"), at(0)), Err(Duration::from_secs(1)));
    }
}
