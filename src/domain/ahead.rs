//! When a request that waits for its time is looked at before it.
//!
//! Not here: what is looked for; the engine does that.

use jiff::{SignedDuration, Timestamp};

/// What would stop a scheduled request is looked for so long before it starts.
const AHEAD: [SignedDuration; 2] = [SignedDuration::from_hours(24), SignedDuration::from_hours(1)];

/// When a request that starts at this instant is looked at next: a day before, an hour before,
/// and then.
pub fn next_look(start_at: Timestamp, now: Timestamp) -> Timestamp {
    let before = AHEAD.iter().filter_map(|ahead| start_at.checked_sub(*ahead).ok());
    before.filter(|at| *at > now).min().unwrap_or(start_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_hour_before_as_far_as_there_is_time() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let start = at("2026-11-23T15:00:00Z");
        let looks = |now: &str| next_look(start, at(now)).to_string();
        assert_eq!(looks("2026-11-20T12:00:00Z"), "2026-11-22T15:00:00Z");
        assert_eq!(looks("2026-11-22T15:00:00Z"), "2026-11-23T14:00:00Z");
        assert_eq!(looks("2026-11-23T13:59:59Z"), "2026-11-23T14:00:00Z");
        assert_eq!(looks("2026-11-23T14:00:00Z"), "2026-11-23T15:00:00Z");
    }
}
