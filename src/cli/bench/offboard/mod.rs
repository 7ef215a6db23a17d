//! `countersign bench --offboard`: how long a leaver's plan takes, beside what it cannot be
//! faster than, and beside one call after the other.
//!
//! - [`tenant`]  four people who leave, from a few groups to hundreds
//! - [`slow`]    a service as far away as Microsoft's, and what it was asked
//! - [`room`]    the house, and a request that is signed
//! - [`many`]    hundreds of leavers of one table, within a tenant's write quota
//! - [`figures`] calls, round trips, times, and the limits
//!
//! Real: words → plan → card → decision → engine → HTTP → the simulated tenant, in a thread of
//! its own, with the store on the disk. Assumed: how long Microsoft takes.
//!
//! Not here: what a click costs.

pub mod figures;
pub mod many;
pub mod room;
pub mod slow;
pub mod tenant;

use std::{
    collections::{BTreeSet, VecDeque},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use tokio::time::Instant;

use crate::{
    adapters::clock::SystemClock,
    app,
    cli::{bench::machine::Machine, say},
    config::Config,
    domain::{
        plan::{Plan, Step},
        request::Stage,
        secret::{Secret, password},
        users::Facet,
    },
    ports::{
        clock::Clock,
        directory::Directory,
        hands::{Call, Hands, Made},
        mailboxes::Mailboxes,
        people::LooksAtPeople,
    },
};
use figures::{Measured, Row};
use room::{Far, Room};
use tenant::{PROFILES, Profile};

/// The whole takes at most so many times its limit.
pub const LIMITS_MAX: f64 = 1.10;
/// The script comes back to a step at most so often, on average.
const TURNS: usize = 20;

/// Measures each profile, prints the table, and writes it into a page with the two marks.
pub async fn run(disk: &Path, page: Option<&Path>) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    let mut plans = Vec::new();
    for profile in &PROFILES {
        let room = disk.join(format!("countersign-offboard-{}", std::process::id()));
        std::fs::create_dir_all(&room).with_context(|| room.display().to_string())?;
        let measured = Box::pin(measure(profile, &room)).await;
        std::fs::remove_dir_all(&room).with_context(|| room.display().to_string())?;
        let (measured, plan) = measured.with_context(|| profile.name.to_owned())?;
        rows.push(measured);
        plans.push((profile, plan));
    }
    // Their time is all waiting, so they wait at the same time.
    let one_by_one = plans.iter().map(|(profile, plan)| sequential(profile, plan, disk));
    let one_by_one = futures::future::try_join_all(one_by_one).await?;
    let mut table = Vec::new();
    for (mut measured, sequential) in rows.into_iter().zip(one_by_one) {
        measured.sequential = sequential;
        table.push(measured.row()?);
    }
    let text = text(&table, disk);
    say(&text);
    if let Some(page) = page {
        write(page, "offboard", &text)?;
    }
    ensure!(table.iter().all(|row| row.violations == 0), "an order was broken");
    Ok(())
}

async fn measure<'a>(profile: &'a Profile, room: &Path) -> anyhow::Result<(Measured<'a>, Plan)> {
    let far = Far::open(profile).await?;
    let (config, keys) = far.settings(room)?;
    let house = Room::open(&far, &config, &keys).await?;
    let ran = Box::pin(house.offboard(&far.calls)).await?;
    let ended_well = matches!(ran.request.stage, Stage::Succeeded { .. });
    let open = ran.steps.iter().filter(|run| !run.state.well());
    let open: Vec<_> = open.map(|run| (run.id, run.state, run.why.clone())).take(5).collect();
    ensure!(ended_well, "it ended {}: {open:?}", ran.request.stage.name());
    let measured = Measured {
        profile,
        steps: ran.plan.steps.len(),
        seen: far.calls.all().into_iter().filter(|seen| seen.from >= ran.decided).collect(),
        decided: ran.decided,
        ended: ran.ended,
        effects: far.world.ledger(),
        sequential: (0, Duration::ZERO),
    };
    for call in &measured.seen {
        tracing::debug!(
            from = figures::ms(call.from - ran.decided),
            to = figures::ms(call.to - ran.decided),
            exchange = call.exchange,
            items = call.asked.len(),
            first = call.asked.first(),
            "a call"
        );
    }
    Ok((measured, ran.plan))
}

