//! Opens a one-time link: the value is deleted and shown in one step.

use serde_json::json;

use crate::{
    desk::Desk,
    domain::{
        ids::{RequestId, StepId},
        secret::Secret,
        trouble::chain,
    },
    engine::link,
    ports::store::{Opened, StoreError, Turn},
};

impl Desk {
    /// The secret behind a link's token, once. `None`: there is no such link, it was
    /// opened before, or it expired; which one is not told.
    pub async fn reveal(&self, said: &str) -> Result<Option<Secret>, StoreError> {
        let Some(token) = link::token(said) else { return Ok(None) };
        let opened = self.store.open_link(&link::hash(&token), self.now()).await?;
        let Opened::Once { request, step, sealed } = opened else { return Ok(None) };
        let value = link::open(&token, request, step, sealed);
        let kind = if value.is_some() { "secret.opened" } else { "secret.unreadable" };
        if let Err(error) = self.record_opening(&request, step, kind).await {
            // The link is used up: held back now, the value would be lost to everybody.
            tracing::error!(request.id = %request, error = %chain(&error), "A link was opened and the record does not say so");
        }
        Ok(value)
    }

    async fn record_opening(
        &self,
        request: &RequestId,
        step: StepId,
        kind: &str,
    ) -> Result<(), StoreError> {
        let Some(asked) = self.store.request(request).await? else { return Ok(()) };
        let mut turn = Turn { at: self.now(), ..Turn::default() };
        turn.facts.push(self.fact(&asked, kind, json!({ "step": step.0 })));
        self.store.save(turn).await.map(|_| ())
    }
}
