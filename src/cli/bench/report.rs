//! The figures of one run, as a table for people and as JSON.

use serde::Serialize;

use crate::cli::bench::{machine::Machine, spread::Spread};

/// A line of the table. Its name is how [`super::block`] finds it again.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// How long it took.
    #[serde(flatten)]
    pub spread: Spread,
    /// p50 over the p50 of the append in the same seconds, for what came one at a time.
    pub floors: Option<f64>,
    /// Processor time of the service for each, in milliseconds, for what came at once.
    pub cpu_ms: Option<f64>,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version measured.
    pub version: &'static str,
    /// A release build?
    pub release: bool,
    /// The day, in UTC.
    pub day: String,
    /// On what.
    pub machine: Machine,
    /// What one decision adds to the write-ahead log, in bytes: what the floor writes.
    pub decision_bytes: u64,
    /// What one click sends, head and body, in bytes: in Slack, in Teams.
    pub click_bytes: [usize; 2],
    /// The lines.
    pub rows: Vec<Row>,
    /// Requests that waited in the database while it was measured.
    pub waiting: usize,
    /// From `exec` to the first answer of `/healthz`, in milliseconds.
    pub start_ms: f64,
    /// Resident memory 5 s after the start, both chats on, in MiB.
    pub idle_mib: f64,
    /// Resident memory after everything, in MiB.
    pub after_mib: f64,
    /// The most it ever was, in MiB.
    pub most_mib: f64,
    /// Clicks that were acknowledged.
    pub acknowledged: usize,
    /// Of these, decided in the database after the service was killed (SIGKILL).
    pub kept: usize,
}

/// As people read it.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        text.push_str(line.trim_end());
        text.push('\n');
    };
    say(report.machine.line());
    if !report.release {
        say("This is a debug build; its figures mean little. Use make bench.".to_owned());
    }
    say(format!(
        "\n{:<46} {:>7} {:>9} {:>9} {:>8} {:>7} {:>8}",
        "", "count", "p50", "p99", "per s", "floors", "CPU each"
    ));
    for row in &report.rows {
        let Spread { count, p50_ms, p99_ms, per_second } = &row.spread;
        let rate = if row.floors.is_some() { String::new() } else { format!("{per_second:.0}") };
        let floors = row.floors.map(|floors| format!("{floors:.2}")).unwrap_or_default();
        let cpu = row.cpu_ms.map(|ms| format!("{ms:.2} ms")).unwrap_or_default();
        say(format!(
            "{:<46} {count:>7} {p50_ms:>6.2} ms {p99_ms:>6.2} ms {rate:>8} {floors:>7} {cpu:>8}",
            row.what
        ));
    }
    let Report { start_ms, idle_mib, after_mib, most_mib, waiting, .. } = report;
    say(format!(
        "\nstart to the first answer of /healthz: {start_ms:.0} ms, {waiting} requests waiting"
    ));
    say(format!(
        "resident memory: {idle_mib:.1} MiB at rest (Slack and Teams on), {after_mib:.1} MiB after the load, {most_mib:.1} MiB at most"
    ));
    say(format!(
        "acknowledged clicks found decided after SIGKILL: {} of {}",
        report.kept, report.acknowledged
    ));
    say(format!(
        "\nA decision adds {} bytes to the write-ahead log; the floor writes as many. A click brings {} bytes\n\
         (Slack) or {} (Teams). A click is acknowledged when it is decided and on the disk: signature or\n\
         token, card, person, rights, plan, votes, one transaction. Carrying it out comes afterwards and is\n\
         not part of it. Requests were asked in plain words through signed Slack events.",
        report.decision_bytes, report.click_bytes[0], report.click_bytes[1]
    ));
    text
}
