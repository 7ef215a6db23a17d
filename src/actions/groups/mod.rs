//! Groups and their members. One file per action id.
//!
//! - [`create_group`]
//! - [`list_groups`] [`get_group`] [`list_group_members`] [`list_group_owners`]
//!   [`list_user_groups`]
//! - [`add_to_group`] [`remove_from_group`] one person
//! - [`add_group_members`] [`remove_group_members`] many people, devices or groups
//! - [`add_group_owner`] [`remove_group_owner`] who owns a group; [`owners`] what they share
//! - [`many`] what those about many share; [`shown`] how a group is shown
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_group_members;
pub mod add_group_owner;
pub mod add_to_group;
pub mod create_group;
pub mod get_group;
pub mod list_group_members;
pub mod list_group_owners;
pub mod list_groups;
pub mod list_user_groups;
mod many;
pub(super) mod owners;
pub mod remove_from_group;
pub mod remove_group_members;
pub mod remove_group_owner;
pub(super) mod shown;
