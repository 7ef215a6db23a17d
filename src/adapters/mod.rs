//! The ports, made real. Adapters know `ports`, `config` and `domain`, no more.
//!
//! - [`clock`]    the time and chance of this machine
//! - [`certificate`] what an app signs in with: its end, and a new one
//! - [`http`]     one client for every call out: timeouts, redirects off, nothing secret logged
//! - [`teams`]    the Bot Framework: tokens checked, activities read, cards sent
//! - [`slack`]    signatures checked, payloads read, Web API and Socket Mode
//! - [`graph`]    Microsoft Graph: looks in batches, makes one change at a time
//! - [`exchange`] Exchange Online's admin endpoint, for what Graph cannot do
//! - [`entra`]    people sign in: Entra's page, and the id token checked whole
//! - [`model`]    a language model behind the chat completions of `OpenAI`
//! - [`store`]    SQLite: one writer, many clicks to one fsync
//! - [`telemetry`] traces for an OpenTelemetry collector
//! - [`cards`]    a message and a face become a card, from `cards/`
//!
//! Not here: any decision. An adapter translates.

pub mod cards;
pub mod certificate;
pub mod clock;
pub mod entra;
pub mod exchange;
pub mod graph;
pub mod http;
pub mod model;
pub mod slack;
pub mod store;
pub mod teams;
pub mod telemetry;
