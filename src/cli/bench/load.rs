//! Sends prepared requests: one at a time with pauses, or over many connections at once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;

use crate::cli::bench::{floor::Floor, spread::Spread, wire::Wire};

/// A lone click comes so often: what follows from the one before has mostly happened.
const EVERY: Duration = Duration::from_millis(40);
/// The floor is measured between the clicks, on the same disk in the same seconds.
const FLOOR_AFTER: Duration = Duration::from_millis(20);
const OVER_AFTER: Duration = Duration::from_millis(30);

/// What one at a time gave, with the floor beside it.
#[derive(Debug)]
pub struct Alone {
    /// Clicks.
    pub clicks: Vec<Duration>,
    /// Append and sync.
    pub append: Vec<Duration>,
    /// Write over and sync.
    pub over: Vec<Duration>,
    /// From the first to the last.
    pub whole: Duration,
}

/// Sends these one by one, each when its time has come, and measures the disk between.
pub async fn alone(
    at: SocketAddr,
    requests: &[Vec<u8>],
    floor: &mut Floor,
) -> anyhow::Result<Alone> {
    let mut wire = Wire::to(at).await?;
    let (mut clicks, mut append, mut over) = (Vec::new(), Vec::new(), Vec::new());
    let begun = Instant::now();
    for (number, request) in (0_u32..).zip(requests) {
        let due = begun + EVERY * number;
        tokio::time::sleep_until(due.into()).await;
        let sent = Instant::now();
        let answer = wire.ask(request).await?;
        clicks.push(sent.elapsed());
        ensure!(answer.status == 200, "a click was answered {}", answer.status);
        tokio::time::sleep_until((due + FLOOR_AFTER).into()).await;
        append.push(floor.append()?);
        tokio::time::sleep_until((due + OVER_AFTER).into()).await;
        over.push(floor.over()?);
    }
    Ok(Alone { clicks, append, over, whole: begun.elapsed() })
}

/// Sends these over `lanes` connections, each as soon as the one before was answered,
/// and wants this status of all of them.
pub async fn at_once(
    at: SocketAddr,
    requests: Vec<Vec<u8>>,
    lanes: usize,
    status: u16,
) -> anyhow::Result<Spread> {
    let mut wires = Vec::new();
    for _ in 0..lanes {
        wires.push(Wire::to(at).await?);
    }
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let running: Vec<_> = wires
        .into_iter()
        .map(|mut wire| {
            let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
            tokio::spawn(async move {
                let mut each = Vec::new();
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let sent = Instant::now();
                    let answer = wire.ask(request).await?;
                    each.push(sent.elapsed());
                    ensure!(answer.status == status, "answered {}, not {status}", answer.status);
                }
                anyhow::Ok(each)
            })
        })
        .collect();
    let mut each = Vec::new();
    for lane in running {
        each.extend(lane.await??);
    }
    Ok(Spread::of(each, begun.elapsed()))
}
