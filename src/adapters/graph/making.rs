//! Independent changes, each sent once, in batches.

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    adapters::{
        exchange::Cmdlet,
        graph::{
            Microsoft,
            answer::{Answer, Ask, Outcome},
            looking::{same_tenant, through_exchange},
            refusals::{self, Meaning},
            shapes,
        },
    },
    domain::{
        change::Change,
        ids::{SkuId, TenantId},
        trouble::{Reason, Trouble},
    },
    ports::{
        directory::Directory,
        hands::{Call, Made},
    },
};

/// How long to wait before sign-in or Graph is tried again when nothing was sent.
const UNSENT_WAIT: Duration = Duration::from_secs(10);

/// Through which door a change goes.
enum Door {
    Graph(Ask),
    Exchange(Cmdlet),
}

impl Microsoft {
    pub(crate) async fn make_all(&self, calls: &[Call<'_>]) -> Vec<Made> {
        let mut made: Vec<Option<Made>> = calls.iter().map(|_| None).collect();
        let mut graph: BTreeMap<&TenantId, Vec<(usize, Ask)>> = BTreeMap::new();
        let mut exchange: BTreeMap<&TenantId, Vec<(usize, Cmdlet)>> = BTreeMap::new();
        for (at, call) in calls.iter().enumerate() {
            match (self.door(call), call.change.tenant()) {
                (Ok(Door::Graph(ask)), Some(tenant)) => {
                    graph.entry(tenant).or_default().push((at, ask));
                }
                (Ok(Door::Exchange(cmdlet)), Some(tenant)) => {
                    exchange.entry(tenant).or_default().push((at, cmdlet));
                }
                (Ok(_), None) => made[at] = Some(Made::Refused(not_there_yet())),
                (Err(reason), _) => made[at] = Some(Made::Refused(reason)),
            }
        }
        let through_graph = graph.into_iter().map(|(tenant, asks)| async move {
            let (at, asks): (Vec<usize>, Vec<Ask>) = asks.into_iter().unzip();
            let outcomes = self.graph.writes(tenant, &asks).await;
            let judged = at.into_iter().zip(outcomes).map(|(at, outcome)| async move {
                (at, self.judge(tenant, calls[at].change, outcome).await)
            });
            join_all(judged).await
        });
        let through_exchange = exchange.into_iter().map(|(tenant, cmdlets)| async move {
            let (at, cmdlets): (Vec<usize>, Vec<Cmdlet>) = cmdlets.into_iter().unzip();
            let ended = self.exchange.make(tenant, &cmdlets).await;
            at.into_iter().zip(ended).collect::<Vec<_>>()
        });
        let (one, other) = futures::join!(join_all(through_graph), join_all(through_exchange));
        for (at, end) in one.into_iter().chain(other).flatten() {
            made[at] = Some(end);
        }
        let unanswered = || Made::Unsure { cause: anyhow::anyhow!("no answer for this call") };
        made.into_iter().map(|end| end.unwrap_or_else(unanswered)).collect()
    }

    fn door(&self, call: &Call<'_>) -> Result<Door, Reason> {
        let change = call.change;
        same_tenant(change)?;
        let user = change.user().known().ok_or_else(not_there_yet)?.guid();
        let id = user.hyphenated();
        let update = |body: Value| Ask::of(Method::PATCH, format!("/users/{id}"), Some(body));
        let ask = match change {
            Change::DisableSignIn { .. } => update(json!({ "accountEnabled": false })),
            Change::EnableSignIn { .. } => update(json!({ "accountEnabled": true })),
            Change::SetPassword { must_change, .. } => {
                let secret = call.secret.ok_or_else(|| Reason::NotPossible {
                    what: "no password was made for this step".to_owned(),
                })?;
                update(json!({ "passwordProfile": {
                    "password": secret.reveal(),
                    "forceChangePasswordNextSignIn": must_change,
                } }))
            }
            Change::RevokeSessions { .. } => {
                Ask::of(Method::POST, format!("/users/{id}/revokeSignInSessions"), None)
            }
            Change::SetLicences { add, remove, .. } => {
                let add: Vec<Value> = add
                    .iter()
                    .map(|grant| {
                        json!({ "skuId": grant.sku.guid(), "disabledPlans": grant.disabled_plans })
                    })
                    .collect();
                let remove: Vec<Uuid> = remove.iter().map(SkuId::guid).collect();
                let body = json!({ "addLicenses": add, "removeLicenses": remove });
                Ask::of(Method::POST, format!("/users/{id}/assignLicense"), Some(body))
            }
            Change::AddMember { group, sort, .. } if through_exchange(*sort) => {
                return Ok(Door::Exchange(Cmdlet::add_member(group, user).keyed(call.key)));
            }
            Change::RemoveMember { group, sort, .. } if through_exchange(*sort) => {
                return Ok(Door::Exchange(Cmdlet::remove_member(group, user).keyed(call.key)));
            }
            Change::AddMember { group, .. } => {
                let path = format!("/groups/{}/members/$ref", group.guid().hyphenated());
                // The host here names an object, not an address: it is Graph's own
                // even behind a proxy.
                let host = self.settings.endpoints.graph_audience.trim_end_matches('/');
                let reference = format!("{host}/v1.0/directoryObjects/{id}");
                Ask::of(Method::POST, path, Some(json!({ "@odata.id": reference })))
            }
            Change::RemoveMember { group, .. } => {
                // Never without `/$ref`: that would delete the member itself.
                let path = format!("/groups/{}/members/{id}/$ref", group.guid().hyphenated());
                Ask::of(Method::DELETE, path, None)
            }
            Change::SetAutomaticReplies { replies, .. } => {
                let body = shapes::replies_body(replies);
                Ask::of(Method::PATCH, format!("/users/{id}/mailboxSettings"), Some(body))
            }
        };
        Ok(Door::Graph(ask.keyed(call.key)))
    }

    async fn judge(&self, tenant: &TenantId, change: &Change, outcome: Outcome) -> Made {
        let answer = match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Unsent(trouble) => return unsent(&trouble),
            Outcome::Full(wait) => return Made::Busy { wait },
            Outcome::Lost(cause) => return Made::Unsure { cause },
        };
        if answer.is_ok() {
            return Made::Accepted;
        }
        if let Some(wait) = answer.told_to_wait() {
            return Made::Busy { wait };
        }
        if answer.status == 401 {
            return Made::Refused(token_refused("Microsoft Graph"));
        }
        let meaning = refusals::meaning(change, &answer);
        if !matches!(meaning, Meaning::AlreadySo) {
            tracing::info!(%tenant, kind = change.kind().as_str(), cause = %answer.cause(), "not made");
        }
        match meaning {
            Meaning::AlreadySo => Made::AlreadySo,
            Meaning::Refused(reason) => Made::Refused(reason),
            Meaning::NoSeats(sku) => Made::Refused(self.no_seats(tenant, change, sku).await),
            Meaning::Forbidden => Made::Refused(self.why_forbidden(tenant, change, &answer).await),
            Meaning::Held(wait) => Made::Busy { wait },
            Meaning::Unknown => unsure(&answer),
        }
    }

