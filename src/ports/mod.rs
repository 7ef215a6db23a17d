//! What we ask of the world, said in our words.
//!
//! - [`directory`] looks at users, groups, licences, mailboxes; it cannot change anything
//! - [`world`]     all that an action may look at, in one
//! - [`hands`]     changes one thing, and reads it back; the only door through which a tenant is touched
//! - [`chat`]      posts a card, replaces one, tells who somebody is
//! - [`faces`]     draws a message for a platform
//! - [`store`]     remembers, one whole turn at a time
//! - [`clock`]     the time, fresh ids and chance
//!
//! Not here: anything that knows HTTP, SQL or the name of a vendor. Each port has
//! its real adapters and a fake with a memory.

pub mod chat;
pub mod clock;
pub mod directory;
pub mod faces;
pub mod hands;
pub mod store;
pub mod world;
