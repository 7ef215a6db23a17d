//! `countersign bench`: how fast a click is decided, beside the fastest that this disk allows.
//!
//! - [`outside`] the simulated world, in this process
//! - [`prepare`] requests that wait for a signature, made through the desk
//! - [`service`] what is measured: `countersign serve`, in a process of its own
//! - [`clicks`] [`wire`] [`load`] real signed clicks, sent with as little as it takes
//! - [`floor`]   append and `fdatasync`: what no durable program can beat
//! - [`words`]   apart from all that: how long a message takes to be understood
//! - [`offboard`] apart from all that: how long a leaver's plan takes
//! - [`growth`]  the same click, and the list, while a thousand requests become a million
//! - [`spread`] [`machine`] [`report`] [`block`] figures, for people, programs and pages
//!
//! Not here: the network between a chat service and us.

pub mod block;
pub mod clicks;
pub mod floor;
pub mod growth;
pub mod load;
pub mod machine;
pub mod offboard;
pub mod outside;
pub mod prepare;
pub mod report;
pub mod service;
pub mod spread;
pub mod wire;
pub mod words;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    adapters::{clock::SystemClock, store::upkeep::Upkeep},
    cli::{reach, say},
    domain::{chat::Platform, request::Stage},
};
use clicks::{Click, signed};
use outside::Outside;
use prepare::{When, Workshop};
use report::{Report, Row};
use service::Service;
use spread::Spread;

/// The floor's line.
pub const APPEND: &str = "append as many bytes + fdatasync (the floor)";
/// The stricter floor's line.
pub const OVER: &str = "write over as many bytes + fdatasync";
/// A lone click's line in Slack.
pub const SLACK: &str = "click in Slack, one at a time";
/// A lone click's line in Teams.
pub const TEAMS: &str = "click in Teams, one at a time";
/// The refusals' line.
pub const FORGED: &str = "wrong signature refused, 32 at once";

/// Clicks before anything is measured: they learn a decision's bytes.
const LEARN: usize = 16;
/// Clicks on the service before anything is measured.
const WARM_UP: usize = 8;
/// After its start the service is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// Measure acknowledged clicks against append + fdatasync of the same bytes, on the same disk, in the same run
///
/// Starts `countersign serve` as a process of its own on loopback, against the simulated Slack,
/// Teams and tenant in this process, and sends it real signed clicks on requests that were asked
/// before in plain words. Prints delays, clicks per second, memory, start time and refusals; ends
/// the service with SIGKILL and looks whether every acknowledged click is in the database.
/// Takes one to two minutes. Use `make bench`: a debug build's figures mean little.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    /// A folder on the disk to measure; a new folder in it is used and removed
    #[arg(long, value_name = "DIR", default_value = "target")]
    disk: PathBuf,
    /// Clicks of each measurement with many connections; a third as many one at a time
    #[arg(long, value_name = "N", default_value_t = 900)]
    clicks: usize,
    /// The countersign whose `serve` is measured, to compare two builds; this one, when nothing is said
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    /// Also write the figures between <!-- bench --> and <!-- /bench --> of this page
    #[arg(long, value_name = "PAGE")]
    write: Option<PathBuf>,
    /// Measure nothing: check that the figures of this page are whole and keep what is claimed
    #[arg(long, value_name = "PAGE", conflicts_with_all = ["json", "write"])]
    check: Option<PathBuf>,
    /// Measure only how long messages take to be understood: with Contoso, and with a generated
    /// directory of 100,000 people. Fails when more than is promised is needed
    #[arg(long, conflicts_with_all = ["json", "write", "check"])]
    words: bool,
    /// Measure only how long it takes to carry out what somebody's leaving comes to, for four
    /// sizes, against a simulated tenant as slow as Microsoft's; `--write` puts it between
    /// <!-- offboard --> and <!-- /offboard -->
    #[arg(long, conflicts_with_all = ["json", "check", "words"])]
    offboard: bool,
    /// Measure only how so many leavers of one table are carried out, against a simulated tenant
    /// that takes 20 writes a second and no more: who is contained when, and how much of that
    /// is used; `--write` puts it between <!-- leavers --> and <!-- /leavers -->. 500 take about
    /// eight minutes
    #[arg(long, value_name = "N", conflicts_with_all = ["json", "check", "words", "offboard"])]
    leavers: Option<usize>,
    /// Measure only whether a click and the list of what waits cost more when more is stored:
    /// from 1,000 requests to `--top`, ten times as many each time. A million take some minutes
    /// and a few GiB of the disk
    #[arg(long, conflicts_with_all = ["json", "write", "check", "words", "offboard", "leavers"])]
    growth: bool,
    /// The most requests `--growth` stores
    #[arg(long, value_name = "N", default_value_t = 1_000_000, requires = "growth")]
    top: usize,
}

