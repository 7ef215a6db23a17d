//! Which permissions the actions need, and what for.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    actions::Entry,
    adapters::graph::app_roles::{Right, Service},
};

/// What every tenant must grant: planning reads users, policy reads roles and groups.
pub const ALWAYS: &[(&str, &str)] = &[
    ("User.Read.All", "finding people"),
    ("RoleManagement.Read.Directory", "knowing who is an administrator"),
    ("GroupMember.Read.All", "requesters and approvers named by group"),
];

/// One permission, and what it is for. Names of Graph application permissions;
/// `role:` is an Entra role of the service principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its name.
    pub permission: &'static str,
    /// Action ids, or words.
    pub used_by: BTreeSet<&'static str>,
}

/// The smallest list that lets all of these actions run: of several sets that would
/// do, the first, which is the narrowest. Reading is not listed where writing is.
pub fn needs<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Need> {
    let mut found: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
    for (permission, what) in ALWAYS {
        found.entry(permission).or_default().insert(what);
    }
    for entry in entries {
        for permission in of(entry) {
            found.entry(permission).or_default().insert(entry.about.id);
        }
    }
    for narrow in found.keys().copied().collect::<Vec<_>>() {
        let wide = narrow.replace(".Read.", ".ReadWrite.");
        let wide = narrow.strip_suffix(".Read").map_or(wide, |stem| format!("{stem}.ReadWrite"));
        let wide = found.keys().copied().find(|name| *name == wide && *name != narrow);
        if let (Some(wide), Some(used_by)) = (wide, wide.and_then(|_| found.remove(narrow))) {
            found.entry(wide).or_default().extend(used_by);
        }
    }
    found.into_iter().map(|(permission, used_by)| Need { permission, used_by }).collect()
}

/// What one action needs beyond [`ALWAYS`].
pub fn of(entry: &Entry) -> BTreeSet<&'static str> {
    let changing = entry.about.may.iter().filter_map(|kind| kind.permissions().first());
    let wanted = changing.copied().flatten().chain(entry.about.reads).copied();
    let always = |permission: &&str| ALWAYS.iter().any(|(name, _)| name == permission);
    wanted.filter(|permission| !always(permission)).collect()
}

/// The list, in words: one part for each place where something is granted.
pub fn page(needs: &[Need]) -> String {
    let part = |title: &str, of: fn(&Right<'_>) -> bool| {
        let lines: Vec<_> = needs
            .iter()
            .filter(|need| of(&Right::read(need.permission)))
            .map(|need| {
                let used_by: Vec<_> = need.used_by.iter().copied().collect();
                let name = match Right::read(need.permission) {
                    Right::Permission(_, name) | Right::Role(name) => name,
                };
                format!("  {name:<36} {}", used_by.join(", "))
            })
            .collect();
        (!lines.is_empty()).then(|| format!("{title}:\n{}", lines.join("\n")))
    };
    let graph = part(
        "Microsoft Graph, application permissions (App registrations, API permissions, then grant \
         admin consent)",
        |right| matches!(right, Right::Permission(Service::Graph, _)),
    );
    let exchange = part(
        "Office 365 Exchange Online, application permissions (the same page, APIs my organization \
         uses)",
        |right| matches!(right, Right::Permission(Service::Exchange, _)),
    );
    let roles =
        part("Entra roles of the app's service principal (Roles and administrators)", |right| {
            matches!(right, Right::Role(_))
        });
    [graph, exchange, roles].into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::CATALOG;

    #[test]
    fn every_change_of_every_action_can_be_granted() {
        for entry in CATALOG {
            for kind in entry.about.may {
                assert!(!kind.permissions().is_empty(), "{} has no permission", kind.as_str());
            }
        }
        let needs = needs(CATALOG);
        assert!(needs.iter().any(|need| need.permission == "role:User Administrator"));
        assert!(needs.iter().all(|need| !need.used_by.is_empty()));
        let named = |name| needs.iter().any(|need| need.permission == name);
        assert!(named("MailboxSettings.ReadWrite") && !named("MailboxSettings.Read"));
    }
}
