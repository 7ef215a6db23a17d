//! One run: started, struck, left in peace, and looked at.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use tokio::{sync::OwnedSemaphorePermit, time::sleep};

use crate::{
    adapters::{
        clock::SystemClock,
        store::{gauges::Gauges, upkeep::Upkeep},
    },
    app::{Extras, House},
    cli::{
        chaos::{
            cards,
            clock::{self, MovedClock},
            database::Database,
            herd::{About, Herd, Process},
            jumps,
            oracles::{self, Oracles, Requests},
            outside::{self, ASKER, Lines, Outside, SIGNER},
            people::People,
            report::{Engine, Recovery, Report},
            schedules,
            tally::Tally,
            trouble::{Rates, Trouble},
        },
        reach,
    },
    config::{Config, KeyRing},
    domain::{ids::TenantId, request::Request, secret::Secret},
    ports::{clock::Clock, store::Store},
};

/// Cards may be behind for so long once everything answers again.
const CARDS_WITHIN: Duration = Duration::from_secs(30);
/// Every request has to be over within this; the longest waits of the engine are shorter.
const OVER_WITHIN: Duration = Duration::from_mins(9);
/// While all is quiet, it is looked so often.
const LOOK: Duration = Duration::from_millis(500);
/// A run in which nothing has been asked for so long and all is over ends early.
const IDLE: Duration = Duration::from_secs(3);

/// What is to be run.
#[derive(Debug)]
pub struct Plan {
    /// Where chance begins.
    pub seed: u64,
    /// The countersign whose `serve` is struck.
    pub program: PathBuf,
    /// Processes on one store.
    pub replicas: usize,
    /// The server, or a file.
    pub postgres: Option<Secret>,
    /// So long it strikes.
    pub long: Duration,
    /// Things asked for at most.
    pub requests: u64,
    /// Between two of them.
    pub apart: Duration,
    /// How often it strikes.
    pub rates: Rates,
}

/// Everything of one run.
struct Room {
    outside: Arc<Outside>,
    people: Arc<People>,
    trouble: Arc<Trouble>,
    store: Box<dyn Upkeep>,
    config: Config,
    keys: KeyRing,
}

/// Runs it in a new folder, which is removed afterwards. `turn` is given back as soon as nothing
/// strikes any more: another run may strike while this one is left in peace and looked at. Not so
/// on a server: what strikes it strikes whoever looks at another of its schemas.
pub async fn run(plan: Plan, turn: OwnedSemaphorePermit) -> anyhow::Result<Report> {
    let name = format!("countersign-chaos-{}-{}", std::process::id(), plan.seed);
    let room = std::env::temp_dir().join(name);
    std::fs::create_dir(&room).with_context(|| format!("cannot make {}", room.display()))?;
    let report = in_room(&plan, &room, turn).await;
    let broken = report.as_ref().map_or(true, |report| !report.oracles.hold());
    if broken {
        tracing::error!(folder = %room.display(), "What the processes left is kept");
    } else {
        std::fs::remove_dir_all(&room)
            .with_context(|| format!("cannot remove {}", room.display()))?;
    }
    report
}

async fn in_room(plan: &Plan, room: &Path, turn: OwnedSemaphorePermit) -> anyhow::Result<Report> {
    let tally = Tally::default();
    let at = SystemClock.now();
    let database = Arc::new(match &plan.postgres {
        None => Database::file(room),
        Some(server) => {
            let name = format!("chaos_{}_{}", plan.seed, std::process::id());
            Database::schema(server.clone(), name).await?
        }
    });
    let (room_of, herd) = furnish(plan, room, &database, &tally).await?;
    herd.ready().await?;
    for who in [ASKER, SIGNER] {
        room_of.outside.turn_to(herd.all[0].at);
        let met =
            room_of.outside.teams.install(who).await.context("the bot cannot be installed")?;
        ensure!(met.status == 200, "the bot cannot be installed: {} {}", met.status, met.body);
    }
    let struck_for = strike(plan, &room_of, &herd).await;
    let _kept = plan.postgres.is_some().then_some(turn);
    let (mut recovery, mut oracles) = quiet(&room_of, &herd).await?;
    recovery.starts = herd.all.iter().map(|process| process.starts()).sum();
    for wrong in herd.end().await {
        oracles.ended_by_themselves += 1;
        oracles.wrong(wrong);
    }
    let requests = judge(&room_of, room, &mut recovery, &mut oracles).await?;
    room_of.store.close().await;
    if oracles.hold() {
        database.remove().await?;
    }
    Ok(Report {
        seed: plan.seed,
        at: at.to_string().chars().take(19).chain(['Z']).collect(),
        engine: Engine::this(),
        store: database.name().to_owned(),
        replicas: plan.replicas,
        seconds: struck_for.as_secs(),
        jumps: plan.rates.jumps > 0,
        struck: tally.counts(),
        requests,
        oracles,
        recovery,
    })
}

