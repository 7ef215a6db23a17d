//! The Teams door and the bot's voice in Teams, against the simulated Bot Framework.
//!
//! - [`rig`]       one of everything: clock, service, door, chat
//! - [`forged`]    every class of bad token is refused
//! - [`keys`]      good tokens, rotation of keys, outages of the service
//! - [`heard`]     recorded activities become words, clicks and news
//! - [`tokenless`] the Playground's door stays shut to everybody else
//! - [`spoken`]    what the bot sends, and what it does when sending fails

mod forged;
mod heard;
mod keys;
mod rig;
mod spoken;
mod tokenless;
