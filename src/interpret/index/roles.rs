//! Names of directory roles, so that "make her a User Administrator" is never read as
//! something about a user. Microsoft, "Microsoft Entra built-in roles".

use crate::{actions::wording::Sort, interpret::index::Named};

/// Display names of the roles that are given most often.
pub(super) const BUILT_IN: &[&str] = &[
    "Application Administrator",
    "Authentication Administrator",
    "Billing Administrator",
    "Cloud Application Administrator",
    "Cloud Device Administrator",
    "Compliance Administrator",
    "Conditional Access Administrator",
    "Directory Readers",
    "Directory Writers",
    "Exchange Administrator",
    "Global Administrator",
    "Global Reader",
    "Groups Administrator",
    "Guest Inviter",
    "Helpdesk Administrator",
    "Intune Administrator",
    "License Administrator",
    "Password Administrator",
    "Power Platform Administrator",
    "Privileged Authentication Administrator",
    "Privileged Role Administrator",
    "Reports Reader",
    "Security Administrator",
    "Security Operator",
    "Security Reader",
    "Service Support Administrator",
    "SharePoint Administrator",
    "Teams Administrator",
    "Teams Communications Administrator",
    "User Administrator",
];

/// The built-in roles as things.
pub fn built_in() -> impl Iterator<Item = Named> {
    BUILT_IN.iter().map(|name| Named {
        sort: Sort::Role,
        name: (*name).to_owned(),
        value: (*name).to_owned(),
        owner: None,
        form: None,
    })
}

/// "user administrator" → "user admin", "user admin role".
pub fn short(name: &str) -> Vec<String> {
    let bare = name.strip_suffix(" administrator").map(|first| format!("{first} admin"));
    bare.into_iter()
        .chain([name.to_owned()])
        .flat_map(|name| [format!("{name} role"), name])
        .collect()
}
