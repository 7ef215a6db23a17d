//! The figures of an evaluation, as people read them.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;

use super::{
    Room,
    score::{Figures, HrTexts, Judged, by_tag, figures, hr_texts, judge},
};
use crate::cli::bench::machine::own_memory;

/// Tags with fewer messages are not shown.
const TAG_MIN: usize = 5;

/// What was made of labelled messages.
#[derive(Debug, Default)]
pub struct Scored {
    /// Each, judged.
    pub judged: Vec<Judged>,
    /// The messages that were not understood, with what was made of them.
    pub missed: Vec<(Value, Value)>,
    /// How long each took, in milliseconds, sorted.
    pub took: Vec<f64>,
}

/// Reads and judges the labelled messages of these JSONL texts.
pub fn score(room: &Room, texts: &[String]) -> anyhow::Result<Scored> {
    let mut scored = Scored::default();
    for (number, line) in texts.iter().flat_map(|text| text.lines()).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let named = || format!("labelled message {}", number + 1);
        let item: Value = serde_json::from_str(line).with_context(named)?;
        let said = room.predict(&item).with_context(named)?;
        let judged = judge(&item, &said).with_context(named)?;
        scored.took.extend(said.get("ms").and_then(Value::as_f64));
        if !judged.exact {
            scored.missed.push((item, said));
        }
        scored.judged.push(judged);
    }
    scored.took.sort_by(f64::total_cmp);
    Ok(scored)
}

/// The whole table, and so many of the misses explained.
pub fn scored(room: &Room, texts: &[String], misses: usize) -> anyhow::Result<String> {
    let before = own_memory();
    let scored = score(room, texts)?;
    let all = figures(&scored.judged);
    let mut text = overall(&all);
    let at = |percent: usize| {
        let last = scored.took.len().saturating_sub(1);
        scored.took.get(last * percent / 100).copied().unwrap_or_default()
    };
    let mut line = |words: String| {
        let _infallible = writeln!(text, "{words}");
    };
    line(format!(
        "  took                 p50 {:.2} · p95 {:.2} · p99 {:.2} ms",
        at(50),
        at(95),
        at(99)
    ));
    if let (Some(before), Some(after)) = (before, own_memory()) {
        line(format!(
            "  memory               {after:.1} MiB, {:.1} more than before",
            after - before
        ));
    }
    line(format!("  HEADLINE             {:.1}", all.headline));
    let HrTexts { count, right, asked, silent, wrong_persons } = hr_texts(&scored.judged);
    if let Some(share) = (100 * right).checked_div(count) {
        let other = count - right - asked - silent;
        line(format!(
            "  HR texts             {count}: complete and right {right} ({share} %), asked {asked}, \
             nothing {silent}, otherwise {other}; wrong persons {wrong_persons}"
        ));
    }
    line(format!("\n  {:<22} {:>5} {:>7} {:>8} {:>7}", "tag", "n", "exact", "actions", "pieces"));
    for (tag, tagged) in by_tag(&scored.judged) {
        if tagged.count >= TAG_MIN {
            let Figures { count, exact, actions, pieces, .. } = tagged;
            line(format!("  {tag:<22} {count:>5} {exact:>7.1} {actions:>8.1} {pieces:>7.1}"));
        }
    }
    for (item, said) in scored.missed.iter().take(misses) {
        line(format!("\nwanted {} clarify={}", item["expect"], item["clarify"]));
        line(format!("got    {} clarify={}", said["actions"], said["clarify"]));
        line(room.explain(item)?);
    }
    Ok(text)
}

fn overall(all: &Figures) -> String {
    let (precision, recall) = all.questions;
    let mut text = format!("{} labelled messages\n", all.count);
    let rows = [
        ("exact", format!("{:.1} %", all.exact)),
        ("exact, requests", format!("{:.1} %", all.exact_requests)),
        ("exact, to be left", format!("{:.1} %", all.exact_hold)),
        ("actions right", format!("{:.1} %", all.actions)),
        ("pieces, F1", format!("{:.1} %", all.pieces)),
        ("questions", format!("precision {precision:.1} %, recall {recall:.1} %")),
        (
            "false proposals",
            format!("{}, of them changes {}", all.false_proposals, all.false_writes),
        ),
        ("moved by injections", all.injected.to_string()),
        ("dangerous", all.critical.to_string()),
    ];
    for (name, value) in rows {
        let _infallible = writeln!(text, "  {name:<20} {value}");
    }
    text
}