/// The world, the people, whoever strikes, and the processes.
async fn furnish(
    plan: &Plan,
    room: &Path,
    database: &Arc<Database>,
    tally: &Tally,
) -> anyhow::Result<(Room, Herd)> {
    let time = MovedClock::default();
    let jumps = plan.rates.jumps > 0;
    if jumps {
        time.set(jumps::begins(plan.seed).duration_since(SystemClock.now()));
    }
    let all: Arc<Mutex<Vec<Arc<Process>>>> = Arc::default();
    let any = all.clone();
    // Whose call it is, the common line cannot tell: it strikes them in turn.
    let outside = Arc::new(
        Outside::open(
            tally,
            Arc::new(move || {
                let mut all = any.lock().unwrap_or_else(PoisonError::into_inner);
                all.rotate_left(1);
                all.first().is_some_and(|process| process.kill())
            }),
            time.clone(),
        )
        .await?,
    );
    let keys = KeyRing::new_file(&room.join("keys.toml"), |bytes| SystemClock.fill(bytes))?;
    let mut herd: Vec<(Arc<Process>, Lines)> = Vec::new();
    let mut config = None;
    for number in 0..plan.replicas {
        let at = outside::free_port().await?;
        let settings = room.join(format!("countersign-{number}.toml"));
        let clock = jumps.then(|| room.join(format!("clock-{number}")));
        if let Some(file) = &clock {
            clock::write(file, time.by())?;
            outside.add_clock(file.clone());
        }
        let log = room.join(format!("service-{number}.log"));
        let about = About { settings: settings.clone(), clock, log };
        let process = Process::new(at, about, tally.clone());
        let own = process.clone();
        let lines = outside.lines(database, tally, Arc::new(move || own.kill())).await?;
        let through = lines.database.as_ref().and_then(|line| database.address_through(line.at));
        let address = through.unwrap_or_else(|| database.address());
        let text = |address: &Secret| outside.settings(room, address, at, &lines);
        std::fs::write(&settings, text(&address))?;
        // Whoever looks at it afterwards goes there directly.
        config = Some(Config::read(&text(&database.address()), &BTreeMap::new())?);
        herd.push((process, lines));
    }
    let config = config.context("there is no process")?;
    let processes: Vec<_> = herd.iter().map(|(process, _)| process.clone()).collect();
    all.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&processes);
    let store = reach::store(&config, &keys).await?;
    let people = People::new(outside.clone(), processes.clone(), plan.seed, jumps, tally.clone());
    let trouble = Trouble::new(outside.clone(), herd, database.clone(), plan.seed, tally.clone());
    let herd = Herd::start(&plan.program, processes);
    Ok((Room { outside, people, trouble, store, config, keys }, herd))
}

/// Lets people work and everything strike; says for how long. The signer goes on until all is
/// over: that is for [`quiet`] to see.
async fn strike(plan: &Plan, room: &Room, herd: &Herd) -> Duration {
    let (over, begun) = (Arc::new(AtomicBool::new(false)), Instant::now());
    room.people.repeats.store(plan.rates.faults > 0, Ordering::SeqCst);
    let asking = tokio::spawn(room.people.clone().ask(plan.requests, plan.apart, over.clone()));
    let _signing = tokio::spawn(room.people.clone().sign(Arc::default()));
    let killing = tokio::spawn(room.trouble.clone().kill(plan.rates, over.clone()));
    let striking = tokio::spawn(room.trouble.clone().strike(plan.rates, over.clone()));
    let jumping = tokio::spawn(room.trouble.clone().jump(plan.rates.jumps, over.clone()));
    let mut idle_since = None;
    while begun.elapsed() < plan.long && !herd.is_broken() {
        sleep(LOOK).await;
        let is_idle = asking.is_finished() && waits(room).await == Some(0);
        idle_since = is_idle.then(|| idle_since.unwrap_or_else(Instant::now));
        if idle_since.is_some_and(|since: Instant| since.elapsed() > IDLE) {
            break;
        }
    }
    let struck_for = begun.elapsed();
    over.store(true, Ordering::SeqCst);
    for task in [killing, striking, jumping] {
        // Each ends within its pause.
        let _ended = task.await;
    }
    room.trouble.end();
    room.people.repeats.store(false, Ordering::SeqCst);
    // Who was not heard yet goes on trying.
    let _ended = asking.await;
    if plan.rates.jumps > 0 {
        room.outside.move_clock(room.outside.clock.by() + jumps::TO_THE_END).await;
    }
    struck_for
}

