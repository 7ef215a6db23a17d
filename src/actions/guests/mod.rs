//! Guests and who answers for them. One file per action id.
//!
//! - [`invite_guest`]
//! - [`add_sponsor`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_sponsor;
pub mod invite_guest;
