//! Permission groups, which policy switches on and off and names signers for; and how much harm a mistake would do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::domain::ids::NotAName;

/// A permission group. Each has a folder of actions, or will have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Accounts: look up, block, allow.
    Users,
    /// Passwords, sessions, sign-in methods.
    PasswordsAndSecurity,
    /// Licences.
    Licences,
    /// Groups and their members.
    Groups,
    /// Mailboxes.
    Mailboxes,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Users, Self::PasswordsAndSecurity, Self::Licences, Self::Groups, Self::Mailboxes];

    /// As settings name it: `passwords_and_security`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::PasswordsAndSecurity => "passwords_and_security",
            Self::Licences => "licences",
            Self::Groups => "groups",
            Self::Mailboxes => "mailboxes",
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Area {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        Self::ALL.into_iter().find(|area| area.as_str() == said).ok_or_else(|| NotAName {
            said: said.chars().take(80).collect(),
            wanted: "a permission group (users, passwords_and_security, licences, groups, mailboxes)",
        })
    }
}

/// How much harm a mistake would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Only looks.
    Read,
    /// Changes something that can be changed back.
    Write,
    /// Ends access or loses something.
    Destructive,
}
