//! One thing outside our house that has to be right, and how to mend it.

use std::fmt;

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// What is so, or what is wrong with it.
    pub found: Result<String, String>,
    /// What to do when it is wrong.
    pub mend: String,
}

impl Check {
    /// It is as it should be.
    pub fn ok(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { what: what.into(), found: Ok(found.into()), mend: String::new() }
    }

    /// It is not.
    pub fn wrong(
        what: impl Into<String>,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), found: Err(found.into()), mend: mend.into() }
    }

    /// Is it as it should be?
    pub fn is_ok(&self) -> bool {
        self.found.is_ok()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Ok(found) => write!(f, "ok    {}: {found}", self.what),
            Err(found) => write!(f, "wrong {}: {found}\n      → {}", self.what, self.mend),
        }
    }
}
