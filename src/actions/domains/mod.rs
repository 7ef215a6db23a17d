//! Domains of the tenant. One file per action id.
//!
//! - [`list_domains`]
//! - [`delete_domain`]: blocked until the operator names it, and it forces nothing
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod delete_domain;
pub mod list_domains;
