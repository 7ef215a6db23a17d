//! The write quota of a tenant.
//!
//! A token bucket by reservation: who comes first is served first, a wait that is
//! too long is refused at once, and no lock is held while waiting. Callers with
//! many batches reserve one batch at a time, so a small caller stands behind a few
//! batches of a large one, never behind all of them.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

/// A bucket that refills.
pub(crate) struct Bucket {
    per_second: f64,
    capacity: f64,
    state: Mutex<State>,
}

struct State {
    /// Negative while reservations wait.
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// Full.
    pub fn new(per_second: f64, capacity: f64) -> Self {
        let state = Mutex::new(State { tokens: capacity, at: Instant::now() });
        Self { per_second, capacity, state }
    }

    /// Takes `count` tokens, waiting at most `patience`. `Err` says how long it
    /// would have been; nothing is taken then.
    pub async fn take(&self, count: usize, patience: Duration) -> Result<(), Duration> {
        let wait = self.reserve(count, patience)?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    fn reserve(&self, count: usize, patience: Duration) -> Result<Duration, Duration> {
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let mut state = self.lock();
        let left = state.tokens - count;
        if left >= 0.0 {
            state.tokens = left;
            return Ok(Duration::ZERO);
        }
        let wait = Duration::from_secs_f64((-left / self.per_second).min(86_400.0));
        if wait > patience {
            return Err(wait);
        }
        state.tokens = left;
        Ok(wait)
    }

    /// The service said that it is enough: what was saved up is gone.
    pub fn drain(&self) {
        let mut state = self.lock();
        state.tokens = state.tokens.min(0.0);
    }

    /// Refilled up to now.
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        let grown = now.duration_since(state.at).as_secs_f64() * self.per_second;
        state.tokens = (state.tokens + grown).min(self.capacity);
        state.at = now;
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn writes_beyond_the_quota_wait_and_too_long_a_wait_is_refused() {
        let bucket = Bucket::new(20.0, 40.0);
        let start = Instant::now();
        bucket.take(40, Duration::from_secs(5)).await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        bucket.take(20, Duration::from_secs(5)).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
        let wait = bucket.take(200, Duration::from_secs(5)).await.unwrap_err();
        assert!(wait > Duration::from_secs(9), "{wait:?}");
        bucket.take(20, Duration::from_secs(2)).await.unwrap();
        bucket.drain();
        assert!(bucket.take(20, Duration::from_millis(500)).await.is_err());
    }
}
