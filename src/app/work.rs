//! What runs besides the doors: carrying out, tellers, the sweeper, the record.
//!
//! Each loop does what is due, then waits for the next commit or the next due
//! instant, whichever is first.

use std::{future::Future, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

use crate::{
    adapters::store::upkeep::Upkeep,
    app::House,
    audit::SigningKey,
    desk::{
        Desk,
        record::{self, Sequencer},
        tenants::Desks,
    },
    domain::trouble::chain,
    engine::{Engine, Next},
    ports::{clock::Clock, store::StoreError},
    web::metrics::Metrics,
};

/// So many requests are carried out at once. A leaver's takes some seconds, most of them waiting
/// for Exchange, and writes about twenty times; the tenant takes twenty writes a second: four of
/// them left a sixth of that unused, sixteen always have some writes waiting for their turn.
const AT_ONCE: usize = 16;
/// Nothing is waited for longer than this, whatever is due.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// What is overdue and cannot be taken yet is looked at again after this.
const WAIT_MIN: Duration = Duration::from_millis(100);
/// After a store error, before the next try.
const AFTER_ERROR: Duration = Duration::from_secs(2);
/// Whoever waits for a time looks at the clock this often.
const CLOCK_LOOK: Duration = Duration::from_secs(1);
/// It is asked how people and groups are called now: two small requests, when nothing
/// changed.
const NAMES_EVERY: Duration = Duration::from_mins(1);

/// What was started.
#[derive(Debug)]
pub struct Working(JoinSet<()>);

impl Working {
    /// Waits until every loop has finished what it had begun, for at most half a minute.
    pub async fn finish(mut self) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(30), all).await.is_err() {
            tracing::warn!("Some work did not end in time; it is taken up at the next start");
        }
    }
}

/// What a loop waits with.
#[derive(Clone)]
struct Waiting {
    store: Arc<dyn Upkeep>,
    clock: Arc<dyn Clock>,
    changed: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
}

impl Waiting {
    fn new(house: &House, stop: &watch::Receiver<bool>) -> Self {
        Self {
            store: house.store.clone(),
            clock: house.desk.clock.clone(),
            changed: house.store.changed(),
            stop: stop.clone(),
        }
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Until something was saved, or is due.
    async fn wait(&mut self) {
        let (due, most) = match self.store.next_due().await {
            Ok(Some(due)) => (due.max(self.clock.now() + WAIT_MIN), WAIT_MAX),
            Ok(None) => (Timestamp::MAX, WAIT_MAX),
            Err(_) => (Timestamp::MAX, AFTER_ERROR),
        };
        let clock = self.clock.clone();
        tokio::select! {
            _ = self.changed.changed() => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
            () = until(clock.as_ref(), due, most) => {}
        }
    }

    async fn wait_for(&mut self, most: Duration) {
        tokio::select! {
            _ = self.changed.changed() => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
            () = tokio::time::sleep(most) => {}
        }
    }

    async fn pause(&mut self, long: Duration) {
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => {}
            () = tokio::time::sleep(long) => {}
        }
    }
}

/// Until it is that time by the clock, at most for so long. The clock is looked at again and
/// again: it may be put ahead meanwhile, and a machine that slept finds it ahead.
async fn until(clock: &dyn Clock, due: Timestamp, most: Duration) {
    let end = tokio::time::Instant::now() + most;
    loop {
        let by_clock = Duration::try_from(due.duration_since(clock.now())).unwrap_or_default();
        let left = by_clock.min(end.saturating_duration_since(tokio::time::Instant::now()));
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(CLOCK_LOOK)).await;
    }
}

/// Repeats `turn` until told to stop; `Ok(true)` means that there may be more to do.
async fn repeat<F: Future<Output = Result<bool, StoreError>>>(
    what: &str,
    mut waiting: Waiting,
    mut turn: impl FnMut() -> F,
) {
    while !waiting.stopped() {
        waiting.changed.mark_unchanged();
        match turn().await {
            Ok(true) => {}
            Ok(false) => waiting.wait().await,
            Err(error) => {
                tracing::error!(error = %chain(&error), "{what} failed; trying again");
                waiting.pause(AFTER_ERROR).await;
            }
        }
    }
}

/// Starts carrying out what was approved, and nothing else.
pub fn carrying_out(house: &House, stop: &watch::Receiver<bool>) -> Working {
    let mut tasks = JoinSet::new();
    tasks.spawn(carry_out(house.engine.clone(), Waiting::new(house, stop)));
    Working(tasks)
}

/// Starts every loop.
pub fn start(house: &House, stop: &watch::Receiver<bool>) -> Working {
    let Working(mut tasks) = carrying_out(house, stop);
    let waiting = Waiting::new(house, stop);
    let desks = house.desks.clone();
    tasks.spawn(repeat("Telling", waiting.clone(), move || {
        let desks = desks.clone();
        async move { Ok(desks.tell().await? > 0) }
    }));
    let desks = house.desks.clone();
    tasks.spawn(repeat("Expiring", waiting.clone(), move || {
        let desks = desks.clone();
        async move { Ok(desks.expire().await? > 0) }
    }));
    let every = Duration::try_from(house.left_overs).unwrap_or(WAIT_MAX);
    tasks.spawn(left_overs(house.desks.clone(), every, waiting.clone()));
    for desk in house.desks.all() {
        tasks.spawn(names(desk.clone(), waiting.clone()));
    }
    let key = || house.signing_key();
    tasks.spawn(record(house.desk.clone(), key(), waiting.clone()));
    tasks.spawn(look_through(house.desk.clone(), key(), house.doors.metrics.clone(), waiting));
    Working(tasks)
}

