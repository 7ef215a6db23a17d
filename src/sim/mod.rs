//! A simulated world with a memory, which refuses what the real services refuse.
//!
//! - [`microsoft`] a tenant: token endpoint, Graph v1.0, Exchange's admin endpoint, ledger, faults
//! - [`model`]     a language model's service with recorded answers
//! - [`slack`]     a workspace: the Web API, signed events and interactions, Socket Mode
//! - [`teams`]     the Bot Connector: signed activities, conversations, cards
//!
//! Not here: anything of the product. The simulator talks to it over HTTP only,
//! with the services' own shapes.

pub mod microsoft;
pub mod model;
pub mod slack;
pub mod teams;
