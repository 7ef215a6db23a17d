//! Groups and their members. One file per action id.
//!
//! - [`add_to_group`]
//! - [`remove_from_group`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_to_group;
pub mod remove_from_group;
