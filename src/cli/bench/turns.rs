//! Whole turns through the real store.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use uuid::Uuid;

use crate::{
    adapters::store::{
        sealing::Sealing,
        sqlite::{Options, SqliteStore},
    },
    cli::{bench::spread::Spread, reach},
    config::KeyRing,
    domain::{
        fact::{Fact, Header},
        ids::TenantId,
    },
    ports::{
        clock::Clock,
        store::{Answer, Store, Turn},
    },
};

const DATABASE: &str = "bench.db";

/// A new store with fresh keys.
pub async fn open(room: &Path) -> anyhow::Result<Arc<SqliteStore>> {
    let clock = reach::clock();
    let keys = KeyRing::fresh(|bytes| clock.fill(bytes));
    let sealing = Sealing::new(&keys.id, &keys.encryption, clock)?;
    Ok(Arc::new(SqliteStore::open(&room.join(DATABASE), sealing, Options::default()).await?))
}

/// Bytes in the database and its write-ahead log.
pub fn bytes_written(room: &Path) -> u64 {
    let size = |name: &str| std::fs::metadata(room.join(name)).map_or(0, |about| about.len());
    size(DATABASE) + size("bench.db-wal")
}

/// One after the other.
pub async fn alone(store: &SqliteStore, count: u32) -> anyhow::Result<Spread> {
    let clock = reach::clock();
    let mut each = Vec::new();
    let begun = Instant::now();
    for _ in 0..count {
        each.push(one(store, &*clock).await?);
    }
    Ok(Spread::of(each, begun.elapsed()))
}

/// `lanes` at the same time, together `count`.
pub async fn at_once(store: &Arc<SqliteStore>, count: u32, lanes: u32) -> anyhow::Result<Spread> {
    let left = Arc::new(AtomicU32::new(count));
    let begun = Instant::now();
    let lane = || {
        let (store, left) = (Arc::clone(store), Arc::clone(&left));
        tokio::spawn(async move {
            let clock = reach::clock();
            let mut each = Vec::new();
            let take = |now: u32| now.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                each.push(one(&store, &*clock).await?);
            }
            anyhow::Ok(each)
        })
    };
    let running: Vec<_> = (0..lanes).map(|_| lane()).collect();
    let mut each = Vec::new();
    for lane in running {
        each.extend(lane.await??);
    }
    Ok(Spread::of(each, begun.elapsed()))
}

async fn one(store: &SqliteStore, clock: &dyn Clock) -> anyhow::Result<Duration> {
    let turn = turn(clock);
    let begun = Instant::now();
    store.save(turn).await?;
    Ok(begun.elapsed())
}

/// A delivery that was answered, and the fact that says so.
fn turn(clock: &dyn Clock) -> Turn {
    let (id, at) = (clock.uuid(), clock.now());
    let header = Header {
        id,
        tenant: TenantId::from(Uuid::from_u128(1)),
        request: None,
        kind: "vote.cast".to_owned(),
        at,
        digest: None,
    };
    let payload = json!({ "voter": "Grace Hopper", "choice": "approve", "note": null });
    Turn {
        at,
        inbox: Some((format!("bench:{id}"), Answer::default())),
        facts: vec![Fact { header, payload, subject: "house".to_owned() }],
        ..Turn::default()
    }
}
