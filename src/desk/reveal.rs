//! Opens a one-time link: the value is deleted, and the record says so, in one turn.
//! Only then is it shown.

use serde_json::json;

use crate::{
    desk::Desk,
    domain::secret::Secret,
    engine::link,
    ports::store::{StoreError, Turn},
};

impl Desk {
    /// The secret behind a link's token, once. `None`: there is no such link, it was
    /// opened before, or it expired; which one is not told.
    pub async fn reveal(&self, said: &str) -> Result<Option<Secret>, StoreError> {
        let Some(token) = link::token(said) else { return Ok(None) };
        let (hash, now) = (link::hash(&token), self.now());
        let Some(waiting) = self.store.link(&hash, now).await? else { return Ok(None) };
        let Some(asked) = self.store.request(&waiting.request).await? else { return Ok(None) };
        let value = link::open(&token, waiting.request, waiting.step, waiting.sealed);
        let kind = if value.is_some() { "secret.opened" } else { "secret.unreadable" };
        let mut turn = Turn { at: now, open_link: Some(hash), ..Turn::default() };
        turn.facts.push(self.fact(&asked, kind, json!({ "step": waiting.step.0 })));
        match self.store.save(turn).await {
            Ok(_) => Ok(value),
            // Somebody else opened it in the same instant.
            Err(StoreError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
