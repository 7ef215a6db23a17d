//! Licences. One file per action id.
//!
//! - [`list_skus`] [`list_licenses`]
//! - [`assign_license`] [`remove_license`]
//! - [`set_licenses`] both in one call
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod assign_license;
pub mod list_licenses;
pub mod list_skus;
pub mod remove_license;
pub mod set_licenses;
