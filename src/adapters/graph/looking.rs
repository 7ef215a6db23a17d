//! What each change would find, or has left: one batch of reads.
//!
//! Changes share their reads. All memberships of one user come from one listing,
//! `GET /users/{id}/memberOf/microsoft.graph.group`. It is chosen over the others
//! because it sees direct members only (`checkMemberGroups` sees nested ones too),
//! is not an advanced query (`GET /groups/{id}/members?$filter=…` needs
//! `ConsistencyLevel: eventual`, and those lag most behind writes), is accepted
//! app-only, and answers for sixty groups as fast as for one. A group with hidden
//! membership shows there only when the app has `Member.Read.Hidden`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures::future::join_all;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        client::{Listing, again, unreachable},
        forbidden::Reading,
        shapes,
    },
    domain::{
        change::{Change, Sight},
        ids::{GroupId, TenantId, UserId},
        trouble::{Reason, Result, Trouble},
        users::{AutomaticReplies, GroupSort, Licence},
    },
};

/// Memberships read of one user; Entra ID allows about 2,000 for a token's sake, but
/// sets no limit for a user.
const MEMBERSHIPS_MAX: usize = 10_000;

/// One read that several changes may share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Read {
    User(UserId),
    Memberships(UserId),
    Replies(UserId),
    /// A list of Exchange.
    List(GroupId),
}

/// What it found.
enum Found {
    User {
        sight: Sight,
        licences: Vec<Licence>,
    },
    /// Ids of groups (of a user) or of members (of a list).
    Ids(HashSet<Uuid>),
    Replies(AutomaticReplies),
    Nothing,
}

impl Microsoft {
    pub(crate) async fn look_at(&self, changes: &[&Change]) -> Vec<Result<Sight>> {
        let wanted: Vec<Result<Read>> = changes.iter().map(|change| wanted(change)).collect();
        let mut by_tenant: BTreeMap<TenantId, BTreeSet<Read>> = BTreeMap::new();
        for read in wanted.iter().flatten() {
            by_tenant.entry(read.tenant().clone()).or_default().insert(read.clone());
        }
        let tenants = by_tenant
            .into_iter()
            .map(|(tenant, reads)| async move { self.read_all(&tenant, reads).await });
        let found: HashMap<Read, Result<Found>> =
            join_all(tenants).await.into_iter().flatten().collect();
        changes
            .iter()
            .zip(wanted)
            .map(|(change, read)| match found.get(&read?) {
                Some(Ok(found)) => sight(change, found),
                Some(Err(trouble)) => Err(again(trouble)),
                None => Err(unreachable(anyhow::anyhow!("a read without an answer"))),
            })
            .collect()
    }

    async fn read_all(
        &self,
        tenant: &TenantId,
        reads: BTreeSet<Read>,
    ) -> Vec<(Read, Result<Found>)> {
        let (lists, rest): (Vec<Read>, Vec<Read>) =
            reads.into_iter().partition(|read| matches!(read, Read::List(_)));
        let asks = rest.iter().filter_map(Read::ask).collect();
        let exchange = async {
            let groups: Vec<&GroupId> = lists.iter().filter_map(Read::list).collect();
            self.exchange.members(tenant, &groups).await
        };
        let (answers, members) = futures::join!(self.graph.reads(tenant, asks), exchange);
        let graph = rest.into_iter().zip(answers).map(|(read, answer)| async move {
            let found = match answer {
                Ok(answer) => self.found(tenant, &read, answer).await,
                Err(trouble) => Err(trouble),
            };
            (read, found)
        });
        let mut all = join_all(graph).await;
        for (read, members) in lists.into_iter().zip(members) {
            let found = members.map(|ids| ids.map_or(Found::Nothing, Found::Ids));
            all.push((read, found));
        }
        all
    }

    async fn found(&self, tenant: &TenantId, read: &Read, answer: Answer) -> Result<Found> {
        match answer.status {
            404 => return Ok(Found::Nothing),
            403 => return Err(self.why_unreadable(tenant, read.reading()).await.into()),
            _ if !answer.is_ok() => return Err(unreachable(answer.cause())),
            _ => {}
        }
        match read {
            Read::User(_) => user(tenant, &answer.body).map_err(unreachable),
            Read::Replies(_) => {
                shapes::replies(&answer.body).map(Found::Replies).map_err(unreachable)
            }
            Read::Memberships(_) | Read::List(_) => {
                match self.graph.rest(tenant, answer, MEMBERSHIPS_MAX).await? {
                    Listing::Items(items) => Ok(Found::Ids(
                        items
                            .iter()
                            .filter_map(|group| group["id"].as_str()?.parse().ok())
                            .collect(),
                    )),
                    Listing::Refused(answer) => Err(unreachable(answer.cause())),
                }
            }
        }
    }
}

