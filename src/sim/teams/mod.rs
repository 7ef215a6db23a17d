//! A simulated Bot Framework with a memory: login, signing keys, connector, and
//! people who write and press.
//!
//! - [`service`]   [`BotService`]: what it knows, and how to look at it
//! - [`keys`]      RSA keys made once per process; tokens signed with them
//! - [`login`]     the token endpoint, the metadata and the published keys
//! - [`connector`] `/teams/v3/…`: what the bot can do, and what is refused
//! - [`people`]    what a person does: say, press, install; sent to the bot, signed
//! - [`forms`]     dialogs, the message extension, and pickers that search
//! - [`faults`]    throttling, errors, cuts
//! - [`files`]     files that people attach in a personal conversation
//!
//! Not here: rate limits by count (a fault plays them), reactions.

pub mod connector;
pub mod faults;
pub mod files;
pub mod forms;
pub mod keys;
pub mod login;
pub mod people;
pub mod service;

pub use faults::{At, Fault};
pub use people::BotAnswer;
pub use service::{Author, BotService, BotSettings, SimCall, SimChange, SimMessage, SimPerson};
