//! Opens a one-time link: the value is deleted and shown in one step.

use serde_json::json;

use crate::{
    desk::Desk,
    domain::secret::Secret,
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
        if let Some(asked) = self.store.request(&request).await? {
            let mut turn = Turn { at: self.now(), ..Turn::default() };
            let kind = if value.is_some() { "secret.opened" } else { "secret.unreadable" };
            turn.facts.push(self.fact(&asked, kind, json!({ "step": step.0 })));
            self.store.save(turn).await?;
        }
        Ok(value)
    }
}
