//! `countersign bench --growth`: does a click, or the list of what waits, cost more when a
//! million requests are stored than when a thousand are?
//!
//! The same database grows: at each size the service is started on it and gets real signed clicks,
//! one at a time, with the floor of this disk between them. What it grows by is written straight
//! into the store, in large turns, sealed as everything is, each about one of 20,000 people and with a
//! fact of the record. The first 10,000 wait for a signature, so that memory with as many is seen too;
//! the others are over.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use crate::{
    adapters::{clock::SystemClock, store::upkeep::Upkeep},
    cli::{
        bench::{
            clicks::{Click, signed},
            floor::Floor,
            load,
            outside::Outside,
            prepare::{self, When, Workshop},
            service::Service,
            spread::Spread,
            wire,
        },
        reach, say,
    },
    config::{Config, KeyRing},
    domain::{
        chat::Platform,
        fact::Fact,
        ids::Number,
        request::{Request, Stage},
        users::PersonRef,
    },
    ports::{clock::Clock, store::Turn},
};

/// The smallest size, and what each next one is larger by.
const SMALLEST: usize = 1_000;
const TIMES: usize = 10;
/// Clicks at each size, and before any is measured.
const CLICKS: usize = 120;
const LEARN: usize = 16;
const WARM_UP: usize = 8;
/// Readings of the list at each size.
const LISTS: usize = 300;
/// So many requests a list shows, and one more to know whether there are more.
const LISTED: u32 = 21;
/// Requests that are written in one turn.
const AT_ONCE: usize = 500;
/// So many of them wait for a signature.
const WAITING: usize = 10_000;
/// People whom those requests are about.
const PEOPLE: u128 = 20_000;
/// What costs at most so many times as much at the largest size as at the smallest does not grow.
const MOST: f64 = 1.2;
/// Everything is taken up again within this after a start.
const RESUMES_S: f64 = 2.0;
/// The record is continued within this after a start, or it is given up.
const PATIENCE: Duration = Duration::from_mins(10);

/// What was measured at one size.
struct Size {
    stored: usize,
    mib: f64,
    start_ms: f64,
    record_s: f64,
    rest_mib: f64,
    click: Spread,
    floor: Spread,
    list: Spread,
    due: Spread,
}

impl Size {
    /// How many floors a click costs.
    fn floors(&self) -> f64 {
        self.click.p50_ms / self.floor.p50_ms.max(1e-6)
    }
}

/// Measures, prints, and fails when something grows.
pub async fn run(disk: &Path, top: usize) -> anyhow::Result<()> {
    let room = disk.join(format!("countersign-growth-{}", std::process::id()));
    std::fs::create_dir(&room).with_context(|| format!("cannot make {}", room.display()))?;
    let measured = measure(&room, top).await;
    std::fs::remove_dir_all(&room).with_context(|| format!("cannot remove {}", room.display()))?;
    let sizes = measured?;
    let [first, .., last] = sizes.as_slice() else {
        return Ok(());
    };
    let times = |of: fn(&Size) -> f64| of(last) / of(first).max(1e-9);
    let (click, floors) = (times(|size| size.click.p50_ms), times(Size::floors));
    let read = times(|size| size.list.p50_ms);
    say(format!(
        "At {} requests, times what it costs at {}: a click {click:.2}, in floors {floors:.2}; the list of what waits {read:.2}.",
        last.stored, first.stored
    ));
    for size in &sizes {
        let resumed = size.start_ms / 1000.0 + size.record_s;
        say(format!(
            "With {} requests waiting it answers {:.0} ms after its start, and has taken up all of it, its record too, after {resumed:.2} s.",
            size.stored.min(WAITING),
            size.start_ms
        ));
        ensure!(resumed <= RESUMES_S, "a start takes up what waits within {RESUMES_S} s");
    }
    // A machine that becomes busier moves one of the two; a click that costs more moves both.
    ensure!(click.min(floors) <= MOST, "a click grows; at most {MOST} times as much is promised");
    ensure!(read <= MOST, "the list grows; at most {MOST} times as much is promised");
    Ok(())
}

async fn measure(room: &Path, top: usize) -> anyhow::Result<Vec<Size>> {
    let sizes: Vec<usize> = std::iter::successors(Some(SMALLEST), |size| size.checked_mul(TIMES))
        .take_while(|size| *size <= top)
        .collect();
    let wanted = CLICKS + WARM_UP;
    let outside = Arc::new(Outside::open(LEARN + wanted * sizes.len()).await?);
    let (config, keys) = prepare::settings(room, &outside.settings(room), &SystemClock)?;
    let workshop = Workshop::open(&outside, &config, &keys).await?;
    let mut wishes = vec![(LEARN, Platform::Slack, When::Later)];
    wishes.extend(sizes.iter().map(|_| (wanted, Platform::Slack, When::Later)));
    let mut made = workshop.make(&outside, &wishes).await?.into_iter();
    let learn = made.next().context("no click")?;
    let mut first = wire::Wire::to(outside.service).await?;
    let bytes = workshop.bytes_of(room, &mut first, &signed(&outside, &learn)?).await?;
    drop(first);
    workshop.close().await;
    let mut floor = Floor::new(room, usize::try_from(bytes)?)?;
    let mut seed = Seed { stored: LEARN + wanted * sizes.len(), sown: 0 };
    say(HEAD);
    let mut measured = Vec::new();
    for (size, clicks) in sizes.into_iter().zip(made) {
        seed.grow_to(size, &config, &keys, &learn[0]).await?;
        let one = at_size(room, (&outside, &mut floor), (&config, &keys), seed.stored, &clicks)
            .await
            .with_context(|| format!("with {} requests stored", seed.stored))?;
        say(line(&one));
        measured.push(one);
    }
    Ok(measured)
}

