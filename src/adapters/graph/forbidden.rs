//! Which right is missing behind a 403.
//!
//! The directory answers every 403 with the same sentence. So we look at the
//! token: which permissions and roles it carries, which ones the change needs, and
//! then at the target, which may be an administrator or a group of a sort that
//! nobody changes by hand.

use std::fmt;

use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft,
        claims::Claims,
        client::{Answer, Ask, Listing},
        refusals, roles,
        settings::Audience,
        shapes,
    },
    domain::{
        change::{Change, Kind},
        ids::{GroupId, TenantId, UserId},
        trouble::Reason,
    },
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

/// Something that is read, and the application permissions that suffice for it
/// (Graph permissions, August 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Users, their manager and licences.
    Users,
    /// A user's groups.
    Memberships,
    /// Groups by name, or all of them.
    Groups,
    /// Directory roles.
    Roles,
    /// Mailbox settings.
    Mailbox,
    /// The tenant's subscriptions.
    Licences,
}

impl Reading {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Users, Self::Memberships, Self::Groups, Self::Roles, Self::Mailbox, Self::Licences];

    /// Any one of these sets suffices.
    pub fn permissions(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Users => &[&["User.Read.All"]],
            Self::Memberships => {
                &[&["Directory.Read.All"], &["GroupMember.ReadBasic.All"], &["Group.ReadBasic.All"]]
            }
            Self::Groups => &[&["GroupMember.Read.All"]],
            Self::Roles => &[&["RoleManagement.Read.Directory"]],
            Self::Mailbox => &[&["MailboxSettings.Read"]],
            Self::Licences => &[&["LicenseAssignment.Read.All"]],
        }
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
fn gap(
    sets: &'static [&'static [&'static str]],
    token_roles: &[String],
    wids: &[Uuid],
) -> Option<Vec<&'static str>> {
    let has = |permission: &str| token_roles.iter().any(|role| role == permission);
    let holds = |wanted: &&str| match wanted.strip_prefix("role:") {
        Some(role) => roles::satisfying(role).iter().any(|id| wids.contains(id)),
        None => {
            let above = INCLUDED_IN.iter().find(|(name, _)| name == wanted);
            has(wanted) || above.is_some_and(|(_, wider)| wider.iter().any(|name| has(name)))
        }
    };
    sets.iter()
        .map(|set| set.iter().copied().filter(|wanted| !holds(wanted)).collect::<Vec<_>>())
        .min_by_key(Vec::len)
        .filter(|lacking| !lacking.is_empty())
}

/// Names for people: `User.Read.All and the Entra role User Administrator`.
fn names(needs: &[&str]) -> String {
    let of = |need: &&str| match need.strip_prefix("role:") {
        Some(role) => format!("the Entra role {role}"),
        None => (*need).to_owned(),
    };
    needs.iter().map(of).collect::<Vec<_>>().join(" and ")
}

impl Microsoft {
    /// The reason behind a 403 on reading.
    pub(crate) async fn why_unreadable(&self, tenant: &TenantId, reading: Reading) -> Reason {
        let lacking = match self.rights(tenant, Audience::Graph).await {
            Ok(claims) => reading.missing(&claims.roles, &claims.wids),
            Err(trouble) => return trouble.reason(),
        };
        if !lacking.is_empty() {
            return self.lacks(tenant, &lacking);
        }
        Reason::MissingPermission {
            missing: format!(
                "something beside {}, which the app has",
                names(reading.permissions()[0])
            ),
            mend: if reading == Reading::Mailbox {
                "look whether an application access policy or an RBAC scope in Exchange leaves \
                 this mailbox out"
                    .to_owned()
            } else {
                "look whether Conditional Access or a licence (Entra ID P1) stands in the way"
                    .to_owned()
            },
        }
    }

    /// The reason behind a 403 on a change.
    pub(crate) async fn why_forbidden(
        &self,
        tenant: &TenantId,
        change: &Change,
        answer: &Answer,
    ) -> Reason {
        if let Some(reason) = refusals::unlicensed(answer.message()) {
            return reason;
        }
        let claims = match self.rights(tenant, Audience::Graph).await {
            Ok(claims) => claims,
            Err(trouble) => return trouble.reason(),
        };
        if let Some(needs) = gap(change.kind().permissions(), &claims.roles, &claims.wids) {
            return self.lacks(tenant, &needs);
        }
        let found = match (change, change.user().known()) {
            (
                Change::DisableSignIn { .. }
                | Change::EnableSignIn { .. }
                | Change::SetPassword { .. },
                Some(user),
            ) => self.outranked(user, &claims).await,
            (Change::AddMember { group, .. } | Change::RemoveMember { group, .. }, _) => {
                self.special_group(group, &claims).await
            }
            _ => None,
        };
        found.unwrap_or_else(|| Reason::MissingPermission {
            missing: "something beside the permission, which the app has".to_owned(),
            mend: match change.kind() {
                Kind::SetAutomaticReplies => {
                    "look whether an application access policy or an RBAC scope in Exchange \
                     leaves this mailbox out"
                }
                _ => "look whether the object is in a restricted administrative unit",
            }
            .to_owned(),
        })
    }