    /// Names the licence and its seats, if they can be read now.
    async fn no_seats(&self, tenant: &TenantId, change: &Change, sku: Option<Uuid>) -> Reason {
        let only = match change {
            Change::SetLicences { add, .. } if add.len() == 1 => Some(add[0].sku.guid()),
            _ => None,
        };
        let wanted = sku.or(only);
        let held = self.skus(tenant).await.unwrap_or_default();
        match held.into_iter().find(|held| Some(held.id.guid()) == wanted) {
            Some(held) => {
                Reason::NoSeats { licence: held.name, used: held.used, seats: held.seats }
            }
            None => Reason::NotPossible { what: "no seat is free of a licence".to_owned() },
        }
    }
}

/// Nothing was sent.
pub(crate) fn unsent(trouble: &Trouble) -> Made {
    match trouble {
        Trouble::Refused(reason) => Made::Refused(reason.clone()),
        _ => Made::Busy { wait: UNSENT_WAIT },
    }
}

/// A fresh token was refused as well.
pub(crate) fn token_refused(what: &str) -> Reason {
    Reason::MissingPermission {
        missing: format!("a token that {what} accepts"),
        mend: "check the endpoints in the settings, and that the app is enabled in the tenant"
            .to_owned(),
    }
}

fn unsure(answer: &Answer) -> Made {
    Made::Unsure { cause: answer.cause() }
}

fn not_there_yet() -> Reason {
    Reason::NotPossible { what: "the user is not there yet".to_owned() }
}