impl Read {
    fn tenant(&self) -> &TenantId {
        match self {
            Self::User(user) | Self::Memberships(user) | Self::Replies(user) => user.tenant(),
            Self::List(group) => group.tenant(),
        }
    }

    fn list(&self) -> Option<&GroupId> {
        match self {
            Self::List(group) => Some(group),
            _ => None,
        }
    }

    fn reading(&self) -> Reading {
        match self {
            Self::User(_) => Reading::Users,
            Self::Memberships(_) | Self::List(_) => Reading::Memberships,
            Self::Replies(_) => Reading::Mailbox,
        }
    }

    fn ask(&self) -> Option<Ask> {
        let path = match self {
            Self::User(user) => format!(
                "/users/{}?$select=id,accountEnabled,lastPasswordChangeDateTime,\
                 signInSessionsValidFromDateTime,{}",
                user.guid().hyphenated(),
                shapes::LICENCE_SELECT
            ),
            Self::Memberships(user) => format!(
                "/users/{}/memberOf/microsoft.graph.group?$select=id&$top=999",
                user.guid().hyphenated()
            ),
            Self::Replies(user) => format!("/users/{}/mailboxSettings", user.guid().hyphenated()),
            Self::List(_) => return None,
        };
        Some(Ask::get(path))
    }
}

fn wanted(change: &Change) -> Result<Read> {
    let user = change.user().known().cloned().ok_or_else(|| {
        Trouble::Refused(Reason::NotPossible { what: "the user is not there yet".to_owned() })
    })?;
    same_tenant(change)?;
    Ok(match change {
        Change::DisableSignIn { .. }
        | Change::EnableSignIn { .. }
        | Change::SetPassword { .. }
        | Change::RevokeSessions { .. }
        | Change::SetLicences { .. } => Read::User(user),
        Change::AddMember { group, sort, .. } | Change::RemoveMember { group, sort, .. } => {
            if through_exchange(*sort) {
                Read::List(group.clone())
            } else {
                Read::Memberships(user)
            }
        }
        Change::SetAutomaticReplies { .. } => Read::Replies(user),
    })
}

/// Members of these are changed and read through Exchange.
pub(crate) fn through_exchange(sort: GroupSort) -> bool {
    matches!(sort, GroupSort::Distribution | GroupSort::MailEnabledSecurity)
}

/// A user of one customer never meets a group or licence of another.
pub(crate) fn same_tenant(change: &Change) -> Result<(), Reason> {
    let Some(tenant) = change.tenant() else { return Ok(()) };
    let fits = match change {
        Change::AddMember { group, .. } | Change::RemoveMember { group, .. } => {
            group.tenant() == tenant
        }
        Change::SetLicences { add, remove, .. } => {
            add.iter().map(|grant| &grant.sku).chain(remove).all(|sku| sku.tenant() == tenant)
        }
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(Reason::NotPossible { what: "the objects belong to different tenants".to_owned() })
}

fn user(tenant: &TenantId, body: &Value) -> anyhow::Result<Found> {
    let time = |name: &str| -> anyhow::Result<_> {
        Ok(body[name].as_str().map(str::parse::<jiff::Timestamp>).transpose()?)
    };
    let enabled = body["accountEnabled"]
        .as_bool()
        .ok_or_else(|| anyhow::anyhow!("a user without `accountEnabled`"))?;
    Ok(Found::User {
        sight: Sight::User {
            enabled,
            password_changed_at: time("lastPasswordChangeDateTime")?,
            sessions_valid_from: time("signInSessionsValidFromDateTime")?,
        },
        licences: shapes::licences(tenant, body)?,
    })
}

fn sight(change: &Change, found: &Found) -> Result<Sight> {
    Ok(match (change, found) {
        (_, Found::Nothing) => Sight::Missing,
        (Change::SetLicences { .. }, Found::User { licences, .. }) => {
            Sight::Licences { held: licences.clone() }
        }
        (_, Found::User { sight, .. }) => sight.clone(),
        (
            Change::AddMember { group, sort, user } | Change::RemoveMember { group, sort, user },
            Found::Ids(ids),
        ) => {
            let sought = if through_exchange(*sort) {
                user.known().map(UserId::guid)
            } else {
                Some(group.guid())
            };
            Sight::Member { is: sought.is_some_and(|id| ids.contains(&id)) }
        }
        (_, Found::Replies(replies)) => Sight::Replies { replies: replies.clone() },
        (_, Found::Ids(_)) => {
            return Err(unreachable(anyhow::anyhow!("an answer of another sort")));
        }
    })
}
