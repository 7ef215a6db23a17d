//! The machine's clock and its chance. The only place that asks for either.

use jiff::Timestamp;

use crate::ports::clock::Clock;

/// The real clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody is handed")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system's chance is there once the process has started");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ids_differ_and_sort_by_their_time() {
        let clock = SystemClock;
        let ids: Vec<_> = (0..50).map(|_| clock.uuid()).collect();
        let stamp = |id: &uuid::Uuid| id.as_u128() >> 80;
        assert!(
            ids.windows(2).all(|pair| pair[0] != pair[1] && stamp(&pair[0]) <= stamp(&pair[1]))
        );
    }
}
