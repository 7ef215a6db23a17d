//! "…, same dates": the days of what was asked before, for what is asked now.
//!
//! Not here: another day for what was asked before ([`super::later`]).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::pattern;
use crate::{
    domain::proposal::{Because, Proposal, Understood},
    interpret::{slots::AT, text::key},
};

static SAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(the )?(same|those|these) (dates?|days?|period|time|times|weeks?|evening|morning)\b",
    )
});

/// Does it speak of days that were said before?
pub fn says_same_days(own: &str) -> bool {
    SAME.is_match(&key(own))
}

/// Gives what is asked now, and has no day, the days of what was asked before.
pub fn same_days(own: &str, understood: &mut Understood, last: &[Proposal]) {
    let value = |one: &Proposal, names: &[&str]| {
        names
            .iter()
            .find_map(|name| one.arguments.get(*name))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let Some(from) = last.iter().find_map(|one| value(one, &["start", AT, "start_date"])) else {
        return;
    };
    let until = last.iter().find_map(|one| value(one, &["end", "until"]));
    let words: String = own.trim().chars().take(80).collect();
    for one in &mut understood.proposals {
        let dated = [AT, "start", "start_date", "until", "end"];
        let known = crate::actions::entry(&one.action);
        let reads = known.is_none_or(|entry| entry.about.risk == crate::domain::area::Risk::Read);
        if reads || dated.iter().any(|name| one.arguments.contains_key(*name)) {
            continue;
        }
        let (first, end) = match one.action.as_str() {
            "set_out_of_office" => ("start", Some("end")),
            "set_forwarding" => (AT, Some("until")),
            "onboard_user" => continue,
            _ => (AT, None),
        };
        one.arguments.insert(first.to_owned(), Value::String(from.clone()));
        if let (Some(end), Some(until)) = (end, &until) {
            one.arguments.insert(end.to_owned(), Value::String(until.clone()));
        }
        one.because.push(Because { words: words.clone(), gave: first.to_owned(), quoted: false });
    }
}
