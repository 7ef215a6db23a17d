//! A run's report, and the sum over the reports that are kept.
//!
//! Reports belong together when they are of one engine: the same `src` and the same
//! dependencies, whatever was written around them.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, process::Command};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::cli::chaos::{
    oracles::{Oracles, Requests},
    points::POINTS,
    tally::Counts,
};

const BEGIN: &str = "<!-- chaos -->";
const END: &str = "<!-- /chaos -->";

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Where chance began.
    pub seed: u64,
    /// When, in UTC, to the second.
    pub at: String,
    /// Which engine.
    pub engine: Engine,
    /// `sqlite` or `postgres`.
    pub store: String,
    /// Processes at the same time.
    pub replicas: usize,
    /// Seconds during which it struck.
    pub seconds: u64,
    /// The clocks jumped.
    #[serde(default)]
    pub jumps: bool,
    /// Deaths and other faults.
    pub struck: Counts,
    /// What was asked and how it ended.
    pub requests: Requests,
    /// What came of it.
    pub oracles: Oracles,
    /// How it recovered.
    pub recovery: Recovery,
}

/// Which engine ran.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Engine {
    /// The commit; with a plus when files were changed since.
    pub commit: String,
    /// git's hash of `src`.
    pub source: String,
    /// An optimised build.
    pub release: bool,
}

impl Engine {
    /// This one, as far as git says it.
    pub fn this() -> Self {
        let git = |arguments: &[&str]| {
            let said = Command::new("git").args(arguments).output().ok()?;
            let text = String::from_utf8(said.stdout).ok()?.trim().to_owned();
            (said.status.success() && !text.is_empty()).then_some(text)
        };
        let unknown = || "unknown".to_owned();
        let is_changed = git(&["status", "--porcelain", "--", "src", "Cargo.lock", "cards"]);
        let mark = if is_changed.is_some() { "+" } else { "" };
        let head = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(unknown);
        let source = git(&["rev-parse", "--short=12", "HEAD:src"]).unwrap_or_else(unknown);
        Self {
            commit: format!("{head}{mark}"),
            source: format!("{source}{mark}"),
            release: !cfg!(debug_assertions),
        }
    }
}

/// How a run recovered once nothing struck any more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// Until every process answered, in seconds.
    pub all_answer_s: f64,
    /// From then until every request was over, in seconds.
    pub all_over_s: f64,
    /// From then until no card waited to be drawn, in seconds.
    pub all_drawn_s: f64,
    /// Cards that nobody knows of and that still ask, in Slack and in Teams: posted by a process
    /// that died before it wrote down where. Pressed, they answer that it is over.
    pub left_behind: [u64; 2],
    /// Starts of processes.
    pub starts: u64,
}

/// Keeps a report in a folder.
pub fn keep(report: &Report, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let Report { engine, store, replicas, seed, jumps, .. } = report;
    let jumps = if *jumps { "-jumps" } else { "" };
    let name = format!("{}-{store}-{replicas}{jumps}-{seed}.json", engine.source);
    let path = folder.join(name);
    fs::write(&path, serde_json::to_string_pretty(report)? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))
}

/// What the kept reports of one engine add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    runs: u64,
    held: u64,
    requests: u64,
    faults: u64,
    /// Deaths by where it struck.
    deaths: BTreeMap<String, u64>,
    /// Seconds during which it struck, of each run.
    seconds: u64,
}

impl Sum {
    fn all_deaths(&self) -> u64 {
        self.deaths.values().sum()
    }

    /// Named points at which nothing died.
    fn missed(&self) -> Vec<&'static str> {
        POINTS.into_iter().filter(|point| !self.deaths.contains_key(*point)).collect()
    }
}

/// Every kept report, added up by engine.
fn sums(folder: &Path) -> anyhow::Result<BTreeMap<String, Sum>> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(sums) };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let report: Report = serde_json::from_str(&text)
            .with_context(|| format!("{} is no report", path.display()))?;
        let sum = sums.entry(report.engine.source).or_default();
        sum.runs += 1;
        sum.held += u64::from(report.oracles.hold());
        sum.requests += report.requests.asked;
        sum.seconds += report.seconds;
        for (point, deaths) in &report.struck.deaths {
            *sum.deaths.entry(point.clone()).or_default() += deaths;
        }
        sum.faults += report.struck.all_faults();
    }
    Ok(sums)
}

