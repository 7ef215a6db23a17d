//! Slack: signatures checked, payloads read, Web API and Socket Mode.
//!
//! - [`signature`] did Slack send these bytes, just now?
//! - [`door`]      the way in: [`door::SlackDoor`] makes [`door::FromSlack`], nothing else does
//! - [`installed`] where the app is installed, and whose people are ours
//! - [`payload`]   events and commands; [`press`] buttons and questions; [`forms`] forms of actions
//! - [`interaction`] the JSON of both; [`words`] mark-up
//! - [`chat`]      posts, updates, whispers, opens and replaces forms; [`people`] who somebody is;
//!   [`company`] who is in a channel
//! - `files`       files that came with a message
//! - [`web`]       one token's way to the Web API; [`pace`] how fast it may go
//! - [`socket`]    Socket Mode; [`link`] one connection of it
//!
//! Not here: what a request means, and who may do what. Somebody of another
//! workspace is named with that workspace, and refused by the desk.

pub mod chat;
mod company;
pub mod door;
mod files;
mod forms;
pub mod installed;
mod interaction;
mod link;
mod pace;
pub mod payload;
mod people;
pub mod press;
pub mod signature;
pub mod socket;
pub mod web;
mod words;
