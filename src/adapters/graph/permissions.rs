//! What changes and readings need, and what a token lacks of it.

use std::fmt;

use uuid::Uuid;

use crate::{
    adapters::graph::roles,
    domain::change::{Kind, Rights},
};

/// What a change needs and the app does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// For what.
    pub kind: Kind,
    /// The smallest set of permissions that would do, as in
    /// [`Kind::permissions`]: names of Graph application permissions, and
    /// `role:` with the name of an Entra role.
    pub needs: Vec<&'static str>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&names(&self.needs))
    }
}

/// What each of `kinds` lacks, given the token's `roles` and `wids`. Empty: nothing.
pub fn missing(kinds: &[Kind], token_roles: &[String], wids: &[Uuid]) -> Vec<Missing> {
    kinds
        .iter()
        .filter_map(|kind| {
            let needs = gap(kind.permissions(), token_roles, wids)?;
            Some(Missing { kind: *kind, needs })
        })
        .collect()
}

/// Something that is read, and the rights that suffice for it, any one set of the list
/// (Graph permissions, August 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading(Rights);

impl Reading {
    /// Users, their manager and licences.
    pub const USERS: Self = Self(&[&["User.Read.All"]]);
    /// A user's groups.
    pub const MEMBERSHIPS: Self =
        Self(&[&["Directory.Read.All"], &["GroupMember.ReadBasic.All"], &["Group.ReadBasic.All"]]);
    /// Groups by name, or all of them.
    pub const GROUPS: Self = Self(&[&["GroupMember.Read.All"]]);
    /// Directory roles.
    pub const ROLES: Self = Self(&[&["RoleManagement.Read.Directory"]]);
    /// Mailbox settings.
    pub const MAILBOX: Self = Self(&[&["MailboxSettings.Read"]]);
    /// The tenant's subscriptions.
    pub const LICENCES: Self = Self(&[&["LicenseAssignment.Read.All"]]);

    /// All of them.
    pub const ALL: &[Self] =
        &[Self::USERS, Self::MEMBERSHIPS, Self::GROUPS, Self::ROLES, Self::MAILBOX, Self::LICENCES];

    /// Any one of these sets suffices.
    pub fn permissions(self) -> Rights {
        self.0
    }

    /// What is missing for it; empty when nothing is.
    pub fn missing(self, token_roles: &[String], wids: &[Uuid]) -> Vec<&'static str> {
        gap(self.permissions(), token_roles, wids).unwrap_or_default()
    }
}

