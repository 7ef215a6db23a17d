//! Leaves a model alone that keeps failing: it would cost every message the whole deadline,
//! and every message is read without it anyway.

use jiff::{SignedDuration, Timestamp};

/// So many failures in a row open it.
const FAILURES_MAX: u32 = 3;
/// It stays open this long; then one question is let through.
const OPEN: SignedDuration = SignedDuration::from_secs(60);

/// Closed, open, or letting one through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// May a question go out now? When the time of rest is over, one may; whether it comes
    /// back or is lost on the way, the next waits as long again.
    pub fn lets_through(&mut self, now: Timestamp) -> bool {
        match self.open_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.open_until = Some(now + OPEN);
                true
            }
        }
    }

    /// There was an answer.
    pub fn went_well(&mut self) {
        *self = Self::default();
    }

    /// There was none.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES_MAX {
            self.open_until = Some(now + OPEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn three_failures_in_a_row_open_it_for_a_minute() {
        let mut breaker = Breaker::default();
        breaker.failed(at(0));
        breaker.failed(at(1));
        assert!(breaker.lets_through(at(2)));
        breaker.went_well();
        for second in 3..6 {
            assert!(breaker.lets_through(at(second)));
            breaker.failed(at(second));
        }
        assert!(!breaker.lets_through(at(6)));
        assert!(!breaker.lets_through(at(64)));
        assert!(breaker.lets_through(at(65)));
    }

    #[test]
    fn after_the_rest_one_question_is_let_through_and_decides() {
        let mut breaker = Breaker::default();
        (0..3).for_each(|second| breaker.failed(at(second)));
        assert!(breaker.lets_through(at(62)));
        assert!(!breaker.lets_through(at(63)), "one at a time");
        breaker.failed(at(66));
        assert!(!breaker.lets_through(at(125)));
        assert!(breaker.lets_through(at(126)));
        breaker.went_well();
        assert!(breaker.lets_through(at(127)) && breaker.lets_through(at(127)));
    }
}
