//! How this tenant behaves where tenants differ.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// How often Conditional Access answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PolicyPace {
    /// One request a second for the whole tenant, and no `Retry-After`
    /// (learn.microsoft.com/graph/throttling-limits, conditionalAccessPolicy).
    #[default]
    OnePerSecond,
    /// As fast as it is asked: for tests whose clock stands still.
    Free,
}

/// Whether an application without a user may open workbooks.
///
/// Microsoft's pages say "Application: Not supported" for each workbook call; reports from the
/// field (microsoftgraph/microsoft-graph-docs-contrib issues 6609, 8691) say that it works with
/// `Files.ReadWrite.All` and `Sites.ReadWrite.All`. Both can be had here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorkbookDoor {
    /// Open to applications, as reported.
    #[default]
    Open,
    /// Open to signed-in users only, as documented.
    UsersOnly,
}

/// Whether the tenant's app management policy allows client secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppSecrets {
    /// They can be added.
    #[default]
    Allowed,
    /// `passwordAddition` is restricted.
    Forbidden,
}

/// How many writes the tenant takes, of one application: a bucket that refills. The identity
/// service takes 3,000 in 150 seconds (learn.microsoft.com/graph/throttling-limits).
#[derive(Debug, Clone, Copy)]
pub struct Writes {
    per_second: f64,
    at_once: f64,
    left: f64,
    since: Option<Timestamp>,
    /// Writes that were taken.
    pub taken: u64,
    /// Writes that were answered 429.
    pub refused: u64,
}

impl Writes {
    /// So many a second, and so many at once after a rest.
    pub fn new(per_second: f64, at_once: f64) -> Self {
        Self { per_second, at_once, left: at_once, since: None, taken: 0, refused: 0 }
    }

    fn take(&mut self, now: Timestamp) -> bool {
        let passed = self.since.map_or(0.0, |since| now.duration_since(since).as_secs_f64());
        self.since = Some(now);
        self.left = (self.left + passed.max(0.0) * self.per_second).min(self.at_once);
        let takes = self.left >= 1.0;
        if takes {
            self.left -= 1.0;
            self.taken += 1;
        } else {
            self.refused += 1;
        }
        takes
    }
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Conduct {
    /// How often Conditional Access answers.
    pub policy_pace: PolicyPace,
    /// Whether applications may open workbooks.
    pub workbooks: WorkbookDoor,
    /// Whether applications may get client secrets.
    pub app_secrets: AppSecrets,
    /// Objects on one page of a delta query; Graph's own size when nothing is said.
    pub delta_page: Option<usize>,
    /// How many writes it takes; any number when nothing is said.
    pub writes: Option<Writes>,
    /// Written over the claims of every id token: what a wrong one says, for tests.
    pub id_claims: Map<String, Value>,
    last_policy_call: Option<Timestamp>,
}

impl Conduct {
    /// Counts one write. False when there were too many.
    pub(super) fn write_call(&mut self, now: Timestamp) -> bool {
        self.writes.as_mut().is_none_or(|writes| writes.take(now))
    }

    /// Counts one request to Conditional Access. False when it comes too soon.
    pub(super) fn policy_call(&mut self, now: Timestamp) -> bool {
        let second = SignedDuration::from_secs(1);
        let soon = self.last_policy_call.is_some_and(|last| now.duration_since(last) < second);
        if soon && self.policy_pace == PolicyPace::OnePerSecond {
            return false;
        }
        self.last_policy_call = Some(now);
        true
    }
}