/// Permissions that include another one (Graph permissions, August 2026).
const INCLUDED_IN: &[(&str, &[&str])] = &[
    ("User.Read.All", &["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ("User.EnableDisableAccount.All", &["User.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("User.ReadWrite.All", &["Directory.ReadWrite.All"]),
    ("User-PasswordProfile.ReadWrite.All", &["User.ReadWrite.All"]),
    ("User.RevokeSessions.All", &["User.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("LicenseAssignment.ReadWrite.All", &["User.ReadWrite.All", "Directory.ReadWrite.All"]),
    (
        "LicenseAssignment.Read.All",
        &[
            "LicenseAssignment.ReadWrite.All",
            "Organization.Read.All",
            "Organization.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
    ),
    ("GroupMember.ReadWrite.All", &["Group.ReadWrite.All", "Directory.ReadWrite.All"]),
    (
        "GroupMember.Read.All",
        &[
            "GroupMember.ReadWrite.All",
            "Group.Read.All",
            "Group.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
    ),
    (
        "RoleManagement.Read.Directory",
        &["RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"],
    ),
    ("Directory.Read.All", &["Directory.ReadWrite.All"]),
    ("MailboxSettings.Read", &["MailboxSettings.ReadWrite"]),
];

/// The smallest difference to one of the sets; `None` when one is there whole.
pub(super) fn gap(
    sets: Rights,
    token_roles: &[String],
    wids: &[Uuid],
) -> Option<Vec<&'static str>> {
    let has = |permission: &str| token_roles.iter().any(|role| role == permission);
    let holds = |wanted: &&str| {
        if let Some(role) = wanted.strip_prefix("role:") {
            return roles::satisfying(role).iter().any(|id| wids.contains(id));
        }
        let above = INCLUDED_IN.iter().find(|(name, _)| name == wanted);
        has(wanted) || above.is_some_and(|(_, wider)| wider.iter().any(|name| has(name)))
    };
    sets.iter()
        .map(|set| set.iter().copied().filter(|wanted| !holds(wanted)).collect::<Vec<_>>())
        .min_by_key(Vec::len)
        .filter(|lacking| !lacking.is_empty())
}

/// Names for people: `User.Read.All and the Entra role User Administrator`.
pub(super) fn names(needs: &[&str]) -> String {
    let of = |need: &&str| match need.strip_prefix("role:") {
        Some(role) => format!("the Entra role {role}"),
        None => (*need).to_owned(),
    };
    needs.iter().map(of).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::{accounts, groups, licences, passwords};

    fn granted(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_smallest_difference_is_named() {
        let lacking = missing(&[accounts::DISABLE_SIGN_IN], &granted(&["User.Read.All"]), &[]);
        assert_eq!(lacking[0].needs, ["User.EnableDisableAccount.All"]);
        let lacking = missing(&[accounts::DISABLE_SIGN_IN], &granted(&[]), &[]);
        assert_eq!(lacking[0].needs, ["User.ReadWrite.All"]);
    }

    #[test]
    fn wider_permissions_and_higher_roles_count() {
        let wide = granted(&["Directory.ReadWrite.All"]);
        let kinds = [
            accounts::DISABLE_SIGN_IN,
            passwords::REVOKE_SESSIONS,
            groups::ADD_MEMBER,
            licences::SET_LICENCES,
        ];
        assert_eq!(missing(&kinds, &wide, &[]), []);
        let password = granted(&["User-PasswordProfile.ReadWrite.All"]);
        let lacking = missing(&[passwords::SET_PASSWORD], &password, &[]);
        assert_eq!(lacking[0].to_string(), "the Entra role User Administrator");
        for enough in [roles::USER_ADMINISTRATOR, roles::PRIVILEGED_AUTHENTICATION_ADMINISTRATOR] {
            assert_eq!(missing(&[passwords::SET_PASSWORD], &password, &[enough]), []);
        }
    }

    #[test]
    fn every_kind_and_reading_is_satisfied_by_its_own_list() {
        for kind in crate::domain::change::kinds() {
            for set in kind.permissions() {
                let names: Vec<_> = set.iter().filter(|n| !n.starts_with("role:")).collect();
                let wids: Vec<_> = set
                    .iter()
                    .filter_map(|n| n.strip_prefix("role:"))
                    .flat_map(roles::satisfying)
                    .collect();
                let names: Vec<String> = names.into_iter().map(|n| (*n).to_owned()).collect();
                assert_eq!(missing(&[kind], &names, &wids), [], "{kind:?}");
            }
        }
        for reading in Reading::ALL.iter().copied() {
            let own: Vec<String> =
                reading.permissions()[0].iter().map(|n| (*n).to_owned()).collect();
            assert!(reading.missing(&own, &[]).is_empty(), "{reading:?}");
            assert!(!reading.missing(&[], &[]).is_empty(), "{reading:?}");
        }
    }

    #[test]
    fn role_entries_of_permission_lists_are_known() {
        for kind in crate::domain::change::kinds() {
            for need in kind.permissions().iter().flat_map(|set| set.iter()) {
                if let Some(role) = need.strip_prefix("role:") {
                    let first = roles::satisfying(role)[0];
                    assert_eq!(roles::name(first), Some(role));
                }
            }
        }
    }
}
