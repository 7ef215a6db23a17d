//! What a run comes to, beside what it cannot be faster than.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use crate::{
    cli::bench::offboard::{
        slow::{EXCHANGE, GRAPH, Seen},
        tenant::{BEARS, Profile},
    },
    sim::microsoft::Effect,
};

/// One profile, measured.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Whose.
    pub profile: &'static str,
    /// Steps that were signed.
    pub steps: usize,
    /// Calls to Graph and Exchange after the decision.
    pub calls: usize,
    /// Calls that cannot be spared.
    pub calls_needed: usize,
    /// Round trips that the time is made of: each began when the one before had ended.
    pub trips: usize,
    /// The longest row of calls of which each began after the one before had ended.
    pub longest_row: usize,
    /// From the durable decision to the durable end, in milliseconds.
    pub ms: f64,
    /// From the durable decision until the sessions were revoked, in milliseconds.
    pub contained_ms: f64,
    /// The limit of the whole, in milliseconds.
    pub limit_ms: f64,
    /// The limit of the containment, in milliseconds.
    pub contain_limit_ms: f64,
    /// Effects that came before one they have to follow.
    pub violations: usize,
    /// One call after the other: how many.
    pub sequential_calls: usize,
    /// One call after the other: how long, in milliseconds.
    pub sequential_ms: f64,
}

impl Row {
    /// How often the limit the whole took.
    pub fn ratio(&self) -> f64 {
        self.ms / self.limit_ms
    }
}

/// Milliseconds.
pub fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// Read; contain beside what Exchange reads; write; see that the mailbox is shared; licences;
/// read back. Each number of groups, licences and methods takes as long.
pub fn limit() -> Duration {
    let contain = (GRAPH * 2).max(EXCHANGE);
    let (write, converted) = (GRAPH.max(EXCHANGE), EXCHANGE);
    GRAPH + contain + write + converted + GRAPH + GRAPH
}

/// Reading, then the block and the revocation, one after the other.
pub fn contain_limit() -> Duration {
    GRAPH + (GRAPH * 2).mul_f64(1.05)
}

/// The calls of a run.
pub struct Calls<'a> {
    seen: &'a [Seen],
}

impl<'a> Calls<'a> {
    /// Sorted by when they came.
    pub fn of(seen: &'a [Seen]) -> Self {
        Self { seen }
    }

    /// From the last answer backwards: each time the last call that had ended before.
    pub fn trips(&self) -> usize {
        let mut count = 0;
        let mut at = self.seen.iter().max_by_key(|call| call.to);
        while let Some(call) = at {
            count += 1;
            let before = self.seen.iter().filter(|other| other.to <= call.from);
            at = before.max_by_key(|other| other.to);
        }
        count
    }

    /// The longest row of calls one after the other.
    pub fn longest_row(&self) -> usize {
        let mut rows: Vec<usize> = Vec::with_capacity(self.seen.len());
        for call in self.seen {
            let before = self.seen.iter().zip(&rows).filter(|(other, _)| other.to <= call.from);
            rows.push(1 + before.map(|(_, row)| *row).max().unwrap_or(0));
        }
        rows.into_iter().max().unwrap_or(0)
    }

    /// When the sessions had been revoked.
    pub fn contained(&self) -> Option<Instant> {
        let revokes =
            |call: &&Seen| call.asked.iter().any(|ask| ask.ends_with("revokeSignInSessions"));
        self.seen.iter().find(revokes).map(|call| call.to)
    }
}

/// How many effects came before one they have to follow: block → revoke → all that is lost;
/// conversion and other groups → licences → groups that bear one.
pub fn violations(effects: &[Effect]) -> usize {
    let at = |is: &dyn Fn(&Effect) -> bool| -> Vec<usize> {
        effects.iter().enumerate().filter(|(_, effect)| is(effect)).map(|(at, _)| at).collect()
    };
    let what = |name: &'static str| move |effect: &Effect| effect.what == name;
    let leaves = |effect: &Effect| effect.what == "group.member.remove";
    let borne = |effect: &Effect| {
        effect.target.name == BEARS || format!("{}{}", effect.before, effect.after).contains(BEARS)
    };
    let bears = |effect: &Effect| leaves(effect) && borne(effect);
    let plain = |effect: &Effect| leaves(effect) && !borne(effect);
    let shared =
        |effect: &Effect| effect.what == "mailbox.update" && effect.after["type"] == "Shared";
    let block = at(&what("user.update"));
    let revoke = at(&what("user.revoke_sessions"));
    let licences = at(&what("user.licences"));
    let methods = at(&what("user.method.remove"));
    let pairs = [
        (block, revoke.clone()),
        (revoke.clone(), at(&plain)),
        (revoke.clone(), methods),
        (revoke, licences.clone()),
        (at(&shared), licences.clone()),
        (at(&plain), licences.clone()),
        (licences, at(&bears)),
        (at(&shared), at(&bears)),
        (at(&plain), at(&bears)),
    ];
    let late = |(first, then): &(Vec<usize>, Vec<usize>)| {
        let last = first.last().copied();
        // What has to come first and never came is a violation of its own.
        last.map_or(usize::from(!then.is_empty()), |last| {
            then.iter().filter(|at| **at < last).count()
        })
    };
    pairs.iter().map(late).sum()
}

/// As people read it.
pub fn table(rows: &[Row]) -> String {
    let head = "| profile | steps | calls | needed | round trips | longest row | seconds | limit | times the limit | contained in | limit | order broken | one call at a time | times |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
    let line = |row: &Row| {
        let Row { profile, steps, calls, calls_needed, trips, longest_row, .. } = row;
        let Row { ms, limit_ms, contained_ms, contain_limit_ms, violations, .. } = row;
        format!(
            "| {profile} | {steps} | {calls} | {calls_needed} | {trips} | {longest_row} | {:.2} | {:.2} | {:.2} | {contained_ms:.0} ms | {contain_limit_ms:.0} ms | {violations} | {} calls, {:.1} s | {:.1} |\n",
            ms / 1000.0,
            limit_ms / 1000.0,
            row.ratio(),
            row.sequential_calls,
            row.sequential_ms / 1000.0,
            row.sequential_ms / ms,
        )
    };
    format!("{head}{}", rows.iter().map(line).collect::<String>())
}

/// The whole of a profile.
#[derive(Debug)]
pub struct Measured<'a> {
    /// Whose.
    pub profile: &'a Profile,
    /// Steps that were signed.
    pub steps: usize,
    /// The calls, by when they came.
    pub seen: Vec<Seen>,
    /// When the decision was on the disk.
    pub decided: Instant,
    /// When the end was.
    pub ended: Instant,
    /// What the tenant felt.
    pub effects: Vec<Effect>,
    /// One call after the other: how many, and how long.
    pub sequential: (usize, Duration),
}

impl Measured<'_> {
    /// Its line.
    pub fn row(&self) -> anyhow::Result<Row> {
        let calls = Calls::of(&self.seen);
        let contained = calls.contained();
        let contained = contained.ok_or_else(|| anyhow::anyhow!("no session was revoked"))?;
        Ok(Row {
            profile: self.profile.name,
            steps: self.steps,
            calls: self.seen.len(),
            calls_needed: self.profile.calls_needed(),
            trips: calls.trips(),
            longest_row: calls.longest_row(),
            ms: ms(self.ended - self.decided),
            contained_ms: ms(contained - self.decided),
            limit_ms: ms(limit()),
            contain_limit_ms: ms(contain_limit()),
            violations: violations(&self.effects),
            sequential_calls: self.sequential.0,
            sequential_ms: ms(self.sequential.1),
        })
    }
}
