//! p50, p99 and a rate out of single measurements.

use std::time::Duration;

/// What many measurements of one thing say.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Half of them took at most this long, in seconds.
    pub p50: f64,
    /// 99 of 100 took at most this long, in seconds.
    pub p99: f64,
    /// So many were done in a second.
    pub rate: f64,
}

impl Spread {
    /// Of at least one measurement; `whole` is the time from the first to the last.
    pub fn of(mut each: Vec<Duration>, whole: Duration) -> Self {
        each.sort_unstable();
        let at = |hundredths: usize| {
            let rank = (each.len() * hundredths).div_ceil(100).saturating_sub(1);
            each.get(rank).map_or(0.0, Duration::as_secs_f64)
        };
        let count = u32::try_from(each.len()).unwrap_or(u32::MAX);
        Self { p50: at(50), p99: at(99), rate: f64::from(count) / whole.as_secs_f64().max(1e-9) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measurements_that_were_made() {
        let each: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        let spread = Spread::of(each, Duration::from_secs(10));
        assert_eq!(spread, Spread { p50: 0.05, p99: 0.099, rate: 10.0 });
        let one = Spread::of(vec![Duration::from_secs(1)], Duration::from_secs(1));
        assert_eq!((one.p50, one.p99), (1.0, 1.0));
    }
}
