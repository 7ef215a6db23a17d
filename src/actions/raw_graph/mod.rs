//! Requests of Microsoft Graph, spelled out. One file per action id.
//!
//! - [`graph_request`]
//!
//! Not here: what may be asked and who signs for it
//! ([`graph_rules`](crate::domain::graph_rules)), and how it is sent.

pub mod graph_request;
