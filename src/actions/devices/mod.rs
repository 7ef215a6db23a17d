//! Devices. One file per action id.
//!
//! - [`list_user_devices`] [`list_managed_devices`]
//! - [`delete_device`] [`wipe_device`] [`retire_device`]
//! - [`add_device_owner`] what Microsoft lets no application do, and what helps instead
//! - [`which`] finding the device that is meant
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_device_owner;
pub mod delete_device;
pub mod list_managed_devices;
pub mod list_user_devices;
pub mod retire_device;
pub(super) mod which;
pub mod wipe_device;
