//! Whom the store knows: everybody whom a request, a vote or a linked chat account names.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    broken_by,
    database::{Database, values},
    forget::Acquaintance,
    read_sign_in,
    rows::RequestRow,
};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        decision::Vote,
        ids::{TenantId, UserId},
        request::Request,
        users::PersonRef,
    },
    ports::store::StoreError,
};

/// Requests or votes read at once.
const PAGE: u32 = 10_000;

/// Everybody who was met so far.
#[derive(Default)]
struct Met(BTreeMap<UserId, Acquaintance>);

impl Met {
    fn meet(&mut self, who: PersonRef) {
        let called = [who.name.to_lowercase(), who.upn.to_string().to_lowercase()];
        let met = self
            .0
            .entry(who.id.clone())
            .or_insert_with(|| Acquaintance { who: who.clone(), called: BTreeSet::new() });
        met.called.extend(called.into_iter().filter(|name| !name.is_empty()));
        met.who = who;
    }

    async fn in_requests(
        &mut self,
        db: &mut impl Database,
        sealing: &Sealing,
    ) -> Result<(), StoreError> {
        let mut last = 0_i64;
        loop {
            let sql = "SELECT rowid, request_id, number, version, sealed FROM request
                 WHERE rowid > ? ORDER BY rowid LIMIT ?";
            let rows = db.rows(sql, &values![last, PAGE]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for mut row in rows {
                last = row.take()?;
                let request: Request = RequestRow::of(&mut row)?.open(sealing)?;
                self.meet(request.requester);
                request.subjects.into_iter().chain(request.stopped_by).for_each(|p| self.meet(p));
            }
        }
    }

    async fn in_votes(
        &mut self,
        db: &mut impl Database,
        sealing: &Sealing,
    ) -> Result<(), StoreError> {
        let mut last = values![i64::MIN, Uuid::nil(), 0_u32, Uuid::nil(), PAGE];
        loop {
            let sql = "SELECT at, request_id, revision, voter_id, voter_tenant, sealed FROM vote
                 WHERE (at, request_id, revision, voter_id) > (?, ?, ?, ?)
                 ORDER BY at, request_id, revision, voter_id LIMIT ?";
            let rows = db.rows(sql, &last).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for mut row in rows {
                let (at, request): (i64, Uuid) = (row.take()?, row.take()?);
                let (revision, object): (u32, Uuid) = (row.take()?, row.take()?);
                let who: UserId = TenantId::from(row.take::<Uuid>()?).object(object);
                let sealed: Vec<u8> = row.take()?;
                let row = format!("{request}/{revision}/{who}");
                let vote: Vote = sealing.open_json("vote", &row, &sealed).map_err(broken_by)?;
                self.meet(vote.voter);
                last = values![at, request, revision, object, PAGE];
            }
        }
    }
}

/// Everybody the store knows under an object id or a sign-in name, from requests and votes.
pub(super) async fn acquaintances(
    db: &mut impl Database,
    sealing: &Sealing,
    said: &str,
) -> Result<Vec<Acquaintance>, StoreError> {
    let mut met = Met::default();
    met.in_requests(db, sealing).await?;
    met.in_votes(db, sealing).await?;
    read_sign_in::everybody(db, sealing).await?.into_iter().for_each(|who| met.meet(who));
    let said = said.trim().to_lowercase();
    let is = |one: &Acquaintance| {
        one.who.id.guid().to_string() == said
            || one.who.id.to_string() == said
            || one.called.contains(&said)
    };
    Ok(met.0.into_values().filter(is).collect())
}
