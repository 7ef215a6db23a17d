//! A turn becomes statements, sealed, in the order in which they must hold.
//!
//! 1. what others can get in the way of: the delivery, the lease, the link that is
//!    opened, [`sign_in`]s, the [`request`]s, what [`standing`] approvals are used, people [`counted`], [`plan`] revisions, votes, locks
//! 2. what follows from them: steps (in [`plan`]), [`secret`]s, [`snapshot`]s, [`fact`]s
//! 3. what will be [`told`]
//!
//! Not here: the transaction, and anything that waits: a script is made by its caller,
//! so that whoever writes only writes.

mod counted;
mod fact;
mod plan;
mod request;
mod secret;
mod sign_in;
pub(super) mod snapshot;
mod standing;
mod told;

use uuid::Uuid;

use super::{
    at::at,
    database::values,
    script::{Or, Script},
    subjects::Keys,
};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        decision::{Choice, Vote},
        ids::{RequestId, TenantId},
    },
    ports::store::{Showing, StoreError, Turn},
};

/// What a row needs beside its own fields, and where its statements go.
pub(super) struct Sheet<'a> {
    /// The keys.
    pub(super) sealing: &'a Sealing,
    /// The keys of the turn's subjects.
    pub(super) subjects: &'a Keys,
    /// The time of the turn, as stored.
    pub(super) at: i64,
    /// The directory the turn is about; 16 zero bytes when none is named.
    pub(super) tenant: Uuid,
    /// The statements so far.
    pub(super) script: Script,
}

/// The statements of a turn.
pub(super) fn script(
    turn: &Turn,
    sealing: &Sealing,
    subjects: &Keys,
) -> Result<Script, StoreError> {
    let mut sheet = Sheet {
        sealing,
        subjects,
        at: at(turn.at),
        tenant: turn.tenant().map_or(Uuid::nil(), TenantId::guid),
        script: Script::default(),
    };
    sheet.deliveries(turn);
    sheet.lease(turn);
    sheet.opening(turn);
    sheet.sign_ins(turn);
    for (request, expected) in &turn.requests {
        sheet.request(request, *expected)?;
        sheet.standing(request);
    }
    for used in &turn.uses {
        sheet.used(used);
    }
    for counted in &turn.counted {
        sheet.counted(counted);
    }
    for frozen in &turn.revisions {
        sheet.revision(frozen);
    }
    for vote in &turn.votes {
        sheet.vote(vote);
    }
    for showing in &turn.shown {
        sheet.shown(showing);
    }
    for request in &turn.unlock {
        sheet.unlock(request);
    }
    for (request, resource) in &turn.lock {
        sheet.lock(request, resource);
    }
    for (request, run) in &turn.steps {
        sheet.step(request, run);
    }
    sheet.secrets(turn);
    for part in &turn.snapshots {
        sheet.snapshot(part)?;
    }
    for fact in &turn.facts {
        sheet.fact(fact)?;
    }
    sheet.telling(turn);
    Ok(sheet.script)
}

impl Turn {
    /// Whose directory it is about.
    pub fn tenant(&self) -> Option<&TenantId> {
        let request = self.requests.first().map(|(request, _)| &request.tenant);
        let fact = || self.facts.first().map(|fact| &fact.header.tenant);
        let heard = || self.heard.first().map(|heard| &heard.tenant);
        request.or_else(fact).or_else(heard).or(self.of.as_ref())
    }
}

impl Sheet<'_> {
    fn deliveries(&mut self, turn: &Turn) {
        if let Some(inbound) = &turn.received {
            let sealed = self.sealing.seal_json("inbox", &inbound.key, inbound);
            self.script.add(
                "INSERT INTO inbox (delivery_key, tenant_id, at, sealed_delivery) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO NOTHING",
                values![inbound.key.clone(), self.tenant, self.at, sealed],
                Or::Repeated(inbound.key.clone()),
            );
        }
        if let Some((key, answer)) = &turn.inbox {
            let sealed = self.sealing.seal_json("inbox", key, answer);
            self.script.add(
                "INSERT INTO inbox (delivery_key, tenant_id, at, sealed_answer) VALUES (?, ?, ?, ?)
                 ON CONFLICT (delivery_key) DO UPDATE SET sealed_answer = excluded.sealed_answer,
                     sealed_delivery = NULL, at = excluded.at, tenant_id = excluded.tenant_id
                 WHERE inbox.sealed_answer IS NULL",
                values![key.clone(), self.tenant, self.at, sealed],
                Or::Repeated(key.clone()),
            );
        }
    }

    fn lease(&mut self, turn: &Turn) {
        let Some(lease) = &turn.lease else { return };
        let sql = if turn.release {
            "UPDATE request SET lease_until = NULL, lease_owner = NULL
             WHERE request_id = ? AND lease_token = ? AND lease_until IS NOT NULL"
        } else {
            "UPDATE request SET lease_until = lease_until
             WHERE request_id = ? AND lease_token = ? AND lease_until IS NOT NULL"
        };
        let token = lease.token.cast_signed();
        self.script.add(sql, values![lease.request.0, token], Or::Conflict);
    }

    fn vote(&mut self, vote: &Vote) {
        let row = format!("{}/{}/{}", vote.request, vote.revision, vote.voter.id);
        let choice = match vote.choice {
            Choice::Approve => "approve",
            Choice::Reject => "reject",
        };
        self.script.add(
            "INSERT INTO vote (request_id, tenant_id, revision, voter_tenant, voter_id, digest, choice,
                 door, at, mac, sealed)
             VALUES (?1, (SELECT tenant_id FROM request WHERE request_id = ?1), ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
            values![
                vote.request.0,
                vote.revision,
                vote.voter.id.tenant().guid(),
                vote.voter.id.guid(),
                vote.digest.0.to_vec(),
                choice.to_owned(),
                vote.door.as_str().to_owned(),
                at(vote.at),
                vote.mac.clone(),
                self.sealing.seal_json("vote", &row, vote),
            ],
            Or::Conflict,
        );
    }

    fn shown(&mut self, showing: &Showing) {
        self.script.add(
            "INSERT INTO shown (request_id, tenant_id, digest, who, at)
             VALUES (?1, (SELECT tenant_id FROM request WHERE request_id = ?1), ?, ?, ?)
             ON CONFLICT DO NOTHING",
            values![
                showing.request.0,
                showing.plan.0.to_vec(),
                showing.account().0.to_vec(),
                self.at,
            ],
            Or::Fine,
        );
    }

    fn unlock(&mut self, request: &RequestId) {
        self.script.add(
            "DELETE FROM resource_lock WHERE request_id = ?",
            values![request.0],
            Or::Fine,
        );
    }

    fn lock(&mut self, request: &RequestId, resource: &str) {
        self.script.add(
            "INSERT INTO resource_lock (resource, request_id, tenant_id, taken_at)
             VALUES (?1, ?2, (SELECT tenant_id FROM request WHERE request_id = ?2), ?3)
             ON CONFLICT (resource) DO UPDATE SET taken_at = resource_lock.taken_at
             WHERE resource_lock.request_id = excluded.request_id",
            values![resource.to_owned(), request.0, self.at],
            Or::Locked(resource.to_owned()),
        );
    }
}
