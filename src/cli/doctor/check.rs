//! One thing outside our house that has to be right, and how to mend it.

use std::fmt;

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// How it is.
    pub is: Is,
    /// What is so, or what is wrong with it.
    pub found: String,
    /// What to do when it is not as it should be.
    pub mend: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// As it should be.
    Ok,
    /// As it should be, and not for long.
    Soon,
    /// Not as it should be.
    Wrong,
}

impl Check {
    /// It is as it should be.
    pub fn ok(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { what: what.into(), is: Is::Ok, found: found.into(), mend: String::new() }
    }

    /// It will not stay as it should be.
    pub fn soon(
        what: impl Into<String>,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { is: Is::Soon, mend: mend.into(), ..Self::ok(what, found) }
    }

    /// It is not as it should be.
    pub fn wrong(
        what: impl Into<String>,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { is: Is::Wrong, mend: mend.into(), ..Self::ok(what, found) }
    }

    /// Is nothing wrong with it today?
    pub fn is_ok(&self) -> bool {
        self.is != Is::Wrong
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, is, found, mend } = self;
        match is {
            Is::Ok => write!(f, "ok    {what}: {found}"),
            Is::Soon => write!(f, "soon  {what}: {found}\n      → {mend}"),
            Is::Wrong => write!(f, "wrong {what}: {found}\n      → {mend}"),
        }
    }
}
