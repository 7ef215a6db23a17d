//! What goes wrong on command. Chance comes from a seed, so that a run can be repeated.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::world::World;

/// Faults kept at once; more are refused.
const FAULTS_MAX: usize = 1_000;

/// One fault: where it strikes, how often, and what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The method, or `*`.
    #[serde(default = "star")]
    pub method: String,
    /// The path without query, `*` stands for anything: `/v1.0/users/*`. Inside a `$batch`
    /// the items are matched with `/v1.0` in front of their address. Stale reads of Exchange
    /// are matched as `GET /adminapi/cmdlet/Get-Mailbox`.
    #[serde(default = "star")]
    pub path: String,
    /// How often it strikes; nothing means without end.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// How many matching requests pass before it begins.
    #[serde(default)]
    pub skip: u32,
    /// 0.0 to 1.0.
    #[serde(default = "certain")]
    pub probability: f64,
    /// Where chance begins.
    #[serde(default)]
    pub seed: u64,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
}

fn star() -> String {
    "*".to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape serde asks for")]
fn once() -> Option<u32> {
    Some(1)
}

fn certain() -> f64 {
    1.0
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// An error status (429, 500, 502, 503, 504 …), also for one item of a batch.
    Status {
        /// The status code.
        status: u16,
        /// What the header `Retry-After` says.
        #[serde(default)]
        retry_after: RetryAfter,
        /// The effect happens, and only the answer is an error.
        #[serde(default)]
        after_effect: bool,
    },
    /// Status 200 with an HTML page, as a proxy in between sends it. No effect.
    Html,
    /// The effect happens; the answer stops in the middle of its JSON.
    Truncated,
    /// The connection ends before the effect.
    CutBefore,
    /// The effect happens; the connection ends before the answer.
    CutAfter,
    /// The effect of a batch item happens; its answer is missing from the batch.
    MissingItem,
    /// The answer takes this many milliseconds of tokio's time.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// Reads answer what was true this many milliseconds ago by the world's clock.
    StaleReads {
        /// Milliseconds.
        ms: i64,
    },
}

/// The header `Retry-After`: a number of seconds, nothing, or words no client can read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RetryAfter(pub Option<String>);

impl RetryAfter {
    /// A number of seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self(Some(seconds.to_string()))
    }
}

impl<'de> Deserialize<'de> for RetryAfter {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(from)? {
            Value::Null => Self(None),
            Value::String(text) => Self(Some(text)),
            other => Self(Some(other.to_string())),
        })
    }
}

impl Fault {
    /// A fault that strikes once.
    pub fn once(method: &str, path: &str, kind: FaultKind) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            times: Some(1),
            skip: 0,
            probability: 1.0,
            seed: 0,
            kind,
        }
    }

    /// The same fault, as often as said; nothing means without end.
    #[must_use]
    pub fn times(mut self, times: Option<u32>) -> Self {
        self.times = times;
        self
    }
}

/// Where faults are pinned up, as [`World::faults`] gives it.
pub struct FaultBoard {
    world: World,
}

impl FaultBoard {
    pub(super) fn new(world: World) -> Self {
        Self { world }
    }

    /// Adds a fault. False when the board is full.
    pub fn push(&self, fault: Fault) -> bool {
        self.world.core().faults.push(fault)
    }

    /// The faults that can still strike.
    pub fn list(&self) -> Vec<Fault> {
        self.world.core().faults.pins.iter().map(|pin| pin.fault.clone()).collect()
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.world.core().faults = Faults::default();
    }
}

#[derive(Default)]
pub(super) struct Faults {
    pins: Vec<Pin>,
}

struct Pin {
    fault: Fault,
    chance: u64,
}

/// What happens to one request or one item.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub latency_ms: u64,
    pub stale_ms: Option<i64>,
    pub strike: Option<FaultKind>,
}

/// A whole HTTP request, or one item inside a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Request,
    Item,
}

impl Faults {
    pub fn push(&mut self, fault: Fault) -> bool {
        if self.pins.len() >= FAULTS_MAX {
            return false;
        }
        self.pins.push(Pin { chance: fault.seed, fault });
        true
    }

    pub fn want_snapshots(&self) -> bool {
        self.pins.iter().any(|pin| matches!(pin.fault.kind, FaultKind::StaleReads { .. }))
    }

    /// How old an answer to this read must be. Nothing but stale reads is used up.
    pub fn stale(&mut self, path: &str) -> Option<i64> {
        let mut found = None;
        for pin in &mut self.pins {
            if let FaultKind::StaleReads { ms } = pin.fault.kind
                && pin.matches("GET", path, Place::Item)
                && pin.fires()
            {
                found = Some(ms);
            }
        }
        self.pins.retain(|pin| pin.fault.times != Some(0));
        found
    }

    /// Decides, and uses up what struck. The first strike wins; delays add up.
    pub fn decide(&mut self, method: &str, path: &str, place: Place) -> Verdict {
        let mut verdict = Verdict::default();
        for pin in &mut self.pins {
            if !pin.matches(method, path, place) {
                continue;
            }
            let takes_the_answer =
                !matches!(pin.fault.kind, FaultKind::Latency { .. } | FaultKind::StaleReads { .. });
            if takes_the_answer && verdict.strike.is_some() || !pin.fires() {
                continue;
            }
            match &pin.fault.kind {
                FaultKind::Latency { ms } => verdict.latency_ms += ms,
                FaultKind::StaleReads { ms } => verdict.stale_ms = Some(*ms),
                kind => verdict.strike = Some(kind.clone()),
            }
        }
        self.pins.retain(|pin| pin.fault.times != Some(0));
        verdict
    }
}

impl Pin {
    fn matches(&self, method: &str, path: &str, place: Place) -> bool {
        let fits_place = match (&self.fault.kind, place) {
            (FaultKind::MissingItem, Place::Request) => false,
            (FaultKind::StaleReads { .. }, _) => method == "GET",
            (FaultKind::Status { .. } | FaultKind::Latency { .. } | FaultKind::MissingItem, _) => {
                true
            }
            (_, place) => place == Place::Request,
        };
        let fits_method =
            self.fault.method == "*" || self.fault.method.eq_ignore_ascii_case(method);
        fits_place && fits_method && glob(&self.fault.path.to_lowercase(), &path.to_lowercase())
    }

    fn fires(&mut self) -> bool {
        if self.fault.skip > 0 {
            self.fault.skip -= 1;
            return false;
        }
        if self.fault.probability < 1.0 && self.roll() >= self.fault.probability {
            return false;
        }
        if let Some(left) = &mut self.fault.times {
            *left = left.saturating_sub(1);
        }
        true
    }

    /// The next number of a `SplitMix64` sequence, between 0 and 1.
    fn roll(&mut self) -> f64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Whether a pattern with `*` covers the whole text.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_covers_anything_and_the_rest_must_fit() {
        assert!(glob("*", "/v1.0/users"));
        assert!(glob("/v1.0/users/*", "/v1.0/users/1/manager"));
        assert!(glob("/v1.0/*/members/$ref", "/v1.0/groups/1/members/$ref"));
        assert!(!glob("/v1.0/users", "/v1.0/users/1"));
        assert!(!glob("/v1.0/groups/*", "/v1.0/users/1"));
    }
}
