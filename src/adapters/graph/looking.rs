//! What each change would find, or has left: one batch of reads.
//!
//! Changes say what they read ([`Calls::reads`](super::changes::Calls::reads)); equal
//! reads are made once.

use std::collections::{BTreeMap, HashMap};

use futures::future::join_all;

use crate::{
    adapters::{
        exchange::Cmdlet,
        graph::{
            Microsoft,
            answer::{Answer, Ask},
            changes::{Found, Read, calls, read::Place, same_tenant},
            client::{Listing, again, unreachable},
            permissions::Reading,
            refusals,
        },
    },
    domain::{
        change::{Change, Sight},
        ids::TenantId,
        trouble::Result,
    },
};

/// The reads of one tenant, each under its key.
type Wanted = BTreeMap<String, Place>;

impl Microsoft {
    pub(crate) async fn look_at(&self, changes: &[&Change]) -> Vec<Result<Sight>> {
        let wanted: Vec<Result<Vec<Read>>> = changes.iter().map(|change| wanted(change)).collect();
        let mut by_tenant: BTreeMap<TenantId, Wanted> = BTreeMap::new();
        for read in wanted.iter().flatten().flatten() {
            let reads = by_tenant.entry(read.tenant.clone()).or_default();
            reads.entry(read.key()).or_insert_with(|| read.place.clone());
        }
        let tenants = by_tenant
            .into_iter()
            .map(|(tenant, reads)| async move { self.read_all(&tenant, reads).await });
        let found: HashMap<String, Result<Found>> =
            join_all(tenants).await.into_iter().flatten().collect();
        let see = |(change, reads): (&&Change, Result<Vec<Read>>)| {
            let mut seen = Vec::new();
            for read in reads? {
                seen.push(match found.get(&read.key()) {
                    Some(Ok(found)) => found,
                    Some(Err(trouble)) => return Err(again(trouble)),
                    None => return Err(unreachable(anyhow::anyhow!("a read without an answer"))),
                });
            }
            calls(change).sight(&seen).map_err(unreachable)
        };
        changes.iter().zip(wanted).map(see).collect()
    }

    async fn read_all(&self, tenant: &TenantId, reads: Wanted) -> Vec<(String, Result<Found>)> {
        let mut asked: Vec<(String, Ask, Option<usize>, Reading)> = Vec::new();
        let mut run: Vec<(String, Cmdlet)> = Vec::new();
        for (key, place) in reads {
            match place {
                Place::Graph { path, all, reading } => {
                    asked.push((key, Ask::get(path), all, reading));
                }
                Place::Exchange(cmdlet) => run.push((key, cmdlet)),
            }
        }
        let asks = asked.iter().map(|(_, ask, ..)| ask.clone()).collect();
        let (keys, cmdlets): (Vec<String>, Vec<Cmdlet>) = run.into_iter().unzip();
        let (answers, outputs) =
            futures::join!(self.graph.reads(tenant, asks), self.exchange.values(tenant, &cmdlets));
        let graph =
            asked.into_iter().zip(answers).map(|((key, _, all, reading), answer)| async move {
                let found = match answer {
                    Ok(answer) => self.found(tenant, all, reading, answer).await,
                    Err(trouble) => Err(trouble),
                };
                (key, found)
            });
        let mut found = join_all(graph).await;
        found.extend(keys.into_iter().zip(outputs).map(|(key, values)| {
            (key, values.map(|values| values.map_or(Found::Nothing, Found::Many)))
        }));
        found
    }

    async fn found(
        &self,
        tenant: &TenantId,
        all: Option<usize>,
        reading: Reading,
        answer: Answer,
    ) -> Result<Found> {
        if let Some(reason) = refusals::unreadable(&answer) {
            return Err(reason.into());
        }
        match answer.status {
            404 => return Ok(Found::Nothing),
            403 => return Err(self.why_unreadable(tenant, reading).await.into()),
            _ if !answer.is_ok() => return Err(unreachable(answer.cause())),
            _ => {}
        }
        let Some(limit) = all else { return Ok(Found::One(answer.body)) };
        match self.graph.rest(tenant, answer, limit).await? {
            Listing::Items(items) => Ok(Found::Many(items)),
            Listing::Refused(answer) => Err(unreachable(answer.cause())),
        }
    }
}

fn wanted(change: &Change) -> Result<Vec<Read>> {
    same_tenant(change)?;
    Ok(calls(change).reads()?)
}