/// The block of a page: what the reports in this folder say, and nothing else.
pub fn block(folder: &Path) -> anyhow::Result<String> {
    let sums = sums(folder)?;
    let lines: Vec<String> = sums.iter().map(|(engine, sum)| line(engine, sum)).collect();
    let said = if lines.is_empty() {
        "No run of `make chaos` is kept in `docs/chaos/` yet: 0 process deaths, 0 other faults.\n"
            .to_owned()
    } else {
        lines.concat()
    };
    Ok(format!("{BEGIN}\n{said}{END}"))
}

fn line(engine: &str, sum: &Sum) -> String {
    let Sum { runs, held, requests, faults, .. } = sum;
    let verdict = if held == runs {
        "nothing that must hold was broken".to_owned()
    } else {
        format!("{} of them broke something that must hold", runs - held)
    };
    let missed = match sum.missed() {
        none if none.is_empty() => format!("each of {} named points", POINTS.len()),
        missed => format!("every named point but {}", missed.join(", ")),
    };
    let deaths = sum.all_deaths();
    format!(
        "- engine `{engine}`: {runs} seeded runs, {requests} requests, {deaths} process deaths ({missed}), {faults} other faults; {verdict}\n"
    )
}

/// How much a folder's reports struck, how fast, and where.
pub fn told(folder: &Path) -> anyhow::Result<String> {
    let mut said = String::new();
    for (engine, sum) in sums(folder)? {
        let a_second = |count: u64| {
            let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            number(count) / number(sum.seconds.max(1))
        };
        said += &line(&engine, &sum);
        let _infallible = writeln!(
            said,
            "  {:.2} deaths and {:.2} other faults in each second in which an installation was struck; {} s of them",
            a_second(sum.all_deaths()),
            a_second(sum.faults),
            sum.seconds
        );
        for (point, deaths) in &sum.deaths {
            let _infallible = writeln!(said, "  {deaths:>6} {point}");
        }
    }
    Ok(said)
}

/// Writes the block into a page that has the two marks.
pub fn write(page: &Path, folder: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (before, _, after) = parts(&text).with_context(|| page.display().to_string())?;
    fs::write(page, format!("{before}{}{after}", block(folder)?))?;
    Ok(())
}

/// The page says what the reports say.
pub fn check(page: &Path, folder: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (_, said, _) = parts(&text).with_context(|| page.display().to_string())?;
    let wanted = block(folder)?;
    ensure!(
        said == wanted,
        "{} does not say what the reports in {} add up to; run `countersign chaos --sum {}`. It should be:\n{wanted}",
        page.display(),
        folder.display(),
        page.display(),
    );
    Ok(())
}

/// Before the block, the block with its marks, and after it.
fn parts(text: &str) -> anyhow::Result<(&str, &str, &str)> {
    let from = text.find(BEGIN).with_context(|| format!("{BEGIN} is missing"))?;
    let to = text.find(END).with_context(|| format!("{END} is missing"))? + END.len();
    ensure!(from < to, "{END} stands before {BEGIN}");
    Ok((&text[..from], &text[from..to], &text[to..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_claims_more_than_the_reports_say_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (page, reports) = (folder.path().join("page.md"), folder.path().join("chaos"));
        fs::write(&page, format!("before\n{BEGIN}\n{END}\nafter\n")).unwrap();
        assert!(check(&page, &reports).is_err());
        write(&page, &reports).unwrap();
        check(&page, &reports).unwrap();
        assert!(fs::read_to_string(&page).unwrap().contains(": 0 process deaths"));

        let engine = Engine { commit: "c".into(), source: "s".into(), release: true };
        let mut report = Report {
            seed: 1,
            at: "2026-01-01T00:00:00Z".into(),
            engine,
            store: "sqlite".into(),
            replicas: 1,
            seconds: 60,
            jumps: false,
            struck: Counts::default(),
            requests: Requests::default(),
            oracles: Oracles::default(),
            recovery: Recovery::default(),
        };
        report.struck.deaths.insert("at a random instant".into(), 7);
        keep(&report, &reports).unwrap();
        assert!(check(&page, &reports).is_err(), "a report was added");
        write(&page, &reports).unwrap();
        let text = fs::read_to_string(&page).unwrap();
        assert!(text.contains("7 process deaths") && text.contains("nothing that must hold"));
        assert!(text.contains("every named point but while it starts,"), "{text}");
        fs::write(&page, text.replace("7 process deaths", "70 process deaths")).unwrap();
        assert!(check(&page, &reports).is_err(), "the page claims more");

        report.oracles.double_effects = 1;
        keep(&report, &reports).unwrap();
        write(&page, &reports).unwrap();
        let text = fs::read_to_string(&page).unwrap();
        assert!(text.contains("1 of them broke"), "{text}");
        assert!(text.starts_with("before\n") && text.ends_with("\nafter\n"));
    }
}
