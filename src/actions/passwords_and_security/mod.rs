//! Passwords and security: passwords, sessions, sign-in methods. One file per action id.
//!
//! - [`reset_password`] [`change_password`] [`force_password_change`]
//! - [`unlock_user`] [`revoke_sessions`]
//! - [`reset_mfa`] [`issue_temporary_access_pass`] [`list_authentication_methods`]
//! - [`whose`] whose password can be set here at all
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod change_password;
pub mod force_password_change;
pub mod issue_temporary_access_pass;
pub mod list_authentication_methods;
pub mod reset_mfa;
pub mod reset_password;
pub mod revoke_sessions;
pub mod unlock_user;
mod whose;