async fn at_size(
    room: &Path,
    (outside, floor): (&Outside, &mut Floor),
    (config, keys): (&Config, &KeyRing),
    stored: usize,
    clicks: &[Click],
) -> anyhow::Result<Size> {
    let program = std::env::current_exe().context("this program's own file")?;
    let store = reach::store(config, keys).await?;
    // What was written straight into the store is signed by a first start, and then it dies.
    let first = Service::start(&program, room, outside.service).await?;
    continued(store.as_ref()).await?;
    first.kill().await?;
    let service = Service::start(&program, room, outside.service).await?;
    let record_s = continued(store.as_ref()).await?.as_secs_f64();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let rest_mib = service.memory("VmRSS").unwrap_or_default();
    let (warm, clicks) = clicks.split_at(WARM_UP);
    load::alone(outside.service, &signed(outside, warm)?, floor).await?;
    let alone = load::alone(outside.service, &signed(outside, clicks)?, floor).await?;
    let mut lists = Vec::new();
    let mut dues = Vec::new();
    let whole = Instant::now();
    for _ in 0..LISTS {
        let begun = Instant::now();
        let listed = store.open(&config.tenant.id, None, LISTED).await?;
        lists.push(begun.elapsed());
        ensure!(listed.len() == LISTED as usize, "{} requests wait", listed.len());
        let begun = Instant::now();
        store.next_due().await?;
        dues.push(begun.elapsed());
    }
    let whole = whole.elapsed();
    store.close().await;
    let start_ms = service.started.as_secs_f64() * 1000.0;
    service.kill().await?;
    let file = std::fs::metadata(room.join(prepare::DATABASE))?.len();
    Ok(Size {
        stored,
        mib: f64::from(u32::try_from(file / 1024).unwrap_or(u32::MAX)) / 1024.0,
        start_ms,
        record_s,
        rest_mib,
        click: Spread::of(alone.clicks, alone.whole),
        floor: Spread::of(alone.append, alone.whole),
        list: Spread::of(lists, whole),
        due: Spread::of(dues, whole),
    })
}

/// Until a signed head covers every fact; says how long that took.
async fn continued(store: &dyn Upkeep) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    while store.gauges().await?.uncovered_since.is_some() {
        ensure!(begun.elapsed() < PATIENCE, "the record was not continued in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(begun.elapsed())
}

const HEAD: &str = "\
  stored | database MiB | start ms | continued s   | at rest MiB | click p50 ms | floors | click p99 ms | list p50 ms | next due p50 ms";

fn line(size: &Size) -> String {
    format!(
        "{:8} | {:12.1} | {:8.0} | {:13.1} | {:11.1} | {:12.2} | {:6.2} | {:12.2} | {:11.3} | {:15.3}",
        size.stored,
        size.mib,
        size.start_ms,
        size.record_s,
        size.rest_mib,
        size.click.p50_ms,
        size.floors(),
        size.click.p99_ms,
        size.list.p50_ms,
        size.due.p50_ms,
    )
}

/// What the database grows by.
struct Seed {
    stored: usize,
    sown: u128,
}

impl Seed {
    async fn grow_to(
        &mut self,
        size: usize,
        config: &Config,
        keys: &KeyRing,
        like: &Click,
    ) -> anyhow::Result<()> {
        let store = reach::store(config, keys).await?;
        let like = store.request(&like.request).await?.context("a request is gone")?;
        while self.stored < size {
            // Two turns at a time: one is sealed while the other is written.
            let turns = [self.turn(&like, size), self.turn(&like, size)];
            let [one, other] = turns.map(|turn| store.save(turn));
            futures::try_join!(one, other)?;
        }
        while store.number_facts(10_000).await? > 0 {}
        store.empty_log().await?;
        store.close().await;
        Ok(())
    }

    /// So many further requests; fewer when no more are wanted.
    fn turn(&mut self, like: &Request, size: usize) -> Turn {
        let count = AT_ONCE.min(size - self.stored);
        let now = SystemClock.now();
        let mut turn = Turn { at: now, ..Turn::default() };
        for _ in 0..count {
            self.stored += 1;
            let request = self.another(like);
            let (id, payload) = (SystemClock.uuid(), serde_json::json!({ "by": "a benchmark" }));
            turn.facts.push(Fact::about(&request, "run.ended", id, now, payload));
            turn.requests.push((request, None));
        }
        turn
    }

    fn another(&mut self, like: &Request) -> Request {
        self.sown += 1;
        let mut request = like.clone();
        request.id = SystemClock.request_id();
        request.number = Number(0);
        request.version = 0;
        let person = uuid::Uuid::from_u128((0xB0B0 << 64) + self.sown % PEOPLE);
        let was = &like.requester;
        request.subjects = vec![PersonRef {
            id: request.tenant.object(person),
            name: format!("Person {}", self.sown % PEOPLE),
            upn: was.upn.clone(),
        }];
        request.origin.place.conversation = format!("C0GROWTH{}", self.sown % 1_000);
        request.origin.message = Some(self.sown.to_string());
        if self.stored > WAITING {
            request.stage = Stage::Succeeded { by: vec![was.clone()], at: SystemClock.now() };
            request.due_at = None;
        }
        request
    }
}
