//! Mailboxes. One file per action id.
//!
//! - [`set_out_of_office`]
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod set_out_of_office;
