//! What the app has been granted, what that makes ready, and where to grant the rest.
//! Shared by the commands that look at a tenant: `doctor`, `connect`, `actions`.
//!
//! - [`held`]  what the app's tokens carry, and what a permission list lacks of it
//! - [`ready`] for each permission group, which actions can run
//! - [`cause`] whether what is missing was never asked for, or never consented to
//! - [`enabled`] which groups are meant: named, or those of the settings
//! - [`links`] the pages on which an administrator grants it, in each cloud
//!
//! Not here: any list of actions or permissions. Both come from the catalogue.

pub mod cause;
pub mod enabled;
pub mod held;
pub mod links;
pub mod ready;

use crate::{
    actions::{CATALOG, Entry},
    config::{Access, Policy},
    domain::area::{Area, Care, Risk},
};

/// May this action be asked for? Its group's access lets it, and it is not blocked.
pub fn on(policy: &Policy, entry: &Entry) -> bool {
    lets(access(policy, entry.about.area), entry, &policy.unblocked)
}

/// Does this access let the action be asked for? What is blocked must be named as well.
pub fn lets(access: Access, entry: &Entry, unblocked: &[String]) -> bool {
    let about = &entry.about;
    if about.care == Care::Blocked && !unblocked.iter().any(|id| id == about.id) {
        return false;
    }
    match access {
        Access::Disabled => false,
        Access::ReadOnly => about.risk == Risk::Read,
        Access::ReadWrite => true,
    }
}

/// What the settings say of a permission group.
pub fn access(policy: &Policy, area: Area) -> Access {
    policy.groups.get(&area).map(|group| group.access).unwrap_or_default()
}

/// The actions that policy switches on.
pub fn switched_on(policy: &Policy) -> impl Iterator<Item = &'static Entry> {
    CATALOG.iter().filter(|entry| on(policy, entry))
}

/// An access level, as settings write it.
pub fn level(access: Access) -> &'static str {
    match access {
        Access::Disabled => "disabled",
        Access::ReadOnly => "read_only",
        Access::ReadWrite => "read_write",
    }
}
