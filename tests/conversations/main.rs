//! Conversations: what people say and press, what the cards say, what the tenant felt.

#[path = "../support/stage.rs"]
mod stage;

mod approving;
mod attacks;
mod counting;
mod golden;
mod leaks;
mod links;
mod overload;
