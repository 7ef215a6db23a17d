//! Licences. One file per action id.
//!
//! - [`list_skus`] [`list_licenses`]
//! - [`assign_license`] [`remove_license`]
//! - [`set_licenses`] both in one call
//! - [`purchase_license`] [`cancel_license`] [`list_subscriptions`] understood, and answered by
//!   [`marketplace`]: they are in [`super::BEYOND`] and not in the catalogue
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod assign_license;
pub mod cancel_license;
pub mod list_licenses;
pub mod list_skus;
pub mod list_subscriptions;
mod marketplace;
pub mod purchase_license;
pub mod remove_license;
pub mod set_licenses;
