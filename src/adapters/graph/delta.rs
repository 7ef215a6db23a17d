//! What changed since: Graph's delta queries for users and groups.
//!
//! All from learn.microsoft.com/graph/delta-query-overview unless it is said otherwise:
//!
//! - `$deltatoken=latest` answers with a `deltaLink` and no objects ("sync from now"). So the
//!   whole directory comes from the ordinary listing, 999 a page; a delta query gives at most
//!   200 (learn.microsoft.com/answers, question 5875141) and takes no `$top`.
//! - Only properties in `$select` are tracked. A link carries the query it was made by.
//! - An object comes with its id and at least what changed; what never had a value is
//!   absent, what was emptied is null (graph/api/user-delta). Absent means: as before.
//! - `@removed` says `changed` (among the deleted items) or `deleted` (for good).
//! - The same object may come several times, and a change may come again.
//! - 410 with a `Location`, or a code such as `syncStateNotFound` in a 400 (after seven days:
//!   devblogs.microsoft.com, "Duration of change tracking tokens"), means: read all anew. The
//!   `Location` is the first query again, which we know.
//! - Tenants of Entra External ID and B2C tell no changes: `Request_UnsupportedQuery`
//!   (microsoft-graph-docs-contrib issue 7430).
//! - `$expand` is left aside; `manager` and `members` could be selected, and come as
//!   `manager@delta`, but not reliably (microsoft-graph-explorer-v4 issue 4018). Neither is
//!   asked for.
//! - With a `$select` a restored user may not be told (microsoft-graph-docs-contrib issue
//!   6555); the next whole reading finds them.

use serde_json::Value;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        client::unreachable,
        forbidden::Reading,
        shapes,
    },
    domain::{
        ids::TenantId,
        news::{GroupNews, GroupWords, Mark, News, Said, UserNews, UserWords},
        trouble::Result,
    },
};

/// What is asked of one kind of object.
#[derive(Clone, Copy)]
pub(super) struct Tracked {
    set: &'static str,
    select: &'static str,
    reading: Reading,
}

/// What users are called by.
pub(super) const USERS: Tracked = Tracked {
    set: "users",
    select: "id,userPrincipalName,displayName,givenName,surname,mail,jobTitle,department,\
             officeLocation,accountEnabled,userType",
    reading: Reading::USERS,
};
/// What groups are called by, and what tells their sorts apart. Not their members.
pub(super) const GROUPS: Tracked = Tracked {
    set: "groups",
    select: "id,displayName,mail,mailEnabled,securityEnabled,groupTypes",
    reading: Reading::GROUPS,
};

impl Microsoft {
    /// Where changes are told from now on.
    pub(super) async fn delta_mark(&self, tenant: &TenantId, of: Tracked) -> Result<Option<Mark>> {
        let path = format!("/{}/delta?$select={}&$deltatoken=latest", of.set, of.select);
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if answer.status == 400 && answer.code() == "Request_UnsupportedQuery" {
            return Ok(None);
        }
        let mut page = self.page(tenant, answer, of.reading).await?;
        for _ in 0..self.graph.settings.limits.pages_max {
            match self.delta_links(&page)? {
                Link::Delta(mark) => return Ok(Some(mark)),
                Link::Next(next) => {
                    let answer = self.graph.read(tenant, Ask::get(next)).await?;
                    page = self.page(tenant, answer, of.reading).await?;
                }
            }
        }
        Err(unreachable(anyhow::anyhow!("a delta query without an end")))
    }

    /// What changed since a mark, page by page.
    pub(super) async fn delta_since<T>(
        &self,
        tenant: &TenantId,
        of: Tracked,
        mark: &Mark,
        limit: usize,
        read: impl Fn(&TenantId, &Value) -> Option<T> + Send,
    ) -> Result<News<T>> {
        let (mut news, mut odd) = (Vec::new(), 0_usize);
        let mut path = mark.0.clone();
        for _ in 0..self.graph.settings.limits.pages_max {
            let answer = self.graph.read(tenant, Ask::get(path)).await?;
            if is_lost(&answer) {
                return Ok(News::Lost);
            }
            let mut page = self.page(tenant, answer, of.reading).await?;
            let Some(Value::Array(items)) = page.body.get_mut("value").map(Value::take) else {
                return Err(unreachable(page.cause().context("a listing without `value`")));
            };
            for item in &items {
                match read(tenant, item) {
                    Some(told) => news.push(told),
                    None => odd += 1,
                }
            }
            if news.len() > limit {
                return Ok(News::Lost);
            }
            path = match self.delta_links(&page)? {
                Link::Next(next) => next,
                Link::Delta(mark) => {
                    if odd > 0 {
                        tracing::warn!(odd, "changes of the directory were not understood");
                    }
                    return Ok(News::Since(news, mark));
                }
            };
        }
        // Reading all is shorter.
        Ok(News::Lost)
    }

