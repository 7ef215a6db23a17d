//! How mail flows. One file per action id.
//!
//! - [`list_recipients`]
//! - [`list_transport_rules`] also the settings that decide where mail may go, and retention
//! - [`set_transport_rule`]   also whether mail may forward itself outside
//!
//! Not here: what a single mailbox does with its mail; that is next door in
//! [`mailboxes`](super::mailboxes).

pub mod list_recipients;
pub mod list_transport_rules;
pub mod set_transport_rule;
