//! How long a process keeps what it took in hand, and how long it waits for others.
//!
//! The defaults are right for almost everybody. Shorter ones let another replica take over
//! sooner what a dead one left, and cost some more writes.

use std::{ops::RangeInclusive, time::Duration};

use anyhow::ensure;
use jiff::SignedDuration;
use serde::Deserialize;

/// How long things are held and waited for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timing {
    /// A request in a worker's hands that gives no sign of life is anybody's after this: 1 s to 10 min.
    pub lease: SignedDuration,
    /// A message or card in a teller's hands is anybody's after this: 2 s to 10 min.
    pub telling: SignedDuration,
    /// Microsoft, Slack and Teams have at most this long for an answer: 1 s to 2 min. Each has
    /// a limit of its own too.
    pub answers: SignedDuration,
    /// Deliveries that a dead process acknowledged are looked for this often: 1 s to 10 min.
    pub left_overs: SignedDuration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: SignedDuration::from_secs(60),
            telling: SignedDuration::from_secs(60),
            answers: SignedDuration::from_secs(60),
            left_overs: SignedDuration::from_secs(60),
        }
    }
}

impl Timing {
    /// What is out of its range. Each error names its key and the range.
    pub fn check(&self) -> anyhow::Result<()> {
        for (key, value, seconds) in [
            ("lease", self.lease, 1..=600),
            ("telling", self.telling, 2..=600),
            ("answers", self.answers, 1..=120),
            ("left_overs", self.left_overs, 1..=600),
        ] {
            within(key, value, seconds)?;
        }
        ensure!(
            self.telling > self.answers.min(CHATS_ANSWER),
            "timing.telling must be longer than a chat may take to answer (timing.answers, at most {CHATS_ANSWER:#}): \
             else a second teller says what the first is just saying"
        );
        Ok(())
    }

    /// The shorter of a service's own limit and the operator's.
    pub fn answers_within(&self, own: Duration) -> Duration {
        Duration::try_from(self.answers).map_or(own, |most| most.min(own))
    }
}

/// No chat is waited for longer than this.
const CHATS_ANSWER: SignedDuration = SignedDuration::from_secs(15);

fn within(key: &str, value: SignedDuration, seconds: RangeInclusive<i64>) -> anyhow::Result<()> {
    let (least, most) = (*seconds.start(), *seconds.end());
    ensure!(
        value >= SignedDuration::from_secs(least) && value <= SignedDuration::from_secs(most),
        "timing.{key} must lie between {least} and {most} seconds; it is {value:#}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_has_its_range_and_the_defaults_lie_in_it() {
        Timing::default().check().unwrap();
        let s = SignedDuration::from_secs;
        let short = Timing { lease: s(1), telling: s(5), answers: s(2), left_overs: s(1) };
        short.check().unwrap();
        for (wrong, key) in [
            (Timing { lease: s(0), ..short.clone() }, "timing.lease"),
            (Timing { lease: s(601), ..short.clone() }, "timing.lease"),
            (Timing { telling: s(1), ..short.clone() }, "timing.telling"),
            (Timing { answers: s(0), ..short.clone() }, "timing.answers"),
            (Timing { left_overs: s(0), ..short.clone() }, "timing.left_overs"),
            (Timing { answers: s(5), ..short.clone() }, "timing.telling must be longer"),
        ] {
            let error = wrong.check().unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn a_service_keeps_its_own_limit_when_that_is_shorter() {
        let timing = Timing { answers: SignedDuration::from_secs(2), ..Timing::default() };
        assert_eq!(timing.answers_within(Duration::from_secs(10)), Duration::from_secs(2));
        assert_eq!(timing.answers_within(Duration::from_secs(1)), Duration::from_secs(1));
    }
}
