//! Passwords, sessions, sign-in methods. One file per action id.
//!
//! - [`reset_password`]
//! - [`revoke_sessions`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod reset_password;
pub mod revoke_sessions;
