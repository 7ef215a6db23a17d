//! Conversations: what people say and press, what the cards say, what the tenant felt.
//!
//! - [`actions`]    each action, from plain words to the verified result, and its refusals
//! - [`asking`]     who may ask, from where, several things at once, at a time
//! - [`questions`]  what is asked back, and who may answer
//! - [`approving`]  who may sign, and what a signature does
//! - [`signing`]    rules: several signatures, the own confirmation, who is refused
//! - [`running`]    stop, retry, doubt, pause, two at once, a service in trouble
//! - [`undoing`]    the way back
//! - [`teams`]      asked and signed in Teams

#[path = "../support/stage.rs"]
mod stage;

mod actions;
mod approving;
mod asking;
mod attacks;
mod counting;
mod golden;
mod leaks;
mod links;
mod overload;
mod questions;
mod running;
mod signing;
mod teams;
mod undoing;
