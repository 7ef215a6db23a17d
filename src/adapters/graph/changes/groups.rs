//! Groups: who is in them. Lists of Exchange are read and changed there.
//!
//! All memberships of one user come from one listing,
//! `GET /users/{id}/memberOf/microsoft.graph.group`. It is chosen over the others
//! because it sees direct members only (`checkMemberGroups` sees nested ones too),
//! is not an advanced query (`GET /groups/{id}/members?$filter=…` needs
//! `ConsistencyLevel: eventual`, and those lag most behind writes), is accepted
//! app-only, and answers for sixty groups as fast as for one. A group with hidden
//! membership shows there only when the app has `Member.Read.Hidden`.

use reqwest::Method;
use serde_json::json;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::{
        exchange::{Cmdlet, reply::member_id},
        graph::{
            answer::{Answer, Ask},
            permissions::Reading,
            refusals::{self, Meaning},
        },
    },
    domain::{
        change::{GroupChange, Sight},
        trouble::Reason,
        users::GroupSort,
    },
};

/// Memberships read of one user; Entra ID allows about 2,000 for a token's sake, but
/// sets no limit for a user.
const MEMBERSHIPS_MAX: usize = 10_000;

/// Members of these are changed and read through Exchange.
fn through_exchange(sort: GroupSort) -> bool {
    matches!(sort, GroupSort::Distribution | GroupSort::MailEnabledSecurity)
}

impl Calls for GroupChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::AddMember { group, sort, user } | Self::RemoveMember { group, sort, user }) =
            self;
        let user = known(user)?;
        Ok(vec![if through_exchange(*sort) {
            Read::cmdlet(group.tenant(), Cmdlet::members(group))
        } else {
            let path =
                format!("{}/memberOf/microsoft.graph.group?$select=id&$top=999", user_path(user));
            Read::list(user.tenant(), path, MEMBERSHIPS_MAX, Reading::MEMBERSHIPS)
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let (Self::AddMember { group, sort, user } | Self::RemoveMember { group, sort, user }) =
            self;
        let (Some(items), Some(user)) = (found[0].many(), user.known()) else {
            return Ok(Sight::Missing);
        };
        let is = if through_exchange(*sort) {
            items.iter().any(|item| member_id(item) == Some(user.guid()))
        } else {
            let group = group.guid().hyphenated().to_string();
            items.iter().any(|item| item["id"].as_str() == Some(group.as_str()))
        };
        Ok(Sight::Member { is })
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        Ok(match self {
            Self::AddMember { group, sort, user } if through_exchange(*sort) => {
                Door::Exchange(Cmdlet::add_member(group, known(user)?.guid()))
            }
            Self::RemoveMember { group, sort, user } if through_exchange(*sort) => {
                Door::Exchange(Cmdlet::remove_member(group, known(user)?.guid()))
            }
            Self::AddMember { group, user, .. } => {
                let path = format!("/groups/{}/members/$ref", group.guid().hyphenated());
                let body = json!({ "@odata.id": with.reference(known(user)?) });
                Door::Graph(Ask::of(Method::POST, path, Some(body)))
            }
            Self::RemoveMember { group, user, .. } => {
                // Never without `/$ref`: that would delete the member itself.
                let user = known(user)?.guid().hyphenated();
                let path = format!("/groups/{}/members/{user}/$ref", group.guid().hyphenated());
                Door::Graph(Ask::of(Method::DELETE, path, None))
            }
        })
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match (self, answer.status) {
            // Not a member, or no such user or group: nobody is in it either way.
            (Self::RemoveMember { .. }, 404) => Some(Meaning::AlreadySo),
            (Self::AddMember { user, group, .. }, 404) => {
                let user = user.known().map(|user| user.guid().hyphenated().to_string());
                let about_user = user.is_some_and(|user| answer.message().contains(&user));
                let name = group.guid().hyphenated().to_string();
                (!about_user).then_some(Meaning::Refused(Reason::NoSuchGroup { name }))
            }
            (Self::AddMember { .. }, 400) if refusals::says(answer, "already exist") => {
                Some(Meaning::AlreadySo)
            }
            (_, 400)
                if refusals::says(answer, "on-premises mastered")
                    || refusals::says(answer, "directory sync") =>
            {
                Some(Meaning::Refused(refusals::synced("group")))
            }
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        let (Self::AddMember { group, .. } | Self::RemoveMember { group, .. }) = self;
        Behind::Group(group)
    }
}
