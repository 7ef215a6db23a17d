//! Which right is missing behind a 403.
//!
//! The directory answers every 403 with the same sentence. So we look at the
//! token: which permissions and roles it carries, which ones the change needs, and
//! then at the target, which may be an administrator or a group of a sort that
//! nobody changes by hand.

use uuid::Uuid;

pub use super::permissions::{Missing, Reading, missing};
use super::permissions::{gap, names};

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        changes::{Behind, calls},
        claims::Claims,
        client::Listing,
        partner, refusals, roles,
        settings::Audience,
        shapes,
    },
    domain::{
        change::Change,
        ids::{GroupId, TenantId, UserId},
        trouble::Reason,
    },
};

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
        if reading == Reading::WORKBOOKS {
            return refusals::users_only();
        }
        Reason::MissingPermission {
            missing: format!(
                "something beside {}, which the app has",
                names(reading.permissions()[0])
            ),
            mend: if reading == Reading::MAILBOX {
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
        if let Some(reason) = refusals::unreadable(answer) {
            return reason;
        }
        let claims = match self.rights(tenant, Audience::Graph).await {
            Ok(claims) => claims,
            Err(trouble) => return trouble.reason(),
        };
        if let Some(needs) =
            gap(change.kind().permissions(), Audience::Graph, &claims.roles, &claims.wids)
        {
            return match needs.iter().find_map(|need| need.strip_prefix("role:")) {
                Some(role) if claims.is_delegated() => partner::lacks(role),
                _ => self.lacks(tenant, &needs),
            };
        }
        if let Some(role) = partner::lacking(change, &claims) {
            return partner::lacks(role);
        }
        let behind = calls(change).behind_403();
        let found = match behind {
            Behind::User(user) => self.outranked(user, &claims).await,
            Behind::Group(group) => self.special_group(group, &claims).await,
            Behind::Profile => Some(refusals::profile()),
            Behind::Workbook => Some(refusals::users_only()),
            Behind::Mailbox | Behind::OwnApp | Behind::Spelled | Behind::Nothing => None,
        };
        found.unwrap_or_else(|| Reason::MissingPermission {
            missing: match behind {
                Behind::Spelled => "the permission that this request needs",
                _ => "something beside the permission, which the app has",
            }
            .to_owned(),
            mend: match behind {
                Behind::Mailbox => {
                    "look whether an application access policy or an RBAC scope in Exchange \
                     leaves this mailbox out"
                }
                Behind::OwnApp => {
                    "make the app's service principal an owner of the application again, in Entra"
                }
                Behind::Spelled => {
                    "the page of this call under learn.microsoft.com/graph/api names the \
                     application permission it needs; add it to the app registration and consent"
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
