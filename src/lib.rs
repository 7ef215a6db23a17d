//! Countersign: chat requests become Microsoft 365 admin actions, and nothing
//! runs until a person signs.
//!
//! The house, from the ground up. Arrows point down only; a test checks it.
//!
//! | floor | rooms |
//! | --- | --- |
//! | 5 | [`web`] the doors: routes; [`cli`] the operator's commands |
//! | 4 | [`desk`] the path of a request: hear → plan → decide → save → say |
//! | 3 | [`interpret`] words → proposals; [`engine`] approved plans → effects |
//! | 2 | [`actions`] [`policy`] [`audit`] [`adapters`] [`sim`] |
//! | 1 | [`ports`] what we ask of the world; [`config`] what the operator decides |
//! | 0 | [`domain`] the words: ids, users, plans, changes, requests, messages |
//!
//! [`app`] is the only place where real adapters meet the desk.

#![warn(clippy::unwrap_used)]

pub mod actions;
pub mod adapters;
pub mod app;
pub mod audit;
pub mod cli;
pub mod config;
pub mod desk;
pub mod domain;
pub mod engine;
pub mod interpret;
pub mod policy;
pub mod ports;
pub mod sim;
pub mod web;
