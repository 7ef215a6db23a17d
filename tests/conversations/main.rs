//! Conversations: what people say and press, what the cards say, what the tenant felt.

#[path = "../support/stage.rs"]
mod stage;

mod approving;
mod counting;