    fn lacks(&self, tenant: &TenantId, needs: &[&str]) -> Reason {
        let role = needs.iter().find_map(|need| need.strip_prefix("role:"));
        let permission = needs.iter().any(|need| !need.starts_with("role:"));
        let link = self
            .consent_link(tenant)
            .unwrap_or_else(|| "the admin consent link of the app".to_owned());
        let mut mend = Vec::new();
        if permission {
            mend.push(format!(
                "add it to the app registration, then an administrator of the tenant opens {link}"
            ));
        }
        if let Some(role) = role {
            mend.push(format!("assign the Entra role {role} to the app's service principal"));
        }
        Reason::MissingPermission { missing: names(needs), mend: mend.join("; ") }
    }

    /// Is the target an administrator that the app's roles do not reach?
    async fn outranked(&self, user: &UserId, claims: &Claims) -> Option<Reason> {
        let tenant = user.tenant();
        let of = |cast: &str, select: &str| {
            Ask::get(format!("/users/{}/{cast}?$select={select}", user.guid().hyphenated()))
        };
        let asks = vec![
            of("transitiveMemberOf/microsoft.graph.directoryRole", "id,displayName,roleTemplateId"),
            of("memberOf/microsoft.graph.group", "id,isAssignableToRole"),
        ];
        let mut answers = self.graph.reads(tenant, asks).await.into_iter();
        let mut next = async || {
            let first = answers.next()?.ok()?;
            match self.graph.rest(tenant, first, 2_000).await.ok()? {
                Listing::Items(items) => Some(items),
                Listing::Refused(_) => None,
            }
        };
        let roles_seen = next().await?;
        let groups = next().await.unwrap_or_default();
        let held: Vec<Uuid> = roles_seen
            .iter()
            .filter_map(|value| shapes::role(tenant, value))
            .map(|role| role.id.guid())
            .collect();
        let through = groups.iter().any(|group| group["isAssignableToRole"] == true);
        let needed = roles::needed_for(&held, through)?;
        if roles::satisfying(needed).iter().any(|id| claims.wids.contains(id)) {
            return None;
        }
        Some(Reason::MissingPermission {
            missing: format!("the Entra role {needed}: the target is an administrator"),
            mend: format!(
                "assign {needed} to the app's service principal, or let a person with that \
                 role do it by hand"
            ),
        })
    }

    /// Is it a group that the app may not change, or nobody by hand?
    async fn special_group(&self, group: &GroupId, claims: &Claims) -> Option<Reason> {
        let path =
            format!("/groups/{}?$select={}", group.guid().hyphenated(), shapes::GROUP_SELECT);
        let answer = self.graph.read(group.tenant(), Ask::get(path)).await.ok()?;
        let group = shapes::group(group.tenant(), &answer.body).ok()?;
        if group.dynamic {
            return Some(refusals::dynamic_group());
        }
        if group.synced {
            return Some(refusals::synced("group"));
        }
        let right = "RoleManagement.ReadWrite.Directory";
        if group.role_assignable && !claims.roles.iter().any(|role| role == right) {
            return Some(self.lacks(group.id.tenant(), &[right]));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_smallest_difference_is_named() {
        let lacking = missing(&[Kind::DisableSignIn], &roles(&["User.Read.All"]), &[]);
        assert_eq!(lacking[0].needs, ["User.EnableDisableAccount.All"]);
        let lacking = missing(&[Kind::DisableSignIn], &roles(&[]), &[]);
        assert_eq!(lacking[0].needs, ["User.ReadWrite.All"]);
    }

    #[test]
    fn wider_permissions_and_higher_roles_count() {
        let wide = roles(&["Directory.ReadWrite.All"]);
        let kinds = [Kind::DisableSignIn, Kind::RevokeSessions, Kind::AddMember, Kind::SetLicences];
        assert_eq!(missing(&kinds, &wide, &[]), []);
        let password = roles(&["User-PasswordProfile.ReadWrite.All"]);
        let lacking = missing(&[Kind::SetPassword], &password, &[]);
        assert_eq!(lacking[0].to_string(), "the Entra role User Administrator");
        for enough in [roles::USER_ADMINISTRATOR, roles::PRIVILEGED_AUTHENTICATION_ADMINISTRATOR] {
            assert_eq!(missing(&[Kind::SetPassword], &password, &[enough]), []);
        }
    }

    #[test]
    fn every_kind_and_reading_is_satisfied_by_its_own_list() {
        for kind in Kind::ALL {
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
        for reading in Reading::ALL {
            let own: Vec<String> =
                reading.permissions()[0].iter().map(|n| (*n).to_owned()).collect();
            assert!(reading.missing(&own, &[]).is_empty(), "{reading:?}");
            assert!(!reading.missing(&[], &[]).is_empty(), "{reading:?}");
        }
    }

    use super::roles as roles_table;

    #[test]
    fn role_entries_of_permission_lists_are_known() {
        for kind in Kind::ALL {
            for need in kind.permissions().iter().flat_map(|set| set.iter()) {
                if let Some(role) = need.strip_prefix("role:") {
                    let first = roles_table::satisfying(role)[0];
                    assert_eq!(roles_table::name(first), Some(role));
                }
            }
        }
    }
}
