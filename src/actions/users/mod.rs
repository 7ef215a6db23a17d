//! Users: their accounts. One file per action id.
//!
//! - [`get_user`] [`list_users`]
//! - [`create_user`] [`update_user`] [`set_manager`]
//! - [`disable_user`] [`enable_user`]
//! - [`delete_user`] [`restore_user`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod create_user;
pub mod delete_user;
pub mod disable_user;
pub mod enable_user;
pub mod get_user;
pub mod list_users;
pub mod restore_user;
pub mod set_manager;
pub mod update_user;