/// Measures and prints, or checks a page.
pub async fn run(args: Args) -> anyhow::Result<()> {
    if args.words {
        return words::run();
    }
    if let Some(leavers) = args.leavers {
        std::fs::create_dir_all(&args.disk)?;
        let disk = args.disk.canonicalize()?;
        return Box::pin(offboard::many::run(&disk, leavers, args.write.as_deref())).await;
    }
    if args.growth {
        ensure!(args.top >= 1_000, "--top is at least 1,000");
        std::fs::create_dir_all(&args.disk)?;
        let disk = args.disk.canonicalize()?;
        return Box::pin(growth::run(&disk, args.top)).await;
    }
    if args.offboard {
        std::fs::create_dir_all(&args.disk)?;
        let disk = args.disk.canonicalize()?;
        return Box::pin(offboard::run(&disk, args.write.as_deref())).await;
    }
    if let Some(page) = &args.check {
        block::check(page)?;
        say(format!("{} holds.", page.display()));
        return Ok(());
    }
    ensure!((30..=1_200).contains(&args.clicks), "--clicks is between 30 and 1,200");
    std::fs::create_dir_all(&args.disk)?;
    let room = args.disk.canonicalize()?.join(format!("countersign-bench-{}", std::process::id()));
    std::fs::create_dir(&room).with_context(|| format!("cannot make {}", room.display()))?;
    let program = match args.program {
        Some(program) => program.canonicalize().context("--program is no file")?,
        None => std::env::current_exe().context("this program's own file")?,
    };
    let measured = measure(&program, &room, args.clicks).await;
    std::fs::remove_dir_all(&room).with_context(|| format!("cannot remove {}", room.display()))?;
    let report = measured?;
    if args.json {
        say(serde_json::to_string_pretty(&report)?);
    } else {
        say(report::table(&report));
    }
    if let Some(page) = &args.write {
        block::write(page, &report)?;
    }
    ensure!(
        report.kept == report.acknowledged,
        "{} acknowledged clicks are not in the database",
        report.acknowledged - report.kept
    );
    Ok(())
}

/// What waits to be pressed, by the measurement it is for.
struct Prepared {
    warm_up: Vec<Click>,
    slack_alone: Vec<Click>,
    teams_alone: Vec<Click>,
    slack_32: Vec<Click>,
    slack_64: Vec<Click>,
    teams_32: Vec<Click>,
    working: Vec<Click>,
    bytes: u64,
}

impl Prepared {
    fn all(&self) -> impl Iterator<Item = &Click> {
        let groups = [
            &self.warm_up,
            &self.slack_alone,
            &self.teams_alone,
            &self.slack_32,
            &self.slack_64,
            &self.teams_32,
            &self.working,
        ];
        groups.into_iter().flatten()
    }
}

async fn measure(program: &Path, room: &Path, many: usize) -> anyhow::Result<Report> {
    let machine = machine::Machine::of(room);
    let outside = Arc::new(Outside::open(5 * many + LEARN + WARM_UP).await?);
    let (config, keys) = prepare::settings(room, &outside.settings(room), &SystemClock)?;
    let prepared = prepared(&outside, &config, &keys, room, many).await?;
    let waiting = prepared.all().count();
    // What came of preparing is written back before anything is measured.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let service = Service::start(program, room, outside.service).await?;
    tokio::time::sleep(REST).await;
    let idle_mib = service.memory("VmRSS").unwrap_or_default();
    let rows = rows(&outside, &service, &prepared, room).await?;
    let (after, most) = (service.memory("VmRSS"), service.memory("VmHWM"));
    let started = service.started;
    service.kill().await?;
    let store = reach::store(&config, &keys).await?;
    let kept = kept(&*store, &prepared).await?;
    store.close().await;
    let size = |clicks: &[Click]| anyhow::Ok(signed(&outside, &clicks[..1])?[0].len());
    Ok(Report {
        version: env!("CARGO_PKG_VERSION"),
        release: !cfg!(debug_assertions),
        day: outside.now().to_string().chars().take(10).collect(),
        machine,
        decision_bytes: prepared.bytes,
        click_bytes: [size(&prepared.slack_32)?, size(&prepared.teams_32)?],
        rows,
        waiting,
        start_ms: started.as_secs_f64() * 1000.0,
        idle_mib,
        after_mib: after.unwrap_or_default(),
        most_mib: most.unwrap_or_default(),
        acknowledged: waiting,
        kept,
    })
}