/// As a script does it: reads what there is, then makes each change alone, in the plan's order.
async fn sequential(
    profile: &Profile,
    plan: &Plan,
    disk: &Path,
) -> anyhow::Result<(usize, Duration)> {
    let far = Far::open(profile).await?;
    let room = disk.join(format!("countersign-one-by-one-{}-{}", profile.name, std::process::id()));
    std::fs::create_dir_all(&room)?;
    let settings = far.settings(&room);
    std::fs::remove_dir_all(&room)?;
    let (config, _): (Config, _) = settings?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let microsoft = app::microsoft(&config, None, app::Pace::default(), clock.clone())?;
    let who = &plan.subjects.first().context("nobody leaves")?.id;
    // Tokens are there before the time is taken.
    microsoft.mailbox_of(who).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    microsoft.methods(who).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    far.calls.forget();
    let begin = Instant::now();
    let read = async {
        microsoft.dossier(who, &[Facet::Groups, Facet::Licences, Facet::Roles]).await?;
        microsoft.methods(who).await?;
        microsoft.mailbox_of(who).await
    };
    read.await.map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut queue: VecDeque<&Step> = plan.steps.iter().collect();
    let mut made = BTreeSet::new();
    let mut turns = queue.len() * TURNS;
    while let Some(step) = queue.pop_front() {
        turns -= 1;
        ensure!(turns > 0, "step {} waits for others without end", step.id.0);
        if step.needs.iter().chain(&step.after).any(|before| !made.contains(before)) {
            queue.push_back(step);
            continue;
        }
        let mut random = [0; 32];
        clock.fill(&mut random);
        let secret: Secret = password(&random);
        let key = clock.uuid().to_string();
        let call = Call { change: &step.change, key: &key, secret: Some(&secret), after: None };
        match microsoft.make(&[call]).await.first() {
            Some(Made::Accepted(_) | Made::AlreadySo) => {
                made.insert(step.id);
            }
            // It does not know which method is the default one, and asks for that again at the end.
            Some(Made::Busy { wait }) => {
                if queue.is_empty() {
                    tokio::time::sleep(*wait).await;
                }
                queue.push_back(step);
            }
            answer => bail!("step {} was not made: {answer:?}", step.id.0),
        }
    }
    Ok((far.calls.all().len(), begin.elapsed()))
}

fn text(rows: &[Row], disk: &Path) -> String {
    format!(
        "{}: {}. A call or batch of Graph takes {} ms, one of Exchange {} ms.\n\n{}",
        measured_by("--offboard"),
        Machine::of(disk).line(),
        slow::GRAPH.as_millis(),
        slow::EXCHANGE.as_millis(),
        figures::table(rows)
    )
}

/// By which command, when, and of which version.
fn measured_by(command: &str) -> String {
    let day: String = SystemClock.now().to_string().chars().take(10).collect();
    let build = if cfg!(debug_assertions) { " (a debug build)" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    format!("Measured by `countersign bench {command}` on {day}, version {version}{build}")
}

/// Puts the figures between the two marks of a page: `<!-- mark -->` and `<!-- /mark -->`.
fn write(page: &Path, mark: &str, text: &str) -> anyhow::Result<()> {
    ensure!(!cfg!(debug_assertions), "these are figures of a debug build; use `make bench`");
    let whole = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (begin, end) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
    let lacks = |what: &str| format!("the page has no {what}");
    let (before, rest) = whole.split_once(&begin).with_context(|| lacks(&begin))?;
    let (_, after) = rest.split_once(&end).with_context(|| lacks(&end))?;
    std::fs::write(page, format!("{before}{begin}\n{text}{end}{after}"))?;
    Ok(())
}
