//! One request being carried out, under a lease.
//!
//! - [`start`]    approved → running, if the stored votes prove that it may
//! - [`ahead`]    what would stop a scheduled request is found before its time
//! - [`round`]    one round of looks and calls, and what is saved of it
//! - [`wave`]     which steps go together in it
//! - [`compare`]  what was shown is compared with what is
//! - [`keep`]     what somebody had is kept before any of it is taken away
//! - [`deliver`]  a secret that was set goes to its recipient
//! - [`conclude`] running → how it ended
//! - [`batch`]    a batch: its rows are signed with it, counted, stopped with it
//! - [`scene`]    what is known of the request in one round
//!
//! Not here: what follows from what was seen, and when to come back (`walk`, `pace`).

mod ahead;
mod batch;
mod compare;
mod conclude;
mod deliver;
mod keep;
mod round;
mod scene;
mod start;
mod wave;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        fact::Fact,
        ids::{RequestId, TenantId},
        request::Request,
    },
    engine::{Door, Engine, Next, pace},
    ports::store::{Lease, StoreError, Turn},
};

/// A request is taken through at most this many rounds of looks and calls in one go.
const ROUNDS_MAX: usize = 1_200;
/// The row of a running request is changed meanwhile at most so often before the
/// worker gives up; the request is then claimed again when the lease ends.
const CONFLICTS_MAX: usize = 8;

pub(super) struct Run<'a> {
    engine: &'a Engine,
    door: &'a Door,
    tenant: &'a TenantId,
    id: RequestId,
    lease: &'a Lease,
    /// In microseconds.
    leased_until: AtomicI64,
    /// When parts were compared in this go, and nothing of what concerns them had moved.
    compared: Mutex<BTreeMap<u16, Timestamp>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        (engine, door): (&'a Engine, &'a Door),
        request: &'a Request,
        lease: &'a Lease,
    ) -> Self {
        let (id, tenant) = (request.id, &request.tenant);
        let until = engine.clock.now() + engine.lease;
        let leased_until = AtomicI64::new(until.as_microsecond());
        Self { engine, door, tenant, id, lease, leased_until, compared: Mutex::default() }
    }

    pub(super) async fn go(self) -> Result<Next, StoreError> {
        if let Some(next) = self.start().await? {
            return Ok(next);
        }
        for round in 0..ROUNDS_MAX {
            self.keep_lease().await?;
            let Some(mut scene) = self.scene().await? else { return self.give_back(None).await };
            if round == 0 && !self.take_again(&scene).await? {
                return self.give_back(Some(self.now() + pace::APART)).await;
            }
            let paused = self.engine.store.paused().await?;
            if !paused && scene.gives_way() {
                self.contain(&mut scene, paused).await?;
                return self.give_back(Some(self.now())).await;
            }
            if !paused {
                self.compare(&mut scene).await?;
            }
            if !self.round(&mut scene, paused).await? {
                return self.conclude(scene, paused).await;
            }
        }
        self.give_back(Some(self.engine.clock.now())).await
    }

    fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    fn turn(&self) -> Turn {
        let of = Some(self.tenant.clone());
        Turn { at: self.now(), of, lease: Some(self.lease.clone()), ..Turn::default() }
    }

    fn fact(&self, request: &Request, kind: &str, payload: serde_json::Value) -> Fact {
        Fact::about(request, kind, self.engine.clock.uuid(), self.now(), payload)
    }

    async fn keep_lease(&self) -> Result<(), StoreError> {
        let until = self.now() + self.engine.lease;
        if self.lease_left() < self.engine.lease / 2 {
            self.engine.store.renew(self.lease, until).await?;
            self.leased_until.store(until.as_microsecond(), Relaxed);
        }
        Ok(())
    }

    fn lease_left(&self) -> SignedDuration {
        let now = self.now().as_microsecond();
        SignedDuration::from_micros(self.leased_until.load(Relaxed) - now)
    }

    /// Gives the lease back, to be claimed again not before `due`.
    async fn give_back(&self, due: Option<Timestamp>) -> Result<Next, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let mut turn = self.turn();
            turn.release = true;
            if due.is_some_and(|due| due > self.now() + pace::HELD) {
                turn.unlock.push(self.id);
            }
            if let Some(due) = due
                && let Some(mut request) = self.engine.store.request(&self.id).await?
            {
                let version = request.version;
                request.due_at = Some(due);
                turn.requests.push((request, Some(version)));
            }
            match self.engine.store.save(turn).await {
                Err(StoreError::Conflict) => {}
                other => return other.map(|_| due.map_or(Next::Ended, Next::At)),
            }
        }
        Err(StoreError::Conflict)
    }
}