async fn prepared(
    outside: &Arc<Outside>,
    config: &crate::config::Config,
    keys: &crate::config::KeyRing,
    room: &Path,
    many: usize,
) -> anyhow::Result<Prepared> {
    let workshop = Workshop::open(outside, config, keys).await?;
    let (few, slack, teams) = (many / 3, Platform::Slack, Platform::Teams);
    let wanted = [
        (LEARN, slack, When::Later),
        (WARM_UP, slack, When::Later),
        (few, slack, When::AtOnce),
        (few, teams, When::AtOnce),
        (many, slack, When::Later),
        (many, slack, When::Later),
        (many, teams, When::Later),
        (few, slack, When::AtOnce),
    ];
    let made = workshop.make(outside, &wanted).await?;
    let made: [Vec<Click>; 8] =
        made.try_into().map_err(|_| anyhow::anyhow!("a wish was forgotten"))?;
    let [learn, warm_up, slack_alone, teams_alone, slack_32, slack_64, teams_32, working] = made;
    let mut wire = wire::Wire::to(outside.service).await?;
    let bytes = workshop.bytes_of(room, &mut wire, &signed(outside, &learn)?).await?;
    drop(wire);
    workshop.close().await;
    Ok(Prepared { warm_up, slack_alone, teams_alone, slack_32, slack_64, teams_32, working, bytes })
}

async fn rows(
    outside: &Outside,
    service: &Service,
    prepared: &Prepared,
    room: &Path,
) -> anyhow::Result<Vec<Row>> {
    let at = outside.service;
    let mut floor = floor::Floor::new(room, usize::try_from(prepared.bytes)?)?;
    load::alone(at, &signed(outside, &prepared.warm_up)?, &mut floor).await?;
    let slack = load::alone(at, &signed(outside, &prepared.slack_alone)?, &mut floor).await?;
    let teams = load::alone(at, &signed(outside, &prepared.teams_alone)?, &mut floor).await?;
    let append = [slack.append.clone(), teams.append.clone()].concat();
    let over = [slack.over, teams.over].concat();
    let append = Spread::of(append, slack.whole + teams.whole);
    let lone = |what: &str, spread: Spread| Row {
        what: what.to_owned(),
        floors: Some(spread.p50_ms / append.p50_ms.max(1e-6)),
        spread,
        cpu_ms: None,
    };
    let mut rows = vec![
        lone(APPEND, append.clone()),
        lone(OVER, Spread::of(over, slack.whole + teams.whole)),
        lone(SLACK, Spread::of(slack.clicks, slack.whole)),
        lone(TEAMS, Spread::of(teams.clicks, teams.whole)),
    ];
    let many = [
        ("clicks in Slack, 32 at once", &prepared.slack_32, 32),
        ("clicks in Slack, 64 at once", &prepared.slack_64, 64),
        ("clicks in Teams, 32 at once", &prepared.teams_32, 32),
        ("clicks in Slack, 32 at once, runs going on", &prepared.working, 32),
    ];
    for (what, clicks, lanes) in many {
        rows.push(at_once(what, service, at, signed(outside, clicks)?, (lanes, 200)).await?);
    }
    let first = prepared.slack_32.first().context("no click")?;
    let forged = vec![clicks::forged(outside, first)?; 5 * prepared.slack_32.len()];
    rows.push(at_once(FORGED, service, at, forged, (32, 401)).await?);
    Ok(rows)
}

async fn at_once(
    what: &str,
    service: &Service,
    at: std::net::SocketAddr,
    requests: Vec<Vec<u8>>,
    (lanes, status): (usize, u16),
) -> anyhow::Result<Row> {
    let before = service.cpu();
    let spread =
        load::at_once(at, requests, lanes, status).await.with_context(|| what.to_owned())?;
    let used = service.cpu().zip(before).map(|(after, before)| after - before);
    let cpu_ms = used.map(|seconds| seconds * 1000.0 / f64::from(spread.count.max(1)));
    Ok(Row { what: what.to_owned(), spread, floors: None, cpu_ms })
}

/// How many of the acknowledged clicks are decisions in the database.
async fn kept(store: &dyn Upkeep, prepared: &Prepared) -> anyhow::Result<usize> {
    let mut kept = 0;
    for click in prepared.all() {
        let request = store.request(&click.request).await?.context("a request is gone")?;
        let votes = store.votes(&request.id, request.revision).await?;
        let decided = !matches!(request.stage, Stage::Pending { .. } | Stage::Clarifying { .. });
        kept += usize::from(decided && votes.len() == 1);
    }
    Ok(kept)
}
