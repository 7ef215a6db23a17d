//! Expires what nobody decided, takes up deliveries that were left, deletes what is past
//! its time.

use serde_json::json;

use crate::{
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
