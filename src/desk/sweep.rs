//! Expires what nobody decided, takes up deliveries that were left, numbers and
//! signs the record, deletes what is past its time.

use serde_json::json;

use crate::{
    audit::{self, SigningKey, Tree},
    desk::{Desk, aside::unasked},
    domain::{request::Request, trouble::Result},
    engine::ended,
    ports::store::{StoreError, Turn},
};

/// So much is done in one go.
const AT_ONCE: u32 = 100;

impl Desk {
    /// Expires requests whose time is over; says how many.
    pub async fn expire(&self) -> Result<usize, StoreError> {
        let overdue = self.store.overdue(self.now(), AT_ONCE).await?;
        let count = overdue.len();
        for request in overdue {
            match self.expire_one(request).await {
                // Somebody decided in the same instant.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    async fn expire_one(&self, request: Request) -> Result<(), StoreError> {
        let (id, version, now) = (request.id, request.version, self.now());
        let Ok(request) = unasked(request).expire(now) else { return Ok(()) };
        let mut turn = Turn { at: now, ..Turn::default() };
        turn.facts.push(self.fact(&request, "request.expired", json!({})));
        turn.say.extend(ended::told(&request, self.clock.uuid()));
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        self.store.save(turn).await.map(|_| ())
    }

    /// Handles deliveries that were acknowledged and not handled, after a crash.
    pub async fn catch_up(&self) -> Result<usize, StoreError> {
        let left = self.store.unhandled(AT_ONCE).await?;
        let count = left.len();
        for inbound in left {
            match self.handle_received(inbound).await {
                Ok(_) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// Deletes what is past its time.
    pub async fn tidy(&self) -> Result<u64, StoreError> {
        self.store.sweep(self.now()).await
    }
}

/// Numbers new facts and signs a head over them.
#[derive(Debug)]
pub struct Sequencer {
    tree: Tree,
    key: SigningKey,
}

impl Sequencer {
    /// Reads the record that is there, so that the next head continues it.
    pub async fn open(desk: &Desk, key: SigningKey) -> Result<Self, StoreError> {
        let mut sequencer = Self { tree: Tree::default(), key };
        sequencer.take_in(desk).await?;
        Ok(sequencer)
    }

    /// Numbers what is new, and signs a head if there was anything; says how many facts.
    pub async fn turn(&mut self, desk: &Desk) -> Result<u32, StoreError> {
        let numbered = desk.store.number_facts(AT_ONCE).await?;
        self.take_in(desk).await?;
        let signed = desk.store.head().await?.map_or(0, |head| head.size);
        if self.tree.size() > signed {
            desk.store.sign(&self.key.sign(&self.tree, desk.now())).await?;
        }
        Ok(numbered)
    }

    async fn take_in(&mut self, desk: &Desk) -> Result<(), StoreError> {
        loop {
            let facts = desk.store.record(self.tree.size(), 1_000).await?;
            if facts.is_empty() {
                return Ok(());
            }
            for fact in facts {
                self.tree.push(audit::leaf(&fact.header, &fact.payload_hash));
            }
        }
    }
}
