//! Independent changes, each sent once, in batches.

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::{
        exchange::Cmdlet,
        graph::{
            Microsoft,
            answer::{Answer, Ask, Outcome},
            changes::{Door, Session, With, calls, same_tenant},
            client::BATCH_MAX,
            paced::is_paced,
            refusals::{self, Meaning},
        },
    },
    domain::{
        change::{Change, LicenceChange},
        ids::TenantId,
        trouble::{Reason, Trouble},
    },
    ports::{
        directory::Directory,
        hands::{Call, Made},
    },
};

/// How long to wait before sign-in or Graph is tried again when nothing was sent.
const UNSENT_WAIT: Duration = Duration::from_secs(10);

/// Asks with their places, by tenant and by the place of the one that they follow or that leads.
type Batches<'a> = BTreeMap<(&'a TenantId, Option<usize>), Vec<(usize, Ask)>>;

impl Microsoft {
    pub(crate) async fn make_all(&self, wanted: &[Call<'_>]) -> Vec<Made> {
        let mut made: Vec<Option<Made>> = wanted.iter().map(|_| None).collect();
        let mut graph: Batches<'_> = BTreeMap::new();
        let mut exchange: BTreeMap<&TenantId, Vec<(usize, Cmdlet)>> = BTreeMap::new();
        let mut sessions: Vec<(usize, &TenantId, Session)> = Vec::new();
        for (at, call) in wanted.iter().enumerate() {
            match self.door(call) {
                Ok((tenant, Door::Graph(ask))) => {
                    // Who is followed leads a batch of its own, and who follows stands in it.
                    let led = wanted.iter().any(|other| other.after == Some(at)).then_some(at);
                    let ask = if call.after.is_some() { ask.following() } else { ask };
                    graph.entry((tenant, call.after.or(led))).or_default().push((at, ask));
                }
                Ok(_) if call.after.is_some() => made[at] = Some(not_taken()),
                Ok((tenant, Door::Exchange(cmdlet))) => {
                    exchange.entry(tenant).or_default().push((at, cmdlet));
                }
                Ok((tenant, Door::Session(session))) => sessions.push((at, tenant, *session)),
                Err(reason) => made[at] = Some(Made::Refused(reason)),
            }
        }
        for ((_, leader), asks) in &mut graph {
            // What does not fit in its leader's batch comes next time.
            if leader.is_some() && asks.len() > BATCH_MAX {
                made.iter_mut().enumerate().for_each(|(at, end)| {
                    if asks[BATCH_MAX..].iter().any(|(late, _)| *late == at) {
                        *end = Some(not_taken());
                    }
                });
                asks.truncate(BATCH_MAX);
            }
        }
        let through_graph = graph.into_iter().map(|((tenant, _), asks)| async move {
            let (at, asks): (Vec<usize>, Vec<Ask>) = asks.into_iter().unzip();
            let outcomes = self.graph.writes(tenant, &asks).await;
            let judged = at.into_iter().zip(outcomes).map(|(at, outcome)| async move {
                (at, self.judge(tenant, wanted[at].change, outcome).await)
            });
            join_all(judged).await
        });
        let through_exchange = exchange.into_iter().map(|(tenant, cmdlets)| async move {
            let (at, cmdlets): (Vec<usize>, Vec<Cmdlet>) = cmdlets.into_iter().unzip();
            let ended = self.exchange.make(tenant, &cmdlets).await;
            let put = |(at, end): (usize, Result<Value, Made>)| {
                (at, end.map_or_else(|made| made, |said| accepted(wanted[at].change, &said)))
            };
            at.into_iter().zip(ended).map(put).collect::<Vec<_>>()
        });
        let in_sessions = async {
            let mut ended = Vec::new();
            for (at, tenant, session) in sessions {
                let outcome = self.in_session(tenant, session).await;
                ended.push((at, self.judge(tenant, wanted[at].change, outcome).await));
            }
            ended
        };
        let (one, other, third) =
            futures::join!(join_all(through_graph), join_all(through_exchange), in_sessions);
        for (at, end) in one.into_iter().chain(other).flatten().chain(third) {
            made[at] = Some(end);
        }
        let unanswered = || Made::Unsure { cause: anyhow::anyhow!("no answer for this call") };
        made.into_iter().map(|end| end.unwrap_or_else(unanswered)).collect()
    }

    /// Both are one call to Graph of the same tenant, so the one may depend on the other in a
    /// batch (learn.microsoft.com/graph/json-batching, "Sequencing requests with dependsOn").
    pub(crate) fn in_one_batch(&self, first: &Change, then: &Change) -> bool {
        let plain = |change: &Change| {
            let call = Call { change, key: "", secret: None, after: None };
            match self.door(&call) {
                Ok((_, Door::Graph(ask))) => !is_paced(&ask),
                _ => false,
            }
        };
        first.tenant() == then.tenant() && plain(first) && plain(then)
    }

    fn door<'a>(&self, call: &Call<'a>) -> Result<(&'a TenantId, Door), Reason> {
        let tenant = same_tenant(call.change)?;
        let with = With { secret: call.secret, graph: &self.settings.endpoints.graph_audience };
        Ok((
            tenant,
            match calls(call.change).call(&with)? {
                Door::Graph(ask) => Door::Graph(ask.keyed(call.key)),
                Door::Exchange(cmdlet) => Door::Exchange(cmdlet.keyed(call.key)),
                Door::Session(session) => {
                    let Session { open, ask, close } = *session;
                    Door::Session(Box::new(Session { open, ask: ask.keyed(call.key), close }))
                }
            },
        ))
    }

    /// Opens a session, asks in it, and closes it. While it cannot be opened, nothing has
    /// happened to the workbook.
    async fn in_session(&self, tenant: &TenantId, session: Session) -> Outcome {
        let Session { open, ask, close } = session;
        let opened = self.graph.writes(tenant, &[open]).await.pop();
        let id = match opened {
            Some(Outcome::Answered(answer)) if answer.is_ok() => {
                answer.body["id"].as_str().map(str::to_owned)
            }
            Some(Outcome::Lost(_)) | None => return Outcome::Full(UNSENT_WAIT),
            Some(outcome) => return outcome,
        };
        let with = |ask: Ask| match &id {
            Some(id) => ask.with("workbook-session-id", id),
            None => ask,
        };
        let outcome = self.graph.writes(tenant, &[with(ask)]).await.pop();
        // It ends by itself after some minutes when this is lost.
        let _closed = self.graph.writes(tenant, &[with(close)]).await;
        outcome.unwrap_or_else(|| Outcome::Lost(anyhow::anyhow!("no answer for this call")))
    }

    async fn judge(&self, tenant: &TenantId, change: &Change, outcome: Outcome) -> Made {
        let answer = match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Unsent(trouble) => return unsent(&trouble),
            Outcome::Full(wait) => return Made::Busy { wait },
            Outcome::Lost(cause) => return Made::Unsure { cause },
        };
        if answer.is_ok() {
            return accepted(change, &answer.body);
        }
        if answer.status == 424 {
            // What it was to follow was not taken.
            return not_taken();
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
            Meaning::Gone => Made::Gone,
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
            Change::Licence(LicenceChange::SetLicences { add, .. }) if add.len() == 1 => {
                Some(add[0].sku.guid())
            }
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

/// It was not made, and may be tried as soon as what it follows has ended.
fn not_taken() -> Made {
    Made::Busy { wait: Duration::ZERO }
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

fn accepted(change: &Change, answer: &Value) -> Made {
    Made::Accepted(calls(change).output(answer))
}
