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
    /// Guests and their sponsors.
    Guests,
    /// Directory roles.
    Roles,
    /// Mailboxes: replies, forwarding, permissions, sorts.
    Mailboxes,
    /// Transport rules and what else decides where mail goes.
    MailFlow,
    /// Holds, archives and retention.
    Compliance,
    /// Devices of the directory and of Intune.
    Devices,
    /// Conditional Access policies.
    ConditionalAccess,
    /// App registrations, service principals, consent.
    Apps,
    /// Domains of the tenant.
    Domains,
    /// Excel workbooks in `OneDrive` and `SharePoint`.
    Workbooks,
    /// Requests to Microsoft Graph, spelled out.
    RawGraph,
    /// Joiners, leavers and movers: processes made of actions of the other groups.
    Lifecycle,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Users,
        Self::PasswordsAndSecurity,
        Self::Licences,
        Self::Groups,
        Self::Guests,
        Self::Roles,
        Self::Mailboxes,
        Self::MailFlow,
        Self::Compliance,
        Self::Devices,
        Self::ConditionalAccess,
        Self::Apps,
        Self::Domains,
        Self::Workbooks,
        Self::RawGraph,
        Self::Lifecycle,
    ];

    /// As settings name it: `passwords_and_security`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::PasswordsAndSecurity => "passwords_and_security",
            Self::Licences => "licences",
            Self::Groups => "groups",
            Self::Guests => "guests",
            Self::Roles => "roles",
            Self::Mailboxes => "mailboxes",
            Self::MailFlow => "mail_flow",
            Self::Compliance => "compliance",
            Self::Devices => "devices",
            Self::ConditionalAccess => "conditional_access",
            Self::Apps => "apps",
            Self::Domains => "domains",
            Self::Workbooks => "workbooks",
            Self::RawGraph => "raw_graph",
            Self::Lifecycle => "lifecycle",
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
            wanted: "a permission group (users, passwords_and_security, licences, groups, guests, \
                     roles, mailboxes, mail_flow, compliance, devices, conditional_access, apps, \
                     domains, workbooks, raw_graph, lifecycle)",
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

/// What an action needs whatever the permission group says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// What the group says.
    Usual,
    /// A second person signs, even where the group lets the requester confirm alone.
    AlwaysApprove,
    /// Refused until the operator names the action in the settings; then a second
    /// person signs.
    Blocked,
}
