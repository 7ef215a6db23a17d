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

impl Microsoft {
    pub(crate) async fn make_all(&self, wanted: &[Call<'_>]) -> Vec<Made> {
        let mut made: Vec<Option<Made>> = wanted.iter().map(|_| None).collect();
        let mut graph: BTreeMap<&TenantId, Vec<(usize, Ask)>> = BTreeMap::new();
        let mut exchange: BTreeMap<&TenantId, Vec<(usize, Cmdlet)>> = BTreeMap::new();
        let mut sessions: Vec<(usize, &TenantId, Session)> = Vec::new();
        for (at, call) in wanted.iter().enumerate() {
            match self.door(call) {
                Ok((tenant, Door::Graph(ask))) => {
                    graph.entry(tenant).or_default().push((at, ask));
                }
                Ok((tenant, Door::Exchange(cmdlet))) => {
                    exchange.entry(tenant).or_default().push((at, cmdlet));
                }
                Ok((tenant, Door::Session(session))) => sessions.push((at, tenant, *session)),
                Err(reason) => made[at] = Some(Made::Refused(reason)),
            }
        }
        let through_graph = graph.into_iter().map(|(tenant, asks)| async move {
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
