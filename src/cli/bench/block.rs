//! The block between `<!-- bench -->` and `<!-- /bench -->` of a page: written from a
//! report, and checked so that nobody changes a figure by hand or claims what the
//! figures do not say. The page's own words name the same claims, and say so while the
//! block is empty.

use std::{fs, path::Path};

use anyhow::{Context, bail, ensure};

use crate::cli::bench::{
    APPEND, FORGED, SLACK, TEAMS,
    report::{Report, Row},
};

const BEGIN: &str = "<!-- bench -->";
const END: &str = "<!-- /bench -->";

/// A lone click in Slack takes at most so many floors at p50: the claim on any machine.
pub const FLOORS_MAX: f64 = 1.5;
/// At rest it holds at most so many MiB.
pub const IDLE_MIB_MAX: f64 = 25.0;
/// It answers within so many milliseconds of its start.
pub const START_MS_MAX: f64 = 1000.0;

/// How the paragraph begins by which a page says that nothing was measured yet.
const EMPTY: &str = "The block is still empty";

/// The block of a report.
pub fn of(report: &Report) -> String {
    let Report { day, version, machine, rows, .. } = report;
    let rows: Vec<String> = rows.iter().map(line).collect();
    let Report { start_ms, idle_mib, after_mib, acknowledged, kept, .. } = report;
    format!(
        "{BEGIN}\nMeasured by `make bench` on {day}, version {version}: {}.\n\n\
         | | p50 | p99 | per second | times the floor |\n|---|--:|--:|--:|--:|\n{}\n\
         It starts in {start_ms:.0} ms and holds {idle_mib:.1} MiB at rest with Slack and Teams on, {after_mib:.1} MiB after the load. \
         Of {acknowledged} acknowledged clicks, {kept} were decided in the database after the process was killed.\n{END}",
        machine.line(),
        rows.concat()
    )
}

fn line(row: &Row) -> String {
    let Row { what, spread, floors, .. } = row;
    let rate = match floors {
        Some(_) => "–".to_owned(),
        None => format!("{:.0}", spread.per_second),
    };
    let floors = floors.map_or("–".to_owned(), |floors| format!("{floors:.2}"));
    format!("| {what} | {:.2} ms | {:.2} ms | {rate} | {floors} |\n", spread.p50_ms, spread.p99_ms)
}

/// Puts a report's block into a page that has the two marks, and takes away the words
/// that say it is empty. What does not keep the claims is written all the same: the check
/// says so, and the page is not to be published.
pub fn write(page: &Path, report: &Report) -> anyhow::Result<()> {
    let text = read(page)?;
    let text = written(&text, report).with_context(|| page.display().to_string())?;
    fs::write(page, text).with_context(|| format!("cannot write {}", page.display()))
}

fn written(text: &str, report: &Report) -> anyhow::Result<String> {
    ensure!(report.release, "these are figures of a debug build; use `make bench`");
    let (before, _, after) = parts(text)?;
    Ok(without_empty(&format!("{before}{}{after}", of(report))))
}

/// A page without the paragraph that says its block is empty.
fn without_empty(text: &str) -> String {
    let paragraphs: Vec<&str> =
        text.split("\n\n").filter(|paragraph| !paragraph.starts_with(EMPTY)).collect();
    paragraphs.join("\n\n")
}

/// Whether a page's block is one of ours, its figures keep what we claim, and its words
/// claim the same.
pub fn check(page: &Path) -> anyhow::Result<()> {
    let text = read(page)?;
    holds(&text).with_context(|| {
        format!(
            "the figures of {} do not hold; run `make bench` and write them anew",
            page.display()
        )
    })
}

fn holds(text: &str) -> anyhow::Result<()> {
    let (_, block, _) = parts(text)?;
    judge(block)?;
    ensure!(without_empty(text) == text, "its words say that the block is empty");
    words(text)
}

/// A page names the claims that its figures are held to, with the figures of this file.
fn words(text: &str) -> anyhow::Result<()> {
    let (before, _, after) = parts(text)?;
    let said = [before, after].concat().split_whitespace().collect::<Vec<_>>().join(" ");
    for claim in [
        format!("at most {FLOORS_MAX} floors at p50"),
        format!("at most {IDLE_MIB_MAX} MiB at rest"),
        format!("an answer within {START_MS_MAX} ms of the start"),
    ] {
        ensure!(said.contains(&claim), "its words do not claim “{claim}”");
    }
    Ok(())
}

fn read(page: &Path) -> anyhow::Result<String> {
    fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))
}

fn parts(text: &str) -> anyhow::Result<(&str, &str, &str)> {
    let (before, rest) = text.split_once(BEGIN).context("the page has no <!-- bench -->")?;
    let (block, after) = rest.split_once(END).context("the page has no <!-- /bench -->")?;
    ensure!(!after.contains(BEGIN), "the page has two blocks");
    Ok((before, block, after))
}

