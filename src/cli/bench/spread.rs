//! p50, p99 and a rate out of single measurements.

use std::time::Duration;

use serde::Serialize;

/// What many measurements of one thing say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// How many there were.
    pub count: u32,
    /// Half of them took at most this long, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 took at most this long, in milliseconds.
    pub p99_ms: f64,
    /// So many were done in a second.
    pub per_second: f64,
}

impl Spread {
    /// Of at least one measurement; `whole` is the time from the first to the last.
    pub fn of(mut each: Vec<Duration>, whole: Duration) -> Self {
        each.sort_unstable();
        let at = |hundredths: usize| {
            let rank = (each.len() * hundredths).div_ceil(100).saturating_sub(1);
            each.get(rank).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
        };
        let count = u32::try_from(each.len()).unwrap_or(u32::MAX);
        Self {
            count,
            p50_ms: at(50),
            p99_ms: at(99),
            per_second: f64::from(count) / whole.as_secs_f64().max(1e-9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measurements_that_were_made() {
        let each: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        let spread = Spread::of(each, Duration::from_secs(10));
        assert_eq!(spread, Spread { count: 100, p50_ms: 50.0, p99_ms: 99.0, per_second: 10.0 });
        let one = Spread::of(vec![Duration::from_secs(1)], Duration::from_secs(1));
        assert_eq!((one.p50_ms, one.p99_ms), (1000.0, 1000.0));
    }
}
