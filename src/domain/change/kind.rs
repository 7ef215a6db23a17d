//! A change's sort: its stable name, and everything that is true of each change of it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a change's `done` rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The value itself is read back.
    State,
    /// A mark moved that moves only when this happens.
    Trace,
    /// Only the service's answer exists.
    Answer,
}

/// What may be done when nobody knows whether a started change happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Making it twice is the same as once.
    Idempotent,
    /// Read back first; repeat only when it is seen not to have happened.
    ReadFirst,
    /// Never repeated without a person.
    NeverBlind,
}

/// Any one of these sets of rights suffices. A plain name is a Graph application
/// permission, `role:` an Entra role of the service principal, `exchange:` an
/// application permission of Office 365 Exchange Online.
pub type Rights = &'static [&'static [&'static str]];

/// A change's sort, with a stable name that is stored and audited. One constant each,
/// beside the change it is of; two are the same when their names are.
#[derive(Clone, Copy)]
pub struct Kind {
    name: &'static str,
    rights: Rights,
    evidence: Evidence,
    repeat: Repeat,
    contains: bool,
    opens: bool,
    deadline_seconds: i64,
}

impl Kind {
    /// A change that is read back, safe to repeat, and seen within two minutes.
    pub const fn of(name: &'static str, rights: Rights) -> Self {
        Self {
            name,
            rights,
            evidence: Evidence::State,
            repeat: Repeat::Idempotent,
            contains: false,
            opens: false,
            deadline_seconds: 120,
        }
    }

    /// Its `done` rests on something else than the value read back.
    #[must_use]
    pub const fn shown_by(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// What may be done when its fate is unknown.
    #[must_use]
    pub const fn repeated(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// It ends somebody's access.
    #[must_use]
    pub const fn containing(mut self) -> Self {
        self.contains = true;
        self
    }

    /// It opens a way into somebody's account, to whoever is handed something or to whoever
    /// registers next.
    #[must_use]
    pub const fn opening(mut self) -> Self {
        self.opens = true;
        self
    }

    /// Its effect may take this long to be seen, in seconds.
    #[must_use]
    pub const fn seen_within(mut self, seconds: i64) -> Self {
        self.deadline_seconds = seconds;
        self
    }

    /// The stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// What `done` rests on.
    pub const fn evidence(self) -> Evidence {
        self.evidence
    }

    /// What may be done when its fate is unknown.
    pub const fn repeat(self) -> Repeat {
        self.repeat
    }

    /// Ends somebody's access. Never held back by drift elsewhere.
    pub const fn contains_access(self) -> bool {
        self.contains
    }

    /// Opens a way into somebody's account.
    pub const fn opens_account(self) -> bool {
        self.opens
    }

    /// How long read-back goes on before the step is in doubt, in seconds. Reads
    /// lag writes by seconds, licences and Exchange by minutes
    /// (Graph throttling and consistency notes, reference of August 2026).
    pub const fn deadline_seconds(self) -> i64 {
        self.deadline_seconds
    }

    /// The rights that suffice, any one set of the list. The only place where the
    /// permission of a change is written (Graph permissions, August 2026).
    pub const fn permissions(self) -> Rights {
        self.rights
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = String::deserialize(deserializer)?;
        let found = super::kinds().find(|kind| kind.as_str() == said);
        found.ok_or_else(|| de::Error::custom(format!("no change is called {said:?}")))
    }
}
