//! Accounts. One file per action id.
//!
//! - [`disable_user`]
//! - [`enable_user`]
//! - [`get_user`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod disable_user;
pub mod enable_user;
pub mod get_user;