/// Carries out what is due, each request in a task of its own. One loop takes the leases for all
/// of them, so that a commit wakes one and not all.
async fn carry_out(engine: Arc<Engine>, mut waiting: Waiting) {
    let mut running = JoinSet::new();
    while !waiting.stopped() {
        waiting.changed.mark_unchanged();
        let went_well = match engine.claim().await {
            Ok(Some((request, lease))) => {
                let engine = engine.clone();
                running.spawn(async move { engine.advance(&request, &lease).await });
                if running.len() < AT_ONCE { true } else { well(running.join_next().await) }
            }
            Ok(None) => tokio::select! {
                () = waiting.wait() => true,
                Some(ended) = running.join_next() => well(Some(ended)),
            },
            Err(error) => well(Some(Ok(Err(error)))),
        };
        if !went_well {
            waiting.pause(AFTER_ERROR).await;
        }
    }
    while let Some(ended) = running.join_next().await {
        well(Some(ended));
    }
}

/// Says how it ended, if not well. What was begun is taken up again when its lease ends.
fn well(ended: Option<Result<Result<Next, StoreError>, JoinError>>) -> bool {
    let error = match ended {
        None | Some(Ok(Ok(_))) => return true,
        Some(Ok(Err(error))) => chain(&error),
        Some(Err(error)) => error.to_string(),
    };
    tracing::error!(error, "Carrying out failed; trying again");
    false
}

async fn left_overs(desks: Arc<Desks>, every: Duration, mut waiting: Waiting) {
    while !waiting.stopped() {
        if let Err(error) = desks.catch_up().await {
            tracing::error!(error = %chain(&error), "Stored deliveries could not be taken up");
        }
        if let Err(error) = desks.home().tidy().await {
            tracing::error!(error = %chain(&error), "What is past its time could not be deleted");
        }
        waiting.pause(every).await;
    }
}

async fn names(desk: Arc<Desk>, mut waiting: Waiting) {
    while !waiting.stopped() {
        let now = desk.clock.now();
        match desk.people.refresh(desk.directory.as_ref(), &desk.tenant, now).await {
            Ok(()) => {
                if let Err(error) = desk.unlink_who_left().await {
                    tracing::error!(error = %chain(&error), "Chat accounts of people who left could not be looked through");
                }
                waiting.pause(NAMES_EVERY).await;
            }
            Err(error) => {
                tracing::error!(tenant = %desk.tenant, error = %chain(&error), "The directory could not be read; names are as they were");
                waiting.pause(AFTER_ERROR).await;
            }
        }
    }
}

async fn record(desk: Arc<Desk>, key: SigningKey, mut waiting: Waiting) {
    let mut sequencer = match Sequencer::open(&desk, key).await {
        Ok(sequencer) => sequencer,
        Err(error) => {
            tracing::error!(error = %chain(&error), "The record could not be read; it is not continued");
            return;
        }
    };
    while !waiting.stopped() {
        waiting.changed.mark_unchanged();
        match sequencer.turn(&desk).await {
            Ok(0) => waiting.wait_for(WAIT_MAX).await,
            // At most a second behind, and not a head for every fact.
            Ok(_) => waiting.pause(Duration::from_millis(500)).await,
            Err(error) => {
                tracing::error!(error = %chain(&error), "The record could not be continued; trying again");
                waiting.pause(AFTER_ERROR).await;
            }
        }
    }
}

/// Looks once through the whole record, with at most a fifth of a processor.
async fn look_through(
    desk: Arc<Desk>,
    key: SigningKey,
    metrics: Arc<Metrics>,
    mut waiting: Waiting,
) {
    let stop = waiting.stop.clone();
    let rest = |took: Duration| {
        let mut stop = stop.clone();
        async move {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(took * 4) => {}
            }
        }
    };
    while !waiting.stopped() {
        match record::look_through(&desk, &key, rest).await {
            Ok(None) => return,
            Ok(Some(Ok(whole))) => {
                metrics.looked_through(true);
                tracing::info!(facts = whole.tree.size(), "The record is whole");
                return;
            }
            Ok(Some(Err(broken))) => {
                metrics.looked_through(false);
                tracing::error!(error = %broken, "The record is not what was signed; run `countersign audit verify`, and compare a backup");
                return;
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "The record could not be looked through; trying again");
                waiting.pause(AFTER_ERROR).await;
            }
        }
    }
}

/// Until SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be heard");
                let _ = interrupt.await;
                return;
            }
        };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("Told to stop; finishing what was begun");
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use jiff::SignedDuration;

    use super::*;

    /// A day later each time somebody looks.
    #[derive(Default)]
    struct Leaping(AtomicI64);

    impl Clock for Leaping {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
                + SignedDuration::from_hours(24 * self.0.fetch_add(1, Ordering::SeqCst))
        }

        fn fill(&self, _bytes: &mut [u8]) {}
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_put_ahead_is_noticed_within_a_second() {
        let begun = tokio::time::Instant::now();
        let due = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(20);
        until(&Leaping::default(), due, WAIT_MAX).await;
        assert!(begun.elapsed() <= CLOCK_LOOK, "{:?}", begun.elapsed());

        let begun = tokio::time::Instant::now();
        until(&Leaping::default(), Timestamp::MAX, WAIT_MAX).await;
        assert_eq!(begun.elapsed(), WAIT_MAX, "and never longer than was said");
    }
}