fn judge(block: &str) -> anyhow::Result<()> {
    ensure!(block.contains("Measured by `make bench` on 20"), "it does not say when and how");
    let append = row(block, APPEND)?;
    for (what, most) in [(SLACK, Some(FLOORS_MAX)), (TEAMS, None)] {
        let lone = row(block, what)?;
        let [p50, floors] = [lone[0], lone[3]];
        // Two figures of two digits each may be half a digit off.
        let off = floors * (0.006 / append[0] + 0.006 / p50) + 0.006;
        ensure!((p50 / append[0] - floors).abs() <= off, "{what}: {p50} ms is not {floors} floors");
        if let Some(most) = most {
            ensure!(floors <= most, "{what}: {floors} floors; at most {most} are claimed");
        }
    }
    row(block, FORGED)?;
    let start = number(block, "starts in ")?;
    ensure!(start <= START_MS_MAX, "it starts in {start} ms; at most {START_MS_MAX} are claimed");
    let idle = number(block, "holds ")?;
    ensure!(idle <= IDLE_MIB_MAX, "{idle} MiB at rest; at most {IDLE_MIB_MAX} are claimed");
    let (all, kept) = (number(block, "Of ")?, number(block, "acknowledged clicks, ")?);
    ensure!(all > 0.0 && (all - kept).abs() < 0.5, "{kept} of {all} acknowledged clicks were kept");
    Ok(())
}

/// p50, p99, per second and floors of a line; NaN for a dash.
fn row(block: &str, what: &str) -> anyhow::Result<Vec<f64>> {
    let begins = format!("| {what}");
    let mut lines = block.lines().filter(|line| line.starts_with(&begins));
    let (Some(line), None) = (lines.next(), lines.next()) else {
        bail!("there is not exactly one line “{what}”");
    };
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    ensure!(cells.len() == 7, "the line “{what}” has not five cells");
    let figures = cells[2..6].iter().map(|cell| match cell.trim_end_matches(" ms") {
        "–" => Ok(f64::NAN),
        figure => figure.parse().with_context(|| format!("“{what}”: {cell} is no figure")),
    });
    let figures: Vec<f64> = figures.collect::<anyhow::Result<_>>()?;
    ensure!(figures[0] > 0.0 && figures[0] <= figures[1], "“{what}”: p50 is above p99");
    Ok(figures)
}

fn number(block: &str, after: &str) -> anyhow::Result<f64> {
    let (_, rest) = block.split_once(after).with_context(|| format!("nothing after “{after}”"))?;
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.trim_end_matches('.').parse().with_context(|| format!("no figure after “{after}”"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::bench::{machine::Machine, spread::Spread};

    fn report() -> Report {
        let row = |what: &str, p50_ms: f64, floors: Option<f64>| Row {
            what: what.to_owned(),
            spread: Spread { count: 9, p50_ms, p99_ms: 9.0, per_second: 100.0 },
            floors,
            cpu_ms: None,
        };
        Report {
            version: "0.1.0",
            release: true,
            day: "2026-11-21".to_owned(),
            machine: Machine {
                processor: "P".to_owned(),
                processors: 2,
                memory_gib: 8.0,
                kernel: "6".to_owned(),
                disk: "ext4 on /dev/x".to_owned(),
                load: 0.1,
            },
            decision_bytes: 1,
            click_bytes: [1, 1],
            rows: vec![
                row(APPEND, 1.0, Some(1.0)),
                row(SLACK, 1.2, Some(1.2)),
                row(TEAMS, 1.4, Some(1.4)),
                row(FORGED, 0.1, None),
            ],
            waiting: 7,
            start_ms: 50.0,
            idle_mib: 20.0,
            after_mib: 30.0,
            most_mib: 31.0,
            acknowledged: 4000,
            kept: 4000,
        }
    }

    #[test]
    fn a_block_holds_as_written_and_not_when_a_figure_is_changed() {
        let good = of(&report());
        judge(&good).unwrap();
        for (from, to) in [
            ("1.20 ms", "0.20 ms"),
            ("| 1.20 |", "| 1.60 |"),
            ("20.0 MiB at rest", "26.0 MiB at rest"),
            ("starts in 50", "starts in 5000"),
            ("clicks, 4000", "clicks, 3999"),
            (FORGED, "something else"),
        ] {
            assert!(good.contains(from), "{from}");
            assert!(judge(&good.replace(from, to)).is_err(), "{from} → {to}");
        }
    }

    fn our_own_page() -> String {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/benchmarks.md")).unwrap()
    }

    #[test]
    fn the_figures_of_our_own_page_hold_and_while_there_are_none_it_says_so() {
        let page = our_own_page();
        let (_, block, _) = parts(&page).unwrap();
        if block.trim().is_empty() {
            assert_ne!(without_empty(&page), page, "an empty block is called empty");
            words(&page).unwrap();
        } else {
            holds(&page).unwrap();
        }
    }

    #[test]
    fn a_run_fills_our_own_page_and_text_and_block_then_agree() {
        let page = written(&our_own_page(), &report()).unwrap();
        holds(&page).unwrap();
        assert_eq!(written(&page, &report()).unwrap(), page, "written twice it is the same");
        for (from, to) in [
            ("20.0 MiB at rest", "26.0 MiB at rest"),
            ("at most 1.5 floors", "at most 2 floors"),
            ("at most 25 MiB at rest", "at most 15 MiB at rest"),
            ("within 1000 ms of", "within 100 ms of"),
            ("## What is measured", "The block is still empty.\n\n## What is measured"),
        ] {
            assert!(page.contains(from), "{from}");
            assert!(holds(&page.replace(from, to)).is_err(), "{from} → {to}");
        }
        let debug = Report { release: false, ..report() };
        assert!(written(&page, &debug).is_err());
    }
}
