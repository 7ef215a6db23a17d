//! Opens a one-time link: the value is deleted, the record says so, and the message
//! with the link will say so, in one turn. Only then is it shown.

use serde_json::json;

use crate::{
    desk::Desk,
    domain::{
        message::{Gone, Message, SecretGoneView},
        secret::Secret,
    },
    engine::link,
    ports::store::{Instead, Say, StoreError, Turn},
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
        turn.instead.extend(waiting.ending.and_then(|ending| self.opened(ending)));
        match self.store.save(turn).await {
            Ok(_) => Ok(value),
            // Somebody else opened it in the same instant.
            Err(StoreError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the message with the link would have said in the end, as it is now.
    fn opened(&self, ending: Instead) -> Option<Instead> {
        let Instead { say: Say { to, what: Message::SecretGone(view), .. }, of, .. } = ending
        else {
            return None;
        };
        let at = self.now();
        let what = Message::SecretGone(SecretGoneView { gone: Gone::Opened { at }, ..view });
        Some(Instead { say: Say { id: self.clock.uuid(), to, what }, of, from: at })
    }
}
