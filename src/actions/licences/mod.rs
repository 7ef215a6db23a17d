//! Licences. One file per action id.
//!
//! - [`assign_license`]
//! - [`remove_license`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod assign_license;
pub mod remove_license;
