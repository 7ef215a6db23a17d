//! Words → proposals. (The room is being furnished on a branch of its own.)

use crate::{
    actions::Entry,
    domain::{
        proposal::{Intent, Open, Understood},
        users::{Group, PersonRef, Sku, User},
    },
};

/// Names.
#[derive(Debug, Default)]
pub struct Index;

impl Index {
    /// Builds.
    pub fn build(_: &[User], _: &[Group], _: &[Sku]) -> Self {
        Self
    }
    /// A person.
    pub fn person(&self, _: &str) -> Option<PersonRef> {
        None
    }
}

/// What the words are read in.
#[derive(Debug)]
pub struct Context {
    /// now
    pub now: jiff::Zoned,
    /// end of day
    pub end_of_day: jiff::civil::Time,
    /// requester
    pub requester: User,
    /// mentions
    pub mentions: Vec<Option<PersonRef>>,
    /// thread
    pub thread: Vec<SaidBefore>,
    /// open
    pub open: Option<Open>,
}

/// Said before.
#[derive(Debug)]
pub struct SaidBefore {
    /// by a person
    pub person: bool,
    /// words
    pub words: String,
    /// about
    pub about: Vec<PersonRef>,
}

/// Redacted.
#[derive(Debug)]
pub struct Redacted {
    /// text
    pub text: String,
    /// found
    pub found: bool,
}

/// Reads.
pub fn read(_: &str, _: &Context, _: &Index, _: &[Entry]) -> Understood {
    Understood { intent: Intent::None, proposals: Vec::new(), questions: Vec::new() }
}

/// Redacts.
pub fn redact(words: &str) -> Redacted {
    Redacted { text: words.to_owned(), found: false }
}