/// Requests that are not over, deliveries and cards that wait; none when the store cannot say.
async fn waits(room: &Room) -> Option<u64> {
    let gauges = room.store.gauges().await.ok()?;
    Some(going_on(&gauges) + gauges.deliveries + gauges.cards + gauges.messages)
}

/// Waits until all is over; looks at the cards of what was over before, half a minute in.
async fn quiet(room: &Room, herd: &Herd) -> anyhow::Result<(Recovery, Oracles)> {
    let (mut recovery, mut oracles) = (Recovery::default(), Oracles::default());
    recovery.all_answer_s = herd.ready().await?.as_secs_f64();
    let begun = Instant::now();
    let over = |request: &Request| request.stage.is_final();
    let before: Vec<_> =
        all(room).await?.into_iter().filter(over).map(|request| request.id).collect();
    let mut looked = false;
    loop {
        let gauges = room.store.gauges().await?;
        let open = going_on(&gauges);
        if open > 0 || gauges.deliveries > 0 {
            recovery.all_over_s = begun.elapsed().as_secs_f64();
        }
        if gauges.cards > 0 || gauges.messages > 0 {
            recovery.all_drawn_s = begun.elapsed().as_secs_f64();
        }
        if !looked && begun.elapsed() > CARDS_WITHIN {
            looked = true;
            let old: Vec<Request> =
                all(room).await?.into_iter().filter(|one| before.contains(&one.id)).collect();
            let wrong = wrong_cards(room, &old).await?;
            oracles.cards_false_after_30_s = wrong.len() as u64;
            for wrong in wrong {
                oracles.wrong(format!("after 30 s, {wrong}"));
            }
        }
        let waits = open + gauges.deliveries + gauges.cards + gauges.messages;
        let is_quiet = waits == 0 && room.people.asks_still().is_empty();
        let is_recorded = gauges.uncovered_since.is_none();
        if (is_quiet && is_recorded) || begun.elapsed() > OVER_WITHIN || herd.is_broken() {
            return Ok((recovery, oracles));
        }
        sleep(LOOK).await;
    }
}

/// Requests that go on by themselves or wait for the signer. One that asked something back waits
/// for whoever asked, and nobody of ours answers.
fn going_on(gauges: &Gauges) -> u64 {
    let waits = gauges.requests.iter().filter(|(state, _)| state != "clarifying");
    waits.map(|(_, count)| count).sum()
}

async fn all(room: &Room) -> anyhow::Result<Vec<Request>> {
    let tenant: &TenantId = &room.config.tenant.id;
    Ok(oracles::requests(store(room), tenant).await?)
}

fn store(room: &Room) -> &dyn Store {
    &*room.store
}

/// What the processes are, in this one, for looking only.
async fn house(room: &Room) -> anyhow::Result<House> {
    let clock = Some(Arc::new(room.outside.clock.clone()) as Arc<dyn Clock>);
    House::build(&room.config, &room.keys, Extras { clock, ..Extras::default() }).await
}

async fn wrong_cards(room: &Room, requests: &[Request]) -> anyhow::Result<Vec<String>> {
    let house = house(room).await?;
    cards::wrong(&house, &room.outside, requests, &room.trouble.deleted()).await
}

/// All oracles, with every process gone.
async fn judge(
    room: &Room,
    folder: &Path,
    recovery: &mut Recovery,
    oracles: &mut Oracles,
) -> anyhow::Result<Requests> {
    let requests = all(room).await?;
    let house = house(room).await?;
    let diary = std::mem::take(&mut *room.people.diary());
    ensure!(!diary.asked.is_empty(), "nothing was asked; let it run for longer");
    let mut told =
        oracles::check(&house, &room.keys, &room.outside, &diary, &requests, oracles).await?;
    told.scheduled = schedules::check(&house, &room.outside, &diary, &requests, oracles).await?;
    let wrong = cards::wrong(&house, &room.outside, &requests, &room.trouble.deleted()).await?;
    oracles.cards_false = wrong.len() as u64;
    for wrong in wrong {
        oracles.wrong(wrong);
    }
    let (slack, teams) = cards::left_behind(&house, &room.outside, &requests).await?;
    recovery.left_behind = [slack, teams];
    oracles::leaks(folder, &room.outside, oracles)?;
    Ok(told)
}
