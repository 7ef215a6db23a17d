//! Directory roles. One file per action id.
//!
//! - [`list_user_roles`]
//! - [`assign_role`]
//! - [`remove_role`]
//! - [`which`] finding the role that is meant
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod assign_role;
pub mod list_user_roles;
pub mod remove_role;
mod which;
