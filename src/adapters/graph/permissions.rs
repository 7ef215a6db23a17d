//! What changes and readings need, and what a token lacks of it.

use std::fmt;

use uuid::Uuid;

use crate::{
    adapters::graph::{roles, settings::Audience},
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

/// What each of `kinds` lacks, given the `roles` and `wids` of a token of Graph. Empty:
/// nothing. What only a token of Exchange shows is left out.
pub fn missing(kinds: &[Kind], token_roles: &[String], wids: &[Uuid]) -> Vec<Missing> {
    kinds
        .iter()
        .filter_map(|kind| {
            let needs = gap(kind.permissions(), Audience::Graph, token_roles, wids)?;
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

    /// What somebody signs in with.
    pub const METHODS: Self = Self(&[&["UserAuthenticationMethod.Read.All"]]);
    /// Conditional Access.
    pub const POLICIES: Self = Self(&[&["Policy.Read.All"]]);
    /// Registrations and service principals.
    pub const APPS: Self = Self(&[&["Application.Read.All"]]);
    /// Delegated grants.
    pub const GRANTS: Self =
        Self(&[&["Directory.Read.All"], &["DelegatedPermissionGrant.ReadWrite.All"]]);
    /// Domains.
    pub const DOMAINS: Self = Self(&[&["Domain.Read.All"]]);
    /// Files by name.
    pub const FILES: Self = Self(&[&["Files.Read.All"]]);
    /// What is in a workbook, as reported from the field.
    pub const WORKBOOKS: Self = Self(&[&["Files.ReadWrite.All", "Sites.ReadWrite.All"]]);
    /// The organisation.
    pub const ORGANIZATION: Self = Self(&[&["Organization.Read.All"]]);
    /// Roles that somebody may activate (Privileged Identity Management).
    pub const ELIGIBLE: Self = Self(&[&["RoleEligibilitySchedule.Read.Directory"]]);
    /// Devices of the directory.
    pub const DEVICES: Self = Self(&[&["Device.Read.All"]]);
    /// Devices that Intune manages.
    pub const INTUNE: Self = Self(&[&["DeviceManagementManagedDevices.Read.All"]]);
    /// Meetings (learn.microsoft.com/graph/api/calendar-list-calendarview).
    pub const CALENDAR: Self = Self(&[&["Calendars.Read"]]);
    /// Drives and who sees into them (learn.microsoft.com/graph/api/driveitem-list-permissions).
    pub const DRIVE: Self = Self(&[&["Files.Read.All"], &["Sites.Read.All"]]);

    /// Mailboxes, recipients and rules, through Exchange.
    pub const EXCHANGE: Self =
        Self(&[&["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"]]);
    /// Mail flow and retention, through Exchange.
    pub const ORGANISATION: Self =
        Self(&[&["exchange:Exchange.ManageAsApp", "role:Exchange Administrator"]]);

    /// All of them.
    pub const ALL: &[Self] = &[
        Self::USERS,
        Self::MEMBERSHIPS,
        Self::GROUPS,
        Self::ROLES,
        Self::MAILBOX,
        Self::LICENCES,
        Self::METHODS,
        Self::POLICIES,
        Self::APPS,
        Self::GRANTS,
        Self::DOMAINS,
        Self::FILES,
        Self::WORKBOOKS,
        Self::ORGANIZATION,
        Self::ELIGIBLE,
        Self::DEVICES,
        Self::INTUNE,
        Self::CALENDAR,
        Self::DRIVE,
        Self::EXCHANGE,
        Self::ORGANISATION,
    ];

    /// Any one of these sets suffices.
    pub fn permissions(self) -> Rights {
        self.0
    }

    /// What is missing for it; empty when nothing is.
    pub fn missing(self, token_roles: &[String], wids: &[Uuid]) -> Vec<&'static str> {
        gap(self.permissions(), Audience::Graph, token_roles, wids).unwrap_or_default()
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
    (
        "RoleEligibilitySchedule.Read.Directory",
        &[
            "RoleEligibilitySchedule.ReadWrite.Directory",
            "RoleManagement.Read.Directory",
            "RoleManagement.Read.All",
            "RoleManagement.ReadWrite.Directory",
        ],
    ),
    ("Device.Read.All", &["Device.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ("DeviceManagementManagedDevices.Read.All", &["DeviceManagementManagedDevices.ReadWrite.All"]),
    ("Group.Create", &["Group.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("User.Invite.All", &["User.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("Directory.Read.All", &["Directory.ReadWrite.All"]),
    ("MailboxSettings.Read", &["MailboxSettings.ReadWrite"]),
    ("Calendars.Read", &["Calendars.ReadWrite"]),
    ("UserAuthenticationMethod.Read.All", &["UserAuthenticationMethod.ReadWrite.All"]),
    (
        "Application.Read.All",
        &[
            "Application.ReadWrite.All",
            "Application.ReadWrite.OwnedBy",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
    ),
    ("Application.ReadWrite.OwnedBy", &["Application.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("Domain.Read.All", &["Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ("Files.Read.All", &["Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"]),
    (
        "Organization.Read.All",
        &["Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    ),
];

/// Does one of these permissions of a token do for `wanted`? Itself, a wider one of the
/// table, or the same right with writing.
pub fn includes(token_roles: &[String], wanted: &str) -> bool {
    let has = |permission: &str| token_roles.iter().any(|role| role == permission);
    let writing = wanted.replace(".Read.", ".ReadWrite.");
    let writing = wanted.strip_suffix(".Read").map_or(writing, |stem| format!("{stem}.ReadWrite"));
    let above = INCLUDED_IN.iter().find(|(name, _)| *name == wanted);
    has(wanted)
        || has(&writing)
        || above.is_some_and(|(_, wider)| wider.iter().any(|name| has(name)))
}

/// The smallest difference to one of the sets; `None` when one is there whole. A token
/// shows the permissions of its own audience alone: those of the other count as held.
pub(crate) fn gap(
    sets: Rights,
    audience: Audience,
    token_roles: &[String],
    wids: &[Uuid],
) -> Option<Vec<&'static str>> {
    let holds = |wanted: &&str| {
        if let Some(role) = wanted.strip_prefix("role:") {
            return roles::satisfying(role).iter().any(|id| wids.contains(id));
        }
        match (wanted.strip_prefix("exchange:"), audience) {
            (Some(permission), Audience::Exchange) => includes(token_roles, permission),
            (Some(_), Audience::Graph) | (None, Audience::Exchange) => true,
            (None, Audience::Graph) => includes(token_roles, wanted),
        }
    };
    sets.iter()
        .map(|set| set.iter().copied().filter(|wanted| !holds(wanted)).collect::<Vec<_>>())
        .min_by_key(Vec::len)
        .filter(|lacking| !lacking.is_empty())
}

/// Names for people: `User.Read.All and the Entra role User Administrator`.
pub(crate) fn names(needs: &[&str]) -> String {
    let of = |need: &&str| match (need.strip_prefix("role:"), need.strip_prefix("exchange:")) {
        (Some(role), _) => format!("the Entra role {role}"),
        (None, Some(permission)) => format!("{permission} (Office 365 Exchange Online)"),
        (None, None) => (*need).to_owned(),
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
            let roles = reading.permissions()[0].iter().filter_map(|n| n.strip_prefix("role:"));
            let wids: Vec<_> = roles.flat_map(roles::satisfying).collect();
            assert!(reading.missing(&own, &wids).is_empty(), "{reading:?}");
            assert!(!reading.missing(&[], &[]).is_empty(), "{reading:?}");
        }
    }

    #[test]
    fn a_token_shows_the_permissions_of_its_own_audience_alone() {
        let sets = Reading::EXCHANGE.permissions();
        let role = [roles::EXCHANGE_ADMINISTRATOR];
        assert_eq!(gap(sets, Audience::Graph, &[], &role), None, "unknown is not missing");
        let lacking = gap(sets, Audience::Exchange, &[], &role);
        assert_eq!(lacking.as_deref(), Some(&["exchange:Exchange.ManageAsApp"][..]));
        let held = granted(&["Exchange.ManageAsApp"]);
        assert_eq!(gap(sets, Audience::Exchange, &held, &role), None);
        assert_eq!(gap(Reading::USERS.permissions(), Audience::Exchange, &held, &[]), None);
        let all = names(&["exchange:Exchange.ManageAsApp", "role:Exchange Administrator"]);
        assert_eq!(
            all,
            "Exchange.ManageAsApp (Office 365 Exchange Online) and the Entra role Exchange Administrator"
        );
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