    fn delta_links(&self, page: &Answer) -> Result<Link> {
        let link = |name: &str| page.body[name].as_str().map(|link| self.graph.own_path(link));
        if let Some(path) = link("@odata.nextLink") {
            return Ok(Link::Next(path?));
        }
        match link("@odata.deltaLink") {
            Some(path) => Ok(Link::Delta(Mark(path?))),
            None => Err(unreachable(page.cause().context("a delta page without a link"))),
        }
    }
}

/// Where a page of a delta query leads.
enum Link {
    Next(String),
    Delta(Mark),
}

/// Whether the service no longer knows what was before.
fn is_lost(answer: &Answer) -> bool {
    let code = answer.code().to_ascii_lowercase();
    let said = ["syncstatenotfound", "syncstateinvalid", "resyncrequired"];
    answer.status == 410 || (400..500).contains(&answer.status) && said.contains(&code.as_str())
}

/// One item about a user.
pub(super) fn user(tenant: &TenantId, item: &Value) -> Option<UserNews> {
    let id = tenant.object(item["id"].as_str()?.parse().ok()?);
    if item.get("@removed").is_some() {
        return Some(UserNews { id, now: None });
    }
    let upn = match item.get("userPrincipalName").and_then(Value::as_str) {
        Some(upn) => Said::Is(upn.parse().ok()?),
        None => Said::Nothing,
    };
    let guest = |kind: Option<String>| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Guest"));
    let words = UserWords {
        upn,
        name: text(item, "displayName"),
        given_name: text(item, "givenName"),
        surname: text(item, "surname"),
        mail: text(item, "mail"),
        job_title: text(item, "jobTitle"),
        department: text(item, "department"),
        office: text(item, "officeLocation"),
        enabled: item["accountEnabled"].as_bool().map_or(Said::Nothing, Said::Is),
        guest: match text(item, "userType") {
            Said::Is(kind) => Said::Is(guest(kind)),
            Said::Nothing => Said::Nothing,
        },
    };
    Some(UserNews { id, now: Some(words) })
}

/// One item about a group.
pub(super) fn group(tenant: &TenantId, item: &Value) -> Option<GroupNews> {
    let id = tenant.object(item["id"].as_str()?.parse().ok()?);
    if item.get("@removed").is_some() {
        return Some(GroupNews { id, now: None });
    }
    // The sort is told by three properties together.
    let whole = ["mailEnabled", "securityEnabled"].iter().all(|name| item[*name].is_boolean());
    let sort = match shapes::group(tenant, item) {
        Ok(group) if whole => Said::Is(group.sort),
        _ => Said::Nothing,
    };
    let name = match text(item, "displayName") {
        Said::Is(name) => Said::Is(name.unwrap_or_default()),
        Said::Nothing => Said::Nothing,
    };
    Some(GroupNews { id, now: Some(GroupWords { name, mail: text(item, "mail"), sort }) })
}

fn text(item: &Value, name: &str) -> Said<Option<String>> {
    item.get(name).map_or(Said::Nothing, |value| Said::Is(value.as_str().map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn words(item: &Value) -> UserWords {
        user(&TenantId::from(Uuid::nil()), item).unwrap().now.unwrap()
    }

    const ID: &str = "477e9fc6-5de7-4406-bb2a-7e5c83c9ae5f";

    #[test]
    fn absent_is_as_before_and_null_is_empty() {
        let said = words(&json!({ "id": ID, "displayName": "Ada", "jobTitle": null }));
        assert_eq!(said.name, Said::Is(Some("Ada".to_owned())));
        assert_eq!((said.job_title, said.department), (Said::Is(None), Said::Nothing));
        assert_eq!(
            (said.enabled, said.guest, said.upn),
            (Said::Nothing, Said::Nothing, Said::Nothing)
        );
    }

    #[test]
    fn removed_is_gone_whatever_the_reason() {
        for reason in ["changed", "deleted", "something new"] {
            let item = json!({ "id": ID, "@removed": { "reason": reason } });
            let tenant = TenantId::from(Uuid::nil());
            assert_eq!(user(&tenant, &item).unwrap().now, None);
            assert_eq!(group(&tenant, &item).unwrap().now, None);
        }
    }

    #[test]
    fn what_has_no_id_or_a_strange_name_is_not_taken() {
        let tenant = TenantId::from(Uuid::nil());
        assert_eq!(user(&tenant, &json!({ "displayName": "Ada" })), None);
        assert_eq!(user(&tenant, &json!({ "id": ID, "userPrincipalName": "no address" })), None);
        assert_eq!(group(&tenant, &json!({ "id": "x" })), None);
    }
}
