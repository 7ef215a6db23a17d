//! What all calls to one tenant share: places, the write quota, and taking it easy.

use std::{sync::Mutex, time::Duration};

use tokio::sync::Semaphore;

use crate::adapters::graph::{
    answer::{Ask, Outcome},
    quota::Bucket,
    settings::Limits,
    tray::Tray,
};

/// What is shared by all calls to one tenant.
pub(crate) struct Lane {
    pub in_flight: Semaphore,
    pub bucket: Bucket,
    /// Reads that are asked in this moment.
    pub reads: Tray<Ask, Outcome>,
    /// Of Conditional Access, which answers once a second.
    pub policies: Bucket,
    /// The service said that its limit is near: until when, and how long a breath.
    ease: Mutex<Option<(tokio::time::Instant, Duration)>>,
}

impl Lane {
    pub fn new(limits: &Limits) -> Self {
        Self {
            in_flight: Semaphore::new(limits.in_flight.max(1)),
            bucket: Bucket::new(limits.writes_per_second, limits.writes_at_once),
            reads: Tray::new(limits.in_flight),
            policies: Bucket::new(limits.policies_per_second, 1.0),
            ease: Mutex::new(None),
        }
    }

    /// Remembers `x-ms-throttle-limit-percentage`, which Graph sends from 0.8 on.
    pub fn heard(&self, outcomes: &[Outcome]) {
        let answers = outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Answered(answer) => Some(answer),
            _ => None,
        });
        let mut near = 0.0_f64;
        for answer in answers {
            near = near.max(answer.throttle.unwrap_or(0.0));
            if answer.status == 429 {
                self.bucket.drain();
            }
        }
        if near >= 0.8 {
            let until = tokio::time::Instant::now() + Duration::from_secs(10);
            let breath = Duration::from_millis(250).mul_f64(near.min(4.0));
            *self.ease.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                Some((until, breath));
        }
    }

    /// A short wait while the limit is near.
    pub async fn breathe(&self) {
        let ease = *self.ease.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((until, breath)) = ease
            && tokio::time::Instant::now() < until
        {
            tokio::time::sleep(breath).await;
        }
    }
}
